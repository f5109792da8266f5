//! Each function returns its argument, and refuses null.

use tfplug::testing::Harness;
use tfplug::{Type, Value};

use crate::provider::Framework;

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn any(ty: Type, value: Value) -> Value {
    Value::Dynamic(Box::new((ty, value)))
}

/// A value for each function of one argument.
fn arguments() -> Vec<(&'static str, Value)> {
    let texts = || vec!["a".into(), "b".into()];
    let pair = Value::object([("attr1", "a".into()), ("attr2", Value::Null)]);
    let dynamic = Value::object([("dynamic_attr1", any(Type::Bool, true.into())), ("dynamic_attr2", Value::Null)]);
    vec![
        ("bool", true.into()),
        ("string", "a".into()),
        ("number", number("1.23456789012345678901234567890123456789")),
        ("int32", 2_147_483_647.into()),
        ("int64", 9_223_372_036_854_775_807_i64.into()),
        ("float32", number("1.23")),
        ("float64", number("1.7976931348623157e308")),
        ("list", Value::List(texts())),
        ("set", Value::set(texts())),
        ("map", Value::map([("a".to_owned(), "b".into())])),
        ("object", pair),
        ("object_with_dynamic", dynamic),
        ("dynamic", any(Type::list(Type::Bool), Value::List(vec![true.into()]))),
    ]
}

#[tokio::test]
async fn each_function_returns_its_argument_and_refuses_null() {
    let tf = Harness::new(Framework);
    for (name, argument) in arguments() {
        assert_eq!(tf.call_with(name, vec![argument.clone()]).await.as_ref(), Ok(&argument), "{name}");
        let refused = tf.call_with(name, vec![Value::Null]).await.unwrap_err();
        assert_eq!((refused.text(), refused.parameter().is_some()), ("must not be null", true), "{name}");
        assert_eq!(tf.call_with(name, vec![Value::Unknown]).await, Ok(Value::Unknown), "{name}");
    }
    let refused = tf.call_with("dynamic", vec![any(Type::Bool, Value::Null)]).await.unwrap_err();
    assert_eq!(refused.text(), "must not be null");
}

#[tokio::test]
async fn variadic_functions_return_all_of_their_arguments() {
    let tf = Harness::new(Framework);
    assert_eq!(tf.call_with("variadic", Vec::new()).await, Ok(Value::List(Vec::new())));
    let texts = || vec!["a".into(), "b".into()];
    assert_eq!(tf.call_with("variadic", texts()).await, Ok(Value::List(texts())));
    let nothing = any(Type::Tuple(Vec::new()), Value::Tuple(Vec::new()));
    assert_eq!(tf.call_with("dynamic_variadic", Vec::new()).await, Ok(nothing));
    let both = vec![any(Type::Bool, true.into()), any(Type::Number, 1.into())];
    let tuple = any(Type::Tuple(vec![Type::Bool, Type::Number]), Value::Tuple(vec![true.into(), 1.into()]));
    assert_eq!(tf.call_with("dynamic_variadic", both).await, Ok(tuple));
}

#[tokio::test]
async fn numbers_beyond_the_type_are_refused_at_the_argument() {
    let tf = Harness::new(Framework);
    let float = "a number within the range of a 32-bit float";
    for (name, beyond, allowed) in [
        ("float32", "3.5e38", float),
        ("float32", "-3.5e38", float),
        ("float32", "1e-46", float),
        ("float32", "-1e-46", float),
        ("float64", "1e309", "a number within the range of a 64-bit float"),
        ("int32", "2147483648", "-2147483648 to 2147483647"),
        ("int64", "1.5", "a whole number"),
    ] {
        let refused = tf.call_with(name, vec![number(beyond)]).await.unwrap_err();
        assert_eq!(refused.parameter(), Some(format!("{name}_param").as_str()));
        assert!(refused.text().ends_with(&format!("Allowed: {allowed}")), "{name}: {}", refused.text());
    }
}
