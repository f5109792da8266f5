//! Functions: what the core learns about them, and what each call answers.

use std::collections::BTreeMap;

use tonic::Request;

use super::fixture::{Config, Log, Test};
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::proto::tfplugin6::*;
use crate::schema::Schema;
use crate::serve::Process;
use crate::server::{Server, convert};
use crate::value::{Type, Value};
use crate::{Arguments, Attr, Diagnostics, Function, FunctionError, Model, Offers, Open, Provider, Setup};

/// A place.
#[derive(Model)]
#[tf(object)]
struct Place {
    /// Its name.
    #[tf(required, non_empty)]
    name: String,
    /// How many people live there.
    people: Option<i64>,
}

/// Describes a place.
///
/// Every call with the same arguments has the same result.
#[derive(Arguments)]
#[tf(deprecated = "Use a map.")]
struct Describe {
    /// The place.
    place: Place,
    /// Its country.
    #[tf(length(2..=2))]
    country: Option<String>,
    /// What else there is to say.
    #[tf(variadic, non_empty)]
    count: Vec<String>,
}

impl Function for Describe {
    type Output = Vec<String>;

    fn call(self) -> Result<Vec<String>, FunctionError> {
        match self.count.iter().position(|word| word == "bad") {
            Some(at) => return Err(FunctionError::new("this word is bad").at_element("count", at)),
            None if self.place.name == "abroad" => {
                return Err(FunctionError::new("a foreign country").at_element("country", 2));
            }
            None if self.place.name == "nowhere" => return Err(FunctionError::new("there is no such place")),
            None if self.place.name == "panics" => panic!("a text that may be secret"),
            None => {}
        }
        let country = self.country.unwrap_or_else(|| "nowhere".to_owned());
        Ok([vec![self.place.name, country], self.count].concat())
    }
}

/// Says what it is given.
#[derive(Arguments)]
struct Inspect {
    /// Anything about a place.
    place: Attr<Open<Place>>,
    /// Not null.
    #[tf(not_null)]
    text: Attr<String>,
}

impl Function for Inspect {
    type Output = String;

    fn call(self) -> Result<String, FunctionError> {
        let name = self.place.get().map(|place| format!("{:?}", place.name));
        Ok(format!("{:?} {name:?} {:?}", self.place, self.text))
    }
}

/// Takes what may be secret, with a rule of each kind.
#[derive(Arguments)]
struct Guarded {
    /// A text.
    #[tf(length(1..=3), one_of("a", "b"))]
    text: Option<String>,
    /// A number.
    #[tf(range(1..=9))]
    number: Option<u8>,
    /// Text in a format.
    json: Option<crate::text::Json>,
    /// Places by name.
    places: Option<BTreeMap<String, Place>>,
}

impl Function for Guarded {
    type Output = bool;

    fn call(self) -> Result<bool, FunctionError> {
        Ok(self.text.is_some() || self.number.is_some() || self.json.is_some() || self.places.is_some())
    }
}

/// Has parameters of one name, and an element of any type.
#[derive(Arguments)]
struct Odd {
    /// One.
    #[tf(rename = "same")]
    one: String,
    /// Other.
    #[tf(rename = "same")]
    other: Vec<Value>,
}

impl Function for Odd {
    type Output = Vec<Value>;

    fn call(self) -> Result<Vec<Value>, FunctionError> {
        Ok(if self.one.is_empty() { Vec::new() } else { self.other })
    }
}

/// Who lives somewhere, and how to get in.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
struct Key {
    #[tf(sensitive)]
    code: Option<String>,
}

/// Has a result that a core would show.
#[derive(Arguments)]
struct Unlock {}

impl Function for Unlock {
    type Output = Vec<Key>;

    fn call(self) -> Result<Vec<Key>, FunctionError> {
        Ok(Vec::new())
    }
}

struct Atlas;

impl Provider for Atlas {
    type Client = Log;
    type Config = Config;

    fn schema(&self) -> Schema {
        Test.schema()
    }

    async fn configure(&self, _: Setup<'_>, _: Config) -> Result<Option<Log>, Diagnostics> {
        Ok(None)
    }

    fn offers(&self) -> Offers<Log> {
        Offers::new()
            .function::<Describe>("describe")
            .function::<Inspect>("inspect")
            .function::<Guarded>("guarded")
            .function::<Odd>("odd")
            .function::<Unlock>("open")
    }
}

fn place(name: Value) -> Value {
    Value::object([("name", name), ("people", Value::Null)])
}

fn place_type() -> Type {
    <Place as crate::Field>::value_type()
}

async fn call(name: &str, arguments: &[(Value, Type)]) -> call_function::Response {
    let arguments = arguments.iter().map(|(value, ty)| convert::encode(value, ty).unwrap().unwrap()).collect();
    let request = call_function::Request { name: name.to_owned(), arguments };
    Server::new(Atlas, Process::default()).call_function(Request::new(request)).await.unwrap().into_inner()
}

async fn describe(name: &str, words: &[&str]) -> call_function::Response {
    let fixed = [(place(name.into()), place_type()), (Value::Null, Type::String)];
    let words = words.iter().map(|word| (Value::from(*word), Type::String));
    call("describe", &fixed.into_iter().chain(words).collect::<Vec<_>>()).await
}

fn result(answer: &call_function::Response, ty: &Type) -> Value {
    assert_eq!(answer.error, None);
    convert::decode(answer.result.as_ref(), ty).unwrap()
}

fn error(answer: call_function::Response) -> (String, Option<i64>) {
    assert_eq!(answer.result, None);
    let error = answer.error.unwrap();
    (error.text, error.function_argument)
}

#[tokio::test]
async fn the_core_learns_the_parameters_with_their_types_and_rules() {
    let server = Server::new(Atlas, Process::default());
    let all = server.get_provider_schema(Request::new(Default::default())).await.unwrap().into_inner().functions;
    let listed = server.get_functions(Request::new(Default::default())).await.unwrap().into_inner();
    assert_eq!(listed, get_functions::Response { functions: all.clone(), diagnostics: Vec::new() });
    let named = server.get_metadata(Request::new(Default::default())).await.unwrap().into_inner().functions;
    assert_eq!(
        named.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["describe", "guarded", "inspect", "odd", "open"]
    );
    let text = "\"string\"".to_owned();
    let parameter = |name: &str, ty: &str, null: bool, unknown: bool, description: &str| function::Parameter {
        name: name.to_owned(),
        r#type: ty.to_owned().into_bytes().into(),
        allow_null_value: null,
        allow_unknown_values: unknown,
        description: description.to_owned(),
        description_kind: StringKind::Markdown.into(),
    };
    let place = r#"["object",{"name":"string","people":"number"}]"#;
    let expected = crate::proto::tfplugin6::Function {
        parameters: vec![
            parameter("place", place, false, false, "The place."),
            parameter("country", &text, true, false, "Its country. Allowed: 2 to 2 characters."),
        ],
        variadic_parameter: Some(parameter(
            "count",
            &text,
            false,
            false,
            "What else there is to say. Allowed: text that is not blank.",
        )),
        r#return: Some(function::Return { r#type: r#"["list","string"]"#.into() }),
        summary: "Describes a place.".into(),
        description: "Describes a place.\n\nEvery call with the same arguments has the same result.".into(),
        description_kind: StringKind::Markdown.into(),
        deprecation_message: "Use a map.".into(),
    };
    assert_eq!(all["describe"], expected);
    let flags = |one: &function::Parameter| (one.allow_null_value, one.allow_unknown_values);
    assert_eq!(all["inspect"].parameters.iter().map(flags).collect::<Vec<_>>(), [(true, true), (false, true)]);
}

#[tokio::test]
async fn a_call_has_a_result_before_the_provider_is_configured() {
    let answer = describe("Rome", &["old", "large"]).await;
    let expected = ["Rome", "nowhere", "old", "large"].map(Value::from);
    assert_eq!(result(&answer, &Type::list(Type::String)), Value::List(expected.into()));
}

#[tokio::test]
async fn an_unknown_argument_makes_the_result_unknown_and_the_function_is_not_called() {
    for unknown in [Value::Unknown, place(Value::Unknown)] {
        let answer = call("describe", &[(unknown, place_type()), ("it".into(), Type::String)]).await;
        assert_eq!(result(&answer, &Type::list(Type::String)), Value::Unknown);
    }
    // Of two arguments, the one that is wrong already is reported.
    let answer = call("describe", &[(Value::Unknown, place_type()), ("ita".into(), Type::String)]).await;
    assert_eq!(error(answer).1, Some(1));
}

#[tokio::test]
async fn a_parameter_that_says_so_takes_unknown_values() {
    for (given, text, expected) in [
        (Value::Unknown, Value::Unknown, "unknown None unknown"),
        (place(Value::Unknown), "a".into(), "known Some(\"unknown\") known"),
        (Value::Null, "a".into(), "null None known"),
    ] {
        let answer = call("inspect", &[(given, place_type()), (text, Type::String)]).await;
        assert_eq!(result(&answer, &Type::String).as_str(), Some(expected));
    }
    let refused = call("inspect", &[(Value::Null, place_type()), (Value::Null, Type::String)]).await;
    assert_eq!(error(refused), ("must not be null".into(), Some(1)));
}

#[tokio::test]
async fn errors_name_the_argument_that_is_to_blame() {
    for (answer, text, at) in [
        (describe("nowhere", &[]).await, "there is no such place", None),
        (describe("abroad", &[]).await, "a foreign country", Some(1)),
        (describe("Rome", &["a", "bad", "b"]).await, "this word is bad", Some(3)),
        (describe("Rome", &["a", " "]).await, "Allowed: text that is not blank", Some(3)),
        (describe("", &[]).await, "name: Allowed: text that is not blank", Some(0)),
        (
            call("describe", &[(Value::Null, place_type()), (Value::Null, Type::String)]).await,
            "must not be null",
            Some(0),
        ),
    ] {
        assert_eq!(error(answer), (text.to_owned(), at));
    }
}

/// The core passes a sensitive argument without its mark, and prints the error.
#[tokio::test]
async fn errors_have_no_part_of_an_argument() {
    let places = Value::map([("hunter2".to_owned(), place("".into()))]);
    let wrong = [
        (0, Value::from("hunter2"), "Allowed: 1 to 3 characters"),
        (0, "h2".into(), "Allowed: one of \"a\", \"b\""),
        (1, 22.into(), "Allowed: 1 to 9"),
        (1, Value::Number("2.5".parse().unwrap()), "Allowed: a whole number"),
        (2, "hunter2".into(), "json has another format. Allowed: JSON text"),
        (3, places, "name: Allowed: text that is not blank"),
    ];
    for (at, argument, text) in wrong {
        let types = [Type::String, Type::Number, Type::String, Type::map(place_type())];
        let mut arguments = types.map(|ty| (Value::Null, ty));
        arguments[at].0 = argument;
        assert_eq!(error(call("guarded", &arguments).await), (text.to_owned(), i64::try_from(at).ok()));
    }
}

#[tokio::test]
async fn err_calls_that_no_core_makes_and_panics_are_errors_of_the_call() {
    for (answer, text) in [
        (call("describe", &[]).await, "Wrong number of arguments: The function was called with 0 arguments."),
        (
            call("descrbe", &[]).await,
            "Unknown function: This provider has no function \"descrbe\". It has: describe, guarded, inspect, odd, open.",
        ),
        (describe("panics", &[]).await, "Bug in the provider: CallFunction panicked at "),
    ] {
        let (given, at) = error(answer);
        assert!(given.starts_with(text) && at.is_none(), "{given} should be {text}");
    }
}

#[test]
fn err_what_a_core_rejects_in_a_function_is_a_problem() {
    let problems = [
        "odd: same: a collection cannot contain values of any type: cores crash on elements of different types",
        "odd: same: two parameters have the same name",
        "odd: a collection in the result cannot contain values of any type",
        "open: a part of the result is sensitive or write-only, but a core shows results: use another struct",
    ];
    assert_eq!(crate::problems(&Atlas), problems);
}
