//! Checks whether the replacement of a connection can be created: in the plan, before anything of it is destroyed, and once more
//! right before the old connection is deleted. Whether OpenRouter accepts the key is only known after that.

use infisical::{Client, Error, RefusalKind};
use serde::{Deserialize, Serialize};
use tfplug::{Attr, Diagnostic, Diagnostics, Path};

use super::connection_attributes::ConnectionPlaceConfig;
use super::connection_refusals::CONNECTION;
use crate::provider::errors::During as _;

const NOTHING_DESTROYED: &str = "The connection was not deleted, since its replacement could not be created.";

/// What is lost before a new connection can be created.
pub(super) const CONSEQUENCE: &str = "The rotations that use the old connection are destroyed with their keys before that, and the connection is deleted.";

/// The name and place of a connection, as far as they are known.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct ConnectionTarget {
    scope: Scope,
    name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Scope {
    Unknown,
    Organization,
    Project(String),
}

impl ConnectionTarget {
    pub(super) fn of(place: &ConnectionPlaceConfig) -> Self {
        let scope = match &place.project_id {
            Attr::Unknown => Scope::Unknown,
            Attr::Null => Scope::Organization,
            Attr::Known(id) => Scope::Project(id.clone()),
        };
        Self { scope, name: place.name.get().cloned() }
    }

    /// The attributes that are not known yet.
    pub(super) fn unknown(&self) -> Vec<&'static str> {
        let project = (self.scope == Scope::Unknown).then_some("project_id");
        project.into_iter().chain(self.name.is_none().then_some("name")).collect()
    }
}

/// Checks whether `target` can be created in place of the connection with this id and name: at most one GET and one list.
///
/// # Errors
///
/// The reason why it cannot. A lookup that fails counts as one, since a create would fail at that time, too.
pub(super) async fn check(client: &Client, old_id: &str, target: &ConnectionTarget) -> Result<(), Diagnostics> {
    let project = match &target.scope {
        Scope::Unknown => return Ok(()), // names are unique within a project or an organization
        Scope::Organization => None,
        Scope::Project(id) => Some(id.as_str()),
    };
    if project.is_some()
        && let Err(error @ Error::Refused(_)) = client.connections().list(project).await
    {
        visible::<()>(Err(error), "project_id")?;
    }
    let Some(name) = &target.name else { return Ok(()) };
    let found = match client.connections().by_name(project, name).await {
        Err(error) if error.is_not_found() => return Ok(()),
        found => visible(found, "name")?,
    };
    let Some(found) = found.filter(|found| found.id != old_id) else { return Ok(()) };
    let place = project.map_or("the organization".to_owned(), |id| format!("project {id}"));
    let detail = format!(
        "A connection named {name:?} already exists in {place}, with id {}. {NOTHING_DESTROYED}\nChoose another name, or import the \
         existing connection. If it is to be removed or moved by this configuration, do that first, in an apply of its own.",
        found.id
    );
    Err(Diagnostic::error("Cannot replace the connection", detail).at(Path::of("name")).into())
}

/// What was found; `None` without the permission to read, since an identity may create what it may not read.
fn visible<T>(found: Result<T, Error>, attribute: &str) -> Result<Option<T>, Diagnostics> {
    let error = match found {
        Ok(found) => return Ok(Some(found)),
        Err(error) if error.is_refused_as(RefusalKind::PermissionDenied) => return Ok(None),
        Err(error) => error,
    };
    let looked = Err::<(), _>(error).during("check whether the connection can be replaced", &CONNECTION);
    let told = looked.err().unwrap_or_default().into_iter().map(|error| {
        let detail = format!("{}\n{NOTHING_DESTROYED}", error.detail());
        Diagnostic::error(error.summary(), detail).at(Path::of(attribute))
    });
    Err(told.collect())
}
