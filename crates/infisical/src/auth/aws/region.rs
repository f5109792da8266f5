//! AWS's regions: which one signs, and where its services are.

/// The region for which a request is signed when none is named. Its token service knows the principals of every region of
/// AWS's commercial partition.
pub(super) const DEFAULT: &str = "us-east-1";

/// The longest name of a region that Infisical takes.
const LONGEST: usize = 20;

/// The region itself, if it can be one.
///
/// # Errors
///
/// What is wrong with it, with `source`, where it was found.
pub(super) fn checked<'a>(region: &'a str, source: &str) -> Result<&'a str, String> {
    let is_allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if region.chars().all(is_allowed) && region.len() <= LONGEST {
        return Ok(region);
    }
    Err(format!(
        "{source} holds {region:?}, which is not an AWS region. Allowed: at most {LONGEST} lower-case letters, digits and hyphens, \
         such as eu-central-1"
    ))
}

/// The domain of a region's services. AWS's Chinese regions are in a domain of their own.
pub(super) fn domain(region: &str) -> &'static str {
    if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// The token service's host. It is the region's own, and not the global one: Infisical passes the request on to the region in
/// its signature, whatever host it names.
pub(super) fn token_service(region: &str) -> String {
    format!("sts.{region}.{}", domain(region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_each_region_has_its_own_token_service() {
        for (region, host) in [
            ("us-east-1", "sts.us-east-1.amazonaws.com"),
            ("us-gov-west-1", "sts.us-gov-west-1.amazonaws.com"),
            ("cn-north-1", "sts.cn-north-1.amazonaws.com.cn"),
        ] {
            assert_eq!(token_service(checked(region, "AWS_REGION").unwrap()), host);
        }
    }

    #[test]
    fn err_what_is_no_region_is_told_with_its_source() {
        for wrong in ["EU-central-1", "eu_central_1", "eu-central-1.example.com/", "a-region-of-twenty-one"] {
            let told = checked(wrong, "AWS_REGION").unwrap_err();
            assert!(told.starts_with(&format!("AWS_REGION holds {wrong:?}, which is not an AWS region.")), "{told}");
        }
    }
}
