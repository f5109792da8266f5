//! What the core learns about a function, and the checks of a call before the function itself.

use super::{Arguments, Documentation, FunctionError, ParameterSpec};
use crate::diagnostic::Diagnostics;
use crate::model::{Field, View, attributes};
use crate::path::Step;
use crate::schema::{Schema, object, validate_unseen};
use crate::value::{Type, Value};

/// A function as the core learns it.
pub(crate) struct Definition {
    parameters: Vec<Parameter>,
    is_variadic: bool,
    pub(crate) result: Type,
    /// Whether a part of the result is sensitive or write-only. A core knows no more of the result than its type.
    shows_secrets: bool,
    pub(crate) documentation: Documentation,
}

/// A parameter: its name, its type, and which values are passed on.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) description: String,
    pub(crate) value_type: Type,
    pub(crate) allows_null: bool,
    pub(crate) allows_unknown: bool,
    /// The parameter as the only attribute of a schema, which has its rules.
    schema: Schema,
}

/// The arguments of a call.
#[derive(Debug, PartialEq)]
pub(crate) enum Checked {
    /// The function can be called with them.
    Call(Vec<Value>),
    /// One of them is not known yet, so the result is not either.
    Unknown,
}

impl Definition {
    pub(super) fn of<A: Arguments, R: Field>() -> Self {
        Self {
            parameters: A::PARAMETERS.iter().flat_map(Parameter::of).collect(),
            is_variadic: A::IS_VARIADIC,
            result: R::value_type(),
            shows_secrets: R::USES & (8 | 64) != 0,
            documentation: A::documentation(),
        }
    }

    /// The parameters that take one argument each.
    pub(crate) fn positional(&self) -> &[Parameter] {
        match self.parameters.split_last() {
            Some((_, positional)) if self.is_variadic => positional,
            _ => &self.parameters,
        }
    }

    /// The parameter that takes all further arguments.
    pub(crate) fn variadic(&self) -> Option<&Parameter> {
        self.parameters.last().filter(|_| self.is_variadic)
    }

    /// The parameter of the argument at this position.
    pub(crate) fn parameter(&self, position: usize) -> Option<&Parameter> {
        self.positional().get(position).or_else(|| self.variadic())
    }

    /// The position of the argument that is to blame.
    pub(crate) fn position(&self, error: &FunctionError) -> Option<usize> {
        let name = error.parameter()?;
        let position = self.parameters.iter().position(|parameter| parameter.name == name)?;
        let takes_more = self.is_variadic && position + 1 == self.parameters.len();
        Some(if takes_more { position + error.element() } else { position })
    }

    /// Whether a call can have so many arguments.
    pub(crate) fn takes(&self, count: usize) -> bool {
        let least = self.positional().len();
        count == least || (self.is_variadic && count > least)
    }

    /// Checks the arguments by the types and rules of the parameters.
    pub(crate) fn check(&self, arguments: Vec<Value>) -> Result<Checked, FunctionError> {
        let mut is_unknown = false;
        for (position, argument) in arguments.iter().enumerate() {
            let Some(parameter) = self.parameter(position) else { continue };
            let element = position.saturating_sub(self.parameters.len().saturating_sub(1));
            is_unknown |= !parameter.allows_unknown && !argument.unknowns().is_empty();
            parameter.check(argument).map_err(|error| error.at_element(parameter.name, element))?;
        }
        Ok(if is_unknown { Checked::Unknown } else { Checked::Call(arguments) })
    }

    /// What a core would reject.
    pub(crate) fn problems(&self) -> Vec<String> {
        // Names that are reserved in blocks can be those of parameters, so they are checked as if they were nested.
        const INSIDE: &str = "parameters";
        let attributes = self.parameters.iter().flat_map(|parameter| parameter.schema.all().clone());
        let nested = Schema::new("").attribute(INSIDE, object().attributes(attributes));
        let problems = nested.problems().into_iter();
        let mut found: Vec<_> =
            problems.map(|line| line.trim_start_matches(INSIDE).trim_start_matches('.').to_owned()).collect();
        for (at, parameter) in self.parameters.iter().enumerate() {
            if self.parameters.iter().take(at).any(|other| other.name == parameter.name) {
                found.push(format!("{}: two parameters have the same name", parameter.name));
            }
        }
        if holds_dynamic_elements(&self.result) {
            found.push("a collection in the result cannot contain values of any type".to_owned());
        }
        if self.shows_secrets {
            found.push(
                "a part of the result is sensitive or write-only, but a core shows results: use another struct"
                    .to_owned(),
            );
        }
        found
    }
}

impl Parameter {
    fn of(spec: &'static ParameterSpec) -> Option<Self> {
        let (_, attribute) = attributes(std::slice::from_ref(&spec.entry), View::AsWritten).pop()?;
        let attribute = if spec.allows_null { attribute.optional() } else { attribute };
        Some(Self {
            name: spec.name,
            description: attribute.documentation(),
            value_type: attribute.attribute_type().value_type(),
            allows_null: spec.allows_null,
            allows_unknown: spec.allows_unknown,
            schema: Schema::new("").attribute(spec.name, attribute),
        })
    }

    /// The core passes sensitive arguments like any others, and prints the error of the call, so no error has an argument's value.
    fn check(&self, argument: &Value) -> Result<(), FunctionError> {
        if !self.allows_null && is_null(argument) {
            return Err(FunctionError::new("must not be null"));
        }
        match first_error(&validate_unseen(&self.schema, &Value::object([(self.name, argument.clone())]))) {
            Some(text) => Err(FunctionError::new(text)),
            None => Ok(()),
        }
    }
}

/// Whether a value is null, with or without a type.
fn is_null(value: &Value) -> bool {
    match value {
        Value::Dynamic(pair) => pair.1.is_null(),
        other => other.is_null(),
    }
}

/// The detail of the first error, with the path inside the argument, as a part of a sentence.
fn first_error(found: &Diagnostics) -> Option<String> {
    let error = found.iter().find(|one| one.severity() == crate::Severity::Error)?;
    let inside: String = error.path().into_iter().flat_map(|path| path.steps().iter().skip(1)).map(shown).collect();
    let text = error.detail().trim_end_matches('.');
    Some(if inside.is_empty() { text.to_owned() } else { format!("{}: {text}", inside.trim_start_matches('.')) })
}

fn shown(step: &Step) -> String {
    match step {
        Step::Attribute(name) => format!(".{name}"),
        Step::Key(key) => format!("[{key:?}]"),
        Step::Index(index) => format!("[{index}]"),
    }
}

/// A core crashes on elements of different types.
fn holds_dynamic_elements(ty: &Type) -> bool {
    match ty {
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Object(all) => all.values().any(holds_dynamic_elements),
        Type::Tuple(all) => all.iter().any(holds_dynamic_elements),
        Type::Dynamic | Type::String | Type::Number | Type::Bool => false,
    }
}

fn has_dynamic(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_dynamic(element),
        Type::Object(all) => all.values().any(has_dynamic),
        Type::Tuple(all) => all.iter().any(has_dynamic),
        Type::String | Type::Number | Type::Bool => false,
    }
}
