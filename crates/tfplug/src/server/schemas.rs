//! The schemas and metadata of everything that the provider offers, as protocol messages.

use std::collections::BTreeMap;

use super::{Server, convert, function};
use crate::maps::collected;
use crate::proto::tfplugin6::*;
use crate::provider::{Offers, Provider};
use crate::type_erasure::Described;

fn capabilities() -> Option<ServerCapabilities> {
    Some(ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    })
}

pub(super) fn all<P: Provider>(server: &Server<P>) -> get_provider_schema::Response {
    let offers = &server.offers;
    let actions = wire_schemas(&offers.actions, |action| action.as_ref());
    let resources = offers.resources.iter().map(|(name, one)| (name.clone(), convert::resource_schema(one.schema())));
    let action_schemas = actions.into_iter().map(|(name, schema)| (name, ActionSchema { schema: Some(schema) }));
    get_provider_schema::Response {
        provider: Some(convert::schema(&server.schema)),
        provider_meta: offers.provider_meta.as_ref().map(|meta| convert::schema(meta.schema())),
        resource_schemas: resources.collect(),
        data_source_schemas: wire_schemas(&offers.data_sources, |data_source| data_source.as_ref()),
        ephemeral_resource_schemas: wire_schemas(&offers.ephemeral_resources, |ephemeral| ephemeral.as_ref()),
        list_resource_schemas: wire_schemas(&offers.list_resources, |list| list.as_ref()),
        action_schemas: collected(action_schemas),
        state_store_schemas: wire_schemas(&offers.state_stores, |store| store.as_ref()),
        functions: function::definitions(&offers.functions),
        server_capabilities: capabilities(),
        diagnostics: duplicates(offers),
    }
}

/// An error for each name that is registered twice: without it, the first type would be missing, and nobody would be told.
fn duplicates<C>(offers: &Offers<C>) -> Vec<Diagnostic> {
    let errors = offers.duplicates.iter().map(|line| crate::Diagnostic::bug(format!("{line}.")));
    convert::diagnostics(errors.collect())
}

fn wire_schemas<T>(all: &BTreeMap<String, T>, described: impl Fn(&T) -> &dyn Described) -> BTreeMap<String, Schema> {
    collected(all.iter().map(|(name, one)| (name.clone(), convert::schema(described(one).schema()))))
}

pub(super) fn identities<P: Provider>(server: &Server<P>) -> get_resource_identity_schemas::Response {
    let with_identity = server.offers.resources.iter().filter(|(_, resource)| !resource.identity().is_empty());
    let schemas = with_identity.map(|(name, resource)| (name.clone(), convert::identity_schema(resource.as_ref())));
    get_resource_identity_schemas::Response { identity_schemas: collected(schemas), diagnostics: Vec::new() }
}

pub(super) fn metadata<P: Provider>(server: &Server<P>) -> get_metadata::Response {
    use get_metadata::{
        ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata,
        ResourceMetadata, StateStoreMetadata,
    };
    let offers = &server.offers;
    get_metadata::Response {
        server_capabilities: capabilities(),
        resources: names(&offers.resources, |type_name| ResourceMetadata { type_name }),
        data_sources: names(&offers.data_sources, |type_name| DataSourceMetadata { type_name }),
        ephemeral_resources: names(&offers.ephemeral_resources, |type_name| EphemeralMetadata { type_name }),
        actions: names(&offers.actions, |type_name| ActionMetadata { type_name }),
        state_stores: names(&offers.state_stores, |type_name| StateStoreMetadata { type_name }),
        functions: names(&offers.functions, |name| FunctionMetadata { name }),
        list_resources: names(&offers.list_resources, |type_name| ListResourceMetadata { type_name }),
        ..Default::default()
    }
}

fn names<T, M>(all: &BTreeMap<String, T>, metadata: impl Fn(String) -> M) -> Vec<M> {
    all.keys().cloned().map(metadata).collect()
}
