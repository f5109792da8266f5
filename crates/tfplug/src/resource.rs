//! Managed resources: what an author implements, and how the server sees it.

use std::future::Future;

use futures_util::future::BoxFuture;
use serde_json::Value as Json;

use crate::context::Context;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Field, Model, ResourceModel};
use crate::planning::PlanRequest;
use crate::schema::Schema;
use crate::type_erasure::{Described, Typed, to_model, to_value, validate_model};
use crate::value::{Type, Value};

/// How a create or update ended.
pub type Applied<M> = Result<M, Failed<M>>;

/// A create or update that failed, and what exists all the same.
///
/// On a create, a state here is stored and marked as tainted, so that nothing made is lost; without one, the core takes
/// it that nothing was made. On an update, it's stored as it is; without one, the state of before stays.
#[derive(Debug)]
pub struct Failed<M> {
    /// What went wrong; at least one error.
    pub diagnostics: Diagnostics,
    /// What is true now, as far as known. Attributes that aren't known are stored as they were before, or null.
    pub state: Option<M>,
}

impl<M> Failed<M> {
    /// A failure that leaves this behind.
    pub fn with(state: M, diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), state: Some(state) }
    }
}

impl<M> From<Diagnostics> for Failed<M> {
    fn from(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, state: None }
    }
}

impl<M> From<Diagnostic> for Failed<M> {
    fn from(diagnostic: Diagnostic) -> Self {
        Diagnostics::from(diagnostic).into()
    }
}

/// What a user gave to `terraform import` or an `import` block.
#[derive(Clone, Debug)]
pub enum ImportId<I> {
    /// The text after the address, or `id = "…"`.
    Id(String),
    /// `identity = { … }`.
    Identity(I),
}

/// An object of another resource type or provider, in a `moved` block whose target is this type.
#[derive(Clone, Debug)]
pub struct MoveSource {
    /// Where the other provider comes from: `host/namespace/type`.
    pub provider_address: String,
    /// The other resource type.
    pub type_name: String,
    /// The version of the other schema.
    pub schema_version: i64,
    /// The stored state, by the other schema.
    pub state: Json,
}

/// A kind of managed object: a schema, a model with the same attributes, and the four verbs.
///
/// Planning follows from the schema. Attributes that are unknown in a plan are decided by `create` and `update`; the
/// server holds what they return against the plan.
pub trait Resource: Send + Sync + 'static {
    /// What [`Provider::configure`](crate::Provider::configure) makes.
    type Client: Send + Sync + 'static;
    /// One field per attribute.
    type Model: ResourceModel;

    /// The attributes and their rules: by default the model's.
    fn schema(&self) -> Schema {
        Self::Model::schema()
    }

    /// The attributes that identify an object for as long as it lives: by default those that the model marks. None if the
    /// type has no resource identity.
    fn identity(&self) -> &'static [&'static str] {
        Self::Model::IDENTITY
    }

    /// Checks that concern several attributes at once; those of one attribute belong into the schema. Anything may be
    /// unknown.
    fn validate(&self, config: &<Self::Model as Model>::Config) -> Diagnostics {
        let _ = config;
        Diagnostics::new()
    }

    /// Has the last word on a change that was planned from the schema: a create, an update or a destroy. It may look things
    /// up, warn, refuse, ask for a replacement, put the change off, and change what the configuration doesn't set. By default
    /// it does nothing.
    ///
    /// The core plans a change more than once, and holds every plan against the first: for equal input, the outcome must be
    /// equal.
    ///
    /// # Errors
    ///
    /// Diagnostics that stop the plan.
    fn plan(
        &self,
        request: &mut PlanRequest<'_, Self::Client, <Self::Model as Model>::Config>,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = request;
        async { Ok(()) }
    }

    /// Makes the object. The result has no unknown attribute.
    fn create(
        &self,
        cx: &Context<'_, Self::Client>,
        plan: Self::Model,
    ) -> impl Future<Output = Applied<Self::Model>> + Send;

    /// Looks the object up. `None` says that it's gone for certain: Terraform then plans to create it.
    fn read(
        &self,
        cx: &Context<'_, Self::Client>,
        state: <Self::Model as Model>::Prior,
    ) -> impl Future<Output = Result<Option<Self::Model>, Diagnostics>> + Send;

    /// Changes the object from `prior` to `plan`. The result has no unknown attribute.
    fn update(
        &self,
        cx: &Context<'_, Self::Client>,
        prior: <Self::Model as Model>::Existing,
        plan: Self::Model,
    ) -> impl Future<Output = Applied<Self::Model>> + Send;

    /// Removes the object; that it's gone already is success.
    fn delete(
        &self,
        cx: &Context<'_, Self::Client>,
        state: <Self::Model as Model>::Existing,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send;

    /// Turns what the user gave into the object's identity, which `read` starts from. By default an identity is enough, and
    /// a text is refused.
    fn import(
        &self,
        cx: &Context<'_, Self::Client>,
        id: ImportId<<Self::Model as Model>::Identity>,
    ) -> impl Future<Output = Result<<Self::Model as Model>::Identity, Diagnostics>> + Send {
        let _ = cx;
        async {
            match id {
                ImportId::Identity(identity) => Ok(identity),
                ImportId::Id(_) => {
                    Err(Diagnostic::error("No import by id", "This resource type doesn't take an id for an import.")
                        .into())
                }
            }
        }
    }

    /// Reads a state that an older schema version wrote.
    ///
    /// # Errors
    ///
    /// By default always: a resource that raises its version must implement this.
    fn upgrade(&self, version: i64, state: Json) -> Result<<Self::Model as Model>::Config, Diagnostics> {
        let _ = state;
        Err(Diagnostic::bug(format!("No upgrade from version {version} of the stored state.")).into())
    }

    /// Takes over an object of another type or provider.
    ///
    /// # Errors
    ///
    /// By default always: which types can be taken over is the resource's to say.
    fn move_from(&self, source: MoveSource) -> Result<<Self::Model as Model>::Config, Diagnostics> {
        let MoveSource { provider_address, type_name, .. } = source;
        let detail =
            format!("This resource can't take over {type_name} of {provider_address}. Import the object instead.");
        Err(Diagnostic::error("Unsupported move", detail).into())
    }
}

/// How an apply ended, in values.
pub(crate) type Outcome = Result<Value, Failed<Value>>;

/// A change that is being planned, in values.
pub(crate) type AnyPlan<'a, C> = PlanRequest<'a, C, Value>;

/// A [`Resource`] with its types erased: values in, values out.
pub(crate) trait AnyResource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn identity(&self) -> &'static [&'static str];
    fn plan<'a>(&'a self, request: AnyPlan<'a, C>) -> BoxFuture<'a, Result<AnyPlan<'a, C>, Diagnostics>>;
    fn create<'a>(&'a self, cx: &'a Context<'a, C>, plan: Value) -> BoxFuture<'a, Outcome>;
    fn read<'a>(&'a self, cx: &'a Context<'a, C>, state: Value) -> BoxFuture<'a, Result<Value, Diagnostics>>;
    fn update<'a>(&'a self, cx: &'a Context<'a, C>, prior: Value, plan: Value) -> BoxFuture<'a, Outcome>;
    fn delete<'a>(&'a self, cx: &'a Context<'a, C>, state: Value) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn import<'a>(&'a self, cx: &'a Context<'a, C>, id: ImportId<Value>) -> BoxFuture<'a, Result<Value, Diagnostics>>;
    fn upgrade(&self, version: i64, state: Json) -> Result<Value, Diagnostics>;
    fn move_from(&self, source: MoveSource) -> Result<Value, Diagnostics>;
}

fn to_outcome<M: Field>(applied: Applied<M>, kind: &Type) -> Outcome {
    match applied {
        Ok(state) => Ok(to_value(state, kind)),
        Err(Failed { diagnostics, state }) => {
            Err(Failed { diagnostics, state: state.map(|state| to_value(state, kind)) })
        }
    }
}

impl<R: Resource> AnyResource<R::Client> for Typed<R> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn identity(&self) -> &'static [&'static str] {
        self.inner.identity()
    }

    fn plan<'a>(
        &'a self,
        request: AnyPlan<'a, R::Client>,
    ) -> BoxFuture<'a, Result<AnyPlan<'a, R::Client>, Diagnostics>> {
        Box::pin(async move {
            let mut request = request.convert(to_model)?;
            self.inner.plan(&mut request).await?;
            request.convert(|model| Ok(to_value(model, self.value_type())))
        })
    }

    fn create<'a>(&'a self, cx: &'a Context<'a, R::Client>, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { to_outcome(self.inner.create(cx, to_model(plan)?).await, self.value_type()) })
    }

    fn read<'a>(&'a self, cx: &'a Context<'a, R::Client>, state: Value) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let found = self.inner.read(cx, R::Model::prior(state)?).await?;
            Ok(found.map_or(Value::Null, |found| to_value(found, self.value_type())))
        })
    }

    fn update<'a>(&'a self, cx: &'a Context<'a, R::Client>, prior: Value, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let applied = self.inner.update(cx, R::Model::existing(prior)?, to_model(plan)?).await;
            to_outcome(applied, self.value_type())
        })
    }

    fn delete<'a>(&'a self, cx: &'a Context<'a, R::Client>, state: Value) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move { self.inner.delete(cx, R::Model::existing(state)?).await })
    }

    fn import<'a>(
        &'a self,
        cx: &'a Context<'a, R::Client>,
        id: ImportId<Value>,
    ) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let id = match id {
                ImportId::Id(id) => ImportId::Id(id),
                ImportId::Identity(identity) => ImportId::Identity(to_model(identity)?),
            };
            Ok(to_value(self.inner.import(cx, id).await?, self.value_type()))
        })
    }

    fn upgrade(&self, version: i64, state: Json) -> Result<Value, Diagnostics> {
        Ok(to_value(self.inner.upgrade(version, state)?, self.value_type()))
    }

    fn move_from(&self, source: MoveSource) -> Result<Value, Diagnostics> {
        Ok(to_value(self.inner.move_from(source)?, self.value_type()))
    }
}
