//! The options in a field's `#[tf(…)]`.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, Ident, LitStr, RangeLimits, Result, Token, parenthesized};

/// All options, for error messages.
const ALL: &str = "required, optional, computed, default, length, range, above, finite_f64, non_empty, without_nul, one_of, \
                   check, each, semantic_equals, result_equals, any_spelling, sensitive, write_only, deprecated, description, rename, set, plain, items, block, group, timeouts, flatten, identity, optional_for_import, \
                   use_state_for_unknown, requires_replace, state_only, unknown_when_changed";

/// One option of a field.
pub(crate) struct Opt {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) what: What,
}

pub(crate) enum What {
    Required,
    Optional,
    Computed,
    Default(Expr),
    Length(Option<Expr>, Expr),
    Range(Option<Expr>, Option<Expr>),
    Above(Expr),
    FiniteF64,
    NonEmpty,
    WithoutNul,
    OneOf(Vec<LitStr>),
    Check(Expr),
    Each(Vec<Opt>),
    SemanticEquals(Expr),
    ResultEquals(Expr),
    AnySpelling,
    Plain,
    Sensitive,
    WriteOnly,
    Deprecated(Expr),
    Description(Expr),
    Rename(LitStr),
    Set,
    Items(Option<Expr>, Option<Expr>),
    Block,
    Group,
    Timeouts,
    OptionalForImport,
    Flatten,
    Identity,
    UseStateForUnknown,
    RequiresReplace,
    StateOnly,
    UnknownWhenChanged(Vec<LitStr>),
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let ident = input.call(Ident::parse_any)?;
        let name = ident.to_string();
        let what = parse(&name, &ident, input)?;
        Ok(Self { name, span: ident.span(), what })
    }
}

fn parse(name: &str, ident: &Ident, input: ParseStream<'_>) -> Result<What> {
    Ok(match name {
        "required" => What::Required,
        "optional" => What::Optional,
        "computed" => What::Computed,
        "default" => What::Default(value(input, ident, "default = 30")?),
        "length" => length(input, ident)?,
        "range" => range(input, ident)?,
        "above" => What::Above(value(input, ident, "above = 0")?),
        "finite_f64" => What::FiniteF64,
        "non_empty" => What::NonEmpty,
        "without_nul" => What::WithoutNul,
        "one_of" => What::OneOf(list(input, ident, "one_of(\"daily\", \"never\")")?),
        "check" => What::Check(value(input, ident, "check = SLUG")?),
        "semantic_equals" => What::SemanticEquals(value(input, ident, "semantic_equals = same_path")?),
        "each" => each(input, ident)?,
        "result_equals" => What::ResultEquals(value(input, ident, "result_equals = same_path")?),
        "any_spelling" => What::AnySpelling,
        "plain" => What::Plain,
        "sensitive" => What::Sensitive,
        "write_only" => What::WriteOnly,
        "deprecated" => What::Deprecated(value(input, ident, "deprecated = \"Use name.\"")?),
        "description" => What::Description(value(input, ident, "description = format!(…)")?),
        "rename" => What::Rename(rename(input, ident)?),
        "set" => What::Set,
        "items" => items(input, ident)?,
        "block" => What::Block,
        "group" => What::Group,
        "timeouts" => What::Timeouts,
        "optional_for_import" => What::OptionalForImport,
        "flatten" => What::Flatten,
        "identity" => What::Identity,
        "use_state_for_unknown" => What::UseStateForUnknown,
        "requires_replace" => What::RequiresReplace,
        "state_only" => What::StateOnly,
        "unknown_when_changed" => {
            What::UnknownWhenChanged(list(input, ident, "unknown_when_changed(\"rotation_triggers\")")?)
        }
        other => {
            return Err(syn::Error::new(ident.span(), format!("unknown option `{other}`; the options are: {ALL}")));
        }
    })
}

/// The rules of each element.
fn each(input: ParseStream<'_>, ident: &Ident) -> Result<What> {
    if !input.peek(syn::token::Paren) {
        return Err(wants(ident, "each(length(1..=64))"));
    }
    let inner;
    parenthesized!(inner in input);
    let rules: Vec<_> = Punctuated::<Opt, Token![,]>::parse_terminated(&inner)?.into_iter().collect();
    let is_rule = |rule: &&Opt| {
        matches!(
            rule.what,
            What::Length(..)
                | What::Range(..)
                | What::Above(_)
                | What::FiniteF64
                | What::NonEmpty
                | What::WithoutNul
                | What::OneOf(_)
                | What::Items(..)
                | What::Check(_)
                | What::Each(_)
                | What::SemanticEquals(_)
                | What::ResultEquals(_)
                | What::AnySpelling
        )
    };
    match rules.iter().find(|rule| !is_rule(rule)) {
        Some(rule) => {
            let text = format!("`{}` is not a rule for the value of an element: write it outside of `each`", rule.name);
            Err(syn::Error::new(rule.span, text))
        }
        None if rules.is_empty() => Err(wants(ident, "each(length(1..=64))")),
        None => Ok(What::Each(rules)),
    }
}

fn wants(ident: &Ident, example: &str) -> syn::Error {
    syn::Error::new(ident.span(), format!("`{ident}` needs a value: write `{example}`"))
}

/// The value after `=`.
fn value(input: ParseStream<'_>, ident: &Ident, example: &str) -> Result<Expr> {
    input.parse::<Token![=]>().map_err(|_| wants(ident, example))?;
    input.parse()
}

pub(crate) fn rename(input: ParseStream<'_>, ident: &Ident) -> Result<LitStr> {
    let example = "rename = \"type\"";
    input.parse::<Token![=]>().map_err(|_| wants(ident, example))?;
    input.parse().map_err(|_| wants(ident, example))
}

fn list(input: ParseStream<'_>, ident: &Ident, example: &str) -> Result<Vec<LitStr>> {
    if !input.peek(syn::token::Paren) {
        return Err(wants(ident, example));
    }
    let inner;
    parenthesized!(inner in input);
    let all: Vec<_> = Punctuated::<LitStr, Token![,]>::parse_terminated(&inner)?.into_iter().collect();
    if all.is_empty() { Err(wants(ident, example)) } else { Ok(all) }
}

/// The bounds in the parentheses, both of which are included.
fn bounds(input: ParseStream<'_>, ident: &Ident, example: &str) -> Result<(Option<Expr>, Option<Expr>)> {
    if !input.peek(syn::token::Paren) {
        return Err(wants(ident, example));
    }
    let inner;
    parenthesized!(inner in input);
    let expr: Expr = inner.parse()?;
    let Expr::Range(range) = &expr else {
        return Err(syn::Error::new(expr.span(), format!("`{ident}` needs a range: write `{example}`")));
    };
    if matches!(range.limits, RangeLimits::HalfOpen(_)) && range.end.is_some() {
        let text = format!("both bounds of `{ident}` are included: write `..=`, as in `{example}`");
        return Err(syn::Error::new(expr.span(), text));
    }
    Ok((range.start.as_deref().cloned(), range.end.as_deref().cloned()))
}

fn length(input: ParseStream<'_>, ident: &Ident) -> Result<What> {
    match bounds(input, ident, "length(1..=64)")? {
        (least, Some(most)) => Ok(What::Length(least, most)),
        (_, None) => {
            let text = "`length` needs an upper bound: write `length(1..=64)`, or `non_empty` if there is none";
            Err(syn::Error::new(ident.span(), text))
        }
    }
}

fn items(input: ParseStream<'_>, ident: &Ident) -> Result<What> {
    match bounds(input, ident, "items(1..=3)")? {
        (None, None) => Err(wants(ident, "items(1..=3)")),
        (least, most) => Ok(What::Items(least, most)),
    }
}

fn range(input: ParseStream<'_>, ident: &Ident) -> Result<What> {
    match bounds(input, ident, "range(1..=100)")? {
        (None, _) => {
            let text = "`range` needs a lower bound: write `range(0..=100)`, or `range(0..)` if there is no upper one";
            Err(syn::Error::new(ident.span(), text))
        }
        (least, most) => Ok(What::Range(least, most)),
    }
}
