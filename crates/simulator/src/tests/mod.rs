//! Tests of the API and of all faults through requests.

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
    CONNECTION_ID, Options, PROJECT_ID, TOKEN, api::Incoming, check_response, openrouter_calls::Stage, seeded,
    state::State,
};

const R: &str = "/api/v2/secret-rotations/open-router-api-key";
const C: &str = "/api/v1/app-connections/open-router";

/// The API without the network, called with a valid token.
struct Api {
    state: State,
}

/// The status and body of a response.
#[derive(Debug)]
struct Reply {
    status: u16,
    body: Value,
}

impl Api {
    fn new() -> Self {
        Self { state: seeded(Options::default()) }
    }

    /// Sends a request, and validates the response if there is a schema for it.
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
            assert_eq!(check_response(&body), Vec::<String>::new(), "{} {}", incoming.method, incoming.path);
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
        self.state.projects.secrets.iter().map(|secret| secret.name.as_str()).collect()
    }
}

impl Reply {
    fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }

    /// The rotation in the response.
    fn rotation(self) -> Value {
        self.ok()["secretRotation"].take()
    }

    /// Asserts that the response has this status and that its message contains these words.
    fn refused(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let message = self.body["message"].to_string();
        assert!(message.contains(words), "{words:?} is not in {message}");
    }
}

/// The documented sample request with these changes to its top-level keys; null removes a key.
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
