//! Parses the effect and the options of a fault, which follow its call.

use std::{collections::BTreeMap, fmt::Display, str::FromStr, time::Duration};

use crate::{
    fault::{Fault, HUGE},
    fault_effect::{Effect, RetryAfter},
};

/// The names of the effects. `status` is one, too, but only when it is given alone.
const NAMED: [&str; 15] = [
    "delay",
    "drop-before",
    "drop-after",
    "truncate",
    "html",
    "body",
    "huge",
    "redirect",
    "token-expired",
    "refuse",
    "no-route",
    "openrouter-delay",
    "openrouter-refuses",
    "fail-after-key",
    "fail-after-store",
];

const EFFECTS: &str = "delay=, drop-before, drop-after, truncate, status=, html, body=, huge, redirect=, token-expired, \
    refuse=, no-route, openrouter-delay=, openrouter-refuses=, fail-after-key, fail-after-store";

/// The effects whose value extends to the end of the text, commas included.
const LAST: [&str; 3] = ["body=", "refuse=", "openrouter-refuses="];

/// The comma-separated words after the colon. Each is removed when it is used.
pub(crate) struct Words {
    left: BTreeMap<String, Option<String>>,
}

impl Words {
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut left = BTreeMap::new();
        let mut rest = Some(text);
        while let Some(text) = rest {
            let (word, after) = match text.split_once(',') {
                Some((word, after)) if !LAST.iter().any(|last| text.starts_with(last)) => (word, Some(after)),
                _ => (text, None),
            };
            rest = after;
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word, None),
            };
            if left.insert(name.to_owned(), value).is_some() {
                return Err(format!("{name:?} is given twice"));
            }
        }
        Ok(Self { left })
    }

    /// The effect. `status=` is the effect when it is given alone, and otherwise an option of another.
    pub(crate) fn effect(&mut self) -> Result<Effect, String> {
        let given: Vec<&str> = NAMED.into_iter().filter(|name| self.left.contains_key(*name)).collect();
        match given.as_slice() {
            [] if self.left.contains_key("status") => self.error_status(),
            [] => {
                let word = self.left.keys().next().cloned().unwrap_or_default();
                Err(format!("no effect in {word:?}; allowed: {EFFECTS}"))
            }
            ["drop-after"] => Ok(Effect::Drop), // the word is kept, since it also determines the moment
            [name] if LAST.iter().any(|last| last.strip_suffix('=') == Some(*name)) => self.text_effect(name),
            [name @ ("delay" | "openrouter-delay" | "redirect")] => self.value_effect(name),
            [name] => {
                self.flag(name)?;
                self.flag_effect(name)
            }
            several => Err(format!("only one effect is allowed, not {}", several.join(" and "))),
        }
    }

    /// An effect whose value extends to the end of the text.
    fn text_effect(&mut self, name: &str) -> Result<Effect, String> {
        match name {
            "body" => {
                let status = self.status(200..=599, 200)?;
                Ok(Effect::Body { status, text: self.value("body")? })
            }
            "refuse" => self.refusal(),
            _ => Ok(Effect::OpenRouterRefuses(self.value(name)?)),
        }
    }

    fn value_effect(&mut self, name: &str) -> Result<Effect, String> {
        match name {
            "delay" => Ok(Effect::Delay(self.time(name)?)),
            "openrouter-delay" => Ok(Effect::OpenRouterDelay(self.time(name)?)),
            _ => {
                let status = self.status(301..=308, 302)?;
                Ok(Effect::Redirect { status, to: self.value("redirect")? })
            }
        }
    }

    fn flag_effect(&mut self, name: &str) -> Result<Effect, String> {
        Ok(match name {
            "drop-before" => Effect::Drop,
            "truncate" => Effect::Truncate,
            "token-expired" => Effect::TokenExpired,
            "html" => Effect::Html { status: self.status(200..=599, 502)? },
            "huge" => Effect::Huge { bytes: self.size("size")?.unwrap_or(HUGE) },
            "no-route" => Effect::NoRoute { request_id: self.flag("req-id")? },
            "fail-after-key" => Effect::FailAfterKey,
            "fail-after-store" => match self.status(400..=500, 500)? {
                status @ (400 | 500) => Effect::FailAfterStore { status },
                other => return Err(format!("status=\"{other}\" is not allowed; allowed: 400 and 500")),
            },
            other => return Err(format!("no effect in {other:?}; allowed: {EFFECTS}")),
        })
    }

    fn refusal(&mut self) -> Result<Effect, String> {
        let text = self.value("refuse")?;
        let mut parts = text.splitn(3, '/');
        let status = parts.next().and_then(|status| status.parse().ok()).filter(|status| (400..=599).contains(status));
        match (status, parts.next(), parts.next()) {
            (Some(status), Some(error), Some(message)) if !error.is_empty() => {
                Ok(Effect::Refuse { status, error: error.to_owned(), message: message.to_owned() })
            }
            _ => Err(format!("refuse={text:?} is not allowed; allowed: STATUS/ERROR/MESSAGE with STATUS 400 to 599")),
        }
    }

    fn error_status(&mut self) -> Result<Effect, String> {
        let status = self.status(400..=599, 503)?;
        let seconds = self.number("retry-after", 0..=u32::MAX)?.map(RetryAfter::Seconds);
        let date = self.number("retry-after-date", 0..=u32::MAX)?.map(RetryAfter::Date);
        if seconds.is_some() && date.is_some() {
            return Err("retry-after= and retry-after-date= cannot be combined".to_owned());
        }
        Ok(Effect::Status { status, retry_after: seconds.or(date) })
    }

    /// Removes a word that has no value. Returns whether it was given.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, String> {
        match self.left.remove(name) {
            None => Ok(false),
            Some(None) => Ok(true),
            Some(Some(value)) => Err(format!("{name} takes no value, but {value:?} is given")),
        }
    }

    fn value(&mut self, name: &str) -> Result<String, String> {
        match self.left.remove(name).flatten() {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(format!("{name}= needs a value")),
        }
    }

    fn status(&mut self, allowed: std::ops::RangeInclusive<u16>, default: u16) -> Result<u16, String> {
        Ok(self.number("status", allowed)?.unwrap_or(default))
    }

    pub(crate) fn number<T>(&mut self, name: &str, allowed: std::ops::RangeInclusive<T>) -> Result<Option<T>, String>
    where
        T: FromStr + PartialOrd + Display,
    {
        if !self.left.contains_key(name) {
            return Ok(None);
        }
        let text = self.value(name)?;
        match text.parse() {
            Ok(number) if allowed.contains(&number) => Ok(Some(number)),
            _ => {
                let (least, most) = (allowed.start(), allowed.end());
                Err(format!("{name}={text:?} is not allowed; allowed: {least} to {most}"))
            }
        }
    }

    fn time(&mut self, name: &str) -> Result<Duration, String> {
        let text = self.value(name)?;
        parse_time(&text).ok_or_else(|| format!("{name}={text:?} is not a time; allowed: 200ms, 2s, 1m"))
    }

    fn size(&mut self, name: &str) -> Result<Option<u64>, String> {
        if !self.left.contains_key(name) {
            return Ok(None);
        }
        let text = self.value(name)?;
        let (digits, unit) = split_unit(&text);
        let bytes = match unit {
            "" => Some(1),
            "KiB" => Some(1024),
            "MiB" => Some(1024 * 1024),
            _ => None,
        };
        let size = digits.parse::<u64>().ok().zip(bytes).and_then(|(count, unit)| count.checked_mul(unit));
        size.map(Some).ok_or_else(|| format!("{name}={text:?} is not a size; allowed: 1000, 64KiB, 64MiB"))
    }

    pub(crate) fn nothing_left(&self, fault: &Fault) -> Result<(), String> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(word) => {
                let effect = fault.name();
                Err(format!("{word:?} cannot be combined with {effect}; allowed: {}", options(&fault.effect)))
            }
        }
    }
}

/// The options that an effect may have.
fn options(effect: &Effect) -> String {
    let own: &[&str] = match effect {
        Effect::Status { .. } => &["after", "retry-after=", "retry-after-date="],
        Effect::Html { .. } | Effect::Body { .. } | Effect::Redirect { .. } => &["after", "status="],
        Effect::Huge { .. } => &["after", "size="],
        Effect::Delay(_) | Effect::Refuse { .. } => &["after"],
        Effect::NoRoute { .. } => &["after", "req-id"],
        Effect::FailAfterStore { .. } => &["status="],
        Effect::Drop
        | Effect::Truncate
        | Effect::TokenExpired
        | Effect::OpenRouterDelay(_)
        | Effect::OpenRouterRefuses(_)
        | Effect::FailAfterKey => &[],
    };
    let common = ["skip=", "times=", "every=", "chance=", "seed= (with chance=)"];
    own.iter().copied().chain(common).collect::<Vec<_>>().join(", ")
}

/// Parses a time in the format of the command line: `200ms`, `2s` or `1m`.
#[must_use]
pub fn parse_time(text: &str) -> Option<Duration> {
    let (digits, unit) = split_unit(text);
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(milliseconds).map(Duration::from_millis)
}

fn split_unit(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}
