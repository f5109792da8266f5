//! The part of a resource's page that says how to import.

use std::path::Path;

use serde_json::{Map, Value};

use super::{attributes, examples::code_block};
use crate::error::Result;

/// Each form of import: the example's file, the language of its code block, and the sentence before it. The identity is
/// last, since its schema has a heading.
const FORMS: [(&str, &str, &str); 3] = [
    (
        "import-by-string-id.tf",
        "terraform",
        "An `import` block with the `id` attribute, in Terraform 1.5 and OpenTofu 1.6 or later:",
    ),
    ("import.sh", "shell", "The `terraform import` command:"),
    (
        IDENTITY,
        "terraform",
        "An `import` block with the `identity` attribute, in Terraform and OpenTofu 1.12 or later:",
    ),
];

const IDENTITY: &str = "import-by-identity.tf";

/// The section, with the forms that have an example; empty without any.
pub(super) fn section(folder: &Path, identity: Option<&Value>) -> Result<String> {
    let mut text = String::new();
    for (file, language, sentence) in FORMS {
        let path = folder.join(file);
        if path.is_file() {
            text += &format!("{sentence}\n\n{}", code_block(&path, language)?);
        }
        if file == IDENTITY {
            text += &identity.map(identity_schema).unwrap_or_default();
        }
    }
    Ok(if text.is_empty() { text } else { format!("## Import\n\n{text}") })
}

/// The attributes of an identity, grouped by whether an import needs them.
fn identity_schema(identity: &Value) -> String {
    let none = Map::new();
    let attributes = identity.get("attributes").and_then(Value::as_object).unwrap_or(&none);
    let mut text = String::new();
    for (group, flag) in [("Required", "required_for_import"), ("Optional", "optional_for_import")] {
        let members = attributes.iter().filter(|(_, attribute)| attributes::is(attribute, flag));
        let lines: String = members.map(|(name, attribute)| attributes::line(name, attribute, None)).collect();
        if !lines.is_empty() {
            text += &format!("#### {group}\n\n{lines}\n");
        }
    }
    if text.is_empty() { text } else { format!("### Identity Schema\n\n{text}") }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_with_an_example_is_shown_and_the_identity_described() {
        let folder = tempfile::tempdir().unwrap();
        for (file, ..) in FORMS {
            fs::write(folder.path().join(file), file).unwrap();
        }
        let identity = json!({"attributes": {
            "id": {"type": "string", "description": "The id.", "required_for_import": true},
            "host": {"type": "string", "optional_for_import": true},
        }});
        let text = section(folder.path(), Some(&identity)).unwrap();
        let parts = [
            "## Import\n\n",
            "```terraform\nimport-by-string-id.tf\n```\n\n",
            "```shell\nimport.sh\n```\n\n",
            "```terraform\nimport-by-identity.tf\n```\n\n",
            "### Identity Schema\n\n#### Required\n\n- `id` (String) The id.\n\n#### Optional\n\n- `host` (String)\n\n",
        ];
        let places: Vec<_> = parts.iter().map(|part| text.find(part).expect(part)).collect();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn without_examples_and_identity_there_is_no_section() {
        assert_eq!(section(Path::new("nowhere"), None).unwrap(), "");
    }
}
