//! The part of DER, the encoding of certificates, that is needed to find out when a certificate is valid.
//!
//! The TLS library checks this only for certificates that it verifies through their issuer.

use time::PrimitiveDateTime;
use time::macros::format_description;

const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// One DER element.
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// Tag, length and content.
    pub(super) whole: &'a [u8],
}

/// Takes the first element off the input.
pub(super) fn element<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let start = *input;
    let (&[tag, short], mut rest) = start.split_first_chunk()?;
    let mut length = usize::from(short);
    if short >= 0x80 {
        let digits = rest.split_off(..usize::from(short & 0x7f)).filter(|digits| (1..=4).contains(&digits.len()))?;
        length = digits.iter().fold(0, |length, digit| (length << 8) | usize::from(*digit));
    }
    let content = rest.split_off(..length)?;
    let whole = start.get(..start.len() - rest.len())?;
    *input = rest;
    Some(Element { tag, content, whole })
}

/// The times between which a certificate is valid, in seconds since 1970.
pub(super) fn validity(certificate: &[u8]) -> Option<(i64, i64)> {
    let mut signed = element(&mut &*certificate)?.content;
    let mut fields = element(&mut signed)?.content;
    if element(&mut &*fields)?.tag == VERSION {
        element(&mut fields)?;
    }
    let (_serial, _algorithm, _issuer) = (element(&mut fields)?, element(&mut fields)?, element(&mut fields)?);
    let mut validity = element(&mut fields)?.content;
    Some((seconds(&element(&mut validity)?)?, seconds(&element(&mut validity)?)?))
}

fn seconds(time: &Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(time.content).ok()?;
    let text = match time.tag {
        // The year has two digits and lies between 1950 and 2049.
        UTC_TIME if *text.as_bytes().first()? < b'5' => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let form = format_description!("[year][month][day][hour][minute][second]Z");
    Some(PrimitiveDateTime::parse(&text, form).ok()?.assume_utc().unix_timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_validity_is_read_in_both_forms_of_time() {
        let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2024, 2, 29);
        params.not_after = rcgen::date_time_ymd(2061, 1, 1);
        let made = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
        let expected = (params.not_before.unix_timestamp(), params.not_after.unix_timestamp());
        assert_eq!(validity(made.der()), Some(expected));
    }

    #[test]
    fn err_bytes_that_are_no_certificate_have_no_validity() {
        for bytes in [&b""[..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x80, 0, 0], &[0x30, 2, 5, 0]] {
            assert_eq!(validity(bytes), None, "{bytes:?}");
        }
    }
}
