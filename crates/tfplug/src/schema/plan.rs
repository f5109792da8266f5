//! Planning: the state that a change leads to, as far as it is known before the apply. A pure function of schema, state and
//! configuration.
//!
//! There are two passes. The first resolves the configuration: its values, defaults, the state's spelling where both are
//! semantically equal, and the state's values of what is computed and not configured, unless it was configured before. The core's
//! proposed state is not needed for that: it is made from the same values, with less knowledge of the schema. If the result
//! equals the state, nothing changes and nothing becomes unknown: the plan of an unchanged resource is empty. The second pass
//! marks computed attributes as unknown: all of them in a create or replacement, and in an update those that this change can
//! affect.

mod replaces;

use std::collections::BTreeSet;

use super::removal::is_removed;
use super::set_plan::counterparts;
use super::spelling::{Equality, same};
use super::{Attribute, AttributeType, Attributes};
use crate::path::Path;
use crate::value::{NameMap, Value, named};

/// The state before the change; null if there is no object yet.
#[derive(Clone, Copy)]
pub(crate) struct Prior<'a>(pub(crate) &'a Value);

/// The planned state, and the attributes whose change replaces the resource.
pub(crate) struct Planned {
    pub(crate) state: Value,
    pub(crate) replaces: Vec<Path>,
}

/// Plans a create (`prior` is null) or an update.
pub(crate) fn plan(attributes: &Attributes, prior: Prior<'_>, config: &Value) -> Planned {
    let before = prior.0;
    let all = Values { prior: before, config };
    let created = || object(attributes, Pass::Mark(Change::Create), all);
    if before.is_null() {
        return Planned { state: created(), replaces: Vec::new() };
    }
    let resolved = object(attributes, Pass::Resolve, all);
    let change = Update::between(attributes, before, &resolved);
    if change.changed.is_empty() {
        return Planned { state: resolved, replaces: Vec::new() };
    }
    let state = object(attributes, Pass::Mark(Change::Update(&change)), all);
    // What only becomes unknown with this change is not a reason to replace the resource.
    let mut replaces = Vec::new();
    replaces::collect(attributes, before, &resolved, &Path::root(), &mut replaces);
    let state = if replaces.is_empty() { state } else { created() };
    Planned { state, replaces }
}

/// What becomes of a computed attribute that is not configured.
#[derive(Clone, Copy)]
enum Pass<'a> {
    /// It keeps its value.
    Resolve,
    /// It is unknown if this change can affect it.
    Mark(Change<'a>),
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
        let (mut resolved, mut before) = (resolved.ordered(), before.ordered());
        let mut change = Self { changed: BTreeSet::new(), beyond_state: false };
        for (name, attribute) in attributes {
            if resolved.get(name) != before.get(name) {
                change.changed.insert(name);
                change.beyond_state |= !attribute.is_state_only();
            }
        }
        change
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

/// A configured value and its prior counterpart.
#[derive(Clone, Copy)]
struct Values<'a> {
    prior: &'a Value,
    config: &'a Value,
}

impl<'a> Values<'a> {
    fn get(self, name: &str) -> Self {
        Self { prior: self.prior.get(name), config: self.config.get(name) }
    }

    fn at(self, position: usize, config: &'a Value) -> Self {
        Self { prior: self.prior.at(position), config }
    }
}

fn object(attributes: &Attributes, pass: Pass<'_>, values: Values<'_>) -> Value {
    // A nested object that is added to an existing resource, such as another element of a list, is new itself.
    let pass = match pass {
        Pass::Mark(_) if values.prior.is_null() => Pass::Mark(Change::Create),
        pass => pass,
    };
    let (mut prior, mut config) = (values.prior.ordered(), values.config.ordered());
    let members = attributes.iter().map(|(name, attribute)| {
        let values = Values { prior: prior.get(name), config: config.get(name) };
        (name.clone(), one(attribute, pass, values))
    });
    Value::Object(NameMap::in_same_order(members))
}

fn one(attribute: &Attribute, pass: Pass<'_>, values: Values<'_>) -> Value {
    let Values { prior, config } = values;
    if attribute.is_write_only() {
        return Value::Null;
    }
    match config {
        open if open.is_unknown() => open.clone(),
        null if null.is_null() => match (attribute.default(), pass) {
            (Some(default), _) => wanted(attribute, pass, Values { prior, config: default }),
            // A null of any type keeps the type that it has.
            (None, _) if !attribute.is_computed() => null.clone(),
            (None, Pass::Resolve) if is_removed(attribute, prior, config) => Value::Null,
            (None, Pass::Resolve) => prior.clone(),
            (None, Pass::Mark(Change::Update(update)))
                if !update.reaches(attribute) && !is_removed(attribute, prior, config) =>
            {
                prior.clone()
            }
            (None, Pass::Mark(_)) => Value::Unknown,
        },
        _ => wanted(attribute, pass, values),
    }
}

/// A value of the configuration, or the default in its place.
fn wanted(attribute: &Attribute, pass: Pass<'_>, values: Values<'_>) -> Value {
    match attribute.attribute_type() {
        AttributeType::Plain(_) => prior_if_same(attribute, values.prior, values.config),
        AttributeType::Nested(_, inner) => nested(inner, pass, values),
    }
}

/// The prior value if it is semantically equal to the wanted one; the core allows that unless it is null. If both are equal, the
/// configuration's is kept: numbers that the core calls equal may have two forms.
fn prior_if_same(attribute: &Attribute, prior: &Value, wanted: &Value) -> Value {
    let kept = prior != wanted && !prior.is_null() && same(attribute, Equality::Plans, prior, wanted);
    if kept { prior.clone() } else { wanted.clone() }
}

/// The objects of a configured nested attribute: lists match by index, maps by key, and sets by what their elements have.
fn nested(inner: &Attributes, pass: Pass<'_>, values: Values<'_>) -> Value {
    let one = |values: Values<'_>| unless_unknown(values.config, || object(inner, pass, values));
    match values.config {
        Value::List(all) => Value::List(all.iter().enumerate().map(|(i, config)| one(values.at(i, config))).collect()),
        Value::Map(all) => Value::Map(named(all.keys().map(|key| (key.clone(), one(values.get(key)))))),
        Value::Set(all) => {
            let each = all.iter().zip(counterparts(inner, values.prior, all));
            Value::set(each.map(|(config, prior)| one(Values { prior, config })).collect())
        }
        _ => one(values),
    }
}

fn unless_unknown(config: &Value, resolve: impl FnOnce() -> Value) -> Value {
    if config.is_null() || config.is_unknown() { config.clone() } else { resolve() }
}

#[cfg(test)]
mod tests;
