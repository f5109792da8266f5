//! The environment variables that are used where the provider block sets nothing.

pub(super) const ORGANIZATION_SLUG: &str = "INFISICAL_AUTH_ORGANIZATION_SLUG";
pub(super) const CA_CERT_FILE: &str = "INFISICAL_CA_CERT_FILE";
/// Selects a login method when the block names none.
pub(super) const AUTH_METHOD: &str = "INFISICAL_AUTH_METHOD";
pub(super) const TOKEN: &str = "INFISICAL_TOKEN";
pub(super) const CLIENT_ID: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_ID";
pub(super) const CLIENT_SECRET: &str = "INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET";
pub(super) const IDENTITY_ID: &str = "INFISICAL_MACHINE_IDENTITY_ID";
pub(super) const JWT: &str = "INFISICAL_AUTH_JWT";
pub(super) const KUBERNETES_TOKEN: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN";
pub(super) const KUBERNETES_TOKEN_PATH: &str = "INFISICAL_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH";
pub(super) const AWS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
pub(super) const AWS_SECRET: &str = "AWS_SECRET_ACCESS_KEY";
pub(super) const AWS_SESSION: &str = "AWS_SESSION_TOKEN";
pub(super) const AWS_PROFILE: &str = "AWS_PROFILE";
pub(super) const AWS_REGION: &str = "AWS_REGION";

/// Looks up a variable. It returns values without white space around them, and `None` for empty ones.
pub(super) type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// A description that ends with the variable that can be set instead.
pub(super) fn or_variable(doc: &str, variable: &str) -> String {
    format!("{doc} Variable: `{variable}`.")
}

/// The value without what is often pasted along with it: white space, line ends, a byte order mark. `None` if it is
/// empty.
pub(super) fn tidy(text: &str) -> Option<&str> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\u{feff}');
    (!text.is_empty()).then_some(text)
}

/// The block's value without surrounding white space.
pub(super) fn given(value: Option<&String>) -> Option<String> {
    value.and_then(|text| tidy(text)).map(str::to_owned)
}

/// The configured value, or the variable's.
pub(super) fn or_environment(value: Option<&String>, environment: &Environment<'_>, variable: &str) -> Option<String> {
    given(value).or_else(|| environment(variable).as_deref().and_then(tidy).map(str::to_owned))
}
