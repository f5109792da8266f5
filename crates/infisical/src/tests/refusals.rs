//! The server's exact words, and words that could be taken for others.

use super::operation::{Operation as O, Subject as S};
use super::refusal::classify;
use super::refusal_kind::RefusalKind as K;
use super::*;

type Case = (O, S, u16, &'static str, &'static str, K);

const GENERATION: &str = "Infisical encountered an issue while generating credentials with the configured inputs:";

#[rustfmt::skip]
const CASES: &[Case] = &[
    (O::Create, S::Rotation, 400, "BadRequest", "Failed to create secret rotation due to plan restriction. Upgrade plan to create secret rotations.", K::PlanRestriction),
    (O::Create, S::Rotation, 400, "BadRequest", "Project version does not support Secret Rotation V2. Upgrade it.", K::ProjectOutdated),
    (O::Create, S::Rotation, 403, "PermissionDenied", "You are not allowed to create on secret-rotation", K::PermissionDenied),
    (O::Create, S::Rotation, 403, "PermissionDenied", "You are not allowed to connect on app-connections", K::ConnectionForbidden),
    (O::Get, S::Connection, 403, "PermissionDenied", "You are not allowed to read on app-connections", K::PermissionDenied),
    (O::Create, S::Rotation, 403, "ProjectMembershipNotFound", "No membership", K::NotAMember),
    (O::Create, S::Rotation, 403, "ForbiddenError", "You are not a member of this project", K::NotAMember),
    (O::Create, S::Rotation, 400, "BadRequest", "Could not find folder with path \"/a\" in environment \"dev\" for project with ID \"p\"", K::FolderNotFound),
    (O::Create, S::Rotation, 404, "NotFound", "Could not find App Connection with ID c1", K::ConnectionNotFound),
    (O::Get, S::Connection, 404, "NotFound", "Could not find App Connection with ID c1", K::NotFound),
    (O::Create, S::Rotation, 400, "BadRequest", "GitHub Connection with ID c1 cannot be used to connect to OpenRouter", K::ConnectionMismatch),
    (O::Create, S::Rotation, 400, "BadRequest", "You cannot connect project App Connection with ID \"c\" from project with ID \"a\" to project with ID \"b\"", K::ConnectionMismatch),
    (O::Create, S::Rotation, 404, "NotFound", "Project with ID 'p' not found", K::ProjectNotFound),
    (O::Get, S::Rotation, 404, "NotFound", "Project with 7e5b2d34-6c1f-4f0e-9a55-0c6f0d1b2a10 not found", K::ProjectNotFound),
    (O::Delete, S::Connection, 404, "NotFound", "Project with p not found", K::ProjectNotFound),
    (O::List, S::Rotation, 404, "NotFound", "Whatever it is", K::Other),
    (O::Get, S::Rotation, 404, "NotFound", "KMS with ID 'k' not found", K::Other),
    (O::Delete, S::Rotation, 404, "NotFound", "Organization with ID o not found", K::Other),
    (O::Delete, S::Connection, 404, "NotFound", "Could not find OpenRouter API Key Rotation with ID \"c\"", K::Other),
    (O::Get, S::Rotation, 404, "NotFound", "Could not find \"a Rotation with ID r\"", K::Other),
    (O::Update, S::Rotation, 404, "NotFound", "Could not find OpenRouter API Key Rotation with ID r", K::NotFound),
    (O::Create, S::Rotation, 400, "BadRequest", "A Secret Rotation with the name \"n\" already exists at the secret path \"/\"", K::NameTaken),
    (O::Update, S::Rotation, 400, "BadRequest", "A Secret Rotation with the name \"n\" already exists at the secret path \"/\"", K::NameTaken),
    (O::Create, S::Connection, 400, "BadRequest", "An App Connection with the name \"n\" already exists", K::NameTaken),
    (O::Create, S::Rotation, 400, "BadRequest", "The following secrets already exist at the path \"/\": APP_KEY", K::SecretTaken),
    (O::Create, S::Rotation, 400, "BadRequest", "The following secret already exists at the path \"/\": APP_KEY", K::SecretTaken),
    (O::Create, S::Rotation, 400, "BadRequest", "Failed to create OpenRouter API key: no credits", K::KeyRefused),
    (O::Rotate, S::Rotation, 400, "BadRequest", "A rotation is already in progress. Please try again shortly.", K::InProgress),
    (O::Delete, S::Rotation, 400, "BadRequest", "Failed to delete OpenRouter API key: unauthorized", K::CannotRevoke),
    (O::Get, S::Rotation, 404, "NotFound", "Could not find OpenRouter API Key Rotation with ID \"r\"", K::NotFound),
    (O::GetByName, S::Rotation, 404, "NotFound", "Could not find OpenRouter API Key Rotation with name \"r\"", K::NotFound),
    (O::Get, S::Rotation, 404, "Not Found", "Route GET:/api/v2/secret-rotations/open-router-api-key/r not found", K::RouteNotFound),
    (O::Get, S::Rotation, 422, "ValidationFailure", "", K::ValidationFailed),
    (O::Get, S::Rotation, 403, "TokenError", "Your token has expired. Please re-authenticate.", K::TokenRejected),
    (O::Get, S::Rotation, 401, "UnauthorizedError", "Revoked", K::TokenRejected),
    (O::Create, S::Connection, 401, "UnauthorizedError", "Unable to validate", K::ProvisioningKeyRefused),
    (O::Update, S::Connection, 401, "UnauthorizedError", "Unable to validate", K::ProvisioningKeyRefused),
    (O::Update, S::Connection, 401, "UnauthorizedError", "Failed to authorize revoked access token, access token is revoked", K::TokenRejected),
    (O::Create, S::Connection, 401, "UnauthorizedError", "Unable to validate connection: invalid API key or insufficient permissions", K::ProvisioningKeyRefused),
    (O::Create, S::Connection, 400, "BadRequest", "Could not find project with ID p", K::ProjectNotFound),
    (O::Delete, S::Connection, 400, "BadRequest", "Cannot delete App Connection with existing connections. Remove all existing connections and try again.", K::ConnectionInUse),
    (O::Get, S::Connection, 401, "UnauthorizedError", "Revoked", K::TokenRejected),
    (O::Login, S::Login, 401, "UnauthorizedError", "Invalid credentials", K::CredentialsRejected),
    (O::Login, S::Login, 401, "UnauthorizedError", "This identity auth method is temporarily locked, please try again later", K::Locked),
    (O::Get, S::Rotation, 429, "RateLimitExceeded", "", K::RateLimited),
    (O::Create, S::Rotation, 500, "Batch Create", "Something went wrong", K::ServerFault),
    (O::GetByName, S::Rotation, 400, "BadRequest", "Secret Rotation with ID \"r\" is not configured for OpenRouter API Key", K::NameOfAnotherType),
    (O::Get, S::Rotation, 400, "BadRequest", "Secret Rotation with ID \"r\" is not configured for OpenRouter API Key", K::Other),
    (O::GetByName, S::Connection, 400, "BadRequest", "App Connection with name n is not for App \"open-router\"", K::NameOfAnotherType),
    (O::Create, S::Rotation, 400, "BadRequest", "Failed to create OpenRouter API key: socket hang up", K::GenerationFailed),
    (O::Create, S::Rotation, 400, "BadRequest", "Failed to create OpenRouter API key: Unknown error", K::GenerationFailed),
    // A secret named like a rotation, and other words that only look telling.
    (O::Create, S::Rotation, 400, "BadRequest", "The following secrets already exist at the path \"/rotation\": MY_SECRET_ROTATION_KEY", K::SecretTaken),
    (O::Create, S::Rotation, 400, "BadRequest", "A Secret Rotation with the name \"the-following-secrets\" already exists at the secret path \"/\"", K::NameTaken),
    (O::Create, S::Rotation, 400, "BadRequest", "Could not find folder with path \"/already-exists/plan restriction\" in environment \"dev\"", K::FolderNotFound),
    (O::Create, S::Rotation, 400, "BadRequest", "Cannot establish a secure TLS connection", K::Other),
    (O::Create, S::Rotation, 400, "BadRequest", "Invalid URL path", K::Other),
    (O::Create, S::Rotation, 400, "BadRequest", "Failed to create OpenRouter API key: a key of that name already exists", K::KeyRefused),
    (O::Update, S::Rotation, 400, "BadRequest", "Failed to delete OpenRouter API key: x", K::Other),
    (O::Get, S::Rotation, 404, "Gone", "no", K::Other),
    (O::Update, S::Rotation, 404, "NotFound", "Could not find folder with ID f", K::FolderNotFound),
];

#[test]
fn each_of_the_servers_texts_has_its_kind_and_no_stray_word_changes_it() {
    for (operation, subject, status, error, message, kind) in CASES {
        assert_eq!(classify(*operation, *subject, *status, error, message), *kind, "{operation:?}: {message}");
    }
}

#[test]
fn a_failed_generation_is_told_by_its_cause() {
    for (status, cause, kind) in [
        (400, "snapshot failed, the name already exists", K::GenerationFailed),
        (500, "Failed to delete OpenRouter API key: gone", K::GenerationFailed),
        (500, "Failed to create OpenRouter API key: Insufficient credits", K::KeyRefused),
        (500, "Failed to create OpenRouter API key: Request failed with status code 502", K::GenerationFailed),
        (500, "Failed to acquire rotation lock.", K::InProgress),
    ] {
        let message = format!("{GENERATION} {cause}");
        assert_eq!(classify(O::Rotate, S::Rotation, status, "InternalServerError", &message), kind, "{cause}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_route_is_one_with_or_without_the_requests_id() {
    let bare = r#"{"message":"Route GET:/x not found","error":"Not Found","statusCode":404}"#;
    let answers: [Make; 2] = [
        || refused(404, "Not Found", "Route GET:/x not found"),
        || {
            reply(
                404,
                "application/json",
                r#"{"message":"Route GET:/x not found","error":"Not Found","statusCode":404}"#,
            )
        },
    ];
    assert!(!bare.contains("reqId"));
    for answer in answers {
        let error = Script::new(move |_| answer()).client().rotations().get("r1").await.unwrap_err();
        assert_eq!((error.kind(), error.is_not_found()), (Some(K::RouteNotFound), false), "{error}");
    }
}

/// A terminal would obey control characters, and nobody reads a thousand lines.
#[tokio::test(start_paused = true)]
async fn what_an_answer_quotes_is_short_and_has_no_control_characters() {
    let many = || {
        let issues = vec![json!({"path": ["parameters\u{1b}[31m", 7], "message": "too long".repeat(100)}); 1000];
        let body = json!({"reqId": "req-1", "statusCode": 422, "message": issues, "error": "ValidationFailure"});
        reply(422, "application/json", body.to_string())
    };
    let error = Script::new(move |_| many()).client().rotations().get("r1").await.unwrap_err();
    let issues = error.refusal().unwrap().issues().len();
    assert!(issues == 20 && error.to_string().len() < 1200, "{issues} issues, {} bytes", error.to_string().len());
}
