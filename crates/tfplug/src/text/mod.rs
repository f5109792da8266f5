//! Texts in a format, as attributes: JSON, timestamps, durations and IP addresses.
//!
//! Each type is a string that has been parsed once and keeps its spelling. A configuration in another format is an error of
//! `terraform validate`. A result that means the same as what was planned or stored, such as an IPv6 address that the API has
//! shortened, is no change: the state keeps the spelling, also in sets, lists and nested objects. A changed spelling in the
//! configuration is planned as a change, unless the attribute has the rule `any_spelling`.
//!
//! ```
//! use std::time::Duration;
//! use tfplug::{Model, text};
//!
//! /// A route.
//! #[derive(Model)]
//! #[tf(object)]
//! struct Route {
//!     /// Where it leads.
//!     #[tf(required, any_spelling)]
//!     network: text::Ipv6Cidr,
//!     /// Whom it is for.
//!     policy: Option<text::Json>,
//!     /// How long it lasts.
//!     #[tf(default = "1h30m")]
//!     lifetime: text::GoDuration,
//! }
//!
//! let lifetime: text::GoDuration = "90m".parse().unwrap();
//! assert_eq!(lifetime.duration(), Some(Duration::from_secs(5400)));
//! assert!(lifetime.means_the_same(&"1h30m".parse().unwrap()));
//! assert_eq!(text::Ipv6Cidr::new("2001:db8::").unwrap_err().summary(), "Invalid IPv6 CIDR String Value");
//! ```

mod duration;
mod json;
mod net;
mod time;

pub use duration::GoDuration;
pub use json::{ExactJson, Json};
pub use net::{Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr};
pub use time::Timestamp;

use crate::schema::Format;

/// A string that is not in the format of its type.
///
/// It does not contain the string, which may be a secret.
#[derive(Clone, Copy, Debug)]
pub struct WrongFormat(&'static Format);

impl WrongFormat {
    /// The summary of the error that a configuration gets.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.0.summary
    }
}

impl std::fmt::Display for WrongFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: allowed is {}", self.0.summary, self.0.allowed)
    }
}

impl std::error::Error for WrongFormat {}

/// Declares a type of text: `parse` gives `None` for another format, and `equal` compares what was parsed.
macro_rules! text_type {
    (
        $(#[$doc:meta])*
        $name:ident: $parsed:ty = $parse:path;
        $summary:literal, $allowed:literal
    ) => {
        $(#[$doc])*
        ///
        /// `==` compares the spelling, and `means_the_same` the meaning. `Debug` does not show the text, which may be a secret.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            const FORMAT: crate::schema::Format = crate::schema::Format {
                summary: $summary,
                allowed: $allowed,
                accepts: |text| Self::read(text).is_some(),
            };

            /// Parses the text, and keeps its spelling.
            ///
            /// # Errors
            ///
            /// [`WrongFormat`](super::WrongFormat) if it is in another format.
            pub fn new(text: impl Into<String>) -> Result<Self, super::WrongFormat> {
                let text = text.into();
                if Self::read(&text).is_some() { Ok(Self(text)) } else { Err(super::WrongFormat(&Self::FORMAT)) }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether both mean the same, in whatever spelling.
            #[must_use]
            pub fn means_the_same(&self, other: &Self) -> bool {
                matches!((self.parsed(), other.parsed()), (Some(one), Some(other)) if one == other)
            }

            fn read(text: &str) -> Option<$parsed> {
                $parse(text)
            }

            fn parsed(&self) -> Option<$parsed> {
                Self::read(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = super::WrongFormat;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl crate::model::rule_targets::Text for $name {}
        impl crate::model::rule_targets::Text for Option<$name> {}
        impl crate::model::rule_targets::Text for crate::Attr<$name> {}

        impl crate::Field for $name {
            type Open = Self;

            fn value_type() -> crate::Type {
                crate::Type::String
            }

            fn from_value(value: crate::Value, path: &crate::Path) -> Result<Self, crate::value::Malformed> {
                let parsed = value.as_str().map(Self::new);
                parsed.and_then(Result::ok).ok_or_else(|| crate::value::Malformed::at(path, concat!("not ", $allowed)))
            }

            fn into_value(self) -> crate::Value {
                crate::Value::string(self.0)
            }

            fn attribute(_: crate::__private::View) -> crate::schema::Attribute {
                let equal = |one: &crate::Value, other: &crate::Value| {
                    let parsed = |value: &crate::Value| value.as_str().and_then(Self::read);
                    matches!((parsed(one), parsed(other)), (Some(one), Some(other)) if one == other)
                };
                crate::schema::string().check(crate::schema::Check::Format(&Self::FORMAT)).result_equals(equal)
            }
        }
    };
}
use text_type;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, validate};
    use crate::value::Value;
    use crate::{Field, Path};

    /// Texts of one type: groups of those that mean the same, and texts in another format.
    fn check<T: Field + Clone + std::fmt::Display>(summary: &str, same: &[&[&str]], wrong: &[&str]) {
        let attribute = T::attribute(crate::model::View::AsWritten);
        let equal = |one: &str, other: &str| {
            let schema = Schema::new("").attribute("text", attribute.clone());
            let of = |text: &str| Value::object([("text", Value::from(text))]);
            crate::schema::keep_spelling(schema.all(), &of(one), of(other)) == of(one)
        };
        for (at, group) in same.iter().enumerate() {
            for text in *group {
                let read =
                    T::from_value((*text).into(), &Path::root()).unwrap_or_else(|_| panic!("{text} is in the format"));
                assert_eq!(read.to_string(), *text, "the spelling is kept");
                assert_eq!(read.into_value(), (*text).into());
                assert!(group.iter().all(|other| equal(text, other)), "{text} means the same as {group:?}");
                let others = same.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, group)| *group);
                others.for_each(|other| assert!(!equal(text, other), "{text} differs from {other}"));
            }
        }
        for text in wrong {
            let schema = Schema::new("").attribute("text", attribute.clone());
            let found = validate(&schema, &Value::object([("text", Value::from(*text))]), true);
            assert_eq!(found.iter().map(|one| one.summary()).collect::<Vec<_>>(), [summary], "{text:?}");
            assert!(T::from_value((*text).into(), &Path::root()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn texts_mean_the_same_in_each_spelling_and_other_formats_are_refused() {
        check::<Json>(
            "Invalid JSON String Value",
            &[&[r#"{"a":1,"b":[true]}"#, "{ \"b\": [ true ],\n\"a\": 1}"], &["1"], &["1.0"], &["null"], &[r#""a""#]],
            &["", "test value", "{", "1 2", "{'a': 1}"],
        );
        check::<ExactJson>("Invalid JSON String Value", &[&["1"], &["1 "], &["[1]"], &["[1 ]"]], &["[", "x"]);
        check::<Timestamp>(
            "Invalid RFC3339 String Value",
            &[
                &["1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520+00:00", "1985-04-13T00:20:50.52+01:00"],
                &["1985-04-12T23:20:50Z"],
            ],
            &["", "1985-04-12", "1985-04-12 23:20", "1985-13-12T23:20:50Z", "now"],
        );
        check::<GoDuration>(
            "Invalid Time Duration String Value",
            &[
                &["1h2m3s", "3723s", "62m3s"],
                &["30m", "0.5h", "1800s"],
                &["0", "0s", "-0ms"],
                &["-1.5h", "-90m"],
                &["1us", "1µs"],
            ],
            &["", "1", "1x", "h", "1h-2m", ".s", "1 h", "99999999999h"],
        );
        check::<Ipv4>(
            "Invalid IPv4 Address String Value",
            &[&["192.0.2.146"]],
            &["", "192.0.2", "::1", "192.0.2.01", "1.2.3.4/8"],
        );
        check::<Ipv6>(
            "Invalid IPv6 Address String Value",
            &[
                &["::", "0:0:0:0:0:0:0:0"],
                &["2001:0DB8:0000:0000:0008:0800:200C:417A", "2001:db8::8:800:200c:417a"],
                &["0:0:0:0:0:FFFF:192.168.255.255", "::ffff:c0a8:ffff"],
            ],
            &["", "192.0.2.146", "::g", "::/64", "fe80::1%eth0"],
        );
        check::<Ipv4Cidr>(
            "Invalid IPv4 CIDR String Value",
            &[&["192.0.2.146/24"], &["192.0.2.0/24"]],
            &["192.0.2.1", "1.2.3.4/33", "::/8", "1.2.3.4/+8", "1.2.3.4/08"],
        );
        check::<Ipv6Cidr>(
            "Invalid IPv6 CIDR String Value",
            &[&["::/64", "0::0/64"], &["::/65"], &["1050:0000:0000:0000:0005:0600:300c:326b/64"]],
            &["::", "::/129", "1.2.3.4/8", "test value"],
        );
    }

    #[test]
    fn a_text_is_not_shown_where_it_is_printed_for_debugging() {
        assert_eq!(format!("{:?}", Json::new("[1]").unwrap()), "Json(..)");
        let error = Json::new("secret").unwrap_err();
        assert_eq!(error.to_string(), "Invalid JSON String Value: allowed is JSON text");
    }
}
