//! The part of a page that lists attributes, in the form that `tfplugindocs` gives it.

use serde_json::{Map, Value};

use crate::error::Result;

/// The groups, in their order on the page.
const GROUPS: [&str; 3] = ["Required", "Optional", "Read-Only"];

const WRITE_ONLY: &str = "https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments";

/// The attributes of one object, by name.
type Attributes = Map<String, Value>;

/// The schema of a block.
pub(super) fn schema(block: &Value) -> Result<String> {
    let attributes = members(block);
    if attributes.is_empty() && block.get("attributes").is_none() {
        return Ok(String::new());
    }
    Ok(format!("## Schema\n\n{}\n\n", groups("", &attributes).trim_end()))
}

/// The attributes of a block, and its nested blocks in the same form.
fn members(block: &Value) -> Attributes {
    let of = |name: &str| block.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut all = of("attributes");
    all.extend(of("block_types").into_iter().map(|(name, nested)| {
        let inner = nested.get("block").unwrap_or(&Value::Null);
        let count = |bound: &str| nested.get(bound).and_then(Value::as_u64).unwrap_or(0);
        let attribute = serde_json::json!({
            "nested_block": {
                "mode": nested.get("nesting_mode"), "attributes": members(inner),
                "min": count("min_items"), "max": count("max_items"),
            },
            "required": count("min_items") > 0,
            "optional": count("min_items") == 0,
            "description": inner.get("description"),
            "deprecated": inner.get("deprecated"),
        });
        (name, attribute)
    }));
    all
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
            let anchor = anchor(attribute, &path);
            nested += &format!("<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n\n");
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
    let nested = attribute.pointer("/nested_type/attributes").or_else(|| attribute.pointer("/nested_block/attributes"));
    if let Some(nested) = nested.and_then(Value::as_object) {
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
    parts.extend(nested.map(|path| format!("(see [below for nested schema](#{}))", anchor(attribute, path))));
    format!("{}\n", parts.join(" "))
}

fn anchor(attribute: &Value, path: &str) -> String {
    let kind = if attribute.get("nested_block").is_some() { "nestedblock" } else { "nestedatt" };
    format!("{kind}--{}", path.replace('.', "--"))
}

/// An attribute's type in words.
fn kind(attribute: &Value) -> String {
    if let Some(block) = attribute.get("nested_block") {
        return block_words(block);
    }
    match attribute.pointer("/nested_type/nesting_mode").and_then(Value::as_str) {
        None => type_words(attribute.get("type").unwrap_or(&Value::Null)),
        Some("single") => "Attributes".to_owned(),
        Some(mode) => format!("Attributes {}", capital(mode)),
    }
}

/// A nested block in words, such as `Block List, Min: 1`.
fn block_words(block: &Value) -> String {
    let mode = block.get("mode").and_then(Value::as_str).unwrap_or_default();
    let mut words = match mode {
        "list" | "set" | "map" => format!("Block {}", capital(mode)),
        _ => return "Block".to_owned(),
    };
    for (bound, word) in [("min", "Min"), ("max", "Max")] {
        if let Some(count) = block.get(bound).and_then(Value::as_u64).filter(|count| *count > 0) {
            words += &format!(", {word}: {count}");
        }
    }
    words
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
    fn nested_blocks_are_listed_with_their_bounds_and_schemas() {
        let rule = json!({
            "attributes": {"port": {"type": "number", "required": true}},
            "block_types": {"log": {"nesting_mode": "single", "block": {"description": "Where it logs."}}},
        });
        let block = json!({"block_types": {
            "rule": {"nesting_mode": "list", "min_items": 1, "max_items": 3, "block": rule},
        }});
        let expected = r#"## Schema

### Required

- `rule` (Block List, Min: 1, Max: 3) (see [below for nested schema](#nestedblock--rule))

<a id="nestedblock--rule"></a>
### Nested Schema for `rule`

Required:

- `port` (Number)

Optional:

- `log` (Block) Where it logs. (see [below for nested schema](#nestedblock--rule--log))

<a id="nestedblock--rule--log"></a>
### Nested Schema for `rule.log`

"#;
        assert_eq!(schema(&block).unwrap(), expected);
    }
}
