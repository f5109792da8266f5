//! A field's options as rules of its attribute.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Lit, UnOp};

use crate::input::Field;
use crate::options::What;

/// An option as a rule; `None` for options that are not rules.
pub(crate) fn rule(field: &Field, what: &What) -> Option<TokenStream> {
    let rule = for_values(field, what).or_else(|| for_attributes(field, what))?;
    Some(quote!(::tfplug::__private::Rule::#rule))
}

/// A rule for what a configuration may set.
fn for_values(field: &Field, what: &What) -> Option<TokenStream> {
    Some(match what {
        What::Length(least, most) => {
            let least = least.as_ref().map_or_else(|| quote!(0), |least| quote!(#least));
            quote!(Length(#least, #most))
        }
        What::Range(least, most) => {
            let least = least.as_ref().map(bound);
            match most.as_ref().map(bound) {
                Some(most) => quote!(Between(#least, #most)),
                None => quote!(AtLeast(#least)),
            }
        }
        What::Above(value) => {
            let value = bound(value);
            quote!(Above(#value))
        }
        What::Items(least, most) => {
            let least = least.as_ref().map_or_else(|| quote!(0), |least| quote!(#least));
            let most = most.as_ref().map_or_else(|| quote!(usize::MAX), |most| quote!(#most));
            quote!(Items(#least, #most))
        }
        What::FiniteF64 => quote!(FiniteF64),
        What::NonEmpty => quote!(NonEmpty),
        What::WithoutNul => quote!(WithoutNul),
        What::OneOf(words) => quote!(OneOf(&[#(#words),*])),
        What::Check(check) => quote_spanned!(check.span()=> Check(|| #check)),
        What::Each(rules) => {
            let rules = rules.iter().filter_map(|option| rule(field, &option.what));
            quote!(Each(&[#(#rules),*]))
        }
        _ => return None,
    })
}

/// A rule for the attribute itself: how it is written, shown, stored, compared and planned.
fn for_attributes(field: &Field, what: &What) -> Option<TokenStream> {
    Some(match what {
        What::Default(value) => {
            let given = given(field, value);
            quote!(Default(#given))
        }
        What::ResultEquals(path) => quote_spanned!(path.span()=> ResultEquals(#path)),
        What::SemanticEquals(path) => quote_spanned!(path.span()=> SemanticEquals(#path)),
        What::AnySpelling => quote!(AnySpelling),
        What::Plain => quote!(Plain),
        What::Sensitive => quote!(Sensitive),
        What::WriteOnly => quote!(WriteOnly),
        What::Deprecated(text) => quote!(Deprecated(#text)),
        What::Description(text) => quote!(Description(|| ::std::string::String::from(#text))),
        What::Set => quote!(AsSet),
        What::Block => quote!(Block),
        What::Group => quote!(Group),
        What::Timeouts => quote!(Timeouts),
        What::UseStateForUnknown => quote!(UseStateForUnknown),
        What::RequiresReplace => quote!(RequiresReplace),
        What::StateOnly => quote!(StateOnly),
        What::UnknownWhenChanged(names) => quote!(UnknownWhenChanged(&[#(#names),*])),
        What::Required
        | What::Optional
        | What::Computed
        | What::Rename(_)
        | What::Flatten
        | What::Identity
        | What::OptionalForImport => return None,
        // Those for values.
        What::Length(..)
        | What::Range(..)
        | What::Above(_)
        | What::Items(..)
        | What::FiniteF64
        | What::NonEmpty
        | What::WithoutNul
        | What::OneOf(_)
        | What::Check(_)
        | What::Each(_) => return None,
    })
}

/// A number's digits, if the expression is a literal.
pub(crate) fn digits(value: &Expr) -> Option<String> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) => Some(int.base10_digits().to_owned()),
        Expr::Lit(ExprLit { lit: Lit::Float(float), .. }) => Some(float.base10_digits().to_owned()),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            digits(&unary.expr).map(|digits| format!("-{digits}"))
        }
        Expr::Group(group) => digits(&group.expr),
        _ => None,
    }
}

/// A literal keeps its digits; anything else is a constant that fits in an `i64`.
fn bound(value: &Expr) -> TokenStream {
    match digits(value) {
        Some(digits) => quote!(::tfplug::__private::Given::Number(#digits)),
        None => quote_spanned!(value.span()=> ::tfplug::__private::Given::Whole(#value)),
    }
}

fn given(field: &Field, value: &Expr) -> TokenStream {
    if let Some(digits) = digits(value) {
        return quote!(::tfplug::__private::Given::Number(#digits));
    }
    match value {
        Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) => quote!(::tfplug::__private::Given::Bool(#value)),
        Expr::Lit(ExprLit { lit: Lit::Str(value), .. }) => quote!(::tfplug::__private::Given::Text(#value)),
        other => {
            let held = field.held_type();
            quote_spanned!(other.span()=> ::tfplug::__private::Given::Made(|| {
                let value: #held = #other;
                ::tfplug::Field::into_value(value)
            }))
        }
    }
}
