//! Functions of plain values and of collections.

use std::collections::{BTreeMap, BTreeSet};

use tfplug::{Arguments, Function, FunctionError, Number};

use super::echo;

echo! {
    /// Returns a bool.
    Bool(bool_param: bool)
}
echo! {
    /// Returns a string.
    Text(string_param: String)
}
echo! {
    /// Returns a number of any size.
    Exact(number_param: Number)
}
echo! {
    /// Returns a whole number of 32 bits.
    Int32(int32_param: i32)
}
echo! {
    /// Returns a whole number of 64 bits.
    Int64(int64_param: i64)
}
echo! {
    /// Returns a floating-point number of 32 bits.
    Float32(float32_param: f32)
}
echo! {
    /// Returns a floating-point number of 64 bits.
    Float64(float64_param: f64)
}
echo! {
    /// Returns a list of strings.
    List(list_param: Vec<String>)
}
echo! {
    /// Returns a set of strings.
    Set(set_param: BTreeSet<String>)
}
echo! {
    /// Returns a map of strings.
    Map(map_param: BTreeMap<String, String>)
}

/// Returns its arguments as a list.
#[derive(Arguments)]
pub(super) struct Variadic {
    /// What the list has.
    #[tf(variadic)]
    variadic_param: Vec<String>,
}

impl Function for Variadic {
    type Output = Vec<String>;

    fn call(self) -> Result<Vec<String>, FunctionError> {
        Ok(self.variadic_param)
    }
}
