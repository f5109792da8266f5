//! Converts schemas from the OpenAPI 3.0 dialect to JSON Schema.
//!
//! The data files are kept as they are in the API reference. Two keywords differ:
//! `nullable: true` means that null is allowed as well, and `exclusiveMinimum` is
//! a boolean that excludes the value of `minimum`.

use serde_json::{Map, Value};

/// The same schema in JSON Schema.
pub(crate) fn to_json_schema(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => Value::Object(translate(fields)),
        Value::Array(items) => items.iter().map(to_json_schema).collect(),
        other => other.clone(),
    }
}

fn translate(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut out: Map<String, Value> = fields.iter().map(|(key, value)| (key.clone(), to_json_schema(value))).collect();
    if out.get("nullable").is_some_and(Value::is_boolean) {
        let nullable = out.remove("nullable");
        if nullable == Some(Value::Bool(true)) {
            allow_null(&mut out);
        }
    }
    if out.get("exclusiveMinimum").is_some_and(Value::is_boolean) {
        let exclusive = out.remove("exclusiveMinimum");
        if exclusive == Some(Value::Bool(true))
            && let Some(minimum) = out.remove("minimum")
        {
            out.insert("exclusiveMinimum".to_owned(), minimum);
        }
    }
    out
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(kind) = schema.get_mut("type") {
        *kind = Value::Array(vec![kind.take(), Value::from("null")]);
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nullable_allows_null_even_with_an_enum() {
        assert_eq!(
            to_json_schema(&json!({ "type": "string", "enum": ["daily"], "nullable": true })),
            json!({ "type": ["string", "null"], "enum": ["daily", null] })
        );
        assert_eq!(to_json_schema(&json!({ "type": "string", "nullable": false })), json!({ "type": "string" }));
    }

    #[test]
    fn a_boolean_exclusive_minimum_replaces_the_minimum() {
        assert_eq!(
            to_json_schema(&json!({ "minimum": 0, "exclusiveMinimum": true })),
            json!({ "exclusiveMinimum": 0 })
        );
        assert_eq!(to_json_schema(&json!({ "minimum": 1, "exclusiveMinimum": false })), json!({ "minimum": 1 }));
    }

    #[test]
    fn a_property_called_nullable_is_not_taken_for_the_keyword() {
        let schema = json!({ "properties": { "nullable": { "type": "boolean" } } });
        assert_eq!(to_json_schema(&schema), schema);
    }
}
