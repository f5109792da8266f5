//! The service as a core calls it, in one process: requests in the generated types, answers held against the protocol.

mod block_types;
mod data_sources;
mod fixture;
mod lifecycle;
mod lists;
mod planning;
mod sets;
mod states;
