//! Sets: with defaults in their elements, and with elements that an API spells in its own way.

use tfplug::{Applied, Context, Diagnostics, Existing, Model, Prior, Resource, text};

use super::echo::Echoed;
use crate::provider::Client;

/// A set of objects as an attribute.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Attributes {
    #[tf(required, set)]
    set: Vec<WithDefaults>,
}

impl Echoed for Attributes {}

/// A set of objects as blocks.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Blocks {
    #[tf(block, set)]
    set: Vec<WithDefaults>,
}

impl Echoed for Blocks {}

#[derive(Model)]
#[tf(object)]
pub(crate) struct WithDefaults {
    #[tf(default = "zero")]
    value: String,
    #[tf(default = "this is a default")]
    default_value: String,
}

/// Sets of addresses, which come back in another order and in their shortest form.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Addresses {
    #[tf(required, set)]
    set_of_ipv6: Vec<text::Ipv6>,
    #[tf(required, set)]
    set_nested_attribute: Vec<Address>,
    #[tf(block, set, items(1..))]
    set_nested_block: Vec<Address>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Address {
    #[tf(required)]
    ipv6: text::Ipv6,
}

impl Addresses {
    fn shortened(self) -> Self {
        let objects =
            |all: Vec<Address>| all.into_iter().rev().map(|one| Address { ipv6: shortest(one.ipv6) }).collect();
        Self {
            set_of_ipv6: self.set_of_ipv6.into_iter().rev().map(shortest).collect(),
            set_nested_attribute: objects(self.set_nested_attribute),
            set_nested_block: objects(self.set_nested_block),
        }
    }
}

fn shortest(address: text::Ipv6) -> text::Ipv6 {
    text::Ipv6::new(address.address().to_string()).unwrap_or(address)
}

/// The resource of [`Addresses`].
pub(crate) struct Shortening;

impl Resource for Shortening {
    type Client = Client;
    type Model = Addresses;

    async fn create(&self, _: &Context<'_, Client>, plan: Addresses) -> Applied<Addresses> {
        Ok(plan.shortened())
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<Addresses>) -> Result<Option<Addresses>, Diagnostics> {
        prior.into_whole().map(|state| Some(state.shortened()))
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<Addresses>, plan: Addresses) -> Applied<Addresses> {
        Ok(plan.shortened())
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<Addresses>) -> Result<(), Diagnostics> {
        Ok(())
    }
}
