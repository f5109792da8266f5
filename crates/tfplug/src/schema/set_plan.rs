//! The elements of a set have no key: which prior and which proposed element belongs to each configured one.

use super::spelling::{Equality, same, take};
use super::{Attribute, AttributeType, Attributes};
use crate::value::Value;

/// Whether the proposed elements come from the core, which finds no element in another spelling, or from this crate.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Source {
    Core,
    Resolved,
}

/// The prior and proposed counterparts of each configured element: null and the element itself for a new one.
pub(super) fn counterparts<'a>(
    inner: &Attributes,
    (prior, proposed): (&'a Value, &'a Value),
    config: &'a [Value],
    source: Source,
) -> Vec<(&'a Value, &'a Value)> {
    let covers = |one: &Value, config: &Value| covers_object(inner, config, one);
    let (mut priors, mut proposals) = (elements(prior), elements(proposed));
    let each = config.iter().map(|config| {
        let proposal = take(&mut proposals, config, covers);
        let prior = match proposal {
            Some(proposal) if priors.contains(&proposal) => take(&mut priors, proposal, |_, _| false),
            _ => take(&mut priors, config, covers),
        };
        let proposal = match source {
            Source::Core => prior.or(proposal),
            Source::Resolved => proposal,
        };
        (prior.unwrap_or(&Value::Null), proposal.unwrap_or(config))
    });
    each.collect()
}

fn elements(set: &Value) -> Vec<&Value> {
    match set {
        Value::Set(all) => all.iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether an element has everything that the configured one sets.
fn covers_object(inner: &Attributes, config: &Value, element: &Value) -> bool {
    config == element
        || (config.members().is_some()
            && element.members().is_some()
            && inner.iter().all(|(name, attribute)| covers(attribute, config.get(name), element.get(name))))
}

fn covers(attribute: &Attribute, config: &Value, value: &Value) -> bool {
    if config.is_null() {
        return value.is_null() || attribute.is_computed();
    }
    let AttributeType::Nested(_, inner) = attribute.attribute_type() else {
        return same(attribute, Equality::Plans, value, config);
    };
    match (config, value) {
        (Value::List(configs), Value::List(values)) => {
            configs.len() == values.len()
                && configs.iter().zip(values).all(|(config, value)| covers_object(inner, config, value))
        }
        (Value::Map(configs), Value::Map(values)) => {
            configs.keys().eq(values.keys())
                && configs.iter().all(|(key, config)| covers_object(inner, config, value.get(key)))
        }
        (Value::Set(configs), Value::Set(values)) => {
            let mut left: Vec<&Value> = values.iter().collect();
            configs.len() == values.len()
                && configs.iter().all(|config| {
                    take(&mut left, config, |value, config| covers_object(inner, config, value)).is_some()
                })
        }
        _ => covers_object(inner, config, value),
    }
}
