//! Certificates from a file, in any of the forms that such files have.

use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::der;

const BEGIN: &str = "-----BEGIN ";

/// The object identifier "signed data", with which a PKCS#7 file begins.
const PKCS7: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// Certificates that are trusted in addition to the system's: those of certificate authorities, or a server's own.
#[derive(Clone)]
pub struct Certificates {
    pub(super) list: Vec<CertificateDer<'static>>,
    pub(super) roots: Arc<RootCertStore>,
}

/// Why certificates cannot be read from a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadCertificates(String);

impl Certificates {
    /// Reads the content of a file: PEM, with any text around it, or DER.
    ///
    /// # Errors
    ///
    /// [`BadCertificates`] when the file contains no certificate, or one that cannot be read. The message is a sentence
    /// in which "it" is the file.
    pub fn read(file: &[u8]) -> Result<Self, BadCertificates> {
        let bad = |why: String| Err(BadCertificates(why));
        let list = match text(file) {
            Some(text) => in_pem(&text)?,
            None => in_der(file)?,
        };
        let mut roots = RootCertStore::empty();
        for (index, certificate) in list.iter().enumerate() {
            if let Err(error) = roots.add(certificate.clone()) {
                return bad(format!("Certificate {} of {} in it cannot be read: {error}.", index + 1, list.len()));
            }
        }
        Ok(Self { list, roots: roots.into() })
    }
}

impl Default for Certificates {
    /// None.
    fn default() -> Self {
        Self { list: Vec::new(), roots: RootCertStore::empty().into() }
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificates({})", self.list.len())
    }
}

/// The lines of the file, if it contains PEM. Editors and other systems add byte order marks, carriage returns and
/// indentation, which have no meaning.
fn text(file: &[u8]) -> Option<String> {
    let text = match file {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(file).into_owned(),
    };
    let lines = text.split(['\r', '\n']).map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
    let lines: Vec<_> = lines.map(|line| line.replace(" X509 CERTIFICATE-----", " CERTIFICATE-----")).collect();
    lines.iter().any(|line| line.starts_with(BEGIN)).then(|| lines.join("\n"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit);
    char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn in_pem(text: &str) -> Result<Vec<CertificateDer<'static>>, BadCertificates> {
    let list: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let list = list.map_err(|error| BadCertificates(format!("Its PEM cannot be read: {error}.")))?;
    if !list.is_empty() {
        return Ok(list);
    }
    let labels: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix(BEGIN))
        .map(|label| label.trim_end_matches('-').to_owned())
        .collect();
    if labels.iter().any(|label| matches!(label.as_str(), "PKCS7" | "CMS")) {
        return Err(pkcs7());
    }
    Err(BadCertificates(format!("It contains no certificate, but: {}.", labels.join(", "))))
}

fn in_der(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, BadCertificates> {
    let neither = || BadCertificates("It contains no certificate, neither in PEM nor in DER form.".to_owned());
    if file.windows(PKCS7.len()).take(PKCS7.len()).any(|window| window == PKCS7) {
        return Err(pkcs7());
    }
    let (mut rest, mut list) = (file, Vec::new());
    while !rest.is_empty() {
        let one = der::element(&mut rest).filter(|one| der::validity(one.whole).is_some()).ok_or_else(neither)?;
        list.push(CertificateDer::from(one.whole.to_vec()));
    }
    if list.is_empty() { Err(neither()) } else { Ok(list) }
}

fn pkcs7() -> BadCertificates {
    let why = "It is a PKCS#7 file, which is not supported. Convert it to PEM: openssl pkcs7 -print_certs.";
    BadCertificates(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> rcgen::Certificate {
        rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap().cert
    }

    #[test]
    fn ok_certificates_are_read_in_each_form_that_files_have() {
        let one = certificate();
        let pem = one.pem().replace("\r\n", "\n");
        let utf16 = |mark: char, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("{mark}{pem}").encode_utf16().flat_map(bytes).collect()
        };
        let der = one.der().to_vec();
        let table: Vec<(&str, Vec<u8>, usize)> = vec![
            ("PEM", pem.clone().into(), 1),
            ("two", format!("{pem}{pem}").into(), 2),
            ("no last line end", pem.trim_end().into(), 1),
            ("byte order mark", format!("\u{feff}{pem}").into(), 1),
            ("UTF-16, little end first", utf16('\u{feff}', u16::to_le_bytes), 1),
            ("UTF-16, big end first", utf16('\u{feff}', u16::to_be_bytes), 1),
            ("CR LF", pem.replace('\n', "\r\n").into(), 1),
            ("CR", pem.replace('\n', "\r").into(), 1),
            ("indented", pem.replace('\n', "\n  ").into(), 1),
            ("text around", format!("subject=CN = a\n{pem}# a comment\n{pem}the end").into(), 2),
            ("Latin-1 around", [b"\xe4\n", pem.as_bytes()].concat(), 1),
            ("old label", pem.replace("CERTIFICATE", "X509 CERTIFICATE").into(), 1),
            ("with its key", format!("{pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").into(), 1),
            ("DER", der.clone(), 1),
            ("DER twice", [der.clone(), der].concat(), 2),
        ];
        for (form, file, count) in table {
            let read = Certificates::read(&file).unwrap_or_else(|error| panic!("{form}: {error}"));
            assert_eq!((read.list.len(), read.roots.len()), (count, count), "{form}");
            assert_eq!(read.list[0], *one.der(), "{form}");
        }
    }

    #[test]
    fn err_the_message_says_what_the_file_contains_instead() {
        let none = "It contains no certificate, neither in PEM nor in DER form.";
        let pkcs7 = "It is a PKCS#7 file, which is not supported. Convert it to PEM: openssl pkcs7 -print_certs.";
        let der = certificate().der().to_vec();
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let table: Vec<(Vec<u8>, &str)> = vec![
            (vec![], none),
            (b"no certificate".to_vec(), none),
            (der[..der.len() - 1].to_vec(), none),
            (b"0123456789".to_vec(), none),
            (key.into(), "It contains no certificate, but: PRIVATE KEY."),
            (key.replace("PRIVATE KEY", "PKCS7").into(), pkcs7),
            ([&[0x30, 0x80][..], PKCS7, &[0xa0, 0x80]].concat(), pkcs7),
            (junk.into(), "Certificate 1 of 1 in it cannot be read: "),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n".into(), "Its PEM cannot be read: "),
            (
                "-----BEGIN CERTIFICATE-----\nnot base64!\n-----END CERTIFICATE-----\n".into(),
                "Its PEM cannot be read: ",
            ),
        ];
        for (file, why) in table {
            let error = Certificates::read(&file).unwrap_err().to_string();
            assert!(error.starts_with(why), "{error}");
        }
    }
}
