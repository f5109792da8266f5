//! A resource whose API stores one object: it decides what the plan leaves open, spells texts in its own way, may change values
//! by itself, and returns write-only values, which must not get into a state.

use std::sync::Mutex;

use futures_util::future::BoxFuture;

use super::random::Random;
use super::values;
use crate::any_resource::{AnyPlan, AnyResource, Outcome};
use crate::context::Context;
use crate::diagnostic::Diagnostics;
use crate::locks::lock;
use crate::resource::ImportId;
use crate::schema::{Attribute, AttributeType, Attributes, Nesting, Schema};
use crate::stored::{MoveSource, Moved, StoredState};
use crate::type_erasure::Described;
use crate::value::{Type, Value};

/// What the API has, and how it decides.
pub(super) struct Api(Mutex<Inside>);

struct Inside {
    random: Random,
    /// Numbers what is generated, so that no two values are equal by chance.
    generated: usize,
    object: Value,
}

impl Api {
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Inside { random: Random::new(seed), generated: 0, object: Value::Null }))
    }

    fn store(&self, attributes: &Attributes, plan: &Value) -> Value {
        let mut inside = lock(&self.0);
        inside.object = inside.object(attributes, plan);
        inside.object.clone()
    }

    /// Changes some of the object's attributes, as somebody else would.
    pub(super) fn drift(&self, attributes: &Attributes) {
        let mut inside = lock(&self.0);
        let before = inside.object.clone();
        inside.object = inside.drifted(attributes, &before, |random, _| random.chance(40));
    }

    fn update(&self, attributes: &Attributes, plan: &Value) -> Value {
        let mut inside = lock(&self.0);
        let stored = inside.object(attributes, plan);
        inside.object = inside.drifted(attributes, &stored, |random, one| !one.is_configurable() && random.chance(20));
        inside.object.clone()
    }
}

impl Inside {
    fn object(&mut self, attributes: &Attributes, plan: &Value) -> Value {
        let Value::Object(_) = plan else { return plan.clone() };
        let members = attributes.iter().map(|(name, one)| (name.clone(), self.one(one, plan.get(name))));
        Value::Object(members.collect())
    }

    fn one(&mut self, attribute: &Attribute, plan: &Value) -> Value {
        match (attribute.attribute_type(), plan) {
            (_, Value::Unknown) => self.decided(attribute),
            (AttributeType::Nested(_, inner), Value::List(all)) => {
                Value::List(all.iter().map(|one| self.object(inner, one)).collect())
            }
            (AttributeType::Nested(_, inner), Value::Set(all)) => self.distinct(inner, all),
            (AttributeType::Nested(_, inner), Value::Map(all)) => {
                Value::Map(all.iter().map(|(key, one)| (key.clone(), self.object(inner, one))).collect())
            }
            (AttributeType::Nested(_, inner), plan) => self.object(inner, plan),
            // The only rule that a text has here is which other texts mean the same.
            (AttributeType::Plain(_), Value::String(_)) if attribute.has_rules() => self.spelled(plan),
            (AttributeType::Plain(_), Value::List(all)) if attribute.has_rules() => {
                Value::List(all.iter().map(|one| self.spelled(one)).collect())
            }
            (AttributeType::Plain(_), plan) => plan.clone(),
        }
    }

    /// A text as the API spells it.
    fn spelled(&mut self, text: &Value) -> Value {
        match text {
            Value::String(text) if self.random.chance(50) => Value::string(text.trim().to_lowercase()),
            other => other.clone(),
        }
    }

    /// The elements of a set. What the API decides never makes two of them the same.
    fn distinct(&mut self, inner: &Attributes, all: &[Value]) -> Value {
        loop {
            let set = Value::set(all.iter().map(|one| self.object(inner, one)).collect());
            if matches!(&set, Value::Set(distinct) if distinct.len() == all.len()) {
                return set;
            }
        }
    }

    /// A value that the API chooses.
    fn decided(&mut self, attribute: &Attribute) -> Value {
        if !attribute.is_block() && self.random.chance(15) {
            return Value::Null;
        }
        match attribute.attribute_type() {
            AttributeType::Plain(Type::String) => {
                self.generated += 1;
                format!("made-{}", self.generated).into()
            }
            AttributeType::Plain(kind) => values::plain(&mut self.random, kind),
            AttributeType::Nested(nesting, inner) => {
                let count = self.random.below(3);
                // In an object that a configuration may have, the API leaves alone what only a configuration sets.
                let mut member = |one| match attribute.is_configurable() && !Attribute::is_computed(one) {
                    true => Value::Null,
                    false => self.decided(one),
                };
                let mut one = || Value::object(inner.iter().map(|(name, one)| (name.clone(), member(one))));
                match nesting {
                    Nesting::Single | Nesting::Group => one(),
                    Nesting::List => Value::List((0..count).map(|_| one()).collect()),
                    Nesting::Set => Value::set((0..count).map(|_| one()).collect()),
                    Nesting::Map => Value::map(["k", "m"][..count].iter().map(|key| (*key, one()))),
                }
            }
        }
    }

    fn drifted(
        &mut self,
        attributes: &Attributes,
        before: &Value,
        changes: impl Fn(&mut Random, &Attribute) -> bool + Copy,
    ) -> Value {
        let members = attributes.iter().map(|(name, one)| {
            let value = match (one.attribute_type(), before.get(name)) {
                _ if name == "id" || one.is_write_only() => before.get(name).clone(),
                (AttributeType::Nested(_, inner), Value::Object(_)) if self.random.chance(60) => {
                    self.drifted(inner, before.get(name), changes)
                }
                (AttributeType::Nested(_, inner), Value::List(all)) if self.random.chance(60) => {
                    let each = all
                        .iter()
                        .map(|one| if one.is_null() { one.clone() } else { self.drifted(inner, one, changes) });
                    Value::List(each.collect())
                }
                (AttributeType::Nested(_, inner), Value::Set(all)) if self.random.chance(60) => {
                    let set = Value::set(all.iter().map(|one| self.drifted(inner, one, changes)).collect());
                    // Nor does a change make two elements the same.
                    if matches!(&set, Value::Set(drifted) if drifted.len() == all.len()) {
                        set
                    } else {
                        before.get(name).clone()
                    }
                }
                (_, before) if !changes(&mut self.random, one) => before.clone(),
                _ => self.decided(one),
            };
            (name.clone(), value)
        });
        Value::Object(members.collect())
    }
}

/// A resource with a random schema.
pub(super) struct Thing {
    schema: Schema,
    value_type: Type,
}

impl Thing {
    pub(super) fn new(schema: Schema) -> Self {
        Self { value_type: schema.value_type(), schema }
    }
}

impl Described for Thing {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn value_type(&self) -> &Type {
        &self.value_type
    }
}

impl AnyResource<Api> for Thing {
    fn validate(&self, _: Value) -> Diagnostics {
        Diagnostics::new()
    }

    fn identity(&self) -> &'static [&'static str] {
        &[]
    }

    fn optional_identity(&self) -> &'static [&'static str] {
        &[]
    }

    fn identity_version(&self) -> i64 {
        0
    }

    fn mutable_identity(&self) -> bool {
        false
    }

    fn plan<'a>(&'a self, request: AnyPlan<'a, Api>) -> BoxFuture<'a, Result<AnyPlan<'a, Api>, Diagnostics>> {
        Box::pin(async move { Ok(request) })
    }

    fn create<'a>(&'a self, cx: &'a Context<'a, Api>, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { Ok(self.fitted(cx.client.store(self.schema.all(), &plan))) })
    }

    fn read<'a>(&'a self, cx: &'a Context<'a, Api>, _: Value) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async move { Ok(self.fitted(lock(&cx.client.0).object.clone())) })
    }

    fn update<'a>(&'a self, cx: &'a Context<'a, Api>, _: Value, plan: Value) -> BoxFuture<'a, Outcome> {
        Box::pin(async move { Ok(self.fitted(cx.client.update(self.schema.all(), &plan))) })
    }

    fn delete<'a>(&'a self, cx: &'a Context<'a, Api>, _: Value) -> BoxFuture<'a, Result<(), Diagnostics>> {
        Box::pin(async move {
            lock(&cx.client.0).object = Value::Null;
            Ok(())
        })
    }

    fn import<'a>(&'a self, _: &'a Context<'a, Api>, _: ImportId<Value>) -> BoxFuture<'a, Result<Value, Diagnostics>> {
        Box::pin(async { unreachable!("nothing is imported") })
    }

    fn upgrade(&self, _: i64, _: StoredState) -> Result<Value, Diagnostics> {
        unreachable!("nothing is upgraded")
    }

    fn upgrade_identity(&self, _: i64, _: StoredState) -> Result<Value, Diagnostics> {
        unreachable!("nothing is upgraded")
    }

    fn move_from(&self, _: &MoveSource) -> Result<Option<Moved<Value>>, Diagnostics> {
        unreachable!("nothing is moved")
    }
}
