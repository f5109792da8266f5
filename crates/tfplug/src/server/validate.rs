//! The RPCs that check a configuration; none of them calls the API.

use super::{Server, convert, find};
use crate::diagnostic::Diagnostics;
use crate::model::{Field as _, Model};
use crate::path::Path;
use crate::proto::tfplugin6::*;
use crate::provider::Provider;
use crate::schema;
use crate::type_erasure::Described;
use crate::value::Value;

/// Decodes a configuration and checks it.
pub(super) fn check(
    what: &dyn Described,
    config: Option<&DynamicValue>,
    write_only_allowed: bool,
    validate: impl FnOnce(Value) -> Diagnostics,
) -> Result<Vec<Diagnostic>, Diagnostics> {
    let config = convert::decode(config, what.value_type())?;
    Ok(convert::diagnostics(found(what, config, write_only_allowed, validate)))
}

/// Runs the schema's checks and then, if they find no error, the author's.
fn found(
    what: &dyn Described,
    config: Value,
    write_only_allowed: bool,
    validate: impl FnOnce(Value) -> Diagnostics,
) -> Diagnostics {
    let mut found = schema::validate(what.schema(), &config, write_only_allowed);
    if !found.has_errors() && !config.is_null() {
        found.extend(validate(config));
    }
    found
}

/// Checks a configuration that is wholly known, before it is used: when it was validated, some of it may have been unknown. The
/// validation has shown the warnings.
pub(super) fn known(
    what: &dyn Described,
    config: &Value,
    validate: impl FnOnce(Value) -> Diagnostics,
) -> Result<(), Diagnostics> {
    let found = found(what, config.clone(), true, validate);
    if found.has_errors() { Err(found) } else { Ok(()) }
}

pub(super) fn provider<P: Provider>(
    server: &Server<P>,
    request: &validate_provider_config::Request,
) -> Result<validate_provider_config::Response, Diagnostics> {
    let config = convert::decode(request.config.as_ref(), &server.config_type)?;
    let mut found = schema::validate(&server.schema, &config, true);
    if !found.has_errors() {
        let members = config.members().cloned().unwrap_or_default();
        let config = <P::Config as Model>::Config::from_value(Value::Object(members), &Path::root())
            .map_err(|error| crate::Diagnostic::bug(format!("The provider block's model: {error}.")))?;
        found.extend(server.provider.validate(&config));
    }
    Ok(validate_provider_config::Response { diagnostics: convert::diagnostics(found) })
}

pub(super) fn resource<P: Provider>(
    server: &Server<P>,
    request: &validate_resource_config::Request,
) -> Result<validate_resource_config::Response, Diagnostics> {
    let resource = find(&server.offers.resources, "resource", &request.type_name)?;
    let core = request.client_capabilities.unwrap_or_default();
    if let (Some(block), false) = (resource.schema().computed_block(), core.computed_blocks_allowed) {
        return Err(no_computed_blocks(&block));
    }
    let write_only = core.write_only_attributes_allowed;
    let diagnostics = check(resource, request.config.as_ref(), write_only, |config| resource.validate(config))?;
    Ok(validate_resource_config::Response { diagnostics })
}

/// An older core takes a computed block for one that is always configured, and would refuse what the provider decides.
fn no_computed_blocks(block: &Path) -> Diagnostics {
    let detail =
        format!("Where {block} is not written, the provider decides it, which requires Terraform 1.16 or later.");
    crate::Diagnostic::error("Computed Block Not Allowed", detail).at(block.clone()).into()
}

pub(super) fn data_source<P: Provider>(
    server: &Server<P>,
    request: &validate_data_resource_config::Request,
) -> Result<validate_data_resource_config::Response, Diagnostics> {
    let data_source = find(&server.offers.data_sources, "data source", &request.type_name)?;
    let diagnostics = check(data_source, request.config.as_ref(), true, |config| data_source.validate(config))?;
    Ok(validate_data_resource_config::Response { diagnostics })
}

pub(super) fn ephemeral<P: Provider>(
    server: &Server<P>,
    request: &validate_ephemeral_resource_config::Request,
) -> Result<validate_ephemeral_resource_config::Response, Diagnostics> {
    let ephemeral = find(&server.offers.ephemeral_resources, "ephemeral resource", &request.type_name)?;
    let diagnostics = check(ephemeral, request.config.as_ref(), true, |config| ephemeral.validate(config))?;
    Ok(validate_ephemeral_resource_config::Response { diagnostics })
}

pub(super) fn list<P: Provider>(
    server: &Server<P>,
    request: &validate_list_resource_config::Request,
) -> Result<validate_list_resource_config::Response, Diagnostics> {
    let list = find(&server.offers.list_resources, "list resource", &request.type_name)?;
    let diagnostics = check(list, request.config.as_ref(), true, |config| list.validate(config))?;
    Ok(validate_list_resource_config::Response { diagnostics })
}

pub(super) fn action<P: Provider>(
    server: &Server<P>,
    request: &validate_action_config::Request,
) -> Result<validate_action_config::Response, Diagnostics> {
    let action = find(&server.offers.actions, "action", &request.type_name)?;
    let diagnostics = check(action, request.config.as_ref(), true, |config| action.validate(config))?;
    Ok(validate_action_config::Response { diagnostics })
}
