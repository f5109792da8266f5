//! The spellings that the API treats as equal, and the ones that it stores.

/// Trims as the API does, which runs on JavaScript: a byte order mark is removed as well, and U+0085 is not.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
}

/// A folder's path as the API stores it: without slashes at the end.
#[must_use]
pub fn path(text: &str) -> &str {
    let path = trimmed(text);
    match path.trim_end_matches('/') {
        "" if path.starts_with('/') => "/",
        stripped => stripped,
    }
}

/// Whether the API trims both to the same text.
#[must_use]
pub fn same_trimmed(one: &str, other: &str) -> bool {
    trimmed(one) == trimmed(other)
}

/// Whether both are the same folder's path.
#[must_use]
pub fn same_path(one: &str, other: &str) -> bool {
    path(one) == path(other)
}

/// Whether the first path leads to a folder below the second one.
#[must_use]
pub fn is_below(one: &str, other: &str) -> bool {
    let rest = path(one).strip_prefix(path(other).trim_end_matches('/'));
    rest.is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// Whether both are the same id, in whatever case its letters are.
#[must_use]
pub fn same_id(one: &str, other: &str) -> bool {
    trimmed(one).eq_ignore_ascii_case(trimmed(other))
}

/// Whether a text is an id as the API writes it: a UUID in its usual form of 36 characters.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_with_and_without_slashes_at_the_end_are_equal() {
        for (given, stored) in [("/", "/"), ("//", "/"), ("/a/", "/a"), (" /a/b// ", "/a/b"), ("/a", "/a"), ("", "")] {
            assert_eq!(path(given), stored, "{given:?}");
        }
        assert!(same_path("/app/", "/app") && !same_path("/", "/app"));
    }

    #[test]
    fn a_folder_is_below_those_that_its_path_leads_through() {
        for (one, other, below) in [
            ("/a", "/", true),
            ("/a/b/", "/a/", true),
            ("/a/b/c", "/a", true),
            ("/ab", "/a", false),
            ("/a", "/a/", false),
            ("/", "/", false),
            ("/", "/a", false),
        ] {
            assert_eq!(is_below(one, other), below, "{one:?} {other:?}");
        }
    }

    #[test]
    fn text_is_the_same_if_it_is_so_once_the_api_has_trimmed_it() {
        for (one, other, same) in
            [(" a\n", "a", true), ("\u{feff}a", "a", true), ("\u{85}a", "a", false), ("a b", "ab", false)]
        {
            assert_eq!(same_trimmed(one, other), same, "{one:?} {other:?}");
        }
    }

    #[test]
    fn ids_have_the_usual_form_only() {
        assert!(is_id("3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f"));
        for bad in ["", "<id>", "3f2b8c1e5d474a0b9c6e1a2b3c4d5e6f", "{3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f}"] {
            assert!(!is_id(bad), "{bad}");
        }
        assert!(same_id("AB-1 ", "ab-1"));
    }
}
