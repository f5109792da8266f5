//! Calls of functions.

use tonic::Request;

use super::{Harness, answered, messages};
use crate::diagnostic::Diagnostics;
use crate::function::{Definition, Function, FunctionError};
use crate::model::Slot as _;
use crate::path::Path;
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::provider::Provider;
use crate::type_erasure::fitted;
use crate::value::Value;

impl<P: Provider> Harness<P> {
    /// Calls a function.
    ///
    /// ```
    /// # use tfplug::{Arguments, Diagnostics, Function, FunctionError, Model, Offers, Provider, Setup};
    /// # /// Counts.
    /// # #[derive(Model)]
    /// # #[tf(provider)]
    /// # struct Block {}
    /// # struct Text;
    /// # impl Provider for Text {
    /// #     type Client = ();
    /// #     type Config = Block;
    /// #     async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> { Ok(Some(())) }
    /// #     fn offers(&self) -> Offers<()> { Offers::new().function::<Upper>("upper") }
    /// # }
    /// use tfplug::testing::Harness;
    ///
    /// /// Converts a text to upper case.
    /// #[derive(Arguments)]
    /// struct Upper {
    ///     /// What to convert.
    ///     #[tf(non_empty)]
    ///     text: String,
    /// }
    ///
    /// impl Function for Upper {
    ///     type Output = String;
    ///
    ///     fn call(self) -> Result<String, FunctionError> {
    ///         Ok(self.text.to_uppercase())
    ///     }
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let tf = Harness::new(Text);
    /// assert_eq!(tf.call("upper", Upper { text: "a".into() }).await.unwrap(), "A");
    /// let refused = tf.call("upper", Upper { text: "".into() }).await.unwrap_err();
    /// assert_eq!(refused.parameter(), Some("text"));
    /// # });
    /// ```
    ///
    /// # Errors
    ///
    /// The error of the function, or of the rules of its parameters, and what a core would reject in its response.
    pub async fn call<F: Function>(&self, name: &str, arguments: F) -> Result<F::Output, FunctionError> {
        let mut values = Vec::new();
        arguments.write(&mut values);
        let result = self.call_with(name, values).await?;
        F::Output::read(result, &Path::root()).map_err(|error| messages::broken(&error.to_string()).into())
    }

    /// Calls a function with arguments that may be null or unknown, and may be of the wrong types or too few.
    ///
    /// # Errors
    ///
    /// As for [`Self::call`].
    pub async fn call_with(&self, name: &str, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let function = super::found(&self.server.offers().functions, name)?;
        let definition = function.definition();
        let arguments = arguments.into_iter().enumerate().map(|(at, value)| encoded(definition, at, value));
        let arguments = arguments.collect::<Result<_, Diagnostics>>()?;
        let request = pb::call_function::Request { name: name.to_owned(), arguments };
        let answer = answered(self.server.call_function(Request::new(request)).await)?;
        match answer.error {
            Some(error) => Err(reported(definition, error)),
            None => Ok(messages::decode(answer.result.as_ref(), &definition.result)?),
        }
    }
}

fn encoded(definition: &Definition, at: usize, value: Value) -> Result<pb::DynamicValue, Diagnostics> {
    match definition.parameter(at) {
        Some(parameter) => {
            let value = fitted(value, &parameter.value_type);
            Ok(messages::encode(&value, &parameter.value_type)?.unwrap_or_default())
        }
        None => Ok(pb::DynamicValue::default()),
    }
}

fn reported(definition: &Definition, error: pb::FunctionError) -> FunctionError {
    let text = FunctionError::new(error.text);
    let Some(position) = error.function_argument.and_then(|position| usize::try_from(position).ok()) else {
        return text;
    };
    match definition.parameter(position) {
        Some(parameter) => text.at_element(parameter.name, position.saturating_sub(definition.positional().len())),
        None => text,
    }
}
