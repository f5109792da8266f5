//! The core that this test run uses.

use std::{env, path::Path, sync::OnceLock};

use xtask::cores::Core;

/// The core that `cargo xtask test` selected, or else the one that `cargo xtask demo` would use.
pub fn core() -> &'static Core {
    static CORE: OnceLock<Core> = OnceLock::new();
    CORE.get_or_init(|| {
        let found = match env::var_os(xtask::test::CORE_VARIABLE) {
            Some(path) => Core::at(Path::new(&path)),
            None => xtask::cores::any(),
        };
        found.unwrap_or_else(|error| panic!("acceptance tests need a core: {error}"))
    })
}
