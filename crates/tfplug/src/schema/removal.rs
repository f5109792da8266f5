//! An object that the configuration had and no longer has, where the provider decides what is not configured.
//!
//! A configuration that leaves out an optional and computed attribute asks for nothing, and a plain value in the state may be the
//! provider's as well as the configuration's: it is kept. A nested object tells more. If one of its attributes has a value, and
//! only a configuration can set that attribute, then the object was configured. The core draws the same conclusion, and proposes
//! null.

use super::{Attribute, AttributeType, Attributes};
use crate::value::Value;

/// Whether the configuration has removed the objects of this attribute, so that the provider has to decide anew. It has not if the
/// attribute is computed once: then the state's value stays. Nor can it be told of a block, in which a provider that decides the
/// block sets everything.
pub(crate) fn is_removed(attribute: &Attribute, prior: &Value, config: &Value) -> bool {
    config.is_null()
        && attribute.is_configurable()
        && attribute.is_computed()
        && !attribute.is_block()
        && attribute.default().is_none()
        && !attribute.uses_state_for_unknown()
        && configured_inside(attribute, prior)
}

/// Whether nested objects have a value that only a configuration can set, at any depth.
fn configured_inside(attribute: &Attribute, value: &Value) -> bool {
    let AttributeType::Nested(_, inner) = attribute.attribute_type() else { return false };
    match value {
        Value::Object(_) => in_object(inner, value),
        Value::List(all) | Value::Set(all) => all.iter().any(|one| in_object(inner, one)),
        Value::Map(all) => all.values().any(|one| in_object(inner, one)),
        _ => false,
    }
}

fn in_object(attributes: &Attributes, value: &Value) -> bool {
    attributes.iter().any(|(name, attribute)| {
        let value = value.get(name);
        !value.is_null() && (!attribute.is_computed() || configured_inside(attribute, value))
    })
}
