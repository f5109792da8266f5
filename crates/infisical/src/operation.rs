//! The operations of requests, and their subjects.

/// The operation of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    Login,
    Create,
    Get,
    GetByName,
    List,
    Update,
    Delete,
    Rotate,
    Credentials,
}

/// The subject of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Login,
    Rotation,
    Connection,
    Project,
}
