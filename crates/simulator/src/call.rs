//! The API's calls, and the methods and paths of their requests.

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;

/// One of the API's calls: of a recorded request, or to which a fault applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// Log in, with any method.
    Login,
    /// Create a rotation.
    Create,
    /// Read a rotation by id.
    Read,
    /// List a project's rotations.
    List,
    /// Read a rotation by name.
    ReadByName,
    /// Change a rotation.
    Update,
    /// Delete a rotation.
    Delete,
    /// Rotate a key now.
    Rotate,
    /// Read a rotation's generated credentials.
    Credentials,
    /// Create a connection.
    ConnectionCreate,
    /// Read a connection by id.
    ConnectionRead,
    /// Read a connection by name.
    ConnectionReadByName,
    /// List the connections.
    ConnectionList,
    /// Change a connection.
    ConnectionUpdate,
    /// Delete a connection.
    ConnectionDelete,
    /// List the projects.
    ProjectList,
    /// A path that the API does not have, or that is not simulated.
    Other,
    /// Every call, for a fault. No request is recorded as this.
    Any,
}

/// Every call, with its name on the command line.
const NAMES: [(Call, &str); 18] = [
    (Call::Login, "login"),
    (Call::Create, "create"),
    (Call::Read, "read"),
    (Call::List, "list"),
    (Call::ReadByName, "read-by-name"),
    (Call::Update, "update"),
    (Call::Delete, "delete"),
    (Call::Rotate, "rotate"),
    (Call::Credentials, "credentials"),
    (Call::ConnectionCreate, "connection-create"),
    (Call::ConnectionRead, "connection-read"),
    (Call::ConnectionReadByName, "connection-read-by-name"),
    (Call::ConnectionList, "connection-list"),
    (Call::ConnectionUpdate, "connection-update"),
    (Call::ConnectionDelete, "connection-delete"),
    (Call::ProjectList, "project-list"),
    (Call::Other, "other"),
    (Call::Any, "any"),
];

impl Call {
    /// The names of all calls, in the order in which the help lists them.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(_, name)| *name)
    }

    /// Whether the call counts as a read for the rate limit.
    pub(crate) fn is_read(self) -> bool {
        use Call::{ConnectionList, ConnectionRead, ConnectionReadByName, Credentials, List, ProjectList, Read};
        let of_rotations = matches!(self, Read | List | Call::ReadByName | Credentials);
        of_rotations || matches!(self, ConnectionRead | ConnectionReadByName | ConnectionList | ProjectList)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(call, _)| call == self).map_or("", |(_, name)| name);
        f.pad(name)
    }
}

impl FromStr for Call {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = NAMES.iter().find(|(_, name)| *name == text).map(|(call, _)| *call);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::names().collect();
            format!("unknown call {text:?}; allowed: {}", names.join(", "))
        })
    }
}

/// The call of a request, and its subject: an id, a name or a login method.
pub(crate) struct Route {
    pub(crate) call: Call,
    pub(crate) subject: String,
}

impl Route {
    pub(crate) fn of(method: &str, path: &str) -> Self {
        let path: Vec<&str> = path.split('/').skip(1).collect();
        let (call, subject) = match path.as_slice() {
            ["api", "v1", "auth", kind, "login"] => login(method, kind),
            ["api", "v2", "secret-rotations", "open-router-api-key", rest @ ..] => rotation(method, rest),
            ["api", "v1", "app-connections", "open-router", rest @ ..] => connection(method, rest),
            ["api", "v1", "projects"] if method == "GET" => (Call::ProjectList, ""),
            _ => (Call::Other, ""),
        };
        Self { call, subject: percent_decode_str(subject).decode_utf8_lossy().into_owned() }
    }
}

fn login<'a>(method: &str, kind: &'a str) -> (Call, &'a str) {
    match (method, kind) {
        ("POST", "universal-auth" | "oidc-auth" | "kubernetes-auth" | "aws-auth") => (Call::Login, kind),
        _ => (Call::Other, ""),
    }
}

fn rotation<'a>(method: &str, rest: &[&'a str]) -> (Call, &'a str) {
    match (method, rest) {
        ("POST", []) => (Call::Create, ""),
        ("GET", []) => (Call::List, ""),
        ("GET", ["rotation-name", name]) => (Call::ReadByName, name),
        ("GET", [id, "generated-credentials"]) => (Call::Credentials, id),
        ("POST", [id, "rotate-secrets"]) => (Call::Rotate, id),
        ("GET", [id]) => (Call::Read, id),
        ("PATCH", [id]) => (Call::Update, id),
        ("DELETE", [id]) => (Call::Delete, id),
        _ => (Call::Other, ""),
    }
}

fn connection<'a>(method: &str, rest: &[&'a str]) -> (Call, &'a str) {
    match (method, rest) {
        ("POST", []) => (Call::ConnectionCreate, ""),
        ("GET", []) => (Call::ConnectionList, ""),
        ("GET", ["connection-name", name]) => (Call::ConnectionReadByName, name),
        ("GET", [id]) => (Call::ConnectionRead, id),
        ("PATCH", [id]) => (Call::ConnectionUpdate, id),
        ("DELETE", [id]) => (Call::ConnectionDelete, id),
        _ => (Call::Other, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_and_paths_are_recognised_as_calls() {
        const R: &str = "/api/v2/secret-rotations/open-router-api-key";
        const C: &str = "/api/v1/app-connections/open-router";
        for (method, path, call, subject) in [
            ("POST", R.to_owned(), Call::Create, ""),
            ("GET", R.to_owned(), Call::List, ""),
            ("GET", format!("{R}/i"), Call::Read, "i"),
            ("GET", format!("{R}/rotation-name/a%20b"), Call::ReadByName, "a b"),
            ("PATCH", format!("{R}/i"), Call::Update, "i"),
            ("DELETE", format!("{R}/i"), Call::Delete, "i"),
            ("POST", format!("{R}/i/rotate-secrets"), Call::Rotate, "i"),
            ("GET", format!("{R}/i/generated-credentials"), Call::Credentials, "i"),
            ("POST", C.to_owned(), Call::ConnectionCreate, ""),
            ("GET", C.to_owned(), Call::ConnectionList, ""),
            ("GET", format!("{C}/i"), Call::ConnectionRead, "i"),
            ("GET", format!("{C}/connection-name/n"), Call::ConnectionReadByName, "n"),
            ("PATCH", format!("{C}/i"), Call::ConnectionUpdate, "i"),
            ("DELETE", format!("{C}/i"), Call::ConnectionDelete, "i"),
            ("POST", "/api/v1/auth/oidc-auth/login".to_owned(), Call::Login, "oidc-auth"),
            ("POST", "/api/v1/auth/other-auth/login".to_owned(), Call::Other, ""),
            ("GET", "/api/v1/projects".to_owned(), Call::ProjectList, ""),
            ("POST", "/api/v1/projects".to_owned(), Call::Other, ""),
            ("PUT", format!("{R}/i"), Call::Other, ""),
            ("GET", "/".to_owned(), Call::Other, ""),
        ] {
            let route = Route::of(method, &path);
            assert_eq!((route.call, route.subject.as_str()), (call, subject), "{method} {path}");
        }
    }

    #[test]
    fn names_are_parsed_and_the_error_for_an_unknown_one_lists_them() {
        for name in Call::names() {
            assert_eq!(name.parse::<Call>().map(|call| call.to_string()).as_deref(), Ok(name));
        }
        let error = "crate".parse::<Call>().unwrap_err();
        assert!(error.starts_with("unknown call \"crate\"; allowed: login, create, read,"), "{error}");
    }
}
