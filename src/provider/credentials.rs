//! The login method, from the provider block or the environment.

use infisical::{AwsEnvironment, TokenSource, bare_token};
use secrecy::SecretString;
use tfplug::{Diagnostic, Field as _, Path, Value};

use super::block::{Auth, AwsIam, DEFAULT_KUBERNETES_TOKEN_PATH, Kubernetes, Method, Oidc, Universal};
use super::environment::{
    AUTH_METHOD, AWS_KEY_ID, AWS_SECRET, CLIENT_ID, CLIENT_SECRET, Environment, IDENTITY_ID, JWT, KUBERNETES_TOKEN,
    KUBERNETES_TOKEN_PATH, TOKEN, given, or_environment,
};

/// Completes the method of the block, or that of the environment, from the environment.
///
/// # Errors
///
/// A diagnostic that names the missing attribute and the variable that can be set instead.
pub(super) fn find(auth: Option<Auth>, environment: &Environment<'_>) -> Result<infisical::Auth, Diagnostic> {
    let auth = auth.unwrap_or_default();
    let method = match named_in(&auth.clone().into_value())? {
        Some(method) => method,
        None => from_environment(environment)?,
    };
    let finder = Finder { environment, method };
    match method {
        Method::Token => finder.token(auth.token),
        Method::Universal => finder.universal(auth.universal.unwrap_or_default()),
        Method::Oidc => finder.oidc(auth.oidc.unwrap_or_default()),
        Method::Kubernetes => finder.kubernetes(auth.kubernetes.unwrap_or_default()),
        Method::AwsIam => finder.aws_iam(auth.aws_iam.unwrap_or_default()),
    }
}

/// The method that the block's `auth` names, if any. One whose value is not known yet may still turn out to be none, and so
/// may an empty token.
///
/// # Errors
///
/// A diagnostic when it names several.
pub(super) fn named_in(auth: &Value) -> Result<Option<Method>, Diagnostic> {
    let is_named = |method: &Method| match auth.get(method.word()) {
        Value::Null | Value::Unknown => false,
        Value::String(token) => !bare_token(token).is_empty(),
        _ => true,
    };
    let named: Vec<_> = Method::ALL.into_iter().filter(is_named).collect();
    match named.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        several => {
            let given: Vec<_> = several.iter().map(|method| format!("auth.{}", method.word())).collect();
            let detail = format!("Given: {}. Allowed: one of them. Remove the others.", given.join(" and "));
            Err(Diagnostic::error("Several ways to log in", detail).at(Path::of("auth")))
        }
    }
}

/// The method that the environment picks when the block names none.
fn from_environment(environment: &Environment<'_>) -> Result<Method, Diagnostic> {
    if let Some(word) = environment(AUTH_METHOD) {
        return Method::of_word(&word.to_ascii_lowercase()).ok_or_else(|| {
            let allowed = Method::WORDS.join(", ");
            let detail = format!("The variable {AUTH_METHOD} holds {word:?}. Allowed: {allowed}.");
            Diagnostic::error("Unknown way to log in", detail)
        });
    }
    if environment(TOKEN).is_some() {
        Ok(Method::Token)
    } else if environment(CLIENT_ID).is_some() || environment(CLIENT_SECRET).is_some() {
        Ok(Method::Universal)
    } else {
        let detail = format!(
            "Neither the provider block nor the environment says how to log in. Set auth.token, or the variable {TOKEN}; or \
             auth.universal, or the variables {CLIENT_ID} and {CLIENT_SECRET}; or another method of auth, or {AUTH_METHOD} \
             for one whose values are in the environment."
        );
        Err(Diagnostic::error("No way to log in", detail).at(Path::of("auth")))
    }
}

/// Whether this is certainly the name of a variable, and not a token that was given in its place.
fn is_variable_name(text: &str) -> bool {
    let begins_with_digit = text.starts_with(|letter: char| letter.is_ascii_digit());
    let has_only_letters = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    (1..=64).contains(&text.len()) && has_only_letters && !begins_with_digit
}

/// Whether this is a token (JWT: three parts of base64url, of which the first is an object) rather than the path of a file.
fn looks_like_a_token(path: &str) -> bool {
    let token = bare_token(path);
    token.contains(['\n', '\r']) || (token.starts_with("eyJ") && !token.contains(['/', '\\']))
}

struct Finder<'a> {
    environment: &'a Environment<'a>,
    method: Method,
}

impl Finder<'_> {
    fn token(&self, token: Option<String>) -> Result<infisical::Auth, Diagnostic> {
        let token = self.part(token, "", TOKEN)?;
        Ok(infisical::Auth::Token(self.sendable(&token, "", TOKEN)?.into()))
    }

    /// A token without the white space or `Bearer ` that was pasted with it.
    fn sendable(&self, token: &str, name: &str, variable: &str) -> Result<String, Diagnostic> {
        let token = bare_token(token);
        if !token.is_empty() && token.chars().all(|letter| letter.is_ascii_graphic()) {
            return Ok(token.to_owned());
        }
        let path = self.path(name);
        let detail = format!(
            "A token is one word of letters, digits and punctuation. What {path} or the variable {variable} holds is not: \
             there may be a space or a line break inside."
        );
        Err(Diagnostic::error("Not a token", detail).at(path))
    }

    fn universal(&self, universal: Universal) -> Result<infisical::Auth, Diagnostic> {
        let client_id = self.part(universal.client_id, "client_id", CLIENT_ID)?;
        let client_secret = self.part(universal.client_secret, "client_secret", CLIENT_SECRET)?.into();
        Ok(infisical::Auth::Universal { client_id, client_secret })
    }

    fn oidc(&self, oidc: Oidc) -> Result<infisical::Auth, Diagnostic> {
        let identity_id = self.part(oidc.identity_id, "identity_id", IDENTITY_ID)?;
        let variable = given(oidc.token_environment_variable_name.as_ref()).unwrap_or_else(|| JWT.to_owned());
        let jwt = (self.environment)(&variable).ok_or_else(|| {
            let detail = if is_variable_name(&variable) {
                format!(
                    "The variable {variable} should hold the issuer's token (JWT) and is not set. Set it, or name another in \
                     auth.oidc.token_environment_variable_name."
                )
            } else {
                "No variable has the name that auth.oidc.token_environment_variable_name gives. The name is not shown, since it \
                 may be the issuer's token (JWT) itself: put the token into a variable, and give that variable's name."
                    .to_owned()
            };
            Diagnostic::error("No OIDC token", detail).at(self.path("token_environment_variable_name"))
        })?;
        let jwt = self.sendable(&jwt, "token_environment_variable_name", &variable)?;
        Ok(infisical::Auth::Oidc { identity_id, jwt: SecretString::from(jwt).into() })
    }

    fn kubernetes(&self, kubernetes: Kubernetes) -> Result<infisical::Auth, Diagnostic> {
        let identity_id = self.part(kubernetes.identity_id.clone(), "identity_id", IDENTITY_ID)?;
        Ok(infisical::Auth::Kubernetes { identity_id, jwt: self.service_account(&kubernetes)? })
    }

    /// Token before path, and block before environment.
    fn service_account(&self, kubernetes: &Kubernetes) -> Result<TokenSource, Diagnostic> {
        const NAME: &str = "service_account_token";
        let path = given(kubernetes.service_account_token_path.as_ref());
        let token = match (given(kubernetes.service_account_token.as_ref()), &path) {
            (None, None) => (self.environment)(KUBERNETES_TOKEN),
            (token, _) => token,
        };
        if let Some(token) = token {
            return Ok(TokenSource::Value(self.sendable(&token, NAME, KUBERNETES_TOKEN)?.into()));
        }
        let path = path.or_else(|| (self.environment)(KUBERNETES_TOKEN_PATH));
        if path.as_deref().is_some_and(looks_like_a_token) {
            let detail = format!(
                "auth.kubernetes.service_account_token_path or the variable {KUBERNETES_TOKEN_PATH} holds what appears to be the \
                 token itself instead of the path of its file, so it is not shown. Give the token as \
                 auth.kubernetes.service_account_token or in the variable {KUBERNETES_TOKEN}."
            );
            let diagnostic = Diagnostic::error("No service account token", detail);
            return Err(diagnostic.at(self.path("service_account_token_path")));
        }
        let source = TokenSource::File(path.as_deref().unwrap_or(DEFAULT_KUBERNETES_TOKEN_PATH).into());
        // Each login reads it again, but a file that cannot be read should be reported at plan time.
        source.read().map_err(|error| {
            let detail = format!(
                "{error} Set auth.kubernetes.service_account_token or service_account_token_path, or the variable \
                 {KUBERNETES_TOKEN} or {KUBERNETES_TOKEN_PATH}."
            );
            Diagnostic::error("No service account token", detail).at(self.path("service_account_token_path"))
        })?;
        Ok(source)
    }

    fn aws_iam(&self, aws_iam: AwsIam) -> Result<infisical::Auth, Diagnostic> {
        let identity_id = self.part(aws_iam.identity_id, "identity_id", IDENTITY_ID)?;
        let is_set = |name: &str| (self.environment)(name).is_some();
        let half_given = match (is_set(AWS_KEY_ID), is_set(AWS_SECRET)) {
            (true, false) => Some((AWS_KEY_ID, AWS_SECRET)),
            (false, true) => Some((AWS_SECRET, AWS_KEY_ID)),
            _ => None,
        };
        if let Some((set, missing)) = half_given {
            let detail = format!(
                "The variable {set} is set and {missing} is not. Set both to sign with these credentials, or neither to use \
                 those of a profile or of the machine."
            );
            return Err(Diagnostic::error("Incomplete AWS credentials", detail).at(self.path("")));
        }
        // The first login finds out whether there are any credentials; until then no request is sent.
        Ok(infisical::Auth::AwsIam { identity_id, environment: AwsEnvironment::read(self.environment) })
    }

    /// The configured value, else the variable's, else an error that names both.
    fn part(&self, value: Option<String>, name: &str, variable: &str) -> Result<String, Diagnostic> {
        or_environment(value.as_ref(), self.environment, variable).ok_or_else(|| {
            let path = self.path(name);
            let detail = format!(
                "{path} has no value, or an empty one. Set it in the provider block, or set the variable {variable}."
            );
            Diagnostic::error("Incomplete login", detail).at(path)
        })
    }

    fn path(&self, name: &str) -> Path {
        let method = Path::of("auth").attribute(self.method.word());
        if name.is_empty() { method } else { method.attribute(name) }
    }
}
