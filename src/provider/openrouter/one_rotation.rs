//! For tests: a simulator with one rotation, and a harness whose client reaches it.

use infisical::{Auth, Client, NewRotation, Parameters, SecretsMapping, Settings};
use secrecy::ExposeSecret as _;
use simulator::{Options, Simulator};
use tfplug::testing::Harness;
use tfplug::{CancellationToken, Diagnostics};

use crate::provider::Infisical;

/// The id of no rotation.
pub(super) const NOBODYS: &str = "00000000-0000-4000-8000-000000000000";

pub(super) struct World {
    pub(super) simulator: Simulator,
    pub(super) tf: Harness<Infisical>,
    /// The rotation's id.
    pub(super) id: String,
    /// Cancelled, it stops the client.
    pub(super) stop: CancellationToken,
}

impl World {
    pub(super) async fn start() -> Self {
        let (simulator, stop) = (Simulator::start(Options::default()).unwrap(), CancellationToken::new());
        let client = Client::new(Settings {
            host: simulator.url().parse().unwrap(),
            auth: Auth::Token(simulator.token().into()),
            organization_slug: None,
            ca_cert_pem: None,
            user_agent: "test".to_owned(),
            stop: stop.clone(),
        });
        let client = client.unwrap();
        let made = client.rotations().create(&new(&simulator)).await.unwrap();
        simulator.clear_requests();
        Self { simulator, tf: Harness::with_client(Infisical, client), id: made.object.id, stop }
    }

    /// The key in use, as the secret of the mapping has it.
    pub(super) fn key(&self) -> String {
        self.simulator.secrets()[0].value.expose_secret().to_owned()
    }
}

fn new(simulator: &Simulator) -> NewRotation {
    NewRotation {
        name: "app".to_owned(),
        project_id: simulator.project_id().to_owned(),
        description: None,
        connection_id: simulator.connection_id().to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/".to_owned(),
        is_auto_rotation_enabled: None,
        rotation_interval: 30,
        rotate_at_utc: None,
        parameters: Parameters { name: "key".to_owned(), ..Parameters::default() },
        secrets_mapping: SecretsMapping { api_key: "KEY".to_owned() },
    }
}

/// What a user reads.
pub(super) fn text(diagnostics: &Diagnostics) -> String {
    diagnostics.iter().map(|one| format!("{}: {}\n", one.summary(), one.detail())).collect()
}
