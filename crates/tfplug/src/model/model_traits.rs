//! The marker traits of models, by what they are a model of, and what handlers get for an object that exists.

use super::Model;

/// The model of a [`Resource`](crate::Resource).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a resource",
    note = "write #[derive(Model)] and #[tf(resource)] at the struct"
)]
pub trait ResourceModel: Model {}

/// The model of a [`DataSource`](crate::DataSource).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a data source",
    note = "write #[derive(Model)] and #[tf(data_source)] at the struct"
)]
pub trait DataSourceModel: Model {}

/// The model of an [`EphemeralResource`](crate::EphemeralResource).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of an ephemeral resource",
    note = "write #[derive(Model)] and #[tf(ephemeral_resource)] at the struct"
)]
pub trait EphemeralResourceModel: Model {}

/// The model of an [`Action`](crate::Action).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of an action",
    note = "write #[derive(Model)] and #[tf(action)] at the struct"
)]
pub trait ActionModel: Model {}

/// The model of a [`ListResource`](crate::ListResource)'s configuration.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a list resource",
    note = "write #[derive(Model)] and #[tf(list_resource)] at the struct"
)]
pub trait ListResourceModel: Model {}

/// The model of a [`Provider`](crate::Provider)'s block.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a provider block",
    note = "write #[derive(Model)] and #[tf(provider)] at the struct"
)]
pub trait ProviderModel: Model {}

/// The model of the `provider_meta` block of modules.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a provider_meta block",
    note = "write #[derive(Model)] and #[tf(provider_meta)] at the struct"
)]
pub trait ProviderMetaModel: Model {}

/// The model of a [`StateStore`](crate::StateStore)'s block.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the model of a state store",
    note = "write #[derive(Model)] and #[tf(state_store)] at the struct"
)]
pub trait StateStoreModel: Model {}

/// An existing object as the state has it: the input of `update` and `delete`.
#[derive(Clone, Debug, PartialEq)]
pub struct Existing<M: Model> {
    /// What identifies it: the attributes that are marked with `identity`.
    pub identity: M::Identity,
    /// All its attributes.
    pub state: M,
}

/// What is known about an object before it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior<M: Model> {
    /// What identifies it: the attributes that are marked with `identity`.
    pub identity: M::Identity,
    /// All its attributes as the state has them; `None` while the state has only the identity, as after an import.
    pub state: Option<M>,
}
