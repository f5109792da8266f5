//! What may follow a command's name, read by hand: there is little of it.

use crate::error::{Result, failed};

/// The words after a command's name.
#[derive(Debug, Default)]
pub struct Options {
    words: Vec<String>,
    rest: Vec<String>,
}

impl Options {
    /// Splits the words at `--`.
    pub fn new(words: Vec<String>) -> Options {
        let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
        let rest = words.iter().skip(end + 1).cloned().collect();
        Options { words: words.into_iter().take(end).collect(), rest }
    }

    /// Takes `--name` out; whether it was there.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes every `--name VALUE` and `--name=VALUE` out, in the order given.
    ///
    /// # Errors
    ///
    /// When the last `--name` has no value after it.
    pub fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let mut values = Vec::new();
        let mut left = Vec::new();
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            match word.strip_prefix(name) {
                Some("") => values.push(words.next().ok_or_else(|| failed(format!("{name} needs a value")))?),
                Some(rest) if rest.starts_with('=') => values.push(rest.trim_start_matches('=').to_owned()),
                _ => left.push(word),
            }
        }
        self.words = left;
        Ok(values)
    }

    /// What stood after `--`.
    pub fn rest(&self) -> &[String] {
        &self.rest
    }

    /// Refuses what nobody took; `allowed` tells what this command takes.
    ///
    /// # Errors
    ///
    /// When a word is left over.
    pub fn finish(&self, allowed: &str) -> Result<()> {
        match self.words.first() {
            None => Ok(()),
            Some(word) => Err(failed(format!("{word:?} isn't known here; allowed: {allowed}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Options {
        Options::new(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn values_are_taken_in_both_forms_and_flags_once() {
        let mut options = options("--core oldest --all-cores --core=1.9.8 -- filter --core");
        assert_eq!(options.values("--core").unwrap(), ["oldest", "1.9.8"]);
        assert!(options.flag("--all-cores") && !options.flag("--all-cores"));
        assert_eq!(options.rest(), ["filter", "--core"]);
        assert!(options.finish("nothing").is_ok());
    }

    #[test]
    fn what_is_left_over_is_named_with_what_is_allowed() {
        let words = options("--cores").finish("--core NAME").unwrap_err().to_string();
        assert_eq!(words, r#""--cores" isn't known here; allowed: --core NAME"#);
        let words = options("--core").values("--core").unwrap_err().to_string();
        assert_eq!(words, "--core needs a value");
    }
}
