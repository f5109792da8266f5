//! The data source of one rotation: found by its id, or by its name and place.

use infisical::{Client, Error, RefusalKind, Rotation, spelling};
use tfplug::schema::Check;
use tfplug::{Attr, Computed, Context, DataSource, Diagnostic, Diagnostics, Model, Open, Path, Value};

use super::found::{Found, completed};
use super::refusals::LOOKUP;
use super::{Facts, Place, PlaceConfig, Settings, notes, rules};
use crate::provider::errors::{During as _, trace};

/// The data source's type name.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_rotation";

/// Finds a rotation of an OpenRouter API key, by its id, or by its name and place. The key itself is not read.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
pub(in crate::provider) struct Lookup {
    /// The rotation's id. Set either this alone, or all of `name`, `project_id`, `environment` and `secret_path`.
    #[tf(optional, computed, check = ID, semantic_equals = rules::same_id)]
    id: Computed<String>,
    #[tf(flatten, optional, computed)]
    place: Open<Place>,
    #[tf(flatten, computed)]
    settings: Open<Settings>,
    #[tf(flatten, computed)]
    facts: Open<Facts>,
}

const ID: Check = Check::Custom("a UUID such as 3f2b8c1e-5d47-4a0b-9c6e-1a2b3c4d5e6f", is_id);

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|id| spelling::is_id(spelling::trimmed(id)))
}

/// The data source.
pub(in crate::provider) struct OneRotation;

impl DataSource for OneRotation {
    type Client = Client;
    type Model = Lookup;

    fn validate(&self, config: &LookupConfig) -> Diagnostics {
        asked(&config.id, &config.place).err().into_iter().collect()
    }

    async fn read(&self, cx: &Context<'_, Client>, config: Lookup) -> Result<Lookup, Diagnostics> {
        let asked = asked(&config.id, &config.place)?;
        let asked = asked.ok_or_else(|| Diagnostic::bug("The data source is read before its arguments are known."))?;
        let found = completed(cx.client, asked.find(cx.client).await?).await;
        notes::failed_rotation(&found).into_iter().for_each(|warning| cx.warn(warning));
        let Found { id, settings, facts, .. } = Found::of(&found)?;
        Ok(Lookup { id, place: config.place.refreshed(&found), settings, facts })
    }
}

/// What to look up.
#[derive(Debug, PartialEq)]
enum Asked<'a> {
    Id(&'a str),
    Name(infisical::Place, &'a str),
}

/// The lookup that the arguments ask for; `None` while they are unknown.
///
/// # Errors
///
/// A diagnostic if they ask for no lookup, or for two.
fn asked<'a>(id: &'a Attr<String>, place: &'a PlaceConfig) -> Result<Option<Asked<'a>>, Diagnostic> {
    let parts = [
        ("name", &place.name),
        ("project_id", &place.project_id),
        ("environment", &place.environment),
        ("secret_path", &place.secret_path),
    ];
    let missing = || parts.iter().filter(|(_, part)| part.is_null()).map(|(name, _)| *name).collect::<Vec<_>>();
    match id {
        Attr::Unknown => Ok(None),
        Attr::Known(id) => match parts.iter().find(|(_, part)| part.get().is_some()) {
            Some((name, _)) => Err(conflicting(name)),
            None => Ok(Some(Asked::Id(id))),
        },
        Attr::Null => match missing().as_slice() {
            [] => Ok(place.to_api().map(|(place, name)| Asked::Name(place, name))),
            missing => Err(incomplete(missing)),
        },
    }
}

const ALLOWED: &str = "Allowed: id alone, or all of name, project_id, environment and secret_path.";

fn conflicting(name: &str) -> Diagnostic {
    let detail = format!("Given: both id and {name}. {ALLOWED}");
    Diagnostic::error(format!("Conflicting id and {name}"), detail).at(Path::of("id"))
}

fn incomplete(missing: &[&str]) -> Diagnostic {
    let (given, name) = match missing {
        [_, _, _, _] => ("neither id nor a name and place".to_owned(), "id"),
        missing => (format!("a name or place without {}", missing.join(", ")), *missing.first().unwrap_or(&"id")),
    };
    Diagnostic::error(format!("Missing {name}"), format!("Given: {given}. {ALLOWED}")).at(Path::of(name))
}

impl Asked<'_> {
    async fn find(&self, client: &Client) -> Result<Rotation, Diagnostics> {
        let found = match self {
            Self::Id(id) => client.rotations().find(id).await,
            Self::Name(place, name) => client.rotations().find_by_name(place, name).await,
        };
        match found {
            Err(error) if error.is_refused_as(RefusalKind::NotFound) => Err(self.not_found(&error).into()),
            found => found.during("find the rotation", &LOOKUP),
        }
    }

    fn not_found(&self, error: &Error) -> Diagnostic {
        let (what, advice, attribute) = match self {
            Self::Id(id) => (format!("with id {id:?}"), "Check id", "id"),
            Self::Name(place, name) => {
                let infisical::Place { project_id, environment, secret_path } = place;
                let place = format!("in {secret_path} of environment {environment:?} of project {project_id:?}");
                (format!("named {name:?} {place}"), "Check name, secret_path, environment and project_id", "name")
            }
        };
        let detail = format!(
            "Infisical has no rotation of an OpenRouter key {what}. {advice}, whether the rotation was deleted or renamed, and \
             that host is the Infisical that has it.\n{}",
            trace(error).unwrap_or_default()
        );
        Diagnostic::error("Cannot find the rotation", detail).at(Path::of(attribute))
    }
}

#[cfg(test)]
pub(super) mod tests;
