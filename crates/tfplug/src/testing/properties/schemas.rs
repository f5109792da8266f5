//! Random schemas: every kind of attribute and block, with every rule that planning follows.

use super::random::Random;
use super::values;
use crate::schema::{
    Attribute, AttributeType, Nesting, Schema, block, block_group, block_list, block_map, block_set, boolean, dynamic,
    list_of, map_of, number, object, object_list, object_map, object_set, set_of, string,
};
use crate::value::{Type, Value};

/// The names of attributes. A schema has the first ones.
const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// What computed attributes may depend on.
const DEPENDENCIES: [&[&str]; 5] = [&["a"], &["b"], &["a", "b"], &["c"], &["d", "e"]];

/// What an attribute is nested in.
#[derive(Clone, Copy, Default)]
struct Place {
    depth: usize,
    in_attribute: bool,
    in_collection: bool,
    in_set: bool,
    /// The object around it is write-only or computed, so the attribute is, too.
    write_only: bool,
    computed: bool,
    in_computed_block: bool,
}

/// A schema with at most this many attributes in each object.
pub(super) fn schema(random: &mut Random, size: usize) -> Schema {
    let count = 1 + random.below(size.min(NAMES.len()));
    let attributes = attributes(random, Place::default(), count, size);
    let schema = Schema::new("").attributes(attributes);
    if random.chance(50) { schema.attribute("id", string().computed().use_state_for_unknown()) } else { schema }
}

fn attributes(random: &mut Random, place: Place, count: usize, size: usize) -> Vec<(String, Attribute)> {
    NAMES[..count].iter().map(|name| ((*name).to_owned(), attribute(random, place, count, size))).collect()
}

fn attribute(random: &mut Random, place: Place, siblings: usize, size: usize) -> Attribute {
    if place.depth < 2 && !place.in_attribute && random.chance(25) {
        return nested_block(random, place, siblings, size);
    }
    if place.depth < 2 && random.chance(35) {
        return nested_attribute(random, place, siblings, size);
    }
    let plain = plain(random, place);
    let attribute = configurable(random, place, plain);
    ruled(random, place, siblings, attribute)
}

fn plain(random: &mut Random, place: Place) -> Attribute {
    match random.below(10) {
        0..=4 => string(),
        5 => number(),
        6 => boolean(),
        7 if !place.in_collection => dynamic(),
        7 | 8 => {
            let collection = random.pick::<fn(Type) -> Attribute>(&[list_of, set_of, map_of])(Type::String);
            if random.chance(30) { collection.each(string().result_equals(same_text)) } else { collection }
        }
        _ => list_of(Type::list(Type::Number)),
    }
}

fn nested_block(random: &mut Random, place: Place, siblings: usize, size: usize) -> Attribute {
    let (made, single, set) = random.pick::<(fn() -> Attribute, bool, bool)>(&[
        (block, true, false),
        (block_group, true, false),
        (block_list, false, false),
        (block_set, false, true),
        (block_map, false, false),
    ]);
    let inner = Place {
        depth: place.depth + 1,
        in_collection: place.in_collection || !single,
        in_set: place.in_set || set,
        ..place
    };
    let count = 1 + random.below(size.min(3));
    if place.in_computed_block || random.chance(25) {
        return computed_block(random, place, Place { in_computed_block: true, ..inner }, siblings, size);
    }
    let block = made().attributes(attributes(random, inner, count, size));
    let replaces = !inner.in_collection && random.chance(10);
    if replaces { block.requires_replace() } else { block }
}

/// A block that the provider decides where the configuration does not have it.
fn computed_block(random: &mut Random, outer: Place, place: Place, siblings: usize, size: usize) -> Attribute {
    let made = random.pick::<fn() -> Attribute>(&[block, block_list, block_set, block_map]);
    let by_provider = place.computed || random.chance(40);
    let block = made();
    let (in_collection, in_set) = match block.attribute_type() {
        AttributeType::Nested(Nesting::Single, _) => (outer.in_collection, outer.in_set),
        AttributeType::Nested(Nesting::Set, _) => (true, true),
        _ => (true, outer.in_set),
    };
    let place = Place { computed: by_provider, in_collection, in_set, ..place };
    let count = 1 + random.below(size.min(3));
    let block = block.attributes(attributes(random, place, count, size));
    ruled(random, outer, siblings, if by_provider { block.computed() } else { block.optional_computed() })
}

fn nested_attribute(random: &mut Random, place: Place, siblings: usize, size: usize) -> Attribute {
    let (made, single, set) = random.pick::<(fn() -> Attribute, bool, bool)>(&[
        (object, true, false),
        (object, true, false),
        (object_list, false, false),
        (object_set, false, true),
        (object_map, false, false),
    ]);
    let outer = configurable(random, place, made());
    // Nothing in a set can be write-only.
    let (outer, set) = if set && outer.is_write_only() { (object_list().write_only(), false) } else { (outer, set) };
    let inner = Place {
        depth: place.depth + 1,
        in_attribute: true,
        in_collection: place.in_collection || !single,
        in_set: place.in_set || set,
        write_only: outer.is_write_only(),
        computed: !outer.is_configurable(),
        in_computed_block: place.in_computed_block,
    };
    let count = 1 + random.below(size.min(3));
    let with_inner = outer.attributes(attributes(random, inner, count, size));
    ruled(random, place, siblings, with_inner)
}

/// Who sets the attribute.
fn configurable(random: &mut Random, place: Place, attribute: Attribute) -> Attribute {
    if place.write_only {
        return if random.chance(30) { attribute.required().write_only() } else { attribute.write_only() };
    }
    if place.computed {
        return attribute.computed();
    }
    match random.below(10) {
        0 | 1 => attribute.required(),
        2 | 3 => attribute,
        4 | 5 => attribute.computed(),
        6 | 7 => attribute.optional_computed(),
        8 if !place.in_set && !place.in_computed_block => attribute.write_only(),
        _ => match attribute.attribute_type() {
            AttributeType::Plain(kind) if *kind != Type::Dynamic => {
                let default = values::plain(random, &kind.clone());
                attribute.default_value(default)
            }
            AttributeType::Nested(Nesting::List, _) if !place.in_set => {
                attribute.default_value(Value::List(Vec::new()))
            }
            _ => attribute,
        },
    }
}

/// The other rules.
fn ruled(random: &mut Random, place: Place, siblings: usize, mut attribute: Attribute) -> Attribute {
    let top = place.depth == 0;
    if attribute.is_computed() && attribute.default().is_none() {
        if random.chance(30) {
            attribute = attribute.use_state_for_unknown();
        } else if top && random.chance(30) {
            let known = |names: &&&[&'static str]| names.iter().all(|name| NAMES[..siblings].contains(name));
            let possible: Vec<_> = DEPENDENCIES.iter().filter(known).copied().collect();
            attribute = attribute.unknown_when_changed(random.pick(&possible));
        }
    }
    if attribute.is_configurable() {
        if !place.in_collection && random.chance(15) {
            attribute = attribute.requires_replace();
        }
        if top && !attribute.is_write_only() && random.chance(15) {
            attribute = attribute.state_only();
        }
    }
    if !place.in_set && random.chance(40) && matches!(attribute.attribute_type(), AttributeType::Plain(Type::String)) {
        let plans = random.chance(50);
        attribute = if plans { attribute.semantic_equals(same_text) } else { attribute.result_equals(same_text) };
    }
    attribute
}

/// Whether an API that trims texts and ignores case takes both for the same.
fn same_text(one: &Value, other: &Value) -> bool {
    let normal = |value: &Value| value.as_str().map(|text| text.trim().to_lowercase());
    normal(one) == normal(other)
}
