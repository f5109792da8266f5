//! From models to the messages of the protocol and back.

use bytes::Bytes;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Field;
use crate::path::{Path, Step};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::attribute_path::step::Selector;
use crate::type_erasure::Described;
use crate::value::{self, Type, Value};

pub(super) fn encode(value: &Value, kind: &Type) -> Result<Option<pb::DynamicValue>, Diagnostics> {
    let msgpack = value::encode(value, kind).map_err(|error| broken(&error.to_string()))?;
    Ok(Some(pb::DynamicValue { msgpack: msgpack.into(), json: Bytes::new() }))
}

pub(super) fn decode(messages: Option<&pb::DynamicValue>, kind: &Type) -> Result<Value, Diagnostics> {
    match messages {
        Some(messages) if !messages.msgpack.is_empty() => {
            value::decode(&messages.msgpack, kind).map_err(|error| broken(&error.to_string()))
        }
        _ => Ok(Value::Null),
    }
}

/// A configuration as a value of the schema's type.
pub(super) fn value<M: Field>(config: M, of: &dyn Described) -> Value {
    of.fitted_config(config.into_value())
}

/// A value as a model.
pub(super) fn model<M: Field>(value: Value) -> Result<M, Diagnostics> {
    M::from_value(value, &Path::root()).map_err(|error| broken(&error.to_string()))
}

pub(super) fn diagnostics(all: Vec<pb::Diagnostic>) -> Diagnostics {
    all.into_iter().map(diagnostic).collect()
}

fn diagnostic(messages: pb::Diagnostic) -> Diagnostic {
    let is_warning = messages.severity == i32::from(pb::diagnostic::Severity::Warning);
    let one = if is_warning { Diagnostic::warning } else { Diagnostic::error }(messages.summary, messages.detail);
    match messages.attribute.map(|attribute| path(&attribute)) {
        Some(path) if !path.steps().is_empty() => one.at(path),
        _ => one,
    }
}

pub(super) fn path(messages: &pb::AttributePath) -> Path {
    let steps = messages.steps.iter().filter_map(|step| step.selector.as_ref()).map(|selector| match selector {
        Selector::AttributeName(name) => Step::Attribute(name.clone()),
        Selector::ElementKeyString(key) => Step::Key(key.clone()),
        Selector::ElementKeyInt(index) => Step::Index(*index),
    });
    steps.collect()
}

/// The warnings of an answer, or its errors.
pub(super) fn checked(all: Vec<pb::Diagnostic>) -> Result<Diagnostics, Diagnostics> {
    let all = diagnostics(all);
    if all.has_errors() { Err(all) } else { Ok(all) }
}

/// What the core itself refuses.
pub(super) fn broken(why: &str) -> Diagnostics {
    Diagnostic::error("A core would refuse this", why).into()
}
