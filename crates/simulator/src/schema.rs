//! The schemas with which requests and responses are validated.
//!
//! Those of the create call are the page of the API reference, in `data/create-openrouter-rotation.json`.
//! Those of the other requests are in `data/other-requests.json`.

use std::{collections::BTreeMap, sync::LazyLock};

use jsonschema::{
    ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind as Kind},
    paths::LocationSegment,
};
use serde_json::{Map, Value, json};

use crate::{call::Call, openapi::to_json_schema, recorded_request::RecordedRequest, response::Issue};

/// The schemas of request bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Create,
    Update,
    ConnectionCreate,
    ConnectionUpdate,
    UniversalLogin,
    JwtLogin,
    AwsLogin,
}

/// The keys that PATCH accepts.
const PATCHABLE: [&str; 7] =
    ["name", "description", "isAutoRotationEnabled", "rotationInterval", "rotateAtUtc", "parameters", "secretsMapping"];

struct Schemas {
    requests: BTreeMap<Shape, Validator>,
    /// The same schemas before they are compiled.
    written: BTreeMap<Shape, Value>,
    /// The responses to the create call by status.
    responses: BTreeMap<u64, Validator>,
}

static SCHEMAS: LazyLock<Result<Schemas, String>> = LazyLock::new(Schemas::load);

/// Loads the schemas, so that an invalid one is reported at the start and not by a request.
pub(crate) fn load() -> Result<(), String> {
    SCHEMAS.as_ref().map(|_| ()).map_err(Clone::clone)
}

/// The violations in a request body, as the server's 422 lists them.
pub(crate) fn check_request(shape: Shape, body: &Value) -> Vec<Issue> {
    let counted = as_counted(body);
    match SCHEMAS.as_ref().map(|schemas| schemas.requests.get(&shape)) {
        Ok(Some(validator)) => validator.iter_errors(&counted).flat_map(|error| issues(&error)).collect(),
        _ => vec![Issue::new("custom", &[], "the simulator has no schema for this call")],
    }
}

/// Removes the keys that a schema does not list, at all depths, as the server does silently.
pub(crate) fn strip(shape: Shape, body: &mut Value) {
    if let Ok(Some(schema)) = SCHEMAS.as_ref().map(|schemas| schemas.written.get(&shape)) {
        visit_unknown(schema, body, "", &mut |_, fields, key| drop(fields.remove(key)));
    }
}

/// The keys in a request's body that the API does not document, as JSON pointers.
/// The server ignores them silently, so sending one is a mistake of the client.
#[must_use]
pub fn undocumented_keys(request: &RecordedRequest) -> Vec<String> {
    let shape = match (request.call, request.path.as_str()) {
        (Call::Create, _) => Shape::Create,
        (Call::Update, _) => Shape::Update,
        (Call::ConnectionCreate, _) => Shape::ConnectionCreate,
        (Call::ConnectionUpdate, _) => Shape::ConnectionUpdate,
        (Call::Login, path) if path.contains("universal-auth") => Shape::UniversalLogin,
        (Call::Login, path) if path.contains("aws-auth") => Shape::AwsLogin,
        (Call::Login, _) => Shape::JwtLogin,
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    let written = SCHEMAS.as_ref().map(|schemas| schemas.written.get(&shape));
    if let (Ok(Some(schema)), Some(body)) = (written, &request.body) {
        visit_unknown(schema, &mut body.clone(), "", &mut |path, _, key| found.push(format!("{path}/{key}")));
    }
    found
}

/// Called with a key that a schema does not list: the object's pointer, its fields, and the key.
type Visit<'a> = dyn FnMut(&str, &mut Map<String, Value>, &str) + 'a;

/// Calls `visit` for each key that is not in its object's schema.
fn visit_unknown(schema: &Value, body: &mut Value, path: &str, visit: &mut Visit<'_>) {
    let (Some(known), Some(fields)) = (schema.get("properties").and_then(Value::as_object), body.as_object_mut())
    else {
        return;
    };
    let keys: Vec<String> = fields.keys().cloned().collect();
    for key in keys {
        match (known.get(&key), fields.get_mut(&key)) {
            (Some(schema), Some(field)) => visit_unknown(schema, field, &format!("{path}/{key}"), visit),
            _ => visit(path, fields, &key),
        }
    }
}

/// Validates a response with the schema in the API reference, and returns a
/// description of each violation. The list is empty if the response is valid.
///
/// Accepts `{ secretRotation }`, `{ secretRotations }` (each is validated) and
/// errors, which are recognised by their `statusCode`.
#[must_use]
pub fn check_response(response: &Value) -> Vec<String> {
    let schemas = match SCHEMAS.as_ref() {
        Ok(schemas) => schemas,
        Err(error) => return vec![error.clone()],
    };
    if let Some(list) = response.get("secretRotations").and_then(Value::as_array) {
        let each = list.iter().map(|rotation| json!({ "secretRotation": rotation }));
        return each.flat_map(|one| check_response(&one)).collect();
    }
    let status = response.get("statusCode").and_then(Value::as_u64).unwrap_or(200);
    match schemas.responses.get(&status) {
        Some(validator) => {
            validator.iter_errors(response).map(|error| format!("{}: {error}", error.instance_path())).collect()
        }
        None => vec![format!("the API reference documents no response with status {status}")],
    }
}

impl Schemas {
    fn load() -> Result<Self, String> {
        let page: Value = parse(include_str!("../data/create-openrouter-rotation.json"))?;
        let call = page
            .pointer("/paths/~1api~1v2~1secret-rotations~1open-router-api-key/post")
            .ok_or("the schema data lacks the create call")?;
        let create = to_json_schema(content(call.get("requestBody"))?);
        let others: Value = parse(include_str!("../data/other-requests.json"))?;
        let mut written = BTreeMap::from([(Shape::Update, without_required(&create)), (Shape::Create, create)]);
        for (shape, name) in [
            (Shape::ConnectionCreate, "connectionCreate"),
            (Shape::ConnectionUpdate, "connectionUpdate"),
            (Shape::UniversalLogin, "universalLogin"),
            (Shape::JwtLogin, "jwtLogin"),
            (Shape::AwsLogin, "awsLogin"),
        ] {
            let schema = others.get(name).ok_or_else(|| format!("the schema data lacks {name}"))?;
            written.insert(shape, to_json_schema(schema));
        }
        let compiled = written.iter().map(|(shape, schema)| Ok((*shape, compile(schema)?)));
        let requests = compiled.collect::<Result<_, String>>()?;
        Ok(Self { requests, written, responses: responses(call)? })
    }
}

fn responses(call: &Value) -> Result<BTreeMap<u64, Validator>, String> {
    let documented = call.get("responses").and_then(Value::as_object).ok_or("the schema data lacks the responses")?;
    let mut responses = BTreeMap::new();
    for (status, response) in documented {
        let status = status.parse().map_err(|_| format!("the schema data has an invalid status: {status}"))?;
        responses.insert(status, compile(&to_json_schema(content(Some(response))?))?);
    }
    Ok(responses)
}

fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("the schema data is not valid JSON: {error}"))
}

fn content(part: Option<&Value>) -> Result<&Value, String> {
    part.and_then(|part| part.pointer("/content/application~1json/schema"))
        .ok_or_else(|| "the schema data lacks a schema".to_owned())
}

fn compile(schema: &Value) -> Result<Validator, String> {
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| format!("the schema data has an invalid schema: {error}"))
}

/// The schema of PATCH: the properties of create, none of them required.
fn without_required(create: &Value) -> Value {
    let properties = create.get("properties").and_then(Value::as_object);
    let kept: Map<String, Value> =
        PATCHABLE.iter().filter_map(|key| Some(((*key).to_owned(), properties?.get(*key)?.clone()))).collect();
    json!({ "type": "object", "properties": kept })
}

/// The body with each character outside the basic plane doubled, since JavaScript
/// counts those as two and JSON Schema as one. For validation only.
fn as_counted(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let wide = |c: char| std::iter::repeat_n(c, c.len_utf16());
            Value::String(text.chars().flat_map(wide).collect())
        }
        Value::Array(items) => items.iter().map(as_counted).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), as_counted(value))).collect(),
        other => other.clone(),
    }
}

fn issues(error: &ValidationError<'_>) -> Vec<Issue> {
    let mut path: Vec<Value> = error
        .instance_path()
        .into_iter()
        .map(|segment| match segment {
            LocationSegment::Property(name) => Value::from(name),
            LocationSegment::Index(index) => Value::from(index),
        })
        .collect();
    if let Kind::Required { property } = error.kind() {
        path.push(property.clone());
    }
    let (code, message) = words(error.kind());
    vec![Issue { code, path, message }]
}

fn words(kind: &Kind) -> (&'static str, String) {
    match kind {
        Kind::Required { .. } => ("invalid_type", "is required".to_owned()),
        Kind::Type { kind } => ("invalid_type", format!("must be {}", type_names(kind))),
        Kind::MinLength { limit } => ("too_small", format!("must have at least {limit} characters")),
        Kind::MaxLength { limit } => ("too_big", format!("must have at most {limit} characters")),
        Kind::Minimum { limit } => ("too_small", format!("must be at least {limit}")),
        Kind::ExclusiveMinimum { limit } => ("too_small", format!("must be greater than {limit}")),
        Kind::Maximum { limit } => ("too_big", format!("must be at most {limit}")),
        Kind::Enum { options } => ("invalid_enum_value", format!("must be one of {options}")),
        Kind::Format { format } => ("invalid_string", format!("must be a {format}")),
        Kind::AdditionalProperties { unexpected } => {
            ("unrecognized_keys", format!("unknown keys: {}", unexpected.join(", ")))
        }
        other => ("custom", format!("breaks the rule {}", other.keyword())),
    }
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        json!({
            "name": "my-openrouter-rotation",
            "projectId": "p",
            "description": "OpenRouter API key rotation",
            "connectionId": "1f4c6a82-93d7-4c58-8e0b-5d2a7b9c3e61",
            "environment": "dev",
            "secretPath": "/",
            "isAutoRotationEnabled": true,
            "rotationInterval": 30,
            "rotateAtUtc": { "hours": 0, "minutes": 0 },
            "parameters": {
                "name": "my-app-key", "limit": 100, "limitReset": "monthly", "includeByokInLimit": false
            },
            "secretsMapping": { "apiKey": "OPEN_ROUTER_API_KEY" }
        })
    }

    #[test]
    fn the_documented_sample_request_is_valid() {
        assert_eq!(check_request(Shape::Create, &sample()), []);
    }

    #[test]
    fn each_violation_is_listed_with_its_code_path_and_message() {
        for (pointer, wrong, code, message) in [
            ("/name", json!(""), "too_small", "must have at least 1 characters"),
            ("/name", json!("a".repeat(65)), "too_big", "must have at most 64 characters"),
            ("/name", json!(7), "invalid_type", "must be string"),
            ("/description", json!("d".repeat(257)), "too_big", "must have at most 256 characters"),
            ("/connectionId", json!("openrouter"), "invalid_string", "must be a uuid"),
            ("/rotationInterval", json!(0), "too_small", "must be at least 1"),
            ("/rotateAtUtc/hours", json!(24), "too_big", "must be at most 23"),
            ("/parameters/limit", json!(0), "too_small", "must be greater than 0"),
            ("/parameters/limit", json!("1"), "invalid_type", "must be null or number"),
            (
                "/parameters/limitReset",
                json!("never"),
                "invalid_enum_value",
                r#"must be one of ["daily","weekly","monthly",null]"#,
            ),
        ] {
            let mut body = sample();
            *body.pointer_mut(pointer).unwrap() = wrong.clone();
            let path: Vec<Value> = pointer.split('/').skip(1).map(Value::from).collect();
            let expected = Issue { code, path, message: message.to_owned() };
            assert_eq!(check_request(Shape::Create, &body), [expected], "{pointer} = {wrong}");
        }
    }

    #[test]
    fn a_missing_key_and_an_unknown_key_are_listed_together() {
        let mut body = sample();
        body.as_object_mut().unwrap().remove("environment");
        body["parameters"]["colour"] = json!("red");
        let found = check_request(Shape::Create, &body);
        assert!(found.contains(&Issue::new("invalid_type", &["environment"], "is required")), "{found:?}");
        let unknown = Issue::new("unrecognized_keys", &["parameters"], "unknown keys: colour");
        assert!(found.contains(&unknown), "{found:?}");
    }

    #[test]
    fn null_clears_what_is_nullable() {
        let mut body = sample();
        body["description"] = Value::Null;
        for key in ["limit", "limitReset", "includeByokInLimit"] {
            body["parameters"][key] = Value::Null;
        }
        assert_eq!(check_request(Shape::Create, &body), []);
        body["name"] = Value::Null;
        assert_eq!(check_request(Shape::Create, &body)[0].code, "invalid_type");
    }

    #[test]
    fn characters_outside_the_basic_plane_count_twice() {
        let mut body = sample();
        body["description"] = json!("🔑".repeat(128));
        assert_eq!(check_request(Shape::Create, &body), []);
        body["description"] = json!("🔑".repeat(129));
        assert_eq!(check_request(Shape::Create, &body)[0].code, "too_big");
    }

    #[test]
    fn limits_may_be_written_in_every_number_format() {
        for limit in ["0.000001", "1e-7", "12.34", "1e+21", "12345678.90123"] {
            let mut body = sample();
            body["parameters"]["limit"] = serde_json::from_str(limit).unwrap();
            assert_eq!(check_request(Shape::Create, &body), [], "{limit}");
        }
    }

    #[test]
    fn a_patch_requires_nothing() {
        assert_eq!(check_request(Shape::Update, &json!({})), []);
        assert_eq!(check_request(Shape::Update, &json!({ "name": 1 }))[0].code, "invalid_type");
        assert_eq!(check_request(Shape::Update, &Value::Null)[0].code, "invalid_type");
    }

    #[test]
    fn violations_in_a_response_are_described() {
        let sample = json!({ "secretRotation": { "id": "not-a-uuid" } });
        let found = check_response(&sample).join("\n");
        assert!(found.contains("folderId") && found.contains("uuid"), "{found}");
        let refusal = json!({ "reqId": "req-1", "statusCode": 404, "message": "gone", "error": "NotFound" });
        assert_eq!(check_response(&refusal), Vec::<String>::new());
        assert!(!check_response(&json!({ "statusCode": 404 })).is_empty());
        assert!(!check_response(&json!({ "statusCode": 418 })).is_empty());
    }
}
