//! Responses and errors in the API's format.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The result of a handler: the body of a 200, or an error response.
pub(crate) type Outcome = Result<Value, Refusal>;

/// The server's message for internal errors, such as a database failure.
const WENT_WRONG: &str = "Something went wrong";

/// An error response: `{ reqId, statusCode, message, error, details? }`.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    error: Cow<'static, str>,
    message: Value,
    details: Option<Value>,
}

impl Refusal {
    pub(crate) fn new(status: u16, error: impl Into<Cow<'static, str>>, message: impl Into<Value>) -> Self {
        Self { status, error: error.into(), message: message.into(), details: None }
    }

    pub(crate) fn bad_request(message: impl Into<Value>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    pub(crate) fn unauthorized(message: impl Into<Value>) -> Self {
        Self::new(401, "UnauthorizedError", message)
    }

    /// An expired or malformed access token, for which the real server returns 403 instead of 401.
    pub(crate) fn token(message: impl Into<Value>) -> Self {
        Self::new(403, "TokenError", message)
    }

    pub(crate) fn not_found(message: impl Into<Value>) -> Self {
        Self::new(404, "NotFound", message)
    }

    /// A 422, whose message is the list of violations.
    pub(crate) fn invalid(issues: Vec<Issue>) -> Self {
        let list: Vec<Value> = issues.into_iter().map(Issue::into_json).collect();
        Self::new(422, "ValidationFailure", list)
    }

    pub(crate) fn internal(message: impl Into<Value>) -> Self {
        Self::new(500, "InternalServerError", message)
    }

    /// A 500 from the web framework itself, which gives no cause.
    pub(crate) fn framework() -> Self {
        Self::internal(WENT_WRONG)
    }

    /// The 500 for a failed database operation, which contains only the operation's name.
    pub(crate) fn database(step: &'static str) -> Self {
        Self::new(500, step, WENT_WRONG)
    }

    pub(crate) fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// An error with the usual name for its status, for faults and for the rate limit.
    pub(crate) fn with_status(status: u16, message: impl Into<Value>) -> Self {
        let error = match status {
            401 => "UnauthorizedError",
            403 => "PermissionDenied",
            404 => "NotFound",
            408 => "RequestTimeout",
            413 => "PayloadTooLarge",
            415 => "UnsupportedMediaType",
            422 => "ValidationFailure",
            429 => "RateLimitExceeded",
            500.. => "InternalServerError",
            _ => "BadRequest",
        };
        Self::new(status, error, message)
    }
}

/// A violation: one entry in the list of a 422.
#[derive(Debug, PartialEq)]
pub(crate) struct Issue {
    pub(crate) code: &'static str,
    pub(crate) path: Vec<Value>,
    pub(crate) message: String,
}

impl Issue {
    pub(crate) fn new(code: &'static str, path: &[&str], message: impl Into<String>) -> Self {
        let path = path.iter().map(|part| Value::from(*part)).collect();
        Self { code, path, message: message.into() }
    }

    fn into_json(self) -> Value {
        json!({ "code": self.code, "path": self.path, "message": self.message })
    }
}

/// A complete response, before faults modify it.
pub(crate) struct ApiResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content_type: &'static str,
    pub(crate) text: String,
}

const JSON: &str = "application/json; charset=utf-8";

impl ApiResponse {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, JSON, body.to_string())
    }

    pub(crate) fn html(status: u16, text: impl Into<String>) -> Self {
        Self::text(status, "text/html; charset=utf-8", text.into())
    }

    /// This text as JSON, even if it is invalid.
    pub(crate) fn json_text(status: u16, text: impl Into<String>) -> Self {
        Self::text(status, JSON, text.into())
    }

    fn text(status: u16, content_type: &'static str, text: String) -> Self {
        Self { status, headers: Vec::new(), content_type, text }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The 404 for a path that the API does not have. It comes from the web framework itself, so
    /// it lacks the usual error name, and also the `reqId` unless a fault asks for one.
    pub(crate) fn no_such_route(method: &str, path: &str, with_request_id: bool) -> Self {
        let message = format!("Route {method}:{path} not found");
        let mut body = json!({ "message": message, "error": "Not Found", "statusCode": 404 });
        if let (true, Some(fields)) = (with_request_id, body.as_object_mut()) {
            fields.insert("reqId".to_owned(), request_id().into());
        }
        Self::json(404, &body)
    }
}

impl From<Refusal> for ApiResponse {
    fn from(refusal: Refusal) -> Self {
        let mut body = json!({
            "reqId": request_id(),
            "statusCode": refusal.status,
            "message": refusal.message,
            "error": refusal.error,
        });
        if let (Some(details), Some(fields)) = (refusal.details, body.as_object_mut()) {
            fields.insert("details".to_owned(), details);
        }
        Self::json(refusal.status, &body)
    }
}

impl From<Outcome> for ApiResponse {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Ok(body) => Self::json(200, &body),
            Err(refusal) => refusal.into(),
        }
    }
}

fn request_id() -> String {
    let random = Uuid::new_v4().simple().to_string();
    let short: String = random.chars().take(8).collect();
    format!("req-{short}")
}

/// An object with one field, such as `{ secretRotation: … }`.
pub(crate) fn named(name: &str, part: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), part)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_request_id() {
        let ids: Vec<Value> = (0..2)
            .map(|_| ApiResponse::from(Refusal::bad_request("no")))
            .map(|response| serde_json::from_str::<Value>(&response.text).unwrap()["reqId"].clone())
            .collect();
        assert_ne!(ids[0], ids[1]);
        let id = ids[0].as_str().unwrap();
        assert!(id.starts_with("req-") && id.len() == 12, "{id}");
    }
}
