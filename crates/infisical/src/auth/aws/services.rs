//! The services that issue credentials, each called through the signing library.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request};
use reqsign_aws_v4::{
    AssumeRoleCredentialProvider, AssumeRoleWithWebIdentityCredentialProvider, Credential, ECSCredentialProvider,
    IMDSv2CredentialProvider, RequestSigner, SSOCredentialProvider, StaticCredentialProvider,
};
use reqsign_core::{Context, Error, ProvideCredential, Signer};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::context::context;
use super::credentials::{Credentials, Miss};
use super::environment::{
    AwsEnvironment, CONTAINER_FULL_URI, CONTAINER_RELATIVE_URI, CONTAINER_TOKEN, CONTAINER_TOKEN_FILE,
    METADATA_DISABLED, METADATA_ENDPOINT, METADATA_ENDPOINT_MODE, ROLE_SESSION_NAME,
};
use super::machine::{Machine, Reach};
use super::region;
use crate::secret;

/// The default name of the sessions in AWS's audit log.
const SESSION_NAME: &str = "infisical";

const CONTAINER_HOST: &str = "http://169.254.170.2";
const METADATA_HOSTS: [&str; 2] = ["http://169.254.169.254", "http://[fd00:ec2::254]"];

/// The environment, the machine, and the region whose services are asked.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) environment: AwsEnvironment,
    pub(super) machine: Arc<dyn Machine>,
    pub(super) region: String,
}

/// A role to assume, as a profile describes it.
#[derive(Debug, Default)]
pub(super) struct Role<'a> {
    pub(super) arn: &'a str,
    pub(super) session_name: Option<&'a str>,
    pub(super) external_id: Option<&'a str>,
    pub(super) duration_seconds: Option<u32>,
}

/// A profile's settings for IAM Identity Center.
#[derive(Debug)]
pub(super) struct SingleSignOn<'a> {
    /// The name of the session, or the start URL of a profile without one: the cached token's file is named after it.
    pub(super) cached_as: &'a str,
    pub(super) region: &'a str,
    pub(super) account_id: &'a str,
    pub(super) role_name: &'a str,
}

impl Services {
    fn context(&self, reach: Reach) -> Context {
        context(&self.environment, &self.machine, reach)
    }

    /// A role for the token of an identity provider, such as a Kubernetes cluster.
    pub(super) async fn web_identity(
        &self,
        role_arn: &str,
        token_file: &str,
        session_name: Option<&str>,
    ) -> Result<Credentials, String> {
        let name = session_name.or_else(|| self.environment.get(ROLE_SESSION_NAME)).unwrap_or(SESSION_NAME);
        let provider = AssumeRoleWithWebIdentityCredentialProvider::new()
            .with_role_arn(role_arn)
            .with_web_identity_token_file(self.environment.expanded(token_file))
            .with_role_session_name(name.to_owned())
            .with_region(self.region.clone())
            .with_regional_sts_endpoint();
        provided(&provider, &self.context(Reach::Far), &[]).await
    }

    /// A role for credentials.
    pub(super) async fn assume(&self, role: &Role<'_>, with: &Credentials) -> Result<Credentials, String> {
        let mut source = StaticCredentialProvider::new(&with.access_key_id, with.secret_access_key.expose_secret());
        if let Some(token) = &with.session_token {
            source = source.with_session_token(token.expose_secret());
        }
        let context = self.context(Reach::Far);
        let signer = Signer::new(context.clone(), source, RequestSigner::new("sts", &self.region));
        let name = role.session_name.or_else(|| self.environment.get(ROLE_SESSION_NAME)).unwrap_or(SESSION_NAME);
        let mut provider = AssumeRoleCredentialProvider::new(role.arn.to_owned(), signer)
            .with_role_session_name(name.to_owned())
            .with_region(self.region.clone())
            .with_regional_sts_endpoint();
        if let Some(id) = role.external_id {
            provider = provider.with_external_id(id.to_owned());
        }
        if let Some(seconds) = role.duration_seconds {
            provider = provider.with_duration_seconds(seconds);
        }
        provided(&provider, &context, &[]).await
    }

    /// A role for the token that `aws sso login` has stored.
    pub(super) async fn single_sign_on(&self, of: &SingleSignOn<'_>) -> Result<Credentials, String> {
        let endpoint = format!("https://portal.sso.{}.{}/federation/credentials", of.region, region::domain(of.region));
        let provider = SSOCredentialProvider::new()
            .with_start_url(of.cached_as) // only the cached token's file follows from it
            .with_region(of.region)
            .with_account_id(of.account_id)
            .with_role_name(of.role_name)
            .with_endpoint(endpoint);
        provided(&provider, &self.context(Reach::Far), &[]).await
    }

    /// The role of an ECS task, or of an EKS pod by Pod Identity.
    pub(super) async fn container(&self) -> Result<Credentials, Miss> {
        let provider = ECSCredentialProvider::new();
        let mut provider =
            match (self.environment.get(CONTAINER_RELATIVE_URI), self.environment.get(CONTAINER_FULL_URI)) {
                (Some(relative), _) => provider.with_endpoint(format!("{CONTAINER_HOST}{relative}")),
                (None, Some(full)) => {
                    is_trustworthy(full).map_err(Miss::Failed)?;
                    provider.with_endpoint(full)
                }
                (None, None) => {
                    let why = format!("neither {CONTAINER_RELATIVE_URI} nor {CONTAINER_FULL_URI} is set");
                    return Err(Miss::Absent(why));
                }
            };
        let token = self.container_token().map_err(Miss::Failed)?;
        if let Some(token) = &token {
            provider = provider.with_auth_token(token.expose_secret());
        }
        let secrets: Vec<_> = token.iter().collect();
        provided(&provider, &self.context(Reach::Near), &secrets).await.map_err(Miss::Failed)
    }

    /// The file wins: a cluster replaces what is in it before it expires.
    fn container_token(&self) -> Result<Option<SecretString>, String> {
        let Some(path) = self.environment.get(CONTAINER_TOKEN_FILE) else {
            return Ok(self.environment.secret(CONTAINER_TOKEN));
        };
        let content = self.machine.read(path).map(String::from_utf8);
        match content.map_err(|error| format!("the file {path:?} of {CONTAINER_TOKEN_FILE} cannot be read: {error}"))? {
            Ok(text) => Ok(Some(SecretString::from(text.trim()))),
            Err(_) => Err(format!("the file {path:?} of {CONTAINER_TOKEN_FILE} holds no text")),
        }
    }

    /// The role of an EC2 instance.
    pub(super) async fn instance(&self) -> Result<Credentials, Miss> {
        if self.environment.get(METADATA_DISABLED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(Miss::Absent(format!("{METADATA_DISABLED} is {:?}", "true")));
        }
        let endpoint = self.metadata_endpoint();
        let provider = IMDSv2CredentialProvider::new().with_endpoint(endpoint);
        let found = provided(&provider, &self.context(Reach::Near), &[]).await;
        found.map_err(|why| Miss::Absent(format!("the metadata service {endpoint}: {why}")))
    }

    fn metadata_endpoint(&self) -> &str {
        let by_mode = match self.environment.get(METADATA_ENDPOINT_MODE) {
            Some(mode) if mode.eq_ignore_ascii_case("ipv6") => METADATA_HOSTS[1],
            _ => METADATA_HOSTS[0],
        };
        self.environment.get(METADATA_ENDPOINT).unwrap_or(by_mode).trim_end_matches('/')
    }

    /// The region of the EC2 instance, if the metadata service tells it.
    pub(super) async fn instance_region(&self) -> Option<String> {
        let endpoint = self.metadata_endpoint();
        let context = self.context(Reach::Near);
        let ask = async |method: Method, path: &str, header: (&str, &str)| {
            let request = Request::builder().method(method).uri(format!("{endpoint}/latest/{path}"));
            let answer = context.http_send(request.header(header.0, header.1).body(Bytes::new()).ok()?).await.ok()?;
            let text = String::from_utf8(answer.body().to_vec()).ok()?;
            answer.status().is_success().then_some(text)
        };
        let token = ask(Method::PUT, "api/token", ("x-aws-ec2-metadata-token-ttl-seconds", "60")).await?;
        ask(Method::GET, "meta-data/placement/region", ("x-aws-ec2-metadata-token", token.trim())).await
    }
}

/// The URL gets a secret token and hands out credentials, so that it is encrypted or does not leave the machine.
fn is_trustworthy(full: &str) -> Result<(), String> {
    let url = Url::parse(full).map_err(|error| format!("{CONTAINER_FULL_URI} is no URL: {error}"))?;
    let is_near = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback() || matches!(ip.octets(), [169, 254, 170, 2 | 23]),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || matches!(ip.segments(), [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23]),
        None => false,
    };
    if url.scheme() == "https" || (url.scheme() == "http" && is_near) {
        return Ok(());
    }
    Err(format!(
        "{CONTAINER_FULL_URI} is neither an https URL nor an http one of this machine or of ECS's and EKS's agents \
         (169.254.170.2, 169.254.170.23, fd00:ec2::23)"
    ))
}

/// The credentials that a provider of the library finds; `secrets` are those that its error might repeat.
async fn provided<P>(provider: &P, context: &Context, secrets: &[&SecretString]) -> Result<Credentials, String>
where
    P: ProvideCredential<Credential = Credential>,
{
    match provider.provide_credential(context).await {
        Ok(Some(found)) => Ok(found.into()),
        Ok(None) => Err("it has none".to_owned()),
        Err(error) => Err(words(&error, secrets)),
    }
}

/// The library's error with its cause, if the cause is one of its own: a parser's might quote what it parsed.
fn words(error: &Error, secrets: &[&SecretString]) -> String {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<Error>());
    let text = cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
    secret::quotable(text.trim_end_matches('.'), secrets.iter().copied())
}
