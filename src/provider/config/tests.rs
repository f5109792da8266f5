//! The block and the environment, in tables.

use secrecy::ExposeSecret as _;

use tfplug::{Attr, Field as _, Model as _, value::Members};

use super::super::block::{
    AuthConfig, AwsIamConfig, BlockConfig as Config, KubernetesConfig, OidcConfig, UniversalConfig,
};
use super::*;

type Variables = &'static [(&'static str, &'static str)];

/// As the server does it: `None` while some of the block is not known.
fn resolve(config: &Config, variables: Variables) -> Result<Option<Resolved>, Diagnostics> {
    let members: Members = config.clone().into_value().members().cloned().unwrap();
    let environment = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Block::configured(members).unwrap().map(|block| block.resolve(&environment)).transpose()
}

fn with_auth(auth: AuthConfig) -> Config {
    Config { auth: auth.into(), ..Config::default() }
}

fn universal(id: Attr<String>, secret: Attr<String>) -> Config {
    let universal = UniversalConfig { client_id: id, client_secret: secret };
    with_auth(AuthConfig { universal: universal.into(), ..AuthConfig::default() })
}

fn method(auth: &infisical::Auth) -> String {
    match auth {
        infisical::Auth::Token(token) => format!("token {}", token.expose_secret()),
        infisical::Auth::Universal { client_id, client_secret } => {
            format!("{client_id} {}", client_secret.expose_secret())
        }
        infisical::Auth::Oidc { identity_id, jwt } => {
            format!("oidc {identity_id} {}", jwt.read().unwrap().expose_secret())
        }
        infisical::Auth::Kubernetes { identity_id, jwt } => {
            format!("kubernetes {identity_id} {}", jwt.read().unwrap().expose_secret())
        }
        infisical::Auth::AwsIam { identity_id, .. } => format!("aws {identity_id}"),
    }
}

#[test]
fn ok_the_configuration_wins_over_the_environment_and_gaps_are_filled_from_it() {
    let table: Vec<(Config, Variables, &str)> = vec![
        (Config::default(), &[("INFISICAL_TOKEN", "t")], "token t"),
        (
            Config::default(),
            &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"), ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s")],
            "i s",
        ),
        (
            Config::default(),
            &[
                ("INFISICAL_AUTH_METHOD", "universal"),
                ("INFISICAL_TOKEN", "t"),
                ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"),
                ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s"),
            ],
            "i s",
        ),
        (universal("a".into(), "b".into()), &[("INFISICAL_TOKEN", "t"), ("INFISICAL_AUTH_METHOD", "token")], "a b"),
        (universal("a".into(), Attr::Null), &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s")], "a s"),
        (
            Config::default(),
            &[("INFISICAL_AUTH_METHOD", "oidc"), ("INFISICAL_MACHINE_IDENTITY_ID", "m"), ("INFISICAL_AUTH_JWT", "j")],
            "oidc m j",
        ),
        (
            with_auth(AuthConfig {
                oidc: OidcConfig { identity_id: "m".into(), token_environment_variable_name: "CI_JWT".into() }.into(),
                ..AuthConfig::default()
            }),
            &[("CI_JWT", "j"), ("INFISICAL_AUTH_JWT", "other")],
            "oidc m j",
        ),
        (
            Config::default(),
            &[
                ("INFISICAL_AUTH_METHOD", "kubernetes"),
                ("INFISICAL_MACHINE_IDENTITY_ID", "m"),
                ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "j"),
            ],
            "kubernetes m j",
        ),
        // Without any credentials: they are looked for at the first login.
        (Config::default(), &[("INFISICAL_AUTH_METHOD", "aws_iam"), ("INFISICAL_MACHINE_IDENTITY_ID", "m")], "aws m"),
    ];
    for (config, variables, expected) in table {
        let resolved = resolve(&config, variables).unwrap().unwrap();
        assert_eq!(method(&resolved.auth), expected);
    }
}

/// Every attribute of the block that is text, each as `text`, in one block for each method.
fn all_as(text: &str) -> Vec<Config> {
    let attr = || Attr::from(text.to_owned());
    let auth = || AuthConfig { organization_slug: attr(), ..AuthConfig::default() };
    let config = |auth: AuthConfig| Config { host: attr(), auth: auth.into(), ca_cert_file: attr() };
    vec![
        config(AuthConfig { token: attr(), ..auth() }),
        config(AuthConfig { universal: UniversalConfig { client_id: attr(), client_secret: attr() }.into(), ..auth() }),
        config(AuthConfig {
            oidc: OidcConfig { identity_id: attr(), token_environment_variable_name: attr() }.into(),
            ..auth()
        }),
        config(AuthConfig {
            kubernetes: KubernetesConfig {
                identity_id: attr(),
                service_account_token: attr(),
                service_account_token_path: attr(),
            }
            .into(),
            ..auth()
        }),
        config(AuthConfig { aws_iam: AwsIamConfig { identity_id: attr() }.into(), ..auth() }),
    ]
}

#[test]
fn ok_an_empty_string_is_as_good_as_nothing_for_every_attribute() {
    let variables: Variables = &[
        ("INFISICAL_HOST", "https://infisical.internal"),
        ("INFISICAL_AUTH_ORGANIZATION_SLUG", "acme"),
        ("INFISICAL_TOKEN", "t"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s"),
        ("INFISICAL_MACHINE_IDENTITY_ID", "m"),
        ("INFISICAL_AUTH_JWT", "j"),
        ("INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN", "k"),
        ("AWS_ACCESS_KEY_ID", "a"),
        ("AWS_SECRET_ACCESS_KEY", "b"),
    ];
    for empty in ["", " ", "\r\n", "\u{feff}"] {
        let methods: Vec<_> = all_as(empty)
            .iter()
            .map(|config| {
                assert!(config.problems().is_empty());
                let resolved = resolve(config, variables).unwrap().unwrap();
                assert_eq!(resolved.host.as_str(), "https://infisical.internal/");
                assert_eq!(resolved.organization_slug.as_deref(), Some("acme"));
                assert!(resolved.ca_certificates.is_none());
                method(&resolved.auth)
            })
            .collect();
        assert_eq!(methods, ["token t", "i s", "oidc m j", "kubernetes m k", "aws m"], "{empty:?}");
    }
}

#[test]
fn ok_an_empty_variable_is_as_good_as_none() {
    let variables: Variables = &[
        ("INFISICAL_HOST", ""),
        ("INFISICAL_AUTH_METHOD", " "),
        ("INFISICAL_AUTH_ORGANIZATION_SLUG", ""),
        ("INFISICAL_CA_CERT_FILE", "\n"),
        ("INFISICAL_TOKEN", "\r\n"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s"),
    ];
    let resolved = resolve(&Config::default(), variables).unwrap().unwrap();
    assert_eq!((resolved.host.as_str(), method(&resolved.auth)), ("https://app.infisical.com/", "i s".to_owned()));
    assert!(resolved.organization_slug.is_none() && resolved.ca_certificates.is_none());
}

#[test]
fn ok_an_empty_token_does_not_name_the_method() {
    let both = AuthConfig {
        token: "".into(),
        universal: UniversalConfig { client_id: "a".into(), client_secret: "b".into() }.into(),
        ..AuthConfig::default()
    };
    let resolved = resolve(&with_auth(both), &[("INFISICAL_TOKEN", "t")]).unwrap().unwrap();
    assert_eq!(method(&resolved.auth), "a b");
    let none = AuthConfig { token: "".into(), ..AuthConfig::default() };
    let variables: Variables = &[
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i"),
        ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "s"),
        ("INFISICAL_AUTH_METHOD", "Universal\n"),
    ];
    assert_eq!(method(&resolve(&with_auth(none), variables).unwrap().unwrap().auth), "i s");
}

#[test]
fn ok_what_was_pasted_around_a_value_is_cut() {
    let spaced = |text: &str| Attr::from(format!("\u{feff} {text}\r\n"));
    let auth = |auth: AuthConfig| Config {
        host: spaced("https://infisical.internal"),
        auth: AuthConfig { organization_slug: spaced("acme"), ..auth }.into(),
        ..Config::default()
    };
    let oidc = OidcConfig { identity_id: spaced("m"), token_environment_variable_name: spaced("CI_JWT") };
    let kubernetes = KubernetesConfig {
        identity_id: spaced("m"),
        service_account_token: spaced("bearer k"),
        ..KubernetesConfig::default()
    };
    for (config, expected) in [
        (auth(AuthConfig { token: spaced("Bearer t"), ..AuthConfig::default() }), "token t"),
        (auth(AuthConfig { oidc: oidc.into(), ..AuthConfig::default() }), "oidc m j"),
        (auth(AuthConfig { kubernetes: kubernetes.into(), ..AuthConfig::default() }), "kubernetes m k"),
        (universal(spaced("a"), spaced("b")), "a b"),
        (with_auth(AuthConfig::default()), "token e"),
    ] {
        let resolved =
            resolve(&config, &[("CI_JWT", "\u{feff}BEARER j\n"), ("INFISICAL_TOKEN", "Bearer e\r\n")]).unwrap();
        let resolved = resolved.unwrap();
        assert_eq!(method(&resolved.auth), expected);
        if !config.host.is_null() {
            assert_eq!(resolved.host.as_str(), "https://infisical.internal/");
            assert_eq!(resolved.organization_slug.as_deref(), Some("acme"));
        }
    }
}

#[test]
fn err_a_token_that_cannot_be_sent_is_told_before_anything_is_and_without_the_token() {
    let two_lines = AuthConfig { token: "first-7391\nsecond".into(), ..AuthConfig::default() };
    let error = resolve(&with_auth(two_lines), &[]).unwrap_err();
    let text = format!("{error:?}");
    assert!(text.contains("auth.token") && text.contains("INFISICAL_TOKEN") && !text.contains("7391"), "{text}");
}

/// Given in the attribute for its variable or its file, a token would end up in the output of the plan.
#[test]
fn err_a_token_in_the_place_of_its_variable_or_its_file_is_not_shown() {
    const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3MzkxIn0.c2lnbmF0dXJl-7391";
    let oidc = |name: &str| OidcConfig { identity_id: "m".into(), token_environment_variable_name: name.into() };
    let kubernetes = |path: &str| KubernetesConfig {
        identity_id: "m".into(),
        service_account_token_path: path.into(),
        ..KubernetesConfig::default()
    };
    for (auth, words) in [
        (AuthConfig { oidc: oidc(JWT).into(), ..AuthConfig::default() }, "may be the issuer's token"),
        (AuthConfig { kubernetes: kubernetes(JWT).into(), ..AuthConfig::default() }, "appears to be the token itself"),
        (
            AuthConfig { kubernetes: kubernetes("eyJh\n7391").into(), ..AuthConfig::default() },
            "appears to be the token itself",
        ),
    ] {
        let text = format!("{:?}", resolve(&with_auth(auth), &[]).unwrap_err());
        assert!(text.contains(words) && !text.contains("7391"), "{text}");
    }
    for (auth, shown) in [
        (AuthConfig { oidc: oidc("CI_JWT_2").into(), ..AuthConfig::default() }, "The variable CI_JWT_2"),
        (AuthConfig { kubernetes: kubernetes("no/such.file").into(), ..AuthConfig::default() }, "no/such.file"),
    ] {
        let text = format!("{:?}", resolve(&with_auth(auth), &[]).unwrap_err());
        assert!(text.contains(shown), "{text}");
    }
}

#[test]
fn ok_what_is_not_known_yet_asks_for_patience_and_nothing_else() {
    for config in [
        Config { host: Attr::Unknown, ..Config::default() },
        Config { auth: Attr::Unknown, ..Config::default() },
        with_auth(AuthConfig { token: Attr::Unknown, ..AuthConfig::default() }),
        universal("a".into(), Attr::Unknown),
        with_auth(AuthConfig {
            token: Attr::Unknown,
            aws_iam: AwsIamConfig::default().into(),
            ..AuthConfig::default()
        }),
    ] {
        assert!(config.problems().is_empty());
        assert!(resolve(&config, &[("INFISICAL_TOKEN", "t")]).unwrap().is_none());
    }
}

#[test]
fn err_each_message_names_the_attributes_and_variables_that_would_fix_it() {
    let two = AuthConfig { token: "t".into(), aws_iam: AwsIamConfig::default().into(), ..AuthConfig::default() };
    let table: Vec<(Config, Variables, &[&str])> = vec![
        (Config::default(), &[], &["auth.token", "INFISICAL_TOKEN", "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID"]),
        (with_auth(two), &[], &["auth.token", "auth.aws_iam"]),
        (
            universal("a".into(), Attr::Null),
            &[],
            &["auth.universal.client_secret", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
        ),
        (
            Config::default(),
            &[("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "i")],
            &["auth.universal.client_secret", "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET"],
        ),
        (Config::default(), &[("INFISICAL_AUTH_METHOD", "magic")], &["\"magic\"", "aws_iam", "universal"]),
        (
            Config::default(),
            &[("INFISICAL_AUTH_METHOD", "oidc"), ("INFISICAL_MACHINE_IDENTITY_ID", "m")],
            &["INFISICAL_AUTH_JWT"],
        ),
        (
            Config::default(),
            &[
                ("INFISICAL_AUTH_METHOD", "aws_iam"),
                ("INFISICAL_MACHINE_IDENTITY_ID", "m"),
                ("AWS_SECRET_ACCESS_KEY", "s"),
            ],
            &["Incomplete AWS credentials", "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not"],
        ),
        (Config { host: "ftp://x".into(), ..Config::default() }, &[], &["\"ftp://x\"", "INFISICAL_HOST"]),
        (Config { host: "infisical".into(), ..Config::default() }, &[], &["\"infisical\"", "https"]),
        (
            Config { ca_cert_file: "no/such/file".into(), ..Config::default() },
            &[("INFISICAL_TOKEN", "t")],
            &["\"no/such/file\"", "INFISICAL_CA_CERT_FILE"],
        ),
    ];
    for (config, variables, words) in table {
        let error = resolve(&config, variables).unwrap_err();
        let text: String = error.iter().map(|d| format!("{} {}", d.summary(), d.detail())).collect();
        words.iter().for_each(|word| assert!(text.contains(word), "{word} is not in: {text}"));
    }
}

#[test]
fn err_a_password_in_the_address_is_not_repeated() {
    let config = Config { host: "https://user:hunter2@host".into(), ..Config::default() };
    let problems = config.problems();
    assert!(problems.has_errors());
    assert!(!format!("{problems:?}").contains("hunter2"));
}
