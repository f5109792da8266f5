//! Log records on stderr, in the format that a core reads: one JSON object per line, as hclog writes
//! them. The core filters them and adds them to its own log.

mod panic;
mod record;

use std::error::Error;
use std::ffi::OsString;
use std::io::{self, Write as _};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

pub(crate) use panic::{Panic, catch};
use record::Hclog;

use crate::about::About;

/// Followed by the provider's type name in upper case: the level of the provider's own log.
const OWN_LEVEL: &str = "TF_LOG_PROVIDER_";
/// The core's levels for providers; the first that is set counts.
const CORE_LEVELS: [&str; 2] = ["TF_LOG_PROVIDER", "TF_LOG"];

/// Sends the process's log and its panics to stderr, unless the program or a test has already set up
/// a subscriber.
pub(crate) fn init(about: &About, env: impl Fn(&str) -> Option<OsString>) {
    let layer = Hclog::new(level(about, env), about, |line| {
        // A single write, so that lines never interleave. If stderr is closed, the line is lost.
        drop(io::stderr().lock().write_all(line));
    });
    if tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).is_ok() {
        panic::install();
    }
}

/// The provider's own variable wins. Without it, everything is sent to the core, which filters;
/// but when the core's log is off, only warnings and errors are written.
fn level(about: &About, env: impl Fn(&str) -> Option<OsString>) -> LevelFilter {
    let read = |name: &str| {
        let value = env(name)?.to_string_lossy().trim().to_ascii_uppercase();
        Some(value).filter(|value| !value.is_empty())
    };
    let own = about.type_name().to_ascii_uppercase().replace('-', "_");
    if let Some(own) = read(&format!("{OWN_LEVEL}{own}")) {
        // A value that is not a level, such as JSON, means TRACE, as it does in a core.
        return own.parse().unwrap_or(LevelFilter::TRACE);
    }
    match CORE_LEVELS.into_iter().find_map(read).as_deref() {
        None | Some("OFF") => LevelFilter::WARN,
        Some(_) => LevelFilter::TRACE,
    }
}

/// An error's text and those of all its causes, on one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
pub(crate) const ABOUT: About = About {
    name: "terraform-provider-two-words",
    version: "1.0.0",
    address: "example.com/acme/two-words",
    crates: &["two_words_client"],
    install: "Copy it to the plugin folder.",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn level_with(variables: &[(&str, &str)]) -> LevelFilter {
        level(&ABOUT, |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()))
    }

    #[test]
    fn the_level_is_the_providers_own_else_all_else_warnings() {
        let own = "TF_LOG_PROVIDER_TWO_WORDS";
        for (variables, expected) in [
            (&[][..], LevelFilter::WARN),
            (&[("TF_LOG", "")], LevelFilter::WARN),
            (&[("TF_LOG", "off")], LevelFilter::WARN),
            (&[("TF_LOG", "ERROR")], LevelFilter::TRACE),
            (&[("TF_LOG", "json")], LevelFilter::TRACE),
            (&[("TF_LOG_PROVIDER", "info")], LevelFilter::TRACE),
            (&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")], LevelFilter::WARN),
            (&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "")], LevelFilter::TRACE),
            (&[(own, "debug")], LevelFilter::DEBUG),
            (&[("TF_LOG", "trace"), (own, "Off")], LevelFilter::OFF),
            (&[("TF_LOG", "off"), (own, "json")], LevelFilter::TRACE),
            (&[("TF_LOG_PROVIDER_OTHER", "trace"), ("RUST_LOG", "trace"), ("TF_LOG_CORE", "trace")], LevelFilter::WARN),
        ] {
            assert_eq!(level_with(variables), expected, "{variables:?}");
        }
    }
}
