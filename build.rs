//! Refuses a release build that would start slowly or could not be reproduced.

use std::env;
use std::io::{Result, Write as _, stdout};

/// Variables that build scripts and macros of dependencies read, what each has to be, and what happens otherwise.
///
/// The checkout's `.cargo/config.toml` and `cargo xtask` set them. cargo reads that file only when it is started inside the
/// checkout, so `cargo install --git` and `cargo build --manifest-path` from elsewhere would go on without them.
const REQUIRED: [(&str, &str, &str); 2] = [
    ("AWS_LC_SYS_NO_JITTER_ENTROPY", "1", "each start of the provider would take 25 ms longer"),
    ("CONST_RANDOM_SEED", "terraform-provider-infisical", "two builds of the same sources would differ"),
];

fn main() -> Result<()> {
    writeln!(stdout(), "cargo::rerun-if-changed=build.rs")?;
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    for (name, expected, otherwise) in REQUIRED {
        writeln!(stdout(), "cargo::rerun-if-env-changed={name}")?;
        let value = env::var(name).unwrap_or_default();
        if release && value != expected {
            let found = if value.is_empty() { "is not set".to_owned() } else { format!("is {value:?}") };
            writeln!(
                stdout(),
                "cargo::error={name} {found}, so {otherwise}. For a release build, set {name}={expected}, or start cargo \
                 inside the checkout, whose .cargo/config.toml sets it, or use `cargo xtask package` or `cargo xtask install`."
            )?;
        }
    }
    Ok(())
}
