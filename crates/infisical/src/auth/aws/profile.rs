//! Credentials of a profile: its own keys, a role, a session of IAM Identity Center, or a command that prints them.

use zeroize::Zeroizing;

use super::credentials::{Credentials, Miss};
use super::environment::PROFILES;
use super::files::{Files, Section};
use super::keys;
use super::services::{Role, Services, SingleSignOn};

const DEFAULT: &str = "default";
const ROLE_ARN: &str = "role_arn";
const SSO_SESSION: &str = "sso_session";
const SSO_START_URL: &str = "sso_start_url";

/// The selected profile: the one named in a variable, or else the default profile.
pub(super) struct Profile<'a> {
    files: &'a Files,
    name: &'a str,
    /// The variable that names it.
    variable: Option<&'static str>,
}

/// A profile's name and what it holds.
type Named<'a> = (&'a str, &'a Section);

/// Where the credentials come from with which a profile's roles are assumed.
enum Base<'a> {
    Profile(&'a str, &'a Section),
    Source(&'a str),
    WebIdentity(&'a Section, &'a str),
}

impl<'a> Profile<'a> {
    pub(super) fn of(files: &'a Files, services: &'a Services) -> Self {
        let named = services.environment.first(&PROFILES);
        Self { files, name: named.map_or(DEFAULT, |(_, name)| name), variable: named.map(|(variable, _)| variable) }
    }

    pub(super) async fn credentials(&self, services: &Services) -> Result<Credentials, Miss> {
        if self.files.profile(self.name).is_none() {
            let why = format!("{} has no profile {:?}", self.files.names(), self.name);
            return Err(match self.variable {
                Some(variable) => Miss::Failed(format!("{variable} names {:?}, and {why}", self.name)),
                None => Miss::Absent(why),
            });
        }
        let (base, roles) = self.base().map_err(Miss::Failed)?;
        let mut credentials = match self.of_base(base, services).await {
            // A role is configured, so that this is no profile without credentials.
            Err(Miss::Absent(why)) if !roles.is_empty() => return Err(Miss::Failed(why)),
            found => found?,
        };
        for (name, role) in roles.into_iter().rev() {
            let assumed = match role_of(role) {
                Ok(role) => services.assume(&role, &credentials).await,
                Err(why) => Err(why),
            };
            credentials = assumed.map_err(|why| Miss::Failed(format!("the role of the profile {name:?}: {why}")))?;
        }
        Ok(credentials)
    }

    /// Follows `source_profile` to where there are credentials; the roles on the way are assumed from there on back.
    fn base(&self) -> Result<(Base<'a>, Vec<Named<'a>>), String> {
        let mut roles: Vec<Named<'_>> = Vec::new();
        let mut name = self.name;
        loop {
            let missing = || format!("{} has no profile {name:?}, which is a source_profile", self.files.names());
            let profile = self.files.profile(name).ok_or_else(missing)?;
            if profile.get(ROLE_ARN).is_none() {
                return Ok((Base::Profile(name, profile), roles));
            }
            if let Some(file) = profile.get("web_identity_token_file") {
                return Ok((Base::WebIdentity(profile, file), roles));
            }
            if roles.iter().any(|(other, _)| *other == name) {
                return Err(format!("the profile {name:?} is its own source_profile by way of others"));
            }
            roles.push((name, profile));
            match (profile.get("source_profile"), profile.get("credential_source")) {
                (Some(source), None) if source == name => return Ok((Base::Profile(name, profile), roles)),
                (Some(source), None) => name = source,
                (None, Some(source)) => return Ok((Base::Source(source), roles)),
                (Some(_), Some(_)) => {
                    return Err(format!("the profile {name:?} has both source_profile and credential_source"));
                }
                (None, None) => {
                    return Err(format!(
                        "the profile {name:?} has a role_arn and none of source_profile, credential_source and \
                         web_identity_token_file"
                    ));
                }
            }
        }
    }

    async fn of_base(&self, base: Base<'_>, services: &Services) -> Result<Credentials, Miss> {
        let (name, profile) = match base {
            Base::Profile(name, profile) => (name, profile),
            Base::WebIdentity(profile, file) => {
                let arn = profile.get(ROLE_ARN).unwrap_or_default();
                let found = services.web_identity(arn, file, profile.get("role_session_name")).await;
                return found.map_err(Miss::Failed);
            }
            Base::Source(source) => {
                let found = match source {
                    "Environment" => keys::of_environment(&services.environment),
                    "EcsContainer" => services.container().await,
                    "Ec2InstanceMetadata" => services.instance().await,
                    _ => {
                        Err(Miss::Failed("it is none of Environment, EcsContainer and Ec2InstanceMetadata".to_owned()))
                    }
                };
                return found.map_err(|(Miss::Absent(why) | Miss::Failed(why))| {
                    Miss::Failed(format!("the credential_source {source:?}: {why}"))
                });
            }
        };
        match self.own(name, profile, services).await {
            Some(found) => found.map_err(|why| Miss::Failed(format!("the profile {name:?}: {why}"))),
            None => Err(Miss::Absent(format!("the profile {name:?} has no credentials"))),
        }
    }

    /// The credentials of a profile without a role; `None` if it has no settings for credentials.
    async fn own(&self, name: &str, profile: &Section, services: &Services) -> Option<Result<Credentials, String>> {
        if let Some(keys) = keys::of_profile(profile) {
            return Some(keys);
        }
        if profile.get(SSO_SESSION).is_some() || profile.get(SSO_START_URL).is_some() {
            return Some(match self.single_sign_on(profile) {
                Ok(of) => services.single_sign_on(&of).await.map_err(|why| {
                    format!("{why}; `aws sso login --profile {name}` renews its session of IAM Identity Center")
                }),
                Err(why) => Err(why),
            });
        }
        let command = profile.get("credential_process")?;
        let printed = services.machine.run(command).await;
        let found = printed.and_then(|output| keys::of_process(&Zeroizing::new(output)));
        Some(found.map_err(|why| format!("its credential_process: {why}")))
    }

    /// With a section for the session, or, as older tools write it, without.
    fn single_sign_on<'b>(&'b self, profile: &'b Section) -> Result<SingleSignOn<'b>, String> {
        let (session, cached_as) = match profile.get(SSO_SESSION) {
            Some(name) => {
                let none = || format!("{} has no section [sso-session {name}]", self.files.names());
                (self.files.sso_session(name).ok_or_else(none)?, name)
            }
            None => (profile, profile.get(SSO_START_URL).unwrap_or_default()),
        };
        Ok(SingleSignOn {
            cached_as,
            region: needed(session, "sso_region")?,
            account_id: needed(profile, "sso_account_id")?,
            role_name: needed(profile, "sso_role_name")?,
        })
    }

    /// The region that the profile names.
    pub(super) fn region(&self) -> Option<&'a str> {
        self.files.profile(self.name)?.get("region")
    }
}

fn needed<'a>(section: &'a Section, setting: &str) -> Result<&'a str, String> {
    section.get(setting).ok_or_else(|| format!("{setting} is not set"))
}

fn role_of(profile: &Section) -> Result<Role<'_>, String> {
    if profile.get("mfa_serial").is_some() {
        return Err("it asks for a second factor (mfa_serial), which cannot be entered here".to_owned());
    }
    let seconds = profile.get("duration_seconds").map(str::parse).transpose();
    Ok(Role {
        arn: profile.get(ROLE_ARN).unwrap_or_default(),
        session_name: profile.get("role_session_name"),
        external_id: profile.get("external_id"),
        duration_seconds: seconds.map_err(|_| "its duration_seconds is no number")?,
    })
}
