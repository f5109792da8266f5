//! A connection of Infisical to an OpenRouter account.
//!
//! There is no warning for `api_key` on cores that have write-only arguments: the attribute's description says that it is stored,
//! and a warning at each plan that nobody can turn off would hide others.

use infisical::{Client, Known, RefusalKind, spelling};
use tfplug::schema::Schema;
use tfplug::{
    Applied, Attr, Context, Diagnostic, Diagnostics, Existing, Failed, ImportId, Model as _, Path, PlanRequest, Prior,
    Resource,
};

use super::connection_attributes::ConnectionFacts;
use super::connection_model::{Connection, ConnectionConfig, ConnectionIdentity, no_key};
use super::connection_refusals::{CONNECTION, created};
use super::connection_replacement::{self, ConnectionTarget};
use super::{connection_users, replacement_note, rules};
use crate::provider::errors::During as _;

/// The type name of the resource and of the data source.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_connection";

/// The resource.
pub(in crate::provider) struct OpenRouterConnection;

impl Resource for OpenRouterConnection {
    type Client = Client;
    type Model = Connection;

    fn schema(&self) -> Schema {
        Connection::schema().generated_without_nulls()
    }

    /// The same rules as for `password_wo` and similar attributes in other providers: at most one key, and the write-only one only
    /// together with its version. An unknown value counts as set.
    fn validate(&self, config: &ConnectionConfig) -> Diagnostics {
        let ConnectionConfig { api_key, api_key_wo, api_key_wo_version: version, .. } = config;
        let set = |one: &Attr<String>| one.get().is_some();
        let problems = [
            (set(api_key) && set(api_key_wo)).then(|| {
                problem("Two provisioning keys", "api_key_wo", "Set either api_key or api_key_wo, not both.")
            }),
            (set(api_key_wo) && version.is_null()).then(|| {
                let detail = "api_key_wo is sent only when api_key_wo_version changes, so both are needed. Set it to any number.";
                problem("Missing api_key_wo_version", "api_key_wo", detail)
            }),
            (!version.is_null() && api_key_wo.is_null()).then(|| {
                let detail = "api_key_wo_version says when api_key_wo is sent, and there is none. Set both or neither.";
                problem("Missing api_key_wo", "api_key_wo_version", detail)
            }),
        ];
        problems.into_iter().flatten().collect()
    }

    async fn plan(&self, request: &mut PlanRequest<'_, Client, ConnectionConfig>) -> Result<(), Diagnostics> {
        let replaces = !request.requires_replace().is_empty();
        match (&request.config, &request.prior, &mut request.planned) {
            // A replacement is planned as a create, too. Without a key it is refused here, before anything is destroyed.
            (Some(config), None, Some(_)) if config.api_key.is_null() && config.api_key_wo.is_null() => {
                Err(no_key().into())
            }
            (_, None, Some(planned)) => {
                Ok(replacement_note::note(request.private, &ConnectionTarget::of(&planned.place))?)
            }
            (Some(_), Some(prior), Some(planned)) if !replaces => {
                *planned = planned.clone().with_what_stays(prior);
                Ok(())
            }
            _ => replacement_can_be_created(request).await,
        }
    }

    async fn create(&self, cx: &Context<'_, Client>, plan: Connection) -> Applied<Connection> {
        replacement_note::forget(cx.private);
        let made = cx.client.connections().create(&plan.to_new()?).await;
        let made = made.during("create the connection", plan.subject())?;
        made.note.iter().for_each(|note| cx.warn(created(note)));
        let exists = Connection { id: made.object.id.clone().into(), ..plan.clone() };
        filled(cx, plan, made.object).await.map_err(|diagnostics| Failed::with(exists, diagnostics))
    }

    async fn read(
        &self,
        cx: &Context<'_, Client>,
        prior: Prior<Connection>,
    ) -> Result<Option<Connection>, Diagnostics> {
        let known = prior.whole().map(known).unwrap_or_default();
        let found = match cx.client.connections().get(&prior.identity.id, known).await {
            Err(error) if error.is_not_found() => return Ok(None),
            found => found.during("read the connection", &CONNECTION)?,
        };
        Ok(Some(prior.state.refreshed(&found)?))
    }

    async fn update(
        &self,
        cx: &Context<'_, Client>,
        prior: Existing<Connection>,
        plan: Connection,
    ) -> Applied<Connection> {
        let Existing { identity: ConnectionIdentity { id }, state: prior, .. } = prior;
        let (patch, connections) = (plan.changes_since(&prior)?, cx.client.connections());
        let (subject, mut now) = (plan.subject(), plan);
        if !patch.is_empty() {
            let changed = connections.update(&id, &patch).await.during("update the connection", subject)?;
            now = filled(cx, now, changed).await?;
        }
        if now.has_unknowns() {
            let found = connections.get(&id, Known::default()).await.during("read the connection", subject)?;
            now = now.refreshed(&found)?;
        }
        Ok(now)
    }

    async fn delete(&self, cx: &Context<'_, Client>, connection: Existing<Connection>) -> Result<(), Diagnostics> {
        let Existing { identity: ConnectionIdentity { id }, state, .. } = connection;
        if let Some(target) = replacement_note::noted::<ConnectionTarget>(cx.private)? {
            connection_replacement::check(cx.client, &id, &target).await?;
        }
        match cx.client.connections().delete(&id, known(&state)).await {
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) if error.is_refused_as(RefusalKind::ConnectionInUse) => {
                Err(connection_users::in_use(cx.client, &error, &id, state.place.project_id.as_deref()).await)
            }
            done => done.during("delete the connection", &CONNECTION),
        }
    }

    async fn import(
        &self,
        cx: &Context<'_, Client>,
        id: ImportId<ConnectionIdentity>,
    ) -> Result<ConnectionIdentity, Diagnostics> {
        let (id, by_identity) = match id {
            ImportId::Identity(identity) => (identity.id, true),
            ImportId::Id(id) => (id, false),
        };
        let id = spelling::trimmed(&id);
        if spelling::is_id(id) {
            // The API returns ids in lower case, so an id in upper case would appear to be another one.
            return Ok(ConnectionIdentity { id: id.to_lowercase() });
        }
        if by_identity {
            let detail = format!("Given: {id:?}. Allowed: the connection's id, a UUID.");
            return Err(Diagnostic::error("Invalid identity", detail).into());
        }
        let (project_id, name) = place(id)?;
        let found = cx.client.connections().by_name(project_id, name).await;
        let found = found.during("find the connection to import", &CONNECTION)?;
        Ok(ConnectionIdentity { id: found.id })
    }
}

/// Refuses a replacement that could not be created, as far as that is known. The rotations that use the connection are destroyed
/// before it, so the plan is the last moment at which this saves their keys.
async fn replacement_can_be_created(
    request: &mut PlanRequest<'_, Client, ConnectionConfig>,
) -> Result<(), Diagnostics> {
    let (Some(prior), Some(planned), Some(client)) = (&request.prior, &request.planned, request.client) else {
        return Ok(());
    };
    let target = ConnectionTarget::of(&planned.place);
    let warning = replacement_note::not_checked(&target.unknown(), connection_replacement::CONSEQUENCE);
    warning.into_iter().for_each(|warning| request.warn(warning));
    match prior.id.get() {
        Some(id) => connection_replacement::check(client, id, &target).await,
        None => Ok(()),
    }
}

fn problem(summary: &str, attribute: &str, detail: &str) -> Diagnostic {
    Diagnostic::error(summary, detail).at(Path::of(attribute))
}

/// `<name>` of a connection of the organization, or `<project_id>,<name>`.
fn place(id: &str) -> Result<(Option<&str>, &str), Diagnostic> {
    let (project_id, name) = match id.rsplit_once(',') {
        Some((project_id, name)) => (Some(project_id.trim()), name.trim()),
        None => (None, id),
    };
    if project_id.is_some_and(str::is_empty) || !rules::is_slug(&name.into()) {
        let detail = format!(
            "Given: {id:?}. Allowed: the connection's id (a UUID), its <name> if it belongs to the organization, or \
             <project_id>,<name>."
        );
        return Err(Diagnostic::error("Invalid import id", detail));
    }
    Ok((project_id, name))
}

/// What the state knows about the connection, so that a stale response from a lagging replica is noticed.
fn known(state: &Connection) -> Known<'_> {
    let ConnectionFacts { created_at, updated_at, .. } = &state.facts;
    Known { created_at: created_at.get().map(String::as_str), updated_at: updated_at.get().map(String::as_str) }
}

/// The model, updated from the response. If the response leaves fields out, the connection is read once more; fields that are
/// still missing keep their previous value, or are null.
///
/// # Errors
///
/// Those of [`ConnectionConfig::refreshed`].
async fn filled(
    cx: &Context<'_, Client>,
    model: Connection,
    answer: infisical::Connection,
) -> Result<Connection, Diagnostics> {
    let now = model.refreshed(&answer)?;
    if answer.is_complete() {
        return Ok(now);
    }
    match cx.client.connections().get(&answer.id, Known::default()).await {
        Ok(read) => now.refreshed(&read),
        Err(error) => {
            tracing::warn!(%error, "an answer left fields out, and reading it once more failed");
            Ok(now)
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
