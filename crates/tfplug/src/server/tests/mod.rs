//! The service as a core calls it, in one process: requests in the generated types, and responses checked against the
//! protocol.

mod actions;
mod block_types;
mod blocks;
mod computed_blocks;
mod data_sources;
mod deferral;
mod fixture;
mod functions;
mod identities;
mod identities_by_hand;
mod late;
mod lifecycle;
mod limits;
mod lists;
mod mutable_identities;
mod other_limits;
mod planning;
mod provider_meta;
mod sets;
mod state_store_limits;
mod state_stores;
mod states;
mod stopping;
mod stored_warnings;
mod unopened;
