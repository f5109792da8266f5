//! The functions. Each returns its argument, of one type each.

mod dynamic;
mod objects;
mod plain;

use tfplug::Offers;

use crate::provider::Client;

/// Makes a function that returns its only argument.
macro_rules! echo {
    ($(#[$meta:meta])* $name:ident($parameter:ident: $kind:ty)) => {
        $(#[$meta])*
        #[derive(tfplug::Arguments)]
        pub(super) struct $name {
            /// What the function returns.
            $parameter: $kind,
        }

        impl tfplug::Function for $name {
            type Output = $kind;

            fn call(self) -> Result<$kind, tfplug::FunctionError> {
                Ok(self.$parameter)
            }
        }
    };
}
use echo;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers
        .function::<plain::Bool>("bool")
        .function::<plain::Text>("string")
        .function::<plain::Exact>("number")
        .function::<plain::Int32>("int32")
        .function::<plain::Int64>("int64")
        .function::<plain::Float32>("float32")
        .function::<plain::Float64>("float64")
        .function::<plain::List>("list")
        .function::<plain::Set>("set")
        .function::<plain::Map>("map")
        .function::<plain::Variadic>("variadic")
        .function::<objects::Object>("object")
        .function::<objects::ObjectWithDynamic>("object_with_dynamic")
        .function::<dynamic::Dynamic>("dynamic")
        .function::<dynamic::DynamicVariadic>("dynamic_variadic")
}
