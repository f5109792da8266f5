//! Functions of objects.

use tfplug::{Model, Value};

use super::echo;

/// An object. That the caller has to give both attributes does not keep them from being null.
#[derive(Model)]
#[tf(object)]
pub(super) struct Pair {
    /// A string.
    attr1: Option<String>,
    /// A whole number.
    attr2: Option<i64>,
}

/// An object whose attributes are of any type.
#[derive(Model)]
#[tf(object)]
pub(super) struct DynamicPair {
    /// Anything.
    dynamic_attr1: Option<Value>,
    /// Anything.
    dynamic_attr2: Option<Value>,
}

echo! {
    /// Returns an object.
    Object(object_param: Pair)
}
echo! {
    /// Returns an object whose attributes are of any type.
    ObjectWithDynamic(object_param: DynamicPair)
}
