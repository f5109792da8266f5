//! The kinds of what a struct can be a model of.

/// What the struct is a model of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Resource,
    DataSource,
    Ephemeral,
    Action,
    List,
    Provider,
    ProviderMeta,
    StateStore,
    /// A nested object, or a group that is flattened.
    Object,
}

pub(crate) const KINDS: &str = "resource, data_source, ephemeral_resource, action, list_resource, provider, provider_meta, \
                     state_store or object";

impl Kind {
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "resource" => Self::Resource,
            "data_source" => Self::DataSource,
            "ephemeral_resource" => Self::Ephemeral,
            "action" => Self::Action,
            "list_resource" => Self::List,
            "provider" => Self::Provider,
            "provider_meta" => Self::ProviderMeta,
            "state_store" => Self::StateStore,
            "object" => Self::Object,
            _ => return None,
        })
    }

    /// Its name with an article, for messages.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Resource => "a resource",
            Self::DataSource => "a data source",
            Self::Ephemeral => "an ephemeral resource",
            Self::Action => "an action",
            Self::List => "a list resource",
            Self::Provider => "a provider block",
            Self::ProviderMeta => "a provider_meta block",
            Self::StateStore => "a state store",
            Self::Object => "an object",
        }
    }

    /// The constant with the operations that can have timeouts, and the struct for them; `None` if there are none.
    pub(crate) fn operations(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Resource => ("RESOURCE", "Timeouts"),
            Self::DataSource => ("DATA_SOURCE", "DataSourceTimeouts"),
            Self::Ephemeral => ("EPHEMERAL_RESOURCE", "EphemeralTimeouts"),
            Self::Action => ("ACTION", "ActionTimeouts"),
            Self::List => ("LIST_RESOURCE", "ListTimeouts"),
            Self::StateStore => ("STATE_STORE", "StateStoreTimeouts"),
            Self::Provider | Self::ProviderMeta | Self::Object => return None,
        })
    }
}
