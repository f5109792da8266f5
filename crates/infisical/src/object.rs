//! What the generic calls need to know of a kind of object. Each kind says it once.

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::operation::{Operation, Subject};
use super::request::Request;

/// An object of the API.
pub(super) trait Object: DeserializeOwned + Clone + Send + Sync + 'static {
    /// For the rate limits and the kinds of refusals.
    const SUBJECT: Subject;
    /// The path of its routes.
    const BASE: &'static str;
    /// The field in which the API answers one.
    const ONE: &'static str;
    /// The field in which the API answers a list.
    const MANY: &'static str;
    /// How a sentence about one begins.
    const CALLED: &'static str;

    fn id(&self) -> &str;
    fn name(&self) -> Option<&str>;
    /// When it was last changed, by the server (RFC 3339).
    fn updated_at(&self) -> Option<&str>;

    /// The scope in whose list it is, if it says so.
    fn scope(&self) -> Option<&str> {
        None
    }

    /// A request on this kind of object.
    fn request(operation: Operation, segments: &[&str]) -> Request {
        Request::new(operation, Self::SUBJECT, Self::BASE, segments)
    }

    /// The list of what is in a scope, such as a project.
    fn list_request(scope: &str) -> Request;
}

/// What a new object shall be.
pub(super) trait NewObject: Serialize + Sync {
    type Object: Object;

    /// The scope of the list in which the object will be.
    fn scope(&self) -> &str;

    /// The read that finds the object by its name and place, in the API's spelling.
    fn find_request(&self) -> Request;

    /// The create.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when it can't be written as JSON.
    fn create_request(&self) -> Result<Request, Error>;

    /// The fields in which an object isn't what this one asks for, by the API's names, compared as the API
    /// would store them.
    fn differences(&self, found: &Self::Object) -> Vec<&'static str>;

    /// The name of the key that the create issues elsewhere, if it does.
    fn key_name(&self) -> Option<&str>;
}

/// What shall change in an object.
pub(super) trait Patch: Serialize + Sync {
    type Object: Object;

    /// Whether the object is so already. What can't be seen doesn't count as so.
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
