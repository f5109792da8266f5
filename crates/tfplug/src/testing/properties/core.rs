//! A core's rules, written down from the protocol's description and not from this crate: what it proposes, and what it rejects.
//!
//! They work on the schema that the provider announces, and so on nothing but what a core knows.

mod compatible;
mod proposed;
mod valid;

use std::collections::BTreeMap;

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
    pub(super) fn of(schema: &pb::Schema) -> Self {
        Self::of_block(schema.block.as_ref().unwrap())
    }

    fn of_block(block: &pb::schema::Block) -> Self {
        let blocks = block.block_types.iter().map(|nested| {
            let mode = match nested.nesting() {
                BlockMode::Single => Mode::Single,
                BlockMode::Group => Mode::Group,
                BlockMode::List => Mode::List,
                BlockMode::Set => Mode::Set,
                BlockMode::Map => Mode::Map,
                BlockMode::Invalid => panic!("{} has no nesting", nested.type_name),
            };
            let block = Self::of_block(nested.block.as_ref().unwrap());
            let may_be_absent = mode != Mode::Group && nested.min_items == 0;
            assert!(!block.computed || may_be_absent, "{} is computed and cannot be left out", nested.type_name);
            (nested.type_name.clone(), (mode, block))
        });
        let this =
            Self { attributes: attributes(&block.attributes), blocks: blocks.collect(), computed: block.computed };
        let all = this.attributes.values().all(|one| one.computed) && this.blocks.values().all(|(_, one)| one.computed);
        assert!(!this.computed || all, "all is computed in a computed block");
        this
    }
}

fn attributes(all: &[pb::schema::Attribute]) -> BTreeMap<String, Attribute> {
    all.iter().map(|one| (one.name.clone(), attribute(one))).collect()
}

fn attribute(one: &pb::schema::Attribute) -> Attribute {
    let nested = one.nested_type.as_ref().map(|object| {
        let mode = match object.nesting() {
            ObjectMode::Single => Mode::Single,
            ObjectMode::List => Mode::List,
            ObjectMode::Set => Mode::Set,
            ObjectMode::Map => Mode::Map,
            ObjectMode::Invalid => panic!("{} has no nesting", one.name),
        };
        (mode, attributes(&object.attributes))
    });
    let has_type = !one.r#type.is_empty();
    assert!(has_type != nested.is_some(), "{} has a type or nested attributes", one.name);
    if has_type {
        Type::from_json(&serde_json::from_slice(&one.r#type).unwrap()).unwrap();
    }
    assert!(one.required || one.optional || one.computed, "{} is set by somebody", one.name);
    assert!(!(one.required && (one.optional || one.computed)), "{} is required and more", one.name);
    Attribute { optional: one.optional, computed: one.computed, write_only: one.write_only, nested }
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
    value.members().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}
