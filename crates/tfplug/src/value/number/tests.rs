use super::*;

fn number(text: &str) -> Number {
    text.parse().unwrap_or_else(|_| panic!("{text:?} should be a number"))
}

#[test]
fn short_numbers_are_read_as_all_others() {
    let all = [
        "0",
        "-0",
        "+7",
        "-12.340",
        "0.1",
        "1.",
        "007.250",
        "999999999999999999",
        "9999999999999999.99",
        "-0.000000000000000001",
        "0.5",
        "-2.75",
        "100.0",
        "12.5000",
    ];
    for text in all {
        let exact = Number::exact(BigDecimal::from_str(text).unwrap());
        let read = number(text);
        assert_eq!(
            (&read, read.to_string(), read.as_fraction()),
            (&exact, exact.to_string(), exact.as_fraction()),
            "{text}"
        );
        assert_eq!((read.to_i64(), read.to_f64()), (exact.to_i64(), exact.to_f64()), "{text}");
    }
    for float in [0.1, -2.5, 1.21e-7, 3.0, -0.0, 1e300, f64::MIN_POSITIVE] {
        let (read, exact) = (Number::from_f64(float).unwrap(), Number::exact(BigDecimal::try_from(float).unwrap()));
        assert_eq!(
            (&read, read.as_fraction(), read.to_string()),
            (&exact, exact.as_fraction(), exact.to_string()),
            "{float}"
        );
    }
    for text in ["", "-", ".", "+.", "-.", "1 ", "1x", "--1", "1..2", "1.-5", "١"] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

#[test]
fn ok_spellings_of_one_number_are_equal_and_print_alike() {
    for (text, printed) in [
        ("1e2", "100"),
        ("1e00000000000000000002", "100"),
        ("1.10", "1.1"),
        ("12.34", "12.34"),
        ("0.000001", "0.000001"),
        ("1e-6", "0.000001"),
        ("12345678.90123", "12345678.90123"),
        ("-0.0", "0"),
        ("9007199254740993", "9007199254740993"),
        ("3.14159265358979323846", "3.14159265358979323846"),
    ] {
        assert_eq!(number(text).to_string(), printed, "of {text}");
        assert_eq!(number(text), number(printed), "of {text}");
    }
}

#[test]
fn err_texts_that_are_no_numbers() {
    for text in [
        "",
        ".-0",
        ".",
        "e5",
        "1e",
        "1e+-5",
        "e-9223372036854775808",
        "abc",
        "1_000",
        "NaN",
        "inf",
        "0x10",
        "1e999999999",
        "1e-5000",
        "1 ",
        "1e9223372036854775808",
        "1e-9223372036854775808",
        "0.1e-9223372036854775807",
        "12e99999999999999999999",
        &"1".repeat(100_000),
    ] {
        assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text:?}");
    }
}

#[test]
fn a_third_keeps_every_digit_that_the_core_sends() {
    let third = format!("0.{}", "3".repeat(154));
    assert_eq!(number(&third).to_string(), third);
}

#[test]
fn a_float_is_equal_to_the_decimal_that_the_core_writes_for_it() {
    let computed = Number::from_f64(1.1_f64 * 1.1).unwrap();
    assert_eq!((computed.to_string().as_str(), &computed), ("1.2100000000000002", &number("1.2100000000000002")));
    assert_eq!((computed.as_fraction(), number("1.2100000000000002").as_fraction()), (Some(1.1 * 1.1), None));
    assert_ne!(computed, number("1.21"));
    let exact = number("1.2100000000000001865174681370262987911701202392578125");
    assert_eq!(exact.as_fraction(), computed.as_fraction());
    assert_eq!(exact.cmp(&computed), Ordering::Equal);
}

/// The standard library writes out every digit of a float.
#[test]
fn every_float_is_held_exactly() {
    let mut random = fastrand::Rng::with_seed(7);
    let edges = [f64::MAX, f64::MIN_POSITIVE, f64::from_bits(1), -f64::EPSILON, 2_f64.powi(70), 0.1, -0.0];
    let floats = edges.into_iter().chain(std::iter::repeat_with(|| f64::from_bits(random.u64(..))).take(500));
    for float in floats.filter(|float| float.is_finite()) {
        let held = Number::from_f64(float).unwrap();
        assert_eq!(held.to_f64(), float, "{float:e}");
        assert_eq!(held, number(&format!("{float:.1074}")), "{float:e}");
        assert_eq!(held.is_whole(), float.fract() == 0.0, "{float:e}");
    }
}

#[test]
fn whole_numbers_and_floats_convert_exactly_or_not_at_all() {
    assert_eq!(number("5.0").to_i64(), Some(5));
    assert_eq!(number("5.5").to_i64(), None);
    assert_eq!(number("9223372036854775808").to_i64(), None);
    assert_eq!(number("0.1").to_f64(), 0.1);
    assert_eq!(Number::from_f64(0.5), Ok(number("0.5")));
    assert_eq!(Number::from_f64(f64::NAN), Err(NotANumber));
    assert_eq!(Number::from_f64(f64::INFINITY), Err(NotANumber));
}

#[test]
fn equal_numbers_are_equal_in_order_and_hash_however_they_are_kept() {
    let hash = |number: &Number| {
        let mut hasher = std::hash::DefaultHasher::new();
        number.hash(&mut hasher);
        hasher.finish()
    };
    let float = |float: f64| Number::from_f64(float).unwrap();
    for (one, other) in [
        (number("1"), float(1.0)),
        (number("100"), number("1e2")),
        (number("1.1"), float(1.1)),
        (number("-0"), float(-0.0)),
        (Number::from(i64::MIN), number("-9223372036854775808")),
        (Number::from(u64::MAX), number("18446744073709551615")),
        (number("2.50"), number("2.5")),
    ] {
        assert_eq!((&one, one.cmp(&other), hash(&one)), (&other, Ordering::Equal, hash(&other)));
    }
    let ascending =
        ["-9223372036854775808", "-2.5", "-2.4", "-0.1", "0", "0.01", "0.1", "0.11", "1", "1e1", "999999999999999999"];
    assert!(ascending.map(number).is_sorted_by(|one, next| one < next && one != next));
}

#[test]
fn err_more_digits_than_allowed_whatever_they_are() {
    for text in [format!("1.{}", "0".repeat(9000)), format!("1.6{}", "0".repeat(9000)), "7".repeat(5000)] {
        assert!(text.parse::<Number>().is_err(), "{} characters", text.len());
    }
}
