//! The bytes that a core writes for a value, by the rules of its protocol, which are written down here a second time.

use tfplug::value::Name;
use tfplug::{Number, Type, Value};

use super::decimal;

/// The bytes of a value of the type.
pub(super) fn of(value: &Value, ty: &Type) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, value, ty);
    out
}

fn put(out: &mut Vec<u8>, value: &Value, ty: &Type) {
    match (value, ty) {
        (Value::Null, _) => out.push(0xc0),
        (Value::Unknown, _) => out.extend([0xd4, 0, 0]),
        (Value::Bool(value), _) => out.push(if *value { 0xc3 } else { 0xc2 }),
        (Value::String(text), _) => put_text(out, text),
        (Value::Number(number), _) => put_number(out, number),
        (Value::List(all), Type::List(ty)) | (Value::Set(all), Type::Set(ty)) => {
            put_length(out, all.len(), 0x90, 0xdc);
            all.iter().for_each(|one| put(out, one, ty));
        }
        (Value::Tuple(all), Type::Tuple(types)) => {
            put_length(out, all.len(), 0x90, 0xdc);
            all.iter().zip(types).for_each(|(one, ty)| put(out, one, ty));
        }
        (Value::Map(all), Type::Map(ty)) => {
            put_length(out, all.len(), 0x80, 0xde);
            all.iter().for_each(|(key, one)| {
                put_text(out, key);
                put(out, one, ty);
            });
        }
        (Value::Object(all), Type::Object(types)) => {
            put_length(out, types.len(), 0x80, 0xde);
            types.iter().for_each(|(name, ty)| {
                put_text(out, name);
                put(out, all.get(name).unwrap(), ty);
            });
        }
        (Value::Dynamic(pair), Type::Dynamic) => {
            out.push(0x92);
            let ty = json_of(&pair.0);
            match u8::try_from(ty.len()) {
                Ok(length) => out.extend([0xc4, length]),
                Err(_) => {
                    out.push(0xc5);
                    out.extend(u16::try_from(ty.len()).unwrap().to_be_bytes());
                }
            }
            out.extend(ty.as_bytes());
            put(out, &pair.1, &pair.0);
        }
        (other, ty) => panic!("{other:?} is not of the type {ty:?}"),
    }
}

/// The length of an array or map.
fn put_length(out: &mut Vec<u8>, length: usize, short: u8, long: u8) {
    match u8::try_from(length) {
        Ok(length) if length < 16 => out.push(short | length),
        _ => {
            out.push(long);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    let length = text.len();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 32 => out.push(0xa0 | short),
        (Ok(short), _) => out.extend([0xd9, short]),
        (_, Ok(length)) => {
            out.push(0xda);
            out.extend(length.to_be_bytes());
        }
        _ => {
            out.push(0xdb);
            out.extend(u32::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend(text.as_bytes());
}

/// Whole and within 64 bits: the smallest integer. Not whole and exactly a float: that float. All else: its text.
fn put_number(out: &mut Vec<u8>, number: &Number) {
    let exact = if number.is_whole() { number.to_string() } else { exact_text(number) };
    match (exact.parse::<i64>(), decimal::exact_fraction(&exact)) {
        (Ok(whole), _) => put_whole(out, whole),
        (_, Some(float)) => {
            out.push(0xcb);
            out.extend(float.to_be_bytes());
        }
        _ => put_text(out, &exact),
    }
}

/// All digits. A number that came from a float shows the shortest ones; it is told apart by its own bytes.
fn exact_text(number: &Number) -> String {
    let sent = tfplug::value::encode(&Value::Number(number.clone()), &Type::Number).unwrap();
    match sent.split_first_chunk() {
        Some(([0xcb], bits)) => decimal::of_float(f64::from_be_bytes(bits.try_into().unwrap())),
        _ => number.to_string(),
    }
}

fn put_whole(out: &mut Vec<u8>, whole: i64) {
    if let Ok(whole) = u64::try_from(whole) {
        match (u8::try_from(whole), u16::try_from(whole), u32::try_from(whole)) {
            (Ok(small), ..) if small < 128 => out.push(small),
            (Ok(small), ..) => out.extend([0xcc, small]),
            (_, Ok(medium), _) => put_sized(out, 0xcd, &medium.to_be_bytes()),
            (_, _, Ok(large)) => put_sized(out, 0xce, &large.to_be_bytes()),
            _ => put_sized(out, 0xcf, &whole.to_be_bytes()),
        }
    } else {
        match (i8::try_from(whole), i16::try_from(whole), i32::try_from(whole)) {
            (Ok(small), ..) if small >= -32 => out.extend(small.to_be_bytes()),
            (Ok(small), ..) => put_sized(out, 0xd0, &small.to_be_bytes()),
            (_, Ok(medium), _) => put_sized(out, 0xd1, &medium.to_be_bytes()),
            (_, _, Ok(large)) => put_sized(out, 0xd2, &large.to_be_bytes()),
            _ => put_sized(out, 0xd3, &whole.to_be_bytes()),
        }
    }
}

fn put_sized(out: &mut Vec<u8>, marker: u8, bytes: &[u8]) {
    out.push(marker);
    out.extend(bytes);
}

/// The JSON form of a type.
pub(super) fn json_of(ty: &Type) -> String {
    let all = |types: &mut dyn Iterator<Item = String>| types.collect::<Vec<_>>().join(",");
    match ty {
        Type::String => r#""string""#.to_owned(),
        Type::Number => r#""number""#.to_owned(),
        Type::Bool => r#""bool""#.to_owned(),
        Type::Dynamic => r#""dynamic""#.to_owned(),
        Type::List(element) => format!(r#"["list",{}]"#, json_of(element)),
        Type::Set(element) => format!(r#"["set",{}]"#, json_of(element)),
        Type::Map(element) => format!(r#"["map",{}]"#, json_of(element)),
        Type::Tuple(types) => format!(r#"["tuple",[{}]]"#, all(&mut types.iter().map(json_of))),
        Type::Object(types) => {
            let member = |(name, ty): (&Name, &Type)| format!("{}:{}", serde_json::json!(name), json_of(ty));
            format!(r#"["object",{{{}}}]"#, all(&mut types.iter().map(member)))
        }
    }
}
