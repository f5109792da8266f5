//! The provider's settings: the provider block, completed from the environment.

use infisical::Certificates;
use tfplug::{Diagnostic, Diagnostics, Path};
use url::Url;

use super::block::{Block, BlockConfig};
use super::credentials;
use super::environment::{CA_CERT_FILE, Environment, ORGANIZATION_SLUG, or_environment, tidy};
use super::host;

/// The settings that result from the block and the environment.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) host: Url,
    pub(super) auth: infisical::Auth,
    pub(super) organization_slug: Option<String>,
    pub(super) ca_certificates: Option<Certificates>,
    pub(super) warnings: Vec<Diagnostic>,
}

impl BlockConfig {
    /// What is wrong with the block itself, regardless of the environment.
    pub(super) fn problems(&self) -> Diagnostics {
        let mut problems = Diagnostics::new();
        if let Some(Err(problem)) = self.host.get().and_then(|host| tidy(host)).map(host::parse) {
            problems.push(problem.at(Path::of("host")));
        }
        if let Err(problem) = credentials::named_in(&self.auth.clone().into_value()) {
            problems.push(problem);
        }
        problems
    }
}

impl Block {
    /// The settings.
    ///
    /// # Errors
    ///
    /// A diagnostic that names the attribute and the variable that would fix it.
    pub(super) fn resolve(self, environment: &Environment<'_>) -> Result<Resolved, Diagnostics> {
        let environment: &Environment<'_> = &|name| environment(name).as_deref().and_then(tidy).map(str::to_owned);
        let host = self.host(environment)?;
        let ca_certificates = self.ca_certificates(environment);
        let slug = self.auth.as_ref().and_then(|auth| auth.organization_slug.as_ref());
        let organization_slug = or_environment(slug, environment, ORGANIZATION_SLUG);
        Ok(Resolved {
            auth: credentials::find(self.auth, environment)?,
            warnings: host::in_the_clear(&host).into_iter().collect(),
            host,
            organization_slug,
            ca_certificates: ca_certificates?,
        })
    }

    fn host(&self, environment: &Environment<'_>) -> Result<Url, Diagnostic> {
        match (self.host.as_deref().and_then(tidy), environment(host::VARIABLE)) {
            (Some(host), _) => host::parse(host).map_err(|problem| problem.at(Path::of("host"))),
            (None, Some(host)) => host::parse(&host),
            (None, None) => host::parse(host::DEFAULT),
        }
    }

    fn ca_certificates(&self, environment: &Environment<'_>) -> Result<Option<Certificates>, Diagnostic> {
        let Some(file) = or_environment(self.ca_cert_file.as_ref(), environment, CA_CERT_FILE) else { return Ok(None) };
        let problem = |why: String| {
            let detail = format!("{why} Check ca_cert_file in the provider block, or the variable {CA_CERT_FILE}.");
            Diagnostic::error("Cannot read the CA certificates", detail).at(Path::of("ca_cert_file"))
        };
        let content =
            std::fs::read(&file).map_err(|error| problem(format!("The file {file:?} cannot be read: {error}.")))?;
        Certificates::read(&content)
            .map(Some)
            .map_err(|why| problem(format!("The file {file:?} cannot be used. {why}")))
    }
}

#[cfg(test)]
mod tests;
