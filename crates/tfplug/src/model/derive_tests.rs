//! What the derive generates.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::schema::{AttributeType, Check, Configurable, Nesting};
use crate::value::Number;
use crate::{Diagnostics, Model, Words};

const SLUG: Check = Check::Custom("a slug", is_slug);
const MOST: i64 = 1_000_000;

fn is_slug(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'))
}

fn same_path(one: &Value, other: &Value) -> bool {
    let path = |value: &Value| value.as_str().map(|path| path.trim_end_matches('/').to_owned());
    path(one) == path(other)
}

#[derive(Clone, Copy, Debug, PartialEq, Words)]
enum Reset {
    Daily,
    EveryWeek,
    #[tf(rename = "never")]
    Off,
}

/// Where something is.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Place {
    /// The project's id.
    #[tf(required, requires_replace, non_empty)]
    project_id: String,
    /// The folder.
    #[tf(required, requires_replace, semantic_equals = same_path)]
    secret_path: String,
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Limits {
    #[tf(required, length(1..=100))]
    name: String,
    #[tf(above = 0)]
    limit: Option<Number>,
    #[tf(default = Reset::Off)]
    reset: Reset,
    #[tf(default = false)]
    include_byok: bool,
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Times {
    #[tf(default = 0, range(0..=23))]
    hours: u8,
    #[tf(default = 0, range(0..=59))]
    minutes: u8,
}

/// Set by the API alone.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Answer {
    /// When the key was last replaced.
    #[tf(computed, unknown_when_changed("triggers"))]
    last_rotated_at: Computed<String>,
    #[tf(computed, use_state_for_unknown)]
    r#type: Computed<String>,
}

/// Issues a key, stores it
/// and replaces it.
///
/// Costs a request.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, version = 2, deprecated = "Use another.")]
struct Rotation {
    /// The rotation's id.
    #[tf(computed, identity, use_state_for_unknown)]
    id: Computed<String>,
    /// Unique within its folder.
    #[tf(required, length(1..=64), check = SLUG)]
    name: String,
    #[tf(flatten)]
    place: Place,
    /// Days between two keys.
    #[tf(default = 30, range(1..=MOST))]
    days: i64,
    #[tf(default = Times { hours: 0, minutes: 30 })]
    at: Times,
    #[tf(required)]
    limits: Limits,
    #[tf(state_only)]
    triggers: Option<BTreeMap<String, String>>,
    tags: Option<BTreeSet<String>>,
    #[tf(set)]
    words: Option<Vec<Reset>>,
    #[tf(required)]
    all: Vec<Limits>,
    by_name: Option<BTreeMap<String, Times>>,
    ratio: Option<f64>,
    #[tf(rename = "any")]
    anything: Option<Value>,
    #[tf(sensitive, write_only, description = format!("Not stored. At most {MOST}."))]
    secret: Option<String>,
    #[tf(optional, computed, deprecated = "Use name.")]
    alias: Computed<String>,
    #[tf(flatten)]
    answer: Answer,
}

/// The same attributes, as results.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
struct Found {
    #[tf(optional, computed)]
    id: Computed<String>,
    #[tf(flatten, optional, computed)]
    place: Open<Place>,
    #[tf(flatten, computed)]
    answer: Open<Answer>,
    #[tf(computed)]
    all: Computed<Vec<Limits>>,
}

fn limits() -> Limits {
    Limits { name: "k".into(), limit: Some("0.10".parse().unwrap()), reset: Reset::EveryWeek, include_byok: true }
}

fn rotation() -> Rotation {
    Rotation {
        id: "1".into(),
        name: "a".into(),
        place: Place { project_id: "p".into(), secret_path: "/".into() },
        days: 7,
        at: Times { hours: 3, minutes: 4 },
        limits: limits(),
        triggers: Some([("k".to_owned(), "v".to_owned())].into()),
        tags: Some(["a".to_owned()].into()),
        words: Some(vec![Reset::Off]),
        all: vec![limits()],
        by_name: Some([("n".to_owned(), Times { hours: 1, minutes: 2 })].into()),
        ratio: Some(0.1),
        anything: None,
        secret: None,
        alias: Attr::Unknown,
        answer: Answer { last_rotated_at: Attr::Unknown, r#type: "key".into() },
    }
}

#[test]
fn ok_a_struct_reads_back_what_it_wrote() {
    let value = rotation().into_value();
    assert_eq!(value.get("project_id").as_str(), Some("p"), "a group's attributes stand among the others");
    assert_eq!(value.get("type").as_str(), Some("key"));
    assert_eq!(Rotation::from_value(value.clone(), &Path::root()).unwrap(), rotation());
    let config = RotationConfig::from_value(value.clone(), &Path::root()).unwrap();
    assert_eq!(config.place.project_id, "p".into());
    assert!(config.alias.is_unknown());
    let fitted = |value| crate::type_erasure::fitted(value, &Rotation::value_type());
    assert_eq!(fitted(config.into_value()), fitted(value));
}

#[test]
fn the_schema_follows_from_the_struct() {
    let schema = Rotation::schema();
    assert_eq!(schema.problems(), Vec::<String>::new());
    assert_eq!(schema.description(), "Issues a key, stores it and replaces it.\n\nCosts a request.");
    assert_eq!((schema.stored_version(), schema.deprecation()), (2, Some("Use another.")));
    let set = |name: &str| schema.all()[name].configurable();
    assert_eq!(set("name"), Configurable::Required);
    assert_eq!(set("triggers"), Configurable::Optional);
    assert_eq!(set("alias"), Configurable::OptionalComputed);
    assert_eq!(set("id"), Configurable::Computed);
    let described = |name: &str| schema.all()[name].documentation();
    assert_eq!(described("name"), "Unique within its folder. Allowed: 1 to 64 characters; a slug.");
    assert_eq!(described("days"), "Days between two keys. Allowed: a whole number; 1 to 1000000. Default: `30`.");
    assert_eq!(described("secret"), "Not stored. At most 1000000.");
    assert_eq!(
        described("project_id"),
        "The project's id. Allowed: text that is not blank. Changing it replaces the resource."
    );
    assert!(
        matches!(schema.all()["all"].attribute_type(), AttributeType::Nested(Nesting::List, inner) if inner.len() == 4)
    );
    assert!(matches!(schema.all()["by_name"].attribute_type(), AttributeType::Nested(Nesting::Map, _)));
    let types: Vec<_> =
        ["tags", "words", "any", "ratio"].map(|name| schema.all()[name].attribute_type().value_type()).into();
    assert_eq!(types, [Type::set(Type::String), Type::set(Type::String), Type::Dynamic, Type::Number]);
    assert!(schema.all()["secret"].is_write_only() && schema.all()["secret"].is_sensitive());
    assert_eq!(schema.value_type(), Rotation::value_type());
}

#[test]
fn enums_of_words_are_validated_alone_and_in_collections() {
    let schema = Rotation::schema();
    let config = |words: &str| {
        let limits = Value::object([("name", "k".into()), ("reset", "sometimes".into())]);
        Value::object([
            ("name", "a".into()),
            ("project_id", "p".into()),
            ("secret_path", "/".into()),
            ("limits", limits),
            ("all", Value::List(Vec::new())),
            ("words", Value::set(vec![words.into()])),
        ])
    };
    let errors = |words| {
        let found = crate::schema::validate(&schema, &config(words), true);
        found.iter().map(|error| format!("{} {}", error.summary(), error.detail())).collect::<Vec<_>>()
    };
    let reset = r#"Invalid limits.reset Given: "sometimes". Allowed: one of "daily", "every_week", "never"."#;
    assert_eq!(errors("daily"), [reset]);
    assert_eq!(errors("monthly").len(), 2);
}

#[test]
fn an_incomplete_state_still_has_the_identity() {
    let imported = Value::object([("id", "1".into()), ("name", Value::Null)]);
    let prior = Rotation::prior(imported.clone()).unwrap();
    assert!(prior.identity == RotationIdentity { id: "1".into() } && prior.whole().is_none());
    let error = Rotation::existing(imported).unwrap_err();
    let text = error.iter().next().unwrap().detail().to_owned();
    assert!(text.starts_with("all: null where a value is required. Refresh the state"), "{text}");
    let complete = Rotation::existing(Rotation { alias: Attr::Null, ..rotation() }.into_value());
    assert_eq!(complete.map(|found| found.identity.id), Ok::<_, Diagnostics>("1".to_owned()));
    assert!(Rotation::prior(Value::object([("id", Value::Null)])).is_err());
}

#[test]
fn a_resources_attributes_can_be_the_results_of_a_data_source() {
    let schema = Found::schema();
    assert_eq!(schema.problems(), Vec::<String>::new());
    let set = |name: &str| schema.all()[name].configurable();
    assert_eq!(set("project_id"), Configurable::OptionalComputed);
    assert_eq!(set("last_rotated_at"), Configurable::Computed);
    let AttributeType::Nested(Nesting::List, inner) = schema.all()["all"].attribute_type() else { panic!() };
    assert!(inner.values().all(|attribute| attribute.configurable() == Configurable::Computed));
    assert_eq!(inner["limit"].documentation(), "");
    let found =
        Found { all: Attr::Known(vec![limits()]), ..Found::from_members(Members::new(), &Path::root()).unwrap() };
    assert!(found.place.project_id.is_null());
    assert_eq!(Found::from_value(found.clone().into_value(), &Path::root()).unwrap(), found);
}

#[test]
fn names_are_listed_over_all_groups() {
    assert_eq!(Found::ATTRIBUTES, ["id", "project_id", "secret_path", "last_rotated_at", "type", "all"]);
    assert_eq!((Rotation::IDENTITY, Found::IDENTITY), (&["id"][..], &[][..]));
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Point {
    #[tf(required)]
    x: i64,
    y: Option<i64>,
}

/// Values of other widths, formats and types.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity)]
struct Other {
    #[tf(required, set, each(length(1..=3), one_of("a", "b")))]
    words: Vec<String>,
    nested: Option<Vec<BTreeSet<u8>>>,
    #[tf(plain)]
    point: Option<Point>,
    ratio: Option<f32>,
    any: Option<Value>,
    #[tf(computed)]
    decided: Computed<Value>,
    #[tf(set, any_spelling)]
    addresses: Option<Vec<crate::text::Ipv6>>,
}

fn errors(config: Value) -> Vec<String> {
    let found = crate::schema::validate(&Other::schema(), &config, true);
    found.iter().map(|error| format!("{} {}", error.summary(), error.detail())).collect()
}

#[test]
fn elements_of_collections_have_rules_of_their_own() {
    assert_eq!(Other::schema().problems(), Vec::<String>::new());
    let words = |words: &[&str]| ("words", Value::set(words.iter().map(|word| Value::from(*word)).collect()));
    assert_eq!(errors(Value::object([words(&["a", "b"])])), Vec::<String>::new());
    let one_of = r#"Given: "c". Allowed: one of "a", "b"."#;
    assert_eq!(errors(Value::object([words(&["a", "c"])])), [format!("Invalid words {one_of}")]);
    let nested = Value::List(vec![Value::set(vec![1.into()]), Value::set(vec![256.into()])]);
    let found = errors(Value::object([words(&["a"]), ("nested", nested)]));
    assert_eq!(found, ["Invalid nested[1] Given: 256. Allowed: 0 to 255."]);
    let addresses = Value::set(vec!["::1".into(), "x".into()]);
    let found = errors(Value::object([words(&["a"]), ("addresses", addresses)]));
    assert!(
        found[0].starts_with("Invalid IPv6 Address String Value addresses has another format. Given: \"x\"."),
        "{found:?}"
    );
    assert_eq!(Other::schema().all()["words"].configurable(), Configurable::Required, "a set can be required");
}

#[test]
fn plain_objects_narrow_numbers_and_values_of_any_type_are_read_back() {
    let schema = Other::schema();
    let AttributeType::Plain(Type::Object(point)) = schema.all()["point"].attribute_type() else { panic!() };
    assert_eq!(point.len(), 2);
    let other = Other {
        words: vec!["a".into()],
        nested: Some(vec![[7].into()]),
        point: Some(Point { x: 1, y: Some(2) }),
        ratio: Some(0.1),
        any: Some(Value::List(vec!["x".into(), 1.into()]).into_dynamic()),
        decided: Attr::Unknown,
        addresses: Some(vec!["::1".parse().unwrap()]),
    };
    let value = other.clone().into_value();
    assert_eq!(Other::from_value(value.clone(), &Path::root()).unwrap(), other);
    let null = Value::Dynamic(Box::new((Type::String, Value::Null)));
    let Value::Object(mut members) = value else { panic!() };
    members.extend([("any", null.clone()), ("decided", null)]);
    let read = Other::from_value(Value::Object(members), &Path::root()).unwrap();
    assert_eq!((read.any, read.decided), (None, Attr::Null), "a null of any type is null");
}

/// Logs in.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object, together("user", "password"), at_most_one_of("user", "token"))]
struct Login {
    user: Option<String>,
    #[tf(sensitive)]
    password: Option<String>,
    token: Option<String>,
}

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity, exactly_one_of("user", "token"), prefer_write_only("token", "token_wo"))]
struct LoggedIn {
    #[tf(flatten)]
    login: Login,
    #[tf(write_only)]
    token_wo: Option<String>,
    others: Option<Vec<Login>>,
    #[tf(block)]
    other: Vec<Login>,
}

#[test]
fn rules_about_several_attributes_follow_from_the_struct_at_any_depth() {
    let schema = LoggedIn::schema();
    assert_eq!(schema.problems(), Vec::<String>::new());
    assert_eq!(schema.all_combinations().len(), 4, "those of a group are among its own");
    let login = |name: &'static str| Value::object([(name, Value::from("x"))]);
    let config = Value::object([
        ("token", "x".into()),
        ("others", Value::List(vec![login("user")])),
        ("other", Value::List(vec![login("token"), login("password")])),
    ]);
    let found = crate::schema::validate(&schema, &config, true);
    let found: Vec<_> = found.iter().map(|one| (one.path().unwrap().to_string(), one.summary())).collect();
    let expected = [
        ("other[1].password", "Invalid Attribute Combination"),
        ("others[0].user", "Invalid Attribute Combination"),
        ("token", "Use token_wo instead of token"),
    ];
    assert_eq!(found, expected.map(|(path, summary)| (path.to_owned(), summary)));
}
