//! How the server normalizes strings, and the formats that it requires of some.

use serde_json::Value;

use crate::response::Issue;

/// Trims the strings at these JSON pointers.
pub(crate) fn trim_at(body: &mut Value, pointers: &[&str]) {
    for pointer in pointers {
        if let Some(Value::String(text)) = body.pointer_mut(pointer) {
            *text = trim(text).to_owned();
        }
    }
}

/// Trims as JavaScript does: also the byte order mark, but not U+0085.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}'))
}

/// Removes one trailing slash, since `/a/` and `/a` are the same folder.
pub(crate) fn without_trailing_slash(path: &str) -> &str {
    match path.strip_suffix('/') {
        Some(rest) if !rest.is_empty() => rest,
        _ => path,
    }
}

/// The violation by the slug at this key of `body`, if there is one.
pub(crate) fn slug_issue(body: &Value, key: &str) -> Option<Issue> {
    let text = body.get(key)?.as_str()?;
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let allowed = "may have lower-case letters, digits and single hyphens between them";
    (!text.split('-').all(word)).then(|| Issue::new("custom", &[key], allowed))
}

/// The violation by `secretPath`, if there is one.
pub(crate) fn path_issue(body: &Value) -> Option<Issue> {
    let path = body.get("secretPath")?.as_str()?;
    let segment =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let inner = path.strip_prefix('/').unwrap_or(path);
    let allowed = "may have letters, digits, hyphens and underscores between its slashes";
    (!inner.is_empty() && !inner.split('/').all(segment)).then(|| Issue::new("custom", &["secretPath"], allowed))
}

/// The violation by the name of the secret that is to hold the key, if there is one.
pub(crate) fn secret_name_issue(body: &Value) -> Option<Issue> {
    let name = body.pointer("/secretsMapping/apiKey")?.as_str()?;
    let path = ["secretsMapping", "apiKey"];
    name.contains(['/', ':']).then(|| Issue::new("custom", &path, "may not have a slash or a colon"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn trimming_follows_javascript() {
        assert_eq!(trim("\u{feff} \t a b \u{a0}\n"), "a b");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
    }

    #[test]
    fn one_trailing_slash_is_removed_but_not_the_root() {
        for (sent, kept) in [("/", "/"), ("/a/", "/a"), ("/a", "/a"), ("/a//", "/a/")] {
            assert_eq!(without_trailing_slash(sent), kept);
        }
    }

    #[test]
    fn slugs_have_words_between_single_hyphens() {
        for slug in ["a", "a-1", "0-b-c"] {
            assert_eq!(slug_issue(&json!({ "name": slug }), "name"), None, "{slug}");
        }
        for wrong in ["", "-a", "a-", "a--b", "a_b", "a b", "é", "A"] {
            assert!(slug_issue(&json!({ "name": wrong }), "name").is_some(), "{wrong}");
        }
    }

    #[test]
    fn paths_have_segments_of_letters_digits_hyphens_and_underscores() {
        for path in ["/", "/app", "/App_1/b-2"] {
            assert_eq!(path_issue(&json!({ "secretPath": path })), None, "{path}");
        }
        for wrong in ["/a b", "/a//b", "/a/", "/é", "/a.b", "//"] {
            assert!(path_issue(&json!({ "secretPath": wrong })).is_some(), "{wrong}");
        }
    }

    #[test]
    fn secret_names_have_no_slash_and_no_colon() {
        let issue = |name: &str| secret_name_issue(&json!({ "secretsMapping": { "apiKey": name } }));
        assert_eq!(issue("OPEN_ROUTER_API_KEY"), None);
        assert!(issue("a/b").is_some() && issue("a:b").is_some());
    }
}
