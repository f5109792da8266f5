//! The provider block, as users write it.

use tfplug::{Model, Words};

use super::environment as variable;
use super::environment::or_variable;
use super::host;

pub(super) const DEFAULT_KUBERNETES_TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
const IDENTITY: &str = "The machine identity's id.";

/// Manages OpenRouter API key rotations in [Infisical](https://infisical.com).
///
/// To begin, see [Getting started](guides/getting-started.md). [Errors and what to do](guides/errors.md) explains each error.
#[derive(Clone, Default, Model)]
#[tf(provider)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct Block {
    #[tf(description = or_variable(&format!("Infisical's address. Default: `{}`.", host::DEFAULT), host::VARIABLE))]
    pub(super) host: Option<String>,
    #[tf(description = ways_to_log_in())]
    pub(super) auth: Option<Auth>,
    #[tf(description = or_variable(
        "A file with certificates, in PEM or DER form, that are trusted besides the system's: a certificate authority's, or \
         the server's own.",
        variable::CA_CERT_FILE
    ))]
    pub(super) ca_cert_file: Option<String>,
}

/// `auth`: one of the methods, and the organization.
#[derive(Clone, Default, Model)]
#[tf(object)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct Auth {
    #[tf(description = or_variable(
        "The organization to log in to, for an identity that belongs to several.",
        variable::ORGANIZATION_SLUG
    ))]
    pub(super) organization_slug: Option<String>,
    #[tf(sensitive, description = or_variable("An access token.", variable::TOKEN))]
    pub(super) token: Option<String>,
    /// Universal Auth: a machine identity's client id and secret.
    pub(super) universal: Option<Universal>,
    /// OIDC Auth: a machine identity that trusts an OIDC issuer, such as a CI system.
    pub(super) oidc: Option<Oidc>,
    /// Kubernetes Auth: a machine identity that trusts a cluster's service account.
    pub(super) kubernetes: Option<Kubernetes>,
    #[tf(description = aws_credentials())]
    pub(super) aws_iam: Option<AwsIam>,
}

/// `auth.universal`.
#[derive(Clone, Default, Model)]
#[tf(object)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct Universal {
    #[tf(description = or_variable("The client id.", variable::CLIENT_ID))]
    pub(super) client_id: Option<String>,
    #[tf(sensitive, description = or_variable("The client secret.", variable::CLIENT_SECRET))]
    pub(super) client_secret: Option<String>,
}

/// `auth.oidc`.
#[derive(Clone, Default, Model)]
#[tf(object)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct Oidc {
    #[tf(description = or_variable(IDENTITY, variable::IDENTITY_ID))]
    pub(super) identity_id: Option<String>,
    #[tf(description = format!("The variable that holds the issuer's token (JWT). Default: `{}`.", variable::JWT))]
    pub(super) token_environment_variable_name: Option<String>,
}

/// `auth.kubernetes`.
#[derive(Clone, Default, Model)]
#[tf(object)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct Kubernetes {
    #[tf(description = or_variable(IDENTITY, variable::IDENTITY_ID))]
    pub(super) identity_id: Option<String>,
    #[tf(sensitive, description = or_variable("The service account's token.", variable::KUBERNETES_TOKEN))]
    pub(super) service_account_token: Option<String>,
    #[tf(description = or_variable(
        &format!("The file that holds it. Default: `{DEFAULT_KUBERNETES_TOKEN_PATH}`."),
        variable::KUBERNETES_TOKEN_PATH
    ))]
    pub(super) service_account_token_path: Option<String>,
}

/// `auth.aws_iam`.
#[derive(Clone, Default, Model)]
#[tf(object)]
#[allow(unreachable_pub, reason = "a public trait names it")]
pub struct AwsIam {
    #[tf(description = or_variable(IDENTITY, variable::IDENTITY_ID))]
    pub(super) identity_id: Option<String>,
}

/// A login method. Its name is the same as an attribute of `auth` and as a value of the environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Words)]
pub(super) enum Method {
    Token,
    Universal,
    Oidc,
    Kubernetes,
    AwsIam,
}

impl Method {
    pub(super) const ALL: [Self; 5] = [Self::Token, Self::Universal, Self::Oidc, Self::Kubernetes, Self::AwsIam];
}

fn ways_to_log_in() -> String {
    let methods: Vec<_> = Method::WORDS.iter().map(|method| format!("`{method}`")).collect();
    let methods = methods.join(", ");
    format!(
        "How to log in: one of {methods}. Without one, `{}` names the method ({methods}); without that, a token in the \
         environment is used, else a universal client id and secret.",
        variable::AUTH_METHOD
    )
}

fn aws_credentials() -> String {
    let [key_id, secret, session] = [variable::AWS_KEY_ID, variable::AWS_SECRET, variable::AWS_SESSION];
    let [profile, region] = [variable::AWS_PROFILE, variable::AWS_REGION];
    format!(
        "AWS Auth: a machine identity that trusts an AWS principal, whose credentials are looked for at each login as AWS's own \
         tools do it: in the variables `{key_id}`, `{secret}` and, if they are temporary, `{session}`; in the profile that `{profile}` names (keys, roles, IAM \
         Identity Center after `aws sso login`, `credential_process`); by web identity, as on EKS; from ECS or EKS Pod Identity; \
         from EC2. The region is `{region}`'s or the profile's."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_method_is_an_attribute_of_auth() {
        let schema = Block::schema();
        let tfplug::Type::Object(all) = schema.all()["auth"].attribute_type().value_type() else {
            panic!("auth is an object")
        };
        assert!(Method::WORDS.iter().all(|method| all.contains_key(method)), "{all:?}");
        assert_eq!(Method::ALL.map(|method| method.word()), Method::WORDS);
        assert_eq!(all.len(), Method::WORDS.len() + 1, "the rest is the organization");
    }
}
