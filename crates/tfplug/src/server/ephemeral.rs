//! Opening, renewing and closing ephemeral resources.

use std::time::SystemTime;

use prost_types::Timestamp;

use super::timeouts::{Limit, remember, within};
use super::{Call, ClientState, Server, convert, deferral, find, validate};
use crate::context::Deferral;
use crate::diagnostic::Diagnostics;
use crate::ephemeral::{AnyEphemeralResource, Opened};
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::schema::{Prior, keep_spelling, plan, without_unknowns};
use crate::value::Value;

const KIND: &str = "ephemeral resource";

pub(super) async fn open<P: Provider>(
    server: &Server<P>,
    request: open_ephemeral_resource::Request,
) -> Result<open_ephemeral_resource::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, KIND, &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), ephemeral.value_type())?;
    let call = server.call();
    let deferrable = deferral::is_allowed(request.client_capabilities.as_ref());
    if let Some(reason) = not_yet(&call, &config) {
        return unopened(ephemeral, &config, deferrable.then_some(deferral::message(reason)));
    }
    validate::known(ephemeral, &config, |config| ephemeral.validate(config))?;
    call.deferrals.allow(deferrable);
    let cx = call.begin("The ephemeral resource")?;
    let limit = Limit::of(ephemeral.schema(), &config, "open");
    let opened = within(limit, &call.stop, ephemeral.open(&cx, config.clone())).await;
    let Opened { result, renew_at } = call.with_warnings(opened)?;
    if let deferred @ Some(_) = call.deferred_by_handler() {
        let answer = unopened(ephemeral, &config, deferred)?;
        return Ok(open_ephemeral_resource::Response { diagnostics: call.diagnostics(Diagnostics::new()), ..answer });
    }
    remember(ephemeral.schema(), &config, &call.private, ["renew", "close"]);
    // A core rejects a result whose configured values are spelled differently, and then never closes the resource.
    let result = keep_spelling(ephemeral.schema().all(), &config, result);
    Ok(open_ephemeral_resource::Response {
        result: convert::encode(&without_unknowns(result, &Value::Null), ephemeral.value_type())?,
        renew_at: renew_at.map(timestamp),
        private: Some(call.private.to_wire()),
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}

/// Why the resource cannot be opened in this plan; `None` if it can.
fn not_yet<C>(call: &Call<C>, config: &Value) -> Option<Deferral> {
    match call.configuration.client {
        ClientState::Unknown => Some(Deferral::ProviderConfigUnknown),
        _ if !config.unknowns().is_empty() => Some(Deferral::ResourceConfigUnknown),
        _ => None,
    }
}

/// A result that is unknown wherever the provider decides, so that the plan goes on without it. A core holds the result to the
/// rules of a plan, and opens the resource again in the apply.
fn unopened<C>(
    ephemeral: &dyn AnyEphemeralResource<C>,
    config: &Value,
    deferred: Option<Deferred>,
) -> Result<open_ephemeral_resource::Response, Diagnostics> {
    let result = plan(ephemeral.schema().all(), Prior(&Value::Null), config).state;
    Ok(open_ephemeral_resource::Response {
        result: convert::encode(&result, ephemeral.value_type())?,
        deferred,
        ..Default::default()
    })
}

pub(super) async fn renew<P: Provider>(
    server: &Server<P>,
    request: renew_ephemeral_resource::Request,
) -> Result<renew_ephemeral_resource::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, KIND, &request.type_name)?;
    let call = server.call_with(&request.private.unwrap_or_default())?;
    let cx = call.context("Renewal")?;
    let limit = Limit::remembered(ephemeral.schema(), &call.private, "renew");
    let renew_at = call.with_warnings(within(limit, &call.stop, ephemeral.renew(&cx)).await)?;
    Ok(renew_ephemeral_resource::Response {
        renew_at: renew_at.map(timestamp),
        private: Some(call.private.to_wire()),
        diagnostics: call.diagnostics(Diagnostics::new()),
    })
}

pub(super) async fn close<P: Provider>(
    server: &Server<P>,
    request: close_ephemeral_resource::Request,
) -> Result<close_ephemeral_resource::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, KIND, &request.type_name)?;
    let call = server.call_with(&request.private.unwrap_or_default())?;
    if call.is_configured_later() {
        // Nothing was opened: the configuration was unknown then, too.
        return Ok(close_ephemeral_resource::Response::default());
    }
    let cx = call.context("Closing")?;
    let limit = Limit::remembered(ephemeral.schema(), &call.private, "close");
    call.with_warnings(within(limit, &call.stop, ephemeral.close(&cx)).await)?;
    Ok(close_ephemeral_resource::Response { diagnostics: call.diagnostics(Diagnostics::new()) })
}

fn timestamp(at: SystemTime) -> Timestamp {
    Timestamp::from(at)
}
