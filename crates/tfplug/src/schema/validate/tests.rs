//! The errors and warnings of a configuration.

use super::*;
use crate::schema::{Schema, boolean, int, map_of, number, object, object_list, object_set, string};
use crate::value::Type;

fn schema() -> Schema {
    Schema::new("")
        .attribute("id", string().computed())
        .attribute("name", string().required().length(1, 5))
        .attribute("days", int().default_value(30).at_least(1))
        .attribute("tags", map_of(Type::String))
        .attribute("old", boolean().deprecated("Use name."))
        .attribute("secret", string().sensitive().length(3, 9))
        .attribute("secret_wo", string().write_only().length(1, 9))
        .attribute("at", object().attribute("hours", int().required().between(0, 23)))
        .attribute("limit", number().finite_f64())
        .attribute("all", object_list().attribute("n", int().at_least(1)))
        .attribute("login", object().sensitive().attribute("password", string().length(3, 9)))
}

fn messages(config: Value, write_only_allowed: bool) -> Vec<String> {
    let found = validate(&schema(), &config, write_only_allowed);
    found.iter().map(|d| format!("{}: {} {}", d.path().unwrap(), d.summary(), d.detail())).collect()
}

#[test]
fn err_elements_of_a_set_that_are_the_same_with_their_defaults() {
    let set = |more: Attribute| object_set().attribute("size", int().default_value(1)).attribute("more", more);
    let with = |more| Schema::new("").attribute("set", set(more));
    let of = |sizes: [Value; 2]| {
        let element = |size| Value::object([("size", size), ("more", Value::Null)]);
        Value::object([("set", Value::set(sizes.into_iter().map(element).collect()))])
    };
    let same = || of([Value::Null, 1.into()]);
    let found = validate(&with(string()), &same(), true);
    let summaries: Vec<_> = found.iter().map(Diagnostic::summary).collect();
    assert_eq!(summaries, ["Duplicate elements in set"]);
    for (schema, config) in [
        (with(string()), of([Value::Null, 2.into()])),
        (with(string()), of([Value::Null, Value::Unknown])),
        // What the provider adds may tell them apart.
        (with(string().computed()), same()),
    ] {
        assert_eq!(validate(&schema, &config, true), Diagnostics::new());
    }
}

#[test]
fn err_a_timeout_below_zero() {
    let timeouts = object().timeouts().attribute("create", string());
    let schema = Schema::new("").attribute("timeouts", timeouts);
    let config = |length: &str| Value::object([("timeouts", Value::object([("create", length.into())]))]);
    let details = |length| -> Vec<_> {
        let found = validate(&schema, &config(length), true);
        found.iter().map(|one| (one.path().unwrap().to_string(), one.detail().to_owned())).collect()
    };
    let negative = r#"Given: "-5m". Allowed: a time that is not negative."#.to_owned();
    assert_eq!(details("-5m"), [("timeouts.create".to_owned(), negative)]);
    assert_eq!(details("5m"), []);
}

#[test]
fn ok_a_good_configuration_and_unknown_values_pass() {
    let config = Value::object([("name", "abc".into()), ("days", Value::Unknown), ("at", Value::Unknown)]);
    assert_eq!(messages(config, true), Vec::<String>::new());
    assert_eq!(messages(Value::object([("name", Value::Unknown)]), false), Vec::<String>::new());
}

#[test]
fn err_each_message_has_the_attribute_the_given_value_and_what_is_allowed() {
    let name = ("name", Value::from("abc"));
    let table = [
        (vec![], r"name: Missing name name is required and must not be null."),
        (vec![("name", "abcdef".into())], r#"name: Invalid name Given: "abcdef". Allowed: 1 to 5 characters."#),
        (vec![name.clone(), ("days", 0.into())], "days: Invalid days Given: 0. Allowed: at least 1."),
        (
            vec![name.clone(), ("days", Value::Number("1.5".parse().unwrap()))],
            "days: Invalid days Given: 1.5. Allowed: a whole number.",
        ),
        (
            vec![name.clone(), ("id", "x".into())],
            "id: Read-only id id is set by the provider and cannot be configured. Remove it from the configuration.",
        ),
        (
            vec![name.clone(), ("at", Value::object([("hours", 24.into())]))],
            "at.hours: Invalid at.hours Given: 24. Allowed: 0 to 23.",
        ),
        (
            vec![name.clone(), ("at", Value::object([("hours", Value::Null)]))],
            "at.hours: Missing at.hours at.hours is required and must not be null.",
        ),
        (
            vec![name.clone(), ("all", Value::List(vec![Value::object([("n", 0.into())])]))],
            "all[0].n: Invalid all[0].n Given: 0. Allowed: at least 1.",
        ),
        (vec![name.clone(), ("old", true.into())], "old: Deprecated old Use name."),
        (
            vec![name.clone(), ("secret", "hunter2 and more".into())],
            "secret: Invalid secret Given: a sensitive value. Allowed: 3 to 9 characters.",
        ),
        (
            vec![name.clone(), ("login", Value::object([("password", "hunter2 and more".into())]))],
            "login.password: Invalid login.password Given: a sensitive value. Allowed: 3 to 9 characters.",
        ),
        (
            vec![name.clone(), ("secret_wo", "hunter2 and more".into())],
            "secret_wo: Invalid secret_wo Given: a sensitive value. Allowed: 1 to 9 characters.",
        ),
        (
            vec![name, ("id", Value::Unknown)],
            "id: Read-only id id is set by the provider and cannot be configured. Remove it from the configuration.",
        ),
    ];
    for (config, message) in table {
        assert_eq!(messages(Value::object(config), true), [message]);
    }
}

#[test]
fn err_a_number_beyond_the_range_of_floats_is_shown_with_an_exponent() {
    for (given, shown) in [("1e400", "1e400".to_owned()), ("-12e399", "-1.2e400".to_owned())] {
        let config = Value::object([("name", "abc".into()), ("limit", Value::Number(given.parse().unwrap()))]);
        let expected =
            format!("limit: Invalid limit Given: {shown}. Allowed: a number within the range of a 64-bit float.");
        assert_eq!(messages(config, true), [expected]);
    }
}

#[test]
fn err_a_nul_in_any_string_where_the_schema_rejects_it() {
    let tags = |key: &str, value: &str| Value::map([(key.to_owned(), value.into())]);
    let login = Value::object([("password", "a\0bc".into())]);
    for (name, value, path, given) in [
        ("name", "a\0b".into(), "name", r#""a\0b""#),
        ("tags", tags("k", "\0"), r#"tags["k"]"#, r#""\0""#),
        ("tags", tags("k\0", "v"), "tags", r#""k\0""#),
        ("login", login, "login.password", "a sensitive value"),
    ] {
        let config = Value::object([("name", "abc".into()), (name, value)]);
        assert_eq!(validate(&schema(), &config, true), Diagnostics::new(), "{path}");
        let found = validate(&schema().without_nul(), &config, true);
        let said: Vec<_> = found.iter().map(|one| (one.path().unwrap().to_string(), one.detail())).collect();
        let detail = format!("Given: {given}. Allowed: text without the character NUL (U+0000).");
        assert_eq!(said, [(path.to_owned(), detail.as_str())]);
    }
}

#[test]
fn err_a_write_only_attribute_on_a_core_that_would_store_it() {
    let config = Value::object([("name", "abc".into()), ("secret_wo", "x".into())]);
    assert_eq!(messages(config, true), Vec::<String>::new());
    for given in ["x".into(), Value::Unknown] {
        assert_eq!(
            messages(Value::object([("name", "abc".into()), ("secret_wo", given)]), false),
            [
                "secret_wo: WriteOnly Attribute Not Allowed secret_wo is a write-only attribute, which requires Terraform 1.11 or later, or OpenTofu 1.11 or later."
            ]
        );
    }
}

#[test]
fn err_a_part_of_an_object_in_a_collection_of_collections() {
    let parts = object_list().attribute("size", int().required().at_least(1));
    let schema = Schema::new("").attribute("all", map_of(parts.attribute_type().value_type()).each(parts));
    let of = |size: Value| {
        let list = Value::List(vec![Value::object([("size", size)])]);
        Value::object([("all", Value::map([("k".to_owned(), list)]))])
    };
    let found = |size| -> Vec<_> {
        let found = validate(&schema, &of(size), true);
        found.iter().map(|one| (one.path().unwrap().to_string(), one.summary().to_owned())).collect()
    };
    let at = |summary: &str| [(r#"all["k"][0].size"#.to_owned(), summary.to_owned())];
    assert_eq!(found(Value::Null), at(r#"Missing all["k"][0].size"#));
    assert_eq!(found(0.into()), at(r#"Invalid all["k"][0].size"#));
    assert_eq!(found(1.into()), []);
    assert_eq!(found(Value::Unknown), []);
}

#[test]
fn err_a_null_element_is_named_by_its_key_unless_the_key_may_be_secret() {
    let schema = Schema::new("").attribute("tags", map_of(Type::String).elements_not_null());
    let tags = Value::object([("tags", Value::map([("token".to_owned(), Value::Null)]))]);
    let texts = |found: Diagnostics| -> Vec<_> {
        found.iter().map(|one| format!("{}: {}: {}", one.path().unwrap(), one.summary(), one.detail())).collect()
    };
    let detail = "No element of tags may be null. Give it a value, or leave it out.";
    assert_eq!(texts(validate(&schema, &tags, true)), [format!(r#"tags["token"]: Missing tags["token"]: {detail}"#)]);
    assert_eq!(texts(validate_unseen(&schema, &tags)), [format!("tags: Missing an element of tags: {detail}")]);
}
