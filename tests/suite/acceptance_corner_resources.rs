//! The resources of tfplug's example `corner`: nested blocks, types with a meaning, narrow numbers, sets, rules and write-only
//! attributes, as a core plans, applies and stores them.

use serde_json::{Value, json};
use xtask::cores::{Feature, Product};

use crate::support::cores::core;
use crate::support::corner::{rewrite, workspace};

/// One of each resource that needs nothing but blocks and attributes; the words change from one apply to the next.
const ECHOES: &str = r#"
resource "framework_schema" "it" {
  bool_attribute                       = true
  dynamic_attribute                    = { one = "WORD", four = [true, 1234.5] }
  float32_attribute                    = 1234.5
  float64_attribute                    = 1234.5
  int32_attribute                      = 1234
  int64_attribute                      = 1234
  list_attribute                       = ["WORD"]
  list_nested_attribute                = [{ list_nested_attribute_attribute = "WORD" }]
  map_attribute                        = { k = "WORD" }
  map_nested_attribute                 = { k = { map_nested_attribute_attribute = "WORD" } }
  number_attribute                     = 1234.5
  object_attribute                     = { object_attribute_attribute = "WORD" }
  object_attribute_with_dynamic        = { dynamic_attribute = tolist(["WORD"]) }
  set_attribute                        = ["WORD"]
  set_nested_attribute                 = [{ set_nested_attribute_attribute = "WORD" }]
  single_nested_attribute              = { single_nested_attribute_attribute = "WORD" }
  single_nested_attribute_with_dynamic = { dynamic_attribute = "WORD" }
  string_attribute                     = "WORD"
  list_nested_block { list_nested_block_attribute = "WORD" }
  list_nested_block {}
  set_nested_block { set_nested_block_attribute = "WORD" }
  single_nested_block { single_nested_block_attribute = "WORD" }
  single_nested_block_with_dynamic { dynamic_attribute = [1, "WORD"] }
}
resource "framework_schema" "empty" {}
resource "framework_customtype" "it" {
  json_normalized_attribute = "{ \"word\" : \"WORD\" }"
  json_exact_attribute      = "[ \"WORD\" ]"
  ip_v4_attribute           = "192.0.2.146"
  ip_v6_attribute           = "1050:0000:0000:0000:0005:0600:300c:326b"
  ip_v4_cidr_attribute      = "192.0.2.146/24"
  ip_v6_cidr_attribute      = "1050:0000:0000:0000:0005:0600:300c:326b/64"
  time_rfc3339_attribute    = "1985-04-12T23:20:50.52Z"
}
resource "framework_timetypes" "it" {
  go_duration = "1h2m3s"
  rfc3339     = "2000-01-02T03:04:05Z"
}
resource "framework_timeouts" "it" {
  timeouts = { create = "120s" }
}
resource "framework_float32_precision" "it" { float32_attribute = 1 - 0.99 }
resource "framework_float64_precision" "it" { float64_attribute = 1 - 0.99 }
resource "framework_dynamic_computed_type_change" "it" { required_dynamic = "WORD" }
resource "framework_tfsdk_reflection" "it" {
  config_bool          = true
  config_dynamic       = ["WORD", 1]
  config_float64       = 2.1
  config_int64         = 201
  config_list          = ["WORD"]
  config_map           = { k = "WORD" }
  config_map_nested    = { k = { nested_string = "WORD" } }
  config_object        = { nested_string = "WORD" }
  config_single_nested = { nested_string = "WORD" }
  config_string        = "WORD"
  config_set_nested_block { nested_string = "WORD" }
  computed_list_nested_block {}
  computed_list_nested_block {}
}
resource "framework_set_nested_attribute_with_defaults" "it" {
  set = [{ value = "WORD" }, { value = "two" }, {}]
}
resource "framework_set_nested_block_with_defaults" "it" {
  set { value = "WORD" }
  set { value = "two" }
  set {}
}
resource "framework_set_semantic_equality" "it" {
  set_of_ipv6          = ["0:0:0:0:0:0:0:101", "2001:0DB8:0000:0000:0008:0800:200C:417A"]
  set_nested_attribute = [{ ipv6 = "2041:0000:140F:0000:0000:0000:875B:131B" }, { ipv6 = "0::0" }]
  set_nested_block { ipv6 = "FF01:0:0:0:0:0:0:0" }
  set_nested_block { ipv6 = "0:0:0:0:0:FFFF:192.168.255.255" }
}
resource "framework_user" "it" {
  email = "ford@example.com"
  name  = "WORD"
  age   = 200
}
resource "framework_identity" "it" { name = "tom" }
resource "framework_deferred_action" "it" { id = "test_id" }
resource "framework_deferred_action_plan_modification" "it" { id = "test_id" }
"#;

/// What is computed is unknown in a plan and decided by the apply; nothing changes until the configuration does.
#[test]
fn each_resource_stores_what_it_was_planned_with() {
    let tf = workspace(&ECHOES.replace("WORD", "first"));
    tf.apply();
    tf.assert_empty_plan();
    let value = |address: &str, name: &str| tf.state_of(address)[name].clone();
    let schema = tf.state_of("framework_schema.it");
    assert_eq!(schema["dynamic_attribute"], json!({"one": "first", "four": [true, 1234.5]}));
    let blocks = json!([{"list_nested_block_attribute": "first"}, {"list_nested_block_attribute": null}]);
    assert_eq!(schema["list_nested_block"], blocks);
    assert_eq!(schema["single_nested_block_with_dynamic"], json!({"dynamic_attribute": [1, "first"]}));
    let empty = tf.state_of("framework_schema.empty");
    let unset = ["list_nested_block", "set_nested_block", "single_nested_block", "object_attribute"];
    assert_eq!(unset.map(|name| empty[name].clone()), [json!([]), json!([]), Value::Null, Value::Null]);
    assert_eq!(value("framework_dynamic_computed_type_change.it", "computed_dynamic_type_changes"), true);
    let defaults = |value: &str| json!({"value": value, "default_value": "this is a default"});
    for kind in ["attribute", "block"] {
        let set = value(&format!("framework_set_nested_{kind}_with_defaults.it"), "set");
        assert_eq!(set, json!([defaults("first"), defaults("two"), defaults("zero")]), "{kind}");
    }
    let addresses = tf.state_of("framework_set_semantic_equality.it");
    assert_eq!(addresses["set_of_ipv6"], json!(["0:0:0:0:0:0:0:101", "2001:0DB8:0000:0000:0008:0800:200C:417A"]));
    assert_eq!(value("framework_user.it", "language"), "en");

    rewrite(&tf, &ECHOES.replace("WORD", "second"));
    tf.apply();
    tf.assert_empty_plan();
    assert_eq!(value("framework_dynamic_computed_type_change.it", "computed_dynamic_type_changes"), 200);
    let reflected = tf.state_of("framework_tfsdk_reflection.it");
    assert_eq!(reflected["config_set_nested_block"], json!([{"nested_string": "second"}]));
    let decided = |number: &str| json!({"nested_string": format!("computed string {number}")});
    assert_eq!(reflected["computed_list_nested_block"], json!([decided("one"), decided("two")]));
    assert_eq!(reflected["computed_dynamic"], "dynamic string");
    tf.destroy();
}

/// Configurations that the schemas refuse, each with the summary of its error.
const REFUSED: &[(&str, &str, &str)] = &[
    ("framework_customtype", r#"json_normalized_attribute = "test value""#, "Invalid JSON String Value"),
    ("framework_customtype", r#"ip_v4_attribute = "test value""#, "Invalid IPv4 Address String Value"),
    ("framework_customtype", r#"ip_v6_attribute = "test value""#, "Invalid IPv6 Address String Value"),
    ("framework_customtype", r#"ip_v4_cidr_attribute = "test value""#, "Invalid IPv4 CIDR String Value"),
    ("framework_customtype", r#"ip_v6_cidr_attribute = "test value""#, "Invalid IPv6 CIDR String Value"),
    ("framework_timetypes", r#"rfc3339 = "invalid""#, "Invalid RFC3339 String Value"),
    ("framework_timetypes", r#"go_duration = "invalid""#, "Invalid Time Duration String Value"),
    ("framework_timeouts", r#"timeouts = { create = "soon" }"#, "Invalid Time Duration String Value"),
    ("framework_schema", "float32_attribute = 1e39", "Invalid float32_attribute"),
    ("framework_schema", "int32_attribute = 2147483648", "Invalid int32_attribute"),
    ("framework_writeonly_validations", "", "Missing Attribute Configuration"),
    (
        "framework_writeonly_validations",
        "old_password_attr = \"o\"\n password_version = \"v1\"",
        "Invalid Attribute Combination",
    ),
];

#[test]
fn what_the_schemas_refuse_is_named_by_its_summary() {
    let blocks = REFUSED.iter().enumerate();
    let blocks = blocks.map(|(at, (kind, body, _))| format!("resource \"{kind}\" \"r{at}\" {{\n{body}\n}}\n"));
    let tf = workspace("");
    rewrite(&tf, &blocks.collect::<String>());
    let found = tf.validate_expecting_failure();
    for (at, (kind, body, summary)) in REFUSED.iter().enumerate() {
        let address = format!("{kind}.r{at}");
        let is_it = |one: &&Value| one["address"] == *address && one["summary"] == *summary;
        assert!(found.iter().any(|one| is_it(&one)), "{address} {body}: {summary}\n{found:#?}");
    }
}

/// A core before write-only attributes would store them, and is told so.
#[test]
fn write_only_values_reach_the_handlers_and_are_stored_nowhere() {
    let secrets = r#"
resource "framework_writeonly" "it" {
  writeonly_custom_ipv6   = "0::0"
  writeonly_string        = "fakepassword"
  writeonly_list          = ["fake", "password"]
  writeonly_nested_object = {
    writeonly_int64       = 1234
    writeonly_bool        = true
    writeonly_nested_list = [{ writeonly_string = "fakepassword1" }, { writeonly_string = "fakepassword2" }]
  }
  nested_map = { a = { string_attr = "x", writeonly_float64 = 10 } }
  nested_block_list {
    string_attr      = "x"
    writeonly_string = "fakepassword1"
    double_nested_object {
      bool_attr      = true
      writeonly_bool = true
    }
  }
}
resource "framework_writeonce" "it" {
  trigger_attr     = "1"
  writeonce_string = "fakepassword"
}
resource "framework_writeonly_validations" "it" {
  password_version   = "v1"
  writeonly_password = "fakepassword"
}
resource "framework_writeonly_upgrade" "it" {
  string_attr      = "world!"
  writeonly_string = "fakepassword"
}
resource "framework_writeonly_import" "it" {
  string_attr      = "hello world!"
  writeonly_string = "fakepassword"
}
"#;
    let tf = workspace(secrets).env("FRAMEWORK_UPGRADE_VERSION", "0");
    if !core().supports(Feature::WriteOnly) {
        assert!(tf.plan_expecting_failure().says("WriteOnly Attribute Not Allowed"));
        return;
    }
    tf.import("framework_writeonly_import.it", "any");
    tf.apply();
    assert!(!tf.read("terraform.tfstate").contains("fakepassword"));
    let state = tf.state_of("framework_writeonly.it");
    assert_eq!(state["computed_attr"], "computed_val");
    let inner = json!({"bool_attr": true, "writeonly_bool": null});
    let block = json!([{"string_attr": "x", "writeonly_string": null, "double_nested_object": inner}]);
    assert_eq!(state["nested_block_list"], block);
    // A newer schema reads the state, and gets rid of a value that the upgrade gave to a write-only attribute.
    let tf = tf.env("FRAMEWORK_UPGRADE_VERSION", "1");
    tf.assert_empty_plan();

    let replaced = secrets.replace("trigger_attr     = \"1\"\n  writeonce_string", "trigger_attr = \"2\"\n  #");
    rewrite(&tf, &replaced.replace("\"v1\"", "\"v2\""));
    assert!(tf.plan_expecting_failure().says("Attribute Required when Creating"));
    rewrite(&tf, &secrets.replace("writeonce_string", "#"));
    tf.assert_empty_plan();
}

#[test]
fn objects_of_other_types_move_with_their_state_and_identity() {
    // OpenTofu does not pass the identity of what is moved.
    if core().product != Product::Terraform || !core().supports(Feature::Identity) {
        return;
    }
    let tf =
        workspace("resource \"terraform_data\" \"a\" {}\nresource \"framework_identity\" \"b\" { name = \"tom\" }");
    tf.apply();
    rewrite(
        &tf,
        r#"
moved {
  from = terraform_data.a
  to   = framework_writeonly_move.a
}
moved {
  from = framework_identity.b
  to   = framework_move_state.b
}
resource "framework_writeonly_move" "a" {
  string_attr      = "hello world!"
  writeonly_string = "fakepassword"
}
resource "framework_move_state" "b" {}
"#,
    );
    tf.apply();
    tf.assert_empty_plan();
    let moved = tf.state_of("framework_move_state.b");
    assert_eq!((&moved["id"], &moved["moved_random_string"]), (&json!("id-123"), &json!("tom")));
}

#[test]
fn an_identity_that_changes_is_refused_and_one_that_is_too_short_an_id() {
    let tf = workspace("resource \"framework_identity\" \"it\" { name = \"jerry\" }");
    tf.apply();
    assert!(tf.plan_expecting_failure().says("Unexpected Identity Change"));
    rewrite(&tf, "resource \"framework_deferred_action\" \"it\" { id = \"test\" }");
    assert!(tf.run(["plan", "-refresh=false", "-input=false", "-no-color"]).failed().says("invalid id value"));
}
