//! Functions: what a configuration calls as `provider::NAME::FUNCTION(…)`.

mod arguments;
mod definition;
mod error;

use std::marker::PhantomData;

pub use arguments::{Argument, ArgumentValues, Arguments, Documentation, ParameterSpec, Variadic};
pub(crate) use definition::{Checked, Definition, Parameter};
pub use error::FunctionError;

use crate::model::Slot;
use crate::type_erasure::fitted;
use crate::value::Value;

/// A function of the provider: the struct has one field for each parameter, and derives
/// [`Arguments`](derive@crate::Arguments).
///
/// A function is pure. The core calls it before the provider is configured, and fails if two calls with equal arguments have
/// different results.
///
/// ```
/// use tfplug::{Arguments, Function, FunctionError, Offers};
///
/// /// Repeats a text.
/// ///
/// /// The results of a run are compared, so the text is repeated equally often each time.
/// #[derive(Arguments)]
/// struct Repeat {
///     /// What to repeat.
///     text: String,
///     /// How often.
///     #[tf(range(0..=1000))]
///     times: u16,
///     /// What to put between two of them.
///     separator: Option<String>,
/// }
///
/// impl Function for Repeat {
///     type Output = String;
///
///     fn call(self) -> Result<String, FunctionError> {
///         if self.text.is_empty() {
///             return Err(FunctionError::new("there is nothing to repeat").at("text"));
///         }
///         let all = vec![self.text; self.times.into()];
///         Ok(all.join(&self.separator.unwrap_or_default()))
///     }
/// }
///
/// let offers: Offers<()> = Offers::new().function::<Repeat>("repeat");
/// ```
///
/// With the feature `testing`, `testing::Harness::call` calls it as a core does.
pub trait Function: Arguments {
    /// The type of the result: a [`Field`](crate::Field), `Option` of one for a result that may be null, or
    /// [`Value`](crate::Value) for a result whose type depends on the arguments.
    type Output: Slot;

    /// Computes the result.
    ///
    /// # Errors
    ///
    /// Why there is none. An error [at a parameter](FunctionError::at) is shown at the argument in the configuration.
    fn call(self) -> Result<Self::Output, FunctionError>;
}

/// A [`Function`] with its types erased.
pub(crate) trait AnyFunction: Send + Sync {
    fn definition(&self) -> &Definition;
    /// Calls the function with one value for each argument, as [`Definition::check`] lets them through.
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// A function together with its definition, which is built once.
pub(crate) struct Erased<F> {
    definition: Definition,
    function: PhantomData<fn() -> F>,
}

impl<F: Function> Erased<F> {
    pub(crate) fn new() -> Self {
        Self { definition: Definition::of::<F, <F::Output as Slot>::Held>(), function: PhantomData }
    }
}

impl<F: Function> AnyFunction for Erased<F> {
    fn definition(&self) -> &Definition {
        &self.definition
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let has_unknowns = arguments.iter().any(|argument| !argument.unknowns().is_empty());
        match F::read(&mut ArgumentValues::new(arguments)) {
            Ok(arguments) => Ok(fitted(arguments.call()?.write(), &self.definition.result)),
            // Inside an argument whose type allows only for an unknown whole.
            Err(_) if has_unknowns => Ok(Value::Unknown),
            Err(error) => Err(error),
        }
    }
}
