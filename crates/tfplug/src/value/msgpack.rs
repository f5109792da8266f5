//! The wire form of values: MessagePack, read and written by type.
//!
//! The bytes alone don't say what they are: an array may be a list, a set or a tuple. So both directions follow the type
//! that the schema gives.

use rmp::Marker;
use rmp::decode::{RmpRead, read_marker};
use rmp::encode as write;

use super::{Malformed, Members, Number, Type, Value};
use crate::path::Path;

/// How long a payload of a refined unknown may be; the core's own bound.
const MAX_REFINEMENT_BYTES: usize = 1024;

/// Reads a value of that type from the wire.
///
/// Every extension is an unknown value; its refinements are promises that a reader may ignore, and this one does.
///
/// # Errors
///
/// [`Malformed`] with the path and what stands there instead.
pub fn decode(bytes: &[u8], kind: &Type) -> Result<Value, Malformed> {
    let mut reader = Reader { bytes };
    let value = reader.value(kind, &Path::root())?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err(Malformed::new(&Path::root(), format!("{} more bytes than the value has", reader.bytes.len())))
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, kind: &Type, path: &Path) -> Result<Value, Malformed> {
        let marker = read_marker(&mut self.bytes).map_err(|_| Self::cut_off(path))?;
        if marker == Marker::Null {
            return Ok(Value::Null);
        }
        if let Some(length) = self.extension_length(marker, path)? {
            return self.unknown(length, path);
        }
        match kind {
            Type::String => self.text(marker, path).map(Value::string),
            Type::Bool => match marker {
                Marker::True => Ok(Value::Bool(true)),
                Marker::False => Ok(Value::Bool(false)),
                other => Err(Self::unexpected(other, "a bool", path)),
            },
            Type::Number => self.number(marker, path).map(Value::Number),
            Type::List(element) => self.elements(marker, element, path).map(Value::List),
            Type::Set(element) => self.elements(marker, element, path).map(Value::set),
            Type::Map(element) => self.map(marker, element, path),
            Type::Tuple(kinds) => self.tuple(marker, kinds, path),
            Type::Object(kinds) => self.object(marker, kinds, path),
            Type::Dynamic => self.dynamic(marker, path),
        }
    }

    /// The payload's length if the marker starts an extension, whose type byte is then still to be read.
    fn extension_length(&mut self, marker: Marker, path: &Path) -> Result<Option<usize>, Malformed> {
        Ok(Some(match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => usize::from(self.bytes.read_data_u8().map_err(|_| Self::cut_off(path))?),
            Marker::Ext16 => usize::from(self.bytes.read_data_u16().map_err(|_| Self::cut_off(path))?),
            Marker::Ext32 => self.length32(path)?,
            _ => return Ok(None),
        }))
    }

    fn unknown(&mut self, length: usize, path: &Path) -> Result<Value, Malformed> {
        if length > MAX_REFINEMENT_BYTES {
            return Err(Malformed::new(path, format!("an unknown value with {length} bytes of refinements")));
        }
        self.bytes.read_data_i8().map_err(|_| Self::cut_off(path))?;
        self.take(length, path)?;
        Ok(Value::Unknown)
    }

    fn text(&mut self, marker: Marker, path: &Path) -> Result<&'a str, Malformed> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => usize::from(self.bytes.read_data_u8().map_err(|_| Self::cut_off(path))?),
            Marker::Str16 | Marker::Bin16 => usize::from(self.bytes.read_data_u16().map_err(|_| Self::cut_off(path))?),
            Marker::Str32 | Marker::Bin32 => self.length32(path)?,
            other => return Err(Self::unexpected(other, "a string", path)),
        };
        std::str::from_utf8(self.take(length, path)?).map_err(|_| Malformed::new(path, "text that isn't UTF-8"))
    }

    fn number(&mut self, marker: Marker, path: &Path) -> Result<Number, Malformed> {
        let bytes = &mut self.bytes;
        let read = match marker {
            Marker::FixPos(small) => Ok(Number::from(i64::from(small))),
            Marker::FixNeg(small) => Ok(Number::from(i64::from(small))),
            Marker::U8 => bytes.read_data_u8().map(|n| Number::from(i64::from(n))),
            Marker::U16 => bytes.read_data_u16().map(|n| Number::from(i64::from(n))),
            Marker::U32 => bytes.read_data_u32().map(|n| Number::from(i64::from(n))),
            Marker::U64 => bytes.read_data_u64().map(Number::from),
            Marker::I8 => bytes.read_data_i8().map(|n| Number::from(i64::from(n))),
            Marker::I16 => bytes.read_data_i16().map(|n| Number::from(i64::from(n))),
            Marker::I32 => bytes.read_data_i32().map(|n| Number::from(i64::from(n))),
            Marker::I64 => bytes.read_data_i64().map(Number::from),
            Marker::F32 | Marker::F64 => return self.float(marker, path),
            other => {
                let text = self.text(other, path).map_err(|_| Self::unexpected(other, "a number", path))?;
                return text.parse().map_err(|error| Malformed::new(path, format!("{error}")));
            }
        };
        read.map_err(|_| Self::cut_off(path))
    }

    fn float(&mut self, marker: Marker, path: &Path) -> Result<Number, Malformed> {
        let float = match marker {
            Marker::F32 => self.bytes.read_data_f32().map(f64::from),
            _ => self.bytes.read_data_f64(),
        };
        let float = float.map_err(|_| Self::cut_off(path))?;
        Number::from_f64(float).map_err(|_| Malformed::new(path, "an infinite number"))
    }

    fn elements(&mut self, marker: Marker, kind: &Type, path: &Path) -> Result<Vec<Value>, Malformed> {
        let length = self.array_length(marker, path)?;
        (0..length).map(|index| self.value(kind, &path.index(index))).collect()
    }

    fn tuple(&mut self, marker: Marker, kinds: &[Type], path: &Path) -> Result<Value, Malformed> {
        let length = self.array_length(marker, path)?;
        if length != kinds.len() {
            return Err(Malformed::new(path, format!("a tuple of {length} elements instead of {}", kinds.len())));
        }
        let elements = kinds.iter().enumerate().map(|(index, kind)| self.value(kind, &path.index(index)));
        elements.collect::<Result<_, _>>().map(Value::Tuple)
    }

    fn map(&mut self, marker: Marker, kind: &Type, path: &Path) -> Result<Value, Malformed> {
        let mut members = Members::new();
        for _ in 0..self.map_length(marker, path)? {
            let key = self.key(path)?;
            let value = self.value(kind, &path.key(key))?;
            members.insert(key.to_owned(), value);
        }
        Ok(Value::Map(members))
    }

    fn object(
        &mut self,
        marker: Marker,
        kinds: &std::collections::BTreeMap<String, Type>,
        path: &Path,
    ) -> Result<Value, Malformed> {
        let mut members = Members::new();
        for _ in 0..self.map_length(marker, path)? {
            let name = self.key(path)?;
            let kind = kinds.get(name).ok_or_else(|| Malformed::new(path, format!("an unknown attribute {name:?}")))?;
            let value = self.value(kind, &path.attribute(name))?;
            members.insert(name.to_owned(), value);
        }
        match kinds.keys().find(|name| !members.contains_key(*name)) {
            Some(missing) => Err(Malformed::new(path, format!("no attribute {missing:?}"))),
            None => Ok(Value::Object(members)),
        }
    }

    fn dynamic(&mut self, marker: Marker, path: &Path) -> Result<Value, Malformed> {
        if self.array_length(marker, path)? != 2 {
            return Err(Malformed::new(path, "a dynamic value that isn't a pair of type and value"));
        }
        let marker = read_marker(&mut self.bytes).map_err(|_| Self::cut_off(path))?;
        let json = serde_json::from_str(self.text(marker, path)?).map_err(|_| Malformed::new(path, "no type"))?;
        let kind = Type::from_json(&json).map_err(|error| Malformed::new(path, error.to_string()))?;
        let value = self.value(&kind, path)?;
        Ok(Value::Dynamic(Box::new((kind, value))))
    }

    fn key(&mut self, path: &Path) -> Result<&'a str, Malformed> {
        let marker = read_marker(&mut self.bytes).map_err(|_| Self::cut_off(path))?;
        self.text(marker, path)
    }

    fn array_length(&mut self, marker: Marker, path: &Path) -> Result<usize, Malformed> {
        match marker {
            Marker::FixArray(length) => Ok(usize::from(length)),
            Marker::Array16 => self.bytes.read_data_u16().map(usize::from).map_err(|_| Self::cut_off(path)),
            Marker::Array32 => self.length32(path),
            other => Err(Self::unexpected(other, "a sequence", path)),
        }
    }

    fn map_length(&mut self, marker: Marker, path: &Path) -> Result<usize, Malformed> {
        match marker {
            Marker::FixMap(length) => Ok(usize::from(length)),
            Marker::Map16 => self.bytes.read_data_u16().map(usize::from).map_err(|_| Self::cut_off(path)),
            Marker::Map32 => self.length32(path),
            other => Err(Self::unexpected(other, "a map or object", path)),
        }
    }

    fn length32(&mut self, path: &Path) -> Result<usize, Malformed> {
        let length = self.bytes.read_data_u32().map_err(|_| Self::cut_off(path))?;
        usize::try_from(length).map_err(|_| Self::cut_off(path))
    }

    fn take(&mut self, length: usize, path: &Path) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| Self::cut_off(path))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn cut_off(path: &Path) -> Malformed {
        Malformed::new(path, "the bytes end before the value does")
    }

    fn unexpected(marker: Marker, wanted: &str, path: &Path) -> Malformed {
        Malformed::new(path, format!("{marker:?} where {wanted} should stand"))
    }
}

/// Writes a value of that type for the wire, every attribute of an object included; one that's missing goes out as null.
///
/// # Errors
///
/// [`Malformed`] with the path of the first value that isn't of its type.
pub fn encode(value: &Value, kind: &Type) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::with_capacity(256);
    put(&mut out, value, kind, &Path::root())?;
    Ok(out)
}

fn put(out: &mut Vec<u8>, value: &Value, kind: &Type, path: &Path) -> Result<(), Malformed> {
    match (value, kind) {
        (Value::Null, _) => write::write_nil(out).map_err(|_| too_long(path)),
        (Value::Unknown, _) => {
            out.extend_from_slice(&[0xd4, 0, 0]);
            Ok(())
        }
        (Value::Bool(value), Type::Bool) => write::write_bool(out, *value).map_err(|_| too_long(path)),
        (Value::Number(number), Type::Number) => put_number(out, number, path),
        (Value::String(text), Type::String) => write::write_str(out, text).map_err(|_| too_long(path)),
        (Value::List(elements), Type::List(kind)) | (Value::Set(elements), Type::Set(kind)) => {
            array_start(out, elements.len(), path)?;
            elements.iter().enumerate().try_for_each(|(index, element)| put(out, element, kind, &path.index(index)))
        }
        (Value::Tuple(elements), Type::Tuple(kinds)) if elements.len() == kinds.len() => {
            array_start(out, elements.len(), path)?;
            let pairs = elements.iter().zip(kinds).enumerate();
            pairs.into_iter().try_for_each(|(index, (element, kind))| put(out, element, kind, &path.index(index)))
        }
        (Value::Map(members), Type::Map(kind)) => {
            map_start(out, members.len(), path)?;
            members.iter().try_for_each(|(key, element)| put_member(out, key, element, kind, &path.key(key)))
        }
        (Value::Object(members), Type::Object(kinds)) => put_object(out, members, kinds, path),
        (Value::Dynamic(pair), Type::Dynamic) => put_dynamic(out, &pair.0, &pair.1, path),
        (other, kind) => Err(Malformed::new(path, format!("{other:?} where {} should stand", kind.to_json()))),
    }
}

fn put_object(
    out: &mut Vec<u8>,
    members: &Members,
    kinds: &std::collections::BTreeMap<String, Type>,
    path: &Path,
) -> Result<(), Malformed> {
    if let Some(extra) = members.keys().find(|name| !kinds.contains_key(*name)) {
        return Err(Malformed::new(path, format!("an unknown attribute {extra:?}")));
    }
    map_start(out, kinds.len(), path)?;
    kinds.iter().try_for_each(|(name, kind)| {
        let value = members.get(name).unwrap_or(&Value::Null);
        put_member(out, name, value, kind, &path.attribute(name))
    })
}

fn put_member(out: &mut Vec<u8>, key: &str, value: &Value, kind: &Type, path: &Path) -> Result<(), Malformed> {
    write::write_str(out, key).map_err(|_| too_long(path))?;
    put(out, value, kind, path)
}

fn put_dynamic(out: &mut Vec<u8>, kind: &Type, value: &Value, path: &Path) -> Result<(), Malformed> {
    array_start(out, 2, path)?;
    write::write_bin(out, kind.to_json().to_string().as_bytes()).map_err(|_| too_long(path))?;
    put(out, value, kind, path)
}

/// Whole numbers of 64 bits as integers, all others as decimal text: never a float, which would lose digits.
fn put_number(out: &mut Vec<u8>, number: &Number, path: &Path) -> Result<(), Malformed> {
    match number.to_i64() {
        Some(whole) => write::write_sint(out, whole).map(|_| ()).map_err(|_| too_long(path)),
        None => write::write_str(out, &number.to_string()).map_err(|_| too_long(path)),
    }
}

fn array_start(out: &mut Vec<u8>, length: usize, path: &Path) -> Result<(), Malformed> {
    let length = u32::try_from(length).map_err(|_| too_long(path))?;
    write::write_array_len(out, length).map(|_| ()).map_err(|_| too_long(path))
}

fn map_start(out: &mut Vec<u8>, length: usize, path: &Path) -> Result<(), Malformed> {
    let length = u32::try_from(length).map_err(|_| too_long(path))?;
    write::write_map_len(out, length).map(|_| ()).map_err(|_| too_long(path))
}

fn too_long(path: &Path) -> Malformed {
    Malformed::new(path, "too long for the wire")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    fn object_type() -> Type {
        Type::Object([("a".to_owned(), Type::String), ("b".to_owned(), Type::Bool)].into())
    }

    #[test]
    fn ok_values_have_the_bytes_that_the_core_writes() {
        let table: Vec<(Value, Type, &[u8])> = vec![
            (5.into(), Type::Number, b"\x05"),
            (200.into(), Type::Number, b"\xcc\xc8"),
            ((-1).into(), Type::Number, b"\xff"),
            ((-33).into(), Type::Number, b"\xd0\xdf"),
            (1_099_511_627_776_i64.into(), Type::Number, b"\xcf\x00\x00\x01\x00\x00\x00\x00\x00"),
            (number("0.1"), Type::Number, b"\xa30.1"),
            (number("18446744073709551616"), Type::Number, b"\xb418446744073709551616"),
            (Value::Null, Type::String, b"\xc0"),
            (Value::Unknown, Type::list(Type::String), b"\xd4\x00\x00"),
            (Value::object([("a", Value::Null), ("b", true.into())]), object_type(), b"\x82\xa1a\xc0\xa1b\xc3"),
            (Value::List(vec![]), Type::list(Type::Bool), b"\x90"),
            (Value::Map(Members::new()), Type::map(Type::Bool), b"\x80"),
            (Value::Dynamic(Box::new((Type::String, "a".into()))), Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1a"),
        ];
        for (value, kind, bytes) in table {
            assert_eq!(encode(&value, &kind).unwrap(), bytes, "of {value:?}");
            assert_eq!(decode(bytes, &kind).unwrap(), value, "of {bytes:x?}");
        }
    }

    #[test]
    fn ok_other_widths_and_forms_that_a_core_may_send() {
        let table: Vec<(&[u8], Type, Value)> = vec![
            (b"\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00", Type::Number, number("0.5")),
            (b"\xca\x3f\x00\x00\x00", Type::Number, number("0.5")),
            (b"\xcd\x00\x05", Type::Number, 5.into()),
            (b"\xd3\x00\x00\x00\x00\x00\x00\x00\x05", Type::Number, 5.into()),
            (b"\xd9\x01a", Type::String, "a".into()),
            (b"\xc4\x01a", Type::String, "a".into()),
            (b"\xc7\x03\x0c\x81\x01\xc2", Type::String, Value::Unknown),
            (b"\xc7\x03\x0c\x81\x01\xc2", object_type(), Value::Unknown),
            (b"\x93\xa1b\xa1a\xa1b", Type::set(Type::String), Value::set(vec!["a".into(), "b".into()])),
            (b"\x91\xd4\x00\x00", Type::list(Type::Bool), Value::List(vec![Value::Unknown])),
            (b"\xdc\x00\x00", Type::list(Type::Bool), Value::List(vec![])),
            (b"\xc0", Type::Dynamic, Value::Null),
            (b"\xd4\x00\x00", Type::Dynamic, Value::Unknown),
        ];
        for (bytes, kind, value) in table {
            assert_eq!(decode(bytes, &kind).unwrap(), value, "of {bytes:x?}");
        }
    }

    #[test]
    fn err_bytes_that_are_not_of_the_type() {
        let table: Vec<(&[u8], Type, &str)> = vec![
            (b"", Type::Bool, "the bytes end before the value does"),
            (b"\xa5abc", Type::String, "the bytes end before the value does"),
            (b"\xc3\xc3", Type::Bool, "1 more bytes than the value has"),
            (b"\xc3", Type::Number, "True where a number should stand"),
            (b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", Type::Number, "an infinite number"),
            (b"\x81\xa1a\xc0", object_type(), "no attribute \"b\""),
            (b"\x81\xa1z\xc0", object_type(), "an unknown attribute \"z\""),
            (b"\x82\xa1a\xc3\xa1b\xc3", object_type(), "a: True where a string should stand"),
            (b"\xdd\xff\xff\xff\xff", Type::list(Type::Bool), "[0]: the bytes end before the value does"),
            (b"\xa1\xff", Type::String, "text that isn't UTF-8"),
        ];
        for (bytes, kind, text) in table {
            assert_eq!(decode(bytes, &kind).unwrap_err().to_string(), text, "of {bytes:x?}");
        }
    }

    #[test]
    fn err_a_value_that_is_not_of_the_schema_type_never_reaches_the_wire() {
        let wrong = Value::object([("a", true.into())]);
        assert_eq!(encode(&wrong, &object_type()).unwrap_err().to_string(), "a: true where \"string\" should stand");
        let extra = Value::object([("z", true.into())]);
        assert_eq!(encode(&extra, &object_type()).unwrap_err().to_string(), "an unknown attribute \"z\"");
    }
}
