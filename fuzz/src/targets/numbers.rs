//! Numbers from texts and floats: exact, in one spelling, and in an order.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use tfplug::Number;

use super::decimal;
use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "numbers",
    about: "texts and floats as numbers: exact, one spelling, ordered",
    execute,
    cost: 1,
    memory: Memory { base: 512 * 1024, factor: 64 },
    words: &["0.1", "1e30", "e-", "E+", "4096", "9007199254740993", "1.2100000000000002", "-0.0", "NaN", "inf", "_"],
};

/// A text, or two with a space between them.
fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let (one, other) = text.split_once(' ').unwrap_or((&text, "0"));
    let (one, other) = (check(one), check(other));
    if let (Some(one), Some(other)) = (&one, &other) {
        compare(one, other);
    }
    if let Some((bits, _)) = input.split_first_chunk() {
        check_float(f64::from_bits(u64::from_be_bytes(*bits)));
    }
}

fn check(text: &str) -> Option<Number> {
    let allowed = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let plain = decimal::plain(text).filter(|_| allowed);
    let Ok(number) = text.parse::<Number>() else {
        // What JSON and a core write is accepted, up to the documented size.
        let written = text.trim() == text && serde_json::from_str::<serde_json::Number>(text).is_ok();
        let exponent = text.split_once(['e', 'E']).map_or("0", |(_, exponent)| exponent);
        let small = text.len() < 2048 && exponent.parse::<i64>().is_ok_and(|exponent| exponent.unsigned_abs() < 2048);
        assert!(!written || !small, "{text:?} is a number");
        return None;
    };
    let plain = plain.unwrap_or_else(|| panic!("{text:?} is not a number"));
    let shown = number.to_string();
    match decimal::exact_fraction(&plain) {
        Some(float) => assert_eq!(shown, float.to_string(), "the shortest text of the float {text:?}"),
        None => assert_eq!(shown, plain, "of {text:?}"),
    }
    assert_eq!(shown.parse().as_ref(), Ok(&number), "{text:?} reads back");
    assert_eq!(number.to_f64(), plain.parse::<f64>().unwrap(), "the float of {text:?}");
    assert_eq!(number.is_whole(), !plain.contains('.'), "{text:?}");
    assert_eq!(number.to_i64(), plain.parse().ok(), "{text:?}");
    Some(number)
}

fn check_float(float: f64) {
    let Ok(number) = Number::from_f64(float) else {
        assert!(!float.is_finite(), "{float:e} is a number");
        return;
    };
    assert_eq!(number.to_f64(), float, "{float:e}");
    let digits = decimal::of_float(float);
    if digits.len() < 1000 {
        assert_eq!(check(&digits).as_ref(), Some(&number), "{float:e}");
    }
}

fn compare(one: &Number, other: &Number) {
    let order = one.cmp(other);
    assert_eq!(other.cmp(one), order.reverse(), "{one} and {other}");
    assert_eq!(one == other, order.is_eq(), "{one} and {other}");
    if let Some(by_float) = one.to_f64().partial_cmp(&other.to_f64()).filter(|order| order.is_ne()) {
        assert_eq!(order, by_float, "{one} and {other}");
    }
    let hash = |number: &Number| BuildHasherDefault::<DefaultHasher>::default().hash_one(number);
    assert!(one != other || hash(one) == hash(other), "equal numbers {one} and {other} have equal hashes");
}
