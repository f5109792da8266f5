//! The derive for enums of words.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Ident, Result, Variant};

use crate::options::rename;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(syn::Error::new(name.span(), "`Words` is for enums; for a struct, derive `Model`"));
    };
    if data.variants.is_empty() {
        return Err(syn::Error::new(name.span(), "an enum of words needs at least one variant"));
    }
    let words = data.variants.iter().map(word).collect::<Result<Vec<_>>>()?;
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let (methods, field) = (methods(name, &words, &variants), field(name));
    Ok(quote!(#methods #field))
}

/// The words of the variants, and back.
fn methods(name: &Ident, words: &[String], variants: &[&Ident]) -> TokenStream {
    quote! {
        impl #name {
            /// All words, in the order of the variants.
            pub const WORDS: &'static [&'static str] = &[#(#words),*];
            /// The word in configurations.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self { #(Self::#variants => #words),* }
            }
            /// The variant of a word.
            #[must_use]
            pub fn of_word(word: &str) -> ::core::option::Option<Self> {
                match word {
                    #(#words => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

fn field(name: &Ident) -> TokenStream {
    quote! {
        impl ::tfplug::Field for #name {
            type Open = Self;
            fn value_type() -> ::tfplug::Type {
                ::tfplug::Type::String
            }
            fn from_value(
                value: ::tfplug::Value,
                path: &::tfplug::Path,
            ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
                value.as_str().and_then(Self::of_word).ok_or_else(|| {
                    ::tfplug::value::Malformed::at(path, "not one of the allowed words")
                })
            }
            fn into_value(self) -> ::tfplug::Value {
                ::tfplug::Value::from(self.word())
            }
            fn attribute(_: ::tfplug::__private::View) -> ::tfplug::schema::Attribute {
                ::tfplug::schema::string().one_of(Self::WORDS)
            }
        }
    }
}

fn word(variant: &Variant) -> Result<String> {
    if !variant.fields.is_empty() {
        let text = format!("a word has no data: write `{}` without fields", variant.ident);
        return Err(syn::Error::new(variant.fields.span(), text));
    }
    let Some(attribute) = variant.attrs.iter().find(|attribute| attribute.path().is_ident("tf")) else {
        return Ok(snake(&variant.ident.unraw().to_string()));
    };
    attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
        let ident = input.call(Ident::parse_any)?;
        if ident != "rename" {
            return Err(syn::Error::new(ident.span(), "the one option here is `rename = \"word\"`"));
        }
        rename(input, &ident).map(|word| word.value())
    })
}

fn snake(name: &str) -> String {
    let mut word = String::new();
    for (position, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && position > 0 {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}
