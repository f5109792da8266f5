//! Encoding values as MessagePack.

use rmp::encode::{self as write, ByteBuf, RmpWrite as _};

use crate::path::Step;
use crate::value::{Malformed, Members, NameMap, Number, Type, Value, compared};

/// Encodes a value of the type, with every attribute of an object; a missing one is encoded as null.
///
/// ```
/// use tfplug::value::{decode, encode};
/// use tfplug::{Type, Value};
///
/// let ty = Type::list(Type::Number);
/// let value = Value::List(vec![1.into(), Value::Unknown, Value::Null]);
/// let bytes = encode(&value, &ty)?;
/// assert_eq!(bytes, [0x93, 0x01, 0xd4, 0, 0, 0xc0]);
/// assert_eq!(decode(&bytes, &ty)?, value);
/// # Ok::<(), tfplug::value::Malformed>(())
/// ```
///
/// # Errors
///
/// [`Malformed`] with the path of the first value that is not of its type.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Malformed> {
    // Large enough for most values, since memory that is outgrown has to be copied and overwritten.
    let mut out = ByteBuf::with_capacity(match ty {
        Type::Object(types) => 64 * (types.len() + 1),
        _ => 64,
    });
    put(&mut out, value, ty)?;
    Ok(out.into_vec())
}

fn put(out: &mut ByteBuf, value: &Value, ty: &Type) -> Result<(), Malformed> {
    match (value, ty) {
        (Value::Null, _) => write::write_nil(out).map_err(|_| too_long()),
        (Value::Unknown, _) => out.write_bytes(&[0xd4, 0, 0]).map_err(|_| too_long()),
        (Value::Bool(value), Type::Bool) => write::write_bool(out, *value).map_err(|_| too_long()),
        (Value::Number(number), Type::Number) => put_number(out, number),
        (Value::String(text), Type::String) => write::write_str(out, text).map_err(|_| too_long()),
        (Value::List(elements), Type::List(ty)) | (Value::Set(elements), Type::Set(ty)) => {
            array_start(out, elements.len())?;
            elements.iter().enumerate().try_for_each(|(index, element)| {
                put(out, element, ty).map_err(|error| error.inside(Step::index(index)))
            })
        }
        (Value::Tuple(elements), Type::Tuple(types)) if elements.len() == types.len() => {
            array_start(out, elements.len())?;
            let pairs = elements.iter().zip(types).enumerate();
            pairs.into_iter().try_for_each(|(index, (element, ty))| {
                put(out, element, ty).map_err(|error| error.inside(Step::index(index)))
            })
        }
        (Value::Map(members), Type::Map(ty)) => {
            map_start(out, members.len())?;
            members.iter().try_for_each(|(key, element)| {
                put_member(out, key, element, ty).map_err(|error| error.inside(Step::Key(key.to_string())))
            })
        }
        (Value::Object(members), Type::Object(types)) => put_object(out, members, types),
        (Value::Dynamic(pair), Type::Dynamic) => put_dynamic(out, &pair.0, &pair.1),
        (other, ty) => Err(Malformed::here(format!("expected {}, found {other:?}", ty.to_json()))),
    }
}

fn put_object(out: &mut ByteBuf, members: &Members, types: &NameMap<Type>) -> Result<(), Malformed> {
    map_start(out, types.len())?;
    // Both are in the order of their names.
    let mut given = members.iter().peekable();
    for (name, ty) in types {
        let value = given.next_if(|(given, _)| compared(given, name).is_eq()).map_or(&Value::Null, |(_, value)| value);
        put_member(out, name, value, ty).map_err(|error| error.inside(Step::Attribute(name.to_string())))?;
    }
    match given.next() {
        Some((extra, _)) => Err(Malformed::here(format!("an unknown attribute {extra:?}"))),
        None => Ok(()),
    }
}

fn put_member(out: &mut ByteBuf, key: &str, value: &Value, ty: &Type) -> Result<(), Malformed> {
    write::write_str(out, key).map_err(|_| too_long())?;
    put(out, value, ty)
}

fn put_dynamic(out: &mut ByteBuf, ty: &Type, value: &Value) -> Result<(), Malformed> {
    array_start(out, 2)?;
    write::write_bin(out, ty.to_json().to_string().as_bytes()).map_err(|_| too_long())?;
    put(out, value, ty)
}

/// As the core chooses, so that what comes back is the number that it sent: integers of 64 bits as such, a fraction that a
/// float holds exactly as that float, and all else as decimal text.
fn put_number(out: &mut ByteBuf, number: &Number) -> Result<(), Malformed> {
    let written = match (number.to_i64(), number.as_fraction()) {
        (Some(whole), _) => write::write_sint(out, whole).is_ok(),
        (None, Some(fraction)) => write::write_f64(out, fraction).is_ok(),
        (None, None) => write::write_str(out, &number.to_string()).is_ok(),
    };
    if written { Ok(()) } else { Err(too_long()) }
}

fn array_start(out: &mut ByteBuf, length: usize) -> Result<(), Malformed> {
    let length = u32::try_from(length).map_err(|_| too_long())?;
    write::write_array_len(out, length).map(|_| ()).map_err(|_| too_long())
}

fn map_start(out: &mut ByteBuf, length: usize) -> Result<(), Malformed> {
    let length = u32::try_from(length).map_err(|_| too_long())?;
    write::write_map_len(out, length).map(|_| ()).map_err(|_| too_long())
}

fn too_long() -> Malformed {
    Malformed::here("too long for MessagePack")
}
