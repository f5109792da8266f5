//! Each source of credentials, and which one is asked first.

use super::*;

const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "of-environment"), ("AWS_SECRET_ACCESS_KEY", "hush-key")];
const PROFILE: (&str, &str) =
    ("/home/a/.aws/credentials", "[default]\naws_access_key_id = of-profile\naws_secret_access_key = hush-key\n");
const WEB_IDENTITY: [(&str, &str); 2] =
    [("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/a")];
const CONTAINER: (&str, &str) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/a");

/// A machine on which AWS's services answer, each with its own key.
fn in_aws(files: &[(&str, &str)]) -> Fake {
    Fake::new(files).answering(|sent| match sent.what.as_str() {
        what if what.starts_with("POST https://sts.") => assumed("AssumeRoleWithWebIdentity", "of-web-identity"),
        "GET http://169.254.170.2/v2/credentials/a" => temporary("of-container"),
        "PUT http://169.254.169.254/latest/api/token" => reply(200, "metadata-token"),
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/" => reply(200, "a-role"),
        "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/a-role" => temporary("of-instance"),
        "GET http://169.254.169.254/latest/meta-data/placement/region" => reply(200, "eu-south-2"),
        _ => reply(404, ""),
    })
}

#[tokio::test]
async fn the_environment_counts_before_the_profile_the_web_identity_the_container_and_the_instance() {
    let token = ("/token", "a.web.identity\n");
    for (absent, key) in
        [(0, "of-environment"), (1, "of-profile"), (2, "of-web-identity"), (3, "of-container"), (4, "of-instance")]
    {
        let mut variables = Vec::new();
        let mut files = vec![token];
        if absent < 1 {
            variables.extend(KEYS);
        }
        if absent < 2 {
            files.push(PROFILE);
        }
        if absent < 3 {
            variables.extend(WEB_IDENTITY);
        }
        if absent < 4 {
            variables.push(CONTAINER);
        }
        let logged_in = in_aws(&files).login(&variables).await.unwrap();
        assert_eq!(logged_in.key(), key);
        assert_eq!(logged_in.session(), (absent > 1).then_some("session"), "{key}");
    }
}

#[tokio::test]
async fn keys_in_the_environment_need_no_request() {
    let fake = in_aws(&[PROFILE]);
    fake.login(&KEYS).await.unwrap();
    assert_eq!(fake.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_web_identity_is_handed_to_the_regions_token_service() {
    let fake = in_aws(&[("/token", " a.web.identity\n")]);
    let region = [("AWS_DEFAULT_REGION", "cn-north-1"), ("AWS_ROLE_SESSION_NAME", "ci")];
    let logged_in = fake.login(&[&WEB_IDENTITY[..], &region].concat()).await.unwrap();
    assert_eq!(logged_in.key_and_region(), ("of-web-identity", "cn-north-1"));
    let [sent] = &fake.sent()[..] else { panic!("{:?}", fake.asked()) };
    assert_eq!(sent.what, "POST https://sts.cn-north-1.amazonaws.com.cn/");
    assert_eq!(sent.reach, Reach::Far);
    for (parameter, value) in [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("WebIdentityToken", "a.web.identity"),
        ("RoleArn", WEB_IDENTITY[1].1),
        ("RoleSessionName", "ci"),
    ] {
        assert_eq!(sent.parameter(parameter), Some(value));
    }
    assert!(sent.header("authorization").is_none());
}

#[tokio::test]
async fn a_pod_identity_sends_the_token_of_its_file_each_time_anew() {
    let full = "http://169.254.170.23/v1/credentials";
    let fake = Fake::new(&[]).answering(|_| temporary("of-pod"));
    let variables = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", full),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/pod-token"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of-the-variable"),
    ];
    for token in ["first", "second"] {
        fake.write("/pod-token", &format!("{token}\n"));
        assert_eq!(fake.login(&variables).await.unwrap().key(), "of-pod");
    }
    fake.login(&[variables[0], variables[2]]).await.unwrap();
    let sent = fake.sent();
    let tokens: Vec<_> = sent.iter().map(|sent| sent.header("authorization")).collect();
    assert_eq!(tokens, [Some("first"), Some("second"), Some("of-the-variable")]);
    assert!(sent.iter().all(|sent| sent.what == format!("GET {full}") && sent.reach == Reach::Near));
}

#[tokio::test]
async fn an_instance_is_asked_with_a_session_token_and_for_its_region() {
    let fake = in_aws(&[]);
    let logged_in = fake.login(&[]).await.unwrap();
    assert_eq!(logged_in.key_and_region(), ("of-instance", "eu-south-2"));
    for sent in fake.sent().iter().filter(|sent| sent.what.starts_with("GET")) {
        assert_eq!((sent.header("x-aws-ec2-metadata-token"), sent.reach), (Some("metadata-token"), Reach::Near));
    }
    let elsewhere = in_aws(&[]).login(&[("AWS_REGION", "us-west-2")]).await.unwrap();
    assert_eq!(elsewhere.key_and_region(), ("of-instance", "us-west-2"));
}

#[tokio::test]
async fn the_metadata_service_may_be_elsewhere_or_switched_off() {
    let fake = Fake::new(&[]);
    for (variables, asked) in [
        (&[("AWS_EC2_METADATA_DISABLED", "True")][..], None),
        (&[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")], Some("http://[fd00:ec2::254]/latest/api/token")),
        (&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9/")], Some("http://127.0.0.1:9/latest/api/token")),
    ] {
        let before = fake.asked().len();
        fake.refused(variables).await;
        let asked: Vec<_> = asked.into_iter().map(|url| format!("PUT {url}")).collect();
        assert_eq!(fake.asked()[before..], asked, "a service that is not there is asked once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_fails_for_the_moment_is_sent_again_and_a_refused_one_is_not() {
    for (status, attempts) in [(503, 3), (429, 3), (400, 1)] {
        let fake = Fake::new(&[("/token", "a.b.c")]).answering(move |_| reply(status, "busy"));
        fake.refused(&WEB_IDENTITY).await;
        assert_eq!(fake.sent().len(), attempts, "{status}");
    }
    let unconnected = Fake::new(&[("/token", "a.b.c")]);
    let told = unconnected.refused(&WEB_IDENTITY).await;
    assert_eq!(unconnected.sent().len(), 3);
    assert!(told.contains("the web identity") && told.ends_with("no connection."), "{told}");
}
