//! The two hashes by which lock files and mirrors know a package.
//!
//! `zh:` is the SHA-256 of an archive. `h1:` depends only on the files in it, so that it is the same for an unpacked package:
//! it is the SHA-256 of a list that has the SHA-256 and the name of each file.

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The SHA-256, in hexadecimal digits.
pub(super) fn sha256(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The `h1:` hash of files, given as pairs of name and SHA-256.
pub(super) fn h1(mut files: Vec<(String, String)>) -> String {
    files.sort();
    let list: String = files.iter().map(|(name, sha256)| format!("{sha256}  {name}\n")).collect();
    format!("h1:{}", STANDARD.encode(Sha256::digest(list)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_no_content_is_the_known_one() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn h1_is_the_hash_of_the_sorted_list() {
        let files = |names: [&str; 2]| names.map(|name| (name.to_owned(), sha256(name.as_bytes()))).to_vec();
        // printf 'SHA256(a)  a\nSHA256(b)  b\n' | openssl dgst -sha256 -binary | base64
        let expected = "h1:yxP0ANy2GOQA0PfVT3zbMw03oHJyy5mhAWzaWDChBVY=";
        assert_eq!(h1(files(["a", "b"])), expected);
        assert_eq!(h1(files(["b", "a"])), expected, "the order does not matter");
    }
}
