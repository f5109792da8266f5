//! The integration tests in one binary: `protocol_*`, `client_*` and `acceptance_*`, with shared code in `support`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of this is test code, including the functions that clippy does not recognise as such"
)]

mod acceptance_actions;
mod acceptance_change;
mod acceptance_connection;
mod acceptance_corner_functions;
mod acceptance_corner_kinds;
mod acceptance_corner_resources;
mod acceptance_create;
mod acceptance_data_sources;
#[cfg(unix)]
mod acceptance_debug;
mod acceptance_deferral;
mod acceptance_destroy;
mod acceptance_end_to_end;
mod acceptance_ephemeral;
mod acceptance_errors;
mod acceptance_examples;
mod acceptance_faults;
mod acceptance_fips;
#[cfg(unix)]
mod acceptance_guides;
mod acceptance_kinds;
mod acceptance_logins;
#[cfg(target_os = "linux")]
mod acceptance_memory;
mod acceptance_modules;
mod acceptance_network;
mod acceptance_one_key;
#[cfg(target_os = "linux")]
mod acceptance_package;
mod acceptance_plan;
mod acceptance_provider_block;
mod acceptance_query;
#[cfg(unix)]
mod acceptance_readme;
mod acceptance_refusals;
mod acceptance_replacement;
#[cfg(target_os = "linux")]
mod acceptance_secrecy;
mod acceptance_states;
#[cfg(target_os = "linux")]
mod acceptance_stop;
mod acceptance_validate;
mod acceptance_words;
mod client_calls;
mod client_faults;
mod client_scale;
mod client_setup;
mod client_transport;
#[cfg(target_os = "linux")]
#[path = "acceptance_endurance.rs"]
mod endurance_on_one_core;
mod layers;
mod protocol_arguments;
#[cfg(unix)]
mod protocol_process;
/// The module is named differently from its file, since tests of modules named `acceptance_*` run on every core, and
/// these only need one.
#[path = "acceptance_scale.rs"]
mod scale_on_one_core;
#[path = "slow_faults.rs"]
mod slow_faults_on_one_core;
mod support;
mod template;
