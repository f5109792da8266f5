//! The API's answers: of rotations, connections, lists, logins, keys, and refusals.

use std::hint::black_box;
use std::sync::atomic::Ordering;
use std::time::Duration;

use infisical::{
    Auth, Baseline, Client, ConnectionPatch, Deletion, Error, Known, NewConnection, NewRotation, Parameters, Place,
    RotateAtUtc, RotationPatch, SecretsMapping,
};

use super::script::{self, TOKEN};
use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "answers",
    about: "answers to each call of the client: it ends, with few requests, and no error shows a secret or a control character",
    execute,
    cost: 10,
    memory: Memory { base: 512 * 1024, factor: 512 },
    words: &[
        "\n===\n",
        "\n\n",
        "get\n",
        "create\n",
        "rotate\n",
        "settled\n",
        "list\n",
        "c-update\n",
        "c-users\n",
        "login\n",
        "200 application/json\n",
        "429 application/json\nretry-after: 1\n",
        "500 application/json\n",
        "404 application/json\n",
        "lost\n",
        "unsent\n",
        "\"secretRotation\":",
        "\"secretRotations\":[",
        "\"appConnection\":",
        "\"generatedCredentials\":",
        "\"reqId\":\"r\",",
        "\"statusCode\":",
        "\"error\":\"BadRequest\",",
        "\"message\":",
        "\"path\":[",
        "\"limit\":",
        "null",
        "12.50",
        "\"activeIndex\":",
        "\"updatedAt\":\"2026-01-05T07:08:09.000Z\",",
        "planted-access-token",
        "sk-or-planted",
        "Infisical encountered an issue while generating credentials",
        "\\u001b",
    ],
};

const ID: &str = "3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f";
const PROVISIONING_KEY: &str = "planted-provisioning-key";
const CLIENT_SECRET: &str = "planted-client-secret";

/// A key that an answer about keys has. Only there it is a secret.
const KEY: &str = "sk-or-planted";

/// The most requests of one call. A create that is lost looks for a minute, twice.
const MOST_REQUESTS: usize = 400;

/// The longest that one call may take: two rounds of a create or a login, each waiting for a rate limit, and for a lost
/// answer.
const LONGEST: Duration = Duration::from_secs(20 * 60);

/// No message is longer, in characters.
const LONGEST_MESSAGE: usize = 8_000;

/// The call on the first line, and the script after it.
fn execute(input: &[u8]) {
    let mut lines = input.splitn(2, |byte| *byte == b'\n');
    let call = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let auth = match call.as_ref() {
        "login" => Auth::Universal { client_id: "client".to_owned(), client_secret: CLIENT_SECRET.into() },
        _ => Auth::Token(TOKEN.into()),
    };
    let (client, sent) = script::client(lines.next().unwrap_or_default(), auth);
    let (result, took) = script::run(run(&call, &client));
    let sent = sent.load(Ordering::Relaxed);
    assert!(sent <= MOST_REQUESTS && took <= LONGEST, "{sent} requests in {took:?}");
    if let Err(error) = result {
        check(&error, &call);
    }
}

fn check(error: &Error, call: &str) {
    let (shown, debug) = (error.to_string(), format!("{error:?}"));
    // What the client sends, and what an answer has where only a secret can be.
    let secrets: &[&str] = match call {
        "login" => &[CLIENT_SECRET],
        "keys" | "settled" => &[TOKEN, KEY],
        "c-create" | "c-update" => &[TOKEN, PROVISIONING_KEY],
        _ => &[TOKEN],
    };
    for secret in secrets {
        assert!(!shown.contains(secret) && !debug.contains(secret), "a secret in {shown}");
    }
    assert!(!shown.contains(char::is_control), "a control character in {shown:?}");
    assert!(shown.chars().count() <= LONGEST_MESSAGE, "a message of {} characters", shown.chars().count());
}

async fn run(call: &str, client: &Client) -> Result<(), Error> {
    let (rotations, connections) = (client.rotations(), client.connections());
    let place = Place { project_id: "p".to_owned(), environment: "dev".to_owned(), secret_path: "/a".to_owned() };
    let known = Known { created_at: Some("2026-01-05T07:08:09.000Z"), updated_at: Some("2026-01-05T07:08:09.000Z") };
    match call {
        "get-in" => drop(rotations.get_in("p", ID, known).await?),
        "find" => drop((rotations.find(ID).await?, rotations.find("other").await?)),
        "find-by-name" => {
            drop((rotations.find_by_name(&place, "n").await?, rotations.find_by_name(&place, "m").await?))
        }
        "by-name" => drop(rotations.by_name(&place, "n").await?),
        "list" => drop(rotations.list("p").await?),
        "list-each" => drop(rotations.list_each("p").await?),
        "create" => drop(rotations.create(&new_rotation()).await?),
        "update" => drop(rotations.update(ID, &patch()).await?),
        "delete" => {
            let deletion = Deletion { delete_secrets: true, revoke_generated_credentials: true };
            rotations.delete(ID, &deletion, known).await?;
        }
        "rotate" => drop(rotations.rotate(ID, &Baseline::default()).await?),
        "resume" => drop(rotations.resume_rotate(ID, &Baseline::default()).await?),
        "keys" => drop(rotations.generated_credentials(ID).await?),
        "settled" => drop(rotations.current_credentials(ID).await?),
        "c-get" => drop(connections.get(ID, known).await?),
        "c-by-name" => drop((connections.by_name(None, "n").await?, connections.find_by_name(None, "n").await?)),
        "c-list" => drop(connections.list(Some("p")).await?),
        "c-create" => drop(connections.create(&new_connection()).await?),
        "c-update" => {
            let patch = ConnectionPatch { api_key: Some(PROVISIONING_KEY.into()), ..ConnectionPatch::default() };
            drop(connections.update(ID, &patch).await?);
        }
        "c-delete" => connections.delete(ID, known).await?,
        "c-users" => drop(connections.users(ID, None).await),
        _ => {
            let rotation = rotations.get(ID).await?;
            assert_eq!(rotation.id.to_lowercase(), ID, "the answer is about another rotation");
            black_box((rotation.is_due_at_once(), rotation.is_complete()));
        }
    }
    Ok(())
}

fn new_rotation() -> NewRotation {
    NewRotation {
        name: "n".to_owned(),
        project_id: "p".to_owned(),
        description: None,
        connection_id: ID.to_owned(),
        environment: "dev".to_owned(),
        secret_path: "/a".to_owned(),
        is_auto_rotation_enabled: true,
        rotation_interval: 30,
        rotate_at_utc: RotateAtUtc { hours: 0, minutes: 0 },
        parameters: Parameters { name: "k".to_owned(), ..Parameters::default() },
        secrets_mapping: SecretsMapping { api_key: "KEY".to_owned() },
    }
}

fn patch() -> RotationPatch {
    RotationPatch { description: Some(None), rotation_interval: Some(7), ..RotationPatch::default() }
}

fn new_connection() -> NewConnection {
    let (name, api_key) = ("n".to_owned(), PROVISIONING_KEY.into());
    NewConnection { name, description: None, project_id: None, api_key }
}
