//! Each rule that is checked without the API is reported at the line of its attribute.

use crate::support::rotation::{rotation, start};

/// An attribute, its expression, and the words that the message must contain.
const RULES: &[(&str, &str, &str)] = &[
    ("name", r#""""#, "1 to 64 characters"),
    ("name", r#""Upper""#, "a slug: a-z, 0-9 and single hyphens inside"),
    ("name", r#""two--hyphens""#, "Given: \"two--hyphens\""),
    ("name", r#""-edge""#, "a slug"),
    ("name", r#"join("", [for i in range(65) : "a"])"#, "1 to 64 characters"),
    ("project_id", r#""""#, "text that is not blank"),
    ("connection_id", r#""my-connection""#, "a UUID such as"),
    ("environment", r#""Dev""#, "a slug"),
    ("environment", r#""""#, "1 to 64 characters"),
    ("secret_path", r#""app""#, "a path that starts with /"),
    ("secret_path", r#""/a b""#, "letters, digits, - and _"),
    ("secret_path", r#""/a//b""#, "letters, digits, - and _"),
    ("secret_path", r#""/ä""#, "letters, digits, - and _"),
    ("description", r#"join("", [for i in range(256) : "a"])"#, "at most 255 characters"),
    // The server counts UTF-16 code units, of which these characters have two each.
    ("description", r#"join("", [for i in range(130) : "🔑"])"#, "at most 255 characters"),
    ("description", r#""a\u0000b""#, "NUL"),
    ("name", r#""a\u0000b""#, "a slug"),
    ("project_id", r#""a\u0000b""#, "NUL"),
    ("rotation_interval", "0", "Given: 0. Allowed: 1 to 1000000."),
    ("rotation_interval", "1000001", "Given: 1000001. Allowed: 1 to 1000000."),
    ("rotation_interval", "1.5", "Given: 1.5. Allowed: a whole number."),
    ("rotate_at_utc", "{ hours = 24 }", "Given: 24. Allowed: 0 to 23."),
    ("rotate_at_utc", "{ minutes = -1 }", "Given: -1. Allowed: 0 to 59."),
    ("rotate_at_utc", "{ minutes = 1.5 }", "a whole number"),
    ("parameters", r#"{ name = "" }"#, "1 to 100 characters"),
    ("parameters", r#"{ name = join("", [for i in range(101) : "a"]) }"#, "1 to 100 characters"),
    ("parameters", r#"{ name = "k", limit = 0 }"#, "Given: 0. Allowed: more than 0."),
    ("parameters", r#"{ name = "k", limit = -5 }"#, "Given: -5. Allowed: more than 0."),
    ("parameters", r#"{ name = "k", limit = 1e400 }"#, "parameters.limit"),
    ("parameters", r#"{ name = "a\u0000b" }"#, "NUL"),
    ("parameters", r#"{ name = join("", [for i in range(51) : "🔑"]) }"#, "1 to 100 characters"),
    (
        "parameters",
        r#"{ name = "k", limit_reset = "yearly" }"#,
        r#"Given: "yearly". Allowed: one of "daily", "weekly", "monthly", "never"."#,
    ),
    ("secrets_mapping", r#"{ api_key = "" }"#, "1 to 500 characters"),
    ("secrets_mapping", r#"{ api_key = join("", [for i in range(501) : "a"]) }"#, "1 to 500 characters"),
    ("secrets_mapping", r#"{ api_key = "a\u0000b" }"#, "NUL"),
    ("secrets_mapping", r#"{ api_key = "a/b" }"#, "a secret's name, without / and :"),
    ("secrets_mapping", r#"{ api_key = "a:b" }"#, "a secret's name, without / and :"),
    ("secrets_mapping", r#"{ api_key = null }"#, "secrets_mapping.api_key is required and must not be null"),
    ("folder_id", r#""x""#, "folder_id"),
    ("id", r#""x""#, "id"),
];

#[test]
fn each_violation_is_reported_at_its_line_without_calling_the_api() {
    let (simulator, workspace) = start(&rotation(&[]));
    for (attribute, expression, words) in RULES {
        let text = rotation(&[(attribute, expression)]);
        workspace.rewrite(&text);
        let found = workspace.validate_expecting_failure();
        let [one] = found.as_slice() else {
            panic!("{attribute} = {expression} should have one diagnostic: {found:?}")
        };
        let line = one["range"]["start"]["line"].as_u64().unwrap_or_default();
        let written = workspace.read("main.tf");
        let at = written.lines().nth(usize::try_from(line).unwrap().saturating_sub(1)).unwrap_or_default();
        assert!(at.trim_start().starts_with(attribute), "{attribute} = {expression} is shown at: {at}");
        let said = format!("{} {}", one["summary"], one["detail"]).replace("\\\"", "\"");
        assert!(said.contains(words), "{attribute} = {expression}: {said}");
    }
    assert!(simulator.requests().is_empty(), "validate does not call the API");
}

#[test]
fn the_error_for_a_missing_required_attribute_names_it() {
    let (_simulator, workspace) = start(&rotation(&[]));
    for attribute in
        ["name", "project_id", "connection_id", "environment", "secret_path", "parameters", "secrets_mapping"]
    {
        workspace.rewrite(&rotation(&[(attribute, "")]));
        let found = workspace.validate_expecting_failure();
        assert!(found[0]["detail"].as_str().unwrap().contains(attribute), "{found:?}");
    }
}

#[test]
fn a_configuration_with_unknown_values_is_valid() {
    let configuration = rotation(&[("secret_path", "var.project_id")]);
    let (simulator, workspace) = start(&configuration);
    workspace.validate();
    assert!(simulator.requests().is_empty());
}
