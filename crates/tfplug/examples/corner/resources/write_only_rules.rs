//! When write-only attributes must be set: for a create alone, and together with others.

use tfplug::{Applied, Context, Diagnostic, Diagnostics, Existing, Model, Path, PlanRequest, Prior, Resource};

use super::echo::Echoed;
use crate::provider::Client;

/// A password that is set once.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct SetOnce {
    #[tf(required, requires_replace)]
    trigger_attr: String,
    /// Needed when the object is created, and ignored afterwards.
    #[tf(write_only)]
    writeonce_string: Option<String>,
}

/// The resource of [`SetOnce`].
pub(crate) struct Once;

impl Resource for Once {
    type Client = Client;
    type Model = SetOnce;

    async fn plan(&self, request: &mut PlanRequest<'_, Client, SetOnceConfig>) -> Result<(), Diagnostics> {
        let missing = request.config.as_ref().is_some_and(|config| config.writeonce_string.is_null());
        if request.prior.is_none() && missing {
            let detail = "writeonce_string is needed to create the object. It can be left out afterwards.";
            let error = Diagnostic::error("Attribute Required when Creating", detail);
            return Err(error.at(Path::of("writeonce_string")).into());
        }
        Ok(())
    }

    async fn create(&self, _: &Context<'_, Client>, plan: SetOnce) -> Applied<SetOnce> {
        Ok(plan)
    }

    async fn read(&self, _: &Context<'_, Client>, prior: Prior<SetOnce>) -> Result<Option<SetOnce>, Diagnostics> {
        prior.into_whole().map(Some)
    }

    async fn update(&self, _: &Context<'_, Client>, _: Existing<SetOnce>, plan: SetOnce) -> Applied<SetOnce> {
        Ok(plan)
    }

    async fn delete(&self, _: &Context<'_, Client>, _: Existing<SetOnce>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// A password that is stored, or one that is not and has a version.
#[derive(Model)]
#[tf(
    resource,
    no_identity,
    exactly_one_of("old_password_attr", "writeonly_password"),
    at_most_one_of("old_password_attr", "password_version"),
    together("writeonly_password", "password_version"),
    prefer_write_only("old_password_attr", "writeonly_password")
)]
pub(crate) struct Passwords {
    old_password_attr: Option<String>,
    /// Replaces the object, and with it the password.
    #[tf(requires_replace)]
    password_version: Option<String>,
    #[tf(write_only)]
    writeonly_password: Option<String>,
}

impl Echoed for Passwords {}
