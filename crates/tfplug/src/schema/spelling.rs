//! Values that mean the same: when they count as equal, and which of the spellings is kept.

use super::attribute::SemanticEquals;
use super::matching::{Fits, matched};
use super::{Attribute, Attributes, Precision};
use crate::value::{Name, Value, named};

/// What two values are compared for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equality {
    /// The state with the configuration, for a plan.
    Plans,
    /// The plan or state with what a handler returns.
    Results,
    /// The same, and what is not known yet can become anything.
    Outcomes,
    /// The same, and what the provider may set is not compared.
    Configured,
}

impl Attribute {
    /// Treats a result that means the same as the planned or stored value as equal: the state keeps the planned spelling. Unlike
    /// with [`Attribute::semantic_equals`], a plan takes each change of the configuration for a change, also one of the spelling
    /// alone.
    ///
    /// ```
    /// use tfplug::Value;
    /// use tfplug::schema::string;
    ///
    /// // The API answers with the address in lower case.
    /// let email = string().required().result_equals(|one, other| {
    ///     let lower = |value: &Value| value.as_str().map(str::to_lowercase);
    ///     lower(one) == lower(other)
    /// });
    /// // With this, a change of its case is no change for a plan either.
    /// let email = email.any_spelling();
    /// ```
    #[must_use]
    pub fn result_equals(self, equal: SemanticEquals) -> Self {
        Self { result_equals: Some(equal), ..self }
    }

    /// Handlers get the number as a float: a result that is the same float keeps the planned digits. A whole number that the
    /// float cannot hold differs from the plan, as it does for a core.
    #[must_use]
    pub fn precision(self, precision: Precision) -> Self {
        Self { precision: Some(precision), ..self }
    }

    /// Whether the result differs from the plan only because the handler's float cannot hold the planned number.
    pub(super) fn is_rounded(&self, planned: &Value, result: &Value) -> bool {
        planned != result && self.precision.is_some_and(|precision| precision.rounds_to_one(planned, result))
    }

    /// Lets plans compare as results are compared: a configuration that only spells the value differently is no change. In a
    /// collection of plain values, this goes for each element.
    #[must_use]
    pub fn any_spelling(self) -> Self {
        let element = self.element.map(|element| Box::new(element.any_spelling()));
        Self { semantic_equals: self.semantic_equals.or(self.result_equals), element, ..self }
    }

    /// The rules of each element of a collection of plain values: its checks, and which values mean the same.
    ///
    /// ```
    /// use tfplug::Type;
    /// use tfplug::schema::{set_of, string};
    ///
    /// let tags = set_of(Type::String).each(string().length(1, 64));
    /// assert_eq!(tags.documentation(), "Allowed for each element: 1 to 64 characters.");
    /// ```
    #[must_use]
    pub fn each(self, element: Self) -> Self {
        Self { element: Some(Box::new(element)), ..self }
    }

    /// Whether it has rules that also apply to it as the element of a collection.
    pub(crate) fn has_rules(&self) -> bool {
        let equality = self.semantic_equals.is_some() || self.result_equals.is_some() || self.precision.is_some();
        equality || !self.checks().is_empty() || self.element.is_some() || self.elements_not_null
    }

    fn equals(&self, how: Equality, one: &Value, other: &Value) -> bool {
        let equal = |by: Option<SemanticEquals>| by.is_some_and(|equal| equal(one, other));
        equal(self.semantic_equals)
            || (how != Equality::Plans
                && (equal(self.result_equals)
                    || self.precision.is_some_and(|precision| precision.is_one_fraction(one, other))))
    }
}

/// Whether both values are equal, or mean the same; `one` is the older or planned one. What is write-only is not compared.
pub(crate) fn same(attribute: &Attribute, how: Equality, one: &Value, other: &Value) -> bool {
    if one == other || (one.is_null() && other.is_null()) {
        return true;
    }
    let open = matches!(how, Equality::Outcomes | Equality::Configured) && one.is_unknown();
    if open || (how == Equality::Configured && attribute.is_computed()) {
        return true;
    }
    if [one, other].iter().any(|value| value.is_null() || value.is_unknown()) {
        return false;
    }
    attribute.equals(how, one, other)
        || match (attribute.parts(), attribute.element()) {
            (Some(inner), _) => match_up(one, other, &|one, other| same_object(inner, how, one, other)),
            (None, Some(element)) => match_up(one, other, &|one, other| same(element, how, one, other)),
            (None, None) => false,
        }
}

pub(super) fn same_object(attributes: &Attributes, how: Equality, one: &Value, other: &Value) -> bool {
    let members = |(name, attribute): (&Name, &Attribute)| {
        attribute.is_write_only() || same(attribute, how, one.get(name), other.get(name))
    };
    one == other || (one.members().is_some() && other.members().is_some() && attributes.iter().all(members))
}

/// Whether the elements of both can be matched so that each pair is the same.
fn match_up(one: &Value, other: &Value, same: &dyn Fn(&Value, &Value) -> bool) -> bool {
    match (one, other) {
        (Value::List(ones), Value::List(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        (Value::Map(ones), Value::Map(others)) => {
            ones.keys().eq(others.keys()) && ones.iter().all(|(key, value)| same(value, other.get(key)))
        }
        (Value::Set(ones), Value::Set(others)) => {
            if ones.len() != others.len() {
                return false;
            }
            if !ones.iter().chain(others).all(Value::is_wholly_known) {
                // An unknown element may become any, so that equal ones need not be a pair.
                let rules: [Fits<'_, Value>; 2] = [&|other, one| one == other, &|other, one| same(one, other)];
                return matched(others, ones, &rules).iter().all(Option::is_some);
            }
            // Nearly all elements are equal to one of the other set, and to compare each with each would take long.
            let only_in = |one: &'_ [Value], other: &[Value]| -> Vec<Value> {
                one.iter().filter(|value| other.binary_search(value).is_err()).cloned().collect()
            };
            let (ones, others) = (only_in(ones, others), only_in(others, ones));
            matched(&others, &ones, &[&|other, one| same(one, other)]).iter().all(Option::is_some)
        }
        (Value::Object(_), Value::Object(_)) => same(one, other),
        _ => false,
    }
}

/// Takes the counterpart of `other` out of what is left: an equal one first.
pub(super) fn take<'a>(
    left: &mut Vec<&'a Value>,
    other: &Value,
    same: impl Fn(&Value, &Value) -> bool,
) -> Option<&'a Value> {
    let equal = left.iter().position(|one| *one == other);
    let position = equal.or_else(|| left.iter().position(|one| same(one, other)))?;
    Some(left.swap_remove(position))
}

/// A result in the planned or stored spelling: as a whole if it means the same, else each element of a plain collection that
/// does. Nested objects are left as they are.
pub(super) fn respelled(attribute: &Attribute, before: &Value, result: Value) -> Value {
    if same(attribute, Equality::Results, before, &result) {
        return before.clone();
    }
    let Some(element) = attribute.element() else { return result };
    match (before, result) {
        (Value::List(_), Value::List(all)) => {
            let all = all.into_iter().enumerate().map(|(at, one)| respelled(element, before.at(at), one));
            Value::List(all.collect())
        }
        (Value::Map(_), Value::Map(all)) => Value::Map(named(all.into_iter().map(|(key, one)| {
            let one = respelled(element, before.get(&key), one);
            (key, one)
        }))),
        (Value::Set(olds), Value::Set(all)) => {
            let mut left: Vec<&Value> = olds.iter().collect();
            let means = |one: &Value, other: &Value| same(element, Equality::Results, one, other);
            Value::set(all.into_iter().map(|one| take(&mut left, &one, means).cloned().unwrap_or(one)).collect())
        }
        (_, result) => result,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::schema::{
        Prior, Schema, keep_spelling, list_of, map_of, object, object_set, plan, reconcile, set_of, string,
    };
    use crate::value::Type;

    fn word() -> Attribute {
        string().result_equals(|one, other| {
            let upper = |value: &Value| value.as_str().map(str::to_uppercase);
            upper(one) == upper(other)
        })
    }

    fn schema() -> Schema {
        let inner = || object_set().attribute("word", word()).attribute("also", object().attribute("word", word()));
        Schema::new("")
            .attribute("one", word())
            .attribute("list", list_of(Type::String).each(word()))
            .attribute("map", map_of(Type::String).each(word()))
            .attribute("set", set_of(Type::String).each(word()))
            .attribute("sets", set_of(Type::set(Type::String)).each(set_of(Type::String).each(word())))
            .attribute("objects", inner())
            .attribute("outer", object().attribute("objects", inner()))
    }

    #[test]
    fn equal_elements_of_sets_are_not_compared_with_all_others() {
        static COMPARED: AtomicUsize = AtomicUsize::new(0);
        let element = string().result_equals(|_, _| {
            COMPARED.fetch_add(1, Ordering::Relaxed);
            false
        });
        let set = set_of(Type::String).each(element);
        let all = |last: &str| Value::set((0..100).map(|at| at.to_string().into()).chain([last.into()]).collect());
        assert!(!same(&set, Equality::Results, &all("a"), &all("b")));
        assert_eq!(COMPARED.load(Ordering::Relaxed), 1);
    }

    fn all(a: &str, b: &str) -> Value {
        let word =
            |word: &str| Value::object([("word", word.into()), ("also", Value::object([("word", word.into())]))]);
        Value::object([
            ("one", a.into()),
            ("list", Value::List(vec![a.into(), b.into()])),
            ("map", Value::map([("k".to_owned(), a.into())])),
            ("set", Value::set(vec![a.into(), b.into()])),
            ("sets", Value::set(vec![Value::set(vec![a.into(), b.into()])])),
            ("objects", Value::set(vec![word(a), word(b)])),
            ("outer", Value::object([("objects", Value::set(vec![word(b)]))])),
        ])
    }

    #[test]
    fn a_result_that_means_the_same_keeps_the_spelling_at_any_depth_and_in_any_order() {
        let planned = all("a", "B");
        for returned in [all("A", "b"), all("A", "B")] {
            let (state, differences) = reconcile(schema().all(), &planned, &planned, returned.clone());
            assert!(differences.is_empty(), "{differences:?}");
            assert_eq!(state, planned);
            assert_eq!(keep_spelling(schema().all(), &planned, returned), planned);
        }
    }

    #[test]
    fn one_element_that_changed_does_not_change_the_spelling_of_the_others() {
        let read = keep_spelling(schema().all(), &all("a", "B"), all("A", "c"));
        for name in ["one", "list", "map", "set", "objects"] {
            assert_eq!(read.get(name), all("a", "c").get(name), "{name}");
        }
    }

    /// An element that is not known yet could be either, and the other one only fits one of them.
    #[test]
    fn elements_of_which_one_is_open_are_matched_so_that_all_have_a_counterpart() {
        let set = object_set().attribute("name", string()).attribute("size", string());
        let object = |name: Value, size: Value| Value::object([("name", name), ("size", size)]);
        let (open, known) = (|| Value::Unknown, |text: &str| Value::from(text));
        let planned = Value::set(vec![object(known("a"), open()), object(open(), known("1"))]);
        for (first, second) in [(("a", "1"), ("a", "2")), (("a", "1"), ("b", "1"))] {
            let [first, second] = [first, second].map(|(name, size)| object(known(name), known(size)));
            assert!(same(&set, Equality::Outcomes, &planned, &Value::set(vec![first, second])));
        }
        let other = Value::set(vec![object(known("a"), known("2")), object(known("a"), known("3"))]);
        assert!(!same(&set, Equality::Outcomes, &planned, &other));
    }

    #[test]
    fn a_plan_follows_the_configuration_unless_any_spelling_will_do() {
        let change = |attribute: Attribute| {
            let schema = Schema::new("").attribute("one", attribute);
            let of = |word: &str| Value::object([("one", word.into())]);
            plan(schema.all(), Prior(&of("a")), &of("A")).state.get("one").clone()
        };
        assert_eq!((change(word()), change(word().any_spelling())), ("A".into(), "a".into()));
    }

    #[test]
    fn parts_of_values_of_a_plain_type_mean_the_same_too() {
        let objects = || object_set().attribute("word", word());
        let lists = list_of(objects().attribute_type().value_type()).each(objects());
        let of = |word: &str| Value::set(vec![Value::object([("word", word.into())])]);
        for (attribute, planned, returned) in [
            (objects().into_plain(), of("a"), of("A")),
            (lists, Value::List(vec![of("a")]), Value::List(vec![of("A")])),
        ] {
            let schema = Schema::new("").attribute("all", attribute);
            let [planned, returned] = [planned, returned].map(|all| Value::object([("all", all)]));
            let (state, differences) = reconcile(schema.all(), &planned, &planned, returned);
            assert_eq!((state, differences.is_empty()), (planned, true));
        }
    }

    #[test]
    fn a_set_of_objects_in_another_spelling_is_no_change_where_any_will_do() {
        let parts = object_set().attribute("word", word().any_spelling()).attribute("made", string().computed());
        let schema = Schema::new("").attribute("parts", parts);
        let of = |word: &str, made: Value| {
            Value::object([("parts", Value::set(vec![Value::object([("word", word.into()), ("made", made)])]))])
        };
        let prior = of("a", "x".into());
        assert_eq!(plan(schema.all(), Prior(&prior), &of("A", Value::Null)).state, prior);
    }
}
