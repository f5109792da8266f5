//! A computed attribute whose type changes.

use tfplug::{Computed, Model, Value};

use super::echo::Echoed;

/// Decides a value of one type when it is created, and of another when it is updated.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Changing {
    #[tf(required)]
    required_dynamic: Value,
    #[tf(computed)]
    computed_dynamic_type_changes: Computed<Value>,
}

impl Echoed for Changing {
    fn created(self) -> Self {
        Self { computed_dynamic_type_changes: Value::from(true).into_dynamic().into(), ..self }
    }

    fn updated(self) -> Self {
        Self { computed_dynamic_type_changes: Value::from(200).into_dynamic().into(), ..self }
    }
}
