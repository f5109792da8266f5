//! Which field types accept which rules, checked by the compiler.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attr, Slot};
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
all!(Numeric: i64, i32, i16, u32, u16, u8, f64, Number);
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
