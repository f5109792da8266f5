//! A provider registry as static files, for any web server that speaks https.

use serde_json::{Value, json};

use super::{Archive, Layout, Signer, asset};
use crate::{
    error::Result,
    files,
    provider::{ADDRESS, VERSION},
};

/// The version of the plugin protocol, as registries write it.
const PROTOCOLS: [&str; 1] = ["6.0"];

/// Writes the registry, with a copy of the files of the release. Every URL in it is relative, so that it works under any
/// host name.
pub(super) fn write(layout: &Layout, archives: &[Archive], signer: Option<&Signer>) -> Result<()> {
    let root = layout.registry();
    let services = json!({ "providers.v1": "/v1/providers/" });
    files::write(&root.join(".well-known/terraform.json"), files::json(&services))?;

    // Namespace and name, without the host.
    let provider = ADDRESS.split_once('/').map_or(ADDRESS, |(_, provider)| provider);
    let provider = root.join("v1/providers").join(provider);
    files::write(&provider.join("versions"), files::json(&versions(archives)))?;
    let version = provider.join(VERSION);
    let keys = signer.map(|signer| json!({ "key_id": signer.id(), "ascii_armor": signer.public_key() }));
    for archive in archives {
        let (os, arch) = (archive.platform.os, archive.platform.arch);
        let download = files::json(&download(archive, keys.as_ref()));
        files::write(&version.join("download").join(os).join(arch), download)?;
        files::write(&version.join(&archive.name), &archive.content)?;
    }
    for name in ["SHA256SUMS", "SHA256SUMS.sig"].map(asset) {
        let from = layout.release().join(&name);
        if from.is_file() {
            files::copy(&from, &version.join(&name))?;
        }
    }
    Ok(())
}

fn versions(archives: &[Archive]) -> Value {
    let platform = |archive: &Archive| json!({ "os": archive.platform.os, "arch": archive.platform.arch });
    let platforms: Vec<_> = archives.iter().map(platform).collect();
    json!({ "versions": [{ "version": VERSION, "protocols": PROTOCOLS, "platforms": platforms }] })
}

fn download(archive: &Archive, key: Option<&Value>) -> Value {
    let url = |name: &str| format!("../../{name}");
    let sums = asset("SHA256SUMS");
    json!({
        "protocols": PROTOCOLS,
        "os": archive.platform.os,
        "arch": archive.platform.arch,
        "filename": archive.name,
        "download_url": url(&archive.name),
        "shasums_url": url(&sums),
        "shasums_signature_url": url(&format!("{sums}.sig")),
        "shasum": archive.sha256,
        "signing_keys": { "gpg_public_keys": key.into_iter().collect::<Vec<_>>() },
    })
}
