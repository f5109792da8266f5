//! The proposed new state: the configuration, and the prior values of what is computed and not configured.

use std::collections::BTreeMap;

use super::{Attribute, Block, Mode, elements};
use crate::value::Value;

/// What a core proposes for this configuration. The prior state may be null.
pub(in super::super) fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    let Value::Object(_) = config else { return config.clone() };
    let attributes = block
        .attributes
        .iter()
        .map(|(name, one)| (name.clone(), one_attribute(one, prior.get(name), config.get(name))));
    let blocks = block.blocks.iter().map(|(name, (mode, block))| {
        let value = collection(
            *mode,
            prior.get(name),
            config.get(name),
            |prior, config| proposed(block, prior, config),
            |prior, config| block_fits(block, prior, config),
        );
        (name.clone(), value)
    });
    Value::Object(attributes.chain(blocks).collect())
}

fn object(attributes: &BTreeMap<String, Attribute>, prior: &Value, config: &Value) -> Value {
    let Value::Object(_) = config else { return config.clone() };
    let members = attributes.iter().map(|(name, one)| {
        let value = one_attribute(one, prior.get(name), config.get(name));
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

fn one_attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    match &attribute.nested {
        _ if attribute.computed && config.is_null() => {
            if was_configured(attribute, prior) {
                config.clone()
            } else {
                prior.clone()
            }
        }
        None => config.clone(),
        Some((mode, inner)) => collection(
            *mode,
            prior,
            config,
            |prior, config| object(inner, prior, config),
            |prior, config| object_fits(inner, prior, config),
        ),
    }
}

/// Whether the prior value of an optional nested attribute has values that only a configuration can set.
fn was_configured(attribute: &Attribute, prior: &Value) -> bool {
    let Some((_, inner)) = attribute.nested.as_ref().filter(|_| attribute.optional) else { return false };
    let of_object = |one: &Value| {
        inner.iter().any(|(name, attribute)| {
            let value = one.get(name);
            !value.is_null() && (!attribute.computed || was_configured_inside(attribute, value))
        })
    };
    match prior {
        Value::Object(_) => of_object(prior),
        Value::List(all) | Value::Set(all) => all.iter().any(of_object),
        Value::Map(all) => all.values().any(of_object),
        _ => false,
    }
}

fn was_configured_inside(attribute: &Attribute, value: &Value) -> bool {
    attribute.nested.is_some() && was_configured(&Attribute { optional: true, ..without_nested(attribute) }, value)
}

fn without_nested(attribute: &Attribute) -> Attribute {
    Attribute {
        optional: attribute.optional,
        computed: attribute.computed,
        write_only: attribute.write_only,
        nested: None,
    }
}

/// The objects of a configured nested attribute or block, each with its prior counterpart.
fn collection(
    mode: Mode,
    prior: &Value,
    config: &Value,
    one: impl Fn(&Value, &Value) -> Value,
    fits: impl Fn(&Value, &Value) -> bool,
) -> Value {
    match (mode, config) {
        (_, Value::Null | Value::Unknown) => config.clone(),
        (Mode::Single | Mode::Group, _) => one(prior, config),
        (Mode::List, _) => {
            let before = elements(prior);
            let each = elements(config).iter().enumerate();
            Value::List(each.map(|(i, config)| one(before.get(i).unwrap_or(&Value::Null), config)).collect())
        }
        (Mode::Map, _) => {
            let each = config.members().into_iter().flatten();
            Value::Map(each.map(|(key, config)| (key.clone(), one(prior.get(key), config))).collect())
        }
        (Mode::Set, _) => {
            let mut left: Vec<_> = elements(prior).iter().collect();
            let each = elements(config).iter().map(|config| match left.iter().position(|prior| fits(prior, config)) {
                Some(position) => one(left.remove(position), config),
                None => one(&Value::Null, config),
            });
            Value::set(each.collect())
        }
    }
}

/// Whether a prior object can result from this configuration: only what is computed has been added.
fn object_fits(attributes: &BTreeMap<String, Attribute>, prior: &Value, config: &Value) -> bool {
    attributes.iter().all(|(name, one)| attribute_fits(one, prior.get(name), config.get(name)))
}

fn attribute_fits(attribute: &Attribute, prior: &Value, config: &Value) -> bool {
    if prior == config || (attribute.computed && config.is_null()) {
        return true;
    }
    match &attribute.nested {
        Some((mode, inner)) => collection_fits(*mode, prior, config, |prior, config| object_fits(inner, prior, config)),
        None => false,
    }
}

fn block_fits(block: &Block, prior: &Value, config: &Value) -> bool {
    block.attributes.iter().all(|(name, one)| attribute_fits(one, prior.get(name), config.get(name)))
        && block.blocks.iter().all(|(name, (mode, block))| {
            let (prior, config) = (prior.get(name), config.get(name));
            let left_out = block.computed && config.is_null();
            prior == config
                || left_out
                || collection_fits(*mode, prior, config, |prior, config| block_fits(block, prior, config))
        })
}

fn collection_fits(mode: Mode, prior: &Value, config: &Value, fits: impl Fn(&Value, &Value) -> bool) -> bool {
    match (prior, config) {
        (Value::Object(_), Value::Object(_)) => fits(prior, config),
        (Value::List(before), Value::List(all)) => {
            before.len() == all.len() && before.iter().zip(all).all(|(prior, config)| fits(prior, config))
        }
        (Value::Map(before), Value::Map(all)) => {
            before.keys().eq(all.keys()) && all.iter().all(|(key, config)| fits(prior.get(key), config))
        }
        (Value::Set(before), Value::Set(all)) if mode == Mode::Set => {
            before.len() == all.len() && all.iter().all(|config| before.iter().any(|prior| fits(prior, config)))
        }
        _ => false,
    }
}
