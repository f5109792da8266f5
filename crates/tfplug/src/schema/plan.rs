//! What a change will lead to, as far as it's known before it is made: a pure function of schema, state and configuration.
//!
//! Two passes. The first settles what the configuration says: its values, the defaults, and the spelling of the state
//! where both mean the same. If that leaves the state as it is, there's no change and nothing becomes unknown: a plan of an
//! unchanged resource is empty. The second pass marks as unknown what the provider decides anew: everything in a create or a
//! replacement, and in an update what this change can change.

use std::collections::BTreeSet;

use super::{Attribute, Attributes, Kind, Nesting, elements};
use crate::path::Path;
use crate::value::{Members, Value};

/// What stands before the change: the state and, with it, whether there's anything at all.
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
    let settled = settle_object(attributes, before, config, proposed);
    let created = || mark_object(attributes, Change::Create, before, config, &settled);
    if before.is_null() {
        return Planned { state: created(), replaces: Vec::new() };
    }
    let change = Update::between(attributes, before, &settled);
    let state = mark_object(attributes, Change::Update(&change), before, config, &settled);
    let mut replaces = Vec::new();
    collect_replaces(attributes, before, &state, &Path::root(), &mut replaces);
    let state = if replaces.is_empty() { state } else { created() };
    Planned { state, replaces }
}

/// What makes computed attributes unknown.
#[derive(Clone, Copy)]
enum Change<'a> {
    /// A new object, or one in the place of another: nothing of what the provider decides is known.
    Create,
    Update(&'a Update<'a>),
}

/// The difference between the state and what the configuration asks for.
struct Update<'a> {
    /// The top-level attributes that change.
    changed: BTreeSet<&'a str>,
    /// Whether the API is asked to change anything.
    beyond_state: bool,
}

impl<'a> Update<'a> {
    fn between(attributes: &'a Attributes, before: &Value, settled: &Value) -> Self {
        let changed = || attributes.iter().filter(|(name, _)| settled.get(name) != before.get(name));
        Self {
            changed: changed().map(|(name, _)| name.as_str()).collect(),
            beyond_state: changed().any(|(_, attribute)| !attribute.is_state_only()),
        }
    }

    /// Whether the update can change this attribute, which the provider decides.
    fn reaches(&self, attribute: &Attribute) -> bool {
        match attribute.dependencies() {
            _ if attribute.uses_state_for_unknown() => false,
            Some(names) => names.iter().any(|name| self.changed.contains(name)),
            None => self.beyond_state,
        }
    }
}

fn settle_object(attributes: &Attributes, prior: &Value, config: &Value, proposed: &Value) -> Value {
    let settled = attributes.iter().map(|(name, attribute)| {
        let value = settle_one(attribute, prior.get(name), config.get(name), proposed.get(name));
        (name.clone(), value)
    });
    Value::Object(settled.collect())
}

fn settle_one(attribute: &Attribute, prior: &Value, config: &Value, proposed: &Value) -> Value {
    if attribute.is_write_only() {
        return Value::Null;
    }
    match config {
        Value::Unknown => Value::Unknown,
        Value::Null => match attribute.default() {
            Some(default) => prior_if_same(attribute, prior, default),
            None if attribute.is_computed() => proposed.clone(),
            None => Value::Null,
        },
        known => match attribute.kind() {
            Kind::Plain(_) => prior_if_same(attribute, prior, known),
            Kind::Nested(_, inner) => {
                map_elements(inner, prior, known, proposed, |p, c, proposed| settle_object(inner, p, c, proposed))
            }
        },
    }
}

/// The prior spelling where it means the same; the core allows it as long as it isn't null. Where both are equal, the
/// configuration's stands: numbers that are equal to the core may have two forms.
fn prior_if_same(attribute: &Attribute, prior: &Value, wanted: &Value) -> Value {
    if prior != wanted && !prior.is_null() && attribute.same(prior, wanted) { prior.clone() } else { wanted.clone() }
}

fn mark_object(attributes: &Attributes, change: Change<'_>, prior: &Value, config: &Value, settled: &Value) -> Value {
    // An object that joins an existing resource, such as a further element of a list, is new itself.
    let change = if prior.is_null() { Change::Create } else { change };
    let marked = attributes.iter().map(|(name, attribute)| {
        (name.clone(), mark_one(attribute, change, prior.get(name), config.get(name), settled.get(name)))
    });
    Value::Object(marked.collect())
}

fn mark_one(attribute: &Attribute, change: Change<'_>, prior: &Value, config: &Value, settled: &Value) -> Value {
    match (config, attribute.kind()) {
        (Value::Null, _) if attribute.is_decided_by_provider(config) => match change {
            Change::Update(update) if !update.reaches(attribute) => prior.clone(),
            Change::Update(_) | Change::Create => Value::Unknown,
        },
        (Value::Null | Value::Unknown, _) | (_, Kind::Plain(_)) => settled.clone(),
        (known, Kind::Nested(_, inner)) => {
            map_elements(inner, prior, known, settled, |p, c, settled| mark_object(inner, change, p, c, settled))
        }
    }
}

/// Applies `one` to each object of a configured nested attribute, with what stood there before and what is proposed.
///
/// Lists match by index, maps by key. The elements of a set have no name: one belongs to the proposed element that has
/// everything it configures.
fn map_elements(
    inner: &Attributes,
    prior: &Value,
    config: &Value,
    proposed: &Value,
    one: impl Fn(&Value, &Value, &Value) -> Value,
) -> Value {
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
            Value::Map(mapped.collect::<Members>())
        }
        Value::Set(all) => {
            let before = elements(prior);
            Value::set(
                all.iter()
                    .map(|config| {
                        let proposed =
                            elements(proposed).into_iter().map(|(_, e)| e).find(|e| has_all(inner, e, config));
                        let proposed = proposed.unwrap_or(config);
                        let prior = before.iter().map(|(_, e)| *e).find(|e| *e == proposed).unwrap_or(&Value::Null);
                        unless_unknown(config, || one(prior, config, proposed))
                    })
                    .collect(),
            )
        }
        single => one(prior, single, proposed),
    }
}

fn unless_unknown(config: &Value, settle: impl FnOnce() -> Value) -> Value {
    if config.is_null() || config.is_unknown() { config.clone() } else { settle() }
}

/// Whether a proposed element has all that a configured one sets.
fn has_all(inner: &Attributes, proposed: &Value, config: &Value) -> bool {
    inner.iter().all(|(name, attribute)| {
        let configured = config.get(name);
        configured == proposed.get(name) || (configured.is_null() && attribute.is_computed())
    })
}

fn collect_replaces(attributes: &Attributes, prior: &Value, planned: &Value, path: &Path, found: &mut Vec<Path>) {
    // Of an object that isn't known yet, no attribute is.
    let after = |name: &str| if planned.is_unknown() { planned } else { planned.get(name) };
    for (name, attribute) in attributes {
        let (before, after, here) = (prior.get(name), after(name), path.attribute(name));
        if before == after {
            continue;
        }
        if attribute.requires_replacement() {
            found.push(here);
        } else if let Kind::Nested(Nesting::Single, inner) = attribute.kind() {
            collect_replaces(inner, before, after, &here, found);
        }
    }
}

#[cfg(test)]
mod tests;
