//! For unit tests: a simulator of the API, a client for it, and the provider with that client.

use infisical::{Auth, Client, NewRotation, Parameters, SecretsMapping, Settings};
use simulator::{Options, Simulator};
use tfplug::CancellationToken;
use tfplug::testing::Harness;

use crate::provider::Infisical;

pub(super) struct Simulated {
    pub(super) simulator: Simulator,
    pub(super) client: Client,
    pub(super) tf: Harness<Infisical>,
}

impl Simulated {
    pub(super) fn start() -> Self {
        Self::stopped_by(CancellationToken::new())
    }

    /// With a client that stops when the token is cancelled.
    pub(super) fn stopped_by(stop: CancellationToken) -> Self {
        let simulator = Simulator::start(Options::default()).unwrap();
        let client = client(&simulator, stop);
        Self { tf: Harness::with_client(Infisical, client.clone()), simulator, client }
    }
}

/// A new client of this simulator, as each process of the provider has.
pub(super) fn client(simulator: &Simulator, stop: CancellationToken) -> Client {
    let settings = Settings {
        host: simulator.url().parse().unwrap(),
        auth: Auth::Token(simulator.token().into()),
        organization_slug: None,
        ca_cert_pem: None,
        user_agent: "test".to_owned(),
        stop,
    };
    Client::new(settings).unwrap()
}

/// A rotation that the simulator accepts, with a secret of its own.
pub(super) fn new_rotation(simulator: &Simulator, environment: &str, secret_path: &str, name: &str) -> NewRotation {
    NewRotation {
        name: name.to_owned(),
        project_id: simulator.project_id().to_owned(),
        description: None,
        connection_id: simulator.connection_id().to_owned(),
        environment: environment.to_owned(),
        secret_path: secret_path.to_owned(),
        is_auto_rotation_enabled: true,
        rotation_interval: 30,
        rotate_at_utc: infisical::RotateAtUtc { hours: 0, minutes: 0 },
        parameters: Parameters { name: "key".to_owned(), ..Parameters::default() },
        secrets_mapping: SecretsMapping { api_key: format!("KEY_{}", name.to_uppercase()) },
    }
}
