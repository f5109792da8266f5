//! The part of a function's page that describes how to call it.

use serde_json::Value;

use super::attributes::type_words;

/// The signature and the arguments.
pub(super) fn signature(name: &str, function: &Value) -> String {
    let parameters: Vec<&Value> = function.get("parameters").and_then(Value::as_array).into_iter().flatten().collect();
    let variadic = function.get("variadic_parameter");
    let typed = |parameter: &Value| format!("{} {}", text(parameter, "name"), kind(parameter).to_lowercase());
    let mut arguments: Vec<_> = parameters.iter().map(|parameter| typed(parameter)).collect();
    arguments.extend(variadic.map(|parameter| format!("{}...", typed(parameter))));
    let returned = type_words(function.get("return_type").unwrap_or(&Value::Null)).to_lowercase();
    let call = format!("{name}({}) {returned}", arguments.join(", "));

    let fixed = parameters.iter().map(|parameter| line(parameter, ""));
    let lines: String = fixed.chain(variadic.map(|parameter| line(parameter, "Variadic, "))).collect();
    let arguments = if lines.is_empty() { lines } else { format!("## Arguments\n\n{lines}") };
    format!("## Signature\n\n```text\n{call}\n```\n\n{arguments}")
}

fn line(parameter: &Value, variadic: &str) -> String {
    let nullable = if parameter.get("is_nullable").is_some_and(|value| value == true) { ", Nullable" } else { "" };
    let line = format!("1. `{}` ({variadic}{}{nullable})", text(parameter, "name"), kind(parameter));
    format!("{}\n", format!("{line} {}", text(parameter, "description")).trim_end())
}

fn kind(parameter: &Value) -> String {
    type_words(parameter.get("type").unwrap_or(&Value::Null))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_signature_has_types_and_arguments_in_order() {
        let function = json!({
            "return_type": "string",
            "parameters": [
                {"name": "place", "type": "string", "description": "What to read."},
                {"name": "numbers", "type": ["list", "number"], "is_nullable": true},
            ],
            "variadic_parameter": {"name": "rest", "type": "string", "description": "More."},
        });
        let expected = "## Signature

```text
parse(place string, numbers list of number, rest string...) string
```

## Arguments

1. `place` (String) What to read.
1. `numbers` (List of Number, Nullable)
1. `rest` (Variadic, String) More.
";
        assert_eq!(signature("parse", &function), expected);
    }
}
