//! Login as an AWS principal: the API receives a signed request to AWS's token service (`GetCallerIdentity`), forwards it, and
//! learns from AWS who signed it. The secret key itself never leaves the machine.
//!
//! ```text
//! chain ── which source gives the credentials (environment, profile, web identity, container, EC2 instance)
//!   │
//! profile ── files (what ~/.aws holds), keys (written down, or printed by a command)
//!   │
//! services ── AWS's services that issue credentials, and the metadata services, through the signing library
//!   │
//! context, machine ── files, commands and requests; environment
//! ```

mod chain;
mod context;
mod credentials;
mod environment;
mod files;
mod keys;
mod machine;
mod profile;
mod region;
mod services;
mod sign;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde::Serialize;
use zeroize::Zeroizing;

pub use environment::AwsEnvironment;
pub(super) use machine::{Machine, ThisMachine};

use super::Organization;
use crate::error::Error;
use crate::request::Request;
use environment::REGIONS;
use files::Files;
use profile::Profile;
use services::Services;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    identity_id: &'a str,
    iam_http_request_method: &'static str,
    iam_request_body: String,
    iam_request_headers: &'a str,
    #[serde(flatten)]
    organization: Organization<'a>,
}

/// Looks for credentials, anew each time, since they expire.
///
/// # Errors
///
/// [`Error::AwsCredentials`], [`Error::Setup`].
pub(super) async fn login(
    identity_id: &str,
    environment: &AwsEnvironment,
    machine: Arc<dyn Machine>,
    organization: Organization<'_>,
) -> Result<Request, Error> {
    let setup = |why: String| Error::Setup { reason: format!("The request to AWS cannot be signed: {why}.") };
    let files = Files::read(environment, machine.as_ref());
    let mut services = Services { environment: environment.clone(), machine, region: region::DEFAULT.to_owned() };
    let given = given_region(&files, &services).map_err(setup)?;
    if let Some(given) = &given {
        services.region.clone_from(given);
    }
    let found = chain::find(files.as_ref(), &services).await;
    let found = found.map_err(|error| Error::AwsCredentials(Box::new(error)))?;
    if found.is_instance && given.is_none() {
        let own = services.instance_region().await;
        services.region = own.filter(|own| region::checked(own, "").is_ok()).unwrap_or(services.region);
    }
    let headers = sign::signed_headers(&found.credentials, &services.region).await.map_err(setup)?;
    let encoded = Zeroizing::new(STANDARD.encode(&*headers));
    let request = Request::login("aws-auth").json(&Body {
        identity_id,
        iam_http_request_method: "POST",
        iam_request_body: STANDARD.encode(sign::REQUEST_BODY),
        iam_request_headers: &encoded,
        organization,
    })?;
    let signed = SecretString::from(encoded.as_str());
    Ok(request.hiding(found.credentials.secrets().chain([signed])))
}

/// The region that a variable names, or the profile.
fn given_region(files: &Result<Files, String>, services: &Services) -> Result<Option<String>, String> {
    if let Some((variable, region)) = services.environment.first(&REGIONS) {
        return region::checked(region, variable).map(|region| Some(region.to_owned()));
    }
    let Ok(files) = files else { return Ok(None) };
    let region = Profile::of(files, services).region();
    let checked = region.map(|region| region::checked(region, "the profile's region"));
    checked.transpose().map(|region| region.map(str::to_owned))
}
