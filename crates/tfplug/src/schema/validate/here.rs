//! The position of the value that is being checked.

use std::fmt;

use crate::path::{Path, Step};

/// Where the walk is. A path is made of it only for an error.
pub(super) enum Here<'a> {
    Root,
    Attribute(&'a Here<'a>, &'a str),
    /// An element of a collection; without a step, what is in a set or in a single object.
    Element(&'a Here<'a>, Option<&'a Step>),
}

impl Here<'_> {
    pub(super) fn path(&self) -> Path {
        match self {
            Self::Root => Path::root(),
            Self::Attribute(parent, name) => parent.path().attribute(name),
            Self::Element(parent, step) => parent.path().steps().iter().chain(*step).cloned().collect(),
        }
    }
}

impl fmt::Display for Here<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}
