//! The environment variables of AWS's tools, as they were when the client was created.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use reqsign_core::Env;
use secrecy::{ExposeSecret, SecretString};

pub(super) const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
pub(super) const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";
pub(super) const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
pub(super) const REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
pub(super) const PROFILES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
pub(super) const CONFIG_FILE: &str = "AWS_CONFIG_FILE";
pub(super) const CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
pub(super) const WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
pub(super) const ROLE_ARN: &str = "AWS_ROLE_ARN";
pub(super) const ROLE_SESSION_NAME: &str = "AWS_ROLE_SESSION_NAME";
pub(super) const CONTAINER_RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
pub(super) const CONTAINER_FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
pub(super) const CONTAINER_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
pub(super) const CONTAINER_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
pub(super) const METADATA_DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
pub(super) const METADATA_ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
pub(super) const METADATA_ENDPOINT_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
/// Where the user's folder is, on Unix and on Windows.
const HOMES: [&str; 2] = ["HOME", "USERPROFILE"];

const ALL: [&str; 21] = [
    KEY_ID,
    SECRET_KEY,
    SESSION_TOKEN,
    REGIONS[0],
    REGIONS[1],
    PROFILES[0],
    PROFILES[1],
    CONFIG_FILE,
    CREDENTIALS_FILE,
    WEB_IDENTITY_TOKEN_FILE,
    ROLE_ARN,
    ROLE_SESSION_NAME,
    CONTAINER_RELATIVE_URI,
    CONTAINER_FULL_URI,
    CONTAINER_TOKEN,
    CONTAINER_TOKEN_FILE,
    METADATA_DISABLED,
    METADATA_ENDPOINT,
    METADATA_ENDPOINT_MODE,
    HOMES[0],
    HOMES[1],
];

/// The environment in which AWS credentials are looked for at each login. Some of its values are secret, so none is printed.
#[derive(Clone, Default)]
pub struct AwsEnvironment {
    variables: Arc<BTreeMap<&'static str, SecretString>>,
}

impl AwsEnvironment {
    /// Copies the needed variables of an environment. An empty variable counts as unset.
    pub fn read(look_up: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| look_up(name).filter(|value| !value.trim().is_empty()).map(SecretString::from);
        let variables = ALL.into_iter().filter_map(|name| Some((name, value(name)?)));
        Self { variables: Arc::new(variables.collect()) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.expose_secret().trim())
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.get(name).map(SecretString::from)
    }

    /// The first of these variables that is set, with its value.
    pub(super) fn first(&self, names: &[&'static str]) -> Option<(&'static str, &str)> {
        names.iter().find_map(|name| Some((*name, self.get(name)?)))
    }

    /// A path with `~` at its beginning replaced by the user's folder.
    pub(super) fn expanded(&self, path: &str) -> String {
        let home = self.first(&HOMES).map(|(_, home)| home.trim_end_matches(['/', '\\']));
        match (path.strip_prefix('~'), home) {
            (Some(rest), Some(home)) if rest.starts_with(['/', '\\']) => format!("{home}{rest}"),
            _ => path.to_owned(),
        }
    }
}

impl fmt::Debug for AwsEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.variables.keys()).finish()
    }
}

impl Env for AwsEnvironment {
    fn var(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    fn vars(&self) -> HashMap<String, String> {
        self.variables.keys().filter_map(|name| Some(((*name).to_owned(), self.var(name)?))).collect()
    }

    fn home_dir(&self) -> Option<PathBuf> {
        self.first(&HOMES).map(|(_, home)| home.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> AwsEnvironment {
        AwsEnvironment::read(|name| {
            variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn ok_an_empty_variable_counts_as_unset_and_white_space_is_cut() {
        let found = environment(&[(REGIONS[0], " "), (REGIONS[1], "eu-west-1\n"), ("OTHER", "x")]);
        assert_eq!(found.first(&REGIONS), Some((REGIONS[1], "eu-west-1")));
        assert_eq!(found.vars().len(), 1, "others are none of AWS's business");
    }

    #[test]
    fn ok_no_value_is_printed() {
        let found = environment(&[(KEY_ID, "an-id"), (SECRET_KEY, "hush-hush")]);
        assert_eq!(format!("{found:?}"), r#"["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]"#);
    }

    #[test]
    fn ok_a_tilde_stands_for_the_users_folder() {
        let found = environment(&[("HOME", "/home/a/")]);
        assert_eq!(found.expanded("~/.aws/config"), "/home/a/.aws/config");
        assert_eq!(found.expanded("~other/config"), "~other/config");
        assert_eq!(environment(&[]).expanded("~/config"), "~/config");
    }
}
