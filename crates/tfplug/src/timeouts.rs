//! How long operations may take, for the attribute or block that configurations say it in.

use crate::Model;
use crate::text::GoDuration;

/// How long operations may take: the type of a field that is marked with `timeouts`. A resource that has only some of the
/// operations, or defaults for them, has a struct of its own with fields of these names and types.
///
/// ```
/// use tfplug::{Computed, Model, Timeouts};
///
/// /// A database.
/// #[derive(Model)]
/// #[tf(resource)]
/// struct Database {
///     #[tf(computed, identity, use_state_for_unknown)]
///     id: Computed<String>,
///     #[tf(block, timeouts)]
///     timeouts: Option<Timeouts>,
/// }
/// assert!(Database::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct Timeouts {
    /// How long the creation may take, such as `30m`.
    pub create: Option<GoDuration>,
    /// How long a refresh may take.
    pub read: Option<GoDuration>,
    /// How long an update may take.
    pub update: Option<GoDuration>,
    /// How long the deletion may take.
    pub delete: Option<GoDuration>,
}
