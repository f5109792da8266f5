//! Checks for options that contradict each other or the field's type; each error says what to write instead.

use syn::spanned::Spanned as _;
use syn::{Error, Result};

use crate::input::{Field, Input, Kind, Wrap, fail};
use crate::options::What;
use crate::{blocks, type_checks};

const PLAN_RULES: [&str; 4] = ["use_state_for_unknown", "requires_replace", "state_only", "unknown_when_changed"];
const CHECKS: [&str; 10] =
    ["length", "range", "above", "finite_f64", "non_empty", "without_nul", "one_of", "items", "check", "each"];

/// All problems of the struct, combined into one error.
pub(crate) fn check(input: &Input) -> Result<()> {
    let mut errors: Vec<Error> = Vec::new();
    for field in &input.fields {
        errors.extend(kind(input, field).err());
        errors.extend(if field.has("flatten") {
            flattened(field).err()
        } else if field.is_block() {
            blocks::check(field).err()
        } else {
            state(input, field).err()
        });
        errors.extend(rules(field).err());
        errors.extend(type_checks::check(field).err());
    }
    errors.extend(whole(input).err());
    match errors.into_iter().reduce(|mut all, more| {
        all.combine(more);
        all
    }) {
        Some(errors) => Err(errors),
        None => Ok(()),
    }
}

/// Checks for options that this type of block does not support.
fn kind(input: &Input, field: &Field) -> Result<()> {
    let what = input.kind.words();
    let plans = matches!(input.kind, Kind::Resource | Kind::Object);
    let computes =
        !matches!(input.kind, Kind::Action | Kind::List | Kind::Provider | Kind::ProviderMeta | Kind::StateStore);
    for option in &field.options {
        let name = option.name.as_str();
        if name == "default" && !plans {
            let held = field.held();
            return fail(
                option.span,
                format!(
                    "`{name}` is for resources, where the plan shows it; {what} has no plan: write `Option<{held}>` and \
                     use `unwrap_or` where it is read"
                ),
            );
        }
        if PLAN_RULES.contains(&name) && !plans {
            return fail(option.span, format!("`{name}` is a rule for plans, and {what} has none: remove it"));
        }
        if name == "computed" && !computes {
            let text = format!("{what} has no results, so nothing in it is computed: write `required` or `optional`");
            return fail(option.span, text);
        }
        if name == "write_only" && !plans && input.kind != Kind::Action {
            let text = format!(
                "`write_only` is for what a core must not store, in resources and actions, and {what} is not stored: remove it"
            );
            return fail(option.span, text);
        }
        if name == "identity" && input.kind != Kind::Resource {
            return fail(option.span, format!("`identity` is for a field of a resource; this is {what}: remove it"));
        }
    }
    if field.wrap == Wrap::Computed && !computes && !field.has("computed") {
        let held = field.held();
        let text = format!("{what} has no results: write `{held}`, or `Option<{held}>` if it may be left out");
        return fail(field.ty.span(), text);
    }
    Ok(())
}

fn flattened(field: &Field) -> Result<()> {
    for option in &field.options {
        if !matches!(option.what, What::Flatten | What::Optional | What::Computed) {
            let text =
                format!("`{}` does not apply to a group: write it at the fields of the group's struct", option.name);
            return fail(option.span, text);
        }
    }
    if field.wrap != Wrap::Plain {
        return fail(
            field.ty.span(),
            format!(
                "a group cannot be inside another type: write `{0}`, or `Open<{0}>` if each of its attributes may be null",
                field.held()
            ),
        );
    }
    match (field.get("optional"), field.has("computed")) {
        (Some(option), false) => {
            let text = "a group cannot be `optional` alone: write `computed`, `optional, computed`, or neither";
            fail(option.span, text)
        }
        _ => Ok(()),
    }
}

/// Compares who sets the field with its Rust type.
fn state(input: &Input, field: &Field) -> Result<()> {
    who_sets(field)?;
    let (name, held, ty) = (&field.name, field.held(), field.ty.span());
    // An action has no state, in which a write-only attribute would be null.
    if field.has("write_only") && input.kind != Kind::Action {
        return write_only(field, &held);
    }
    let always = field.get("required").or_else(|| field.get("default"));
    match (field.wrap, always) {
        (Wrap::Option, Some(option)) => {
            let text =
                format!("`{}` means that it is always set: write `{held}`, or remove `{}`", option.name, option.name);
            fail(ty, text)
        }
        (Wrap::Computed, Some(option)) => {
            let text = format!("`{}` means that it is always set and known: write `{held}`", option.name);
            fail(ty, text)
        }
        (Wrap::Option, None) if field.has("computed") && input.kind != Kind::Object => {
            fail(ty, format!("what the provider decides is not known in a plan: write `Computed<{held}>`"))
        }
        (Wrap::Computed, None) if field.has("optional") && !field.has("computed") => {
            fail(ty, format!("only what is `computed` can be unknown: write `Option<{held}>`, or add `computed`"))
        }
        (Wrap::Plain, None) if field.has("optional") => {
            fail(ty, format!("what may be left out can be null: write `Option<{held}>`"))
        }
        (Wrap::Plain, None) if field.has("computed") && input.kind != Kind::Object => {
            fail(ty, format!("what the provider decides is not known in a plan: write `Computed<{held}>`"))
        }
        (Wrap::Plain, None) if !field.has("computed") => {
            let plans = matches!(input.kind, Kind::Resource | Kind::Object);
            let default = if plans { "`default = …`, " } else { "" };
            let text = format!(
                "say who sets `{name}`: write `#[tf(required)]`, {default}or the type `Option<{held}>` if it may be left out"
            );
            fail(field.ident.span(), text)
        }
        _ => Ok(()),
    }
}

/// Compares the options that say who sets the field with each other.
fn who_sets(field: &Field) -> Result<()> {
    let by_user = ["required", "default", "optional"].iter().filter_map(|word| field.get(word));
    let by_user: Vec<_> = by_user.collect();
    if let [first, second, ..] = by_user.as_slice() {
        let text = format!("`{}` and `{}` cannot be combined: keep one", first.name, second.name);
        return fail(second.span, text);
    }
    if let (Some(computed), Some(other)) = (field.get("computed"), by_user.iter().find(|one| one.name != "optional")) {
        let text = format!(
            "`computed` and `{}` cannot be combined: write `optional, computed` if the provider decides where the \
             configuration does not",
            other.name
        );
        return fail(computed.span, text);
    }
    Ok(())
}

fn write_only(field: &Field, held: &str) -> Result<()> {
    if let Some(option) = ["computed", "default"].iter().find_map(|word| field.get(word)) {
        let text = format!(
            "`write_only` and `{}` cannot be combined: a write-only value comes from the configuration",
            option.name
        );
        return fail(option.span, text);
    }
    if field.wrap != Wrap::Option {
        let text = format!("a write-only attribute is null in every state: write `Option<{held}>`");
        return fail(field.ty.span(), text);
    }
    Ok(())
}

/// Checks for rules that apply only to configured, or only to computed attributes.
fn rules(field: &Field) -> Result<()> {
    let computed = field.has("computed") || (field.wrap == Wrap::Computed && !field.has("flatten"));
    for option in &field.options {
        let name = option.name.as_str();
        if matches!(name, "use_state_for_unknown" | "unknown_when_changed") && !computed {
            let text = format!(
                "`{name}` is for what the provider decides: write `computed` and `Computed<{}>`, or remove it",
                field.held()
            );
            return fail(option.span, text);
        }
        if matches!(name, "requires_replace" | "state_only") && computed && !field.has("optional") {
            let text =
                format!("`{name}` is for what the configuration sets, and `{}` is computed: remove it", field.name);
            return fail(option.span, text);
        }
        if CHECKS.contains(&name) && computed && !field.has("optional") {
            let text = format!("`{name}` checks a configuration, which cannot set `{}`: remove it", field.name);
            return fail(option.span, text);
        }
    }
    match (field.get("use_state_for_unknown"), field.get("unknown_when_changed")) {
        (Some(_), Some(second)) => {
            fail(second.span, "`use_state_for_unknown` and `unknown_when_changed` cannot be combined: keep one")
        }
        _ => Ok(()),
    }
}

fn whole(input: &Input) -> Result<()> {
    if let (Some(version), true) = (&input.version, input.kind != Kind::Resource) {
        return fail(
            version.span(),
            format!("only what is stored has a version, and {} is not: remove it", input.kind.words()),
        );
    }
    if let (Some(deprecated), Kind::Object) = (&input.deprecated, input.kind) {
        return fail(
            deprecated.span(),
            "an object is not deprecated by itself: write `deprecated` at the field that holds it",
        );
    }
    identity(input)?;
    for field in &input.fields {
        let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let begins = |first: char| first.is_ascii_digit();
        if !field.has("flatten") && (!field.name.bytes().all(good) || field.name.starts_with(begins)) {
            let text =
                format!("`{}` is not a valid attribute name: use lower-case letters, digits and `_`", field.name);
            return fail(field.ident.span(), text);
        }
        if input.kind != Kind::Object && RESERVED.contains(&field.name.as_str()) && !field.has("flatten") {
            let text = format!("`{}` is a reserved name: choose another one", field.name);
            return fail(field.ident.span(), text);
        }
    }
    Ok(())
}

fn identity(input: &Input) -> Result<()> {
    for field in &input.fields {
        if let (Some(optional), None) = (field.get("optional_for_import"), field.get("identity")) {
            return fail(
                optional.span,
                "`optional_for_import` is for a part of the identity: add `identity`, or remove it",
            );
        }
        if let (Some(timeouts), None) = (field.get("timeouts"), input.kind.operations()) {
            let text = format!("`timeouts` is not for {}: remove it", input.kind.words());
            return fail(timeouts.span, text);
        }
    }
    let has_none = input.kind != Kind::Resource || input.no_identity.is_some();
    if let (Some(version), true) = (&input.identity_version, has_none) {
        return fail(version.span(), "only what has an identity has a version of it: remove it");
    }
    if let (Some(span), true) = (input.mutable_identity, has_none) {
        return fail(span, "only what has an identity can change it: remove `mutable_identity`");
    }
    let parts = input.fields.iter().find_map(|field| field.get("identity"));
    match (input.no_identity, parts) {
        (Some(span), _) if input.kind != Kind::Resource => {
            fail(span, format!("only a resource has an identity, and {} is none: remove it", input.kind.words()))
        }
        (Some(_), Some(part)) => fail(part.span, "`identity` and `no_identity` cannot be combined: keep one"),
        (None, None) if input.kind == Kind::Resource => fail(
            input.name.span(),
            "a resource needs an identity: write `identity` at the field that tells one object from another, such as \
             `#[tf(computed, identity, use_state_for_unknown)] id: Computed<String>`, or `no_identity` above the struct if \
             its objects have none",
        ),
        _ => Ok(()),
    }
}

/// Names that are reserved at the top level of a block.
const RESERVED: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];
