//! The checks of rules about several attributes.

use super::combination::Combination;
use super::{Attribute, Attributes, Schema};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::Value;

impl Schema {
    /// Adds a rule about several attributes.
    ///
    /// ```
    /// use tfplug::schema::{Combination, Schema, string};
    ///
    /// let schema = Schema::new("")
    ///     .attribute("id", string())
    ///     .attribute("name", string())
    ///     .combination(Combination::ExactlyOneOf(&["id", "name"]));
    /// assert!(schema.problems().is_empty());
    /// ```
    #[must_use]
    pub fn combination(mut self, rule: Combination) -> Self {
        self.combinations.push(rule);
        self
    }

    /// Adds rules about several attributes.
    #[must_use]
    pub fn combinations(mut self, rules: impl IntoIterator<Item = Combination>) -> Self {
        self.combinations.extend(rules);
        self
    }
}

impl Attribute {
    /// Adds a rule about several attributes of each of its objects.
    ///
    /// ```
    /// use tfplug::schema::{Combination, Schema, object, string};
    ///
    /// let login = object()
    ///     .attribute("user", string())
    ///     .attribute("password", string().sensitive())
    ///     .combination(Combination::Together(&["user", "password"]));
    /// assert!(Schema::new("").attribute("login", login).problems().is_empty());
    /// ```
    #[must_use]
    pub fn combination(mut self, rule: Combination) -> Self {
        self.combinations.push(rule);
        self
    }

    /// Adds rules about several attributes of each of its objects.
    #[must_use]
    pub fn combinations(mut self, rules: impl IntoIterator<Item = Combination>) -> Self {
        self.combinations.extend(rules);
        self
    }

    /// The rules about several attributes of each of its objects.
    pub(crate) fn all_combinations(&self) -> &[Combination] {
        &self.combinations
    }
}

/// How the attributes that a rule names are set in one object.
struct Given {
    set: Vec<&'static str>,
    missing: Vec<&'static str>,
    /// Whether one of them is not known yet.
    open: bool,
}

impl Given {
    fn of(names: &[&'static str], attributes: &Attributes, config: &Value) -> Self {
        let mut given = Self { set: Vec::new(), missing: Vec::new(), open: false };
        for name in names {
            let value = config.get(name);
            match attributes.get(name) {
                _ if value.is_unknown() => given.open = true,
                Some(attribute) if !value.is_null() && !attribute.is_unwritten(value) => given.set.push(name),
                _ => given.missing.push(name),
            }
        }
        given
    }
}

/// Checks the rules on one object.
pub(super) fn check(
    rules: &[Combination],
    attributes: &Attributes,
    config: &Value,
    path: &Path,
    write_only_allowed: bool,
) -> Diagnostics {
    let one = |rule: &Combination| {
        let given = Given::of(&rule.names(), attributes, config);
        match rule {
            Combination::ExactlyOneOf(names) => {
                missing("Exactly one", names, &given, path).or_else(|| excess(&given, path))
            }
            Combination::AtMostOneOf(_) => excess(&given, path),
            Combination::AtLeastOneOf(names) => missing("At least one", names, &given, path),
            Combination::Together(_) => incomplete(&given, path),
            Combination::PreferWriteOnly(first, second) => {
                (write_only_allowed && given.set.contains(first)).then(|| prefer(first, second, path))
            }
        }
    };
    rules.iter().filter_map(one).collect()
}

fn missing(how_many: &str, names: &[&str], given: &Given, path: &Path) -> Option<Diagnostic> {
    if given.open || !given.set.is_empty() {
        return None;
    }
    let detail = format!("{how_many} of {} must be set{}.", listed(names), inside(path));
    let error = Diagnostic::error("Missing Attribute Configuration", detail);
    Some(if path.steps().is_empty() { error } else { error.at(path.clone()) })
}

fn excess(given: &Given, path: &Path) -> Option<Diagnostic> {
    let [_, second, ..] = given.set.as_slice() else { return None };
    let detail = format!("Only one of {} may be set{}.", listed(&given.set), inside(path));
    Some(Diagnostic::error("Invalid Attribute Combination", detail).at(path.attribute(second)))
}

fn incomplete(given: &Given, path: &Path) -> Option<Diagnostic> {
    let (first, missing) = (given.set.first()?, given.missing.first()?);
    let detail = format!("{first} is only used together with {missing}, which is not set{}.", inside(path));
    Some(Diagnostic::error("Invalid Attribute Combination", detail).at(path.attribute(first)))
}

fn prefer(first: &str, second: &str, path: &Path) -> Diagnostic {
    let detail =
        format!("Plans and states have the value of {first}. {second} is write-only: no plan or state has its value.");
    Diagnostic::warning(format!("Use {second} instead of {first}"), detail).at(path.attribute(first))
}

/// Names as a sentence lists them.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn inside(path: &Path) -> String {
    if path.steps().is_empty() { String::new() } else { format!(" in {path}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{block, block_group, block_list, object, string, validate};

    type Config = Vec<(&'static str, Value)>;

    fn schema() -> Schema {
        let names = ["a", "b", "c", "old", "old_wo"].map(|name| (name.to_owned(), string()));
        let inner = block()
            .attribute("x", string())
            .attribute("y", block_list())
            .combination(Combination::AtLeastOneOf(&["x", "y"]));
        Schema::new("")
            .attributes(names)
            .attribute("old_wo", string().write_only())
            .attribute("inner", inner)
            .combinations([
                Combination::ExactlyOneOf(&["a", "b"]),
                Combination::AtMostOneOf(&["b", "c"]),
                Combination::Together(&["a", "c"]),
                Combination::PreferWriteOnly("old", "old_wo"),
            ])
    }

    fn found(config: &[(&'static str, Value)], write_only: bool) -> Vec<String> {
        let config = Value::object(config.iter().cloned());
        let found = validate(&schema(), &config, write_only);
        let path = |one: &Diagnostic| one.path().map(ToString::to_string).unwrap_or_default();
        found.iter().map(|one| format!("{}: {}: {}", path(one), one.summary(), one.detail())).collect()
    }

    #[test]
    fn err_each_rule_names_the_attributes_at_fault() {
        assert_eq!(schema().problems(), Vec::<String>::new());
        let set = || Value::from("x");
        let empty = Value::object([("y", Value::List(Vec::new()))]);
        let table: Vec<(Config, &[&str])> = vec![
            (vec![("a", set()), ("c", set())], &[]),
            (vec![], &[": Missing Attribute Configuration: Exactly one of a and b must be set."]),
            (vec![("a", Value::Unknown)], &[]),
            (
                vec![("a", set()), ("b", set()), ("c", Value::Unknown)],
                &["b: Invalid Attribute Combination: Only one of a and b may be set."],
            ),
            (
                vec![("b", set()), ("c", set())],
                &[
                    "c: Invalid Attribute Combination: Only one of b and c may be set.",
                    "c: Invalid Attribute Combination: c is only used together with a, which is not set.",
                ],
            ),
            (
                vec![("b", set()), ("inner", empty)],
                &["inner: Missing Attribute Configuration: At least one of x and y must be set in inner."],
            ),
        ];
        for (config, expected) in table {
            assert_eq!(found(&config, true), expected, "{config:?}");
        }
    }

    /// A core completes a group that is not written.
    #[test]
    fn a_group_with_a_value_is_set_and_an_empty_one_is_not() {
        let group = block_group().attribute("level", string()).attribute("parts", block_list());
        let schema = Schema::new("")
            .attribute("logs", group)
            .attribute("x", string())
            .combination(Combination::ExactlyOneOf(&["logs", "x"]));
        let logs = |level: Value| Value::object([("level", level), ("parts", Value::List(Vec::new()))]);
        for (level, x, errors) in [
            ("debug".into(), Value::Null, 0),
            ("debug".into(), "x".into(), 1),
            (Value::Null, "x".into(), 0),
            (Value::Null, Value::Null, 1),
        ] {
            let config = Value::object([("logs", logs(level)), ("x", x)]);
            assert_eq!(validate(&schema, &config, true).iter().count(), errors, "{config:?}");
        }
    }

    #[test]
    fn a_write_only_attribute_is_recommended_where_the_core_has_them() {
        let config = [("b", "x".into()), ("old", "x".into())];
        let warning = "old: Use old_wo instead of old: Plans and states have the value of old. old_wo is write-only: no plan \
                       or state has its value.";
        assert_eq!((found(&config, true), found(&config, false)), (vec![warning.to_owned()], Vec::new()));
    }

    #[test]
    fn err_rules_that_name_no_attribute() {
        let inner = object().attribute("x", string()).combination(Combination::AtMostOneOf(&["x", "z"]));
        let schema = Schema::new("")
            .attribute("inner", inner)
            .attribute("a", string())
            .attribute("b", string())
            .combination(Combination::PreferWriteOnly("a", "b"));
        let expected = [
            "b is not write-only, but a combination prefers it",
            "inner: a combination names \"z\", which is not an attribute",
        ];
        assert_eq!(schema.problems(), expected);
    }
}
