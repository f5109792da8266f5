//! Whether a plan agrees with the configuration.

use std::collections::BTreeMap;

use super::{Attribute, Block, Mode, elements, keys, named};
use crate::path::{Path, Step};
use crate::value::Value;

/// What a core rejects in a plan, one line each. All three are objects, or null.
pub(in super::super) fn valid(block: &Block, prior: &Value, config: &Value, planned: &Value) -> Vec<String> {
    let mut found = Vec::new();
    block_valid(block, prior, config, planned, &Path::root(), &mut found);
    found
}

/// Whether a path leads to an attribute of the value, as it must for each attribute that requires a replacement. The value of the
/// attribute may be null.
pub(in super::super) fn exists(path: &Path, value: &Value) -> bool {
    let mut here = value;
    for step in path.steps() {
        let next = match (step, here) {
            (Step::Attribute(name) | Step::Key(name), Value::Object(all) | Value::Map(all)) => all.get(name.as_str()),
            (Step::Index(index), Value::List(all)) => usize::try_from(*index).ok().and_then(|index| all.get(index)),
            // There is nothing to see inside an unknown value.
            (_, Value::Unknown) => return true,
            _ => None,
        };
        let Some(next) = next else { return false };
        here = next;
    }
    true
}

fn block_valid(block: &Block, prior: &Value, config: &Value, planned: &Value, path: &Path, found: &mut Vec<String>) {
    match (config, planned) {
        (Value::Null, Value::Null) | (Value::Unknown, Value::Unknown) => {}
        (Value::Null, _) => found.push(format!("{} is planned for existence, but config wants absence", named(path))),
        (_, Value::Null) => found.push(format!("{} is planned for absence, but config wants existence", named(path))),
        (Value::Object(_), Value::Object(_)) => {
            attributes_valid(&block.attributes, prior, config, planned, path, found);
            for (name, (mode, inner)) in &block.blocks {
                let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
                blocks_valid(*mode, inner, prior, config, planned, &path.attribute(name), found);
            }
        }
        _ => found.push(format!("{} is planned as unknown, or not as an object", named(path))),
    }
}

fn blocks_valid(
    mode: Mode,
    block: &Block,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    let left_out = block.computed && config.is_null();
    if (planned == config && !left_out) || (left_out && (mode == Mode::Single || !planned.is_null())) {
        return;
    }
    let differ =
        |found: &mut Vec<String>| found.push(format!("{path}: the blocks in the plan are not those of the config"));
    match mode {
        Mode::Single | Mode::Group => block_valid(block, prior, config, planned, path, found),
        _ if config.is_unknown() || planned.is_null() || planned.is_unknown() => differ(found),
        Mode::List => {
            let (all, plans) = (elements(config), elements(planned));
            if all.len() != plans.len() {
                return differ(found);
            }
            for (i, (config, planned)) in all.iter().zip(plans).enumerate() {
                let prior = elements(prior).get(i).unwrap_or(&Value::Null);
                block_valid(block, prior, config, planned, &path.index(i), found);
            }
        }
        Mode::Map => {
            if keys(config) != keys(planned) {
                return differ(found);
            }
            for key in keys(config) {
                block_valid(block, prior.get(key), config.get(key), planned.get(key), &path.key(key), found);
            }
        }
        Mode::Set => {
            let fits = |planned: &Value, config: &Value| valid(block, &Value::Null, config, planned).is_empty();
            if !super::compatible::correlate(elements(planned), elements(config), fits) {
                differ(found);
            }
        }
    }
}

fn attributes_valid(
    attributes: &BTreeMap<String, Attribute>,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    for (name, attribute) in attributes {
        let (prior, config, planned) = (prior.get(name), config.get(name), planned.get(name));
        attribute_valid(attribute, prior, config, planned, &path.attribute(name), found);
    }
}

fn attribute_valid(
    attribute: &Attribute,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    if attribute.write_only {
        if !planned.is_null() {
            found.push(format!("{path} is write-only, and planned with a value"));
        }
        return;
    }
    let is_prior = planned == prior && !prior.is_null() && !config.is_null();
    if planned == config || is_prior || (attribute.computed && config.is_null()) {
        return;
    }
    match &attribute.nested {
        _ if config.is_null() => {
            found.push(format!("{path} is planned with a value, and neither configured nor computed"))
        }
        Some((mode, inner)) => nested_valid(*mode, inner, prior, config, planned, path, found),
        None => found.push(format!("{path} is planned with another value than the configured or the prior one")),
    }
}

fn nested_valid(
    mode: Mode,
    inner: &BTreeMap<String, Attribute>,
    prior: &Value,
    config: &Value,
    planned: &Value,
    path: &Path,
    found: &mut Vec<String>,
) {
    if planned.is_null() {
        found.push(format!("{path} is planned for absence, but config wants existence"));
    } else if planned.is_unknown() || config.is_unknown() {
        found.push(format!("{path} is unknown in the plan or the config only"));
    } else {
        let one = |prior: &Value, config: &Value, planned: &Value, path: &Path, found: &mut Vec<String>| {
            if config.is_null() != planned.is_null() || config.is_unknown() != planned.is_unknown() {
                found.push(format!("{path} is planned for absence, existence or as unknown, unlike the config"));
            } else {
                attributes_valid(inner, prior, config, planned, path, found);
            }
        };
        match mode {
            Mode::Single | Mode::Group => one(prior, config, planned, path, found),
            Mode::List | Mode::Set if elements(config).len() != elements(planned).len() => {
                found.push(format!("{path}: the count in the plan disagrees with the count in the config"));
            }
            // Of a set, a core compares only the number of elements.
            Mode::Set => {}
            Mode::List => {
                for (i, (config, planned)) in elements(config).iter().zip(elements(planned)).enumerate() {
                    let prior = elements(prior).get(i).unwrap_or(&Value::Null);
                    one(prior, config, planned, &path.index(i), found);
                }
            }
            Mode::Map if keys(config) != keys(planned) => {
                found.push(format!("{path}: the keys in the plan disagree with those in the config"));
            }
            Mode::Map => {
                for key in keys(config) {
                    one(prior.get(key), config.get(key), planned.get(key), &path.key(key), found);
                }
            }
        }
    }
}
