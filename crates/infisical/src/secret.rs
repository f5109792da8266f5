//! Keeping secrets out of whatever is printed, and out of memory once they're used.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::error::Error;

/// Room for a request body, so that it isn't copied about while it is written: a copy wouldn't be wiped.
const BODY_BYTES: usize = 8 * 1024;

/// The longest text of somebody else's that goes into an error, in characters.
const QUOTE_CHARS: usize = 1_000;

/// A text shorter than this, in bytes, is no secret of this API; crossing it out would only spoil the message.
const SHORTEST_SECRET: usize = 6;

/// What people paste around a token is not part of it: white space, a byte order mark, and a `Bearer ` in front.
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

/// The `Authorization` header's value, marked so that the HTTP library doesn't print it.
///
/// # Errors
///
/// [`Error::Setup`] when the token has characters that no header may have, such as a line break.
pub(super) fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose_secret()));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Error::Setup {
        reason: "The access token has a character that can't be sent, such as a line break.".to_owned(),
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// A JSON body that is wiped when the last user lets go of it.
///
/// # Errors
///
/// [`Error::Setup`] when the value can't be written as JSON.
pub(super) fn body(value: &impl serde::Serialize) -> Result<bytes::Bytes, Error> {
    let mut text = Zeroizing::new(Vec::with_capacity(BODY_BYTES));
    serde_json::to_writer(&mut *text, value)
        .map_err(|error| Error::Setup { reason: format!("The request can't be written as JSON: {error}.") })?;
    Ok(bytes::Bytes::from_owner(text))
}

/// Somebody else's text, fit to be shown: control characters blanked, cut to a bearable length, and
/// each of `secrets` that it repeats crossed out (a proxy's error page may well quote the request).
pub(super) fn quotable<'a>(text: &str, secrets: impl IntoIterator<Item = &'a SecretString>) -> String {
    let mut shown = text.to_owned();
    // The longest first: one that begins like another would leave its end.
    let mut secrets: Vec<&str> = secrets.into_iter().map(ExposeSecret::expose_secret).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in secrets {
        if secret.len() >= SHORTEST_SECRET && shown.contains(secret) {
            shown = shown.replace(secret, "(secret)");
        }
    }
    shown.chars().take(QUOTE_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
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
    fn ok_a_token_loses_what_was_pasted_around_it() {
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
    fn ok_an_empty_secret_crosses_out_nothing() {
        assert_eq!(quotable("abc", [&SecretString::from("")]), "abc");
    }

    #[test]
    fn ok_the_authorization_header_does_not_print() {
        let value = bearer(&SecretString::from("hush-hush")).unwrap();
        assert_eq!(format!("{value:?}"), "Sensitive");
        assert!(bearer(&SecretString::from("hush\nhush")).is_err());
    }
}
