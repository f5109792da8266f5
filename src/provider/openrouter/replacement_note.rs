//! What the plan of a replacement leaves for its destroy, and what it says of attributes that are not known yet.
//!
//! The provider is not told about every replacement in the plan. With `-replace`, `replace_triggered_by` or a tainted object,
//! it is asked to plan an update or a create. So each planned create stores what it is about to create in private data. If it
//! replaces something, the core passes that to the destroy of the old object, which then does the check.

use serde::{Serialize, de::DeserializeOwned};
use tfplug::{Diagnostic, Path, Private};

/// The key of the private data with what is to be created. The create removes it.
const PLANNED: &str = "planned";

/// Stores what is to be created in the private data of its plan.
///
/// # Errors
///
/// A diagnostic about a bug.
pub(super) fn note<T: Serialize>(private: &Private, target: &T) -> Result<(), Diagnostic> {
    let text = serde_json::to_string(target)
        .map_err(|error| Diagnostic::bug(format!("The private data {PLANNED} cannot be written: {error}.")))?;
    private.set(PLANNED, text);
    Ok(())
}

/// What replaces the object that is being destroyed; `None` if nothing does.
///
/// # Errors
///
/// A diagnostic about a bug.
pub(super) fn noted<T: DeserializeOwned>(private: &Private) -> Result<Option<T>, Diagnostic> {
    let Some(text) = private.get(PLANNED) else { return Ok(None) };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| Diagnostic::bug(format!("The private data {PLANNED} cannot be read: {error}.")))
}

/// Removes the note, since the object exists now.
pub(super) fn forget(private: &Private) {
    private.remove(PLANNED);
}

/// The warning for a replacement whose attributes are not all known; `None` if they are. `consequence` says what is lost before
/// the new object can be created.
pub(super) fn not_checked(unknown: &[&str], consequence: &str) -> Option<Diagnostic> {
    let first = unknown.first()?;
    let are = if unknown.len() == 1 { "is" } else { "are" };
    let detail = format!(
        "{} {are} not known before the apply, so the plan cannot check whether the replacement can be created. {consequence} To be \
         safe, apply the resources that decide these values first, for example with -target, or use create_before_destroy.",
        unknown.join(" and ")
    );
    let path = first.split('.').fold(Path::root(), |path, name| path.attribute(name));
    Some(Diagnostic::warning("The replacement cannot be checked completely", detail).at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_names_each_attribute_that_is_not_known() {
        let said = |unknown: &[&str]| {
            let warning = not_checked(unknown, "The key is lost.")?;
            Some((warning.path()?.to_string(), warning.detail().split(',').next()?.to_owned()))
        };
        let (path, words) = said(&["secrets_mapping.api_key", "name"]).unwrap();
        assert_eq!(path, "secrets_mapping.api_key");
        assert_eq!(words, "secrets_mapping.api_key and name are not known before the apply");
        assert_eq!(said(&["name"]).unwrap().1, "name is not known before the apply");
        assert!(said(&[]).is_none());
    }
}
