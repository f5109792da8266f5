//! Whether a result agrees with what was planned.

use super::{Attribute, Block, Mode, elements, keys, named};
use crate::path::Path;
use crate::value::Value;

/// What a core rejects in the state after an apply, or in the plan that it makes again before an apply, one line each.
pub(in super::super) fn compatible(block: &Block, planned: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    block_compatible(block, planned, actual, &Path::root(), &mut found);
    found
}

fn block_compatible(block: &Block, planned: &Value, actual: &Value, path: &Path, found: &mut Vec<String>) {
    match (planned, actual) {
        (Value::Unknown, _) | (Value::Null, Value::Null) => {}
        (Value::Null, _) => found.push(format!("{} was absent, but is now present", named(path))),
        (_, Value::Null) => found.push(format!("{} was present, but is now absent", named(path))),
        _ => {
            for (name, attribute) in &block.attributes {
                attribute_compatible(attribute, planned.get(name), actual.get(name), &path.attribute(name), found);
            }
            for (name, (mode, inner)) in &block.blocks {
                blocks_compatible(*mode, inner, planned.get(name), actual.get(name), &path.attribute(name), found);
            }
        }
    }
}

fn attribute_compatible(attribute: &Attribute, planned: &Value, actual: &Value, path: &Path, found: &mut Vec<String>) {
    if attribute.write_only {
        if !actual.is_null() {
            found.push(format!("{path} is write-only, and has a value"));
        }
    } else {
        write_only_inside(attribute, actual, path, found);
        value_compatible(planned, actual, path, found);
    }
}

/// Nothing inside the value that is write-only may be there.
fn write_only_inside(attribute: &Attribute, actual: &Value, path: &Path, found: &mut Vec<String>) {
    let Some((_, inner)) = &attribute.nested else { return };
    let objects: Vec<&Value> = match actual {
        Value::Object(_) => vec![actual],
        Value::List(all) | Value::Set(all) => all.iter().collect(),
        Value::Map(all) => all.values().collect(),
        _ => Vec::new(),
    };
    for one in objects {
        for (name, attribute) in inner {
            let path = path.attribute(name);
            match one.get(name) {
                value if attribute.write_only && !value.is_null() => {
                    found.push(format!("{path} is write-only, and has a value"));
                }
                value => write_only_inside(attribute, value, &path, found),
            }
        }
    }
}

fn value_compatible(planned: &Value, actual: &Value, path: &Path, found: &mut Vec<String>) {
    match (planned, actual) {
        (Value::Unknown, _) => {}
        (Value::Object(plans), Value::Object(_)) => {
            plans
                .iter()
                .for_each(|(name, plan)| value_compatible(plan, actual.get(name), &path.attribute(name), found));
        }
        (Value::Map(plans), Value::Map(_)) if keys(planned) == keys(actual) => {
            plans.iter().for_each(|(key, plan)| value_compatible(plan, actual.get(key), &path.key(key), found));
        }
        (Value::List(plans), Value::List(all)) | (Value::Tuple(plans), Value::Tuple(all))
            if plans.len() == all.len() =>
        {
            let each = plans.iter().zip(all).enumerate();
            each.for_each(|(i, (plan, actual))| value_compatible(plan, actual, &path.index(i), found));
        }
        (Value::Set(plans), Value::Set(all)) => {
            let fits = |plan: &Value, actual: &Value| {
                let mut found = Vec::new();
                value_compatible(plan, actual, path, &mut found);
                found.is_empty()
            };
            if !correlate(plans, all, fits) {
                found.push(format!("{path}: the elements of the set do not correlate with the plan"));
            }
        }
        (Value::Dynamic(plan), Value::Dynamic(actual)) if plan.0 == actual.0 => {
            value_compatible(&plan.1, &actual.1, path, found);
        }
        (planned, actual) if planned == actual => {}
        _ => found.push(format!("{path} differs from the plan")),
    }
}

fn blocks_compatible(mode: Mode, block: &Block, planned: &Value, actual: &Value, path: &Path, found: &mut Vec<String>) {
    if planned.is_unknown() {
        return;
    }
    match mode {
        Mode::Single | Mode::Group => block_compatible(block, planned, actual, path, found),
        Mode::List if elements(planned).len() == elements(actual).len() => {
            for (i, (planned, actual)) in elements(planned).iter().zip(elements(actual)).enumerate() {
                block_compatible(block, planned, actual, &path.index(i), found);
            }
        }
        Mode::Map if keys(planned) == keys(actual) => {
            for key in keys(planned) {
                block_compatible(block, planned.get(key), actual.get(key), &path.key(key), found);
            }
        }
        Mode::Set => {
            let fits = |planned: &Value, actual: &Value| compatible(block, planned, actual).is_empty();
            if !correlate(elements(planned), elements(actual), fits) {
                found.push(format!("{path}: the blocks do not correlate with the plan"));
            }
        }
        _ => found.push(format!("{path}: there are more or fewer blocks than planned")),
    }
}

/// Whether each element has a counterpart on the other side, and there are not more of them than planned.
pub(super) fn correlate(planned: &[Value], actual: &[Value], fits: impl Fn(&Value, &Value) -> bool) -> bool {
    actual.len() <= planned.len()
        && planned.iter().all(|plan| actual.iter().any(|actual| fits(plan, actual)))
        && actual.iter().all(|actual| planned.iter().any(|plan| fits(plan, actual)))
}
