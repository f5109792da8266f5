//! From the value that a handler returns to the value that is stored: the prior or planned spelling is kept where both are
//! semantically equal, and any other difference from the plan becomes a diagnostic.

use super::matching::{Fits, matched};
use super::set_plan::origins;
use super::shown::shown;
use super::spelling::{Equality, respelled, same_object};
use super::{Attribute, AttributeType, Attributes};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{InOrder, Value, named};

/// The state after a read: what was found, in the spelling that the state had where both are semantically equal.
pub(crate) fn keep_spelling(attributes: &Attributes, before: &Value, found: Value) -> Value {
    let mut walk = Walk { planned: false, differences: Diagnostics::new() };
    walk.object(attributes, before, &Value::Null, found, &Place::root())
}

/// The state after an apply, and an error for each attribute whose value differs from the planned one.
///
/// A computed attribute that the plan showed as known keeps the planned value: the core rejects anything else, and the next
/// refresh stores the newer value. For an attribute that the configuration sets, the core would reject a different value as a
/// bug in the provider; a diagnostic with the attribute and both values helps more. The state then holds what the API returned.
pub(crate) fn reconcile(
    attributes: &Attributes,
    planned: &Value,
    config: &Value,
    returned: Value,
) -> (Value, Diagnostics) {
    let mut walk = Walk { planned: true, differences: Diagnostics::new() };
    let reconciled = walk.object(attributes, planned, config, returned, &Place::root());
    (reconciled, walk.differences)
}

/// Where the walk is.
struct Place {
    path: Path,
    /// Whether the value, or an object around it, is sensitive.
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
    /// Whether the prior value comes from a plan rather than from a stored state.
    planned: bool,
    differences: Diagnostics,
}

impl Walk {
    fn object(
        &mut self,
        attributes: &Attributes,
        planned: &Value,
        config: &Value,
        returned: Value,
        place: &Place,
    ) -> Value {
        let Value::Object(mut members) = returned else { return returned };
        let (mut attributes, mut planned) = (InOrder::new(attributes), planned.ordered());
        for (name, value) in &mut members {
            let Some(attribute) = attributes.get(name) else { continue };
            let planned = planned.get(name);
            // Equal numbers may have two forms, of which the planned one is kept.
            let is_plain = matches!(value, Value::Null | Value::Bool(_) | Value::String(_));
            if is_plain && planned == value && !attribute.is_write_only() {
                continue;
            }
            let hidden = place.hidden || attribute.is_sensitive();
            let place = Place { path: place.path.attribute(name), hidden };
            *value = self.one(attribute, planned, config.get(name), std::mem::replace(value, Value::Null), &place);
        }
        Value::Object(members)
    }

    fn one(&mut self, attribute: &Attribute, planned: &Value, config: &Value, returned: Value, place: &Place) -> Value {
        if attribute.is_write_only() {
            return Value::Null;
        }
        if planned.is_unknown() {
            return returned;
        }
        let returned = respelled(attribute, planned, returned);
        if *planned == returned {
            return returned;
        }
        let kept = self.planned && attribute.is_decided_by_provider(config);
        match (attribute.attribute_type(), planned, returned) {
            (_, planned, _) if kept && planned.unknowns().is_empty() => planned.clone(),
            (AttributeType::Nested(_, inner), planned, returned) if match_up(planned, &returned) => {
                self.elements(inner, planned, config, returned, place)
            }
            // A plain value that was planned as partly unknown may become anything, too.
            (AttributeType::Plain(_), planned, returned) if !planned.unknowns().is_empty() => returned,
            // The API is not to blame for what the handler's float cannot hold; the core names both numbers.
            (_, planned, returned) if attribute.is_rounded(planned, &returned) => returned,
            (_, planned, returned) => {
                self.differences.push(difference(planned, &returned, place));
                returned
            }
        }
    }

    /// The objects of a nested attribute, each of which has its counterpart in the plan.
    fn elements(
        &mut self,
        inner: &Attributes,
        planned: &Value,
        config: &Value,
        returned: Value,
        place: &Place,
    ) -> Value {
        match returned {
            Value::List(returned) => {
                let each = returned.into_iter().enumerate().map(|(i, returned)| {
                    self.object(inner, planned.at(i), config.at(i), returned, &place.at(place.path.index(i)))
                });
                Value::List(each.collect())
            }
            Value::Map(returned) => {
                let each = returned.into_iter().map(|(key, returned)| {
                    let here = place.at(place.path.key(&key));
                    let reconciled = self.object(inner, planned.get(&key), config.get(&key), returned, &here);
                    (key, reconciled)
                });
                Value::Map(named(each))
            }
            Value::Set(returned) => Value::set(self.set(inner, planned, config, returned, place)),
            returned => self.object(inner, planned, config, returned, place),
        }
    }

    /// The elements of a set have no key: a returned element belongs to the planned one that means the same or, if the API has
    /// changed what is computed, that means the same in everything else. One without a counterpart is left to the core, which
    /// compares them itself.
    fn set(
        &mut self,
        inner: &Attributes,
        planned: &Value,
        config: &Value,
        returned: Vec<Value>,
        place: &Place,
    ) -> Vec<Value> {
        let planned = match planned {
            Value::Set(all) => all.as_slice(),
            _ => &[],
        };
        let agree = |how: Equality, returned: &Value, planned: &Value| same_object(inner, how, planned, returned);
        let rules: [Fits<'_, Value>; 2] =
            [&|returned, planned| agree(Equality::Outcomes, returned, planned), &|returned, planned| {
                agree(Equality::Configured, returned, planned)
            }];
        let (pairs, origins) = (matched(&returned, planned, &rules), origins(inner, config, planned));
        let reconciled = returned.into_iter().zip(pairs).map(|(returned, pair)| {
            match pair.and_then(|at| Some((planned.get(at)?, *origins.get(at)?))) {
                Some((planned, config)) => self.object(inner, planned, config, returned, place),
                None => returned,
            }
        });
        reconciled.collect()
    }
}

/// Whether both have the same objects, so that they can be compared one by one.
fn match_up(planned: &Value, returned: &Value) -> bool {
    match (planned, returned) {
        (Value::Object(_), Value::Object(_)) | (Value::Set(_), Value::Set(_)) => true,
        (Value::List(all), Value::List(returned)) => all.len() == returned.len(),
        (Value::Map(all), Value::Map(returned)) => all.keys().eq(returned.keys()),
        _ => false,
    }
}

fn difference(planned: &Value, returned: &Value, place: &Place) -> Diagnostic {
    let Place { path, hidden } = place;
    let (planned, returned) = if *hidden {
        ("a sensitive value".to_owned(), "a different sensitive value".to_owned())
    } else {
        (shown(planned), shown(returned))
    };
    let detail = format!(
        "Planned: {planned}. Returned by the API: {returned}. The state holds the returned value. Run the plan again; if the \
         difference remains, check whether a proxy between Terraform and the API changes its responses."
    );
    Diagnostic::error(format!("Unexpected value of {path} after the apply"), detail).at(path.clone())
}

#[cfg(test)]
mod tests;
