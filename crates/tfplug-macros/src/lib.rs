//! The derives of `tfplug`, which re-exports them.
//!
//! A struct or enum is parsed (`input`, `options`), checked (`contradictions`, `type_checks`), and expanded into data and small
//! functions (`expand`, `rules`, `conversions`, `companion_structs`, `words`), with checks that only the compiler can make
//! (`compile_checks`).

mod arguments;
mod blocks;
mod combinations;
mod companion_structs;
mod compile_checks;
mod contradictions;
mod conversions;
mod expand;
mod input;
mod kind;
mod options;
mod rules;
mod type_checks;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[doc = include_str!("model.md")]
#[proc_macro_derive(Model, attributes(tf))]
pub fn model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::model(input).unwrap_or_else(|error| error.to_compile_error()).into()
}

#[doc = include_str!("arguments.md")]
#[proc_macro_derive(Arguments, attributes(tf))]
pub fn arguments(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    arguments::expand(input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes an enum without data a set of words: an attribute of that type takes nothing else.
///
/// Each variant's word is its name in snake case, or what `#[tf(rename = "…")]` says.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq, tfplug::Words)]
/// enum Reset {
///     Daily,
///     #[tf(rename = "never")]
///     Off,
/// }
/// assert_eq!(Reset::WORDS, ["daily", "never"]);
/// assert_eq!(Reset::Off.word(), "never");
/// assert_eq!(Reset::of_word("daily"), Some(Reset::Daily));
/// ```
#[proc_macro_derive(Words, attributes(tf))]
pub fn words(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    words::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
