//! The tables of the guide, from the same functions as the messages.

use std::collections::BTreeSet;

use infisical::RefusalKind;

use crate::provider::{
    advice::{self, Situation},
    errors::Subject,
    openrouter::{
        connection_refusals::CONNECTION,
        connection_users,
        refusals::{LOOKUP, ROTATION},
        rotation_id::BY_ID,
        rotation_list::LIST,
    },
};

/// The requests that get advice of their own: what they are about, and as much of the request as the advice depends on.
const REQUESTS: [(&str, &Subject, &str); 9] = [
    ("a rotation", &ROTATION, "POST /"),
    ("an update of a rotation", &ROTATION, "PATCH /"),
    ("a rotation that is looked up", &LOOKUP, "GET /"),
    ("a list of rotations", &LIST, "GET /"),
    ("the keys of a rotation", &BY_ID, "GET /generated-credentials"),
    ("the rotate action", &BY_ID, "POST /rotate-secrets"),
    ("a connection", &CONNECTION, "POST /"),
    ("an update of a connection", &CONNECTION, "PATCH /"),
    (CONNECTION_BY_NAME, &CONNECTION, "GET /connection-name/"),
];

/// The request whose refusal as not found is about a connection. All others with advice of their own are about a rotation.
const CONNECTION_BY_NAME: &str = "a connection that is looked up";

/// What each situation looks like, and what to do.
pub(super) fn situations() -> String {
    let mut table = "| message | what to do |\n| --- | --- |\n".to_owned();
    for situation in Situation::ALL {
        let shown = shown(situation);
        table += &format!("| {shown} | {} |\n", situation.advice(None, Some("…")).replace("\"…\"", "`…`"));
    }
    table
}

/// What Infisical says, about what, the attribute at which the error is shown, and what to do.
pub(super) fn refusals() -> String {
    let mut table = "| Infisical's words | about | shown at | what to do |\n| --- | --- | --- | --- |\n".to_owned();
    for kind in RefusalKind::ALL {
        for Case { about, attributes, advice } in cases(kind) {
            let attributes: Vec<_> = attributes.iter().map(|path| format!("`{path}`")).collect();
            table += &format!("| {} | {about} | {} | {advice} |\n", words(kind, about), attributes.join(", "));
        }
    }
    table
}

/// An advice, the first request that gets it, and the attributes at which it is shown.
struct Case {
    about: &'static str,
    attributes: BTreeSet<String>,
    advice: &'static str,
}

/// The advice on this kind of refusal.
fn cases(kind: RefusalKind) -> Vec<Case> {
    let general = advice::on_refusal(kind).or_else(|| elsewhere(kind));
    let mut cases: Vec<Case> = Vec::new();
    let mut rest = BTreeSet::new();
    for (about, subject, request) in REQUESTS {
        let own = (subject.advice)(kind, request);
        let attribute = (subject.at_fault)(kind).map(|path| path.to_string());
        match (own, cases.iter_mut().find(|case| Some(case.advice) == own)) {
            (Some(_), Some(same)) => same.attributes.extend(attribute),
            (Some(advice), None) => cases.push(Case { about, attributes: attribute.into_iter().collect(), advice }),
            (None, _) => rest.extend(attribute),
        }
    }
    if let Some(advice) = general {
        let about = if cases.is_empty() { "anything" } else { "anything else" };
        cases.push(Case { about, attributes: rest, advice });
    }
    cases
}

/// Kinds whose advice depends on more than the kind.
fn elsewhere(kind: RefusalKind) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::ConnectionInUse => connection_users::WHAT_TO_DO,
        RefusalKind::ValidationFailed => {
            "Correct the attribute at which the error is shown. Each value that Infisical refuses is an error of its own."
        }
        RefusalKind::CredentialsRejected | RefusalKind::Locked => "The login failed: see the table above.",
        RefusalKind::Other => {
            "Infisical's own words have to be enough. If they are not, ask its support, with the request id."
        }
        _ => return None,
    })
}

/// How to recognize a situation.
fn shown(situation: Situation) -> &'static str {
    match situation {
        Situation::Unreachable => "`… got no response: …`",
        Situation::UnexpectedResponse => "`… was answered with status …`",
        Situation::StaleKeys => "`the answers are still from before the last rotation of the key`",
        Situation::RotationInProgress => "`A rotation … in progress`, in a rotation of the key",
        Situation::Stopped => "`… was stopped before it …`",
        Situation::Setup => "`configure the provider`, with the setting that cannot be used",
        Situation::LoginUnreachable => "`The login failed.`, `… got no response: …`",
        Situation::LoginLocked => "`Infisical refuses the login: …`, `This identity auth method is temporarily locked`",
        Situation::LoginsLimited => "`Infisical refuses the login: …`, with status 429",
        Situation::LoginFailedOnTheServer => "`Infisical refuses the login: …`, with status 500 or higher",
        Situation::LoginRouteNotFound => "`Infisical refuses the login: …`, `Route …`",
        Situation::LoginRefused => "`Infisical refuses the login: …`, in other words",
        Situation::NoAwsCredentials => "`No AWS credentials were found`",
        Situation::AwsCredentialsFailed => "`The AWS credentials cannot be obtained from …`",
        Situation::Existed => "`… already exists, with id …`",
        Situation::MadeByAnother => "`another request of this run created it`",
        Situation::PerhapsExisted => "`whether this request created it cannot be determined`",
        Situation::CreateUnknown => "`The outcome of … is not known.`, in a create",
        Situation::RotateUnknown => "`The outcome of … is not known.`, in a rotation of the key",
        Situation::MaybeIssued => "a status of 500 or higher, or a lost connection to OpenRouter, in a create",
        Situation::MaybeIssuedByRotate => {
            "a status of 500 or higher, or a lost connection to OpenRouter, in a rotation of the key"
        }
    }
}

/// Infisical's words in a refusal of what is named.
fn words(kind: RefusalKind, about: &str) -> &'static str {
    match kind {
        RefusalKind::NotFound if about == CONNECTION_BY_NAME => "`Could not find App Connection with name …`",
        RefusalKind::NotFound if about == "anything else" => {
            "`Could not find OpenRouter API Key Rotation with …`, `Could not find App Connection with ID …`"
        }
        RefusalKind::NotFound => "`Could not find OpenRouter API Key Rotation with …`",
        RefusalKind::RouteNotFound => "`Route … not found`",
        RefusalKind::NameTaken => "`… already exists`",
        RefusalKind::NameOfAnotherType => "`… is not configured for …`, `… is not for App …`",
        RefusalKind::SecretTaken => "`The following secrets already exist at the path …`",
        RefusalKind::FolderNotFound => "`Could not find folder with path …`",
        RefusalKind::ConnectionNotFound => "`Could not find App Connection with ID …`",
        RefusalKind::ConnectionMismatch => "`You cannot connect project App Connection with ID …`",
        RefusalKind::ConnectionForbidden => "`You are not allowed to …`, with `app-connections` at the end",
        RefusalKind::ConnectionInUse => "`Cannot delete App Connection with existing connections`",
        RefusalKind::ProjectNotFound => "`Could not find project …`, `Project with … not found`",
        RefusalKind::ProjectOutdated => "`Project version does not support …`",
        RefusalKind::PermissionDenied => "`You are not allowed to …`",
        RefusalKind::NotAMember => "`You are not a member …`, `Identity is not a member …`",
        RefusalKind::PlanRestriction => "`plan restriction`",
        RefusalKind::InProgress => "`A rotation … in progress`",
        RefusalKind::CannotRevoke => "`Failed to delete OpenRouter API key`",
        RefusalKind::KeyRefused => "`Failed to create OpenRouter API key`",
        RefusalKind::GenerationFailed => "`Infisical encountered an issue while generating credentials`",
        RefusalKind::ProvisioningKeyRefused => "status 401, for a connection that is given a key",
        RefusalKind::TokenRejected => "status 401, or 403 with words about the token",
        RefusalKind::CredentialsRejected => "`Infisical refuses the login: …`",
        RefusalKind::Locked => "`This identity auth method is temporarily locked`",
        RefusalKind::ValidationFailed => "`Infisical refuses …: …`, status 422",
        RefusalKind::RateLimited => "status 429",
        RefusalKind::ServerFault => "status 500 or higher",
        RefusalKind::Other => "anything else",
    }
}
