//! Values in `MessagePack`: arbitrary bytes, and generated values against the core's rules.

use arbitrary::Unstructured;
use tfplug::Type;
use tfplug::value::{decode, encode};

use super::generate::{Values, any_type, any_value};
use super::wire_form;
use crate::target::{Memory, Target};

pub(super) const BYTES: Target = Target {
    name: "msgpack-bytes",
    about: "arbitrary bytes as a value of some type; what is read is written and read again",
    execute: execute_bytes,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 512 },
    words: &[
        "\u{0}",
        "\"dynamic\"",
        "\"string\"",
        "[\"list\",\"number\"]",
        "[\"map\",\"dynamic\"]",
        "[\"set\",[\"object\",{\"a\":\"string\"}]]",
        "[\"tuple\",[]]",
    ],
};

pub(super) const VALUES: Target = Target {
    name: "msgpack-values",
    about: "generated values: the bytes are those that a core writes, and read back as the same value",
    execute: execute_values,
    cost: 2,
    memory: Memory { base: 256 * 1024, factor: 1024 },
    words: &[],
};

/// The types that bytes are read as.
fn types() -> [Type; 8] {
    let object = |members: &[(&'static str, Type)]| Type::object(members.iter().cloned());
    let inner = object(&[("a", Type::String), ("b", Type::Number)]);
    [
        Type::Dynamic,
        Type::Number,
        Type::String,
        Type::list(Type::Dynamic),
        Type::set(inner.clone()),
        Type::map(Type::list(Type::Number)),
        Type::Tuple(vec![Type::Bool, Type::Dynamic]),
        object(&[("a", Type::String), ("b", Type::set(Type::Number)), ("c", Type::map(inner)), ("d", Type::Bool)]),
    ]
}

/// The first byte chooses the type.
fn execute_bytes(input: &[u8]) {
    let Some((choice, bytes)) = input.split_first() else { return };
    let ty = types().into_iter().nth(usize::from(*choice) % types().len()).unwrap();
    let value = match decode(bytes, &ty) {
        Ok(value) => value,
        Err(error) => {
            let text = error.to_string();
            assert!(text.len() <= 1000 + 16 * bytes.len(), "an error of {} bytes", text.len());
            return;
        }
    };
    let written = encode(&value, &ty).unwrap();
    let again = decode(&written, &ty).unwrap();
    assert!(again == value, "{value:?} reads back as {again:?}");
    assert_eq!(encode(&again, &ty).unwrap(), written, "{value:?}");
    assert!(value.is_wholly_known() == value.unknowns().is_empty());
}

fn execute_values(input: &[u8]) {
    let mut bytes = Unstructured::new(input);
    let Ok(ty) = any_type(&mut bytes, true) else { return };
    let Ok(value) = any_value(&mut bytes, &ty, Values::Configured) else { return };
    let written = encode(&value, &ty).unwrap();
    assert_eq!(written, wire_form::of(&value, &ty), "{value:?}");
    let again = decode(&written, &ty).unwrap();
    assert!(again == value, "{value:?} reads back as {again:?}");
    // Bytes that are damaged anywhere are refused, or are another value.
    if let (Ok(at), Ok(byte)) = (bytes.choose_index(written.len()), bytes.arbitrary::<u8>()) {
        let mut damaged = written.clone();
        *damaged.get_mut(at).unwrap() ^= byte;
        if let Ok(other) = decode(&damaged, &ty) {
            drop(encode(&other, &ty).unwrap());
        }
        let cut = written.get(..at).unwrap();
        assert!(decode(cut, &ty).is_err(), "the first {at} bytes of {value:?}");
    }
    // With the type that follows from it.
    let dynamic = value.into_dynamic();
    let again = decode(&encode(&dynamic, &Type::Dynamic).unwrap(), &Type::Dynamic).unwrap();
    assert!(again == dynamic, "{dynamic:?} reads back as {again:?}");
}
