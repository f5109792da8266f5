//! One test binary: `protocol_*`, `client_*` and `acceptance_*`, and what they share in `support`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "all of it is tests, also the functions that clippy doesn't take for such"
)]

mod acceptance_change;
mod acceptance_create;
mod acceptance_data_sources;
mod acceptance_destroy;
mod acceptance_errors;
mod acceptance_examples;
mod acceptance_faults;
mod acceptance_fips;
mod acceptance_logins;
mod acceptance_network;
mod acceptance_one_key;
#[cfg(target_os = "linux")]
mod acceptance_package;
mod acceptance_plan;
mod acceptance_provider_block;
mod acceptance_query;
mod acceptance_refusals;
#[cfg(target_os = "linux")]
mod acceptance_secrecy;
#[cfg(target_os = "linux")]
mod acceptance_stop;
mod acceptance_validate;
mod client_calls;
mod client_faults;
mod client_scale;
mod client_transport;
mod client_world;
mod layers;
mod protocol_arguments;
#[cfg(unix)]
mod protocol_process;
/// Named otherwise than its file, since what is called `acceptance_` runs once for each core, and this is for one.
#[path = "acceptance_scale.rs"]
mod scale_on_one_core;
#[path = "slow_faults.rs"]
mod slow_faults_on_one_core;
mod support;
