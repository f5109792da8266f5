//! One login for all, renewed in time.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const LOGIN: &str = "POST /api/v1/auth/universal-auth/login";

fn universal() -> Auth {
    Auth::Universal { client_id: "an-id".to_owned(), client_secret: "hush-hush".into() }
}

fn logged_in(number: usize, expires_in: u64) -> Reply {
    ok(
        json!({"accessToken": format!("token-{number}"), "expiresIn": expires_in, "accessTokenMaxTTL": 9_000, "tokenType": "Bearer"}),
    )
}

/// Numbers its tokens; each lives so many seconds.
fn server(expires_in: u64, answers: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Script {
    let logins = AtomicUsize::new(0);
    Script::new(move |seen| match seen.what.as_str() {
        LOGIN => logged_in(logins.fetch_add(1, Ordering::SeqCst) + 1, expires_in).after(Duration::from_secs(1)),
        _ => answers(seen),
    })
}

async fn read_at_once(client: &Client, readers: usize) -> Vec<Result<Rotation, Error>> {
    futures_util::future::join_all((0..readers).map(|i| {
        let client = client.clone();
        async move { client.rotations().get(&format!("r{i}")).await }
    }))
    .await
}

#[tokio::test(start_paused = true)]
async fn calls_that_start_together_share_one_login() {
    let script = server(100, asked_for);
    let client = script.client_as(universal());
    assert!(script.asked().is_empty(), "no login before the first call");
    for outcome in read_at_once(&client, 20).await {
        outcome.unwrap();
    }
    assert_eq!((script.count(LOGIN), script.asked().len()), (1, 21));
    assert_eq!(script.seen()[0].body, Some(json!({"clientId": "an-id", "clientSecret": "hush-hush"})));
    assert!(script.seen()[0].bearer.is_none() && script.seen()[20].bearer.as_deref() == Some("Bearer token-1"));
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_before_it_expires() {
    for (life, good_until) in [(100, 90), (10_000, 9_940)] {
        let script = server(life, asked_for);
        let client = script.client_as(universal());
        client.rotations().get("r1").await.unwrap();
        tokio::time::sleep(Duration::from_secs(good_until - 2)).await;
        client.rotations().get("r1").await.unwrap();
        assert_eq!(script.count(LOGIN), 1, "life of {life} s");
        tokio::time::sleep(Duration::from_secs(2)).await;
        client.rotations().get("r1").await.unwrap();
        assert_eq!(script.count(LOGIN), 2, "life of {life} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_for_all_who_used_it() {
    for (status, error) in [(401, "UnauthorizedError"), (403, "TokenError")] {
        let script = server(0, move |seen| match seen.bearer.as_deref() {
            Some("Bearer token-1") => refused(status, error, "expired"),
            _ => asked_for(seen),
        });
        for outcome in read_at_once(&script.client_as(universal()), 6).await {
            outcome.unwrap();
        }
        assert_eq!((script.count(LOGIN), script.asked().len()), (2, 14), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_is_sent_again_after_its_token_was_refused() {
    let script = server(0, |seen| match (seen.bearer.as_deref(), seen.what.as_str()) {
        (_, "GET R/rotation-name/my-openrouter-rotation") => gone(),
        (Some("Bearer token-1"), _) => refused(403, "TokenError", "expired"),
        _ => one(rotation("r1", "2023-11-14T22:13:20Z")),
    });
    let made = script.client_as(universal()).rotations().create(&new_rotation()).await.unwrap();
    assert!(made.object.id == "r1" && made.note.is_none());
    assert_eq!(script.count("POST R"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_twice_is_an_error() {
    let script = server(0, |_| refused(401, "UnauthorizedError", "never"));
    let error = script.client_as(universal()).rotations().get("r1").await.unwrap_err();
    assert_eq!((error.status(), script.count(LOGIN), script.count("GET R/r1")), (Some(401), 2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_given_token_that_is_refused_is_not_sent_again() {
    let script = Script::new(|_| refused(401, "UnauthorizedError", "no"));
    let error = script.client().rotations().get("r1").await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)));
    assert_eq!(script.asked(), ["GET R/r1"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_login_is_told_to_everyone_and_not_tried_by_each() {
    let script =
        Script::new(|_| refused(401, "UnauthorizedError", "Wrong secret hush-hush").after(Duration::from_secs(1)));
    let client = script.client_as(universal());
    for outcome in read_at_once(&client, 10).await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::Login(_)), "{error}");
        assert_eq!(error.message(), Some("Wrong secret (secret)"));
    }
    client.rotations().get("r1").await.unwrap_err();
    assert_eq!(script.asked(), [LOGIN], "the API locks an identity after a few wrong secrets");
    tokio::time::sleep(Duration::from_secs(61)).await;
    client.rotations().get("r1").await.unwrap_err();
    assert_eq!(script.count(LOGIN), 2, "the secret may have been put right at the server");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_got_no_sensible_answer_is_shared_by_those_who_waited_only() {
    let script = Script::new(|_| html(403).after(Duration::from_secs(1)));
    let client = script.client_as(universal());
    assert!(read_at_once(&client, 10).await.iter().all(|outcome| matches!(outcome, Err(Error::Login(_)))));
    assert_eq!(script.asked(), [LOGIN]);
    client.rotations().get("r1").await.unwrap_err();
    assert_eq!(script.count(LOGIN), 2);
}

#[tokio::test(start_paused = true)]
async fn a_login_outlasts_transient_failures_and_says_nothing_of_odd_answers() {
    let script = Script::new(|seen| match seen.index {
        0 => lost(),
        1 => refused(429, "TooManyRequests", "slow down"),
        2 => logged_in(1, 0),
        _ => asked_for(seen),
    });
    script.client_as(universal()).rotations().get("r1").await.unwrap();

    let odd = Script::new(|_| reply(200, "application/json", r#"{"token":"hush-hush-too"}"#));
    let error = odd.client_as(universal()).rotations().get("r1").await.unwrap_err().to_string();
    assert!(error.starts_with("The login failed.") && !error.contains("hush"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_locked_identity_is_told_apart_from_wrong_credentials_and_neither_is_tried_again() {
    for (message, kind) in [
        ("Invalid credentials", RefusalKind::CredentialsRejected),
        ("This identity auth method is temporarily locked, please try again later", RefusalKind::Locked),
    ] {
        let script = Script::new(move |_| refused(401, "UnauthorizedError", message));
        let client = script.client_as(universal());
        for _ in 0..2 {
            let error = client.rotations().get("r1").await.unwrap_err();
            assert!(matches!(error, Error::Login(_)) && error.kind() == Some(kind), "{error}");
        }
        assert_eq!(script.asked(), [LOGIN]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_login_waits_out_a_rate_limit_that_does_not_say_how_long_it_lasts() {
    let script = Script::new(|seen| match seen.what.as_str() {
        LOGIN if seen.at < Duration::from_secs(60) => refused(429, "RateLimitExceeded", ""),
        LOGIN => logged_in(1, 0),
        _ => asked_for(seen),
    });
    script.client_as(universal()).rotations().get("r1").await.unwrap();
    assert!(script.count(LOGIN) < 40, "{}", script.count(LOGIN));
}

#[test]
fn nothing_secret_is_printed_by_settings_or_client() {
    let auth = Auth::AwsIam {
        identity_id: "an-id".to_owned(),
        environment: AwsEnvironment::read(|name| Some(format!("hush-{name}"))),
    };
    let jwt = Auth::Oidc { identity_id: "an-id".to_owned(), jwt: "hush-3".into() };
    for auth in [auth, jwt, universal(), Auth::Token("hush-4".into())] {
        let host = "https://api.example".parse().unwrap();
        let stop = CancellationToken::new();
        let settings =
            Settings { host, auth, organization_slug: None, ca_cert_pem: None, user_agent: "t".to_owned(), stop };
        let printed = format!("{settings:?} {:?}", Client::new(settings.clone()).unwrap());
        assert!(!printed.contains("hush"), "{printed}");
    }
}

/// A proxy's page may quote any request that it has seen, the login's too.
#[tokio::test(start_paused = true)]
async fn what_a_login_was_made_with_is_crossed_out_of_every_later_answer() {
    let script = server(100, |_| refused(400, "BadRequest", "hush-hush and token-1 were sent"));
    let error = script.client_as(universal()).rotations().get("r1").await.unwrap_err();
    assert_eq!(error.message(), Some("(secret) and (secret) were sent"));
}

fn tokens_of(script: &Script) -> Vec<Value> {
    let logins = script.seen().into_iter().filter(|seen| seen.what.ends_with("/login"));
    logins.map(|seen| seen.body.unwrap()["jwt"].clone()).collect()
}

/// A token's file is read anew at each login: a cluster replaces what is in it during a long run.
#[tokio::test(start_paused = true)]
async fn a_login_after_a_token_was_replaced_uses_the_new_one() {
    let path = std::env::temp_dir().join(format!("infisical-login-token-{}", std::process::id()));
    let jwt = || TokenSource::File(path.clone());
    for auth in [
        Auth::Kubernetes { identity_id: "an-id".to_owned(), jwt: jwt() },
        Auth::Oidc { identity_id: "an-id".to_owned(), jwt: jwt() },
    ] {
        std::fs::write(&path, "first.a.b").unwrap();
        let script = Script::new(|seen| match seen.what.ends_with("/login") {
            true => logged_in(seen.index, 100),
            false => asked_for(seen),
        });
        let client = script.client_as(auth);
        client.rotations().get("r1").await.unwrap();
        std::fs::write(&path, "second.a.b\n").unwrap();
        tokio::time::sleep(Duration::from_secs(100)).await;
        client.rotations().get("r1").await.unwrap();
        assert_eq!(tokens_of(&script), ["first.a.b", "second.a.b"]);
    }
    std::fs::remove_file(&path).unwrap();
}

/// Older servers know the second name of the organization only.
#[tokio::test(start_paused = true)]
async fn each_login_names_the_organization_in_both_ways() {
    let identity_id = || "an-id".to_owned();
    let keys = |name: &str| name.starts_with("AWS_").then(|| "a-value".to_owned());
    for auth in [
        universal(),
        Auth::Oidc { identity_id: identity_id(), jwt: "a.b.c".into() },
        Auth::Kubernetes { identity_id: identity_id(), jwt: "a.b.c".into() },
        Auth::AwsIam {
            identity_id: identity_id(),
            environment: AwsEnvironment::read(|name| keys(name).filter(|_| !name.contains("REGION"))),
        },
    ] {
        let script = Script::new(|seen| match seen.what.ends_with("/login") {
            true => logged_in(1, 0),
            false => asked_for(seen),
        });
        let name = format!("{auth:?}");
        let client = script.client_of("acme", auth);
        client.rotations().get("r1").await.unwrap();
        let body = script.seen()[0].body.clone().unwrap();
        assert_eq!([&body["organizationSlug"], &body["subOrganizationName"]], ["acme", "acme"], "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_aws_credentials_nothing_is_sent() {
    let script = Script::new(asked_for);
    let environment = AwsEnvironment::read(|name| (name == "AWS_EC2_METADATA_DISABLED").then(|| "true".to_owned()));
    let client = script.client_as(Auth::AwsIam { identity_id: "an-id".to_owned(), environment });
    let error = client.rotations().get("r1").await.unwrap_err();
    assert!(matches!(&error, Error::AwsCredentials(why) if why.is_none_found()), "{error}");
    assert_eq!(script.asked(), Vec::<String>::new());
}

/// An agent of a container's that is connected to and says nothing.
#[tokio::test]
async fn a_stop_ends_the_search_for_aws_credentials() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/credentials", listener.local_addr().unwrap());
    let environment = AwsEnvironment::read(|name| (name == "AWS_CONTAINER_CREDENTIALS_FULL_URI").then(|| uri.clone()));
    let (script, stop) = (Script::new(asked_for), CancellationToken::new());
    let auth = Auth::AwsIam { identity_id: "an-id".to_owned(), environment };
    let client = script.client_until(auth, stop.clone());
    let reading = tokio::spawn(async move { client.rotations().get("r1").await });
    let _connection = listener.accept().await.unwrap();
    stop.cancel();
    let error = reading.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Stopped { sent: false, .. }), "{error}");
    assert!(script.asked().is_empty());
}
