//! What to do about the client's errors. The guide of errors has the same sentences.

use infisical::{ConflictReason, Error, RefusalKind};

/// What happened, as far as the advice depends on it; refusals of a request have their own, in [`on_refusal`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Situation {
    Unreachable,
    UnexpectedResponse,
    StaleKeys,
    RotationInProgress,
    Stopped,
    Setup,
    LoginUnreachable,
    LoginLocked,
    LoginsLimited,
    LoginFailedOnTheServer,
    LoginRouteNotFound,
    LoginRefused,
    NoAwsCredentials,
    AwsCredentialsFailed,
    Existed,
    MadeByAnother,
    PerhapsExisted,
    CreateUnknown,
    RotateUnknown,
    MaybeIssued,
    MaybeIssuedByRotate,
}

/// Where an advice names the object that exists.
const ID: &str = "<id>";

/// Where an advice names the key that may be left.
const KEY: &str = "<key>";

impl Situation {
    /// All situations, in the order in which they are declared.
    #[cfg(test)]
    pub(super) const ALL: [Self; 21] = [
        Self::Unreachable,
        Self::UnexpectedResponse,
        Self::StaleKeys,
        Self::RotationInProgress,
        Self::Stopped,
        Self::Setup,
        Self::LoginUnreachable,
        Self::LoginLocked,
        Self::LoginsLimited,
        Self::LoginFailedOnTheServer,
        Self::LoginRouteNotFound,
        Self::LoginRefused,
        Self::NoAwsCredentials,
        Self::AwsCredentialsFailed,
        Self::Existed,
        Self::MadeByAnother,
        Self::PerhapsExisted,
        Self::CreateUnknown,
        Self::RotateUnknown,
        Self::MaybeIssued,
        Self::MaybeIssuedByRotate,
    ];

    /// `None` for a refusal, and for an error about which nothing can be advised.
    pub(super) fn of(error: &Error) -> Option<Self> {
        Some(match error {
            Error::Refused(_) => return None,
            Error::Login(cause) => Self::of_login(cause),
            Error::Unreachable { .. } => Self::Unreachable,
            Error::UnexpectedResponse(_) => Self::UnexpectedResponse,
            Error::StaleKeys { .. } => Self::StaleKeys,
            Error::RotationInProgress { .. } => Self::RotationInProgress,
            Error::Stopped { .. } => Self::Stopped,
            Error::Setup { .. } => Self::Setup,
            Error::AlreadyExists(found) => match found.reason() {
                ConflictReason::Existed | ConflictReason::Different(_) | ConflictReason::AtTheSameTime => Self::Existed,
                ConflictReason::MadeByAnother => Self::MadeByAnother,
                ConflictReason::Undetermined => Self::PerhapsExisted,
            },
            Error::OutcomeUnknown(unknown) if unknown.baseline().is_some() => Self::RotateUnknown,
            Error::OutcomeUnknown(_) => Self::CreateUnknown,
            Error::MaybeIssued(issued) if issued.is_of_a_rotate() => Self::MaybeIssuedByRotate,
            Error::MaybeIssued(_) => Self::MaybeIssued,
            Error::AwsCredentials(error) if error.is_none_found() => Self::NoAwsCredentials,
            Error::AwsCredentials(_) => Self::AwsCredentialsFailed,
        })
    }

    fn of_login(cause: &Error) -> Self {
        match (cause, cause.kind()) {
            (Error::Unreachable { .. }, _) => Self::LoginUnreachable,
            // A page or a redirect says nothing about the credentials.
            (Error::UnexpectedResponse(_), _) => Self::UnexpectedResponse,
            (_, Some(RefusalKind::Locked)) => Self::LoginLocked,
            (_, Some(RefusalKind::RateLimited)) => Self::LoginsLimited,
            (_, Some(RefusalKind::ServerFault)) => Self::LoginFailedOnTheServer,
            (_, Some(RefusalKind::RouteNotFound)) => Self::LoginRouteNotFound,
            _ => Self::LoginRefused,
        }
    }

    /// What to do, if an object with the id `found` exists, and a key named `key` may be left at `OpenRouter`.
    pub(super) fn advice(self, found: Option<&str>, key: Option<&str>) -> String {
        let text = self.text().replace(ID, found.unwrap_or(ID));
        match (key, self.about_the_key()) {
            (Some(key), Some(sentence)) => format!("{text} {}", sentence.replace(KEY, &format!("{key:?}"))),
            _ => text,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Unreachable => {
                "Check host in the provider block (or INFISICAL_HOST), whether it is http or https there, the network and proxy \
                 settings, and ca_cert_file for a private certificate authority. Running the same again is safe."
            }
            Self::UnexpectedResponse => {
                "Something other than Infisical's API may have answered. Check that host is the address alone, without /api, and \
                 check proxies and gateways on the way."
            }
            Self::StaleKeys => {
                "Infisical may read a replica of its database that lags behind. Wait a minute, then run the same again."
            }
            Self::RotationInProgress => {
                "Another rotation of this key is in progress, and did not end within a minute. Wait until it ends. An apply \
                 for changed rotation_triggers then looks first whether that rotation replaced the key, and replaces it only \
                 if it did not. An action does not, so look at the rotation in Infisical before you invoke it again."
            }
            Self::Stopped => "Terraform was asked to stop. The next plan shows what is left to do.",
            Self::Setup => "Check the provider block and the INFISICAL_ variables.",
            Self::LoginUnreachable => {
                "Check host in the provider block (or INFISICAL_HOST), the network and proxy settings, and ca_cert_file for a \
                 private certificate authority."
            }
            Self::LoginLocked => {
                "Infisical locks an identity for some minutes after several failed logins, and then refuses right credentials, \
                 too. Wait five minutes, then run the same again. If it happens again, find out who uses wrong credentials."
            }
            Self::LoginsLimited => "Infisical limits logins per minute. Wait a minute, then run the same again.",
            Self::LoginFailedOnTheServer => ON_THE_SERVER,
            Self::LoginRouteNotFound => NO_ROUTE,
            Self::LoginRefused => {
                "Check the credentials in the provider block's auth, or in the INFISICAL_ variables, and that host is the \
                 Infisical that knows them."
            }
            Self::NoAwsCredentials => {
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, if they are temporary), or AWS_PROFILE, \
                 or run where AWS provides credentials: on EKS, ECS or EC2 with a role. Or choose another method of auth."
            }
            Self::AwsCredentialsFailed => {
                "Correct it, or unset what configures it: the sources after it are asked only if it is not configured at all. \
                 To check the credentials with AWS's own CLI, run `aws sts get-caller-identity` with the same variables."
            }
            Self::Existed => {
                "It was not changed. To manage it here, import it: terraform import ADDRESS <id>. Otherwise choose another name. A \
                 replacement with create_before_destroy needs another name, too."
            }
            Self::PerhapsExisted => {
                "Compare it in Infisical with this configuration. To manage it here, import it: terraform import ADDRESS <id>. \
                 Otherwise choose another name. A replacement with create_before_destroy needs another name, too."
            }
            Self::MadeByAnother => {
                "Two resources of this configuration have the same name in the same place. Choose another name for one of them."
            }
            Self::CreateUnknown => {
                "Check in Infisical whether it exists. If it does, import it; otherwise apply again."
            }
            Self::RotateUnknown => {
                "The next apply looks first whether the key was replaced, and rotates it only if it was not."
            }
            Self::MaybeIssued => {
                "One or more new keys may be left at OpenRouter, since Infisical issues a key before it stores anything, and \
                 asks OpenRouter up to four times. If they are there and nothing uses them, delete them at OpenRouter. Applying \
                 again is safe; it was not repeated here, because each repetition may issue other keys."
            }
            // All keys of a rotation have the same name, so advice to delete the key of that name could cost the key in use.
            Self::MaybeIssuedByRotate => {
                "One or more new keys may be left at OpenRouter, since Infisical issues a key before it stores anything, and \
                 asks OpenRouter up to four times. Do not go by the name: all keys of a rotation have the same. The leftovers are \
                 the keys whose hashes are not among the hashes of the rotation's own keys, which are in credentials[*].key_hash \
                 of the ephemeral resource infisical_openrouter_rotation_credentials; delete only those. Applying again is \
                 safe; it was not repeated here, because each repetition may issue other keys."
            }
        }
    }

    /// What is added where a key of a known name may be left.
    fn about_the_key(self) -> Option<&'static str> {
        match self {
            Self::Existed | Self::PerhapsExisted | Self::MadeByAnother => {
                Some("A key named <key> may be left at OpenRouter.")
            }
            Self::CreateUnknown => {
                Some("If it does not, a key named <key> may be left at OpenRouter; delete it there.")
            }
            Self::MaybeIssued | Self::MaybeIssuedByRotate => Some("The keys would be named <key>."),
            _ => None,
        }
    }
}

const ON_THE_SERVER: &str =
    "This is a fault on Infisical's side. Wait and run the same again; if it persists, report the request id.";

const NO_ROUTE: &str = "This server does not have the route. Check that host is Infisical's address without any path, and that \
                        a self-hosted Infisical is recent enough to rotate OpenRouter keys.";

/// What to do about a refusal, whatever the object.
pub(super) fn on_refusal(kind: RefusalKind) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::PlanRestriction => {
            "Secret rotations are a paid feature of Infisical: this organization's plan does not include them."
        }
        RefusalKind::ProjectOutdated => "Upgrade the project in Infisical's console.",
        RefusalKind::TokenRejected => {
            "The access token is wrong or has expired. Check auth in the provider block, or INFISICAL_TOKEN."
        }
        RefusalKind::PermissionDenied => {
            "This identity lacks the permission. In Infisical, give it the permission on secret rotations, on the environment \
             and folder, and on the app connection."
        }
        RefusalKind::ConnectionForbidden => {
            "This identity may not use the app connection. In Infisical, give it the permission to connect with it."
        }
        RefusalKind::NotAMember | RefusalKind::ProjectNotFound => {
            "Check project_id, and that this identity is a member of the project."
        }
        RefusalKind::NotFound => "Check the ids, and that this identity is a member of the project.",
        RefusalKind::RouteNotFound => NO_ROUTE,
        RefusalKind::RateLimited => "Infisical limits calls per minute. Wait a minute, or lower -parallelism.",
        RefusalKind::ServerFault | RefusalKind::GenerationFailed => ON_THE_SERVER,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_all_situations_is_complete() {
        let positions: Vec<_> = Situation::ALL.into_iter().map(|situation| situation as usize).collect();
        assert_eq!(positions, (0..=Situation::MaybeIssuedByRotate as usize).collect::<Vec<_>>(), "it is the last one");
    }

    #[test]
    fn the_object_and_the_key_are_named_where_they_are_known() {
        let advice = Situation::Existed.advice(Some("r1"), Some("app"));
        assert!(
            advice.contains("import ADDRESS r1.") && advice.ends_with("A key named \"app\" may be left at OpenRouter.")
        );
        assert!(!Situation::Existed.advice(Some("r1"), None).contains("OpenRouter"));
    }
}
