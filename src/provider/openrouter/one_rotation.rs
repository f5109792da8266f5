//! For tests: a simulator with one rotation, and a harness whose client reaches it.

use infisical::Client;
use secrecy::ExposeSecret as _;
use simulator::Simulator;
use tfplug::testing::Harness;
use tfplug::{CancellationToken, Diagnostics};

use super::simulated::{Simulated, new_rotation};
use crate::provider::Infisical;

/// The id of no rotation.
pub(super) const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

pub(super) struct World {
    pub(super) simulator: Simulator,
    pub(super) tf: Harness<Infisical>,
    /// The client of the harness.
    pub(super) client: Client,
    /// The rotation's id.
    pub(super) id: String,
    /// Cancelled, it stops the client.
    pub(super) stop: CancellationToken,
}

impl World {
    pub(super) async fn start() -> Self {
        let stop = CancellationToken::new();
        let Simulated { simulator, client, tf } = Simulated::stopped_by(stop.clone());
        let made = client.rotations().create(&new_rotation(&simulator, "dev", "/", "app")).await.unwrap();
        simulator.clear_requests();
        Self { simulator, tf, client, id: made.object.id, stop }
    }

    /// The key in use, as the secret of the mapping has it.
    pub(super) fn key(&self) -> String {
        self.simulator.secrets()[0].value.expose_secret().to_owned()
    }
}

/// What a user reads.
pub(super) fn text(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|one| format!("{}: {}\n", one.summary(), one.detail())).collect()
}
