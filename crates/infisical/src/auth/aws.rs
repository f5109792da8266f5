//! Login as an AWS principal: the API is handed a signed request to AWS's token service (`GetCallerIdentity`),
//! sends it on, and learns from AWS who signed it. The secret key itself never leaves the machine.
//!
//! The signature is AWS's version 4 for a request with one path, no query and a form body.

use std::fmt::Write;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, Tag, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;
use zeroize::Zeroizing;

use super::Organization;
use crate::error::Error;
use crate::request::Request;

const REQUEST_BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// The region that the global token service signs for.
const GLOBAL_REGION: &str = "us-east-1";

/// An AWS principal's credentials.
#[derive(Debug, Clone)]
pub struct AwsCredentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: SecretString,
    /// `AWS_SESSION_TOKEN`, for temporary credentials.
    pub session_token: Option<SecretString>,
}

impl AwsCredentials {
    fn secrets(&self) -> impl Iterator<Item = SecretString> {
        std::iter::once(&self.secret_access_key).chain(&self.session_token).cloned()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    identity_id: &'a str,
    iam_http_request_method: &'static str,
    iam_request_body: String,
    iam_request_headers: &'a str,
    #[serde(flatten)]
    organization: Organization<'a>,
}

/// The headers of the request to the token service.
#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "Host")]
    host: &'a str,
    #[serde(rename = "Content-Type")]
    content_type: &'static str,
    #[serde(rename = "X-Amz-Date")]
    date: &'a str,
    #[serde(rename = "X-Amz-Security-Token", skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(rename = "Authorization")]
    authorization: &'a str,
}

pub(super) fn login(
    identity_id: &str,
    credentials: &AwsCredentials,
    region: Option<&str>,
    organization: Organization<'_>,
) -> Result<Request, Error> {
    let headers = signed_headers(credentials, region, OffsetDateTime::now_utc())?;
    let encoded = Zeroizing::new(STANDARD.encode(&*headers));
    let request = Request::login("aws-auth").json(&Body {
        identity_id,
        iam_http_request_method: "POST",
        iam_request_body: STANDARD.encode(REQUEST_BODY),
        iam_request_headers: &encoded,
        organization,
    })?;
    Ok(request.hiding(credentials.secrets()))
}

/// The signed headers as a JSON object.
fn signed_headers(of: &AwsCredentials, region: Option<&str>, now: OffsetDateTime) -> Result<Zeroizing<Vec<u8>>, Error> {
    let host = token_service(region);
    let region = region.unwrap_or(GLOBAL_REGION);
    let date = now
        .format(format_description!("[year][month][day]T[hour][minute][second]Z"))
        .map_err(|error| Error::Setup { reason: format!("The time can't be written for AWS: {error}.") })?;
    let day = date.split('T').next().unwrap_or_default();
    let session_token = of.session_token.as_ref().map(ExposeSecret::expose_secret);

    let scope = format!("{day}/{region}/sts/aws4_request");
    let (canonical, names) = canonical_request(&host, &date, session_token);
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(digest(&SHA256, canonical.as_bytes()).as_ref()));
    let signature = hex(mac(signing_key(of, day, region).as_ref(), &to_sign).as_ref());
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        of.access_key_id
    );
    let headers =
        Headers { host: &host, content_type: CONTENT_TYPE, date: &date, session_token, authorization: &authorization };
    serde_json::to_vec(&headers)
        .map(Zeroizing::new)
        .map_err(|error| Error::Setup { reason: format!("The AWS request can't be written as JSON: {error}.") })
}

/// The token service's host. AWS's Chinese regions are in a domain of their own.
fn token_service(region: Option<&str>) -> String {
    match region {
        None => "sts.amazonaws.com".to_owned(),
        Some(region) if region.starts_with("cn-") => format!("sts.{region}.amazonaws.com.cn"),
        Some(region) => format!("sts.{region}.amazonaws.com"),
    }
}

/// The request in the form that is hashed, and the names of the headers in it.
fn canonical_request(host: &str, date: &str, session_token: Option<&str>) -> (Zeroizing<String>, String) {
    let mut headers = format!("content-type:{CONTENT_TYPE}\nhost:{host}\nx-amz-date:{date}\n");
    let mut names = "content-type;host;x-amz-date".to_owned();
    if let Some(token) = session_token {
        headers.push_str(&format!("x-amz-security-token:{token}\n"));
        names.push_str(";x-amz-security-token");
    }
    let body = hex(digest(&SHA256, REQUEST_BODY.as_bytes()).as_ref());
    (Zeroizing::new(format!("POST\n/\n\n{headers}\n{names}\n{body}")), names)
}

/// The key of one day, region and service, so that the secret key signs nothing itself.
fn signing_key(of: &AwsCredentials, day: &str, region: &str) -> Tag {
    let secret = Zeroizing::new(format!("AWS4{}", of.secret_access_key.expose_secret()));
    let key = mac(secret.as_bytes(), day);
    let key = mac(key.as_ref(), region);
    let key = mac(key.as_ref(), "sts");
    mac(key.as_ref(), "aws4_request")
}

fn mac(key: &[u8], text: &str) -> Tag {
    sign(&Key::new(HMAC_SHA256, key), text.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn credentials(session_token: Option<&str>) -> AwsCredentials {
        AwsCredentials {
            access_key_id: "AN-ID".to_owned(),
            secret_access_key: "not-a-real-key".into(),
            session_token: session_token.map(Into::into),
        }
    }

    /// The expected signatures were computed apart from this code, from AWS's description of the steps.
    #[test]
    fn ok_the_signature_is_that_of_the_documented_steps() {
        let now = datetime!(2023-11-14 22:13:20 UTC);
        let cases = [
            (
                None,
                None,
                "sts.amazonaws.com",
                "us-east-1",
                "content-type;host;x-amz-date",
                "5ecf6ab59da6aad528355782653f2b356c9b6708615f739b27a094cffef32963",
            ),
            (
                Some("eu-central-1"),
                Some("not-a-real-session"),
                "sts.eu-central-1.amazonaws.com",
                "eu-central-1",
                "content-type;host;x-amz-date;x-amz-security-token",
                "3d45533f3d11358b5d3c8bc8f045ccb874f04453bf0eba750316f304d11678a5",
            ),
        ];
        for (region, session, host, scope, names, signature) in cases {
            let headers = signed_headers(&credentials(session), region, now).unwrap();
            let headers: serde_json::Value = serde_json::from_slice(&headers).unwrap();
            assert_eq!(headers["Host"], host);
            assert_eq!(headers["X-Amz-Date"], "20231114T221320Z");
            assert_eq!(headers.get("X-Amz-Security-Token").and_then(|token| token.as_str()), session);
            let credential = format!("AN-ID/20231114/{scope}/sts/aws4_request");
            let expected =
                format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}");
            assert_eq!(headers["Authorization"], expected);
        }
    }

    #[test]
    fn ok_the_body_has_the_documented_fields() {
        let call = login("an-id", &credentials(None), Some("cn-north-1"), Organization::of(Some("acme"))).unwrap();
        assert_eq!(call.name(), "POST /api/v1/auth/aws-auth/login");
        let body: serde_json::Value = serde_json::from_slice(call.body.as_deref().unwrap()).unwrap();
        let plain = |field: &str| String::from_utf8(STANDARD.decode(body[field].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!((&body["identityId"], &body["organizationSlug"]), (&"an-id".into(), &"acme".into()));
        assert_eq!(body["iamHttpRequestMethod"], "POST");
        assert_eq!(plain("iamRequestBody"), REQUEST_BODY);
        let headers: serde_json::Value = serde_json::from_str(&plain("iamRequestHeaders")).unwrap();
        assert_eq!(headers["Host"], "sts.cn-north-1.amazonaws.com.cn");
        assert!(!plain("iamRequestHeaders").contains("not-a-real-key"));
    }
}
