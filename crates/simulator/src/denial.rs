//! What a test denies an identity.

/// Why a call is answered with 403. See [`Handle::deny`](crate::Handle::deny).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// `PermissionDenied`: the identity's role lacks the permission.
    Permission,
    /// `PermissionDenied` for the connection: a create is refused once its folder is found.
    Connect,
    /// `ProjectMembershipNotFound`: the identity isn't in the project.
    Membership,
    /// `ForbiddenError`: the project belongs to another organization than the token.
    Organization,
}
