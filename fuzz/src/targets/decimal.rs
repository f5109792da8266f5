//! Decimal texts, by rules that are written down here a second time, without the code under test.

/// The text in plain notation, without exponent, sign of zero and insignificant zeros; `None` if it is no decimal.
pub(super) fn plain(text: &str) -> Option<String> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || exponent.unsigned_abs() > 100_000 {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let before = usize::try_from(-point).unwrap_or(0);
    let digits = format!("{}{digits}", "0".repeat(before));
    let point = usize::try_from(point).unwrap_or(0);
    let digits = format!("{digits}{}", "0".repeat(point.saturating_sub(digits.len())));
    let (whole, fraction) = digits.split_at(point);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// All digits of a finite float.
pub(super) fn of_float(float: f64) -> String {
    plain(&format!("{float:.1074}")).unwrap()
}

/// The float that is exactly this decimal, if it is not whole and there is one.
pub(super) fn exact_fraction(plain_text: &str) -> Option<f64> {
    // A fraction of a power of two ends with a 5; to write out all digits of the others would take most of the time.
    if !plain_text.contains('.') || !plain_text.ends_with('5') {
        return None;
    }
    let float: f64 = plain_text.parse().ok()?;
    (float.is_finite() && of_float(float) == plain_text).then_some(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_has_one_plain_text() {
        for (text, expected) in [
            ("1e2", Some("100")),
            ("-0.0", Some("0")),
            ("+.5", Some("0.5")),
            ("-12.340e-1", Some("-1.234")),
            ("5.", Some("5")),
            ("00e-3", Some("0")),
            ("1e-3", Some("0.001")),
            ("", None),
            ("1e", None),
            ("x", None),
        ] {
            assert_eq!(plain(text).as_deref(), expected, "{text}");
        }
        assert_eq!((exact_fraction("0.5"), exact_fraction("0.1"), exact_fraction("2")), (Some(0.5), None, None));
    }
}
