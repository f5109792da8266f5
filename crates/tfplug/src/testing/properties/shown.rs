//! Schemas and values in the messages of failures.

use crate::schema::{Attribute, AttributeType, Attributes};

/// One line for each attribute.
pub(super) fn schema(attributes: &Attributes) -> String {
    let mut lines = Vec::new();
    add(attributes, "  ", &mut lines);
    lines.join("\n")
}

fn add(attributes: &Attributes, indent: &str, lines: &mut Vec<String>) {
    for (name, attribute) in attributes {
        lines.push(format!("{indent}{name}: {}", one(attribute)));
        if let AttributeType::Nested(_, inner) = attribute.attribute_type() {
            add(inner, &format!("{indent}  "), lines);
        }
    }
}

fn one(attribute: &Attribute) -> String {
    let kind = match attribute.attribute_type() {
        AttributeType::Plain(kind) => kind.to_json().to_string(),
        AttributeType::Nested(nesting, _) => format!("{nesting:?}"),
    };
    let flags = [
        (attribute.is_block(), "block"),
        (attribute.is_write_only(), "write-only"),
        (attribute.uses_state_for_unknown(), "use_state_for_unknown"),
        (attribute.requires_replacement(), "requires_replace"),
        (attribute.is_state_only(), "state_only"),
        (attribute.has_rules(), "has rules"),
    ];
    let flags: Vec<_> = flags.iter().filter(|(set, _)| *set).map(|(_, flag)| *flag).collect();
    let default = attribute.default().map(|value| format!(" default {}", super::values::shown(value)));
    let names = attribute.dependencies().map(|names| format!(" unknown_when_changed {names:?}"));
    format!(
        "{kind} {:?} {}{}{}",
        attribute.configurable(),
        flags.join(" "),
        default.unwrap_or_default(),
        names.unwrap_or_default()
    )
}
