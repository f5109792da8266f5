//! Conversions between the generated protocol types and this crate's.

use bytes::Bytes;

use crate::any_resource::AnyResource;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::path::{Path, Step};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::attribute_path::step::Selector;
use crate::proto::tfplugin6::schema as pbs;
use crate::schema::{Attribute, AttributeType, Attributes, Configurable, Nesting, Schema};
use crate::value::{self, Type, Value, named};

/// Decodes a value; a missing one is null.
pub(super) fn decode(wire: Option<&pb::DynamicValue>, ty: &Type) -> Result<Value, Diagnostics> {
    let Some(wire) = wire else { return Ok(Value::Null) };
    let decoded = if !wire.msgpack.is_empty() {
        value::decode(&wire.msgpack, ty).map_err(|error| error.to_string())
    } else if !wire.json.is_empty() {
        serde_json::from_slice(&wire.json)
            .map_err(|error| error.to_string())
            .and_then(|json| value::from_state_json(&json, ty).map_err(|error| error.to_string()))
    } else {
        Ok(Value::Null)
    };
    decoded.map_err(|error| {
        let detail =
            format!("{error}. Terraform and the provider disagree about the schema. Run `terraform init` again.");
        Diagnostic::error("Cannot decode a value from Terraform", detail).into()
    })
}

/// Encodes a value, always as MessagePack: not every core reads JSON in every response.
pub(super) fn encode(value: &Value, ty: &Type) -> Result<Option<pb::DynamicValue>, Diagnostics> {
    match value::encode(value, ty) {
        Ok(bytes) => Ok(Some(pb::DynamicValue { msgpack: bytes.into(), json: Bytes::new() })),
        Err(error) => Err(Diagnostic::bug(format!("The result does not fit the schema: {error}.")).into()),
    }
}

pub(super) fn diagnostics(all: Diagnostics) -> Vec<pb::Diagnostic> {
    all.into_iter()
        .map(|diagnostic| pb::Diagnostic {
            severity: match diagnostic.severity() {
                Severity::Error => pb::diagnostic::Severity::Error,
                Severity::Warning => pb::diagnostic::Severity::Warning,
            }
            .into(),
            summary: diagnostic.summary().to_owned(),
            detail: diagnostic.detail().to_owned(),
            attribute: diagnostic.path().map(path),
        })
        .collect()
}

pub(super) fn path(path: &Path) -> pb::AttributePath {
    let steps = path.steps().iter().map(|step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        };
        pb::attribute_path::Step { selector: Some(selector) }
    });
    pb::AttributePath { steps: steps.collect() }
}

/// How attributes are announced that a configuration may leave out.
#[derive(Clone, Copy, PartialEq)]
enum Optional {
    AsIs,
    /// See [`Schema::generated_without_nulls`].
    Computed,
    /// All attributes of a computed block are computed, also those that it must have where it is written.
    AllComputed,
}

pub(super) fn schema(schema: &Schema) -> pb::Schema {
    block(schema, Optional::AsIs)
}

/// The schema of a managed resource, for which a core may generate configurations.
pub(super) fn resource_schema(schema: &Schema) -> pb::Schema {
    block(schema, if schema.is_generated_without_nulls() { Optional::Computed } else { Optional::AsIs })
}

fn block(schema: &Schema, optional: Optional) -> pb::Schema {
    let block = pbs::Block {
        version: schema.stored_version(),
        attributes: attributes(schema.all(), optional),
        block_types: nested_blocks(schema.all(), optional),
        description: schema.description().to_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecated: schema.deprecation().is_some(),
        deprecation_message: schema.deprecation().unwrap_or_default().to_owned(),
        ..pbs::Block::default()
    };
    pb::Schema { version: schema.stored_version(), block: Some(block) }
}

fn attributes(all: &Attributes, optional: Optional) -> Vec<pbs::Attribute> {
    let attributes = all.iter().filter(|(_, attribute)| !attribute.is_block());
    attributes.map(|(name, attribute)| one(name, attribute, optional)).collect()
}

fn nested_blocks(all: &Attributes, optional: Optional) -> Vec<pbs::NestedBlock> {
    let blocks = all.iter().filter(|(_, attribute)| attribute.is_block());
    blocks.filter_map(|(name, attribute)| nested_block(name, attribute, optional)).collect()
}

fn nested_block(name: &str, attribute: &Attribute, optional: Optional) -> Option<pbs::NestedBlock> {
    let AttributeType::Nested(nesting, inner) = attribute.attribute_type() else { return None };
    let optional = match nesting {
        _ if attribute.is_computed() => Optional::AllComputed,
        Nesting::Set => Optional::AsIs,
        _ => optional,
    };
    let block = pbs::Block {
        attributes: attributes(inner, optional),
        block_types: nested_blocks(inner, optional),
        description: attribute.documentation(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecated: attribute.deprecation().is_some(),
        deprecation_message: attribute.deprecation().unwrap_or_default().to_owned(),
        computed: attribute.is_computed(),
        ..pbs::Block::default()
    };
    let nesting = match nesting {
        Nesting::Single => pbs::nested_block::NestingMode::Single,
        Nesting::List => pbs::nested_block::NestingMode::List,
        Nesting::Set => pbs::nested_block::NestingMode::Set,
        Nesting::Map => pbs::nested_block::NestingMode::Map,
        Nesting::Group => pbs::nested_block::NestingMode::Group,
    };
    let (least, most) = attribute.block_items();
    Some(pbs::NestedBlock {
        type_name: name.to_owned(),
        block: Some(block),
        nesting: nesting.into(),
        min_items: i64::try_from(least).unwrap_or(i64::MAX),
        max_items: i64::try_from(most).unwrap_or(i64::MAX),
    })
}

fn one(name: &str, attribute: &Attribute, optional: Optional) -> pbs::Attribute {
    let (ty, nested_type) = match attribute.attribute_type() {
        AttributeType::Plain(ty) => (type_json(ty), None),
        AttributeType::Nested(nesting, inner) => {
            // A core finds the elements of a set again by what is not computed.
            let optional = if *nesting == Nesting::Set { Optional::AsIs } else { optional };
            let attributes = attributes(inner, optional);
            let object = pbs::Object { attributes, nesting: mode(*nesting).into(), ..Default::default() };
            (Bytes::new(), Some(object))
        }
    };
    let announced = match optional {
        Optional::AsIs => false,
        Optional::Computed => attribute.is_announced_as_computed(),
        Optional::AllComputed => true,
    };
    let required = attribute.configurable() == Configurable::Required && optional != Optional::AllComputed;
    pbs::Attribute {
        name: name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.documentation(),
        description_kind: pb::StringKind::Markdown.into(),
        required,
        optional: attribute.is_configurable() && !required,
        computed: attribute.is_computed() || announced,
        sensitive: attribute.is_sensitive(),
        write_only: attribute.is_write_only(),
        deprecated: attribute.deprecation().is_some(),
        deprecation_message: attribute.deprecation().unwrap_or_default().to_owned(),
    }
}

fn mode(nesting: Nesting) -> pbs::object::NestingMode {
    match nesting {
        // Only a block can be a group; the schema's problems name an attribute that is one.
        Nesting::Single | Nesting::Group => pbs::object::NestingMode::Single,
        Nesting::List => pbs::object::NestingMode::List,
        Nesting::Set => pbs::object::NestingMode::Set,
        Nesting::Map => pbs::object::NestingMode::Map,
    }
}

pub(super) fn type_json(ty: &Type) -> Bytes {
    ty.to_json().to_string().into_bytes().into()
}

/// The type of a resource's identity: its attributes, with the types that the schema gives them.
pub(super) fn identity_type(schema: &Schema, names: &[&'static str]) -> Type {
    let ty =
        |name: &str| schema.all().get(name).map_or(Type::String, |attribute| attribute.attribute_type().value_type());
    Type::Object(named(names.iter().map(|name| (*name, ty(name)))))
}

pub(super) fn identity_schema<C>(resource: &dyn AnyResource<C>) -> pb::ResourceIdentitySchema {
    let optional = resource.optional_identity();
    let attributes = resource.identity().iter().map(|name| {
        let attribute = resource.schema().all().get(name);
        pb::resource_identity_schema::IdentityAttribute {
            name: (*name).to_owned(),
            r#type: type_json(&attribute.map_or(Type::String, |attribute| attribute.attribute_type().value_type())),
            required_for_import: !optional.contains(name),
            optional_for_import: optional.contains(name),
            description: attribute.map(Attribute::documentation).unwrap_or_default(),
        }
    });
    pb::ResourceIdentitySchema { version: resource.identity_version(), identity_attributes: attributes.collect() }
}

/// The identity of an object, taken from its state; `None` while a required part of it is missing, or if the type has no
/// identity.
pub(super) fn identity<C>(
    resource: &dyn AnyResource<C>,
    state: &Value,
) -> Result<Option<pb::ResourceIdentityData>, Diagnostics> {
    let (schema, names) = (resource.schema(), resource.identity());
    let parts = named(names.iter().map(|name| (*name, state.get(name).clone())));
    let missing = resource.required_identity().any(|name| state.get(name).is_null());
    if parts.is_empty() || missing || parts.values().any(Value::is_unknown) {
        return Ok(None);
    }
    let identity_data = encode(&Value::Object(parts), &identity_type(schema, names))?;
    Ok(Some(pb::ResourceIdentityData { identity_data }))
}
