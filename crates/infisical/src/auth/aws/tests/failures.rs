//! What is said when there are no credentials.

use super::*;

const CONFIG: &str = "/home/a/.aws/config";

type Variables<'a> = &'a [(&'a str, &'a str)];

#[tokio::test]
async fn none_at_all_names_each_source_and_what_it_lacks() {
    let told = Fake::new(&[]).refused(&[]).await;
    let expected = "No AWS credentials were found. Looked for, in this order:\n\
        - the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set\n\
        - the profile: ~/.aws/config or ~/.aws/credentials has no profile \"default\"\n\
        - the web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set\n\
        - the container (ECS, EKS Pod Identity): neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor \
        AWS_CONTAINER_CREDENTIALS_FULL_URI is set\n\
        - the EC2 instance: the metadata service http://169.254.169.254: failed to connect to IMDS: no connection";
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_source_that_is_configured_and_fails_is_the_last_one_asked() {
    let web_identity = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    let arn = ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/a");
    let full = |uri| ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri);
    let table: [(Variables<'_>, &str, &str); 9] = [
        (&[("AWS_ACCESS_KEY_ID", "a")], "the environment", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"),
        (&[("AWS_PROFILE", "nobody")], "the profile", "AWS_PROFILE names \"nobody\""),
        (&[web_identity], "the web identity", "AWS_ROLE_ARN is not"),
        (&[web_identity, arn], "the web identity", "\"/token\" cannot be read"),
        (&[full("http://example.com/a")], "the container", "neither an https URL nor"),
        (&[full("http://169.254.170.3/a")], "the container", "neither an https URL nor"),
        (&[full("not a URL")], "the container", "is no URL"),
        (&[full("http://[::1]:9/a")], "the container", "no connection"),
        (
            &[full("https://example.com/a"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/none")],
            "the container",
            "\"/none\" of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read",
        ),
    ];
    for (variables, source, words) in table {
        let fake = Fake::new(&[]);
        let told = fake.refused(variables).await;
        let begins = format!("The AWS credentials cannot be obtained from {source}");
        assert!(told.starts_with(&begins) && told.contains(words), "{told}");
        assert!(fake.asked().iter().all(|asked| asked == "GET http://[::1]:9/a"), "{:?}", fake.asked());
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_profile_is_told() {
    let role = "role_arn = arn:aws:iam::123456789012:role/a\n";
    for (profile, words) in [
        ("aws_secret_access_key = hush-key".to_owned(), "it has aws_secret_access_key and no aws_access_key_id"),
        (role.to_owned(), "none of source_profile, credential_source"),
        (format!("{role}source_profile = q"), "no profile \"q\", which is a source_profile"),
        (format!("{role}source_profile = q\n[profile q]\n{role}source_profile = p"), "is its own source_profile"),
        (format!("{role}source_profile = q\n[profile q]\nregion = a"), "the profile \"q\" has no credentials"),
        (format!("{role}source_profile = q\ncredential_source = Environment"), "has both"),
        (format!("{role}credential_source = Environment"), "\"Environment\": AWS_ACCESS_KEY_ID and"),
        (format!("{role}credential_source = Elsewhere"), "none of Environment, EcsContainer"),
        ("sso_session = corp\nsso_account_id = 1\nsso_role_name = a".to_owned(), "no section [sso-session corp]"),
        ("sso_start_url = https://a.example\nsso_region = eu-west-1".to_owned(), "sso_account_id is not set"),
        ("credential_process = a-command".to_owned(), "its credential_process: not found"),
        ("region = Nowhere".to_owned(), "the profile's region holds \"Nowhere\", which is not an AWS region"),
        (
            format!("{role}source_profile = p\nmfa_serial = a\naws_access_key_id = a\naws_secret_access_key = hush-b"),
            "second factor (mfa_serial)",
        ),
    ] {
        let fake = Fake::new(&[(CONFIG, &format!("[profile p]\n{profile}\n"))]);
        let told = fake.refused(&[("AWS_PROFILE", "p")]).await;
        assert!(told.contains(words), "{words} is not in: {told}");
        assert!(fake.asked().is_empty());
    }
}

#[tokio::test]
async fn what_a_command_prints_is_in_no_error() {
    for printed in [
        "hush-hush".to_owned(),
        json!({"Version": "hush-hush", "AccessKeyId": "a", "SecretAccessKey": "b"}).to_string(),
        json!({"Version": 2, "AccessKeyId": "a", "SecretAccessKey": "hush-hush"}).to_string(),
    ] {
        let config = "[default]\ncredential_process = a-command\n";
        let fake = Fake::new(&[(CONFIG, config)]).printing("a-command", Ok(&printed));
        let told = fake.refused(&[]).await;
        assert!(told.contains("its credential_process: it"), "{told}");
    }
}

/// A service may well repeat what it was asked with.
#[tokio::test(start_paused = true)]
async fn a_services_refusal_is_told_without_what_it_was_asked_with() {
    let container = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/a"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hush-container"),
    ];
    let fake = Fake::new(&[]).answering(|_| reply(403, "no role for hush-container\u{1b}"));
    let told = fake.refused(&container).await;
    assert!(told.contains("no role for (secret)"), "{told}");

    let web_identity =
        [("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/a")];
    let refusal = "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>not hush.a.b</Message></Error></ErrorResponse>";
    let fake = Fake::new(&[("/token", "hush.a.b")]).answering(move |_| reply(400, refusal));
    let told = fake.refused(&web_identity).await;
    assert!(told.contains("InvalidIdentityToken: not"), "{told}");

    let fake = Fake::new(&[]).answering(|_| reply(200, json!({"AccessKeyId": 1, "Token": "hush-hush"}).to_string()));
    fake.refused(&container).await;
}
