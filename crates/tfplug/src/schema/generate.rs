//! A configuration that describes an existing state, for `terraform plan -generate-config-out`.

use super::{Attribute, AttributeType, Attributes};
use crate::value::{Value, named};

/// The configuration for a state, without attributes that are computed, deprecated, write-only, or equal to their default.
pub(crate) fn config_for(attributes: &Attributes, state: &Value) -> Value {
    match state {
        Value::Object(_) => {
            let members = attributes.iter().map(|(name, attribute)| (name.clone(), one(attribute, state.get(name))));
            Value::Object(named(members))
        }
        other => other.clone(),
    }
}

fn one(attribute: &Attribute, value: &Value) -> Value {
    let left_out = !attribute.is_configurable()
        || attribute.is_write_only()
        || attribute.deprecation().is_some()
        || (attribute.is_computed() && attribute.is_unwritten(value))
        || attribute.default() == Some(value);
    match (left_out, attribute.attribute_type(), value) {
        (true, _, _) => Value::Null,
        (_, AttributeType::Nested(_, inner), Value::List(all)) => {
            Value::List(all.iter().map(|element| config_for(inner, element)).collect())
        }
        (_, AttributeType::Nested(_, inner), Value::Set(all)) => {
            Value::set(all.iter().map(|element| config_for(inner, element)).collect())
        }
        (_, AttributeType::Nested(_, inner), Value::Map(all)) => {
            Value::Map(named(all.iter().map(|(key, element)| (key.clone(), config_for(inner, element)))))
        }
        (_, AttributeType::Nested(_, inner), value) => config_for(inner, value),
        (_, AttributeType::Plain(_), value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, int, object, string};

    #[test]
    fn a_generated_configuration_has_what_a_user_would_write() {
        let schema = Schema::new("")
            .attribute("id", string().computed())
            .attribute("name", string().required())
            .attribute("days", int().default_value(30))
            .attribute(
                "at",
                object().attribute("hours", int().default_value(0)).attribute("made", string().computed()),
            );
        let state = Value::object([
            ("id", "1".into()),
            ("name", "a".into()),
            ("days", 30.into()),
            ("at", Value::object([("hours", 3.into()), ("made", "x".into())])),
        ]);
        let expected = Value::object([
            ("id", Value::Null),
            ("name", "a".into()),
            ("days", Value::Null),
            ("at", Value::object([("hours", 3.into()), ("made", Value::Null)])),
        ]);
        assert_eq!(config_for(schema.all(), &state), expected);
    }
}
