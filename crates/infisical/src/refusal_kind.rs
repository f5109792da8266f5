//! The kinds of refusals.

/// The kind of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// The object that the request names does not exist.
    NotFound,
    /// The server does not have the route, which says nothing about the object.
    RouteNotFound,
    /// Another object of the same kind and place already has that name.
    NameTaken,
    /// The name belongs to an object of another type: names are unique over all of them.
    NameOfAnotherType,
    /// A secret with the name in the mapping already exists in that folder.
    SecretTaken,
    /// The folder or the environment does not exist.
    FolderNotFound,
    /// The app connection does not exist.
    ConnectionNotFound,
    /// The app connection is for another application, or belongs to another project.
    ConnectionMismatch,
    /// The identity may not use the app connection.
    ConnectionForbidden,
    /// Something uses the app connection, so it was not deleted.
    ConnectionInUse,
    /// The project does not exist.
    ProjectNotFound,
    /// The project's version does not support secret rotations of this kind.
    ProjectOutdated,
    /// The identity lacks a permission.
    PermissionDenied,
    /// The identity is not a member of the project.
    NotAMember,
    /// The organization's plan does not include the feature.
    PlanRestriction,
    /// A rotation of the same object is in progress.
    InProgress,
    /// OpenRouter did not revoke all of the keys, so the rotation and its secret were not deleted.
    CannotRevoke,
    /// OpenRouter refused to issue a key.
    KeyRefused,
    /// Something failed while or after a key was issued, or it is not known whether one was issued.
    GenerationFailed,
    /// OpenRouter rejected the provisioning key of the app connection.
    ProvisioningKeyRefused,
    /// The access token is wrong, has expired or was revoked.
    TokenRejected,
    /// The login's credentials are wrong.
    CredentialsRejected,
    /// The identity is locked for some time after failed logins, whatever the credentials.
    Locked,
    /// The API does not allow the values of some fields; [`Refusal::issues`] names them.
    ValidationFailed,
    /// Too many requests.
    RateLimited,
    /// The server reports an error of its own.
    ServerFault,
    /// None of these.
    Other,
}

impl RefusalKind {
    /// All kinds, in the order in which they are declared.
    pub const ALL: [Self; 27] = [
        Self::NotFound,
        Self::RouteNotFound,
        Self::NameTaken,
        Self::NameOfAnotherType,
        Self::SecretTaken,
        Self::FolderNotFound,
        Self::ConnectionNotFound,
        Self::ConnectionMismatch,
        Self::ConnectionForbidden,
        Self::ConnectionInUse,
        Self::ProjectNotFound,
        Self::ProjectOutdated,
        Self::PermissionDenied,
        Self::NotAMember,
        Self::PlanRestriction,
        Self::InProgress,
        Self::CannotRevoke,
        Self::KeyRefused,
        Self::GenerationFailed,
        Self::ProvisioningKeyRefused,
        Self::TokenRejected,
        Self::CredentialsRejected,
        Self::Locked,
        Self::ValidationFailed,
        Self::RateLimited,
        Self::ServerFault,
        Self::Other,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_all_kinds_is_complete() {
        let positions: Vec<_> = RefusalKind::ALL.into_iter().map(|kind| kind as usize).collect();
        assert_eq!(positions, (0..=RefusalKind::Other as usize).collect::<Vec<_>>(), "Other is the last kind");
    }
}
