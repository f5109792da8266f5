//! `framework_schema`: attributes and blocks of all types.

use tfplug::Model;

use super::echo::Echoed;
use crate::all_types::AllTypes;

/// Has an attribute or block of each type.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Everything {
    #[tf(flatten)]
    all: AllTypes,
}

impl Echoed for Everything {}
