//! What the simulator contains, in a few lines, without the keys themselves.

use serde_json::Value;
use simulator::{Key, Secret, Simulator};

/// The rotations, secrets and live keys, one line for each.
pub(super) fn view(simulator: &Simulator) -> String {
    let rotations = simulator.rotations().iter().map(rotation).collect();
    let secrets = simulator.secrets().iter().map(secret).collect();
    let keys = simulator.live_keys().iter().map(key).collect();
    [
        list("rotations in Infisical", rotations),
        list("secrets in Infisical", secrets),
        list("live keys at OpenRouter", keys),
    ]
    .join("\n")
}

fn list(what: &str, lines: Vec<String>) -> String {
    let lines = if lines.is_empty() { vec!["none".to_owned()] } else { lines };
    format!("{what:24} {}", lines.join(&format!("\n{:24} ", "")))
}

fn rotation(rotation: &Value) -> String {
    let text = |path: &str| rotation.pointer(path).and_then(Value::as_str).unwrap_or("?").to_owned();
    let number = |path: &str| rotation.pointer(path).map_or("?".to_owned(), Value::to_string);
    let (name, environment, path) = (text("/name"), text("/environment/slug"), text("/folder/path"));
    let (interval, limit) = (number("/rotationInterval"), number("/parameters/limit"));
    format!("{name}, for {environment}:{path}, every {interval} days, limit ${limit}")
}

fn secret(secret: &Secret) -> String {
    format!("{}, in {}:{}", secret.name, secret.environment, secret.path)
}

fn key(key: &Key) -> String {
    let limit = key.limit.map_or("no limit".to_owned(), |limit| format!("limit ${limit}"));
    let reset = key.limit_reset.as_deref().unwrap_or("no reset");
    format!("{}, {limit}, {reset}", key.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_list_says_none() {
        assert_eq!(list("secrets", Vec::new()), "secrets                  none");
    }

    #[test]
    fn a_rotation_is_one_line() {
        let api = json!({
            "name": "app", "rotationInterval": 30, "environment": {"slug": "dev"}, "folder": {"path": "/"},
            "parameters": {"limit": 12.5},
        });
        assert_eq!(rotation(&api), "app, for dev:/, every 30 days, limit $12.5");
    }
}
