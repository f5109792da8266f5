//! The reasons for which a test can deny a call.

/// Why a call returns 403. See [`Handle::deny`](crate::Handle::deny).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// `PermissionDenied`: the identity's role lacks the permission.
    Permission,
    /// `PermissionDenied` for the connection: a create is refused once its folder and connection are found.
    Connect,
    /// `ProjectMembershipNotFound`: the identity is not in the project.
    Membership,
    /// `ForbiddenError`: the project belongs to a different organization than the token.
    Organization,
}
