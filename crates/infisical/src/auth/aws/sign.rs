//! The signed request to AWS's token service, as the headers that the API passes on.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use reqsign_aws_v4::RequestSigner;
use reqsign_core::hash::hex_sha256;
use reqsign_core::{Context, SignRequest};
use serde::ser::{Error as _, SerializeMap as _, Serializer as _};
use zeroize::Zeroizing;

use super::credentials::Credentials;
use super::region::token_service;

/// The body of the request that asks AWS who signed it.
pub(super) const REQUEST_BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const BODY_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
const BODY_HASH: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The signed headers as a JSON object.
///
/// # Errors
///
/// If the credentials or the region contain a character that a header cannot contain.
pub(super) async fn signed_headers(of: &Credentials, region: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let request = http::Request::post(format!("https://{}/", token_service(region)))
        .header(CONTENT_TYPE, BODY_TYPE)
        .header(BODY_HASH, hex_sha256(REQUEST_BODY.as_bytes()))
        .body(Bytes::new())
        .map_err(|error| error.to_string())?;
    let (mut head, _) = request.into_parts();
    let signer = RequestSigner::new("sts", region);
    let signed = signer.sign_request(&Context::new(), &mut head, Some(&of.to_sign_with()), None).await;
    signed.map_err(|error| error.to_string())?;

    let mut json = Zeroizing::new(Vec::with_capacity(4096));
    let mut serializer = serde_json::Serializer::new(&mut *json);
    let written = serializer.serialize_map(Some(head.headers.len())).and_then(|mut map| {
        for (name, value) in &head.headers {
            let value = value.to_str().map_err(serde_json::Error::custom)?;
            map.serialize_entry(&capitalized(name.as_str()), value)?;
        }
        map.end()
    });
    written.map_err(|error| error.to_string())?;
    Ok(json)
}

/// A header's name as it is usually written. Older servers know no other spelling of `Authorization`.
fn capitalized(name: &str) -> String {
    let mut starts = true;
    let letters = name.chars().map(|letter| {
        let written = if starts { letter.to_ascii_uppercase() } else { letter };
        starts = letter == '-';
        written
    });
    letters.collect()
}
