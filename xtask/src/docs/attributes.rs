//! The part of a page that lists attributes, nested ones after those that have them.

use serde_json::{Map, Value};

use crate::error::{Result, failed};

/// The groups, in their order on the page.
const GROUPS: [&str; 3] = ["Required", "Optional", "Read-Only"];

/// A list still to be written: the path of the attribute that it belongs to, and its attributes.
type Nested<'a> = Vec<(String, &'a Map<String, Value>)>;

/// The schema of a block.
pub(super) fn schema(block: &Value) -> Result<String> {
    if block.get("block_types").is_some() {
        return Err(failed("the schema has nested blocks, which `cargo xtask docs` doesn't write yet"));
    }
    let Some(attributes) = block.get("attributes").and_then(Value::as_object) else {
        return Ok(String::new());
    };
    let mut nested = Nested::new();
    let mut text = format!("## Schema\n\n{}", groups("###", "", attributes, &mut nested));
    // A queue: an attribute's own nested ones come after its neighbours'.
    let mut next = 0;
    while let Some((path, attributes)) = nested.get(next).cloned() {
        let anchor = anchor(&path);
        text += &format!("<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n\n");
        text += &groups("####", &path, attributes, &mut nested);
        next += 1;
    }
    Ok(text)
}

fn groups<'a>(heading: &str, path: &str, attributes: &'a Map<String, Value>, nested: &mut Nested<'a>) -> String {
    let mut text = String::new();
    for group in GROUPS {
        let members = attributes.iter().filter(|(_, attribute)| group_of(attribute) == group);
        let lines: String = members.map(|(name, attribute)| line(path, name, attribute, nested)).collect();
        if !lines.is_empty() {
            text += &format!("{heading} {group}\n\n{lines}\n");
        }
    }
    text
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

fn is(attribute: &Value, flag: &str) -> bool {
    attribute.get(flag).and_then(Value::as_bool).unwrap_or(false)
}

fn line<'a>(path: &str, name: &str, attribute: &'a Value, nested: &mut Nested<'a>) -> String {
    let mut words = vec![kind(attribute)];
    for (flag, word) in [("sensitive", "Sensitive"), ("write_only", "Write-only"), ("deprecated", "Deprecated")] {
        if is(attribute, flag) {
            words.push(word.to_owned());
        }
    }
    let description = attribute.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut parts = vec![format!("- `{name}` ({})", words.join(", "))];
    if !description.is_empty() {
        parts.push(description);
    }
    if let Some(inner) = attribute.pointer("/nested_type/attributes").and_then(Value::as_object) {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        parts.push(format!("(see [below](#{}))", anchor(&path)));
        nested.push((path, inner));
    }
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

/// A type as the core writes it in JSON: a word, or a list of a word and what is in it.
fn type_words(kind: &Value) -> String {
    match kind {
        Value::String(word) => capital(word),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(word), Value::Object(_)] => capital(word),
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
    fn attributes_are_grouped_and_nested_ones_follow() {
        let block = json!({"attributes": {
            "id": {"type": "string", "computed": true, "description": "Set by\nInfisical."},
            "triggers": {"type": ["map", "string"], "optional": true, "sensitive": true},
            "parameters": {"required": true, "nested_type": {
                "nesting_mode": "single",
                "attributes": {"limit": {"type": "number", "optional": true, "description": "In USD."}},
            }},
        }});
        let expected = r#"## Schema

### Required

- `parameters` (Attributes) (see [below](#nestedatt--parameters))

### Optional

- `triggers` (Map of String, Sensitive)

### Read-Only

- `id` (String) Set by Infisical.

<a id="nestedatt--parameters"></a>
### Nested Schema for `parameters`

#### Optional

- `limit` (Number) In USD.

"#;
        assert_eq!(schema(&block).unwrap(), expected);
    }

    #[test]
    fn nested_blocks_are_refused_rather_than_left_out() {
        assert!(schema(&json!({"block_types": {}})).is_err());
    }
}
