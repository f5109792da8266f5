//! Types and values from bytes.

use arbitrary::{Result, Unstructured};
use tfplug::{Number, Type, Value};

/// How deep generated types go.
const DEEPEST: usize = 4;

/// Names of attributes and keys of maps: ordinary ones, empty, one that sorts first, and one that is not NFC.
const NAMES: [&str; 6] = ["a", "b", "name", "", "Z", "k\u{e9}y"];

/// A type, without `dynamic` inside a set, which the protocol forbids, if `dynamic` is false.
pub(super) fn any_type(bytes: &mut Unstructured<'_>, dynamic: bool) -> Result<Type> {
    type_at(bytes, dynamic, 0)
}

fn type_at(bytes: &mut Unstructured<'_>, dynamic: bool, depth: usize) -> Result<Type> {
    let kinds = if depth == DEEPEST { 4 } else { 9 };
    Ok(match bytes.int_in_range(0..=kinds - 1)? {
        0 => Type::String,
        1 => Type::Number,
        2 => Type::Bool,
        3 if dynamic => Type::Dynamic,
        3 => Type::String,
        4 => Type::list(type_at(bytes, dynamic, depth + 1)?),
        5 => Type::map(type_at(bytes, dynamic, depth + 1)?),
        6 => Type::set(type_at(bytes, false, depth + 1)?),
        7 => {
            let count = bytes.int_in_range(0..=3)?;
            Type::Tuple((0..count).map(|_| type_at(bytes, dynamic, depth + 1)).collect::<Result<_>>()?)
        }
        _ => {
            let count = bytes.int_in_range(0..=3)?;
            let members = NAMES.iter().take(count).map(|name| Ok((*name, type_at(bytes, dynamic, depth + 1)?)));
            Type::Object(members.collect::<Result<_>>()?)
        }
    })
}

/// Whether values are of a configuration, where they may be unknown, or of a stored state.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Values {
    Configured,
    Stored,
}

/// A value of the type.
pub(super) fn any_value(bytes: &mut Unstructured<'_>, ty: &Type, values: Values) -> Result<Value> {
    match bytes.int_in_range(0..=15)? {
        0 => return Ok(Value::Null),
        1 if values == Values::Configured => return Ok(Value::Unknown),
        _ => {}
    }
    Ok(match ty {
        Type::String => Value::string(bytes.arbitrary::<&str>()?),
        Type::Bool => Value::Bool(bytes.arbitrary()?),
        Type::Number => Value::Number(any_number(bytes)?),
        Type::List(element) => Value::List(all(bytes, element, values)?),
        Type::Set(element) => Value::set(all(bytes, element, values)?),
        Type::Map(element) => {
            let elements = all(bytes, element, values)?;
            Value::map(NAMES.iter().copied().zip(elements))
        }
        Type::Tuple(types) => Value::Tuple(types.iter().map(|ty| any_value(bytes, ty, values)).collect::<Result<_>>()?),
        Type::Object(types) => {
            let members = types.iter().map(|(name, ty)| Ok((name.clone(), any_value(bytes, ty, values)?)));
            Value::Object(members.collect::<Result<_>>()?)
        }
        Type::Dynamic => {
            let ty = any_type(bytes, false)?;
            let value = any_value(bytes, &ty, values)?;
            Value::Dynamic(Box::new((ty, value)))
        }
    })
}

fn all(bytes: &mut Unstructured<'_>, element: &Type, values: Values) -> Result<Vec<Value>> {
    let count = bytes.int_in_range(0..=4)?;
    (0..count).map(|_| any_value(bytes, element, values)).collect()
}

/// A number as a core may have it: whole, a float's exact value, or a decimal.
fn any_number(bytes: &mut Unstructured<'_>) -> Result<Number> {
    Ok(match bytes.int_in_range(0..=4)? {
        0 => Number::from(i64::from(bytes.arbitrary::<i8>()?)),
        1 => Number::from(bytes.arbitrary::<i64>()?),
        2 => Number::from(bytes.arbitrary::<u64>()?),
        3 => Number::from_f64(bytes.arbitrary()?).unwrap_or_else(|_| Number::from(0)),
        _ => {
            let text = format!("{}e{}", bytes.arbitrary::<i128>()?, bytes.int_in_range(-200..=200)?);
            text.parse().unwrap()
        }
    })
}
