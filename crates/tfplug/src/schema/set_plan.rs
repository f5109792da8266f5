//! The elements of a set have no key: which prior element belongs to each configured one.

use super::matching::{Fits, matched};
use super::removal::is_removed;
use super::spelling::{Equality, same};
use super::{Attribute, AttributeType, Attributes};
use crate::value::Value;

/// How exactly a prior element has to be what the configuration asks for.
#[derive(Clone, Copy, PartialEq)]
enum Fit {
    /// It is what the configuration says with its defaults, which leaves nothing to the provider. Such an element comes first: next
    /// to one that leaves more open and keeps the same prior element, it would become equal to that one.
    Whole,
    /// Nothing would change.
    Unchanged,
    /// Only attributes differ that the configuration leaves to a default or, since it has removed them, to the provider.
    ButDefaults,
}

/// The prior element of each configured one; null for a new one.
///
/// As many elements as possible keep a prior one that does not change, so that the plan of an unchanged set is empty, whichever
/// prior elements more than one of the configured ones could keep.
pub(super) fn counterparts<'a>(inner: &Attributes, prior: &'a Value, config: &[Value]) -> Vec<&'a Value> {
    let priors = elements_of(prior);
    let fits = |fit: Fit, config: &Value, prior: &Value| object_fits(inner, fit, config, prior);
    let rules: [Fits<'_, Value>; 3] = [
        &|config, prior| fits(Fit::Whole, config, prior),
        &|config, prior| fits(Fit::Unchanged, config, prior),
        &|config, prior| fits(Fit::ButDefaults, config, prior),
    ];
    let pairs = matched(config, priors, &rules).into_iter();
    pairs.map(|at| at.and_then(|at| priors.get(at)).unwrap_or(&Value::Null)).collect()
}

/// The configured element that each planned one comes from; null for one that comes from none. Each is the origin of one element:
/// an element that leaves something open fits others, too.
pub(super) fn origins<'a>(inner: &Attributes, config: &'a Value, planned: &[Value]) -> Vec<&'a Value> {
    let config = elements_of(config);
    let comes_from = |fit: Fit, planned: &Value, config: &Value| object_fits(inner, fit, config, planned);
    let rules: [Fits<'_, Value>; 2] =
        [&|planned, config| comes_from(Fit::Whole, planned, config), &|planned, config| {
            comes_from(Fit::Unchanged, planned, config)
        }];
    let pairs = matched(planned, config, &rules).into_iter();
    pairs.map(|at| at.and_then(|at| config.get(at)).unwrap_or(&Value::Null)).collect()
}

fn elements_of(set: &Value) -> &[Value] {
    match set {
        Value::Set(all) => all,
        _ => &[],
    }
}

fn object_fits(inner: &Attributes, fit: Fit, config: &Value, prior: &Value) -> bool {
    config == prior
        || (config.members().is_some()
            && prior.members().is_some()
            && inner.iter().all(|(name, attribute)| attribute_fits(attribute, fit, config.get(name), prior.get(name))))
}

fn attribute_fits(attribute: &Attribute, fit: Fit, config: &Value, prior: &Value) -> bool {
    if config.is_null() {
        return match attribute.default() {
            Some(default) => fit == Fit::ButDefaults || same(attribute, Equality::Plans, prior, default),
            None if attribute.is_computed() => match fit {
                Fit::Whole => false,
                Fit::Unchanged => !is_removed(attribute, prior, config),
                Fit::ButDefaults => true,
            },
            None => prior.is_null(),
        };
    }
    let AttributeType::Nested(_, inner) = attribute.attribute_type() else {
        return same(attribute, Equality::Plans, prior, config);
    };
    match (config, prior) {
        (Value::List(configs), Value::List(priors)) => {
            configs.len() == priors.len()
                && configs.iter().zip(priors).all(|(config, prior)| object_fits(inner, fit, config, prior))
        }
        (Value::Map(configs), Value::Map(priors)) => {
            configs.keys().eq(priors.keys())
                && configs.iter().all(|(key, config)| object_fits(inner, fit, config, prior.get(key)))
        }
        (Value::Set(configs), Value::Set(priors)) => {
            let fits: Fits<'_, Value> = &|config, prior| object_fits(inner, fit, config, prior);
            configs.len() == priors.len() && matched(configs, priors, &[fits]).iter().all(Option::is_some)
        }
        _ => object_fits(inner, fit, config, prior),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Planned, Prior, Schema, int, object_set, plan, string};

    fn schema() -> Schema {
        let set = object_set()
            .attribute("name", string().optional_computed())
            .attribute("size", int().default_value(1))
            .attribute("made", string().computed());
        Schema::new("").attribute("set", set)
    }

    fn set(elements: &[(Value, Value, &str)]) -> Value {
        let elements = elements.iter().map(|(name, size, made)| {
            let made = if made.is_empty() { Value::Null } else { (*made).into() };
            Value::object([("name", name.clone()), ("size", size.clone()), ("made", made)])
        });
        Value::object([("set", Value::set(elements.collect()))])
    }

    /// An element that leaves something open could keep more than one prior element, but another one needs one of those.
    #[test]
    fn a_set_whose_elements_leave_something_open_is_unchanged() {
        let (x, null) = (|| Value::from("x"), || Value::Null);
        for (prior, config) in [
            // The first configured element has the default size and could otherwise keep either.
            (set(&[(x(), 1.into(), "m1"), (x(), 2.into(), "m2")]), set(&[(x(), null(), ""), (x(), 2.into(), "")])),
            // The first one has any name.
            (
                set(&[("a".into(), 2.into(), "m1"), ("b".into(), 2.into(), "m2")]),
                set(&[(null(), 2.into(), ""), ("a".into(), 2.into(), "")]),
            ),
        ] {
            let Planned { state, .. } = plan(schema().all(), Prior(&prior), &config);
            assert_eq!(state, prior);
        }
    }

    #[test]
    fn elements_of_which_one_leaves_more_open_stay_apart() {
        let (x, null) = (|| Value::from("x"), || Value::Null);
        let schema = Schema::new("").attribute(
            "set",
            object_set()
                .attribute("name", string().optional_computed())
                .attribute("size", int().default_value(1))
                .attribute("made", string()),
        );
        let config = set(&[(null(), null(), ""), (x(), null(), "")]);
        for prior in [set(&[(x(), 1.into(), "")]), set(&[(x(), 1.into(), ""), ("y".into(), 7.into(), "")])] {
            let Planned { state, .. } = plan(schema.all(), Prior(&prior), &config);
            assert!(matches!(state.get("set"), Value::Set(all) if all.len() == 2), "{state:?}");
        }
    }

    #[test]
    fn an_element_that_does_not_change_in_a_nested_set_either_comes_first() {
        let port = |size: Value| Value::set(vec![Value::object([("number", 80.into()), ("size", size)])]);
        let one = |id: Value, size: Value| Value::object([("id", id), ("ports", port(size))]);
        let all = |elements: Vec<Value>| Value::object([("set", Value::set(elements))]);
        let ports = object_set().attribute("number", int()).attribute("size", int().default_value(1));
        let id = string().computed().use_state_for_unknown();
        let set = object_set().attribute("id", id).attribute("ports", ports);
        let prior = all(vec![one("1".into(), 5.into()), one("2".into(), 1.into())]);
        let config = all(vec![one(Value::Null, Value::Null)]);
        let Planned { state, .. } = plan(Schema::new("").attribute("set", set).all(), Prior(&prior), &config);
        assert_eq!(state, all(vec![one("2".into(), 1.into())]));
    }

    #[test]
    fn an_element_whose_default_is_restored_is_not_a_new_one() {
        let prior = set(&[("a".into(), 5.into(), "m1"), ("b".into(), 1.into(), "m2")]);
        let config = set(&[("a".into(), Value::Null, ""), ("b".into(), Value::Null, "")]);
        let Planned { state, .. } = plan(schema().all(), Prior(&prior), &config);
        let Value::Set(all) = state.get("set") else { unreachable!() };
        let sizes: Vec<_> = all.iter().map(|one| one.get("size").clone()).collect();
        assert_eq!(sizes, [1.into(), 1.into()]);
    }
}
