//! Every kind of attribute and block, all of them optional: what `framework_schema` has, as a resource and as an ephemeral
//! resource.

use std::collections::{BTreeMap, BTreeSet};

use tfplug::{Model, Number, Value};

/// An attribute or block of each type.
#[derive(Model)]
#[tf(object)]
pub(crate) struct AllTypes {
    bool_attribute: Option<bool>,
    dynamic_attribute: Option<Value>,
    float32_attribute: Option<f32>,
    float64_attribute: Option<f64>,
    int32_attribute: Option<i32>,
    int64_attribute: Option<i64>,
    list_attribute: Option<Vec<String>>,
    list_nested_attribute: Option<Vec<ListElement>>,
    map_attribute: Option<BTreeMap<String, String>>,
    map_nested_attribute: Option<BTreeMap<String, MapElement>>,
    number_attribute: Option<Number>,
    #[tf(plain)]
    object_attribute: Option<PlainObject>,
    #[tf(plain)]
    object_attribute_with_dynamic: Option<Dynamic>,
    set_attribute: Option<BTreeSet<String>>,
    #[tf(set)]
    set_nested_attribute: Option<Vec<SetElement>>,
    single_nested_attribute: Option<Single>,
    single_nested_attribute_with_dynamic: Option<Dynamic>,
    string_attribute: Option<String>,
    #[tf(block)]
    list_nested_block: Vec<ListBlock>,
    #[tf(block, set)]
    set_nested_block: Vec<SetBlock>,
    #[tf(block)]
    single_nested_block: Option<SingleBlock>,
    #[tf(block)]
    single_nested_block_with_dynamic: Option<Dynamic>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct ListElement {
    list_nested_attribute_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct MapElement {
    map_nested_attribute_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct SetElement {
    set_nested_attribute_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Single {
    single_nested_attribute_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct PlainObject {
    object_attribute_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Dynamic {
    dynamic_attribute: Option<Value>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct ListBlock {
    list_nested_block_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct SetBlock {
    set_nested_block_attribute: Option<String>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct SingleBlock {
    single_nested_block_attribute: Option<String>,
}
