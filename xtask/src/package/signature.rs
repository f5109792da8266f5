//! Signatures, by the `gpg` program.

use std::path::{Path, PathBuf};

use crate::{
    error::{Result, failed},
    process,
};

const GPG: &str = "gpg";

/// A secret key in a GnuPG keyring.
#[derive(Debug)]
pub struct Signer {
    keyring: Option<PathBuf>,
    id: String,
    public_key: String,
}

impl Signer {
    /// The key of this id, fingerprint or e-mail address, in the user's keyring, or in the keyring in this folder.
    ///
    /// # Errors
    ///
    /// When gpg is not installed, or has no such secret key.
    pub fn new(name: &str, keyring: Option<&Path>) -> Result<Signer> {
        if process::first_present(&[GPG]).is_none() {
            return Err(failed("gpg is not on PATH: install GnuPG, or leave out --sign"));
        }
        let keys = output(keyring, &["--with-colons", "--list-secret-keys", name])
            .map_err(|error| failed(format!("gpg has no secret key {name:?}: {error}")))?;
        let id = key_id(&keys).ok_or_else(|| failed(format!("gpg has no secret key {name:?}")))?;
        let public_key = output(keyring, &["--armor", "--export", &id])?;
        Ok(Signer { keyring: keyring.map(Path::to_path_buf), id, public_key })
    }

    /// Writes a detached binary signature. Its file has the signed file's name and `.sig`.
    ///
    /// # Errors
    ///
    /// When gpg cannot sign, for example because it cannot ask for the passphrase.
    pub fn sign(&self, file: &Path) -> Result<()> {
        let file = file.to_string_lossy();
        let signature = format!("{file}.sig");
        let arguments = ["--yes", "--local-user", &self.id, "--output", &signature, "--detach-sign", &file];
        output(self.keyring.as_deref(), &arguments).map(drop)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn public_key(&self) -> &str {
        &self.public_key
    }
}

fn output(keyring: Option<&Path>, arguments: &[&str]) -> Result<String> {
    let mut gpg = process::tool(GPG);
    if let Some(folder) = keyring {
        gpg.arg("--homedir").arg(folder);
    }
    process::output(gpg.arg("--batch").args(arguments))
}

/// The id of the first secret key in gpg's list with colons.
fn key_id(list: &str) -> Option<String> {
    let key = list.lines().find(|line| line.starts_with("sec:"))?;
    key.split(':').nth(4).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_id_is_the_fifth_field() {
        let list = "sec:u:255:22:6D6E3A3B1C2D4E5F:1700000000:::u:::scESC:::+::ed25519:::0:\nfpr:::::::::AB:\n";
        assert_eq!(key_id(list).as_deref(), Some("6D6E3A3B1C2D4E5F"));
        assert_eq!(key_id("tru::1:1700000000:0:3:1:5\n"), None);
    }
}
