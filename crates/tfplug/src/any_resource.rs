//! Managed resources as the server sees them: with their types erased.

use futures_util::future::BoxFuture;

use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::model::{Field, Model};
use crate::planning::PlanRequest;
use crate::resource::{Applied, Failed, ImportId, Resource};
use crate::stored::{MoveSource, Moved, StoredState};
use crate::type_erasure::{Described, Typed, kept, to_model, validate_model};
use crate::value::Value;

/// The result of a create or update, as values.
pub(crate) type Outcome = Result<Value, Failed<Value>>;

/// A change that is being planned, as values.
pub(crate) type AnyPlan<'a, C> = PlanRequest<'a, C, Value>;

/// A [`Resource`] with its types erased: values in, values out.
pub(crate) trait AnyResource<C>: Described + Send + Sync {
    fn validate(&self, config: Value) -> Diagnostics;
    fn identity(&self) -> &'static [&'static str];
    fn optional_identity(&self) -> &'static [&'static str];
    fn identity_version(&self) -> i64;
    fn mutable_identity(&self) -> bool;
    fn plan<'a>(&'a self, request: AnyPlan<'a, C>) -> BoxFuture<'a, Result<AnyPlan<'a, C>, Diagnostics>>;
    fn create<'a>(&'a self, cx: &'a Context<'a, C>, plan: Value) -> BoxFuture<'a, Outcome>;
    fn read<'a>(&'a self, cx: &'a Context<'a, C>, state: Value) -> BoxFuture<'a, Result<Value, Diagnostics>>;
    fn update<'a>(&'a self, cx: &'a Context<'a, C>, prior: Value, plan: Value) -> BoxFuture<'a, Outcome>;
    fn delete<'a>(&'a self, cx: &'a Context<'a, C>, state: Value) -> BoxFuture<'a, Result<(), Diagnostics>>;
    fn import<'a>(&'a self, cx: &'a Context<'a, C>, id: ImportId<Value>) -> BoxFuture<'a, Result<Value, Diagnostics>>;
    fn upgrade(&self, version: i64, state: StoredState) -> Result<Value, Diagnostics>;
    fn upgrade_identity(&self, version: i64, identity: StoredState) -> Result<Value, Diagnostics>;
    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<Value>>, Diagnostics>;
}

impl<C> dyn AnyResource<C> + '_ {
    /// The parts of the identity that every object has.
    pub(crate) fn required_identity(&self) -> impl Iterator<Item = &'static str> {
        let optional = self.optional_identity();
        self.identity().iter().copied().filter(move |name| !optional.contains(name))
    }

    /// The parts without which the object of this state could not be found.
    pub(crate) fn missing_identity(&self, state: &Value) -> impl Iterator<Item = &'static str> {
        self.required_identity().filter(|name| state.get(name).is_null())
    }
}

fn to_outcome<M: Field>(applied: Applied<M>, resource: &dyn Described) -> Outcome {
    let value = |state: M| resource.fitted(state.into_value());
    match applied {
        Ok(state) => Ok(value(state)),
        Err(Failed { diagnostics, state }) => Err(Failed { diagnostics, state: state.map(value) }),
    }
}

impl<R: Resource> AnyResource<R::Client> for Typed<R> {
    fn validate(&self, config: Value) -> Diagnostics {
        validate_model(config, |config| self.inner.validate(config))
    }

    fn identity(&self) -> &'static [&'static str] {
        self.inner.identity()
    }

    fn optional_identity(&self) -> &'static [&'static str] {
        self.inner.optional_identity()
    }

    fn identity_version(&self) -> i64 {
        self.inner.identity_version()
    }

    fn mutable_identity(&self) -> bool {
        self.inner.mutable_identity()
    }

    fn plan<'a>(
        &'a self,
        request: AnyPlan<'a, R::Client>,
    ) -> BoxFuture<'a, Result<AnyPlan<'a, R::Client>, Diagnostics>> {
        Box::pin(async move {
            let value = |model: <R::Model as Model>::Config| self.fitted(model.into_value());
            let planned = request.planned.clone();
            let mut request = request.convert(to_model)?;
            let seen: Option<<R::Model as Model>::Config> = request.planned.clone();
            self.inner.plan(&mut request).await?;
            let after = match (planned, seen, request.planned.take()) {
                (Some(planned), Some(seen), Some(after)) if seen != after => {
                    Some(kept(planned, &value(seen), value(after)))
                }
                (Some(planned), _, Some(_)) => Some(planned),
                (_, _, after) => after.map(value),
            };
            Ok(request.into_outcome(after))
        })
    }

    fn create<'a>(&'a self, cx: &'a Context<'a, R::Client>, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { to_outcome(self.inner.create(cx, to_model(plan)?).await, self) })
    }

    fn read<'a>(&'a self, cx: &'a Context<'a, R::Client>, state: Value) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move {
            let found = self.inner.read(cx, R::Model::prior(state)?).await?;
            Ok(found.map_or(Value::Null, |found| self.fitted(found.into_value())))
        })
    }

    fn update<'a>(&'a self, cx: &'a Context<'a, R::Client>, prior: Value, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let applied = self.inner.update(cx, R::Model::existing(prior)?, to_model(plan)?).await;
            to_outcome(applied, self)
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
            Ok(self.fitted(self.inner.import_state(cx, id).await?.into_value()))
        })
    }

    fn upgrade(&self, version: i64, state: StoredState) -> Result<Value, Diagnostics> {
        Ok(self.fitted(self.inner.upgrade(version, state)?.into_value()))
    }

    fn upgrade_identity(&self, version: i64, identity: StoredState) -> Result<Value, Diagnostics> {
        Ok(self.inner.upgrade_identity(version, identity)?.into_value())
    }

    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<Value>>, Diagnostics> {
        let moved = self.inner.move_from(source)?;
        Ok(moved.map(|Moved { state, private }| Moved { state: self.fitted(state.into_value()), private }))
    }
}
