//! The service as a core calls it, in one process: requests in the generated types, answers held against the protocol.

mod block_types;
mod fixture;
mod lifecycle;
mod planning;
mod sets;
mod states;
mod unopened;
