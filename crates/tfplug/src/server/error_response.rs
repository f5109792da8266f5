//! How the response of each RPC carries errors.

use super::convert;
use crate::diagnostic::Diagnostics;
use crate::proto::tfplugin6::*;

/// A response that can carry errors.
pub(super) trait ErrorResponse {
    fn from_errors(errors: Diagnostics) -> Self;

    /// Its diagnostics.
    fn diagnostics(&mut self) -> &mut [Diagnostic];
}

macro_rules! with_diagnostics {
    ($($rpc:ident),* $(,)?) => {
        $(#[allow(clippy::needless_update, reason = "some responses have nothing but diagnostics")]
        impl ErrorResponse for $rpc::Response {
            fn from_errors(errors: Diagnostics) -> Self {
                Self { diagnostics: convert::diagnostics(errors), ..Self::default() }
            }

            fn diagnostics(&mut self) -> &mut [Diagnostic] {
                &mut self.diagnostics
            }
        })*
    };
}

with_diagnostics!(
    apply_resource_change,
    close_ephemeral_resource,
    configure_provider,
    configure_state_store,
    delete_state,
    generate_resource_config,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_states,
    import_resource_state,
    lock_state,
    move_resource_state,
    open_ephemeral_resource,
    plan_action,
    plan_resource_change,
    read_data_source,
    read_resource,
    read_state_bytes,
    renew_ephemeral_resource,
    unlock_state,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_action_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_provider_config,
    validate_resource_config,
    validate_state_store,
    write_state_bytes,
);

/// A function's response has no diagnostics, only a text.
impl ErrorResponse for call_function::Response {
    fn from_errors(errors: Diagnostics) -> Self {
        Self { error: Some(FunctionError { text: joined(&errors), function_argument: None }), ..Self::default() }
    }

    fn diagnostics(&mut self) -> &mut [Diagnostic] {
        &mut []
    }
}

impl ErrorResponse for stop_provider::Response {
    fn from_errors(errors: Diagnostics) -> Self {
        Self { error: joined(&errors) }
    }

    fn diagnostics(&mut self) -> &mut [Diagnostic] {
        &mut []
    }
}

fn joined(errors: &Diagnostics) -> String {
    let texts: Vec<_> = errors.iter().map(|error| format!("{}: {}", error.summary(), error.detail())).collect();
    texts.join("\n")
}
