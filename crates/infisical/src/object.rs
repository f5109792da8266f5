//! What the generic calls need to know about each kind of object.

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::operation::{Operation, Subject};
use super::request::Request;

/// An object of the API.
pub(super) trait Object: DeserializeOwned + Clone + Send + Sync + 'static {
    /// The subject of requests, for rate limits and refusals.
    const SUBJECT: Subject;
    /// The path of its routes.
    const BASE: &'static str;
    /// The field in which the API returns one object.
    const ONE: &'static str;
    /// The field in which the API returns a list.
    const MANY: &'static str;
    /// The kind with an article, as the beginning of a sentence.
    const CALLED: &'static str;

    fn id(&self) -> &str;
    fn name(&self) -> Option<&str>;
    /// When it was last changed, by the server's clock (RFC 3339).
    fn updated_at(&self) -> Option<&str>;

    /// When its key was last replaced, by the server's clock (RFC 3339); `None` for an object without a key.
    fn last_rotated_at(&self) -> Option<&str> {
        None
    }

    /// Which of its keys is in use; `None` for an object without keys.
    fn active_index(&self) -> Option<i64> {
        None
    }

    /// The scope in whose list it is, if it says so.
    fn scope(&self) -> Option<&str> {
        None
    }

    /// A request for this kind of object.
    fn request(operation: Operation, segments: &[&str]) -> Request {
        Request::new(operation, Self::SUBJECT, Self::BASE, segments)
    }

    /// The request that lists a scope, such as a project.
    fn list_request(scope: &str) -> Request;
}

/// The request to create an object.
pub(super) trait NewObject: Serialize + Sync {
    type Object: Object;

    /// The scope whose list will contain the object.
    fn scope(&self) -> &str;

    /// The request that finds the object by its name and place, in the API's spelling.
    fn find_request(&self) -> Request;

    /// The request that creates it.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when it cannot be written as JSON.
    fn create_request(&self) -> Result<Request, Error>;

    /// The fields in which an object differs from this request, by the API's names. Values are compared as the API
    /// would store them.
    fn differences(&self, found: &Self::Object) -> Vec<&'static str>;

    /// Whether an object has another name or place than this request, as far as it tells.
    fn is_elsewhere(&self, found: &Self::Object) -> bool;

    /// The id of the app connection that the object uses, if it uses one.
    fn connection_id(&self) -> Option<&str> {
        None
    }

    /// The name of the key that the create issues, if it issues one.
    fn key_name(&self) -> Option<&str>;
}

/// The request to change an object.
pub(super) trait Patch: Serialize + Sync {
    type Object: Object;

    /// Whether the object already has the requested values. Values that the API does not return do not count as equal.
    fn holds_in(&self, object: &Self::Object) -> bool;

    /// Whether it makes the server talk to OpenRouter.
    fn is_slow(&self) -> bool {
        false
    }

    /// The secrets in it.
    fn secrets(&self) -> Vec<SecretString> {
        Vec::new()
    }
}
