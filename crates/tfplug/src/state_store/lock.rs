//! Locks of states: who holds one, for what, and since when.

use serde_json::{Value as Json, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::diagnostic::Diagnostic;

/// A lock of a state, for a store to keep beside the state and to show to whom it keeps out.
///
/// ```
/// use tfplug::StateLock;
///
/// let lock = StateLock::new("apply");
/// let stored = StateLock::from_json(&lock.to_json()).unwrap();
/// assert_eq!(stored, lock);
/// assert!(stored.conflict("default").detail().contains(&lock.id));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StateLock {
    /// A random id.
    pub id: String,
    /// What the lock is for, such as `plan` or `apply`.
    pub operation: String,
    /// The user and the host that hold it, as `user@host`, as far as they are known.
    pub who: String,
    /// When it was made, in UTC and RFC 3339.
    pub created: String,
}

impl StateLock {
    /// A new lock with a random id, for this user on this host.
    #[must_use]
    pub fn new(operation: &str) -> Self {
        let now = OffsetDateTime::now_utc();
        let created = now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default();
        Self { id: uuid::Uuid::new_v4().to_string(), operation: operation.to_owned(), who: who(), created }
    }

    /// The lock as a JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Self { id, operation, who, created } = self;
        json!({ "id": id, "operation": operation, "who": who, "created": created }).to_string()
    }

    /// Reads what [`StateLock::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// A diagnostic if it is no JSON object with an `id`; other members may be missing.
    pub fn from_json(text: &str) -> Result<Self, Diagnostic> {
        let lock: Json = serde_json::from_str(text).unwrap_or_default();
        let member = |name: &str| lock.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        if member("id").is_empty() {
            let detail = "What the state store keeps as a lock is not a JSON object with an id.";
            return Err(Diagnostic::error("Cannot read the lock of the state", detail));
        }
        Ok(Self { id: member("id"), operation: member("operation"), who: member("who"), created: member("created") })
    }

    /// The error for somebody else who wants to lock the same state.
    ///
    /// ```
    /// use tfplug::{Diagnostics, StateLock};
    ///
    /// /// The end of the `lock` of a store: `held` is what the store keeps beside the state.
    /// fn lock(held: Option<&str>, workspace: &str, operation: &str) -> Result<StateLock, Diagnostics> {
    ///     match held {
    ///         Some(held) => Err(StateLock::from_json(held)?.conflict(workspace).into()),
    ///         None => Ok(StateLock::new(operation)),
    ///     }
    /// }
    ///
    /// let held = lock(None, "default", "apply").unwrap();
    /// let refused = lock(Some(&held.to_json()), "default", "plan").unwrap_err();
    /// assert!(refused.iter().all(|error| error.summary() == "The state is locked"));
    /// ```
    #[must_use]
    pub fn conflict(&self, workspace: &str) -> Diagnostic {
        let Self { id, operation, who, created } = self;
        let holder = if who.is_empty() { "somebody else" } else { who };
        let detail = format!(
            "The state of the workspace {workspace:?} is locked by {holder} for the operation {operation:?} since {created}. \
             The id of the lock is {id}. Try again when that operation has ended. If it was interrupted, and nobody else works \
             with this state, remove the lock with `terraform force-unlock {id}`."
        );
        Diagnostic::error("The state is locked", detail)
    }
}

fn who() -> String {
    let variable = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    let user = variable(&["USER", "LOGNAME", "USERNAME"]);
    let host = host().unwrap_or_else(|| variable(&["HOSTNAME", "COMPUTERNAME"]));
    match (user.is_empty(), host.is_empty()) {
        (false, false) => format!("{user}@{host}"),
        _ => user + &host,
    }
}

#[cfg(unix)]
fn host() -> Option<String> {
    nix::unistd::gethostname().ok()?.into_string().ok()
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_names_the_holder_and_what_to_do() {
        let lock = StateLock { who: "ann@build-1".into(), ..StateLock::new("apply") };
        let conflict = lock.conflict("prod");
        for part in ["\"prod\"", "ann@build-1", "\"apply\"", &lock.id, &lock.created] {
            assert!(conflict.detail().contains(part), "{part}: {}", conflict.detail());
        }
        assert_ne!(StateLock::new("plan").id, StateLock::new("plan").id);
    }

    #[test]
    fn err_a_lock_that_is_none() {
        for text in ["", "x", "[]", "{}", r#"{"id":1}"#] {
            assert!(StateLock::from_json(text).is_err(), "{text:?}");
        }
        assert_eq!(StateLock::from_json(r#"{"id":"1"}"#).unwrap().id, "1");
    }
}
