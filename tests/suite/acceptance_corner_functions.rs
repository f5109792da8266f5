//! The functions of tfplug's example `corner`, as a configuration calls them.

use serde_json::json;
use xtask::cores::Feature;

use crate::support::cores::core;
use crate::support::corner::{rewrite, workspace};

/// A list of outputs with these values.
fn outputs(all: &[(&str, &str)]) -> String {
    all.iter().map(|(name, value)| format!("output \"{name}\" {{ value = {value} }}\n")).collect()
}

/// Each call that has a result, with the result and its type.
fn results() -> serde_json::Value {
    json!({
        "bool": [true, "bool"],
        "string": ["a", "string"],
        "number": [0.5, "number"],
        "int32": [-2147483648, "number"],
        "int64": [9223372036854775807_i64, "number"],
        "float32": [1.23, "number"],
        "float64": [0.1, "number"],
        "list": [["a", "b"], ["list", "string"]],
        "set": [["a", "b"], ["set", "string"]],
        "map": [{"k": "v"}, ["map", "string"]],
        "variadic": [["a", "b"], ["list", "string"]],
        "variadic_of_none": [[], ["list", "string"]],
        "object": [{"attr1": "a", "attr2": null}, ["object", {"attr1": "string", "attr2": "number"}]],
        "object_with_dynamic": [
            {"dynamic_attr1": [true], "dynamic_attr2": 1},
            ["object", {"dynamic_attr1": ["tuple", ["bool"]], "dynamic_attr2": "number"}],
        ],
        "dynamic": [[true], ["list", "bool"]],
        "dynamic_variadic": [["a", 1], ["tuple", ["string", "number"]]],
        "dynamic_variadic_of_none": [[], ["tuple", []]],
    })
}

#[test]
fn results_have_the_value_and_the_type_of_the_arguments_and_are_unknown_where_they_are() {
    if !core().supports(Feature::Functions) {
        return;
    }
    let calls = outputs(&[
        ("bool", "provider::framework::bool(true)"),
        ("string", "provider::framework::string(\"a\")"),
        ("number", "provider::framework::number(0.5)"),
        ("int32", "provider::framework::int32(-2147483648)"),
        ("int64", "provider::framework::int64(9223372036854775807)"),
        ("float32", "provider::framework::float32(1.23)"),
        ("float64", "provider::framework::float64(0.1)"),
        ("list", "provider::framework::list([\"a\", \"b\"])"),
        ("set", "provider::framework::set([\"b\", \"a\", \"b\"])"),
        ("map", "provider::framework::map({ k = \"v\" })"),
        ("variadic", "provider::framework::variadic(\"a\", \"b\")"),
        ("variadic_of_none", "provider::framework::variadic()"),
        ("object", "provider::framework::object({ attr1 = \"a\", attr2 = null })"),
        (
            "object_with_dynamic",
            "provider::framework::object_with_dynamic({ dynamic_attr1 = [true], dynamic_attr2 = 1 })",
        ),
        ("dynamic", "provider::framework::dynamic(tolist([true]))"),
        ("dynamic_variadic", "provider::framework::dynamic_variadic(\"a\", 1)"),
        ("dynamic_variadic_of_none", "provider::framework::dynamic_variadic()"),
        ("later", "provider::framework::dynamic(terraform_data.it.output)"),
    ]);
    let tf = workspace(&format!("resource \"terraform_data\" \"it\" {{ input = \"b\" }}\n{calls}"));
    let plan = tf.plan_json();
    assert_eq!(plan["output_changes"]["later"]["after_unknown"], true);
    assert_eq!(plan["planned_values"]["outputs"]["string"]["value"], "a", "known in the plan");
    tf.apply();
    let state = tf.state()["values"]["outputs"].clone();
    assert_eq!(state["later"]["value"], "b");
    for (name, expected) in results().as_object().unwrap() {
        assert_eq!(json!([state[name]["value"], state[name]["type"]]), *expected, "{name}");
    }
}

#[test]
fn arguments_that_a_function_refuses_are_shown_at_the_argument() {
    if !core().supports(Feature::Functions) {
        return;
    }
    let refused = [
        ("null", "provider::framework::bool(null)", "argument must not be null"),
        ("over", "provider::framework::float32(3.5e38)", "Allowed: a number within the range of a 32-bit float."),
        ("under", "provider::framework::float32(1e-46)", "Allowed: a number within the range of a 32-bit float."),
        ("large", "provider::framework::int32(2147483648)", "Allowed: -2147483648 to 2147483647."),
        ("lacking", "provider::framework::object({ attr1 = \"a\" })", "attribute \"attr2\" is required"),
    ];
    let tf = workspace("");
    let calls: Vec<_> = refused.iter().map(|(name, call, _)| (*name, *call)).collect();
    rewrite(&tf, &outputs(&calls));
    let output = tf.plan_expecting_failure();
    assert_eq!(output.stderr.matches("Error: Invalid function argument").count(), refused.len(), "{output}");
    for (_, _, message) in refused {
        assert!(output.says(message), "{message}\n{output}");
    }
}
