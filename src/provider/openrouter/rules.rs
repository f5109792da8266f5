//! Which values are valid, and which spellings the API treats as equal.

use infisical::spelling;
use tfplug::Value;

pub(super) fn is_slug(value: &Value) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    value.as_str().is_some_and(|text| text.split('-').all(word))
}

pub(super) fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(spelling::is_id)
}

/// A folder's path. Any other path is refused by the API, or names a folder that cannot be found.
pub(super) fn is_path(value: &Value) -> bool {
    let is_segment =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    value.as_str().is_some_and(|text| {
        let path = spelling::path(text);
        path == "/" || path.strip_prefix('/').is_some_and(|segments| segments.split('/').all(is_segment))
    })
}

/// The name of a secret.
pub(super) fn is_secret_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| !name.contains(['/', ':']))
}

/// The API trims texts.
pub(super) fn same_trimmed(one: &Value, other: &Value) -> bool {
    texts(one, other, spelling::same_trimmed)
}

/// The API trims texts, and Terraform generates a configuration with `jsonencode` for a text that is JSON, which may write it
/// with other spaces.
pub(super) fn same_text(one: &Value, other: &Value) -> bool {
    texts(one, other, |one, other| {
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        spelling::same_trimmed(one, other)
            || json(one).is_some_and(|one| (one.is_object() || one.is_array()) && json(other) == Some(one))
    })
}

/// An id may be written in capitals.
pub(super) fn same_id(one: &Value, other: &Value) -> bool {
    texts(one, other, spelling::same_id)
}

/// The API removes slashes at the end of a path.
pub(super) fn same_path(one: &Value, other: &Value) -> bool {
    texts(one, other, spelling::same_path)
}

fn texts(one: &Value, other: &Value, same: fn(&str, &str) -> bool) -> bool {
    one.as_str().zip(other.as_str()).is_some_and(|(one, other)| same(one, other))
}

/// The API computes in 64-bit floats: more digits than those have come back rounded.
pub(super) fn same_float(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.to_f64().to_bits() == other.to_f64().to_bits(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_have_lower_case_letters_digits_and_single_inner_hyphens() {
        for good in ["a", "a-b", "a1-2b-c", "1"] {
            assert!(is_slug(&good.into()), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "ä"] {
            assert!(!is_slug(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn paths_have_segments_of_letters_digits_hyphens_and_underscores() {
        for good in ["/", "/a", "/a/", "/a//", "/A-1/b_2"] {
            assert!(is_path(&good.into()), "{good}");
        }
        for bad in ["", "a", "/a//b", "/a b", "/ä", "/a.b", "//a"] {
            assert!(!is_path(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn a_text_is_the_same_when_trimmed_or_as_the_same_json() {
        for (one, other) in [(" a ", "a"), (r#"{"a": [1, "<"]}"#, r#"{"a":[1,"\u003c"]}"#), ("[ ]", "[]")] {
            assert!(same_text(&one.into(), &other.into()), "{one}");
        }
        for (one, other) in [("a", "b"), (r#"{"a": 1}"#, r#"{"a": 2}"#), ("1 ", "1.0"), (r#""a""#, r#""\u0061""#)] {
            assert!(!same_text(&one.into(), &other.into()), "{one}");
        }
    }

    #[test]
    fn a_limit_that_comes_back_as_a_float_is_the_same_limit() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        assert!(same_float(&number("0.1000000000000000055511151231257827"), &number("0.1")));
        assert!(!same_float(&number("0.1"), &number("0.2")));
    }
}
