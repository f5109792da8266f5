//! The part of a page that lists attributes, in the form that `tfplugindocs` gives it.

use serde_json::{Map, Value};

use crate::error::{Result, failed};

/// The groups, in their order on the page.
const GROUPS: [&str; 3] = ["Required", "Optional", "Read-Only"];

const WRITE_ONLY: &str = "https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments";

/// The attributes of one object, by name.
type Attributes = Map<String, Value>;

/// The schema of a block.
pub(super) fn schema(block: &Value) -> Result<String> {
    if block.get("block_types").and_then(Value::as_object).is_some_and(|blocks| !blocks.is_empty()) {
        return Err(failed("the schema has nested blocks, which `cargo xtask docs` does not support"));
    }
    let Some(attributes) = block.get("attributes").and_then(Value::as_object) else {
        return Ok(String::new());
    };
    Ok(format!("## Schema\n\n{}\n\n", groups("", attributes).trim_end()))
}

/// The groups of one object, followed by the schemas of the objects in it. A path is empty for a block, whose groups have
/// headings.
fn groups(path: &str, attributes: &Attributes) -> String {
    let (mut lists, mut nested) = (String::new(), String::new());
    for group in GROUPS {
        let members: Vec<_> = attributes.iter().filter(|(_, attribute)| group_of(attribute) == group).collect();
        if members.is_empty() {
            continue;
        }
        lists += &if path.is_empty() { format!("### {group}\n\n") } else { format!("{group}:\n\n") };
        if members.iter().any(|(_, attribute)| is(attribute, "write_only")) {
            lists += &format!("> **NOTE**: [Write-only arguments]({WRITE_ONLY}) need Terraform 1.11 or later.\n\n");
        }
        for (name, attribute) in members {
            let Some(inner) = inner(attribute) else {
                lists += &line(name, attribute, None);
                continue;
            };
            let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            lists += &line(name, attribute, Some(&path));
            nested += &format!("<a id=\"{}\"></a>\n### Nested Schema for `{path}`\n\n", anchor(&path));
            nested += &format!("{}\n", groups(&path, &inner));
        }
        lists += "\n";
    }
    lists + &nested
}

fn group_of(attribute: &Value) -> &'static str {
    if is(attribute, "required") {
        "Required"
    } else if is(attribute, "optional") {
        "Optional"
    } else {
        "Read-Only"
    }
}

/// Whether the attribute has this flag.
pub(super) fn is(attribute: &Value, flag: &str) -> bool {
    attribute.get(flag).and_then(Value::as_bool).unwrap_or(false)
}

/// The attributes of the objects in an attribute: of a nested attribute, or of a plain object type.
fn inner(attribute: &Value) -> Option<Attributes> {
    if let Some(nested) = attribute.pointer("/nested_type/attributes").and_then(Value::as_object) {
        return Some(nested.clone());
    }
    let members = object_of(attribute.get("type")?)?;
    // The members of an object type have no flags of their own.
    let group = match group_of(attribute) {
        "Required" => "required",
        "Optional" => "optional",
        _ => "computed",
    };
    let member = |(name, kind): (&String, &Value)| (name.clone(), serde_json::json!({ "type": kind, group: true }));
    Some(members.iter().map(member).collect())
}

/// The members of an object type, or of the object type in a collection type.
fn object_of(kind: &Value) -> Option<&Attributes> {
    match kind.as_array()?.as_slice() {
        [_, Value::Object(members), ..] => Some(members),
        [_, of] => object_of(of),
        _ => None,
    }
}

/// The line of one attribute; `nested` is the path of its own schema, if it has one.
pub(super) fn line(name: &str, attribute: &Value, nested: Option<&str>) -> String {
    let mut words = vec![kind(attribute)];
    let write_only = format!("[Write-only]({WRITE_ONLY})");
    for (flag, word) in [("sensitive", "Sensitive"), ("deprecated", "Deprecated"), ("write_only", &write_only)] {
        if is(attribute, flag) {
            words.push(word.to_owned());
        }
    }
    let description = attribute.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut parts = vec![format!("- `{name}` ({})", words.join(", "))];
    parts.extend(description.split_whitespace().map(str::to_owned));
    parts.extend(nested.map(|path| format!("(see [below for nested schema](#{}))", anchor(path))));
    format!("{}\n", parts.join(" "))
}

fn anchor(path: &str) -> String {
    format!("nestedatt--{}", path.replace('.', "--"))
}

/// An attribute's type in words.
fn kind(attribute: &Value) -> String {
    match attribute.pointer("/nested_type/nesting_mode").and_then(Value::as_str) {
        None => type_words(attribute.get("type").unwrap_or(&Value::Null)),
        Some("single") => "Attributes".to_owned(),
        Some(mode) => format!("Attributes {}", capital(mode)),
    }
}

/// A type in words, from the core's JSON: a name, or a list of a name and the types in it.
pub(super) fn type_words(kind: &Value) -> String {
    match kind {
        Value::String(word) => capital(word),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(word), Value::Object(_), ..] => capital(word),
            [Value::String(word), of] => format!("{} of {}", capital(word), type_words(of)),
            _ => "Dynamic".to_owned(),
        },
        _ => "Dynamic".to_owned(),
    }
}

fn capital(word: &str) -> String {
    if word == "bool" {
        return "Boolean".to_owned();
    }
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_are_grouped_and_nested_schemas_follow() {
        let block = json!({"attributes": {
            "id": {"type": "string", "computed": true, "description": "Set by\nInfisical."},
            "triggers": {"type": ["map", "string"], "optional": true, "sensitive": true},
            "parameters": {"required": true, "nested_type": {
                "nesting_mode": "single",
                "attributes": {
                    "limit": {"type": "number", "optional": true, "description": "In USD."},
                    "reset": {"optional": true, "nested_type": {
                        "nesting_mode": "list",
                        "attributes": {"day": {"type": "number", "required": true}},
                    }},
                },
            }},
        }});
        let expected = r#"## Schema

### Required

- `parameters` (Attributes) (see [below for nested schema](#nestedatt--parameters))

### Optional

- `triggers` (Map of String, Sensitive)

### Read-Only

- `id` (String) Set by Infisical.

<a id="nestedatt--parameters"></a>
### Nested Schema for `parameters`

Optional:

- `limit` (Number) In USD.
- `reset` (Attributes List) (see [below for nested schema](#nestedatt--parameters--reset))

<a id="nestedatt--parameters--reset"></a>
### Nested Schema for `parameters.reset`

Required:

- `day` (Number)

"#;
        assert_eq!(schema(&block).unwrap(), expected);
    }

    #[test]
    fn an_object_type_has_a_nested_schema_in_its_own_group() {
        let block = json!({"attributes": {
            "keys": {"type": ["list", ["object", {"hash": "string", "tags": ["set", "bool"]}]], "computed": true},
        }});
        let text = schema(&block).unwrap();
        assert!(text.contains("- `keys` (List of Object) (see [below for nested schema](#nestedatt--keys))"), "{text}");
        assert!(text.contains("Read-Only:\n\n- `hash` (String)\n- `tags` (Set of Boolean)\n"), "{text}");
    }

    #[test]
    fn write_only_attributes_are_marked_and_explained() {
        let block = json!({"attributes": {"key": {"type": "string", "optional": true, "write_only": true}}});
        let text = schema(&block).unwrap();
        assert!(text.contains("### Optional\n\n> **NOTE**: [Write-only arguments]("), "{text}");
        assert!(text.contains("- `key` (String, [Write-only]("), "{text}");
    }

    #[test]
    fn nested_blocks_are_refused_rather_than_left_out() {
        assert!(schema(&json!({"block_types": {"timeouts": {}}})).is_err());
    }
}
