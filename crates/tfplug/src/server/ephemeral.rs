//! Opening, renewing and closing ephemeral resources.

use std::time::SystemTime;

use prost_types::Timestamp;

use super::{Server, convert, find};
use crate::diagnostic::Diagnostics;
use crate::ephemeral::Opened;
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::schema::{keep_spelling, without_unknowns};
use crate::value::Value;

const KIND: &str = "ephemeral resource";

pub(super) async fn open<P: Provider>(
    server: &Server<P>,
    request: open_ephemeral_resource::Request,
) -> Result<open_ephemeral_resource::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, KIND, &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), ephemeral.value_type())?;
    let call = server.call();
    let cx = call.begin("The ephemeral resource")?;
    let Opened { result, renew_at } = call.with_warnings(ephemeral.open(&cx, config.clone()).await)?;
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

pub(super) async fn renew<P: Provider>(
    server: &Server<P>,
    request: renew_ephemeral_resource::Request,
) -> Result<renew_ephemeral_resource::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, KIND, &request.type_name)?;
    let call = server.call_with(&request.private.unwrap_or_default())?;
    let renew_at = call.with_warnings(ephemeral.renew(&call.context("Renewal")?).await)?;
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
    call.with_warnings(ephemeral.close(&call.context("Closing")?).await)?;
    Ok(close_ephemeral_resource::Response { diagnostics: call.diagnostics(Diagnostics::new()) })
}

fn timestamp(at: SystemTime) -> Timestamp {
    Timestamp::from(at)
}
