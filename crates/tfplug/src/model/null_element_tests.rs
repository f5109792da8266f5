//! Null in a collection, which a core lets pass: an error of the configuration where the type has no place for it.

use std::collections::{BTreeMap, BTreeSet};

use crate::Model;
use crate::diagnostic::Diagnostic;
use crate::value::Value;

#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Part {
    #[tf(required, range(1..=9))]
    size: i64,
}

/// Collections with and without a place for null.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(resource, no_identity)]
struct Many {
    list: Option<Vec<String>>,
    set: Option<BTreeSet<i64>>,
    #[tf(each(length(1..=3)))]
    map: Option<BTreeMap<String, String>>,
    parts: Option<Vec<Part>>,
    nested: Option<BTreeMap<String, Vec<bool>>>,
    #[tf(plain)]
    plain: Option<Vec<Part>>,
    open: Option<Vec<Option<String>>>,
    deep: Option<Vec<Vec<Option<Part>>>>,
}

fn found(name: &'static str, value: Value) -> Vec<(String, String)> {
    let found = crate::schema::validate(&Many::schema(), &Value::object([(name, value)]), true);
    let said = |one: &Diagnostic| (one.path().unwrap().to_string(), one.summary().to_owned());
    found.iter().map(said).collect()
}

fn list(value: Value) -> Value {
    Value::List(vec!["a".into(), value])
}

fn map(key: &str, value: Value) -> Value {
    Value::map([(key.to_owned(), value)])
}

fn part(size: Value) -> Value {
    Value::object([("size", size)])
}

#[test]
fn err_a_null_element_where_the_type_has_no_place_for_it() {
    assert_eq!(Many::schema().problems(), Vec::<String>::new());
    for (name, value, path, summary) in [
        ("list", list(Value::Null), "list[1]", "Missing list[1]"),
        ("set", Value::set(vec![1.into(), Value::Null]), "set", "Missing an element of set"),
        ("map", map("a", Value::Null), r#"map["a"]"#, r#"Missing map["a"]"#),
        ("parts", Value::List(vec![Value::Null]), "parts[0]", "Missing parts[0]"),
        ("nested", map("a", Value::Null), r#"nested["a"]"#, r#"Missing nested["a"]"#),
        ("nested", map("a", Value::List(vec![Value::Null])), r#"nested["a"][0]"#, r#"Missing nested["a"][0]"#),
        ("plain", Value::List(vec![Value::Null]), "plain[0]", "Missing plain[0]"),
        ("plain", Value::List(vec![part(Value::Null)]), "plain[0].size", "Missing plain[0].size"),
        ("plain", Value::List(vec![part(10.into())]), "plain[0].size", "Invalid plain[0].size"),
        (
            "deep",
            Value::List(vec![Value::List(vec![Value::Null, part(10.into())])]),
            "deep[0][1].size",
            "Invalid deep[0][1].size",
        ),
    ] {
        assert_eq!(found(name, value), [(path.to_owned(), summary.to_owned())]);
    }
}

#[test]
fn ok_a_null_element_of_options_and_elements_that_are_not_known_yet() {
    for (name, value) in [
        ("open", list(Value::Null)),
        ("list", list(Value::Unknown)),
        ("list", Value::Unknown),
        ("map", map("a", Value::Unknown)),
        ("parts", Value::List(vec![Value::Unknown])),
        ("plain", Value::List(vec![part(1.into())])),
        ("deep", Value::List(vec![Value::List(vec![Value::Null, part(1.into())])])),
    ] {
        assert_eq!(found(name, value), []);
    }
}
