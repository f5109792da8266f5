//! Texts in a format, as attributes: JSON, timestamps, durations, IP addresses, and types of your own.
//!
//! Each type is a string that has been parsed once and keeps its spelling. A configuration in another format is an error of
//! `terraform validate`. A result that means the same as what was planned or stored, such as an IPv6 address that the API has
//! shortened, is no change: the state keeps the spelling, also in sets, lists, maps and nested objects. A changed spelling in the
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
//!
//! All of them are [`Text`] of a [`TextType`], which is a trait for authors, too: its page has a whole example.

mod duration;
mod json;
mod net;
mod text_type;
mod time;

pub use duration::GoDuration;
pub use json::{ExactJson, Json};
pub use net::{Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr};
pub use text_type::{Text, TextType, WrongFormat};
pub use time::Timestamp;

/// The names of the built-in types: `Text<types::Json>` is [`Json`].
///
/// ```
/// use tfplug::text::{Json, Text, types};
///
/// let policy: Text<types::Json> = Json::new("{}").unwrap();
/// assert!(policy.value().is_object());
/// ```
pub mod types {
    pub use super::duration::GoDurationType as GoDuration;
    pub use super::json::{ExactJsonType as ExactJson, JsonType as Json};
    pub use super::net::{Ipv4CidrType as Ipv4Cidr, Ipv4Type as Ipv4, Ipv6CidrType as Ipv6Cidr, Ipv6Type as Ipv6};
    pub use super::time::TimestampType as Timestamp;
}

#[cfg(test)]
mod tests;
