//! What is crossed out of messages, although a response repeats it: the secrets that a request was sent with, and the keys that
//! earlier responses had. The keys themselves are not kept for this, only the means to recognize them.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::secret::{QUOTE_CHARS, REPLACEMENT, SHORTEST_SECRET, printable, without};

/// What is crossed out of the messages about one response.
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden {
    /// The secrets that the client holds anyway.
    pub(super) held: Vec<SecretString>,
    /// Those from earlier responses.
    pub(super) answered: Arc<Fingerprints>,
}

impl Hidden {
    /// Prepares a text from a server for an error message, as [`secret::quotable`](super::secret::quotable) does.
    pub(super) fn quotable(&self, text: &str) -> String {
        printable(&self.answered.without(&without(text, &self.held), QUOTE_CHARS))
    }
}

/// Recognizes secrets by their lengths and hashes, whose key is drawn anew in each process.
#[derive(Clone, Default)]
pub(super) struct Fingerprints {
    hasher: RandomState,
    by_length: BTreeMap<usize, HashSet<u64>>,
}

impl Fingerprints {
    /// Adds a secret.
    pub(super) fn add(&mut self, secret: &SecretString) {
        let secret = secret.expose_secret();
        if secret.len() >= SHORTEST_SECRET {
            self.by_length.entry(secret.len()).or_default().insert(self.hasher.hash_one(secret));
        }
    }

    /// The text without the secrets, up to this number of characters.
    fn without(&self, text: &str, most: usize) -> String {
        if self.by_length.is_empty() {
            return text.to_owned();
        }
        let (mut shown, mut rest) = (String::new(), text);
        for _ in 0..most {
            // The longest first: if one secret is the beginning of another, the rest of the longer one would stay.
            let mut found = self.by_length.iter().rev().filter_map(|(length, known)| {
                let (start, after) = rest.split_at_checked(*length)?;
                known.contains(&self.hasher.hash_one(start)).then_some(after)
            });
            if let Some(after) = found.next() {
                shown.push_str(REPLACEMENT);
                rest = after;
                continue;
            }
            let mut letters = rest.chars();
            let Some(letter) = letters.next() else { break };
            shown.push(letter);
            rest = letters.as_str();
        }
        shown
    }
}

impl fmt::Debug for Fingerprints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprints")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(held: &[&str], answered: &[&str]) -> Hidden {
        let mut fingerprints = Fingerprints::default();
        answered.iter().for_each(|secret| fingerprints.add(&SecretString::from(*secret)));
        Hidden { held: held.iter().map(|secret| SecretString::from(*secret)).collect(), answered: fingerprints.into() }
    }

    #[test]
    fn ok_a_secret_is_recognized_wherever_it_begins() {
        let hidden = hidden(&["hush-hush"], &["key-one", "key-one-longer"]);
        for (text, shown) in [
            ("key-one", "(secret)"),
            ("a key-one, key-one-longer and hush-hush\n", "a (secret), (secret) and (secret)"),
            ("åkey-onekey-onekey-on", "å(secret)(secret)key-on"),
            ("key-on", "key-on"),
            ("", ""),
        ] {
            assert_eq!(hidden.quotable(text), shown, "{text:?}");
        }
    }

    #[test]
    fn ok_a_short_text_is_no_secret() {
        assert_eq!(hidden(&[], &["", "abcde"]).quotable("abcde"), "abcde");
    }

    #[test]
    fn ok_a_secret_at_the_limit_is_not_cut_before_it_is_recognized() {
        let text = format!("{}key-one", "x".repeat(QUOTE_CHARS - 2));
        assert!(!hidden(&[], &["key-one"]).quotable(&text).contains("ke"));
        assert_eq!(hidden(&[], &["key-one"]).quotable(&"x".repeat(5_000)).len(), QUOTE_CHARS);
    }

    #[test]
    fn ok_what_recognizes_a_secret_does_not_print_it() {
        let printed = format!("{:?}", hidden(&["hush-hush"], &["key-one"]));
        assert!(!printed.contains("hush-hush") && !printed.contains("key-one"), "{printed}");
    }
}
