//! The encoding of values as MessagePack.
//!
//! The bytes alone are ambiguous: an array may be a list, a set or a tuple. So both directions follow the type that the schema
//! gives.

mod decode;
mod encode;

pub use decode::decode;
pub use encode::encode;

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use bigdecimal::{BigDecimal, ToPrimitive as _};

    use super::*;
    use crate::value::{Members, Type, Value};

    fn number(text: &str) -> Value {
        Value::Number(text.parse().unwrap())
    }

    fn object_type() -> Type {
        Type::object([("a", Type::String), ("b", Type::Bool)])
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
            (number("0.5"), Type::Number, b"\xcb\x3f\xe0\x00\x00\x00\x00\x00\x00"),
            (number("1234.125"), Type::Number, b"\xcb\x40\x93\x48\x80\x00\x00\x00\x00"),
            (number("9223372036854775807"), Type::Number, b"\xcf\x7f\xff\xff\xff\xff\xff\xff\xff"),
            (number("-9223372036854775808"), Type::Number, b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00"),
            (number("9223372036854775808"), Type::Number, b"\xb39223372036854775808"),
            (number("18446744073709551616"), Type::Number, b"\xb418446744073709551616"),
            (Value::Null, Type::String, b"\xc0"),
            (Value::Unknown, Type::list(Type::String), b"\xd4\x00\x00"),
            (Value::object([("a", Value::Null), ("b", true.into())]), object_type(), b"\x82\xa1a\xc0\xa1b\xc3"),
            (Value::List(vec![]), Type::list(Type::Bool), b"\x90"),
            (Value::Map(Members::new()), Type::map(Type::Bool), b"\x80"),
            (Value::Dynamic(Box::new((Type::String, "a".into()))), Type::Dynamic, b"\x92\xc4\x08\"string\"\xa1a"),
        ];
        for (value, ty, bytes) in table {
            assert_eq!(encode(&value, &ty).unwrap(), bytes, "of {value:?}");
            assert_eq!(decode(bytes, &ty).unwrap(), value, "of {bytes:x?}");
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
        for (bytes, ty, value) in table {
            assert_eq!(decode(bytes, &ty).unwrap(), value, "of {bytes:x?}");
        }
    }

    /// The core's rules for numbers, implemented a second time: the form in which the core sends a number is the form
    /// in which it must come back, or it is a different number to the core.
    fn form_of(number: &BigDecimal, float: Option<f64>) -> Vec<u8> {
        let mut out = Vec::new();
        if number.is_integer() {
            if let Some(whole) = number.to_i64() {
                rmp::encode::write_sint(&mut out, whole).unwrap();
                return out;
            }
        } else if let Some(float) = float {
            rmp::encode::write_f64(&mut out, float).unwrap();
            return out;
        }
        rmp::encode::write_str(&mut out, &number.normalized().to_plain_string()).unwrap();
        out
    }

    /// The float that is exactly this number, by all of its digits.
    fn exact_float(number: &BigDecimal) -> Option<f64> {
        let float: f64 = number.to_plain_string().parse().ok()?;
        let digits = BigDecimal::from_str(&format!("{float:.1074}")).ok()?;
        (digits == *number).then_some(float)
    }

    fn goes_back_as_it_came(number: &BigDecimal, float: Option<f64>) {
        let sent = form_of(number, float);
        let read = decode(&sent, &Type::Number).unwrap();
        assert_eq!(encode(&read, &Type::Number).unwrap(), sent, "{number}");
    }

    #[test]
    fn numbers_go_back_as_they_came() {
        let mut random = fastrand::Rng::with_seed(4);
        for _ in 0..500 {
            let float = f64::from_bits(random.u64(..));
            if float.is_finite() {
                goes_back_as_it_came(&BigDecimal::from_str(&format!("{float:.1074}")).unwrap(), Some(float));
            }
            // Few bits, so that many are exact in both systems.
            let short = f64::from(random.i32(-100_000..100_000)) / 2_f64.powi(random.i32(0..20));
            goes_back_as_it_came(&BigDecimal::from_str(&short.to_string()).unwrap(), Some(short));
            let length = random.usize(1..155);
            let digits: String = std::iter::repeat_with(|| random.digit(10)).take(length).collect();
            let decimal = BigDecimal::new(digits.parse().unwrap(), random.i64(-40..160));
            goes_back_as_it_came(&decimal, exact_float(&decimal));
            let whole = BigDecimal::from(random.i64(..));
            goes_back_as_it_came(&whole, None);
        }
        for text in ["0.1", "1e30", "9007199254740993", "-0.0", "9223372036854775807", "9223372036854775808", "-1e-300"]
        {
            let decimal = BigDecimal::from_str(text).unwrap();
            goes_back_as_it_came(&decimal, exact_float(&decimal));
        }
    }

    #[test]
    fn err_bytes_that_are_not_of_the_type() {
        let table: Vec<(&[u8], Type, &str)> = vec![
            (b"", Type::Bool, "the bytes end before the value does"),
            (b"\xa5abc", Type::String, "the bytes end before the value does"),
            (b"\xc3\xc3", Type::Bool, "1 more bytes than the value has"),
            (b"\xc3", Type::Number, "expected a number, found True"),
            (b"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", Type::Number, "an infinite number"),
            (b"\x81\xa1a\xc0", object_type(), "no attribute \"b\""),
            (b"\x81\xa1z\xc0", object_type(), "an unknown attribute \"z\""),
            (b"\x82\xa1a\xc3\xa1b\xc3", object_type(), "a: expected a string, found True"),
            (b"\xdd\xff\xff\xff\xff", Type::list(Type::Bool), "[0]: the bytes end before the value does"),
            (b"\xa1\xff", Type::String, "text that is not UTF-8"),
        ];
        for (bytes, ty, text) in table {
            assert_eq!(decode(bytes, &ty).unwrap_err().to_string(), text, "of {bytes:x?}");
        }
    }

    #[test]
    fn err_a_value_nested_too_deeply() {
        let nested = |depth: usize| b"\x92\xc4\x09\"dynamic\"".repeat(depth);
        let error = decode(&nested(100_000), &Type::Dynamic).unwrap_err();
        assert_eq!(error.to_string(), "nested more than 128 levels deep");
        let mut good = nested(100);
        good.push(0xc0);
        assert!(decode(&good, &Type::Dynamic).is_ok());
    }

    #[test]
    fn err_a_value_that_is_not_of_the_schema_type_never_reaches_the_wire() {
        let wrong = Value::object([("a", true.into())]);
        assert_eq!(encode(&wrong, &object_type()).unwrap_err().to_string(), "a: expected \"string\", found true");
        let extra = Value::object([("z", true.into())]);
        assert_eq!(encode(&extra, &object_type()).unwrap_err().to_string(), "an unknown attribute \"z\"");
    }
}
