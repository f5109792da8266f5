//! The sources of AWS credentials, in the order in which they are asked.

use tracing::debug;

use super::credentials::{Credentials, Miss};
use super::environment::{ROLE_ARN, WEB_IDENTITY_TOKEN_FILE};
use super::files::Files;
use super::keys;
use super::profile::Profile;
use super::services::Services;
use crate::aws_credentials::AwsCredentialsError;

/// A source of credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Environment,
    Profile,
    WebIdentity,
    Container,
    Instance,
}

impl Source {
    /// The order of AWS's own tools.
    const ALL: [Self; 5] = [Self::Environment, Self::Profile, Self::WebIdentity, Self::Container, Self::Instance];

    fn name(self) -> &'static str {
        match self {
            Self::Environment => "the environment",
            Self::Profile => "the profile",
            Self::WebIdentity => "the web identity",
            Self::Container => "the container (ECS, EKS Pod Identity)",
            Self::Instance => "the EC2 instance",
        }
    }
}

/// The credentials, and whether they come from the EC2 instance.
pub(super) struct Found {
    pub(super) credentials: Credentials,
    pub(super) is_instance: bool,
}

/// Asks one source after the other. `files` are the files with profiles, or why they cannot be read.
///
/// # Errors
///
/// Which sources were asked, and why each had no credentials.
pub(super) async fn find(files: Result<&Files, &String>, services: &Services) -> Result<Found, AwsCredentialsError> {
    let mut looked_for = Vec::new();
    for source in Source::ALL {
        let found = match source {
            Source::Environment => keys::of_environment(&services.environment),
            Source::Profile => match files {
                Ok(files) => Profile::of(files, services).credentials(services).await,
                Err(why) => Err(Miss::Failed(why.clone())),
            },
            Source::WebIdentity => web_identity(services).await,
            Source::Container => services.container().await,
            Source::Instance => services.instance().await,
        };
        match found {
            Ok(credentials) => {
                debug!(source = source.name(), "AWS credentials found");
                return Ok(Found { credentials, is_instance: source == Source::Instance });
            }
            Err(Miss::Absent(why)) => looked_for.push((source.name(), why)),
            Err(Miss::Failed(why)) => {
                return Err(AwsCredentialsError { looked_for, failed: Some((source.name(), why)) });
            }
        }
    }
    Err(AwsCredentialsError { looked_for, failed: None })
}

async fn web_identity(services: &Services) -> Result<Credentials, Miss> {
    let Some(file) = services.environment.get(WEB_IDENTITY_TOKEN_FILE) else {
        return Err(Miss::Absent(format!("{WEB_IDENTITY_TOKEN_FILE} is not set")));
    };
    let Some(arn) = services.environment.get(ROLE_ARN) else {
        return Err(Miss::Failed(format!("{WEB_IDENTITY_TOKEN_FILE} is set and {ROLE_ARN} is not")));
    };
    services.web_identity(arn, file, None).await.map_err(Miss::Failed)
}
