//! Reading a data source.

use super::timeouts::{Limit, within};
use super::{ClientState, Server, convert, deferral, find, validate};
use crate::context::Deferral;
use crate::data_source::AnyDataSource;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::{Deferred, read_data_source};
use crate::provider::Provider;
use crate::schema::{Prior, keep_spelling, plan as plan_by_schema, without_unknowns};
use crate::value::Value;

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    request: read_data_source::Request,
) -> Result<read_data_source::Response, Diagnostics> {
    let data_source = find(&server.offers.data_sources, "data source", &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), data_source.value_type())?;
    let call = server.call().in_module(&server.offers, request.provider_meta.as_ref())?;
    let allowed = deferral::is_allowed(request.client_capabilities.as_ref());
    if matches!(call.configuration.client, ClientState::Unknown) {
        let why = deferral::message(Deferral::ProviderConfigUnknown);
        return if allowed { deferred(data_source, &config, why) } else { Err(too_early().into()) };
    }
    validate::known(data_source, &config, |config| data_source.validate(config))?;
    call.deferrals.allow(allowed);
    let cx = call.context("The data source")?;
    let limit = Limit::of(data_source.schema(), &config, "read");
    let found = call.with_warnings(within(limit, &call.stop, data_source.read(&cx, config.clone())).await)?;
    if let Some(why) = call.deferred_by_handler() {
        let answer = deferred(data_source, &config, why)?;
        return Ok(read_data_source::Response { diagnostics: call.diagnostics(Diagnostics::new()), ..answer });
    }
    let found = without_unknowns(keep_spelling(data_source.schema().all(), &config, found), &Value::Null);
    Ok(read_data_source::Response {
        state: convert::encode(&found, data_source.value_type())?,
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}

/// The answer to a read that is deferred: what the configuration says, and all else unknown.
fn deferred<C>(
    data_source: &dyn AnyDataSource<C>,
    config: &Value,
    why: Deferred,
) -> Result<read_data_source::Response, Diagnostics> {
    let open = plan_by_schema(data_source.schema().all(), Prior(&Value::Null), config).state;
    Ok(read_data_source::Response {
        state: convert::encode(&open, data_source.value_type())?,
        deferred: Some(why),
        diagnostics: Vec::new(),
    })
}

/// The error where the core does not allow deferral: it would reject a result with unknown values.
fn too_early() -> Diagnostic {
    let detail = "All arguments of the data source are known, so it is read during the plan. But the provider block depends on \
                  values that are known only after other resources have been applied. Name those resources in the data \
                  source's depends_on: then it is read during the apply, after them. Otherwise apply them first with \
                  -target, or use values that are known during the plan.";
    Diagnostic::error("The provider's configuration is not known yet", detail)
}
