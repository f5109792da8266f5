//! Random configurations and other values for a schema.

use super::random::Random;
use crate::schema::{Attribute, AttributeType, Attributes, Configurable, Nesting};
use crate::value::{Members, Type, Value};

/// The texts of strings. Some mean the same to the API of these tests.
const TEXTS: [&str; 6] = ["x", "X", " x", "y", "", "é"];

const NUMBERS: [&str; 6] = ["0", "1", "-7", "0.1", "12.50", "9007199254740993"];

/// Whether a configuration may have unknown values.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Unknowns {
    Some,
    None,
}

/// A known value of the type that is not null; values inside it may be null.
pub(super) fn plain(random: &mut Random, kind: &Type) -> Value {
    match kind {
        Type::String => random.pick(&TEXTS).into(),
        Type::Number => Value::Number(random.pick(&NUMBERS).parse().unwrap()),
        Type::Bool => random.chance(50).into(),
        Type::Dynamic => {
            let kind = random.pick::<fn() -> Type>(&[
                || Type::String,
                || Type::Number,
                || Type::Tuple(vec![Type::String, Type::Bool]),
                || Type::object([("k", Type::String)]),
            ])();
            let value = plain(random, &kind);
            Value::Dynamic(Box::new((kind, value)))
        }
        Type::List(element) => Value::List(elements(random, element)),
        Type::Set(element) => Value::set(elements(random, element)),
        Type::Map(element) => Value::map(["k", "l"].into_iter().zip(elements(random, element))),
        Type::Tuple(kinds) => Value::Tuple(kinds.iter().map(|kind| plain(random, kind)).collect()),
        Type::Object(kinds) => Value::object(kinds.iter().map(|(name, kind)| (name.clone(), plain(random, kind)))),
    }
}

fn elements(random: &mut Random, kind: &Type) -> Vec<Value> {
    let count = random.below(3);
    (0..count).map(|_| if random.chance(5) { Value::Null } else { plain(random, kind) }).collect()
}

/// A configuration of an object, as the core sends it.
pub(super) fn config(random: &mut Random, attributes: &Attributes, unknowns: Unknowns) -> Value {
    let members = attributes.iter().map(|(name, one)| (name.clone(), configured(random, one, unknowns)));
    Value::Object(members.collect())
}

/// What the configuration says about one attribute.
fn configured(random: &mut Random, attribute: &Attribute, unknowns: Unknowns) -> Value {
    let required = attribute.configurable() == Configurable::Required;
    let present = required || random.chance(50);
    let unknown = unknowns == Unknowns::Some && random.chance(10);
    match attribute.attribute_type() {
        _ if !attribute.is_configurable() => Value::Null,
        AttributeType::Nested(Nesting::Group, inner) => config(random, inner, unknowns),
        AttributeType::Nested(nesting, _) if attribute.is_block() && !present && !attribute.is_computed() => {
            empty_block(*nesting)
        }
        _ if !present => Value::Null,
        _ if unknown => Value::Unknown,
        AttributeType::Plain(kind) => plain(random, kind),
        AttributeType::Nested(nesting, inner) => {
            let nullable = !attribute.is_block();
            nested(random, *nesting, nullable, |random| config(random, inner, unknowns))
        }
    }
}

/// A block that is not written.
fn empty_block(nesting: Nesting) -> Value {
    match nesting {
        Nesting::List => Value::List(Vec::new()),
        Nesting::Set => Value::Set(Vec::new()),
        Nesting::Map => Value::Map(Members::new()),
        Nesting::Single | Nesting::Group => Value::Null,
    }
}

fn nested(random: &mut Random, nesting: Nesting, nullable: bool, mut one: impl FnMut(&mut Random) -> Value) -> Value {
    let count = random.below(3);
    let mut some = |random: &mut Random| {
        let null = nullable && random.chance(5);
        if null { Value::Null } else { one(random) }
    };
    match nesting {
        Nesting::Single | Nesting::Group => one(random),
        Nesting::List => Value::List((0..count).map(|_| some(random)).collect()),
        Nesting::Set => Value::set((0..count).map(|_| one(random)).collect()),
        Nesting::Map => Value::map(["k", "l"][..count].iter().map(|key| (*key, some(random)))),
    }
}

/// A configuration that keeps a part of another one.
pub(super) fn changed(random: &mut Random, attributes: &Attributes, before: &Value, unknowns: Unknowns) -> Value {
    let members = attributes.iter().map(|(name, one)| {
        let value = match (one.attribute_type(), before.get(name)) {
            (_, before) if random.chance(60) => before.clone(),
            (AttributeType::Nested(_, inner), Value::Object(_)) if random.chance(60) => {
                changed(random, inner, before.get(name), unknowns)
            }
            (AttributeType::Nested(_, inner), Value::List(all)) if random.chance(60) => {
                let each = all.iter().map(|one| match one {
                    Value::Object(_) => changed(random, inner, one, unknowns),
                    other => other.clone(),
                });
                let mut all: Vec<_> = each.collect();
                if random.chance(30) {
                    all.reverse();
                }
                Value::List(all)
            }
            _ => configured(random, one, unknowns),
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

/// The configuration once everything is known.
pub(super) fn known(random: &mut Random, attributes: &Attributes, config: &Value) -> Value {
    let Value::Object(_) = config else { return config.clone() };
    let members = attributes.iter().map(|(name, attribute)| {
        let value = match (attribute.attribute_type(), config.get(name)) {
            (_, Value::Unknown) => configured(random, attribute, Unknowns::None),
            (AttributeType::Nested(_, inner), Value::Object(_)) => known(random, inner, config.get(name)),
            (AttributeType::Nested(_, inner), Value::List(all)) => {
                Value::List(all.iter().map(|one| known(random, inner, one)).collect())
            }
            (AttributeType::Nested(_, inner), Value::Set(all)) => {
                Value::set(all.iter().map(|one| known(random, inner, one)).collect())
            }
            (AttributeType::Nested(_, inner), Value::Map(all)) => {
                Value::Map(all.iter().map(|(key, one)| (key.clone(), known(random, inner, one))).collect())
            }
            (_, value) => value.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

/// The value in full, for the message of a failure.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Object(all) | Value::Map(all) => {
            let members: Vec<_> = all.iter().map(|(name, value)| format!("{name}: {}", shown(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::List(all) | Value::Tuple(all) => format!("[{}]", all.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Set(all) => format!("set[{}]", all.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Dynamic(pair) => format!("dynamic({})", shown(&pair.1)),
        other => format!("{other:?}"),
    }
}
