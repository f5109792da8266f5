//! Every quirk of the API and every fault, seen from outside.

mod background;
mod columns;
mod connections;
mod faults;
mod logins;
mod rotations;
mod server;
mod stages;
mod wire;

use serde_json::{Value, json};

use crate::{
    CONNECTION_ID, Options, PROJECT_ID, TOKEN, api::Incoming, check_answer, seeded, stages::Stage, state::State,
};

const R: &str = "/api/v2/secret-rotations/open-router-api-key";
const C: &str = "/api/v1/app-connections/open-router";

/// The API without the network, with a good token.
struct Api {
    state: State,
}

/// An answer's status and body.
#[derive(Debug)]
struct Reply {
    status: u16,
    body: Value,
}

impl Api {
    fn new() -> Self {
        Self { state: seeded(Options::default()) }
    }

    /// Asks, and holds the answer against the schema wherever there is one.
    fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        self.send(Incoming {
            method: method.into(),
            path: path.into(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            content_type: body.map(|_| "application/json".into()),
            authorization: Some(format!("Bearer {TOKEN}")),
            body: body.map(Value::to_string).unwrap_or_default().into(),
        })
    }

    fn send(&mut self, incoming: Incoming) -> Reply {
        let answer = match self.state.begin(&incoming) {
            Stage::Done(answer) => answer,
            Stage::AtOpenRouter(work) => self.state.finish(work, None),
        };
        let body: Value = serde_json::from_str(&answer.text).unwrap();
        let about_rotations = incoming.path.starts_with(R) && body.get("generatedCredentials").is_none();
        if about_rotations {
            assert_eq!(check_answer(&body), Vec::<String>::new(), "{} {}", incoming.method, incoming.path);
        }
        Reply { status: answer.status, body }
    }

    fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, None)
    }

    fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.ask("POST", path, Some(body))
    }

    fn patch(&mut self, id: &str, body: &Value) -> Reply {
        self.ask("PATCH", &format!("{R}/{id}"), Some(body))
    }

    /// Creates the sample rotation with these changes, and returns its id.
    fn created(&mut self, changes: Value) -> String {
        let reply = self.post(R, &sample(changes)).ok();
        reply["secretRotation"]["id"].as_str().unwrap().to_owned()
    }

    fn live_keys(&self) -> usize {
        self.state.openrouter.live().count()
    }

    fn secret_names(&self) -> Vec<&str> {
        self.state.world.secrets.iter().map(|secret| secret.name.as_str()).collect()
    }
}

impl Reply {
    fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The rotation in the answer.
    fn rotation(self) -> Value {
        self.ok()["secretRotation"].take()
    }

    /// Fails unless the status is this and the message has these words.
    fn refused(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let message = self.body["message"].to_string();
        assert!(message.contains(words), "{words:?} isn't in {message}");
    }
}

/// The page's sample request, with these top-level keys changed; null removes one.
fn sample(changes: Value) -> Value {
    let mut body = json!({
        "name": "my-openrouter-rotation",
        "projectId": PROJECT_ID,
        "description": "OpenRouter API key rotation",
        "connectionId": CONNECTION_ID,
        "environment": "dev",
        "secretPath": "/",
        "isAutoRotationEnabled": true,
        "rotationInterval": 30,
        "rotateAtUtc": { "hours": 0, "minutes": 0 },
        "parameters": {
            "name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false
        },
        "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" }
    });
    for (key, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => body.as_object_mut().unwrap().remove(key),
            value => body.as_object_mut().unwrap().insert(key.clone(), value.clone()),
        };
    }
    body
}
