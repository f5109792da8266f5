//! The rotations of a project as `terraform query` lists them.

use infisical::{Client, Error, RefusalKind};
use tfplug::{Context, Diagnostic, Diagnostics, ListResource, ListResults, Model, Path};

use super::filter::Filter;
use super::model::{Rotation, RotationConfig, RotationIdentity};
use crate::provider::errors::{During as _, Subject, snake_case};

/// Lists the rotations of OpenRouter API keys in a project, optionally those in an environment or folder alone, ordered by
/// environment, folder, name and id. Rotations that this identity may not read are left out.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(list_resource)]
pub(in crate::provider) struct RotationQuery {
    #[tf(flatten)]
    filter: Filter,
}

/// The list resource, under the name of the resource that it lists.
pub(in crate::provider) struct RotationList;

impl ListResource for RotationList {
    type Client = Client;
    type Model = RotationQuery;
    type Found = Rotation;

    async fn list(
        &self,
        cx: &Context<'_, Client>,
        RotationQuery { filter }: RotationQuery,
        results: &mut ListResults<'_, Rotation>,
    ) -> Result<(), Diagnostics> {
        let listed = cx.client.rotations().list_each(&filter.project_id).await;
        let mut all = Vec::new();
        for one in listed.during("list the rotations", &LIST)? {
            match one {
                Ok(rotation) => all.push(rotation),
                Err(error) => cx.warn(left_out(&error)),
            }
        }
        for rotation in filter.select(all) {
            let identity = RotationIdentity { id: rotation.id.clone() };
            let resource = attributes(cx.client, &rotation);
            results.send(display_name(&rotation), identity, resource).await;
        }
        Ok(())
    }
}

/// The attributes from the list's response. A rotation with missing fields is read once more by its id.
async fn attributes(client: &Client, listed: &infisical::Rotation) -> Result<Rotation, Diagnostics> {
    let nothing = RotationConfig::default();
    if listed.is_complete() {
        return nothing.refreshed(listed);
    }
    nothing.refreshed(&client.rotations().get(&listed.id).await.during("read the rotation", &LIST)?)
}

/// A name and a place, as in `search-key (prod:/app)`, without what is missing in the response.
fn display_name(rotation: &infisical::Rotation) -> String {
    let name = rotation.name.as_ref().unwrap_or(&rotation.id);
    let environment = rotation.environment.as_ref().and_then(|environment| environment.slug.as_deref());
    let path = rotation.folder.as_ref().and_then(|folder| folder.path.as_deref());
    match (environment, path) {
        (Some(environment), Some(path)) => format!("{name} ({environment}:{path})"),
        (Some(place), None) | (None, Some(place)) => format!("{name} ({place})"),
        (None, None) => name.clone(),
    }
}

fn left_out(error: &Error) -> Diagnostic {
    let detail = format!(
        "{error}\nThe other rotations are listed. If something between here and the API changes answers, correct that; then \
         run the same again."
    );
    Diagnostic::warning("A rotation is left out of the list", detail)
}

/// For errors about a list.
pub(super) static LIST: Subject = Subject { attribute, at_fault, advice };

fn attribute(field: &[String]) -> Option<Path> {
    let name = snake_case(field.last()?);
    RotationQuery::ATTRIBUTES.contains(&name.as_str()).then(|| Path::of(&name))
}

fn at_fault(kind: RefusalKind) -> Option<Path> {
    let of_the_project = matches!(
        kind,
        RefusalKind::ProjectNotFound
            | RefusalKind::NotAMember
            | RefusalKind::ProjectOutdated
            | RefusalKind::PermissionDenied
    );
    of_the_project.then(|| Path::of("project_id"))
}

fn advice(kind: RefusalKind, _: &str) -> Option<&'static str> {
    Some(match kind {
        RefusalKind::PermissionDenied => {
            "This identity may not read the secret rotations of the project. In Infisical, give it that permission, at least \
             in some environment and folder."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
