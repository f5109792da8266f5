//! What values may be, and which spellings mean the same to the API.

use tfplug::Value;
use uuid::Uuid;

pub(super) fn is_slug(value: &Value) -> bool {
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    value.as_str().is_some_and(|text| text.split('-').all(word))
}

pub(super) fn is_uuid(value: &Value) -> bool {
    value.as_str().is_some_and(|text| hyphenated(text).is_some())
}

/// A UUID in its usual form of 36 characters; other forms are no ids of this API.
pub(in crate::provider) fn hyphenated(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// As the API trims, which runs on JavaScript: the byte order mark that a file may begin with goes, too, U+0085 stays.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
}

/// The API trims what it's given.
pub(super) fn same_trimmed(one: &Value, other: &Value) -> bool {
    one.as_str().map(trimmed) == other.as_str().map(trimmed)
}

/// The API trims and lower-cases it.
pub(super) fn same_word(one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => trimmed(one).eq_ignore_ascii_case(trimmed(other)),
        _ => false,
    }
}

/// The API removes slashes at the end of a path.
pub(super) fn same_path(one: &Value, other: &Value) -> bool {
    let place = |value: &Value| value.as_str().map(|path| trimmed(path).trim_end_matches('/').to_owned());
    place(one) == place(other)
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
    fn ids_have_the_usual_form_alone() {
        assert!(is_uuid(&"3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f".into()));
        for bad in ["", "<id>", "3f2b8c1e5d474a0b9c6e1a2b3c4d5e6f", "{3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f}"] {
            assert!(!is_uuid(&bad.into()), "{bad}");
        }
    }

    #[test]
    fn text_is_the_same_if_it_is_so_once_the_api_has_trimmed_it() {
        for (one, other, same) in
            [(" a\n", "a", true), ("\u{feff}a", "a", true), ("\u{85}a", "a", false), ("a b", "ab", false)]
        {
            assert_eq!(same_trimmed(&one.into(), &other.into()), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn paths_with_and_without_the_last_slash_are_one_place() {
        for (one, other, same) in [("/", "/", true), ("/a/", "/a", true), ("/a", "/b", false), ("/", "/a", false)] {
            assert_eq!(same_path(&one.into(), &other.into()), same, "{one} {other}");
        }
    }

    #[test]
    fn a_limit_that_comes_back_as_a_float_is_the_same_limit() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        assert!(same_float(&number("0.1000000000000000055511151231257827"), &number("0.1")));
        assert!(!same_float(&number("0.1"), &number("0.2")));
    }
}
