//! Why there are no AWS credentials to log in with.

use std::fmt;

/// AWS credentials that are not there, or cannot be used. Nothing was sent to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsCredentialsError {
    pub(crate) looked_for: Vec<(&'static str, String)>,
    pub(crate) failed: Option<(&'static str, String)>,
}

impl AwsCredentialsError {
    /// Whether no source is configured at all.
    pub fn is_none_found(&self) -> bool {
        self.failed.is_none()
    }
}

impl fmt::Display for AwsCredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((source, why)) = &self.failed {
            return write!(f, "The AWS credentials cannot be obtained from {source}: {why}.");
        }
        f.write_str("No AWS credentials were found. Looked for, in this order:")?;
        self.looked_for.iter().try_for_each(|(source, why)| write!(f, "\n- {source}: {why}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_each_source_is_named_with_what_it_lacks() {
        let looked_for = vec![("the environment", "A is not set".to_owned()), ("the profile", "no file".to_owned())];
        let none = AwsCredentialsError { looked_for: looked_for.clone(), failed: None };
        let told = "No AWS credentials were found. Looked for, in this order:\n- the environment: A is not set\n- the profile: no file";
        assert_eq!((none.to_string().as_str(), none.is_none_found()), (told, true));
        let failed = AwsCredentialsError { looked_for, failed: Some(("the web identity", "no".to_owned())) };
        assert_eq!(failed.to_string(), "The AWS credentials cannot be obtained from the web identity: no.");
        assert!(!failed.is_none_found());
    }
}
