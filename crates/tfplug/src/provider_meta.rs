//! `provider_meta`: what a module says about itself to the providers that it uses.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::ProviderMetaModel;
use crate::value::Value;

/// What the module of a resource or data source says in its `provider_meta` block; `None` if it has none, and in a plan while
/// the block is not known.
pub(crate) fn of_module<M: ProviderMetaModel>(block: &Value) -> Result<Option<M>, Diagnostics> {
    let Value::Object(members) = block else { return Ok(None) };
    M::configured(members.clone()).map_err(|error| {
        let detail = format!("The provider_meta block does not fit the model that reads it: {error}.");
        Diagnostic::bug(detail).into()
    })
}
