//! Numbers that handlers get as floats.

use tfplug::{Attr, Computed, Model};

use super::echo::Echoed;

/// A 32-bit float.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Single {
    #[tf(optional, computed)]
    float32_attribute: Computed<f32>,
}

impl Echoed for Single {
    fn created(self) -> Self {
        Self { float32_attribute: self.float32_attribute.take().into() }
    }
}

/// A 64-bit float.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Double {
    #[tf(optional, computed)]
    float64_attribute: Computed<f64>,
}

impl Echoed for Double {
    fn created(self) -> Self {
        Self { float64_attribute: Attr::from(self.float64_attribute.take()) }
    }
}
