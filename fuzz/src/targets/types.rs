//! The JSON form of types.

use tfplug::Type;

use super::wire_form;
use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "types",
    about: "JSON as a type; what is read is written in the one form that a core reads",
    execute,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 512 },
    words: &[
        "\"string\"",
        "\"number\"",
        "\"bool\"",
        "\"dynamic\"",
        "[\"list\",",
        "[\"set\",",
        "[\"map\",",
        "[\"object\",{",
        "[\"tuple\",[",
        "]",
        "}",
        "\"a\":",
        "[\"a\"]",
        ",",
    ],
};

fn execute(input: &[u8]) {
    let Ok(json) = serde_json::from_slice(input) else { return };
    match Type::from_json(&json) {
        Ok(ty) => {
            let written = ty.to_json();
            assert_eq!(written.to_string(), wire_form::json_of(&ty), "of {json}");
            assert_eq!(Type::from_json(&written).as_ref(), Ok(&ty), "of {json}");
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.len() <= 1000 + 2 * input.len(), "an error of {} bytes", text.len());
        }
    }
}
