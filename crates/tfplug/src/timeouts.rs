//! How long operations may take, for the attribute or block that configurations say it in.

use crate::Model;
use crate::text::GoDuration;

/// How long the operations of a resource may take: the type of a field that is marked with `timeouts`. A resource that has only
/// some of the operations, or defaults for them, has a struct of its own with fields of these names and types.
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

/// How long the operation of a data source may take: the type of a field that is marked with `timeouts`.
///
/// ```
/// use tfplug::{Computed, DataSourceTimeouts, Model};
///
/// /// The newest backup.
/// #[derive(Model)]
/// #[tf(data_source)]
/// struct Backup {
///     #[tf(computed)]
///     id: Computed<String>,
///     #[tf(timeouts)]
///     timeouts: Option<DataSourceTimeouts>,
/// }
/// assert!(Backup::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct DataSourceTimeouts {
    /// How long reading may take, such as `5m`.
    pub read: Option<GoDuration>,
}

/// How long the operations of an ephemeral resource may take: the type of a field that is marked with `timeouts`.
///
/// ```
/// use tfplug::{Computed, EphemeralTimeouts, Model};
///
/// /// A tunnel into a network.
/// #[derive(Model)]
/// #[tf(ephemeral_resource)]
/// struct Tunnel {
///     #[tf(computed)]
///     port: Computed<u16>,
///     #[tf(timeouts)]
///     timeouts: Option<EphemeralTimeouts>,
/// }
/// assert!(Tunnel::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct EphemeralTimeouts {
    /// How long opening it may take, such as `5m`.
    pub open: Option<GoDuration>,
    /// How long a renewal may take.
    pub renew: Option<GoDuration>,
    /// How long closing it may take.
    pub close: Option<GoDuration>,
}

/// How long an action may take: the type of a field that is marked with `timeouts`.
///
/// ```
/// use tfplug::{ActionTimeouts, Model};
///
/// /// Restarts a server.
/// #[derive(Model)]
/// #[tf(action)]
/// struct Restart {
///     #[tf(required)]
///     server: String,
///     #[tf(block, timeouts)]
///     timeouts: Option<ActionTimeouts>,
/// }
/// assert!(Restart::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct ActionTimeouts {
    /// How long the action may take, such as `30m`.
    pub invoke: Option<GoDuration>,
}

/// How long each operation of a state store may take: the type of a field that is marked with `timeouts`. Reading and writing a state
/// includes the time that the core needs for its part.
///
/// ```
/// use tfplug::{Model, StateStoreTimeouts};
///
/// /// Keeps states in a bucket.
/// #[derive(Model)]
/// #[tf(state_store)]
/// struct Bucket {
///     #[tf(required)]
///     name: String,
///     #[tf(timeouts)]
///     timeouts: Option<StateStoreTimeouts>,
/// }
/// assert!(Bucket::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct StateStoreTimeouts {
    /// How long each operation may take, such as `5m`.
    pub statestore: Option<GoDuration>,
}

/// How long a list may take, with the time that the core needs to take its results: the type of a field that is marked with
/// `timeouts`. If it takes longer, the list fails.
///
/// ```
/// use tfplug::{ListTimeouts, Model};
///
/// /// Lists the servers of a region.
/// #[derive(Model)]
/// #[tf(list_resource)]
/// struct Servers {
///     #[tf(required)]
///     region: String,
///     #[tf(timeouts)]
///     timeouts: Option<ListTimeouts>,
/// }
/// assert!(Servers::schema().problems().is_empty());
/// ```
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub struct ListTimeouts {
    /// How long the list may take, such as `5m`.
    pub list: Option<GoDuration>,
}
