//! What requests ask for, and what they are about.

/// What a request asks for.
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

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Login,
    Rotation,
    Connection,
    Project,
}
