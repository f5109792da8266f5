//! What an answer means for the state: the spelling that was planned where it means the same, and where it doesn't, words.

use super::validate::shown;
use super::{Attribute, Attributes, Kind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::Value;

/// The state after a read: what was found, in the spelling that the state had where both mean the same.
pub(crate) fn respell(attributes: &Attributes, before: &Value, found: Value) -> Value {
    settle(attributes, before, found).0
}

/// The state after an apply, and an error for each attribute that was planned and came out otherwise.
///
/// The core would refuse such a state with a message about a bug in the provider; the attribute and both values help
/// more. What the API really has goes into the state either way.
pub(crate) fn settle(attributes: &Attributes, planned: &Value, answer: Value) -> (Value, Diagnostics) {
    let mut walk = Walk { differences: Diagnostics::new() };
    let settled = walk.object(attributes, planned, answer, &Path::root(), false);
    (settled, walk.differences)
}

struct Walk {
    differences: Diagnostics,
}

impl Walk {
    /// `hidden`: whether the object stands in something sensitive.
    fn object(&mut self, attributes: &Attributes, planned: &Value, answer: Value, path: &Path, hidden: bool) -> Value {
        let Value::Object(members) = answer else { return answer };
        let settled = members.into_iter().map(|(name, value)| {
            let value = match attributes.get(&name) {
                Some(attribute) => {
                    let hidden = hidden || attribute.is_sensitive();
                    self.one(attribute, planned.get(&name), value, &path.attribute(&name), hidden)
                }
                None => value,
            };
            (name, value)
        });
        Value::Object(settled.collect())
    }

    fn one(&mut self, attribute: &Attribute, planned: &Value, answer: Value, path: &Path, hidden: bool) -> Value {
        if attribute.is_write_only() {
            return Value::Null;
        }
        if planned.is_unknown() {
            return answer;
        }
        if attribute.same(planned, &answer) {
            return planned.clone();
        }
        match (attribute.kind(), planned, answer) {
            (Kind::Nested(_, inner), Value::Object(_), answer @ Value::Object(_)) => {
                self.object(inner, planned, answer, path, hidden)
            }
            (Kind::Nested(_, inner), Value::List(all), Value::List(answers)) if all.len() == answers.len() => {
                let pairs = all.iter().zip(answers).enumerate();
                Value::List(pairs.map(|(i, (p, a))| self.object(inner, p, a, &path.index(i), hidden)).collect())
            }
            (Kind::Nested(_, inner), Value::Map(all), Value::Map(answers)) if all.keys().eq(answers.keys()) => {
                let pairs = answers.into_iter().map(|(key, answer)| {
                    let settled = self.object(inner, planned.get(&key), answer, &path.key(&key), hidden);
                    (key, settled)
                });
                Value::Map(pairs.collect())
            }
            // Elements of a set can't be matched while parts of them are open; the core compares them itself.
            (Kind::Nested(..), Value::Set(_), answer @ Value::Set(_)) => answer,
            // The same holds for a plain value of which parts are.
            (Kind::Plain(_), planned, answer) if !planned.unknowns().is_empty() => answer,
            (_, planned, answer) => {
                self.differences.push(difference(planned, &answer, path, hidden));
                answer
            }
        }
    }
}

fn difference(planned: &Value, answer: &Value, path: &Path, hidden: bool) -> Diagnostic {
    let (planned, answer) = if hidden {
        ("a sensitive value".to_owned(), "another one".to_owned())
    } else {
        (shown(planned), shown(answer))
    };
    let detail = format!(
        "Planned: {planned}. Answered: {answer}. The state holds what was answered. If something between here and the \
         API changes answers, mend that; then plan again."
    );
    Diagnostic::error(format!("The API answered with another {path}"), detail).at(path.clone())
}

/// The value with null wherever it isn't known: what may be stored when an operation ended half done.
pub(crate) fn decided(value: Value, prior: &Value) -> Value {
    match value {
        Value::Unknown => prior.clone(),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let value = decided(value, prior.get(&name));
                    (name, value)
                })
                .collect(),
        ),
        Value::Map(members) => {
            Value::Map(members.into_iter().map(|(key, value)| (key, decided(value, &Value::Null))).collect())
        }
        Value::List(all) => Value::List(all.into_iter().map(|value| decided(value, &Value::Null)).collect()),
        Value::Tuple(all) => Value::Tuple(all.into_iter().map(|value| decided(value, &Value::Null)).collect()),
        Value::Set(all) => Value::set(all.into_iter().map(|value| decided(value, &Value::Null)).collect()),
        Value::Dynamic(pair) => Value::Dynamic(Box::new((pair.0, decided(pair.1, &Value::Null)))),
        known => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, int, list_of, number, object, string};
    use crate::value::Type;

    fn schema() -> Schema {
        Schema::new("")
            .attribute("id", string().computed())
            .attribute(
                "name",
                string().required().semantic_equals(|a, b| a.as_str().map(str::trim) == b.as_str().map(str::trim)),
            )
            .attribute("limit", number())
            .attribute("reset", string().absent_as("never"))
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
            ("reset", Value::Null),
            ("key", "a".into()),
            ("at", Value::object([("hours", hours.into())])),
        ])
    }

    #[test]
    fn the_planned_spelling_stays_where_both_mean_the_same() {
        let (settled, found) = settle(schema().all(), &value(" a ", "1.10", 1), value("a", "1.1", 1));
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(settled.get("name").as_str(), Some(" a "));
        let stored = respell(schema().all(), &value(" a ", "1", 1), value("b", "1", 1));
        assert_eq!(stored.get("name").as_str(), Some("b"), "a real change is stored as found");
    }

    #[test]
    fn an_answer_that_contradicts_the_plan_is_stored_and_named_attribute_by_attribute() {
        let mut other = value("b", "2", 2);
        if let Value::Object(members) = &mut other {
            members.insert("key".to_owned(), "other".into());
        }
        let (settled, found) = settle(schema().all(), &value("a", "1", 1), other.clone());
        assert_eq!(settled, other);
        let named: Vec<_> = found.iter().map(|d| (d.path().unwrap().to_string(), d.detail().to_owned())).collect();
        assert_eq!(named.len(), 4, "{named:?}");
        assert_eq!(named[0].0, "at.hours");
        assert!(named[3].1.starts_with(r#"Planned: "a". Answered: "b"."#), "{}", named[3].1);
        assert!(named[1].1.starts_with("Planned: a sensitive value. Answered: another one."), "{}", named[1].1);
    }

    #[test]
    fn what_stands_in_something_sensitive_is_not_shown() {
        let login = |password: &str| Value::object([("login", Value::object([("password", password.into())]))]);
        let (_, found) = settle(schema().all(), &login("hunter2"), login("hunter3"));
        let one = found.iter().next().unwrap();
        assert_eq!(one.path().unwrap().to_string(), "login.password");
        assert!(!one.detail().contains("hunter"), "{}", one.detail());
    }

    #[test]
    fn what_was_planned_open_in_part_may_become_anything() {
        let names = |first: Value| Value::object([("names", Value::List(vec![first, "b".into()]))]);
        let (settled, found) = settle(schema().all(), &names(Value::Unknown), names("a".into()));
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(settled, names("a".into()));
    }

    #[test]
    fn half_done_work_is_stored_without_what_was_never_decided() {
        let half = Value::object([("a", Value::Unknown), ("b", Value::Unknown), ("c", 1.into())]);
        let prior = Value::object([("a", "old".into())]);
        assert_eq!(decided(half, &prior), Value::object([("a", "old".into()), ("b", Value::Null), ("c", 1.into())]));
    }
}
