//! The plans of creates, updates and replacements.

use super::*;
use crate::schema::{Schema, boolean, int, map_of, number, object, object_list, object_set, string};
use crate::value::{Members, Number, Type};

fn schema() -> Schema {
    fn no_slash(value: &Value) -> &str {
        value.as_str().unwrap_or_default().trim_end_matches('/')
    }
    Schema::new("")
        .attribute("id", string().computed().use_state_for_unknown())
        .attribute("seen", string().computed())
        .attribute("next", string().computed().unknown_when_changed(&["days", "note"]))
        .attribute("path", string().required().requires_replace().semantic_equals(|a, b| no_slash(a) == no_slash(b)))
        .attribute("days", int().default_value(30))
        .attribute("limit", number())
        .attribute("note", string().state_only())
        .attribute("secret", string().write_only())
        .attribute("tags", map_of(Type::String))
        .attribute(
            "at",
            object()
                .attribute("hours", int().default_value(0))
                .attribute("minutes", int().default_value(0))
                .default_value(Value::object([("hours", 0.into()), ("minutes", 0.into())])),
        )
        .attribute(
            "inner",
            object().attribute("on", boolean().default_value(true)).attribute("made", string().computed()),
        )
        .attribute("list", object_list().attribute("k", string().required()).attribute("v", string().computed()))
        .attribute("set", object_set().attribute("k", string().required()).attribute("v", string().computed()))
}

/// An object with every attribute of the schema, null where it is not named.
fn whole(members: &[(&'static str, Value)]) -> Value {
    let Type::Object(kinds) = schema().value_type() else { unreachable!() };
    let mut all: Members = kinds.keys().map(|name| (name.clone(), Value::Null)).collect();
    all.extend(members.iter().map(|(name, value)| (*name, value.clone())));
    Value::Object(all)
}

fn at(hours: i32, minutes: i32) -> Value {
    Value::object([("hours", hours.into()), ("minutes", minutes.into())])
}

fn stored(more: &[(&'static str, Value)]) -> Value {
    let base =
        [("id", "1".into()), ("seen", "then".into()), ("path", "/a".into()), ("days", 30.into()), ("at", at(0, 0))];
    whole(&[base.as_slice(), more].concat())
}

fn plan_of(prior: &Value, config: &Value) -> Planned {
    plan(schema().all(), Prior(prior), config)
}

#[test]
fn a_create_has_defaults_and_computed_attributes_are_unknown() {
    let planned = plan_of(
        &Value::Null,
        &whole(&[
            ("path", "/a".into()),
            ("at", Value::object([("hours", 3.into()), ("minutes", Value::Null)])),
            ("secret", "s".into()),
        ]),
    );
    let expected = whole(&[
        ("id", Value::Unknown),
        ("seen", Value::Unknown),
        ("next", Value::Unknown),
        ("path", "/a".into()),
        ("days", 30.into()),
        ("at", at(3, 0)),
    ]);
    assert_eq!(planned.state, expected);
    assert!(planned.replaces.is_empty());
}

#[test]
fn an_unchanged_resource_plans_no_change() {
    for prior in [stored(&[]), stored(&[("limit", Value::Number("12.34".parse().unwrap()))])] {
        let config = whole(&[("path", "/a".into()), ("limit", prior.get("limit").clone())]);
        assert_eq!(plan_of(&prior, &config).state, prior);
    }
}

#[test]
fn an_update_keeps_what_cannot_change_and_marks_the_rest_as_unknown() {
    let planned = plan_of(&stored(&[]), &whole(&[("path", "/a".into()), ("days", 7.into())]));
    let open = [("days", 7.into()), ("seen", Value::Unknown), ("next", Value::Unknown)];
    assert_eq!(planned.state, stored(&open));
    assert!(planned.replaces.is_empty());
}

/// The state holds the decimal form of a number that a function computed.
#[test]
fn a_computed_number_is_no_change_and_keeps_the_form_of_the_configuration() {
    let float = Number::from_f64(1.1 * 1.1).unwrap();
    let limit = |limit: Number| ("limit", Value::Number(limit));
    let prior = stored(&[limit("1.2100000000000002".parse().unwrap())]);
    let planned = plan_of(&prior, &whole(&[("path", "/a".into()), limit(float.clone())])).state;
    assert_eq!(planned, prior);
    let Value::Number(limit) = planned.get("limit") else { panic!("a number") };
    assert_eq!(limit.as_fraction(), float.as_fraction());
}

#[test]
fn a_state_only_change_makes_only_the_attributes_that_depend_on_it_unknown() {
    let planned = plan_of(&stored(&[]), &whole(&[("path", "/a".into()), ("note", "x".into())]));
    assert_eq!(planned.state, stored(&[("note", "x".into()), ("next", Value::Unknown)]));
}

#[test]
fn an_attribute_becomes_unknown_only_when_one_that_it_depends_on_changes() {
    let prior = stored(&[("next", "soon".into())]);
    let limit = |config: &[(&'static str, Value)]| whole(&[&[("path", "/a".into())], config].concat());
    let elsewhere = plan_of(&prior, &limit(&[("limit", 5.into())])).state;
    assert_eq!(elsewhere.get("next").as_str(), Some("soon"));
    assert!(elsewhere.get("seen").is_unknown());
    for days in [7.into(), Value::Unknown] {
        assert!(plan_of(&prior, &limit(&[("days", days)])).state.get("next").is_unknown());
    }
    assert!(plan_of(&Value::Null, &limit(&[])).state.get("next").is_unknown(), "a create");
}

#[test]
fn an_update_keeps_null_in_computed_attributes_that_it_cannot_change() {
    let planned = plan_of(&stored(&[("id", Value::Null)]), &whole(&[("path", "/a".into()), ("limit", 5.into())]));
    assert!(planned.state.get("id").is_null() && planned.state.get("next").is_null());
}

/// With `ignore_changes`, the core puts the state's value into the configuration.
#[test]
fn a_computed_attribute_whose_changes_are_ignored_stays_known() {
    let config = whole(&[("path", "/a".into()), ("days", 7.into()), ("seen", "then".into())]);
    assert_eq!(plan_of(&stored(&[]), &config).state.get("seen").as_str(), Some("then"));
}

#[test]
fn a_replacement_has_the_same_unknowns_as_a_create() {
    let config = whole(&[("path", "/b".into())]);
    let replaced = plan_of(&stored(&[("next", "soon".into())]), &config);
    assert_eq!(replaced.replaces, [Path::of("path")]);
    assert_eq!(replaced.state, plan_of(&Value::Null, &config).state);
}

#[test]
fn computed_attributes_of_nested_objects_follow_the_same_rules() {
    let list = || {
        object_list()
            .attribute("k", string().required())
            .attribute("id", string().computed().use_state_for_unknown())
            .attribute("next", string().computed().unknown_when_changed(&["days"]))
            .attribute("seen", string().computed())
    };
    let schema = Schema::new("").attribute("days", int()).attribute("list", list());
    let element = |k: &str, decided: Value| {
        Value::object([("k", k.into()), ("id", decided.clone()), ("next", decided.clone()), ("seen", decided)])
    };
    let both = |days: i64, list: Vec<Value>| Value::object([("days", days.into()), ("list", Value::List(list))]);
    let prior = both(1, vec![element("a", "x".into())]);
    let config = both(1, vec![element("a", Value::Null), element("b", Value::Null)]);
    let planned = plan(schema.all(), Prior(&prior), &config).state;
    let kept = Value::object([("k", "a".into()), ("id", "x".into()), ("next", "x".into()), ("seen", Value::Unknown)]);
    assert_eq!(planned, both(1, vec![kept, element("b", Value::Unknown)]));
}

#[test]
fn a_semantically_equal_value_is_no_change_and_a_different_one_replaces() {
    assert_eq!(plan_of(&stored(&[]), &whole(&[("path", "/a/".into())])).state, stored(&[]));
    let moved = plan_of(&stored(&[]), &whole(&[("path", "/b".into())]));
    assert_eq!(moved.replaces, [Path::of("path")]);
    let unknown = plan_of(&stored(&[]), &whole(&[("path", Value::Unknown)]));
    assert_eq!(unknown.replaces, [Path::of("path")]);
}

#[test]
fn adding_removing_or_not_knowing_an_object_replaces_if_one_of_its_attributes_requires_it() {
    let place = object().attribute("zone", string().requires_replace()).attribute("note", string());
    let schema = Schema::new("").attribute("at", object().attribute("place", place));
    let in_zone = |zone: Value| Value::object([("zone", zone), ("note", "n".into())]);
    let at = |place: Value| Value::object([("at", Value::object([("place", place)]))]);
    let none = Value::object([("at", Value::Null)]);
    let zone = Path::of("at").attribute("place").attribute("zone");
    let a = || at(in_zone("a".into()));
    for (prior, config, replaces) in [
        (none.clone(), a(), true),
        (a(), none.clone(), true),
        (a(), at(Value::Null), true),
        (a(), at(Value::Unknown), true),
        (a(), Value::object([("at", Value::Unknown)]), true),
        (none.clone(), Value::object([("at", Value::Unknown)]), true),
        (none.clone(), at(in_zone(Value::Null)), false),
        (at(in_zone(Value::Null)), none, false),
    ] {
        let planned = plan(schema.all(), Prior(&prior), &config);
        let expected = if replaces { vec![zone.clone()] } else { vec![] };
        assert_eq!(planned.replaces, expected, "{prior:?} to {config:?}");
    }
}

#[test]
fn an_unknown_value_stays_unknown_and_gets_no_default() {
    let planned =
        plan_of(&stored(&[]), &whole(&[("path", "/a".into()), ("days", Value::Unknown), ("at", Value::Unknown)]));
    assert_eq!(planned.state.get("days"), &Value::Unknown);
    assert_eq!(planned.state.get("at"), &Value::Unknown);
}

#[test]
fn nested_objects_are_planned_attribute_by_attribute() {
    let k = |name: &str| Value::object([("k", name.into()), ("v", Value::Null)]);
    let config = whole(&[
        ("path", "/a".into()),
        ("inner", Value::object([("on", Value::Null), ("made", Value::Null)])),
        ("list", Value::List(vec![k("a"), Value::Unknown])),
        ("set", Value::set(vec![k("b")])),
    ]);
    let planned = plan_of(&Value::Null, &config).state;
    let open = |name: &str| Value::object([("k", name.into()), ("v", Value::Unknown)]);
    assert_eq!(planned.get("inner"), &Value::object([("on", true.into()), ("made", Value::Unknown)]));
    assert_eq!(planned.get("list"), &Value::List(vec![open("a"), Value::Unknown]));
    assert_eq!(planned.get("set"), &Value::set(vec![open("b")]));
}

#[test]
fn an_unchanged_set_of_objects_keeps_its_computed_values() {
    let made = |k: &str, v: &str| Value::object([("k", k.into()), ("v", v.into())]);
    let prior = stored(&[("set", Value::set(vec![made("b", "1"), made("a", "2")]))]);
    let open = |k: &str| Value::object([("k", k.into()), ("v", Value::Null)]);
    let config = whole(&[("path", "/a".into()), ("set", Value::set(vec![open("a"), open("b")]))]);
    assert_eq!(plan(schema().all(), Prior(&prior), &config).state, prior);
}

#[test]
fn a_write_only_object_is_planned_as_null() {
    let login = object().write_only().attribute("password", string().required().write_only());
    let schema = Schema::new("").attribute("login", login);
    let config = Value::object([("login", Value::object([("password", "secret".into())]))]);
    let planned = plan(schema.all(), Prior(&Value::Null), &config).state;
    assert_eq!(planned, Value::object([("login", Value::Null)]));
}

/// The collection differs from the state only in what the change of `name` makes unknown.
#[test]
fn a_collection_that_requires_replacement_is_not_replaced_by_a_change_elsewhere() {
    let disks = object_list().attribute("size", int()).attribute("id", string().computed()).requires_replace();
    let schema = Schema::new("")
        .attribute("name", string())
        .attribute("zone", string().optional_computed().requires_replace())
        .attribute("disks", disks);
    let all = |name: &str, zone: Value, id: Value, size: i64| {
        let disk = Value::object([("size", size.into()), ("id", id)]);
        Value::object([("name", name.into()), ("zone", zone), ("disks", Value::List(vec![disk]))])
    };
    let prior = all("a", "eu".into(), "1".into(), 5);
    let plan = |name: &str, size| plan(schema.all(), Prior(&prior), &all(name, Value::Null, Value::Null, size));
    let update = plan("b", 5);
    assert_eq!((update.replaces, update.state.get("disks").at(0).get("id")), (Vec::new(), &Value::Unknown));
    assert_eq!(plan("a", 6).replaces, [Path::of("disks")]);
}

#[test]
fn the_computed_part_of_a_default_is_decided_by_the_provider() {
    let at = object().attribute("hours", int()).attribute("made", string().computed());
    let of = |hours: i64, made: Value| Value::object([("hours", hours.into()), ("made", made)]);
    let schema = Schema::new("").attribute("at", at.default_value(of(1, Value::Null))).attribute("name", string());
    let all = |name: &str, at: Value| Value::object([("name", name.into()), ("at", at)]);
    let created = plan(schema.all(), Prior(&Value::Null), &all("a", Value::Null)).state;
    assert_eq!(created, all("a", of(1, Value::Unknown)));
    let stored = all("a", of(1, "then".into()));
    let unchanged = plan(schema.all(), Prior(&stored), &all("a", Value::Null)).state;
    assert_eq!(unchanged, stored);
}

/// A schedule that the provider decides unless it is configured: `hours` comes from a configuration alone.
fn schedule() -> Attribute {
    object()
        .attribute("hours", int().required())
        .attribute("zone", string().optional_computed())
        .attribute("next", string().computed())
        .optional_computed()
}

fn scheduled(hours: Value, decided: Value) -> Value {
    Value::object([("hours", hours), ("zone", decided.clone()), ("next", decided)])
}

#[test]
fn an_object_that_the_configuration_no_longer_has_is_decided_anew() {
    let schema = Schema::new("")
        .attribute("at", schedule())
        .attribute("seen", string().computed())
        .attribute("next", string().computed().unknown_when_changed(&["at"]));
    let all = |at: Value, decided: Value| Value::object([("at", at), ("seen", decided.clone()), ("next", decided)]);
    let prior = all(scheduled(3.into(), "x".into()), "then".into());
    let planned = plan(schema.all(), Prior(&prior), &all(Value::Null, Value::Null));
    assert_eq!(planned.state, all(Value::Unknown, Value::Unknown));
    assert!(planned.replaces.is_empty());
}

/// Plain values do not tell who has set them, nor does an object in which the provider may set everything.
#[test]
fn what_the_provider_may_have_decided_is_kept_when_it_is_not_configured() {
    let schema = Schema::new("").attribute("at", schedule()).attribute("region", string().optional_computed());
    let all = |at: Value, region: Value| Value::object([("at", at), ("region", region)]);
    for at in [scheduled(Value::Null, "x".into()), Value::Null] {
        let prior = all(at, "eu".into());
        assert_eq!(plan(schema.all(), Prior(&prior), &all(Value::Null, Value::Null)).state, prior);
    }
}

#[test]
fn an_object_that_is_computed_once_stays_when_the_configuration_no_longer_has_it() {
    let schema = Schema::new("").attribute("at", schedule().use_state_for_unknown());
    let prior = Value::object([("at", scheduled(3.into(), "x".into()))]);
    assert_eq!(plan(schema.all(), Prior(&prior), &Value::object([("at", Value::Null)])).state, prior);
}

#[test]
fn removing_an_object_replaces_if_the_object_requires_it_and_not_if_it_was_the_providers() {
    let schema = Schema::new("").attribute("at", schedule().requires_replace());
    let of = |at: Value| Value::object([("at", at)]);
    for (hours, replaces) in [(3.into(), vec![Path::of("at")]), (Value::Null, Vec::new())] {
        let prior = of(scheduled(hours, "x".into()));
        assert_eq!(plan(schema.all(), Prior(&prior), &of(Value::Null)).replaces, replaces);
    }
}

#[test]
fn an_element_of_a_set_that_loses_a_nested_object_keeps_what_is_computed_once() {
    let set = object_set()
        .attribute("name", string().required())
        .attribute("id", string().computed().use_state_for_unknown())
        .attribute("at", schedule());
    let schema = Schema::new("").attribute("set", set);
    let element = |name: &str, id: Value, at: Value| Value::object([("name", name.into()), ("id", id), ("at", at)]);
    let set = |all: [Value; 2]| Value::object([("set", Value::set(all.to_vec()))]);
    let at = |decided: Value| scheduled(3.into(), decided);
    let prior = set([element("a", "1".into(), at("x".into())), element("b", "2".into(), at("x".into()))]);
    let config = set([element("a", Value::Null, Value::Null), element("b", Value::Null, at(Value::Null))]);
    let expected =
        set([element("a", "1".into(), Value::Unknown), element("b", "2".into(), scheduled(3.into(), Value::Unknown))]);
    assert_eq!(plan(schema.all(), Prior(&prior), &config).state, expected);
}
