//! What becomes of results that are spelled differently, change the identity, or do not fit their type.

use super::Harness;
use crate::text::Ipv6;
use crate::value::Value;
use crate::{Applied, Computed, Context, Diagnostics, Existing, Model, Offers, Prior, Provider, Resource, Setup};

/// A host.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource)]
struct Host {
    #[tf(required, identity)]
    address: Ipv6,
    note: Option<String>,
    #[tf(computed)]
    found: Computed<Value>,
}

/// The API writes addresses in its own way, and says what `found` is.
struct Hosts {
    address: &'static str,
    found: fn() -> Value,
}

impl Hosts {
    fn answer(&self, host: Host) -> Host {
        Host { address: Ipv6::new(self.address).unwrap(), found: (self.found)().into(), ..host }
    }
}

impl Resource for Hosts {
    type Client = ();
    type Model = Host;

    async fn create(&self, _: &Context<'_, ()>, plan: Host) -> Applied<Host> {
        Ok(self.answer(plan))
    }

    async fn read(&self, _: &Context<'_, ()>, prior: Prior<Host>) -> Result<Option<Host>, Diagnostics> {
        prior.into_whole().map(|state| Some(self.answer(state)))
    }

    async fn update(&self, _: &Context<'_, ()>, _: Existing<Host>, plan: Host) -> Applied<Host> {
        Ok(self.answer(plan))
    }

    async fn delete(&self, _: &Context<'_, ()>, _: Existing<Host>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Nothing.
#[derive(Model)]
#[tf(provider)]
struct Block {}

struct Network(&'static str, fn() -> Value);

impl Provider for Network {
    type Client = ();
    type Config = Block;

    async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        Ok(Some(()))
    }

    fn offers(&self) -> Offers<()> {
        Offers::new().resource("net_host", Hosts { address: self.0, found: self.1 })
    }
}

fn network(address: &'static str, found: fn() -> Value) -> Harness<Network> {
    Harness::with_client(Network(address, found), ())
}

fn config(address: &str, note: &str) -> HostConfig {
    HostConfig { address: Ipv6::new(address).unwrap().into(), note: note.into(), ..HostConfig::default() }
}

#[tokio::test]
async fn an_identity_in_another_spelling_is_the_same_identity() {
    let tf = network("2001:db8::1", || true.into());
    let hosts = tf.resource::<Host>("net_host").unwrap();
    let stored = hosts.create(config("2001:DB8::1", "a")).await.unwrap();
    let read = hosts.read(&stored).await.unwrap().unwrap();
    assert_eq!(read.value().get("address").as_str(), Some("2001:DB8::1"));
    let plan = hosts.plan(Some(&stored), config("2001:DB8::1", "b")).await.unwrap();
    let updated = hosts.apply(plan).await.unwrap();
    assert_eq!(updated.value().get("note").as_str(), Some("b"));
}

#[tokio::test]
async fn an_update_that_would_change_the_identity_is_refused_by_the_plan() {
    let tf = network("2001:db8::1", || true.into());
    let hosts = tf.resource::<Host>("net_host").unwrap();
    let stored = hosts.create(config("2001:db8::1", "a")).await.unwrap();
    let refused = hosts.plan(Some(&stored), config("2001:db8::2", "a")).await.unwrap_err();
    let first = refused.iter().next().unwrap();
    assert_eq!(first.summary(), "Unexpected Identity Change");
    assert!(first.detail().contains("address is a part of the resource's identity"), "{}", first.detail());
}

/// Otherwise Terraform would forget an object that exists.
#[tokio::test]
async fn an_object_is_stored_also_if_one_of_its_values_cannot_be_encoded() {
    let tf = network("2001:db8::1", || Value::Dynamic(Box::new((crate::Type::Bool, "text".into()))));
    let hosts = tf.resource::<Host>("net_host").unwrap();
    let refused = hosts.create(config("2001:db8::1", "a")).await.unwrap_err();
    let first = refused.diagnostics.iter().next().unwrap();
    assert!(first.detail().contains("The result does not fit the schema"), "{}", first.detail());
    assert_eq!(first.path().unwrap().to_string(), "found");
    let stored = refused.state.expect("the object exists");
    assert_eq!(stored.value().get("address").as_str(), Some("2001:db8::1"));
    assert!(stored.value().get("found").is_null());
}

#[tokio::test]
async fn a_map_of_mixed_values_is_stored_as_an_object() {
    fn mixed() -> Value {
        Value::map([("a".to_owned(), "x".into()), ("b".to_owned(), 1.into()), ("c".to_owned(), Value::Null)])
    }
    let tf = network("2001:db8::1", mixed);
    let hosts = tf.resource::<Host>("net_host").unwrap();
    let stored = hosts.create(config("2001:db8::1", "a")).await.unwrap();
    let Value::Dynamic(found) = stored.value().get("found") else { panic!("of any type") };
    assert_eq!(found.0.to_json().to_string(), r#"["object",{"a":"string","b":"number","c":"dynamic"}]"#);
}
