//! The provider block: where Infisical is, and how to log in.

use std::net::IpAddr;

use tfplug::schema::{Attribute, Schema, object, string};
use tfplug::{Attr, Diagnostic, Diagnostics, Path, model};
use url::{Host, Url};

use super::credentials::{Credentials, Environment, Method};
use crate::infisical::Auth;

const HOST: &str = "INFISICAL_HOST";
const DEFAULT_HOST: &str = "https://app.infisical.com";
const ORGANIZATION_SLUG: &str = "INFISICAL_AUTH_ORGANIZATION_SLUG";
const CA_CERT_FILE: &str = "INFISICAL_CA_CERT_FILE";

model! {
    /// The provider block.
    pub struct Config { host: String, auth: AuthConfig, ca_cert_file: String }
}
model! {
    /// `auth`: one of the methods, and the organization.
    pub struct AuthConfig {
        organization_slug: String,
        token: String,
        universal: UniversalConfig,
        oidc: OidcConfig,
        kubernetes: KubernetesConfig,
        aws_iam: AwsIamConfig,
    }
}
model! {
    /// `auth.universal`.
    pub struct UniversalConfig { client_id: String, client_secret: String }
}
model! {
    /// `auth.oidc`.
    pub struct OidcConfig { identity_id: String, token_environment_variable_name: String }
}
model! {
    /// `auth.kubernetes`.
    pub struct KubernetesConfig {
        identity_id: String,
        service_account_token: String,
        service_account_token_path: String,
    }
}
model! {
    /// `auth.aws_iam`.
    pub struct AwsIamConfig { identity_id: String }
}

pub(super) fn schema() -> Schema {
    Schema::new("Manages OpenRouter API key rotations in [Infisical](https://infisical.com).")
        .attribute(
            "host",
            string().description(or_variable(&format!("Infisical's address. Default: `{DEFAULT_HOST}`."), HOST)),
        )
        .attribute("auth", auth_schema())
        .attribute(
            "ca_cert_file",
            string().description(or_variable(
                "A file with certificates in PEM form that are trusted besides the system's.",
                CA_CERT_FILE,
            )),
        )
}

fn auth_schema() -> Attribute {
    let methods: Vec<_> = Method::ALL.iter().map(|method| format!("`{}`", method.name())).collect();
    object()
        .description(format!(
            "How to log in: one of {}. Without one, `{}` names the method ({}); without that, a token in the \
             environment is used, else a universal client id and secret.",
            methods.join(", "),
            Method::VARIABLE,
            Method::ALL.map(|method| format!("`{}`", method.name())).join(", "),
        ))
        .attribute(
            "organization_slug",
            string().description(or_variable(
                "The organization to log in to, for an identity that belongs to several.",
                ORGANIZATION_SLUG,
            )),
        )
        .attributes(Method::ALL.iter().map(|method| (method.name().to_owned(), method.schema())))
}

/// A description that ends with the variable that serves in its place.
pub(super) fn or_variable(doc: &str, variable: &str) -> String {
    format!("{doc} Variable: `{variable}`.")
}

/// Block and environment, resolved.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) host: Url,
    pub(super) auth: Auth,
    pub(super) organization_slug: Option<String>,
    pub(super) ca_cert_pem: Option<Vec<u8>>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Config {
    /// What is wrong with the block itself, whatever the environment holds.
    pub(super) fn problems(&self) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if let Some(Err(problem)) = self.host.get().map(|host| parse_host(host)) {
            problems.push(problem.at(Path::of("host")));
        }
        if let Some(Err(problem)) = self.auth.get().map(Method::named_in) {
            problems.push(problem);
        }
        problems
    }

    /// The settings; `None` while one of them isn't known yet.
    ///
    /// # Errors
    ///
    /// A diagnostic at the attribute that would mend it, with the variable that would, too.
    pub(super) fn resolve(&self, environment: &Environment<'_>) -> Result<Option<Resolved>, Diagnostics> {
        if self.host.is_unknown() || self.ca_cert_file.is_unknown() || self.auth.is_unknown() {
            return Ok(None);
        }
        let unset = AuthConfig::default();
        let auth = self.auth.get().unwrap_or(&unset);
        if auth.organization_slug.is_unknown() {
            return Ok(None);
        }
        let host = self.host(environment)?;
        let credentials = match Credentials::find(auth, environment)? {
            Credentials::NotYet => return Ok(None),
            Credentials::Found(auth) => auth,
        };
        Ok(Some(Resolved {
            warnings: in_the_clear(&host).into_iter().collect(),
            host,
            auth: credentials,
            organization_slug: auth.organization_slug.get().cloned().or_else(|| environment(ORGANIZATION_SLUG)),
            ca_cert_pem: self.ca_certificates(environment)?,
        }))
    }

    fn host(&self, environment: &Environment<'_>) -> Result<Url, Diagnostic> {
        match (self.host.get(), environment(HOST)) {
            (Some(host), _) => parse_host(host).map_err(|problem| problem.at(Path::of("host"))),
            (None, Some(host)) => parse_host(&host),
            (None, None) => parse_host(DEFAULT_HOST),
        }
    }

    fn ca_certificates(&self, environment: &Environment<'_>) -> Result<Option<Vec<u8>>, Diagnostic> {
        let Some(file) = self.ca_cert_file.get().cloned().or_else(|| environment(CA_CERT_FILE)) else {
            return Ok(None);
        };
        std::fs::read(&file).map(Some).map_err(|error| {
            let detail = format!(
                "The file {file:?} can't be read: {error}. Check ca_cert_file in the provider block, or the variable \
                 {CA_CERT_FILE}."
            );
            Diagnostic::error("Can't read the CA certificates", detail).at(Path::of("ca_cert_file"))
        })
    }
}

fn parse_host(host: &str) -> Result<Url, Diagnostic> {
    let problem = |why: &str| {
        let detail = format!(
            "{why} Allowed: an http or https address such as {DEFAULT_HOST:?}. Set host in the provider block, or the \
             variable {HOST}."
        );
        Diagnostic::error("Invalid host", detail)
    };
    // What stands before an @ may be a password, and isn't repeated.
    let given = host.rsplit_once('@').map_or_else(|| host.to_owned(), |(_, rest)| format!("…@{rest}"));
    let url = Url::parse(host.trim())
        .map_err(|error| problem(&format!("Given: {given:?}, which is no address: {error}.")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(problem("The address holds a user name or password."));
    }
    match (url.scheme(), url.host()) {
        ("http" | "https", Some(_)) => Ok(url),
        _ => Err(problem(&format!("Given: {given:?}."))),
    }
}

/// A warning if the token would travel unencrypted over a network.
fn in_the_clear(host: &Url) -> Option<Diagnostic> {
    let loopback = match host.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::from(address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(address).is_loopback(),
    };
    (host.scheme() == "http" && !loopback).then(|| {
        let detail =
            format!("{host} is not encrypted: whoever can listen on the way reads the access token. Use https.");
        Diagnostic::warning("The access token travels in the clear", detail).at(Path::of("host"))
    })
}

/// The configured value, or the variable's.
pub(super) fn or_environment(value: &Attr<String>, environment: &Environment<'_>, variable: &str) -> Attr<String> {
    if value.is_null() { environment(variable).into() } else { value.clone() }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    type Variables = &'static [(&'static str, &'static str)];

    fn resolve(config: &Config, variables: Variables) -> Result<Option<Resolved>, Diagnostics> {
        config.resolve(&|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    fn with_auth(auth: AuthConfig) -> Config {
        Config { auth: auth.into(), ..Config::default() }
    }

    fn universal(id: Attr<String>, secret: Attr<String>) -> Config {
        let universal = UniversalConfig { client_id: id, client_secret: secret };
        with_auth(AuthConfig { universal: universal.into(), ..AuthConfig::default() })
    }

    fn method(auth: &Auth) -> String {
        match auth {
            Auth::Token(token) => format!("token {}", token.expose_secret()),
            Auth::Universal { client_id, client_secret } => format!("{client_id} {}", client_secret.expose_secret()),
            Auth::Oidc { identity_id, jwt } => format!("oidc {identity_id} {}", jwt.expose_secret()),
            Auth::Kubernetes { identity_id, jwt } => format!("kubernetes {identity_id} {}", jwt.expose_secret()),
            Auth::AwsIam { identity_id, .. } => format!("aws {identity_id}"),
        }
    }

    #[test]
    fn the_models_have_the_schemas_attributes() {
        assert_eq!(tfplug::holds_against::<Config>(&schema()), Ok(()));
    }

    #[test]
    fn ok_the_configuration_wins_over_the_environment_and_gaps_are_filled_from_it() {
        let table: Vec<(Config, Variables, &str)> = vec![
            (Config::default(), &[("INFISICAL_TOKEN", "t")], "token t"),
            (
                Config::default(),
                &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"), ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s")],
                "i s",
            ),
            (
                Config::default(),
                &[
                    ("INFISICAL_AUTH_METHOD", "universal"),
                    ("INFISICAL_TOKEN", "t"),
                    ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"),
                    ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s"),
                ],
                "i s",
            ),
            (universal("a".into(), "b".into()), &[("INFISICAL_TOKEN", "t"), ("INFISICAL_AUTH_METHOD", "token")], "a b"),
            (universal("a".into(), Attr::Null), &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s")], "a s"),
            (
                Config::default(),
                &[
                    ("INFISICAL_AUTH_METHOD", "oidc"),
                    ("INFISICAL_MACHINE_IDENTITY_ID", "m"),
                    ("INFISICAL_AUTH_JWT", "j"),
                ],
                "oidc m j",
            ),
            (
                with_auth(AuthConfig {
                    oidc: OidcConfig { identity_id: "m".into(), token_environment_variable_name: "CI_JWT".into() }
                        .into(),
                    ..AuthConfig::default()
                }),
                &[("CI_JWT", "j"), ("INFISICAL_AUTH_JWT", "other")],
                "oidc m j",
            ),
            (
                Config::default(),
                &[
                    ("INFISICAL_AUTH_METHOD", "kubernetes"),
                    ("INFISICAL_MACHINE_IDENTITY_ID", "m"),
                    ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "j"),
                ],
                "kubernetes m j",
            ),
        ];
        for (config, variables, expected) in table {
            let resolved = resolve(&config, variables).unwrap().unwrap();
            assert_eq!(method(&resolved.auth), expected);
        }
    }

    #[test]
    fn ok_what_is_not_known_yet_asks_for_patience_and_nothing_else() {
        for config in [
            Config { host: Attr::Unknown, ..Config::default() },
            Config { auth: Attr::Unknown, ..Config::default() },
            with_auth(AuthConfig { token: Attr::Unknown, ..AuthConfig::default() }),
            universal("a".into(), Attr::Unknown),
            with_auth(AuthConfig {
                token: Attr::Unknown,
                aws_iam: AwsIamConfig::default().into(),
                ..AuthConfig::default()
            }),
        ] {
            assert!(config.problems().is_empty());
            assert!(resolve(&config, &[("INFISICAL_TOKEN", "t")]).unwrap().is_none());
        }
    }

    #[test]
    fn err_each_message_names_the_attributes_and_variables_that_would_mend_it() {
        let two = AuthConfig { token: "t".into(), aws_iam: AwsIamConfig::default().into(), ..AuthConfig::default() };
        let table: Vec<(Config, Variables, &[&str])> = vec![
            (Config::default(), &[], &["auth.token", "INFISICAL_TOKEN", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"]),
            (with_auth(two), &[], &["auth.token", "auth.aws_iam"]),
            (
                universal("a".into(), Attr::Null),
                &[],
                &["auth.universal.client_secret", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
            ),
            (
                Config::default(),
                &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i")],
                &["auth.universal.client_secret", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
            ),
            (Config::default(), &[("INFISICAL_AUTH_METHOD", "magic")], &["\"magic\"", "aws_iam", "universal"]),
            (
                Config::default(),
                &[("INFISICAL_AUTH_METHOD", "oidc"), ("INFISICAL_MACHINE_IDENTITY_ID", "m")],
                &["INFISICAL_AUTH_JWT"],
            ),
            (Config { host: "ftp://x".into(), ..Config::default() }, &[], &["\"ftp://x\"", "INFISICAL_HOST"]),
            (Config { host: "infisical".into(), ..Config::default() }, &[], &["\"infisical\"", "https"]),
            (
                Config { ca_cert_file: "no/such/file".into(), ..Config::default() },
                &[("INFISICAL_TOKEN", "t")],
                &["\"no/such/file\"", "INFISICAL_CA_CERT_FILE"],
            ),
        ];
        for (config, variables, words) in table {
            let error = resolve(&config, variables).unwrap_err();
            let text: String = error.iter().map(|d| format!("{} {}", d.summary(), d.detail())).collect();
            words.iter().for_each(|word| assert!(text.contains(word), "{word} isn't in: {text}"));
        }
    }

    #[test]
    fn err_a_password_in_the_address_is_not_repeated() {
        let config = Config { host: "https://user:hunter2@host".into(), ..Config::default() };
        let problems = config.problems();
        assert!(problems.has_errors());
        assert!(!format!("{problems:?}").contains("hunter2"));
    }

    #[test]
    fn a_token_in_the_clear_is_worth_a_warning_unless_it_stays_on_the_machine() {
        for (host, warned) in [
            ("http://infisical.internal", true),
            ("http://10.0.0.1:8080", true),
            ("http://localhost:8080", false),
            ("http://127.0.0.1", false),
            ("http://[::1]:80", false),
            ("https://infisical.internal", false),
        ] {
            let config = Config { host: host.into(), ..Config::default() };
            let resolved = resolve(&config, &[("INFISICAL_TOKEN", "t")]).unwrap().unwrap();
            assert_eq!(!resolved.warnings.is_empty(), warned, "{host}");
        }
    }
}
