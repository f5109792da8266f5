//! The signed request to AWS STS that an AWS login contains.
//!
//! The value of its signature is not verified, since only AWS knows the secret key. Everything else is checked.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::response::{Issue, Refusal};

const ALGORITHM: &str = "AWS4-HMAC-SHA256 ";

/// The replacement for secrets in records.
pub(crate) const REDACTED: &str = "(redacted)";

/// The headers by their names in lower case.
type Headers = HashMap<String, String>;

/// Refuses what is not a signed STS `GetCallerIdentity` request.
pub(crate) fn check(body: &str, headers: &str) -> Result<(), Refusal> {
    let body = decoded(body).ok_or_else(|| wrong("iamRequestBody", "must be base64"))?;
    let action = url::form_urlencoded::parse(body.as_bytes())
        .any(|(name, value)| name == "Action" && value == "GetCallerIdentity");
    if !action {
        return Err(wrong("iamRequestBody", "must ask for the action GetCallerIdentity"));
    }
    let headers: Headers = decoded(headers)
        .and_then(|text| serde_json::from_str::<Headers>(&text).ok())
        .ok_or_else(|| wrong("iamRequestHeaders", "must be a JSON object of strings in base64"))?;
    let headers: Headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    check_signature(&headers)
}

/// The headers without secrets: only the credential scope of the signature is kept. `None` if they cannot be decoded.
pub(crate) fn without_secrets(headers: &str) -> Option<Value> {
    let mut headers: HashMap<String, String> = serde_json::from_str(&decoded(headers)?).ok()?;
    for (name, value) in &mut headers {
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.truncate(value.find(',').unwrap_or(0)),
            "x-amz-security-token" => *value = REDACTED.to_owned(),
            _ => {}
        }
    }
    Some(json!(headers))
}

fn wrong(field: &str, message: &str) -> Refusal {
    Refusal::invalid(vec![Issue::new("custom", &[field], message)])
}

fn malformed(message: &str) -> Refusal {
    wrong("iamRequestHeaders", message)
}

fn check_signature(headers: &Headers) -> Result<(), Refusal> {
    let header = |name: &str| {
        headers.get(&name.to_ascii_lowercase()).ok_or_else(|| malformed(&format!("must have the header {name}")))
    };
    let (authorization, date, host) = (header("Authorization")?, header("X-Amz-Date")?, header("Host")?);
    let not_signed = || malformed("must have a SigV4 signature in Authorization");
    let parts: HashMap<_, _> = authorization
        .strip_prefix(ALGORITHM)
        .ok_or_else(not_signed)?
        .split(", ")
        .filter_map(|part| part.split_once('='))
        .collect();
    let part = |name: &str| parts.get(name).copied().ok_or_else(not_signed);
    let is_hash = |text: &str| text.len() == 64 && text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    if !is_hash(part("Signature")?) {
        return Err(not_signed());
    }
    let credential: Vec<_> = part("Credential")?.split('/').collect();
    let [key, day, region, "sts", "aws4_request"] = credential.as_slice() else { return Err(not_signed()) };
    if key.is_empty() || !date.starts_with(&format!("{day}T")) {
        return Err(malformed("must be signed for the day of X-Amz-Date"));
    }
    check_host(host, region)?;
    check_names(headers, part("SignedHeaders")?)
}

/// Refuses a host other than that of STS in the region of the signature, to which the real server sends the request.
fn check_host(host: &str, region: &str) -> Result<(), Refusal> {
    let is_allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if region.is_empty() || region.len() > 20 || !region.chars().all(is_allowed) {
        return Err(Refusal::bad_request("Invalid AWS region"));
    }
    let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
    match host == format!("sts.{region}.{domain}") {
        true => Ok(()),
        false => Err(malformed("must be meant for AWS STS in the region of the signature")),
    }
}

/// Refuses a signature that omits a required header, or that names a missing one, as AWS does.
fn check_names(headers: &Headers, signed: &str) -> Result<(), Refusal> {
    let signed: Vec<_> = signed.split(';').collect();
    let must = headers.keys().filter(|name| *name == "host" || name.starts_with("x-amz-"));
    if let Some(unsigned) = must.into_iter().find(|name| !signed.contains(&name.as_str())) {
        return Err(malformed(&format!("must have a signature over the header {unsigned}")));
    }
    match signed.iter().find(|name| !headers.contains_key(**name)) {
        Some(absent) => Err(malformed(&format!("must have the header {absent}, which is signed"))),
        None => Ok(()),
    }
}

fn decoded(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_contains_the_credential_scope_and_the_host_but_no_secrets() {
        let headers = json!({
            "Host": "sts.eu-west-1.amazonaws.com",
            "X-Amz-Security-Token": "hush",
            "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/sts/aws4_request, Signature=hush",
        });
        let expected = json!({
            "Host": "sts.eu-west-1.amazonaws.com",
            "X-Amz-Security-Token": "(redacted)",
            "Authorization": "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/sts/aws4_request",
        });
        assert_eq!(without_secrets(&STANDARD.encode(headers.to_string())), Some(expected));
        let short = STANDARD.encode(json!({"authorization": "hush"}).to_string());
        assert_eq!(without_secrets(&short), Some(json!({"authorization": ""})));
        assert_eq!(without_secrets("%"), None);
    }
}
