//! What texts of the built-in types mean.

use super::*;
use crate::schema::{Schema, validate};
use crate::value::Value;
use crate::{Field, Path};

/// Texts of one type: groups of those that mean the same, and texts in another format.
fn check<T: Field + Clone + std::fmt::Display>(summary: &str, same: &[&[&str]], wrong: &[&str]) {
    let attribute = T::attribute(crate::model::View::AsWritten);
    let equal = |one: &str, other: &str| {
        let schema = Schema::new("").attribute("text", attribute.clone());
        let of = |text: &str| Value::object([("text", Value::from(text))]);
        crate::schema::keep_spelling(schema.all(), &of(one), of(other)) == of(one)
    };
    for (at, group) in same.iter().enumerate() {
        for text in *group {
            let read =
                T::from_value((*text).into(), &Path::root()).unwrap_or_else(|_| panic!("{text} is in the format"));
            assert_eq!(read.to_string(), *text, "the spelling is kept");
            assert_eq!(read.into_value(), (*text).into());
            assert!(group.iter().all(|other| equal(text, other)), "{text} means the same as {group:?}");
            let others = same.iter().enumerate().filter(|(other, _)| *other != at).flat_map(|(_, group)| *group);
            others.for_each(|other| assert!(!equal(text, other), "{text} differs from {other}"));
        }
    }
    for text in wrong {
        let schema = Schema::new("").attribute("text", attribute.clone());
        let found = validate(&schema, &Value::object([("text", Value::from(*text))]), true);
        assert_eq!(found.iter().map(|one| one.summary()).collect::<Vec<_>>(), [summary], "{text:?}");
        assert!(T::from_value((*text).into(), &Path::root()).is_err(), "{text:?}");
    }
}

#[test]
fn texts_mean_the_same_in_each_spelling_and_other_formats_are_refused() {
    check::<Json>(
        "Invalid JSON String Value",
        &[&[r#"{"a":1,"b":[true]}"#, "{ \"b\": [ true ],\n\"a\": 1}"], &["1"], &["1.0"], &["null"], &[r#""a""#]],
        &["", "test value", "{", "1 2", "{'a': 1}"],
    );
    check::<ExactJson>("Invalid JSON String Value", &[&["1"], &["1 "], &["[1]"], &["[1 ]"]], &["[", "x"]);
    check::<Timestamp>(
        "Invalid RFC3339 String Value",
        &[
            &["1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520+00:00", "1985-04-13T00:20:50.52+01:00"],
            &["1985-04-12T23:20:50Z"],
        ],
        &["", "1985-04-12", "1985-04-12 23:20", "1985-13-12T23:20:50Z", "now"],
    );
    check::<GoDuration>(
        "Invalid Time Duration String Value",
        &[
            &["1h2m3s", "3723s", "62m3s"],
            &["30m", "0.5h", "1800s"],
            &["0", "0s", "-0ms"],
            &["-1.5h", "-90m"],
            &["1us", "1µs"],
        ],
        &["", "1", "1x", "h", "1h-2m", ".s", "1 h", "99999999999h"],
    );
    check::<Ipv4>(
        "Invalid IPv4 Address String Value",
        &[&["192.0.2.146"]],
        &["", "192.0.2", "::1", "192.0.2.01", "1.2.3.4/8"],
    );
    check::<Ipv6>(
        "Invalid IPv6 Address String Value",
        &[
            &["::", "0:0:0:0:0:0:0:0"],
            &["2001:0DB8:0000:0000:0008:0800:200C:417A", "2001:db8::8:800:200c:417a"],
            &["0:0:0:0:0:FFFF:192.168.255.255", "::ffff:c0a8:ffff"],
        ],
        &["", "192.0.2.146", "::g", "::/64", "fe80::1%eth0"],
    );
    check::<Ipv4Cidr>(
        "Invalid IPv4 CIDR String Value",
        &[&["192.0.2.146/24"], &["192.0.2.0/24"]],
        &["192.0.2.1", "1.2.3.4/33", "::/8", "1.2.3.4/+8", "1.2.3.4/08"],
    );
    check::<Ipv6Cidr>(
        "Invalid IPv6 CIDR String Value",
        &[&["::/64", "0::0/64"], &["::/65"], &["1050:0000:0000:0000:0005:0600:300c:326b/64"]],
        &["::", "::/129", "1.2.3.4/8", "test value"],
    );
}

#[test]
fn a_text_is_not_shown_where_it_is_printed_for_debugging() {
    assert_eq!(format!("{:?}", Json::new("[1]").unwrap()), "Text(..)");
    let error = Json::new("secret").unwrap_err();
    assert_eq!(error.to_string(), "Invalid JSON String Value: allowed is JSON text");
}
