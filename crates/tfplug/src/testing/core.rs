//! A core's rules, written down from the protocol's description and not from this crate: what it proposes, and what it rejects.
//!
//! They work on the schema that the provider announces, and so on nothing but what a core knows.

mod compatible;
mod proposed;
mod valid;

use std::collections::BTreeMap;

use crate::path::Path;
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::schema::nested_block::NestingMode as BlockMode;
use crate::proto::tfplugin6::schema::object::NestingMode as ObjectMode;
use crate::value::{Type, Value};

pub(super) use compatible::compatible;
pub(super) use proposed::proposed;
pub(super) use valid::{exists, valid};

/// A block of the schema: its attributes and the blocks in it.
pub(super) struct Block {
    attributes: BTreeMap<String, Attribute>,
    blocks: BTreeMap<String, (Mode, Block)>,
    /// Null in a configuration that has no such block.
    computed: bool,
}

struct Attribute {
    optional: bool,
    computed: bool,
    write_only: bool,
    nested: Option<(Mode, BTreeMap<String, Attribute>)>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Single,
    Group,
    List,
    Set,
    Map,
}

impl Block {
    /// What a core reads from the schema, or what it cannot read in it.
    pub(super) fn of(schema: &pb::Schema) -> Result<Self, String> {
        Self::of_block(schema.block.as_ref().ok_or("the schema has no block")?)
    }

    fn of_block(block: &pb::schema::Block) -> Result<Self, String> {
        let blocks = block.block_types.iter().map(|nested| {
            let name = &nested.type_name;
            let mode = match nested.nesting() {
                BlockMode::Single => Mode::Single,
                BlockMode::Group => Mode::Group,
                BlockMode::List => Mode::List,
                BlockMode::Set => Mode::Set,
                BlockMode::Map => Mode::Map,
                BlockMode::Invalid => return Err(format!("{name} has no nesting")),
            };
            let block = Self::of_block(nested.block.as_ref().ok_or_else(|| format!("{name} has no block"))?)?;
            let may_be_absent = mode != Mode::Group && nested.min_items == 0;
            require(!block.computed || may_be_absent, || format!("{name} is computed and cannot be left out"))?;
            Ok((name.clone(), (mode, block)))
        });
        let blocks = blocks.collect::<Result<BTreeMap<_, _>, String>>()?;
        let this = Self { attributes: attributes(&block.attributes)?, blocks, computed: block.computed };
        let all = this.attributes.values().all(|one| one.computed) && this.blocks.values().all(|(_, one)| one.computed);
        require(!this.computed || all, || {
            "a computed block has an attribute or block that is not computed".to_owned()
        })?;
        Ok(this)
    }
}

fn attributes(all: &[pb::schema::Attribute]) -> Result<BTreeMap<String, Attribute>, String> {
    all.iter().map(|one| Ok((one.name.clone(), attribute(one)?))).collect()
}

fn attribute(one: &pb::schema::Attribute) -> Result<Attribute, String> {
    let name = &one.name;
    let nested = match &one.nested_type {
        None => None,
        Some(object) => {
            let mode = match object.nesting() {
                ObjectMode::Single => Mode::Single,
                ObjectMode::List => Mode::List,
                ObjectMode::Set => Mode::Set,
                ObjectMode::Map => Mode::Map,
                ObjectMode::Invalid => return Err(format!("{name} has no nesting")),
            };
            Some((mode, attributes(&object.attributes)?))
        }
    };
    let has_type = !one.r#type.is_empty();
    require(has_type != nested.is_some(), || format!("{name} has both or neither of a type and nested attributes"))?;
    if has_type {
        let json = serde_json::from_slice(&one.r#type).map_err(|error| format!("{name} has no type: {error}"))?;
        Type::from_json(&json).map_err(|error| format!("{name} has no type: {error}"))?;
    }
    require(one.required || one.optional || one.computed, || format!("{name} can be set by nobody"))?;
    require(!(one.required && (one.optional || one.computed)), || format!("{name} is required and more"))?;
    Ok(Attribute { optional: one.optional, computed: one.computed, write_only: one.write_only, nested })
}

fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// A path in a message, where the root has no name.
fn named(path: &Path) -> String {
    if path.steps().is_empty() { "the object".to_owned() } else { path.to_string() }
}

/// The elements of a list or set.
fn elements(value: &Value) -> &[Value] {
    match value {
        Value::List(all) | Value::Set(all) => all,
        _ => &[],
    }
}

/// The keys of a map.
fn keys(value: &Value) -> Vec<&str> {
    value.members().into_iter().flatten().map(|(key, _)| key.as_ref()).collect()
}
