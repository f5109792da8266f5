//! Functions: their definitions for the core, and calls of them.

use std::collections::BTreeMap;

use super::{Server, convert, find};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::function::{AnyFunction, Checked, Definition, FunctionError, Parameter};
use crate::maps::collected;
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::{call_function, get_functions};
use crate::provider::Provider;
use crate::value::{Type, Value};

type Functions = BTreeMap<String, Box<dyn AnyFunction>>;

pub(super) fn list<P: Provider>(server: &Server<P>) -> get_functions::Response {
    get_functions::Response { functions: definitions(&server.offers.functions), diagnostics: Vec::new() }
}

pub(super) fn definitions(all: &Functions) -> BTreeMap<String, pb::Function> {
    collected(all.iter().map(|(name, one)| (name.clone(), definition(one.definition()))))
}

fn definition(function: &Definition) -> pb::Function {
    let documentation = &function.documentation;
    pb::Function {
        parameters: function.positional().iter().map(parameter).collect(),
        variadic_parameter: function.variadic().map(parameter),
        r#return: Some(pb::function::Return { r#type: convert::type_json(&function.result) }),
        summary: documentation.summary.clone(),
        description: documentation.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
        deprecation_message: documentation.deprecated.clone().unwrap_or_default(),
    }
}

fn parameter(parameter: &Parameter) -> pb::function::Parameter {
    pb::function::Parameter {
        name: parameter.name.to_owned(),
        r#type: convert::type_json(&parameter.value_type),
        allow_null_value: parameter.allows_null,
        allow_unknown_values: parameter.allows_unknown,
        description: parameter.description.clone(),
        description_kind: pb::StringKind::Markdown.into(),
    }
}

/// Calls a function. The provider need not be configured, and nothing of its configuration is used.
pub(super) fn call<P: Provider>(
    server: &Server<P>,
    request: &call_function::Request,
) -> Result<call_function::Response, Diagnostics> {
    let function = find(&server.offers.functions, "function", &request.name)?;
    let definition = function.definition();
    let arguments = arguments(definition, &request.arguments)?;
    let result = definition.check(arguments).and_then(|checked| match checked {
        Checked::Unknown => Ok(Value::Unknown),
        Checked::Call(arguments) => function.call(arguments),
    });
    match result {
        Ok(value) => encoded(&value, &definition.result),
        Err(error) => Ok(failed(definition, &error)),
    }
}

fn arguments(definition: &Definition, wire: &[pb::DynamicValue]) -> Result<Vec<Value>, Diagnostics> {
    if !definition.takes(wire.len()) {
        let detail = format!("The function was called with {} arguments.", wire.len());
        return Err(Diagnostic::error("Wrong number of arguments", detail).into());
    }
    let typed = wire.iter().enumerate().filter_map(|(at, one)| Some((one, &definition.parameter(at)?.value_type)));
    typed.map(|(one, ty)| convert::decode(Some(one), ty)).collect()
}

fn encoded(value: &Value, ty: &Type) -> Result<call_function::Response, Diagnostics> {
    Ok(call_function::Response { result: convert::encode(value, ty)?, error: None })
}

fn failed(definition: &Definition, error: &FunctionError) -> call_function::Response {
    let position = definition.position(error).and_then(|position| i64::try_from(position).ok());
    let error = pb::FunctionError { text: error.text().to_owned(), function_argument: position };
    call_function::Response { result: None, error: Some(error) }
}
