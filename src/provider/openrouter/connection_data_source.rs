//! Finds a connection.

use infisical::{Client, Known};
use tfplug::{Attr, Computed, Context, DataSource, Diagnostic, Diagnostics, Model, Open, Path};

use super::connection_attributes::{ConnectionFacts, ConnectionPlace, ConnectionText, refreshed};
use super::connection_refusals::CONNECTION;
use super::{UUID, rules};
use crate::provider::errors::During as _;

/// Finds an app connection to OpenRouter by its id or its name. Its provisioning key cannot be read.
#[derive(Clone, Debug, Model)]
#[tf(data_source, without_nul)]
pub(in crate::provider) struct ConnectionLookup {
    /// The connection's id. Either this or the name is given.
    #[tf(optional, computed, check = UUID, semantic_equals = rules::same_id)]
    id: Computed<String>,
    #[tf(flatten, optional, computed)]
    place: Open<ConnectionPlace>,
    #[tf(flatten, computed)]
    text: Open<ConnectionText>,
    #[tf(flatten, computed)]
    facts: Open<ConnectionFacts>,
}

/// The data source.
pub(in crate::provider) struct OpenRouterConnectionLookup;

impl DataSource for OpenRouterConnectionLookup {
    type Client = Client;
    type Model = ConnectionLookup;

    fn validate(&self, config: &Open<ConnectionLookup>) -> Diagnostics {
        problem(&config.id, &config.place).into_iter().collect()
    }

    async fn read(&self, cx: &Context<'_, Client>, config: ConnectionLookup) -> Result<ConnectionLookup, Diagnostics> {
        let ConnectionLookup { id, place, text, facts } = config;
        let connections = cx.client.connections();
        let found = match (id.get(), place.name.get()) {
            (Some(id), _) => connections.get(id, Known::default()).await,
            (None, Some(name)) => connections.find_by_name(place.project_id.get().map(String::as_str), name).await,
            (None, None) => return Err(neither().into()),
        };
        let found = found.during("find the connection", &CONNECTION)?;
        let (place, text) = refreshed((place, text), &found);
        Ok(ConnectionLookup { id: found.id.clone().into(), place, text, facts: facts.refreshed(&found) })
    }
}

/// What is wrong with the arguments that a connection is looked up by. An unknown argument may turn out to be null.
fn problem(id: &Attr<String>, place: &Open<ConnectionPlace>) -> Option<Diagnostic> {
    let Open::<ConnectionPlace> { name, project_id } = place;
    match (id.get(), name.get(), project_id.get()) {
        (Some(_), Some(_), _) => {
            let detail = "Give either the id or the name. The other one is a result.";
            Some(Diagnostic::error("Both id and name", detail).at(Path::of("name")))
        }
        (Some(_), None, Some(_)) => {
            let detail = "project_id says where a name is looked for. Together with an id, it is a result.";
            Some(Diagnostic::error("Both id and project_id", detail).at(Path::of("project_id")))
        }
        _ => (id.is_null() && name.is_null()).then(neither),
    }
}

fn neither() -> Diagnostic {
    let detail = "Give the connection's id or its name, and its project_id with the name if it belongs to a project.";
    Diagnostic::error("Neither id nor name", detail)
}

#[cfg(test)]
mod tests;
