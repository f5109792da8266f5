//! Compiles the wire contracts in `proto/` to Rust, without a system `protoc`.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::{env, fs};

use prost::Message as _;

/// The package carries the contracts itself; a checkout on a system without symbolic links finds
/// them at the root of the repository.
const FOLDERS: [&str; 2] = ["proto", "../../proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = FOLDERS
        .into_iter()
        .find(|folder| Path::new(folder).is_dir())
        .ok_or("the folder proto/ with the wire contracts is missing")?;
    writeln!(std::io::stdout(), "cargo::rerun-if-changed={folder}")?;

    let contracts = protox::compile(["tfplugin6.proto", "plugin.proto"], [folder])?;

    // For the unit test that compares the compiled contract with its table.
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("contracts.bin"), contracts.encode_to_vec())?;

    tonic_prost_build::configure()
        .build_transport(false)
        // Generated always and compiled on demand, so that the crate's own tests have it too.
        .client_mod_attribute(".", r#"#[cfg(any(test, feature = "client"))]"#)
        // The same message is the same bytes on every run.
        .btree_map(".")
        // Values and private data pass through without a copy.
        .bytes(".")
        .codec_path("crate::codec::Codec")
        .compile_fds(contracts)?;
    Ok(())
}
