//! Planning: the state that a change leads to, as far as it is known before the apply. A pure function of schema, state and
//! configuration.
//!
//! There are two passes. The first resolves the configuration: its values, defaults, and the state's spelling where both are
//! semantically equal. If the result equals the state, nothing changes and nothing becomes unknown: the plan of an unchanged
//! resource is empty. The second pass marks computed attributes as unknown: all of them in a create or replacement, and in an
//! update those that this change can affect.

use std::collections::BTreeSet;

use super::set_plan::{Source, counterparts};
use super::spelling::{Equality, same};
use super::{Attribute, AttributeType, Attributes, Nesting};
use crate::maps::collected;
use crate::path::Path;
use crate::value::Value;

/// The state before the change; null if there is no object yet.
#[derive(Clone, Copy)]
pub(crate) struct Prior<'a>(pub(crate) &'a Value);

/// The planned state, and the attributes whose change replaces the resource.
pub(crate) struct Planned {
    pub(crate) state: Value,
    pub(crate) replaces: Vec<Path>,
}

/// Plans a create (`prior` is null) or an update.
pub(crate) fn plan(attributes: &Attributes, prior: Prior<'_>, config: &Value, proposed: &Value) -> Planned {
    let before = prior.0;
    let resolved = resolve_object(attributes, before, config, proposed);
    let created = || mark_object(attributes, Change::Create, before, config, &resolved);
    if before.is_null() {
        return Planned { state: created(), replaces: Vec::new() };
    }
    let change = Update::between(attributes, before, &resolved);
    let state = mark_object(attributes, Change::Update(&change), before, config, &resolved);
    let mut replaces = Vec::new();
    collect_replaces(attributes, before, &state, &Path::root(), &mut replaces);
    let state = if replaces.is_empty() { state } else { created() };
    Planned { state, replaces }
}

/// The change that decides which computed attributes become unknown.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// A new object or a replacement: every computed attribute is unknown.
    Create,
    Update(&'a Update<'a>),
}

/// The difference between the state and what the configuration asks for.
struct Update<'a> {
    /// The top-level attributes that change.
    changed: BTreeSet<&'a str>,
    /// Whether anything but state-only attributes changes, so that the API is called.
    beyond_state: bool,
}

impl<'a> Update<'a> {
    fn between(attributes: &'a Attributes, before: &Value, resolved: &Value) -> Self {
        let changed = || attributes.iter().filter(|(name, _)| resolved.get(name) != before.get(name));
        Self {
            changed: changed().map(|(name, _)| name.as_str()).collect(),
            beyond_state: changed().any(|(_, attribute)| !attribute.is_state_only()),
        }
    }

    /// Whether the update can change this computed attribute.
    fn reaches(&self, attribute: &Attribute) -> bool {
        match attribute.dependencies() {
            _ if attribute.uses_state_for_unknown() => false,
            Some(names) => names.iter().any(|name| self.changed.contains(name)),
            None => self.beyond_state,
        }
    }
}

fn resolve_object(attributes: &Attributes, prior: &Value, config: &Value, proposed: &Value) -> Value {
    let resolved = attributes.iter().map(|(name, attribute)| {
        let value = resolve_one(attribute, prior.get(name), config.get(name), proposed.get(name));
        (name.clone(), value)
    });
    Value::Object(collected(resolved))
}

fn resolve_one(attribute: &Attribute, prior: &Value, config: &Value, proposed: &Value) -> Value {
    if attribute.is_write_only() {
        return Value::Null;
    }
    match config {
        open if open.is_unknown() => open.clone(),
        null if null.is_null() => match attribute.default() {
            Some(default) => prior_if_same(attribute, prior, default),
            None if attribute.is_computed() => proposed.clone(),
            // A null of any type keeps the type that it has.
            None => null.clone(),
        },
        known => match attribute.attribute_type() {
            AttributeType::Plain(_) => prior_if_same(attribute, prior, known),
            AttributeType::Nested(_, inner) => {
                let values = Values { prior, config: known, proposed, source: Source::Core };
                map_elements(inner, values, |p, c, proposed| resolve_object(inner, p, c, proposed))
            }
        },
    }
}

/// The prior value if it is semantically equal to the wanted one; the core allows that unless it is null. If both are equal, the
/// configuration's is kept: numbers that the core calls equal may have two forms.
fn prior_if_same(attribute: &Attribute, prior: &Value, wanted: &Value) -> Value {
    let kept = prior != wanted && !prior.is_null() && same(attribute, Equality::Plans, prior, wanted);
    if kept { prior.clone() } else { wanted.clone() }
}

fn mark_object(attributes: &Attributes, change: Change<'_>, prior: &Value, config: &Value, resolved: &Value) -> Value {
    // A nested object that is added to an existing resource, such as another element of a list, is new itself.
    let change = if prior.is_null() { Change::Create } else { change };
    let marked = attributes.iter().map(|(name, attribute)| {
        (name.clone(), mark_one(attribute, change, prior.get(name), config.get(name), resolved.get(name)))
    });
    Value::Object(collected(marked))
}

fn mark_one(attribute: &Attribute, change: Change<'_>, prior: &Value, config: &Value, resolved: &Value) -> Value {
    if attribute.is_write_only() {
        return Value::Null;
    }
    match (config, attribute.attribute_type()) {
        (null, _) if null.is_null() && attribute.is_decided_by_provider(config) => match change {
            Change::Update(update) if !update.reaches(attribute) => prior.clone(),
            Change::Update(_) | Change::Create => Value::Unknown,
        },
        (Value::Null | Value::Unknown, _) | (_, AttributeType::Plain(_)) => resolved.clone(),
        (known, AttributeType::Nested(_, inner)) => {
            let values = Values { prior, config: known, proposed: resolved, source: Source::Resolved };
            map_elements(inner, values, |p, c, resolved| mark_object(inner, change, p, c, resolved))
        }
    }
}

/// A configured nested attribute, with its prior and proposed value.
#[derive(Clone, Copy)]
struct Values<'a> {
    prior: &'a Value,
    config: &'a Value,
    proposed: &'a Value,
    source: Source,
}

/// Applies `one` to each object, with its prior and proposed counterparts: lists match by index, maps by key, and sets by what
/// their elements have.
fn map_elements(inner: &Attributes, values: Values<'_>, one: impl Fn(&Value, &Value, &Value) -> Value) -> Value {
    let Values { prior, config, proposed, source } = values;
    match config {
        Value::List(all) => {
            let each = all.iter().enumerate();
            Value::List(
                each.map(|(i, config)| unless_unknown(config, || one(prior.at(i), config, proposed.at(i)))).collect(),
            )
        }
        Value::Map(all) => {
            let each = all.iter();
            let mapped = each.map(|(key, config)| {
                (key.clone(), unless_unknown(config, || one(prior.get(key), config, proposed.get(key))))
            });
            Value::Map(collected(mapped))
        }
        Value::Set(all) => {
            let each = all.iter().zip(counterparts(inner, (prior, proposed), all, source));
            let mapped =
                each.map(|(config, (prior, proposed))| unless_unknown(config, || one(prior, config, proposed)));
            Value::set(mapped.collect())
        }
        single => one(prior, single, proposed),
    }
}

fn unless_unknown(config: &Value, resolve: impl FnOnce() -> Value) -> Value {
    if config.is_null() || config.is_unknown() { config.clone() } else { resolve() }
}

fn collect_replaces(attributes: &Attributes, prior: &Value, planned: &Value, path: &Path, found: &mut Vec<Path>) {
    // All attributes of an unknown object are unknown.
    let after = |name: &str| if planned.is_unknown() { planned } else { planned.get(name) };
    for (name, attribute) in attributes {
        let (before, after, here) = (prior.get(name), after(name), path.attribute(name));
        if before == after {
            continue;
        }
        if attribute.requires_replacement() {
            found.push(here);
        } else if let AttributeType::Nested(Nesting::Single | Nesting::Group, inner) = attribute.attribute_type() {
            collect_replaces(inner, before, after, &here, found);
        }
    }
}

#[cfg(test)]
mod tests;
