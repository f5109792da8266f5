//! The types of a model's fields: what they say about null and unknown.

use super::{Attr, Field};
use crate::path::Path;
use crate::value::{Malformed, Value};

/// The type of a model's field: a [`Field`] that's always set, `Option` of one that may be null, or [`Computed`](crate::Computed)
/// of one that the provider decides.
///
/// ```
/// use tfplug::{Computed, Path, Slot, Value};
///
/// let null = || Value::Null;
/// assert!(String::read(null(), &Path::of("name")).is_err(), "a field without Option is always set");
/// assert_eq!(Option::<String>::read(null(), &Path::of("name")), Ok(None));
/// assert_eq!(Computed::<String>::read(Value::Unknown, &Path::of("id")), Ok(Computed::Unknown));
/// ```
#[diagnostic::on_unimplemented(
    message = "no attribute can hold `{Self}`",
    label = "not the type of an attribute",
    note = "write String, bool, an integer, f64, tfplug::Number, tfplug::Value, an enum with #[derive(Words)], a struct with \
            #[derive(Model)] and #[tf(object)], or Vec, BTreeSet or BTreeMap<String, _> of these",
    note = "around the whole of it, Option<_> is for what may be null and Computed<_> for what the provider decides"
)]
pub trait Slot: Sized {
    /// What it holds when it is known and set.
    type Held: Field;
    /// Whether null is one of its values.
    #[doc(hidden)]
    const TAKES_NULL: bool;

    /// Converts a value that may be null or unknown.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if the value is not of the type, or is null or unknown where the type does not allow it.
    fn read(value: Value, path: &Path) -> Result<Self, Malformed>;

    /// Converts back.
    fn write(self) -> Value;
}

impl<T: Field> Slot for T {
    type Held = Self;
    const TAKES_NULL: bool = false;

    fn read(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            null if null.is_null() => Err(Malformed::at(path, "null where a value is required")),
            open if open.is_unknown() => Err(unknown(path)),
            known => T::from_value(known, path),
        }
    }

    fn write(self) -> Value {
        self.into_value()
    }
}

impl<T: Field> Slot for Option<T> {
    type Held = T;
    const TAKES_NULL: bool = true;

    fn read(value: Value, path: &Path) -> Result<Self, Malformed> {
        match value {
            null if null.is_null() => Ok(None),
            open if open.is_unknown() => Err(unknown(path)),
            known => T::from_value(known, path).map(Some),
        }
    }

    fn write(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }
}

impl<T: Field> Slot for Attr<T> {
    type Held = T;
    const TAKES_NULL: bool = true;

    fn read(value: Value, path: &Path) -> Result<Self, Malformed> {
        Self::from_value(value, path)
    }

    fn write(self) -> Value {
        self.into_value()
    }
}

fn unknown(path: &Path) -> Malformed {
    Malformed::at(path, "unknown where a value is required")
}
