//! Reading a data source.

use super::{Server, convert, find};
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::read_data_source;
use crate::provider::Provider;
use crate::schema::{keep_spelling, without_unknowns};
use crate::value::Value;

pub(super) async fn read<P: Provider>(
    server: &Server<P>,
    request: read_data_source::Request,
) -> Result<read_data_source::Response, Diagnostics> {
    let data_source = find(&server.offers.data_sources, "data source", &request.type_name)?;
    let config = convert::decode(request.config.as_ref(), data_source.value_type())?;
    let call = server.call();
    let cx = call.context("The data source")?;
    let found = call.with_warnings(data_source.read(&cx, config.clone()).await)?;
    let found = without_unknowns(keep_spelling(data_source.schema().all(), &config, found), &Value::Null);
    Ok(read_data_source::Response {
        state: convert::encode(&found, data_source.value_type())?,
        diagnostics: call.diagnostics(Diagnostics::new()),
        deferred: None,
    })
}
