//! Paths to values in a configuration or state.

use std::fmt;

/// One step from a value to a value inside it.
///
/// ```
/// use tfplug::{Path, Step};
///
/// /// The name of the attribute at the top, for an error message.
/// fn top(path: &Path) -> Option<&str> {
///     match path.steps().first() {
///         Some(Step::Attribute(name)) => Some(name),
///         _ => None,
///     }
/// }
///
/// assert_eq!(top(&Path::of("keys").index(0).attribute("hash")), Some("keys"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Into the attribute of an object or block.
    Attribute(String),
    /// Into the element of a map.
    Key(String),
    /// Into the element of a list or tuple, counted from 0.
    Index(i64),
}

impl Step {
    /// Into the element of a list at this position.
    pub(crate) fn index(position: usize) -> Self {
        #[expect(clippy::expect_used, reason = "a list in memory has fewer than 2^63 elements")]
        let index = i64::try_from(position).expect("an index of a list");
        Self::Index(index)
    }
}

/// The path from the root of a resource to one of its values; empty for the resource as a whole.
///
/// ```
/// use tfplug::Path;
///
/// assert_eq!(Path::of("parameters").attribute("limit").to_string(), "parameters.limit");
/// assert_eq!(Path::of("tags").key("a").to_string(), r#"tags["a"]"#);
/// ```
///
/// The protocol has no step into a set: a value inside one is addressed by the set itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The root: the resource, data source or provider block itself.
    ///
    /// ```
    /// use tfplug::Path;
    ///
    /// assert_eq!(Path::root().attribute("name"), Path::of("name"));
    /// assert!(Path::root().steps().is_empty());
    /// ```
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// The top-level attribute of that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::root().attribute(name)
    }

    /// One step further, into an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        self.with(Step::Attribute(name.to_owned()))
    }

    /// One step further, into the element of a map.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// One step further, into the element of a list, counted from 0.
    ///
    /// ```
    /// use tfplug::Path;
    ///
    /// assert_eq!(Path::of("keys").index(2).attribute("hash").to_string(), "keys[2].hash");
    /// ```
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::index(index))
    }

    /// The steps, from the root.
    ///
    /// ```
    /// use tfplug::{Path, Step};
    ///
    /// let steps = [Step::Attribute("tags".to_owned()), Step::Key("a".to_owned())];
    /// assert_eq!(Path::of("tags").key("a").steps(), steps);
    /// assert_eq!(Path::from_iter(steps), Path::of("tags").key("a"));
    /// ```
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl FromIterator<Step> for Path {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        Self(steps.into_iter().collect())
    }
}

/// As a user would write it: `parameters.limit`, `tags["a"]`, `keys[0]`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if position == 0 => write!(f, "{name}")?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_in_a_configuration() {
        assert_eq!(Path::root().to_string(), "");
        assert_eq!(Path::of("parameters").attribute("limit").to_string(), "parameters.limit");
        assert_eq!(Path::of("tags").key("a b").to_string(), r#"tags["a b"]"#);
        assert_eq!(Path::of("keys").index(2).attribute("hash").to_string(), "keys[2].hash");
    }
}
