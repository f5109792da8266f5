//! How to log in: one method, from the provider block or the environment.

use secrecy::SecretString;
use tfplug::schema::{Attribute, object, string};
use tfplug::{Attr, Diagnostic, Path};

use super::config::{
    AuthConfig, AwsIamConfig, KubernetesConfig, OidcConfig, UniversalConfig, or_environment, or_variable,
};
use crate::infisical::{Auth, AwsCredentials};

const TOKEN: &str = "INFISICAL_TOKEN";
const CLIENT_ID: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID";
const CLIENT_SECRET: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET";
const IDENTITY_ID: &str = "INFISICAL_MACHINE_IDENTITY_ID";
const JWT: &str = "INFISICAL_AUTH_JWT";
const KUBERNETES_TOKEN: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN";
const KUBERNETES_TOKEN_PATH: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH";
const DEFAULT_KUBERNETES_TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const AWS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const AWS_SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const AWS_SESSION: &str = "AWS_SESSION_TOKEN";
const AWS_REGIONS: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Looks up a variable; an empty one counts as unset.
pub(super) type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Token,
    Universal,
    Oidc,
    Kubernetes,
    AwsIam,
}

impl Method {
    pub(super) const ALL: [Self; 5] = [Self::Token, Self::Universal, Self::Oidc, Self::Kubernetes, Self::AwsIam];
    /// The variable that picks a method when the block names none.
    pub(super) const VARIABLE: &str = "INFISICAL_AUTH_METHOD";

    /// Its name, in the `auth` block and in [`Method::VARIABLE`].
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Universal => "universal",
            Self::Oidc => "oidc",
            Self::Kubernetes => "kubernetes",
            Self::AwsIam => "aws_iam",
        }
    }

    pub(super) fn schema(self) -> Attribute {
        let identity = || string().description(or_variable("The machine identity's id.", IDENTITY_ID));
        match self {
            Self::Token => string().sensitive().description(or_variable("An access token.", TOKEN)),
            Self::Universal => object()
                .description("Universal Auth: a machine identity's client id and secret.")
                .attribute("client_id", string().description(or_variable("The client id.", CLIENT_ID)))
                .attribute("client_secret", string().sensitive().description(or_variable("The client secret.", CLIENT_SECRET))),
            Self::Oidc => object()
                .description("OIDC Auth: a machine identity that trusts an OIDC issuer, such as a CI system.")
                .attribute("identity_id", identity())
                .attribute(
                    "token_environment_variable_name",
                    string().description(format!("The variable that holds the issuer's token (JWT). Default: `{JWT}`.")),
                ),
            Self::Kubernetes => object()
                .description("Kubernetes Auth: a machine identity that trusts a cluster's service account.")
                .attribute("identity_id", identity())
                .attribute(
                    "service_account_token",
                    string().sensitive().description(or_variable("The service account's token.", KUBERNETES_TOKEN)),
                )
                .attribute(
                    "service_account_token_path",
                    string().description(or_variable(
                        &format!("The file that holds it. Default: `{DEFAULT_KUBERNETES_TOKEN_PATH}`."),
                        KUBERNETES_TOKEN_PATH,
                    )),
                ),
            Self::AwsIam => object()
                .description(format!(
                    "AWS Auth: a machine identity that trusts an AWS principal, whose credentials are in `{AWS_KEY_ID}`, \
                     `{AWS_SECRET}` and, if they are temporary, `{AWS_SESSION}`."
                ))
                .attribute("identity_id", identity()),
        }
    }

    /// The method that the block names, if any. One whose value isn't known yet may still turn out to be none.
    ///
    /// # Errors
    ///
    /// A diagnostic when it names several.
    pub(super) fn named_in(auth: &AuthConfig) -> Result<Option<Self>, Diagnostic> {
        let named: Vec<_> = Self::ALL.into_iter().filter(|method| method.given(auth).get().is_some()).collect();
        match named.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(*one)),
            several => {
                let given: Vec<_> = several.iter().map(|method| format!("auth.{}", method.name())).collect();
                let detail = format!("Given: {}. Allowed: one of them. Remove the others.", given.join(" and "));
                Err(Diagnostic::error("Several ways to log in", detail).at(Path::of("auth")))
            }
        }
    }

    /// Whether the block names it: null, not known yet, or yes.
    fn given(self, auth: &AuthConfig) -> Attr<()> {
        fn whether<T>(value: &Attr<T>) -> Attr<()> {
            match value {
                Attr::Null => Attr::Null,
                Attr::Unknown => Attr::Unknown,
                Attr::Known(_) => Attr::Known(()),
            }
        }
        match self {
            Self::Token => whether(&auth.token),
            Self::Universal => whether(&auth.universal),
            Self::Oidc => whether(&auth.oidc),
            Self::Kubernetes => whether(&auth.kubernetes),
            Self::AwsIam => whether(&auth.aws_iam),
        }
    }

    /// The method that the environment picks when the block names none.
    fn from_environment(environment: &Environment<'_>) -> Result<Self, Diagnostic> {
        if let Some(word) = environment(Self::VARIABLE) {
            let known = Self::ALL.into_iter().find(|method| method.name() == word.trim());
            return known.ok_or_else(|| {
                let allowed = Self::ALL.map(Self::name).join(", ");
                let detail = format!("The variable {} holds {word:?}. Allowed: {allowed}.", Self::VARIABLE);
                Diagnostic::error("Unknown way to log in", detail)
            });
        }
        if environment(TOKEN).is_some() {
            Ok(Self::Token)
        } else if environment(CLIENT_ID).is_some() || environment(CLIENT_SECRET).is_some() {
            Ok(Self::Universal)
        } else {
            let detail = format!(
                "Neither the provider block nor the environment says how to log in. Set auth.token, or the variable \
                 {TOKEN}; or auth.universal, or the variables {CLIENT_ID} and {CLIENT_SECRET}; or another method of auth, \
                 or {} for one whose values are in the environment.",
                Self::VARIABLE
            );
            Err(Diagnostic::error("No way to log in", detail).at(Path::of("auth")))
        }
    }
}

/// What there is to log in with.
pub(super) enum Credentials {
    /// Some of it is only known after other resources are applied.
    NotYet,
    Found(Auth),
}

/// One value of a method.
enum Part {
    NotYet,
    Known(String),
}

impl Credentials {
    /// Completes the method of the block, or that of the environment, from the environment.
    ///
    /// # Errors
    ///
    /// A diagnostic that names the attribute and the variable which would fill the gap.
    pub(super) fn find(auth: &AuthConfig, environment: &Environment<'_>) -> Result<Self, Diagnostic> {
        let named = Method::named_in(auth)?;
        if Method::ALL.iter().any(|method| method.given(auth).is_unknown()) {
            return Ok(Self::NotYet);
        }
        let method = match named {
            Some(method) => method,
            None => Method::from_environment(environment)?,
        };
        let finder = Finder { environment, method };
        match method {
            Method::Token => finder.token(&auth.token),
            Method::Universal => finder.universal(&auth.universal),
            Method::Oidc => finder.oidc(&auth.oidc),
            Method::Kubernetes => finder.kubernetes(&auth.kubernetes),
            Method::AwsIam => finder.aws_iam(&auth.aws_iam),
        }
    }
}

struct Finder<'a> {
    environment: &'a Environment<'a>,
    method: Method,
}

impl Finder<'_> {
    fn token(&self, token: &Attr<String>) -> Result<Credentials, Diagnostic> {
        Ok(match self.part(token, "", TOKEN)? {
            Part::NotYet => Credentials::NotYet,
            Part::Known(token) => Credentials::Found(Auth::Token(token.into())),
        })
    }

    fn universal(&self, universal: &Attr<UniversalConfig>) -> Result<Credentials, Diagnostic> {
        let universal = universal.get().cloned().unwrap_or_default();
        let client_id = self.part(&universal.client_id, "client_id", CLIENT_ID)?;
        let client_secret = self.part(&universal.client_secret, "client_secret", CLIENT_SECRET)?;
        Ok(both(client_id, client_secret, |client_id, client_secret| Auth::Universal { client_id, client_secret }))
    }

    fn oidc(&self, oidc: &Attr<OidcConfig>) -> Result<Credentials, Diagnostic> {
        let oidc = oidc.get().cloned().unwrap_or_default();
        let identity_id = self.part(&oidc.identity_id, "identity_id", IDENTITY_ID)?;
        let variable = match &oidc.token_environment_variable_name {
            Attr::Unknown => return Ok(Credentials::NotYet),
            Attr::Null => JWT,
            Attr::Known(name) => name,
        };
        let jwt = (self.environment)(variable).ok_or_else(|| {
            let detail = format!(
                "The variable {variable} should hold the issuer's token (JWT) and is not set. Set it, or name another in \
                 auth.oidc.token_environment_variable_name."
            );
            Diagnostic::error("No OIDC token", detail).at(self.path("token_environment_variable_name"))
        })?;
        Ok(both(identity_id, Part::Known(jwt), |identity_id, jwt| Auth::Oidc { identity_id, jwt }))
    }

    fn kubernetes(&self, kubernetes: &Attr<KubernetesConfig>) -> Result<Credentials, Diagnostic> {
        let kubernetes = kubernetes.get().cloned().unwrap_or_default();
        let identity_id = self.part(&kubernetes.identity_id, "identity_id", IDENTITY_ID)?;
        let jwt = match (&kubernetes.service_account_token, &kubernetes.service_account_token_path) {
            (Attr::Unknown, _) | (Attr::Null, Attr::Unknown) => Part::NotYet,
            (Attr::Known(token), _) => Part::Known(token.clone()),
            (Attr::Null, Attr::Known(path)) => Part::Known(self.service_account_token(path)?),
            (Attr::Null, Attr::Null) => match (self.environment)(KUBERNETES_TOKEN) {
                Some(token) => Part::Known(token),
                None => {
                    let path = (self.environment)(KUBERNETES_TOKEN_PATH);
                    let path = path.as_deref().unwrap_or(DEFAULT_KUBERNETES_TOKEN_PATH);
                    Part::Known(self.service_account_token(path)?)
                }
            },
        };
        Ok(both(identity_id, jwt, |identity_id, jwt| Auth::Kubernetes { identity_id, jwt }))
    }

    fn service_account_token(&self, path: &str) -> Result<String, Diagnostic> {
        let token = std::fs::read_to_string(path).map_err(|error| {
            let detail = format!(
                "The file {path:?} can't be read: {error}. Set auth.kubernetes.service_account_token or \
                 service_account_token_path, or the variable {KUBERNETES_TOKEN} or {KUBERNETES_TOKEN_PATH}."
            );
            Diagnostic::error("No service account token", detail).at(self.path("service_account_token_path"))
        })?;
        Ok(token.trim().to_owned())
    }

    fn aws_iam(&self, aws_iam: &Attr<AwsIamConfig>) -> Result<Credentials, Diagnostic> {
        let aws_iam = aws_iam.get().cloned().unwrap_or_default();
        let Part::Known(identity_id) = self.part(&aws_iam.identity_id, "identity_id", IDENTITY_ID)? else {
            return Ok(Credentials::NotYet);
        };
        let variable = |name: &str| {
            (self.environment)(name).ok_or_else(|| {
                let detail =
                    format!("The variable {name} is not set. AWS Auth signs with {AWS_KEY_ID} and {AWS_SECRET}.");
                Diagnostic::error("No AWS credentials", detail).at(self.path("identity_id"))
            })
        };
        let credentials = AwsCredentials {
            access_key_id: variable(AWS_KEY_ID)?,
            secret_access_key: variable(AWS_SECRET)?.into(),
            session_token: (self.environment)(AWS_SESSION).map(SecretString::from),
        };
        let region = AWS_REGIONS.into_iter().find_map(|name| (self.environment)(name));
        Ok(Credentials::Found(Auth::AwsIam { identity_id, credentials, region }))
    }

    /// The configured value, else the variable's, else an error that names both.
    fn part(&self, value: &Attr<String>, name: &str, variable: &str) -> Result<Part, Diagnostic> {
        match or_environment(value, self.environment, variable) {
            Attr::Unknown => Ok(Part::NotYet),
            Attr::Known(text) if !text.trim().is_empty() => Ok(Part::Known(text)),
            _ => {
                let path = self.path(name);
                let detail =
                    format!("{path} has no value. Set it in the provider block, or set the variable {variable}.");
                Err(Diagnostic::error("Incomplete login", detail).at(path))
            }
        }
    }

    fn path(&self, name: &str) -> Path {
        let method = Path::of("auth").attribute(self.method.name());
        if name.is_empty() { method } else { method.attribute(name) }
    }
}

fn both(one: Part, secret: Part, auth: impl FnOnce(String, SecretString) -> Auth) -> Credentials {
    match (one, secret) {
        (Part::Known(one), Part::Known(secret)) => Credentials::Found(auth(one, secret.into())),
        _ => Credentials::NotYet,
    }
}
