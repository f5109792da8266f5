//! What an answer means for the state: the spelling that was planned where it means the same, and where it doesn't, words.

use super::validate::shown;
use super::{Attribute, Attributes, Kind, elements};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::Value;

/// The state after a read: what was found, in the spelling that the state had where both mean the same.
pub(crate) fn respell(attributes: &Attributes, before: &Value, found: Value) -> Value {
    let mut walk = Walk { planned: false, differences: Diagnostics::new() };
    walk.object(attributes, before, &Value::Null, found, &Place::root())
}

/// The state after an apply, and an error for each attribute that was planned and came out otherwise.
///
/// What the provider decides and the plan showed as known is what the plan said: the core refuses anything else, and the
/// next refresh stores what is newer. For what the configuration sets, the core would refuse such a state with a message
/// about a bug in the provider; the attribute and both values help more. What the API really has goes into the state then.
pub(crate) fn settle(attributes: &Attributes, planned: &Value, config: &Value, answer: Value) -> (Value, Diagnostics) {
    let mut walk = Walk { planned: true, differences: Diagnostics::new() };
    let settled = walk.object(attributes, planned, config, answer, &Place::root());
    (settled, walk.differences)
}

/// Where the walk is.
struct Place {
    path: Path,
    /// Whether it stands in something sensitive.
    hidden: bool,
}

impl Place {
    fn root() -> Self {
        Self { path: Path::root(), hidden: false }
    }

    fn at(&self, path: Path) -> Self {
        Self { path, hidden: self.hidden }
    }
}

struct Walk {
    /// Whether what is known before was planned, rather than stored.
    planned: bool,
    differences: Diagnostics,
}

impl Walk {
    fn object(
        &mut self,
        attributes: &Attributes,
        planned: &Value,
        config: &Value,
        answer: Value,
        place: &Place,
    ) -> Value {
        let Value::Object(members) = answer else { return answer };
        let settled = members.into_iter().map(|(name, value)| {
            let value = match attributes.get(&name) {
                Some(attribute) => {
                    let hidden = place.hidden || attribute.is_sensitive();
                    let place = Place { path: place.path.attribute(&name), hidden };
                    self.one(attribute, planned.get(&name), config.get(&name), value, &place)
                }
                None => value,
            };
            (name, value)
        });
        Value::Object(settled.collect())
    }

    fn one(&mut self, attribute: &Attribute, planned: &Value, config: &Value, answer: Value, place: &Place) -> Value {
        if attribute.is_write_only() {
            return Value::Null;
        }
        if planned.is_unknown() {
            return answer;
        }
        if attribute.same(planned, &answer) {
            return planned.clone();
        }
        let kept = self.planned && attribute.is_decided_by_provider(config);
        match (attribute.kind(), planned, answer) {
            (_, planned, _) if kept && planned.unknowns().is_empty() => planned.clone(),
            (Kind::Nested(_, inner), planned, answer) if match_up(planned, &answer) => {
                self.elements(inner, planned, config, answer, place)
            }
            // The same holds for a plain value of which parts are open.
            (Kind::Plain(_), planned, answer) if !planned.unknowns().is_empty() => answer,
            (_, planned, answer) => {
                self.differences.push(difference(planned, &answer, place));
                answer
            }
        }
    }

    /// The objects of a nested attribute, of which each answered one has its counterpart in the plan.
    fn elements(&mut self, inner: &Attributes, planned: &Value, config: &Value, answer: Value, place: &Place) -> Value {
        match answer {
            Value::List(answers) => {
                let each = answers.into_iter().enumerate().map(|(i, answer)| {
                    self.object(inner, planned.at(i), config.at(i), answer, &place.at(place.path.index(i)))
                });
                Value::List(each.collect())
            }
            Value::Map(answers) => {
                let each = answers.into_iter().map(|(key, answer)| {
                    let here = place.at(place.path.key(&key));
                    let settled = self.object(inner, planned.get(&key), config.get(&key), answer, &here);
                    (key, settled)
                });
                Value::Map(each.collect())
            }
            Value::Set(answers) => Value::set(self.set(inner, planned, answers, place)),
            answer => self.object(inner, planned, config, answer, place),
        }
    }

    /// The elements of a set have no name: an answered one belongs to the planned one that has the same in all that a
    /// configuration can set. One without a counterpart is left to the core, which compares them itself.
    fn set(&mut self, inner: &Attributes, planned: &Value, answers: Vec<Value>, place: &Place) -> Vec<Value> {
        let mut left: Vec<&Value> = elements(planned).into_iter().map(|(_, element)| element).collect();
        let counterpart = |planned: &Value, answer: &Value| {
            inner.iter().filter(|(_, attribute)| attribute.is_configurable()).all(|(name, attribute)| {
                let planned = planned.get(name);
                planned.is_unknown() || attribute.same(planned, answer.get(name))
            })
        };
        let settled =
            answers.into_iter().map(|answer| match left.iter().position(|planned| counterpart(planned, &answer)) {
                Some(position) => self.object(inner, left.swap_remove(position), &Value::Null, answer, place),
                None => answer,
            });
        settled.collect()
    }
}

/// Whether both have the same objects, so that each can be held against the other.
fn match_up(planned: &Value, answer: &Value) -> bool {
    match (planned, answer) {
        (Value::Object(_), Value::Object(_)) | (Value::Set(_), Value::Set(_)) => true,
        (Value::List(all), Value::List(answers)) => all.len() == answers.len(),
        (Value::Map(all), Value::Map(answers)) => all.keys().eq(answers.keys()),
        _ => false,
    }
}

fn difference(planned: &Value, answer: &Value, place: &Place) -> Diagnostic {
    let Place { path, hidden } = place;
    let (planned, answer) = if *hidden {
        ("a sensitive value".to_owned(), "another one".to_owned())
    } else {
        (shown(planned), shown(answer))
    };
    let detail = format!(
        "Planned: {planned}. Answered: {answer}. The state holds what was answered. If something between here and the \
         API changes answers, correct that; then plan again."
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
    fn the_planned_spelling_stays_where_both_mean_the_same() {
        let (settled, found) =
            settle(schema().all(), &value(" a ", "1.10", 1), &value(" a ", "1.10", 1), value("a", "1.1", 1));
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
        let (settled, found) = settle(schema().all(), &value("a", "1", 1), &value("a", "1", 1), other.clone());
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
        let (_, found) = settle(schema().all(), &login("hunter2"), &login("hunter2"), login("hunter3"));
        let one = found.iter().next().unwrap();
        assert_eq!(one.path().unwrap().to_string(), "login.password");
        assert!(!one.detail().contains("hunter"), "{}", one.detail());
    }

    #[test]
    fn what_was_planned_open_in_part_may_become_anything() {
        let names = |first: Value| Value::object([("names", Value::List(vec![first, "b".into()]))]);
        let (settled, found) =
            settle(schema().all(), &names(Value::Unknown), &names(Value::Unknown), names("a".into()));
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(settled, names("a".into()));
    }

    #[test]
    fn what_the_provider_decides_and_the_plan_showed_stays_as_planned() {
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
        let (settled, found) = settle(schema.all(), &planned, &Value::Null, all("now", "us", 30));
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(settled, planned);
        let configured = Value::object([("region", Value::from("eu"))]);
        for (config, answer, at) in
            [(configured, all("then", "us", 30), "region"), (Value::Null, all("then", "eu", 7), "days")]
        {
            let (settled, found) = settle(schema.all(), &planned, &config, answer.clone());
            assert_eq!(settled, answer);
            let named: Vec<_> = found.iter().map(|one| one.path().unwrap().to_string()).collect();
            assert_eq!(named, [at]);
        }
        let read = respell(schema.all(), &planned, all("now", "us", 7));
        assert_eq!(read, all("now", "us", 7), "a refresh stores what is newer");
    }

    #[test]
    fn half_done_work_is_stored_without_what_was_never_decided() {
        let half = Value::object([("a", Value::Unknown), ("b", Value::Unknown), ("c", 1.into())]);
        let prior = Value::object([("a", "old".into())]);
        assert_eq!(decided(half, &prior), Value::object([("a", "old".into()), ("b", Value::Null), ("c", 1.into())]));
    }
}
