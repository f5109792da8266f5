//! Tests of the provider as a whole.

use crate::provider::Framework;

#[test]
fn no_core_rejects_the_schemas() {
    assert_eq!(tfplug::problems(&Framework), Vec::<String>::new());
}
