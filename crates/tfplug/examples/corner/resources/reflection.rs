//! Attributes of each type twice: one that is configured, and one that is decided once.

use std::collections::BTreeMap;

use tfplug::{Attr, Computed, Model, Value};

use super::echo::Echoed;

/// Echoes what is configured, and decides the rest when it is created.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Reflected {
    #[tf(required)]
    config_bool: bool,
    #[tf(required)]
    config_dynamic: Value,
    #[tf(required)]
    config_float64: f64,
    #[tf(required)]
    config_int64: i64,
    #[tf(required)]
    config_list: Vec<String>,
    #[tf(required)]
    config_map: BTreeMap<String, String>,
    #[tf(required)]
    config_map_nested: BTreeMap<String, Given>,
    #[tf(required, plain)]
    config_object: Given,
    #[tf(required)]
    config_single_nested: Given,
    #[tf(required)]
    config_string: String,
    #[tf(block, set)]
    config_set_nested_block: Vec<Given>,
    #[tf(computed, use_state_for_unknown)]
    computed_bool: Computed<bool>,
    #[tf(computed, use_state_for_unknown)]
    computed_dynamic: Computed<Value>,
    #[tf(computed, use_state_for_unknown)]
    computed_float64: Computed<f64>,
    #[tf(computed, use_state_for_unknown)]
    computed_int64: Computed<i64>,
    #[tf(computed, use_state_for_unknown)]
    computed_list: Computed<Vec<String>>,
    #[tf(computed, use_state_for_unknown)]
    computed_map: Computed<BTreeMap<String, String>>,
    #[tf(computed, use_state_for_unknown)]
    computed_map_nested: Computed<BTreeMap<String, Given>>,
    #[tf(computed, plain, use_state_for_unknown)]
    computed_object: Computed<Given>,
    #[tf(computed, use_state_for_unknown)]
    computed_single_nested: Computed<Given>,
    #[tf(computed, use_state_for_unknown)]
    computed_string: Computed<String>,
    #[tf(block)]
    computed_list_nested_block: Vec<Decided>,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Given {
    #[tf(required)]
    nested_string: String,
}

#[derive(Model)]
#[tf(object)]
pub(crate) struct Decided {
    #[tf(computed, use_state_for_unknown)]
    nested_string: Computed<String>,
}

fn given(text: &str) -> Given {
    Given { nested_string: text.to_owned() }
}

/// The value that was decided before, or this one.
fn once<T>(attribute: Computed<T>, value: T) -> Computed<T> {
    Attr::Known(attribute.take().unwrap_or(value))
}

impl Echoed for Reflected {
    fn created(self) -> Self {
        let pairs = [("key6", "val6"), ("key7", "val7")];
        let nested = |text: &str| given(text);
        let blocks = self.computed_list_nested_block.into_iter().zip(["one", "two", "three"]).map(|(block, number)| {
            Decided { nested_string: once(block.nested_string, format!("computed string {number}")) }
        });
        Self {
            computed_bool: once(self.computed_bool, true),
            computed_dynamic: once(self.computed_dynamic, Value::from("dynamic string").into_dynamic()),
            computed_float64: once(self.computed_float64, 1.2),
            computed_int64: once(self.computed_int64, 100),
            computed_list: once(self.computed_list, ["computed", "list"].map(str::to_owned).into()),
            computed_map: once(self.computed_map, pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
            computed_map_nested: once(
                self.computed_map_nested,
                pairs.map(|(key, value)| (key.to_owned(), nested(value))).into(),
            ),
            computed_object: once(self.computed_object, given("computed string")),
            computed_single_nested: once(self.computed_single_nested, given("computed string")),
            computed_string: once(self.computed_string, "computed string".to_owned()),
            computed_list_nested_block: blocks.collect(),
            ..self
        }
    }
}
