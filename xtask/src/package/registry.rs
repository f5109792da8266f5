//! A provider registry as static files, for any web server that speaks https.

use std::path::Path;

use serde_json::{Value, json};

use super::{Archive, Layout, Release, Signer, names};
use crate::{error::Result, files};

/// The version of the plugin protocol, as registries write it.
const PROTOCOLS: [&str; 1] = ["6.0"];

/// Adds the release to the registry, with a copy of its files. Every URL in it is relative, so that it works under any
/// host name.
pub(super) fn write(layout: &Layout, release: &Release, signer: Option<&Signer>) -> Result<()> {
    let services = json!({ "providers.v1": "/v1/providers/" });
    files::write(&layout.registry().join(".well-known/terraform.json"), files::json(&services))?;

    let provider = layout.provider_in_registry();
    let list = provider.join("versions");
    files::write(&list, files::json(&with_version(&list, release)?))?;
    let version = provider.join(release.version());
    let keys = signer.map(|signer| json!({ "key_id": signer.id(), "ascii_armor": signer.public_key() }));
    for archive in release.archives() {
        let (os, arch) = (archive.platform.os, archive.platform.arch);
        let download = files::json(&download(archive, keys.as_ref()));
        files::write(&version.join("download").join(os).join(arch), download)?;
        files::write(&version.join(&archive.name), &archive.content)?;
    }
    for name in ["SHA256SUMS", "SHA256SUMS.sig"].map(|suffix| names::asset(release.version(), suffix)) {
        let from = layout.release().join(&name);
        if from.is_file() {
            files::copy(&from, &version.join(&name))?;
        }
    }
    Ok(())
}

/// The list of versions in this file, with this release instead of an earlier build of its version.
fn with_version(list: &Path, release: &Release) -> Result<Value> {
    let earlier = files::read_json(list)?.and_then(|list| list.get("versions")?.as_array().cloned());
    let mut versions = earlier.unwrap_or_default();
    versions.retain(|entry| entry.get("version").and_then(Value::as_str) != Some(release.version()));
    let platform = |archive: &Archive| json!({ "os": archive.platform.os, "arch": archive.platform.arch });
    let platforms: Vec<_> = release.archives().iter().map(platform).collect();
    versions.push(json!({ "version": release.version(), "protocols": PROTOCOLS, "platforms": platforms }));
    Ok(json!({ "versions": versions }))
}

fn download(archive: &Archive, key: Option<&Value>) -> Value {
    let url = |name: &str| format!("../../{name}");
    let sums = names::asset(&archive.version, "SHA256SUMS");
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
