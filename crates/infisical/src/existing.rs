//! Looks up, before a create, whether an object of its name exists.

use super::error::Error;
use super::inventory::Before;
use super::object::Object;
use super::objects::Objects;
use super::refusal::Refusal;
use super::refusal_kind::RefusalKind;
use super::request::Request;

/// The object that had the name before.
pub(super) async fn before_by_name<O: Object>(objects: Objects<'_, O>, find: &Request) -> Result<Before, Error> {
    match objects.find(find).await {
        Ok(found) => Ok(Before::known([found.id().to_owned()])),
        Err(error) if is_absent(&error) => Ok(Before::known([])),
        // An identity that may not read may still create. With a rejected token, or without a response, nothing is
        // attempted.
        Err(Error::Refused(refusal)) if may_create_nevertheless(&refusal) => Ok(Before::Unknown),
        Err(error) => Err(error),
    }
}

/// Whether the API says that no object of that name exists.
pub(super) fn is_absent(error: &Error) -> bool {
    use RefusalKind::{FolderNotFound, NotFound, ProjectNotFound};
    matches!(error, Error::Refused(refusal) if matches!(refusal.kind(), NotFound | FolderNotFound | ProjectNotFound))
}

/// Whether a create may be attempted although its name cannot be looked up.
fn may_create_nevertheless(refusal: &Refusal) -> bool {
    use RefusalKind::{NameOfAnotherType, Other, RateLimited, ServerFault, TokenRejected};
    match refusal.kind() {
        TokenRejected | RateLimited | ServerFault | NameOfAnotherType => false,
        // If the key that encrypts the project's secrets is missing, for example, a create would issue a key and then
        // fail to store it.
        Other => refusal.status() != 404,
        _ => true,
    }
}
