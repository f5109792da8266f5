//! The signature, by AWS's description of the steps.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};

use super::*;

/// What was signed, in the words of the description.
struct Signed<'a> {
    method: &'a str,
    query: &'a str,
    /// Names in lower case, sorted.
    headers: Vec<(String, &'a str)>,
    body: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
}

impl Signed<'_> {
    fn signature(&self, secret: &str) -> String {
        let lines: String = self.headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        let hash = |text: &str| hex(digest(&SHA256, text.as_bytes()).as_ref());
        let canonical = [self.method, "/", self.query, &lines, &names.join(";"), &hash(self.body)].join("\n");
        let day = &self.date[..8];
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", self.date, hash(&canonical));
        let mut key = format!("AWS4{secret}").into_bytes();
        for part in [day, self.region, self.service, "aws4_request", &to_sign] {
            key = sign(&Key::new(HMAC_SHA256, &key), part.as_bytes()).as_ref().to_vec();
        }
        hex(&key)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The example with which AWS's documentation describes the steps; its key is AWS's own sample.
#[test]
fn the_steps_as_written_here_give_the_signature_of_the_documentations_example() {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("host", "iam.amazonaws.com"),
        ("x-amz-date", "20150830T123600Z"),
    ];
    let example = Signed {
        method: "GET",
        query: "Action=ListUsers&Version=2010-05-08",
        headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
        body: "",
        date: "20150830T123600Z",
        region: "us-east-1",
        service: "iam",
    };
    let signature = example.signature("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    assert_eq!(signature, "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

#[tokio::test]
async fn the_request_is_signed_by_the_documented_steps() {
    let keys = [("AWS_ACCESS_KEY_ID", "AN-ID"), ("AWS_SECRET_ACCESS_KEY", "hush+key/")];
    for (region, session) in [("us-east-1", None), ("us-gov-west-1", Some("session")), ("cn-north-1", Some("a+b/=="))] {
        let variables = keys.into_iter().chain([("AWS_REGION", region)]);
        let variables: Vec<_> = variables.chain(session.map(|session| ("AWS_SESSION_TOKEN", session))).collect();
        let logged_in = Fake::new(&[]).login(&variables).await.unwrap();
        assert_eq!((logged_in.key_and_region(), logged_in.session()), (("AN-ID", region), session));
        let names: Vec<_> = logged_in.authorization("SignedHeaders").split(';').collect();
        let by_name: BTreeMap<_, _> =
            logged_in.headers.iter().map(|(name, value)| (name.to_lowercase(), value.as_str())).collect();
        let all: Vec<_> = by_name.keys().map(String::as_str).filter(|name| *name != "authorization").collect();
        assert_eq!(names, all, "every header but the signature itself is signed");
        let body = STANDARD.decode(logged_in.body["iamRequestBody"].as_str().unwrap()).unwrap();
        let signed = Signed {
            method: logged_in.body["iamHttpRequestMethod"].as_str().unwrap(),
            query: "",
            headers: names.iter().map(|name| ((*name).to_owned(), by_name[*name])).collect(),
            body: std::str::from_utf8(&body).unwrap(),
            date: by_name["x-amz-date"],
            region,
            service: "sts",
        };
        assert_eq!(logged_in.authorization("Signature"), signed.signature("hush+key/"));
    }
}

#[tokio::test]
async fn the_body_has_the_documented_fields() {
    let keys = [("AWS_ACCESS_KEY_ID", "AN-ID"), ("AWS_SECRET_ACCESS_KEY", "hush-key")];
    let logged_in = Fake::new(&[]).login(&keys).await.unwrap();
    let body = logged_in.body.as_object().unwrap();
    let fields: Vec<_> = body.keys().map(String::as_str).collect();
    let expected = [
        "iamHttpRequestMethod",
        "iamRequestBody",
        "iamRequestHeaders",
        "identityId",
        "organizationSlug",
        "subOrganizationName",
    ];
    assert_eq!(fields, expected);
    let [slug, older] = ["organizationSlug", "subOrganizationName"].map(|field| &body[field]);
    assert_eq!((&body["identityId"], slug, older), (&json!("an-id"), &json!("acme"), &json!("acme")));
    let text = STANDARD.decode(body["iamRequestBody"].as_str().unwrap()).unwrap();
    assert_eq!(text, b"Action=GetCallerIdentity&Version=2011-06-15");
    assert_eq!(logged_in.key_and_region().1, "us-east-1", "without a region");
}
