//! What a profile may hold.

use super::*;

const CONFIG: &str = "/home/a/.aws/config";
const CREDENTIALS: &str = "/home/a/.aws/credentials";
const BASE: &str =
    "[base]\naws_access_key_id = base-key\naws_secret_access_key = hush-base\naws_session_token = base-session\n";

fn named(profile: &str) -> [(&str, &str); 1] {
    [("AWS_PROFILE", profile)]
}

#[tokio::test]
async fn the_named_profile_gives_its_keys_and_region_and_is_read_anew_at_each_login() {
    let fake = Fake::new(&[(CONFIG, "[profile base]\nregion = eu-north-1\n"), (CREDENTIALS, BASE)]);
    let logged_in = fake.login(&named("base")).await.unwrap();
    assert_eq!((logged_in.key_and_region(), logged_in.session()), (("base-key", "eu-north-1"), Some("base-session")));
    fake.write(CREDENTIALS, &BASE.replace("base-key", "another-key"));
    assert_eq!(fake.login(&named("base")).await.unwrap().key(), "another-key");
    let region = [("AWS_DEFAULT_PROFILE", "base"), ("AWS_DEFAULT_REGION", "us-west-1")];
    assert_eq!(fake.login(&region).await.unwrap().key_and_region(), ("another-key", "us-west-1"));
}

#[tokio::test]
async fn the_files_may_be_elsewhere() {
    let fake =
        Fake::new(&[("/etc/c", "[default]\nregion = eu-north-1\n"), ("/home/a/k", &BASE.replace("base]", "default]"))]);
    let variables = [("AWS_CONFIG_FILE", "/etc/c"), ("AWS_SHARED_CREDENTIALS_FILE", "~/k")];
    assert_eq!(fake.login(&variables).await.unwrap().key_and_region(), ("base-key", "eu-north-1"));
}

#[tokio::test]
async fn a_role_is_assumed_with_the_credentials_of_its_source_and_so_on() {
    let config = "[profile outer]\nrole_arn = arn:aws:iam::123456789012:role/outer\nsource_profile = inner\n\
        external_id = an-external-id\nrole_session_name = me\nduration_seconds = 900\nregion = eu-north-1\n\
        [profile inner]\nrole_arn = arn:aws:iam::123456789012:role/inner\nsource_profile = base\n";
    let fake = Fake::new(&[(CONFIG, config), (CREDENTIALS, BASE)]).answering(|sent| {
        let role = sent.parameter("RoleArn").unwrap().rsplit('/').next().unwrap();
        assumed("AssumeRole", &format!("KEY_OF_THE_ROLE_{role}"))
    });
    assert_eq!(fake.login(&named("outer")).await.unwrap().key_and_region(), ("KEY_OF_THE_ROLE_outer", "eu-north-1"));
    let [inner, outer] = &fake.sent()[..] else { panic!("{:?}", fake.asked()) };
    assert!(inner.what.ends_with("https://sts.eu-north-1.amazonaws.com/"), "{}", inner.what);
    assert!(inner.header("authorization").unwrap().contains("Credential=base-key/"));
    assert_eq!(inner.header("x-amz-security-token"), Some("base-session"));
    assert_eq!(inner.parameter("RoleSessionName"), Some("infisical"));
    assert!(outer.header("authorization").unwrap().contains("Credential=KEY_OF_THE_ROLE_inner/"));
    let told = ["ExternalId", "RoleSessionName", "DurationSeconds"].map(|name| outer.parameter(name).unwrap());
    assert_eq!(told, ["an-external-id", "me", "900"]);
}

#[tokio::test]
async fn a_role_may_be_assumed_with_the_profiles_own_keys_a_web_identity_or_another_source() {
    let role = "role_arn = arn:aws:iam::123456789012:role/a\n";
    let container = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/a");
    for (settings, action) in [
        ("source_profile = p\naws_access_key_id = own-key\naws_secret_access_key = hush-own\n", "AssumeRole"),
        ("web_identity_token_file = /token\n", "AssumeRoleWithWebIdentity"),
        ("credential_source = EcsContainer\n", "AssumeRole"),
    ] {
        let config = format!("[profile p]\n{role}{settings}");
        let fake =
            Fake::new(&[(CONFIG, &config), ("/token", "a.b.c")]).answering(|sent| match sent.parameter("Action") {
                Some(action) => assumed(action, "KEY_OF_THE_ROLE_"),
                None => temporary("of-container"),
            });
        let logged_in = fake.login(&[named("p")[0], container]).await.unwrap();
        assert_eq!(logged_in.key(), "KEY_OF_THE_ROLE_", "{settings}");
        assert_eq!(fake.sent().last().unwrap().parameter("Action"), Some(action), "{settings}");
    }
}

#[tokio::test]
async fn a_session_of_iam_identity_center_is_found_by_its_name_or_its_start_url() {
    let role = "sso_account_id = 123456789012\nsso_role_name = Reader\n";
    let session = format!(
        "[profile p]\nsso_session = corp\n{role}[sso-session corp]\nsso_region = cn-north-1\nsso_start_url = https://x.example\n"
    );
    let older = format!("[profile p]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n{role}");
    // The files are named after the SHA-1 of the session's name, and of the start URL.
    for (config, cached, host) in [
        (session, "ee0bfd2552fbd840c02cc48b6e823320543c450f", "portal.sso.cn-north-1.amazonaws.com.cn"),
        (older, "f7c9b39d0b4c7a7d82c79307585f77e1c5e74378", "portal.sso.eu-west-1.amazonaws.com"),
    ] {
        let path = format!("/home/a/.aws/sso/cache/{cached}.json");
        let token = |expires: &str| json!({"accessToken": "hush-sso", "expiresAt": expires}).to_string();
        let fake = Fake::new(&[(CONFIG, &config), (&path, &token("2099-01-01T00:00:00Z"))]).answering(|_| {
            let keys = json!({
                "accessKeyId": "of-sso", "secretAccessKey": "hush-key", "sessionToken": "session",
                "expiration": 4_000_000_000_000_u64,
            });
            reply(200, json!({ "roleCredentials": keys }).to_string())
        });
        assert_eq!(fake.login(&named("p")).await.unwrap().key(), "of-sso");
        let [sent] = &fake.sent()[..] else { panic!("{:?}", fake.asked()) };
        assert_eq!(sent.what, format!("GET https://{host}/federation/credentials"));
        assert_eq!(sent.header("x-amz-sso_bearer_token"), Some("hush-sso"));
        assert_eq!((sent.parameter("account_id"), sent.parameter("role_name")), (Some("123456789012"), Some("Reader")));
        fake.write(&path, &token("2020-01-01T00:00:00Z"));
        let told = fake.refused(&named("p")).await;
        assert!(told.contains("aws sso login --profile p"), "{told}");
    }
}

#[tokio::test]
async fn a_command_may_print_the_credentials() {
    let printed =
        json!({"Version": 1, "AccessKeyId": "of-command", "SecretAccessKey": "hush-key", "SessionToken": "s"});
    let fake = Fake::new(&[(CONFIG, "[profile p]\ncredential_process = \"/opt/a b\" --c 'd'\n")])
        .printing("\"/opt/a b\" --c 'd'", Ok(&printed.to_string()));
    let logged_in = fake.login(&named("p")).await.unwrap();
    assert_eq!((logged_in.key(), logged_in.session()), ("of-command", Some("s")));
}
