//! Functions of values of any type.

use tfplug::{Arguments, Function, FunctionError, Type, Value};

use super::echo;

echo! {
    /// Returns a value of any type, with its type.
    Dynamic(dynamic_param: Value)
}

/// Returns its arguments as a tuple.
#[derive(Arguments)]
pub(super) struct DynamicVariadic {
    /// What the tuple has.
    #[tf(variadic)]
    dynamic_variadic_param: Vec<Value>,
}

impl Function for DynamicVariadic {
    type Output = Value;

    fn call(self) -> Result<Value, FunctionError> {
        let elements = self.dynamic_variadic_param.into_iter().map(|element| match element {
            Value::Dynamic(pair) => *pair,
            other => (Type::Dynamic, other),
        });
        let (types, values) = elements.unzip();
        Ok(Value::Dynamic(Box::new((Type::Tuple(types), Value::Tuple(values)))))
    }
}
