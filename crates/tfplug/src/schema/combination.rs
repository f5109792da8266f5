//! Rules about several attributes of one object at once, as data.

/// A rule about several attributes of a resource, a block or a nested object. What is not known yet may be set or not.
///
/// ```
/// use tfplug::schema::{Combination, Schema, string};
///
/// let schema = Schema::new("")
///     .attribute("id", string())
///     .attribute("name", string())
///     .attribute("folder", string())
///     .combination(Combination::ExactlyOneOf(&["id", "name"]))
///     .combination(Combination::Together(&["name", "folder"]));
/// assert!(schema.problems().is_empty());
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Combination {
    /// One of these must be set, and no other.
    ExactlyOneOf(&'static [&'static str]),
    /// No two of these may be set: they conflict.
    AtMostOneOf(&'static [&'static str]),
    /// Some of these must be set.
    AtLeastOneOf(&'static [&'static str]),
    /// All of these must be set, or none.
    Together(&'static [&'static str]),
    /// The first one works, but a plan and a state have its value: a warning names the second one, which is write-only.
    PreferWriteOnly(&'static str, &'static str),
}

impl Combination {
    /// The attributes that it names.
    pub(super) fn names(&self) -> Vec<&'static str> {
        match self {
            Self::ExactlyOneOf(names)
            | Self::AtMostOneOf(names)
            | Self::AtLeastOneOf(names)
            | Self::Together(names) => names.to_vec(),
            Self::PreferWriteOnly(first, second) => vec![first, second],
        }
    }
}
