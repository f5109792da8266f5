//! What the `client_*` tests share: a simulator, a client, and a rotation to create.

use infisical::{Auth, Client, NewRotation, Parameters, Place, RotateAtUtc, SecretsMapping, Settings};
use simulator::{Options, Simulator};
use tokio_util::sync::CancellationToken;

pub(crate) use crate::support::requests::count;

/// A simulator, and a client that logs in with universal auth.
pub(crate) fn start() -> (Simulator, Client) {
    let simulator = Simulator::start(Options::default()).unwrap();
    let client = client(&simulator, universal(&simulator));
    (simulator, client)
}

pub(crate) fn universal(simulator: &Simulator) -> Auth {
    Auth::Universal { client_id: simulator.client_id().to_owned(), client_secret: simulator.client_secret().into() }
}

pub(crate) fn client(simulator: &Simulator, auth: Auth) -> Client {
    Client::new(settings(simulator.url(), auth)).unwrap()
}

pub(crate) fn settings(host: &str, auth: Auth) -> Settings {
    Settings {
        host: host.parse().unwrap(),
        auth,
        organization_slug: None,
        ca_cert_pem: None,
        user_agent: "client-tests".to_owned(),
        stop: CancellationToken::new(),
    }
}

/// A rotation in the `dev` environment of the seeded project, with its own secret.
pub(crate) fn rotation(simulator: &Simulator, name: &str) -> NewRotation {
    NewRotation {
        name: name.to_owned(),
        project_id: simulator.project_id().to_owned(),
        description: Some("for a test".to_owned()),
        connection_id: simulator.connection_id().to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/app".to_owned(),
        is_auto_rotation_enabled: true,
        rotation_interval: 30,
        rotate_at_utc: RotateAtUtc { hours: 4, minutes: 30 },
        parameters: Parameters {
            name: format!("key of {name}"),
            limit: Some(Some(serde_json::from_str("12.34").unwrap())),
            limit_reset: Some(None),
            include_byok_in_limit: Some(Some(false)),
        },
        secrets_mapping: SecretsMapping { api_key: format!("KEY_{}", name.to_uppercase().replace('-', "_")) },
    }
}

pub(crate) fn place(simulator: &Simulator) -> Place {
    Place {
        project_id: simulator.project_id().to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/app".to_owned(),
    }
}
