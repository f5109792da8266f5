//! Configuring the provider, and stopping running calls.

use std::sync::Arc;

use super::{ClientState, Configuration, Server, convert, deferral};
use crate::context::Warnings;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::locks::lock;
use crate::model::Model as _;
use crate::proto::tfplugin6::{configure_provider, stop_provider};
use crate::provider::{Provider, Setup};

pub(super) async fn configure<P: Provider>(
    server: &Server<P>,
    request: configure_provider::Request,
) -> Result<configure_provider::Response, Diagnostics> {
    let config = convert::decode(request.config.as_ref(), &server.config_type)?;
    let members = config.members().cloned().unwrap_or_default();
    let config = P::Config::configured(members)
        .map_err(|error| Diagnostic::bug(format!("The provider block's model: {error}.")))?;
    let (warnings, stop) = (Warnings::default(), server.process.stop.child_token());
    // A stop must reach this `configure`, too, which may wait for a login.
    *lock(&server.configuring) = stop.clone();
    let setup = Setup {
        core_version: &request.terraform_version,
        stop: stop.clone(),
        deferral_allowed: deferral::is_allowed(request.client_capabilities.as_ref()),
        warnings: &warnings,
    };
    let client = match config {
        None => None,
        Some(config) => server.provider.configure(setup, config).await.map_err(|errors| {
            let mut all = warnings.take();
            all.extend(errors);
            all
        })?,
    };
    let client = client.map_or(ClientState::Unknown, ClientState::Ready);
    *lock(&server.configuration) = Arc::new(Configuration { client, stop });
    Ok(configure_provider::Response { diagnostics: convert::diagnostics(warnings.take()) })
}

/// Cancels running calls, `configure` among them. The process goes on serving; in debug mode, the next run configures it again.
pub(super) fn stop<P: Provider>(server: &Server<P>) -> stop_provider::Response {
    server.configuration().stop.cancel();
    lock(&server.configuring).cancel();
    stop_provider::Response::default()
}
