//! Access keys in variables, in a profile, or printed by a command.

use secrecy::SecretString;
use serde::Deserialize;

use super::credentials::{Credentials, Miss};
use super::environment::{AwsEnvironment, KEY_ID, SECRET_KEY, SESSION_TOKEN};
use super::files::Section;

/// The version of what a command prints.
const VERSION: u32 = 1;

pub(super) fn of_environment(environment: &AwsEnvironment) -> Result<Credentials, Miss> {
    match (environment.get(KEY_ID), environment.secret(SECRET_KEY)) {
        (Some(id), Some(secret_access_key)) => Ok(Credentials {
            access_key_id: id.to_owned(),
            secret_access_key,
            session_token: environment.secret(SESSION_TOKEN),
        }),
        (None, None) => Err(Miss::Absent(format!("{KEY_ID} and {SECRET_KEY} are not set"))),
        (Some(_), None) => Err(Miss::Failed(format!("{KEY_ID} is set and {SECRET_KEY} is not"))),
        (None, Some(_)) => Err(Miss::Failed(format!("{SECRET_KEY} is set and {KEY_ID} is not"))),
    }
}

/// Nothing if a profile has none.
pub(super) fn of_profile(profile: &Section) -> Option<Result<Credentials, String>> {
    const NAMES: [&str; 2] = ["aws_access_key_id", "aws_secret_access_key"];
    match (profile.get(NAMES[0]), profile.secret(NAMES[1])) {
        (Some(id), Some(secret_access_key)) => Some(Ok(Credentials {
            access_key_id: id.to_owned(),
            secret_access_key,
            session_token: profile.secret("aws_session_token"),
        })),
        (None, None) => None,
        (Some(_), None) => Some(Err(format!("it has {} and no {}", NAMES[0], NAMES[1]))),
        (None, Some(_)) => Some(Err(format!("it has {} and no {}", NAMES[1], NAMES[0]))),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: SecretString,
    #[serde(default)]
    session_token: Option<SecretString>,
}

/// From a command's output, of which nothing is repeated in an error.
pub(super) fn of_process(output: &[u8]) -> Result<Credentials, String> {
    let printed: Printed = serde_json::from_slice(output).map_err(|_| {
        "it did not print a JSON object with Version, AccessKeyId and SecretAccessKey; run it by hand to see what it prints"
    })?;
    if printed.version != VERSION {
        return Err(format!("it printed Version {}, and {VERSION} is the only known one", printed.version));
    }
    Ok(Credentials {
        access_key_id: printed.access_key_id,
        secret_access_key: printed.secret_access_key,
        session_token: printed.session_token,
    })
}
