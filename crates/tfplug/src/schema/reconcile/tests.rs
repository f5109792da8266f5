//! What becomes of the results of handlers.

use super::*;
use crate::schema::{Schema, int, list_of, number, object, object_list, object_set, string};
use crate::value::Type;

fn schema() -> Schema {
    Schema::new("")
        .attribute("id", string().computed())
        .attribute(
            "name",
            string().required().semantic_equals(|a, b| a.as_str().map(str::trim) == b.as_str().map(str::trim)),
        )
        .attribute("limit", number())
        .attribute("key", string().sensitive())
        .attribute("at", object().attribute("hours", int().required()))
        .attribute("login", object().sensitive().attribute("password", string()))
        .attribute("names", list_of(Type::String))
}

fn value(name: &str, limit: &str, hours: i32) -> Value {
    Value::object([
        ("id", "1".into()),
        ("name", name.into()),
        ("limit", Value::Number(limit.parse().unwrap())),
        ("key", "a".into()),
        ("at", Value::object([("hours", hours.into())])),
    ])
}

#[test]
fn the_planned_spelling_is_kept_where_both_are_semantically_equal() {
    let (reconciled, found) =
        reconcile(schema().all(), &value(" a ", "1.10", 1), &value(" a ", "1.10", 1), value("a", "1.1", 1));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(reconciled.get("name").as_str(), Some(" a "));
    let stored = keep_spelling(schema().all(), &value(" a ", "1", 1), value("b", "1", 1));
    assert_eq!(stored.get("name").as_str(), Some("b"), "a real change is stored as found");
}

#[test]
fn a_returned_value_that_differs_from_the_plan_is_stored_and_reported_for_each_attribute() {
    let mut other = value("b", "2", 2);
    if let Value::Object(members) = &mut other {
        members.insert("key", "other".into());
    }
    let (reconciled, found) = reconcile(schema().all(), &value("a", "1", 1), &value("a", "1", 1), other.clone());
    assert_eq!(reconciled, other);
    let named: Vec<_> = found.iter().map(|d| (d.path().unwrap().to_string(), d.detail().to_owned())).collect();
    assert_eq!(named.len(), 4, "{named:?}");
    assert_eq!(named[0].0, "at.hours");
    assert!(named[3].1.starts_with(r#"Planned: "a". Returned by the API: "b"."#), "{}", named[3].1);
    assert!(
        named[1].1.starts_with("Planned: a sensitive value. Returned by the API: a different sensitive value."),
        "{}",
        named[1].1
    );
}

#[test]
fn values_inside_a_sensitive_object_are_not_shown() {
    let login = |password: &str| Value::object([("login", Value::object([("password", password.into())]))]);
    let (_, found) = reconcile(schema().all(), &login("hunter2"), &login("hunter2"), login("hunter3"));
    let one = found.iter().next().unwrap();
    assert_eq!(one.path().unwrap().to_string(), "login.password");
    assert!(!one.detail().contains("hunter"), "{}", one.detail());
}

#[test]
fn a_value_planned_as_partly_unknown_may_become_anything() {
    let names = |first: Value| Value::object([("names", Value::List(vec![first, "b".into()]))]);
    let (reconciled, found) =
        reconcile(schema().all(), &names(Value::Unknown), &names(Value::Unknown), names("a".into()));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(reconciled, names("a".into()));
}

#[test]
fn computed_attributes_that_the_plan_showed_keep_the_planned_value() {
    let schema = Schema::new("")
        .attribute("updated_at", string().computed())
        .attribute("region", string().optional_computed())
        .attribute("days", int().default_value(30))
        .attribute("parts", object_list().attribute("k", string()).attribute("made", string().computed()))
        .attribute("bits", object_set().attribute("k", string()).attribute("made", string().computed()));
    let parts = |made: Value| Value::object([("k", "a".into()), ("made", made)]);
    let all = |time: &str, region: &str, days: i64| {
        Value::object([
            ("updated_at", time.into()),
            ("region", region.into()),
            ("days", days.into()),
            ("parts", Value::List(vec![parts(time.into())])),
            ("bits", Value::set(vec![parts(time.into())])),
        ])
    };
    let planned = all("then", "eu", 30);
    let (reconciled, found) = reconcile(schema.all(), &planned, &Value::Null, all("now", "us", 30));
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(reconciled, planned);
    let configured = Value::object([("region", Value::from("eu"))]);
    for (config, returned, at) in
        [(configured, all("then", "us", 30), "region"), (Value::Null, all("then", "eu", 7), "days")]
    {
        let (reconciled, found) = reconcile(schema.all(), &planned, &config, returned.clone());
        assert_eq!(reconciled, returned);
        let named: Vec<_> = found.iter().map(|one| one.path().unwrap().to_string()).collect();
        assert_eq!(named, [at]);
    }
    let read = keep_spelling(schema.all(), &planned, all("now", "us", 7));
    assert_eq!(read, all("now", "us", 7), "a refresh stores what is newer");
}

#[test]
fn elements_of_a_set_whose_computed_values_the_api_changed_keep_the_planned_ones() {
    let inner = object().attribute("size", int().required()).attribute("seen", string().computed());
    let set = object_set()
        .attribute("name", string().required())
        .attribute("made", string().optional_computed())
        .attribute("inner", inner);
    let schema = Schema::new("").attribute("set", set);
    let of = |name: &str, made: Value, seen: Value| {
        let inner = Value::object([("size", 1.into()), ("seen", seen)]);
        Value::object([("name", name.into()), ("made", made), ("inner", inner)])
    };
    let all = |elements: [Value; 2]| Value::object([("set", Value::set(elements.to_vec()))]);
    let config = all(["a", "b"].map(|name| of(name, Value::Null, Value::Null)));
    let planned = all(["a", "b"].map(|name| of(name, "then".into(), "then".into())));
    let returned = all([of("a", "now".into(), "then".into()), of("b", "then".into(), "now".into())]);
    let (reconciled, found) = reconcile(schema.all(), &planned, &config, returned);
    assert_eq!((reconciled, found), (planned, Diagnostics::new()));
}

/// Each configured element is the origin of one planned element, also if it leaves open what another one says.
#[test]
fn an_element_that_leaves_something_open_does_not_excuse_what_became_of_another_one() {
    let set = object_set().attribute("name", string().optional_computed());
    let schema = Schema::new("").attribute("all", set);
    let all = |names: [Value; 2]| {
        Value::object([("all", Value::set(names.map(|name| Value::object([("name", name)])).into()))])
    };
    let planned = all([Value::Unknown, "x".into()]);
    let config = all([Value::Null, "x".into()]);
    let (_, differences) = reconcile(schema.all(), &planned, &config, all(["made".into(), "y".into()]));
    let texts: Vec<_> = differences.iter().map(|one| one.summary().to_owned()).collect();
    assert_eq!(texts, ["Unexpected value of all.name after the apply"]);
}
