//! The checks of `terraform validate` that follow from the schema.

use std::fmt;

use super::attribute::Configurable;
use super::check::find_nul;
use super::plan::{Prior, plan};
use super::{Attribute, AttributeType, Attributes, Check, Combination, Schema, combination_check, elements};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::duration::nanoseconds;
use crate::path::{Path, Step};
use crate::value::Value;

/// Checks a configuration; unknown values pass.
///
/// `write_only_allowed`: whether this core understands write-only attributes. An older core would store them like any
/// other attribute, so setting one is an error there.
pub(crate) fn validate(schema: &Schema, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut walk =
        Walk { write_only_allowed, shows_values: true, without_nul: schema.refuses_nul(), found: Diagnostics::new() };
    walk.object(schema.all(), schema.all_combinations(), config, &Here::Root, false);
    walk.found
}

/// Checks values of which any may be secret, although the schema does not say so: no message has a part of one, not even the key
/// of a map.
pub(crate) fn validate_unseen(schema: &Schema, values: &Value) -> Diagnostics {
    let mut walk = Walk {
        write_only_allowed: true,
        shows_values: false,
        without_nul: schema.refuses_nul(),
        found: Diagnostics::new(),
    };
    walk.object(schema.all(), schema.all_combinations(), values, &Here::Root, false);
    walk.found
}

/// Where the walk is. A path is made of it only for an error.
enum Here<'a> {
    Root,
    Attribute(&'a Here<'a>, &'a str),
    /// An element of a collection; without a step, what is in a set or in a single object.
    Element(&'a Here<'a>, Option<&'a Step>),
}

impl Here<'_> {
    fn path(&self) -> Path {
        match self {
            Self::Root => Path::root(),
            Self::Attribute(parent, name) => parent.path().attribute(name),
            Self::Element(parent, step) => parent.path().steps().iter().chain(*step).cloned().collect(),
        }
    }
}

impl fmt::Display for Here<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path().fmt(f)
    }
}

struct Walk {
    write_only_allowed: bool,
    /// Whether messages may have values that are not hidden, and keys of maps.
    shows_values: bool,
    without_nul: bool,
    found: Diagnostics,
}

impl Walk {
    /// `hidden`: whether the object, or one around it, is sensitive or write-only.
    fn object(
        &mut self,
        attributes: &Attributes,
        combinations: &[Combination],
        config: &Value,
        path: &Here<'_>,
        hidden: bool,
    ) {
        if config.is_null() || config.is_unknown() {
            return;
        }
        for (name, attribute) in attributes {
            let hidden = hidden || attribute.is_sensitive() || attribute.is_write_only();
            self.attribute(attribute, config.get(name), &Here::Attribute(path, name), hidden);
        }
        if !combinations.is_empty() {
            let path = path.path();
            self.found.extend(combination_check::check(
                combinations,
                attributes,
                config,
                &path,
                self.write_only_allowed,
            ));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        if value.is_null() || (attribute.is_computed() && attribute.is_unwritten(value)) {
            if attribute.configurable() == Configurable::Required {
                self.error(format!("Missing {path}"), format!("{path} is required and must not be null."), path);
            }
            return;
        }
        // These two apply to unknown values as well.
        if !attribute.is_configurable() {
            let detail =
                format!("{path} is set by the provider and cannot be configured. Remove it from the configuration.");
            self.error(format!("Read-only {path}"), detail, path);
            return;
        }
        if attribute.is_write_only() && !self.write_only_allowed {
            let detail = format!(
                "{path} is a write-only attribute, which requires Terraform 1.11 or later, or OpenTofu 1.11 or later."
            );
            self.error("WriteOnly Attribute Not Allowed".to_owned(), detail, path);
        }
        if let (Some(instead), false) = (attribute.deprecation(), attribute.is_unwritten(value)) {
            self.found.push(Diagnostic::warning(format!("Deprecated {path}"), instead).at(path.path()));
        }
        if value.is_unknown() {
            return;
        }
        self.checks(attribute, value, path, hidden);
        self.each(attribute, value, path, hidden);
        if attribute.has_timeouts() {
            self.timeouts(value, path);
        }
        if self.without_nul {
            self.nul(attribute, value, path, hidden);
        }
        if let AttributeType::Nested(_, inner) = attribute.attribute_type() {
            for (step, element) in elements(value) {
                let here = Here::Element(path, self.shown_step(step.as_ref()));
                self.object(inner, attribute.all_combinations(), element, &here, hidden);
            }
            if let Value::Set(all) = value {
                self.duplicates(inner, all, path);
            }
        }
    }

    /// Elements of a set that are written differently may be the same once defaults are filled in. The plan would then have fewer
    /// elements than the configuration, which a core calls a bug in the provider.
    fn duplicates(&mut self, inner: &Attributes, all: &[Value], path: &Here<'_>) {
        let planned: Vec<_> = all.iter().map(|one| plan(inner, Prior(&Value::Null), one).state).collect();
        let Value::Set(different) = Value::set(planned) else { return };
        if different.len() < all.len() {
            let detail = format!(
                "Elements of {path} are the same once defaults are filled in for what they leave out. Keep one of them."
            );
            self.error(format!("Duplicate elements in {path}"), detail, path);
        }
    }

    /// A time below zero would be no limit at all.
    fn timeouts(&mut self, value: &Value, path: &Here<'_>) {
        let is_valid = |value: &Value| value.as_str().and_then(nanoseconds).is_none_or(|length| length >= 0);
        for (verb, length) in value.members().into_iter().flatten() {
            if !is_valid(length) {
                self.broken(
                    &Check::Custom("a time that is not negative", |_| false),
                    length,
                    &Here::Attribute(path, verb),
                    false,
                );
            }
        }
    }

    fn checks(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        if let Some(broken) = attribute.checks().iter().find(|check| !check.accepts(value)) {
            self.broken(broken, value, path, hidden);
        }
    }

    /// The elements of a collection of plain values.
    fn each(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        let Some(of_each) = attribute.element() else { return };
        for (step, element) in elements(value) {
            if !element.is_null() && !element.is_unknown() {
                let path = Here::Element(path, self.shown_step(step.as_ref()));
                self.checks(of_each, element, &path, hidden);
                self.each(of_each, element, &path, hidden);
            }
        }
    }

    /// The objects of a nested attribute are checked one by one, so only their keys are checked here.
    fn nul(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        let found = match (attribute.attribute_type(), value) {
            (AttributeType::Plain(_), Value::String(text)) if !text.contains('\0') => None,
            (AttributeType::Plain(_), value) => find_nul(value, &path.path()),
            (AttributeType::Nested(..), Value::Map(all)) => {
                all.keys().find_map(|key| find_nul(&Value::from(key.as_str()), &path.path()))
            }
            (AttributeType::Nested(..), _) => None,
        };
        if let Some((path, text)) = found {
            self.broken_at(&Check::WithoutNul, &text, path, hidden);
        }
    }

    /// The step to an element, unless it is a part of the value that messages must not have.
    fn shown_step<'a>(&self, step: Option<&'a Step>) -> Option<&'a Step> {
        step.filter(|step| self.shows_values || !matches!(step, Step::Key(_)))
    }

    fn broken(&mut self, check: &Check, value: &Value, path: &Here<'_>, hidden: bool) {
        self.broken_at(check, value, path.path(), hidden);
    }

    fn broken_at(&mut self, check: &Check, value: &Value, path: Path, hidden: bool) {
        let allowed = format!("Allowed: {}.", check.allowed());
        let detail = match (self.shows_values, hidden) {
            (false, _) => allowed,
            (true, true) => format!("Given: a sensitive value. {allowed}"),
            (true, false) => format!("Given: {}. {allowed}", shown(value)),
        };
        let (summary, detail) = match check.summary() {
            Some(summary) => (summary.to_owned(), format!("{path} has another format. {detail}")),
            None => (format!("Invalid {path}"), detail),
        };
        self.found.push(Diagnostic::error(summary, detail).at(path));
    }

    fn error(&mut self, summary: String, detail: String, path: &Here<'_>) {
        self.found.push(Diagnostic::error(summary, detail).at(path.path()));
    }
}

/// A value as a configuration would write it, for messages; long strings are truncated.
pub(crate) fn shown(value: &Value) -> String {
    const MOST: usize = 80;
    match value {
        Value::Null => "null".to_owned(),
        Value::Unknown => "an unknown value".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.shown(),
        Value::String(text) if text.chars().count() > MOST => {
            let start: String = text.chars().take(MOST).collect();
            format!("{start:?}… ({} characters)", text.chars().count())
        }
        Value::String(text) => format!("{text:?}"),
        Value::List(all) | Value::Set(all) | Value::Tuple(all) => format!("{} elements", all.len()),
        Value::Map(all) => format!("{} elements", all.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::Dynamic(pair) => shown(&pair.1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, boolean, int, map_of, number, object, object_list, object_set, string};
    use crate::value::Type;

    fn schema() -> Schema {
        Schema::new("")
            .attribute("id", string().computed())
            .attribute("name", string().required().length(1, 5))
            .attribute("days", int().default_value(30).at_least(1))
            .attribute("tags", map_of(Type::String))
            .attribute("old", boolean().deprecated("Use name."))
            .attribute("secret", string().sensitive().length(3, 9))
            .attribute("secret_wo", string().write_only().length(1, 9))
            .attribute("at", object().attribute("hours", int().required().between(0, 23)))
            .attribute("limit", number().finite_f64())
            .attribute("all", object_list().attribute("n", int().at_least(1)))
            .attribute("login", object().sensitive().attribute("password", string().length(3, 9)))
    }

    fn messages(config: Value, write_only_allowed: bool) -> Vec<String> {
        let found = validate(&schema(), &config, write_only_allowed);
        found.iter().map(|d| format!("{}: {} {}", d.path().unwrap(), d.summary(), d.detail())).collect()
    }

    #[test]
    fn err_elements_of_a_set_that_are_the_same_with_their_defaults() {
        let set = |more: Attribute| object_set().attribute("size", int().default_value(1)).attribute("more", more);
        let with = |more| Schema::new("").attribute("set", set(more));
        let of = |sizes: [Value; 2]| {
            let element = |size| Value::object([("size", size), ("more", Value::Null)]);
            Value::object([("set", Value::set(sizes.into_iter().map(element).collect()))])
        };
        let same = || of([Value::Null, 1.into()]);
        let found = validate(&with(string()), &same(), true);
        let summaries: Vec<_> = found.iter().map(Diagnostic::summary).collect();
        assert_eq!(summaries, ["Duplicate elements in set"]);
        for (schema, config) in [
            (with(string()), of([Value::Null, 2.into()])),
            (with(string()), of([Value::Null, Value::Unknown])),
            // What the provider adds may tell them apart.
            (with(string().computed()), same()),
        ] {
            assert_eq!(validate(&schema, &config, true), Diagnostics::new());
        }
    }

    #[test]
    fn err_a_timeout_below_zero() {
        let timeouts = object().timeouts().attribute("create", string());
        let schema = Schema::new("").attribute("timeouts", timeouts);
        let config = |length: &str| Value::object([("timeouts", Value::object([("create", length.into())]))]);
        let details = |length| -> Vec<_> {
            let found = validate(&schema, &config(length), true);
            found.iter().map(|one| (one.path().unwrap().to_string(), one.detail().to_owned())).collect()
        };
        let negative = r#"Given: "-5m". Allowed: a time that is not negative."#.to_owned();
        assert_eq!(details("-5m"), [("timeouts.create".to_owned(), negative)]);
        assert_eq!(details("5m"), []);
    }

    #[test]
    fn ok_a_good_configuration_and_unknown_values_pass() {
        let config = Value::object([("name", "abc".into()), ("days", Value::Unknown), ("at", Value::Unknown)]);
        assert_eq!(messages(config, true), Vec::<String>::new());
        assert_eq!(messages(Value::object([("name", Value::Unknown)]), false), Vec::<String>::new());
    }

    #[test]
    fn err_each_message_has_the_attribute_the_given_value_and_what_is_allowed() {
        let name = ("name", Value::from("abc"));
        let table = [
            (vec![], r"name: Missing name name is required and must not be null."),
            (vec![("name", "abcdef".into())], r#"name: Invalid name Given: "abcdef". Allowed: 1 to 5 characters."#),
            (vec![name.clone(), ("days", 0.into())], "days: Invalid days Given: 0. Allowed: at least 1."),
            (
                vec![name.clone(), ("days", Value::Number("1.5".parse().unwrap()))],
                "days: Invalid days Given: 1.5. Allowed: a whole number.",
            ),
            (
                vec![name.clone(), ("id", "x".into())],
                "id: Read-only id id is set by the provider and cannot be configured. Remove it from the configuration.",
            ),
            (
                vec![name.clone(), ("at", Value::object([("hours", 24.into())]))],
                "at.hours: Invalid at.hours Given: 24. Allowed: 0 to 23.",
            ),
            (
                vec![name.clone(), ("at", Value::object([("hours", Value::Null)]))],
                "at.hours: Missing at.hours at.hours is required and must not be null.",
            ),
            (
                vec![name.clone(), ("all", Value::List(vec![Value::object([("n", 0.into())])]))],
                "all[0].n: Invalid all[0].n Given: 0. Allowed: at least 1.",
            ),
            (vec![name.clone(), ("old", true.into())], "old: Deprecated old Use name."),
            (
                vec![name.clone(), ("secret", "hunter2 and more".into())],
                "secret: Invalid secret Given: a sensitive value. Allowed: 3 to 9 characters.",
            ),
            (
                vec![name.clone(), ("login", Value::object([("password", "hunter2 and more".into())]))],
                "login.password: Invalid login.password Given: a sensitive value. Allowed: 3 to 9 characters.",
            ),
            (
                vec![name.clone(), ("secret_wo", "hunter2 and more".into())],
                "secret_wo: Invalid secret_wo Given: a sensitive value. Allowed: 1 to 9 characters.",
            ),
            (
                vec![name, ("id", Value::Unknown)],
                "id: Read-only id id is set by the provider and cannot be configured. Remove it from the configuration.",
            ),
        ];
        for (config, message) in table {
            assert_eq!(messages(Value::object(config), true), [message]);
        }
    }

    #[test]
    fn err_a_number_beyond_the_range_of_floats_is_shown_with_an_exponent() {
        for (given, shown) in [("1e400", "1e400".to_owned()), ("-12e399", "-1.2e400".to_owned())] {
            let config = Value::object([("name", "abc".into()), ("limit", Value::Number(given.parse().unwrap()))]);
            let expected =
                format!("limit: Invalid limit Given: {shown}. Allowed: a number within the range of a 64-bit float.");
            assert_eq!(messages(config, true), [expected]);
        }
    }

    #[test]
    fn err_a_nul_in_any_string_where_the_schema_rejects_it() {
        let tags = |key: &str, value: &str| Value::Map([(key.to_owned(), value.into())].into());
        let login = Value::object([("password", "a\0bc".into())]);
        for (name, value, path, given) in [
            ("name", "a\0b".into(), "name", r#""a\0b""#),
            ("tags", tags("k", "\0"), r#"tags["k"]"#, r#""\0""#),
            ("tags", tags("k\0", "v"), "tags", r#""k\0""#),
            ("login", login, "login.password", "a sensitive value"),
        ] {
            let config = Value::object([("name", "abc".into()), (name, value)]);
            assert_eq!(validate(&schema(), &config, true), Diagnostics::new(), "{path}");
            let found = validate(&schema().without_nul(), &config, true);
            let said: Vec<_> = found.iter().map(|one| (one.path().unwrap().to_string(), one.detail())).collect();
            let detail = format!("Given: {given}. Allowed: text without the character NUL (U+0000).");
            assert_eq!(said, [(path.to_owned(), detail.as_str())]);
        }
    }

    #[test]
    fn err_a_write_only_attribute_on_a_core_that_would_store_it() {
        let config = Value::object([("name", "abc".into()), ("secret_wo", "x".into())]);
        assert_eq!(messages(config, true), Vec::<String>::new());
        for given in ["x".into(), Value::Unknown] {
            assert_eq!(
                messages(Value::object([("name", "abc".into()), ("secret_wo", given)]), false),
                [
                    "secret_wo: WriteOnly Attribute Not Allowed secret_wo is a write-only attribute, which requires Terraform 1.11 or later, or OpenTofu 1.11 or later."
                ]
            );
        }
    }
}
