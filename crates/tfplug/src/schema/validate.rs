//! The checks of `terraform validate` that follow from the schema.

mod here;

use here::Here;

use super::attribute::Configurable;
use super::check::find_nul;
use super::plan::{Prior, plan};
use super::shown::shown;
use super::{Attribute, Attributes, Check, Combination, Schema, combination_check, elements};
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
        let mut members = config.ordered();
        for (name, attribute) in attributes {
            let hidden = hidden || attribute.is_sensitive() || attribute.is_write_only();
            self.attribute(attribute, members.get(name), &Here::Attribute(path, name), hidden);
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
        if !self.may_be_set(attribute, value, path) || value.is_unknown() {
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
        self.objects(attribute, value, path, hidden);
        if let (Some(inner), Value::Set(all)) = (attribute.parts(), value) {
            self.duplicates(inner, all, path);
        }
    }

    /// The objects in the value of an attribute with parts.
    fn objects(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        let Some(inner) = attribute.parts() else { return };
        for (step, element) in elements(value) {
            let here = Here::Element(path, self.shown_step(step.as_ref()));
            self.object(inner, attribute.all_combinations(), element, &here, hidden);
        }
    }

    /// The checks that apply to unknown values as well. `false` if the attribute cannot be configured at all.
    fn may_be_set(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>) -> bool {
        if !attribute.is_configurable() {
            let detail =
                format!("{path} is set by the provider and cannot be configured. Remove it from the configuration.");
            self.error(format!("Read-only {path}"), detail, path);
            return false;
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
        true
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
        if attribute.has_no_null_elements() {
            self.null_elements(value, path);
        }
        let Some(of_each) = attribute.element() else { return };
        for (step, element) in elements(value) {
            if !element.is_null() && !element.is_unknown() {
                let path = Here::Element(path, self.shown_step(step.as_ref()));
                self.checks(of_each, element, &path, hidden);
                self.each(of_each, element, &path, hidden);
                self.objects(of_each, element, &path, hidden);
            }
        }
    }

    /// A core takes null for any element, and the handler's type does not.
    fn null_elements(&mut self, value: &Value, path: &Here<'_>) {
        for (step, _) in elements(value).iter().filter(|(_, element)| element.is_null()) {
            let step = self.shown_step(step.as_ref());
            let here = Here::Element(path, step);
            let what = if step.is_some() { here.to_string() } else { format!("an element of {path}") };
            let detail = format!("No element of {path} may be null. Give it a value, or leave it out.");
            self.error(format!("Missing {what}"), detail, &here);
        }
    }

    /// The objects of a nested attribute are checked one by one, so only their keys are checked here.
    fn nul(&mut self, attribute: &Attribute, value: &Value, path: &Here<'_>, hidden: bool) {
        let found = match (attribute.parts(), value) {
            (None, Value::String(text)) if !text.contains('\0') => None,
            (None, value) => find_nul(value, &path.path()),
            (Some(_), Value::Map(all)) => all.keys().find_map(|key| find_nul(&Value::from(key.as_ref()), &path.path())),
            (Some(_), _) => None,
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
        let reason = check.reason(value).filter(|_| self.shows_values && !hidden);
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        let (summary, detail) = match check.summary() {
            Some(summary) => (summary.to_owned(), format!("{path} has another format{reason}. {detail}")),
            None => (format!("Invalid {path}"), detail),
        };
        self.found.push(Diagnostic::error(summary, detail).at(path));
    }

    fn error(&mut self, summary: String, detail: String, path: &Here<'_>) {
        self.found.push(Diagnostic::error(summary, detail).at(path.path()));
    }
}

#[cfg(test)]
mod tests;
