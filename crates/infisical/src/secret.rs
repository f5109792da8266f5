//! Keeps secrets out of everything that is printed, and out of memory after use.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::error::Error;

/// The initial capacity for a request body: if it had to grow while it is written, copies of it would stay in memory.
const BODY_BYTES: usize = 8 * 1024;

/// The longest text from a server that is quoted in an error, in characters.
pub(super) const QUOTE_CHARS: usize = 1_000;

/// A text shorter than this, in bytes, is not a secret of this API; removing it would only make messages unreadable.
pub(super) const SHORTEST_SECRET: usize = 6;

/// What is shown in place of a secret.
pub(super) const REPLACEMENT: &str = "(secret)";

/// The token without what is often pasted around it: white space, a byte order mark, and a leading `Bearer `.
pub fn bare_token(text: &str) -> &str {
    const SCHEME: &str = "bearer";
    let around = |letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}';
    let text = text.trim_matches(around);
    match text.split_at_checked(SCHEME.len()) {
        Some((scheme, "")) if scheme.eq_ignore_ascii_case(SCHEME) => "",
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) && token.starts_with(char::is_whitespace) => {
            token.trim_matches(around)
        }
        _ => text,
    }
}

/// The value of the `Authorization` header, marked as sensitive so that the HTTP library does not print it.
///
/// # Errors
///
/// [`Error::Setup`] when the token has a character that a header cannot contain, such as a line break.
pub(super) fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::Setup {
        reason: "The access token has a character that cannot be sent, such as a line break.".to_owned(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// A JSON body that is wiped from memory when its last reference is dropped.
///
/// # Errors
///
/// [`Error::Setup`] when the value cannot be written as JSON.
pub(super) fn body(value: &impl serde::Serialize) -> Result<bytes::Bytes, Error> {
    let mut text = Zeroizing::new(Vec::with_capacity(BODY_BYTES));
    serde_json::to_writer(&mut *text, value)
        .map_err(|error| Error::Setup { reason: format!("The request cannot be written as JSON: {error}.") })?;
    Ok(bytes::Bytes::from_owner(text))
}

/// Prepares a text from a server for an error message: removes control characters, limits its length, and replaces each
/// of `secrets` in it (a proxy's error page may quote the request).
pub(super) fn quotable<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    printable(&without(text, secrets))
}

/// The text with [`REPLACEMENT`] in place of each of the secrets.
pub(super) fn without<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    let mut shown = text.to_owned();
    // The longest first: if one secret is the beginning of another, the rest of the longer one would stay.
    let mut secrets: Vec<&str> = secrets.into_iter().map(ExposeSecret::expose_secret).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets {
        if secret.len() >= SHORTEST_SECRET && shown.contains(secret) {
            shown = shown.replace(secret, REPLACEMENT);
        }
    }
    shown
}

/// The text without control characters, up to [`QUOTE_CHARS`].
pub(super) fn printable(text: &str) -> String {
    text.chars().take(QUOTE_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_quoted_text_loses_the_secret_and_its_control_characters() {
        let secret = SecretString::from("hush-hush");
        assert_eq!(quotable("bad token hush-hush\u{1b}[31m\n", [&secret]), "bad token (secret) [31m");
        assert_eq!(quotable(&"x".repeat(5_000), []).len(), QUOTE_CHARS);
    }

    #[test]
    fn ok_text_pasted_around_a_token_is_removed() {
        for (pasted, token) in [
            ("a.b.c", "a.b.c"),
            ("\u{feff} a.b.c\r\n", "a.b.c"),
            ("Bearer a.b.c\n", "a.b.c"),
            ("bEaReR\t a.b.c", "a.b.c"),
            ("Bearer ", ""),
            ("bearer-of-news", "bearer-of-news"),
            ("åååååååå", "åååååååå"),
            ("\r\n", ""),
        ] {
            assert_eq!(bare_token(pasted), token, "{pasted:?}");
        }
    }

    #[test]
    fn ok_an_empty_secret_replaces_nothing() {
        assert_eq!(quotable("abc", [&SecretString::from("")]), "abc");
    }

    #[test]
    fn ok_the_authorization_header_does_not_print() {
        let value = bearer(&SecretString::from("hush-hush")).unwrap();
        assert_eq!(format!("{value:?}"), "Sensitive");
        assert!(bearer(&SecretString::from("hush\nhush")).is_err());
    }
}
