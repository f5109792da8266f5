//! A stop while the provider is being configured.

use tonic::Request;

use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::{configure_provider, stop_provider};
use crate::serve::Process;
use crate::server::Server;
use crate::{Diagnostics, Offers, Provider, Setup, model};

model! {
    struct Block {}
}

/// Logs in until it is told to stop.
struct Patient;

impl Provider for Patient {
    type Client = ();
    type Config = Block;

    async fn configure(&self, setup: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> {
        setup.stop.cancelled().await;
        Err(crate::Diagnostic::error("Stopped", "").into())
    }

    fn offers(&self) -> Offers<()> {
        Offers::new()
    }
}

#[tokio::test]
async fn a_stop_reaches_a_configure_that_is_under_way_on_the_same_connection() {
    let server = Server::new(Patient, Process::default()).for_connection();
    let configured = server.configure_provider(Request::new(configure_provider::Request::default()));
    let stopped = async {
        tokio::task::yield_now().await;
        server.stop_provider(Request::new(stop_provider::Request {})).await
    };
    let (configured, stopped) = tokio::join!(configured, stopped);
    assert!(stopped.is_ok());
    assert_eq!(configured.unwrap().into_inner().diagnostics[0].summary, "Stopped");
}
