//! Which field types accept which rules, checked by the compiler.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attr, Object, Slot};
use crate::value::Number;

/// Text.
#[diagnostic::on_unimplemented(
    message = "a rule for text is used on a field of type `{Self}`",
    label = "is not text",
    note = "`length`, `non_empty`, `without_nul`, `one_of` and defaults in quotes are for String; an enum with \
            #[derive(Words)] needs no rule and takes a default such as `default = Reset::Never`"
)]
pub trait Text {}

/// Text, or texts in a collection.
#[diagnostic::on_unimplemented(
    message = "`without_nul` is used on a field of type `{Self}`",
    label = "has no text",
    note = "`without_nul` is for String, and for lists, sets and maps"
)]
pub trait Texts {}

/// Numbers.
#[diagnostic::on_unimplemented(
    message = "a rule for numbers is used on a field of type `{Self}`",
    label = "is not a number",
    note = "`range`, `above` and defaults such as `30` are for integers, f64 and tfplug::Number"
)]
pub trait Numeric {}

/// `bool`.
#[diagnostic::on_unimplemented(
    message = "a default of true or false is used on a field of type `{Self}`",
    label = "is not a bool",
    note = "write a default of the field's type"
)]
pub trait Bool {}

/// Lists, which `set` turns into sets.
#[diagnostic::on_unimplemented(
    message = "`set` is used on a field of type `{Self}`",
    label = "is not a list",
    note = "`set` makes a set of what would be a list: write `Vec<_>`, or BTreeSet<_> without `set`"
)]
pub trait Sequence {}

/// What a block holds: one object, or a list, set or map of objects.
#[diagnostic::on_unimplemented(
    message = "`block` is used on a field of type `{Self}`",
    label = "cannot be written as a block",
    note = "a block is a struct that derives Model with #[tf(object)]: write Option<_> for one that may be left out, \
            Vec<_> for a list, BTreeSet<_> for a set, and BTreeMap<String, _> for blocks with a label"
)]
pub trait Blocks {}

impl<O: Object> Blocks for O {}
impl<O: Object> Blocks for Option<O> {}
impl<O: Object> Blocks for Vec<O> {}
impl<O: Object + Ord> Blocks for BTreeSet<O> {}
impl<O: Object> Blocks for BTreeMap<String, O> {}
impl<O: Object> Blocks for Attr<O> {}
impl<O: Object> Blocks for Attr<Vec<O>> {}
impl<O: Object + Ord> Blocks for Attr<BTreeSet<O>> {}
impl<O: Object> Blocks for Attr<BTreeMap<String, O>> {}

/// What has elements.
#[diagnostic::on_unimplemented(
    message = "a rule for elements is used on a field of type `{Self}`",
    label = "has no elements",
    note = "`items` and `each` are for lists, sets and maps; `length` counts the characters of a string"
)]
pub trait Elements {}

macro_rules! elements {
    ($($kind:ty),*) => {
        $(impl<S: Slot> Elements for $kind {}
        impl<S: Slot> Elements for Option<$kind> {}
        impl<S: Slot> Elements for Attr<$kind> {})*
    };
}

elements!(Vec<S>, BTreeSet<S>, BTreeMap<String, S>);

macro_rules! collections {
    ($($kind:ty),*) => {
        $(impl<S: Slot> Texts for $kind {}
        impl<S: Slot> Texts for Option<$kind> {}
        impl<S: Slot> Texts for Attr<$kind> {})*
    };
}

macro_rules! all {
    ($name:ident: $($kind:ty),*) => {
        $(impl $name for $kind {}
        impl $name for Option<$kind> {}
        impl $name for Attr<$kind> {})*
    };
}

all!(Text: String);
all!(Texts: String);
all!(Numeric: i64, i32, i16, u32, u16, u8, f32, f64, Number);
all!(Bool: bool);
collections!(Vec<S>, BTreeSet<S>, BTreeMap<String, S>);
impl<S: Slot> Sequence for Vec<S> {}
impl<S: Slot> Sequence for Option<Vec<S>> {}
impl<S: Slot> Sequence for Attr<Vec<S>> {}

/// Compiles for text.
pub const fn takes_text<T: Text>() {}

/// Compiles for text and collections.
pub const fn takes_texts<T: Texts>() {}

/// Compiles for numbers.
pub const fn takes_number<T: Numeric>() {}

/// Compiles for `bool`.
pub const fn takes_bool<T: Bool>() {}

/// Compiles for sequences.
pub const fn takes_set<T: Sequence>() {}

/// Compiles for objects and collections of objects.
pub const fn takes_blocks<T: Blocks>() {}

/// Compiles for lists, sets and maps.
pub const fn takes_elements<T: Elements>() {}
