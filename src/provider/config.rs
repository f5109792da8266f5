//! The provider block: where Infisical is, and how to log in.

use tfplug::schema::{Attribute, Schema, object, string};
use tfplug::{Attr, Diagnostic, Diagnostics, Path, model};
use url::Url;

use super::credentials::{Credentials, Environment, Method};
use super::host;
use infisical::{Auth, Certificates};

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
            string().description(or_variable(&format!("Infisical's address. Default: `{}`.", host::DEFAULT), host::VARIABLE)),
        )
        .attribute("auth", auth_schema())
        .attribute(
            "ca_cert_file",
            string().description(or_variable(
                "A file with certificates, in PEM or DER form, that are trusted besides the system's: a certificate authority's, or the \
                 server's own.",
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
    pub(super) ca_certificates: Option<Certificates>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl Config {
    /// What is wrong with the block itself, whatever the environment holds.
    pub(super) fn problems(&self) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if let Some(Err(problem)) = self.host.get().and_then(|host| tidy(host)).map(host::parse) {
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
    /// A diagnostic that names the attribute and the variable which would fix it.
    pub(super) fn resolve(&self, environment: &Environment<'_>) -> Result<Option<Resolved>, Diagnostics> {
        let environment: &Environment<'_> = &|name| environment(name).as_deref().and_then(tidy).map(str::to_owned);
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
            warnings: host::in_the_clear(&host).into_iter().collect(),
            host,
            auth: credentials,
            organization_slug: or_environment(&auth.organization_slug, environment, ORGANIZATION_SLUG).get().cloned(),
            ca_certificates: self.ca_certificates(environment)?,
        }))
    }

    fn host(&self, environment: &Environment<'_>) -> Result<Url, Diagnostic> {
        match (self.host.get().and_then(|host| tidy(host)), environment(host::VARIABLE)) {
            (Some(host), _) => host::parse(host).map_err(|problem| problem.at(Path::of("host"))),
            (None, Some(host)) => host::parse(&host),
            (None, None) => host::parse(host::DEFAULT),
        }
    }

    fn ca_certificates(&self, environment: &Environment<'_>) -> Result<Option<Certificates>, Diagnostic> {
        let file = or_environment(&self.ca_cert_file, environment, CA_CERT_FILE);
        let Some(file) = file.get() else { return Ok(None) };
        let problem = |why: String| {
            let detail = format!("{why} Check ca_cert_file in the provider block, or the variable {CA_CERT_FILE}.");
            Diagnostic::error("Cannot read the CA certificates", detail).at(Path::of("ca_cert_file"))
        };
        let content =
            std::fs::read(file).map_err(|error| problem(format!("The file {file:?} cannot be read: {error}.")))?;
        Certificates::read(&content)
            .map(Some)
            .map_err(|why| problem(format!("The file {file:?} cannot be used. {why}")))
    }
}

/// A value without what is easily pasted or read along with it: white space, line ends, a byte order mark. An empty one is
/// as good as none.
pub(super) fn tidy(text: &str) -> Option<&str> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}');
    (!text.is_empty()).then_some(text)
}

/// The configured value, or the variable's, without white space around it.
pub(super) fn or_environment(value: &Attr<String>, environment: &Environment<'_>, variable: &str) -> Attr<String> {
    match value {
        Attr::Unknown => Attr::Unknown,
        Attr::Known(text) if tidy(text).is_some() => tidy(text).map(str::to_owned).into(),
        Attr::Known(_) | Attr::Null => environment(variable).as_deref().and_then(tidy).map(str::to_owned).into(),
    }
}

#[cfg(test)]
mod tests;
