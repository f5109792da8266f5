//! Tests of the provider without a core.

#[cfg(feature = "testing")]
mod actions;
#[cfg(feature = "testing")]
mod functions;
#[cfg(feature = "testing")]
mod state_stores;

use crate::provider::Framework;

#[test]
fn no_core_rejects_the_schemas() {
    assert_eq!(tfplug::problems(&Framework), Vec::<String>::new());
}
