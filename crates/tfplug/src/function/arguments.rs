//! The arguments of a function: from values to the fields of a struct and back.

use super::FunctionError;
use crate::model::{Attr, Entry, Field, Slot};
use crate::path::Path;
use crate::value::Value;

/// The arguments of a function: a struct with one field for each parameter, made by [`derive(Arguments)`](derive@crate::Arguments).
///
/// ```
/// use tfplug::Arguments;
///
/// /// Cuts a text.
/// #[derive(Arguments)]
/// struct Cut {
///     /// The text.
///     text: String,
///     /// Where to begin, counted from 0. The default is the begin.
///     start: Option<u16>,
///     /// What marks each cut, none or more of them.
///     #[tf(variadic)]
///     marks: Vec<String>,
/// }
/// ```
pub trait Arguments: Sized + 'static {
    /// The parameters, in order.
    #[doc(hidden)]
    const PARAMETERS: &'static [ParameterSpec];
    /// Whether the last parameter takes all further arguments.
    #[doc(hidden)]
    const IS_VARIADIC: bool;

    /// What the documentation says about the function.
    #[doc(hidden)]
    fn documentation() -> Documentation;

    /// Fills the fields.
    #[doc(hidden)]
    fn read(arguments: &mut ArgumentValues) -> Result<Self, FunctionError>;

    /// Converts the fields back to arguments.
    #[doc(hidden)]
    fn write(self, arguments: &mut Vec<Value>);
}

/// A parameter as data.
#[doc(hidden)]
pub struct ParameterSpec {
    /// Its name.
    pub name: &'static str,
    /// Its type and rules, as of an attribute.
    pub entry: Entry,
    /// Whether the function is called with null.
    pub allows_null: bool,
    /// Whether the function is called with unknown values.
    pub allows_unknown: bool,
}

/// What the documentation says about a function.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Documentation {
    /// One line.
    pub summary: String,
    /// Markdown.
    pub description: String,
    /// What to use instead.
    pub deprecated: Option<String>,
}

/// The type of a parameter: a [`Field`] that is neither null nor unknown, `Option` of one that may be null, or
/// [`Attr`](crate::Attr) of one that may be null or unknown.
///
/// With an unknown argument for any other parameter, the result of the function is unknown, and it is not called.
///
/// ```
/// use tfplug::{Argument, Attr};
///
/// fn may_be<A: Argument>() -> (bool, bool) {
///     (A::ALLOWS_NULL, A::ALLOWS_UNKNOWN)
/// }
///
/// assert_eq!(may_be::<String>(), (false, false));
/// assert_eq!(may_be::<Option<String>>(), (true, false));
/// assert_eq!(may_be::<Attr<String>>(), (true, true));
/// ```
pub trait Argument: Slot {
    /// Whether the function is called with null.
    const ALLOWS_NULL: bool;
    /// Whether the function is called with unknown values.
    const ALLOWS_UNKNOWN: bool;
}

impl<T: Field> Argument for T {
    const ALLOWS_NULL: bool = false;
    const ALLOWS_UNKNOWN: bool = false;
}

impl<T: Field> Argument for Option<T> {
    const ALLOWS_NULL: bool = true;
    const ALLOWS_UNKNOWN: bool = false;
}

impl<T: Field> Argument for Attr<T> {
    const ALLOWS_NULL: bool = true;
    const ALLOWS_UNKNOWN: bool = true;
}

/// The type of a variadic parameter: a `Vec` of [`Argument`]s.
///
/// ```
/// use tfplug::{Arguments, Function, FunctionError};
///
/// /// Adds numbers.
/// #[derive(Arguments)]
/// struct Sum {
///     /// The numbers.
///     #[tf(variadic)]
///     numbers: Vec<i64>,
/// }
///
/// impl Function for Sum {
///     type Output = i64;
///
///     fn call(self) -> Result<i64, FunctionError> {
///         self.numbers.iter().try_fold(0_i64, |sum, one| sum.checked_add(*one)).ok_or_else(|| FunctionError::new("the sum is too large"))
///     }
/// }
///
/// assert_eq!(Sum { numbers: vec![1, 2, 3] }.call(), Ok(6));
/// ```
#[diagnostic::on_unimplemented(
    message = "a variadic parameter cannot be of the type `{Self}`",
    label = "not the type of a variadic parameter",
    note = "write Vec<T>, where T is the type of one argument"
)]
pub trait Variadic: Sized {
    /// The type of one argument.
    type Element: Argument;

    /// Makes the collection.
    fn from_elements(elements: Vec<Self::Element>) -> Self;

    /// Converts it back.
    fn into_elements(self) -> Vec<Self::Element>;
}

impl<S: Argument> Variadic for Vec<S> {
    type Element = S;

    fn from_elements(elements: Self) -> Self {
        elements
    }

    fn into_elements(self) -> Self {
        self
    }
}

/// The values that are still to be read.
#[doc(hidden)]
pub struct ArgumentValues(std::vec::IntoIter<Value>);

impl ArgumentValues {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next argument.
    pub fn next<S: Argument>(&mut self, parameter: &'static str) -> Result<S, FunctionError> {
        read(self.0.next().unwrap_or(Value::Null)).map_err(|error| error.at(parameter))
    }

    /// All further arguments.
    pub fn rest<V: Variadic>(&mut self, parameter: &'static str) -> Result<V, FunctionError> {
        let elements = self.0.by_ref().enumerate();
        let elements = elements.map(|(at, value)| read(value).map_err(|error| error.at_element(parameter, at)));
        elements.collect::<Result<_, _>>().map(V::from_elements)
    }
}

/// What does not fit a type although it fits the schema is a bug. The message for it would have numbers of the value and keys of
/// maps, any of which may be secret.
fn read<S: Slot>(value: Value) -> Result<S, FunctionError> {
    let unreadable = |_| FunctionError::new(format!("cannot be read as {}", S::Held::value_type().to_json()));
    S::read(value, &Path::root()).map_err(unreadable)
}
