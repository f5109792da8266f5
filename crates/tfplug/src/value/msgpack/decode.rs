//! Decoding values from MessagePack.

use rmp::Marker;
use rmp::decode::{RmpRead, read_marker};

use crate::path::Step;
use crate::value::{MAX_DEPTH, Malformed, Name, NameMap, Number, Type, Value, named};

/// The longest payload of a refined unknown; the core's own bound.
const MAX_REFINEMENT_BYTES: usize = 1024;

/// Decodes a value of the type.
///
/// Every extension is an unknown value; its refinements are promises that a reader may ignore, and this one does.
///
/// ```
/// use tfplug::Type;
/// use tfplug::value::decode;
///
/// assert_eq!(decode(b"\xa1a", &Type::String)?.as_str(), Some("a"));
/// let error = decode(b"\x91\xa1a", &Type::list(Type::Number)).unwrap_err();
/// assert!(error.to_string().starts_with("[0]: "));
/// # Ok::<(), tfplug::value::Malformed>(())
/// ```
///
/// # Errors
///
/// [`Malformed`] with the path and what was found there.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Malformed> {
    let mut reader = Reader { bytes, depth: 0 };
    let value = reader.value(ty)?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err(Malformed::here(format!("{} more bytes than the value has", reader.bytes.len())))
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes).map_err(|_| Malformed::here("text that is not UTF-8"))
}

fn attribute<'a>(types: &'a NameMap<Type>, name: &str) -> Result<(&'a Name, &'a Type), Malformed> {
    types.get_key_value(name).ok_or_else(|| Malformed::here(format!("an unknown attribute {name:?}")))
}

struct Reader<'a> {
    bytes: &'a [u8],
    depth: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, ty: &Type) -> Result<Value, Malformed> {
        if self.depth == MAX_DEPTH {
            return Err(Malformed::too_deep());
        }
        self.depth += 1;
        let value = self.value_at_depth(ty);
        self.depth -= 1;
        value
    }

    fn value_at_depth(&mut self, ty: &Type) -> Result<Value, Malformed> {
        let marker = self.marker()?;
        if marker == Marker::Null {
            return Ok(Value::Null);
        }
        if let Some(length) = self.extension_length(marker)? {
            return self.unknown(length);
        }
        match ty {
            Type::String => self.text(marker).map(Value::string),
            Type::Bool => match marker {
                Marker::True => Ok(Value::Bool(true)),
                Marker::False => Ok(Value::Bool(false)),
                other => Err(Self::unexpected(other, "a bool")),
            },
            Type::Number => self.number(marker).map(Value::Number),
            Type::List(element) => self.elements(marker, element).map(Value::List),
            Type::Set(element) => self.elements(marker, element).map(Value::set),
            Type::Map(element) => self.map(marker, element),
            Type::Tuple(types) => self.tuple(marker, types),
            Type::Object(types) => self.object(marker, types),
            Type::Dynamic => self.dynamic(marker),
        }
    }

    /// The payload's length if the marker starts an extension, whose type byte is then still to be read.
    fn extension_length(&mut self, marker: Marker) -> Result<Option<usize>, Malformed> {
        Ok(Some(match marker {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => usize::from(self.bytes.read_data_u8().map_err(|_| Self::cut_off())?),
            Marker::Ext16 => usize::from(self.bytes.read_data_u16().map_err(|_| Self::cut_off())?),
            Marker::Ext32 => self.length32()?,
            _ => return Ok(None),
        }))
    }

    fn unknown(&mut self, length: usize) -> Result<Value, Malformed> {
        if length > MAX_REFINEMENT_BYTES {
            return Err(Malformed::here(format!("an unknown value with {length} bytes of refinements")));
        }
        self.bytes.read_data_i8().map_err(|_| Self::cut_off())?;
        self.take(length)?;
        Ok(Value::Unknown)
    }

    fn text(&mut self, marker: Marker) -> Result<&'a str, Malformed> {
        utf8(self.raw(marker)?)
    }

    fn raw(&mut self, marker: Marker) -> Result<&'a [u8], Malformed> {
        let length = match marker {
            Marker::FixStr(length) => usize::from(length),
            Marker::Str8 | Marker::Bin8 => usize::from(self.bytes.read_data_u8().map_err(|_| Self::cut_off())?),
            Marker::Str16 | Marker::Bin16 => usize::from(self.bytes.read_data_u16().map_err(|_| Self::cut_off())?),
            Marker::Str32 | Marker::Bin32 => self.length32()?,
            other => return Err(Self::unexpected(other, "a string")),
        };
        self.take(length)
    }

    fn number(&mut self, marker: Marker) -> Result<Number, Malformed> {
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
            Marker::F32 | Marker::F64 => return self.float(marker),
            other => {
                let text = self.text(other).map_err(|_| Self::unexpected(other, "a number"))?;
                return text.parse().map_err(|error| Malformed::here(format!("{error}")));
            }
        };
        read.map_err(|_| Self::cut_off())
    }

    fn float(&mut self, marker: Marker) -> Result<Number, Malformed> {
        let float = match marker {
            Marker::F32 => self.bytes.read_data_f32().map(f64::from),
            _ => self.bytes.read_data_f64(),
        };
        let float = float.map_err(|_| Self::cut_off())?;
        Number::from_f64(float).map_err(|_| Malformed::here("an infinite number"))
    }

    fn elements(&mut self, marker: Marker, ty: &Type) -> Result<Vec<Value>, Malformed> {
        let length = self.array_length(marker)?;
        (0..length).map(|index| self.value(ty).map_err(|error| error.inside(Step::index(index)))).collect()
    }

    fn tuple(&mut self, marker: Marker, types: &[Type]) -> Result<Value, Malformed> {
        let length = self.array_length(marker)?;
        if length != types.len() {
            return Err(Malformed::here(format!("a tuple of {length} elements instead of {}", types.len())));
        }
        let elements = types
            .iter()
            .enumerate()
            .map(|(index, ty)| self.value(ty).map_err(|error| error.inside(Step::index(index))));
        elements.collect::<Result<_, _>>().map(Value::Tuple)
    }

    fn map(&mut self, marker: Marker, ty: &Type) -> Result<Value, Malformed> {
        let members = (0..self.map_length(marker)?).map(|_| {
            let key = self.key()?;
            let value = self.value(ty).map_err(|error| error.inside(Step::Key(key.to_owned())))?;
            Ok((key.to_owned(), value))
        });
        members.collect::<Result<_, _>>().map(Value::Map)
    }

    fn object(&mut self, marker: Marker, types: &NameMap<Type>) -> Result<Value, Malformed> {
        let (mut members, mut expected, mut in_order) = (Vec::with_capacity(types.len()), types.iter(), true);
        let length = self.map_length(marker)?;
        if length > types.len() {
            return Err(Malformed::here(format!("{length} attributes instead of {}", types.len())));
        }
        for _ in 0..length {
            let marker = self.marker()?;
            let name = self.raw(marker)?;
            // A core writes the attributes in the order of their names.
            let (name, ty) = match expected.next() {
                Some((attribute, ty)) if attribute.as_bytes() == name => (attribute, ty),
                _ => {
                    in_order = false;
                    attribute(types, utf8(name)?)?
                }
            };
            let value = self.value(ty).map_err(|error| error.inside(Step::Attribute(name.to_string())))?;
            members.push((name.clone(), value));
        }
        let members = if in_order { NameMap::in_same_order(members) } else { named(members) };
        match types.keys().find(|name| members.len() < types.len() && !members.contains_key(name)) {
            Some(missing) => Err(Malformed::here(format!("no attribute {missing:?}"))),
            None => Ok(Value::Object(members)),
        }
    }

    fn dynamic(&mut self, marker: Marker) -> Result<Value, Malformed> {
        if self.array_length(marker)? != 2 {
            return Err(Malformed::here("a dynamic value that is not a pair of type and value"));
        }
        let marker = self.marker()?;
        let json = serde_json::from_str(self.text(marker)?).map_err(|_| Malformed::here("no type"))?;
        let ty = Type::from_json(&json).map_err(|error| Malformed::here(error.to_string()))?;
        let value = self.value(&ty)?;
        Ok(Value::Dynamic(Box::new((ty, value))))
    }

    fn key(&mut self) -> Result<&'a str, Malformed> {
        let marker = self.marker()?;
        self.text(marker)
    }

    fn marker(&mut self) -> Result<Marker, Malformed> {
        read_marker(&mut self.bytes).map_err(|_| Self::cut_off())
    }

    fn array_length(&mut self, marker: Marker) -> Result<usize, Malformed> {
        match marker {
            Marker::FixArray(length) => Ok(usize::from(length)),
            Marker::Array16 => self.bytes.read_data_u16().map(usize::from).map_err(|_| Self::cut_off()),
            Marker::Array32 => self.length32(),
            other => Err(Self::unexpected(other, "a sequence")),
        }
    }

    fn map_length(&mut self, marker: Marker) -> Result<usize, Malformed> {
        match marker {
            Marker::FixMap(length) => Ok(usize::from(length)),
            Marker::Map16 => self.bytes.read_data_u16().map(usize::from).map_err(|_| Self::cut_off()),
            Marker::Map32 => self.length32(),
            other => Err(Self::unexpected(other, "a map or object")),
        }
    }

    fn length32(&mut self) -> Result<usize, Malformed> {
        let length = self.bytes.read_data_u32().map_err(|_| Self::cut_off())?;
        usize::try_from(length).map_err(|_| Self::cut_off())
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(Self::cut_off)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn cut_off() -> Malformed {
        Malformed::here("the bytes end before the value does")
    }

    fn unexpected(marker: Marker, wanted: &str) -> Malformed {
        Malformed::here(format!("expected {wanted}, found {marker:?}"))
    }
}
