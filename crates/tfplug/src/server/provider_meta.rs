//! The `provider_meta` block of the module that a resource or data source is in.

use super::{Call, convert};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::proto::tfplugin6::DynamicValue;
use crate::provider::Offers;
use crate::schema;
use crate::type_erasure::Described as _;

impl<C> Call<C> {
    /// The same call for an object in a module with this block. A core checks only the types of the block, so its rules are
    /// checked here. A provider without a schema for it is sent none.
    pub(super) fn in_module(self, offers: &Offers<C>, block: Option<&DynamicValue>) -> Result<Self, Diagnostics> {
        let Some(declared) = &offers.provider_meta else { return Ok(self) };
        let block = convert::decode(block, declared.value_type())?;
        let found = schema::validate(declared.schema(), &block, true);
        if found.has_errors() {
            return Err(found.into_iter().filter(|one| one.severity() == Severity::Error).map(in_block).collect());
        }
        Ok(Self { provider_meta: block, ..self })
    }
}

/// The core would look for the path in the resource.
fn in_block(error: Diagnostic) -> Diagnostic {
    let detail = format!("In the provider_meta block of the module: {}", error.detail());
    Diagnostic::error(error.summary(), detail)
}
