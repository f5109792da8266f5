//! The requests that the simulator received, without secrets.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::call::Call;
use crate::signed_aws_request;

/// The field of an AWS login that contains the signed headers.
const SIGNED_HEADERS: &str = "iamRequestHeaders";

/// A request as it was received, and the status of its response.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordedRequest {
    /// The call that was requested.
    pub call: Call,
    /// The HTTP method.
    pub method: String,
    /// The path, as sent, without the query.
    pub path: String,
    /// The query parameters by name.
    pub query: BTreeMap<String, String>,
    /// The body, if it was JSON, with numbers as they were sent. Secrets are replaced by `(redacted)`.
    pub body: Option<Value>,
    /// Whether it had an access token that was valid on arrival.
    pub authorized: bool,
    /// The status of the response; `None` while the request is pending and when no response was sent.
    pub status: Option<u16>,
    /// The names of the faults that were applied, such as `drop-after`.
    pub faults: Vec<&'static str>,
}

/// The requests in the order in which they arrived.
#[derive(Default)]
pub(crate) struct Records {
    list: Vec<RecordedRequest>,
    cleared: usize,
}

impl Records {
    /// Adds a request and returns its number, for [`Self::set_status`].
    pub(crate) fn add(&mut self, request: RecordedRequest) -> usize {
        self.list.push(request);
        self.cleared + self.list.len() - 1
    }

    /// Records the status of a response. Returns `None` if the request was cleared in the meantime.
    pub(crate) fn set_status(&mut self, number: usize, status: Option<u16>) -> Option<RecordedRequest> {
        let at = number.checked_sub(self.cleared)?;
        let request = self.list.get_mut(at)?;
        request.status = status;
        Some(request.clone())
    }

    pub(crate) fn all(&self) -> Vec<RecordedRequest> {
        self.list.clone()
    }

    pub(crate) fn clear(&mut self) {
        self.cleared += self.list.len();
        self.list.clear();
    }
}

/// The body without its secrets: the credentials of logins, and provisioning keys.
pub(crate) fn redacted(mut body: Value) -> Value {
    if let Some(headers) = body.get_mut(SIGNED_HEADERS) {
        // The access key id and the region are not secret.
        *headers = headers.as_str().and_then(signed_aws_request::without_secrets).unwrap_or_else(redacted_value);
    }
    for name in ["clientSecret", "jwt", "iamRequestBody", "credentials"] {
        match body.get_mut(name) {
            // The keys are kept, so that a test can see which were sent.
            Some(Value::Object(fields)) => fields.values_mut().for_each(redact),
            Some(secret) => redact(secret),
            None => {}
        }
    }
    body
}

fn redact(secret: &mut Value) {
    *secret = redacted_value();
}

fn redacted_value() -> Value {
    Value::from(signed_aws_request::REDACTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request() -> RecordedRequest {
        RecordedRequest {
            call: Call::Read,
            method: "GET".into(),
            path: "/".into(),
            query: BTreeMap::new(),
            body: None,
            authorized: true,
            status: None,
            faults: vec![],
        }
    }

    #[test]
    fn a_response_is_recorded_for_its_request_even_after_others_were_cleared() {
        let mut records = Records::default();
        let early = records.add(request());
        records.clear();
        let late = records.add(request());
        assert_eq!(records.set_status(early, Some(500)), None);
        assert_eq!(records.set_status(late, Some(200)).and_then(|found| found.status), Some(200));
        assert_eq!(records.all().iter().map(|found| found.status).collect::<Vec<_>>(), [Some(200)]);
    }

    #[test]
    fn secrets_are_redacted_and_the_rest_is_kept() {
        let body = json!({ "clientId": "a", "clientSecret": "b", "credentials": { "apiKey": "c" } });
        let expected = json!({
            "clientId": "a", "clientSecret": "(redacted)", "credentials": { "apiKey": "(redacted)" }
        });
        assert_eq!(redacted(body), expected);
        assert_eq!(redacted(json!({ "credentials": "c" })), json!({ "credentials": "(redacted)" }));
        let invalid = json!({ "iamRequestHeaders": "%" });
        assert_eq!(redacted(invalid), json!({ "iamRequestHeaders": "(redacted)" }));
        assert_eq!(redacted(json!(["jwt"])), json!(["jwt"]), "not an object, so it has no keys");
    }
}
