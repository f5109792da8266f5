//! Warns about a release build that would start slowly.

use std::env;
use std::io::{Result, Write as _, stdout};

/// Read by the build script of the TLS library. The checkout's `.cargo/config.toml` and `cargo xtask` set it; cargo reads
/// that file only when it is started inside the checkout.
const NO_JITTER: &str = "AWS_LC_SYS_NO_JITTER_ENTROPY";

fn main() -> Result<()> {
    writeln!(stdout(), "cargo::rerun-if-changed=build.rs\ncargo::rerun-if-env-changed={NO_JITTER}")?;
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if release && env::var_os(NO_JITTER).is_none() {
        writeln!(
            stdout(),
            "cargo::warning={NO_JITTER} is not set, so each start of the provider takes 25 ms longer. \
             Set it to 1, start cargo inside the checkout, or use `cargo xtask package`."
        )?;
    }
    Ok(())
}
