//! The operations whose time a configuration can limit, by the kind of what has them.

/// Those of a resource.
pub const RESOURCE: &[&str] = &["create", "read", "update", "delete"];
/// That of a data source.
pub const DATA_SOURCE: &[&str] = &["read"];
/// Those of an ephemeral resource.
pub const EPHEMERAL_RESOURCE: &[&str] = &["open", "renew", "close"];
/// That of an action.
pub const ACTION: &[&str] = &["invoke"];
/// That of a list resource.
pub const LIST_RESOURCE: &[&str] = &["list"];
/// All of those of a state store, under one name, as the Go framework has it.
pub const STATE_STORE: &[&str] = &["statestore"];

/// Whether anything has an operation of that name.
pub(super) fn exists(name: &str) -> bool {
    let all = [RESOURCE, DATA_SOURCE, EPHEMERAL_RESOURCE, ACTION, LIST_RESOURCE, STATE_STORE];
    all.iter().any(|one| one.contains(&name))
}
