//! Responses and errors in the API's format.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The result of a handler: the body of a 200, or an error response.
pub(crate) type Outcome = Result<Value, Refusal>;

/// The server's message for internal errors, such as a database failure.
const WENT_WRONG: &str = "Something went wrong";

/// A refusal: `{ reqId, statusCode, message, error, details? }` on the wire.
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

    /// An access token that is expired or isn't one: 403 on the real server, not 401.
    pub(crate) fn token(message: impl Into<Value>) -> Self {
        Self::new(403, "TokenError", message)
    }

    pub(crate) fn not_found(message: impl Into<Value>) -> Self {
        Self::new(404, "NotFound", message)
    }

    /// The 422 whose message is the list of what is wrong.
    pub(crate) fn invalid(issues: Vec<Issue>) -> Self {
        let list: Vec<Value> = issues.into_iter().map(Issue::into_json).collect();
        Self::new(422, "ValidationFailure", list)
    }

    pub(crate) fn internal(message: impl Into<Value>) -> Self {
        Self::new(500, "InternalServerError", message)
    }

    /// The framework's own 500, without a cause.
    pub(crate) fn framework() -> Self {
        Self::internal(WENT_WRONG)
    }

    /// The 500 of a failed database step, which contains only the step's name.
    pub(crate) fn database(step: &'static str) -> Self {
        Self::new(500, step, WENT_WRONG)
    }

    pub(crate) fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// A refusal by its status alone, for faults and for what happens before a handler.
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

/// One entry of a 422's list.
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

/// A whole response, before faults modify it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) content_type: &'static str,
    pub(crate) text: String,
}

const JSON: &str = "application/json; charset=utf-8";

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, JSON, body.to_string())
    }

    pub(crate) fn html(status: u16, text: impl Into<String>) -> Self {
        Self::text(status, "text/html; charset=utf-8", text.into())
    }

    /// JSON text as it is, numbers and mistakes included.
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

    /// A path that the API doesn't have. The framework answers this itself, so
    /// the usual error names are missing, and `reqId` too unless a fault wants it.
    pub(crate) fn no_such_route(method: &str, path: &str, with_request_id: bool) -> Self {
        let message = format!("Route {method}:{path} not found");
        let mut body = json!({ "message": message, "error": "Not Found", "statusCode": 404 });
        if let (true, Some(fields)) = (with_request_id, body.as_object_mut()) {
            fields.insert("reqId".to_owned(), request_id().into());
        }
        Self::json(404, &body)
    }
}

impl From<Refusal> for Answer {
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

impl From<Outcome> for Answer {
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

/// An answer with one named part, such as `{ secretRotation: … }`.
pub(crate) fn named(name: &str, part: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), part)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_fresh_request_id() {
        let ids: Vec<Value> = (0..2)
            .map(|_| Answer::from(Refusal::bad_request("no")))
            .map(|answer| serde_json::from_str::<Value>(&answer.text).unwrap()["reqId"].clone())
            .collect();
        assert_ne!(ids[0], ids[1]);
        let id = ids[0].as_str().unwrap();
        assert!(id.starts_with("req-") && id.len() == 12, "{id}");
    }
}
