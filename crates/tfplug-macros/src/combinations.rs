//! Rules about several attributes of a struct, in the struct's `#[tf(…)]`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Ident, LitStr, MetaList, Result, Token};

/// One rule: its option, and the attributes that it names.
pub(crate) struct Combination {
    option: String,
    span: Span,
    names: Vec<LitStr>,
}

impl Combination {
    /// The options.
    pub(crate) const KINDS: [&'static str; 5] =
        ["exactly_one_of", "at_most_one_of", "at_least_one_of", "together", "prefer_write_only"];

    /// Reads `exactly_one_of("a", "b")`.
    pub(crate) fn read(list: &MetaList) -> Result<Self> {
        let option = list.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let names: Vec<_> =
            list.parse_args_with(Punctuated::<LitStr, Token![,]>::parse_terminated)?.into_iter().collect();
        let this = Self { option, span: list.span(), names };
        let pair = this.option == "prefer_write_only";
        if this.names.len() < 2 || (pair && this.names.len() > 2) {
            let what = if pair {
                "the attribute and the write-only one: write `prefer_write_only(\"key\", \"key_wo\")`".to_owned()
            } else {
                format!("two attributes or more: write `{}(\"id\", \"name\")`", this.option)
            };
            return Err(syn::Error::new(this.span, format!("`{}` names {what}", this.option)));
        }
        Ok(this)
    }

    /// The rule as data.
    pub(crate) fn entry(&self) -> TokenStream {
        let names = &self.names;
        let rule = match self.option.as_str() {
            "exactly_one_of" => quote!(ExactlyOneOf(&[#(#names),*])),
            "at_most_one_of" => quote!(AtMostOneOf(&[#(#names),*])),
            "at_least_one_of" => quote!(AtLeastOneOf(&[#(#names),*])),
            "together" => quote!(Together(&[#(#names),*])),
            _ => quote!(PreferWriteOnly(#(#names),*)),
        };
        quote!(::tfplug::__private::Entry::Combination(::tfplug::__private::Combination::#rule))
    }

    /// Whether the struct `of` has the attributes, which the compiler checks: some may be in groups.
    pub(crate) fn checks(&self, of: &Ident) -> TokenStream {
        let checks = self.names.iter().map(|name| {
            let text = format!("`{of}` has no attribute {:?}", name.value());
            quote_spanned! {name.span()=>
                const _: () = assert!(
                    ::tfplug::__private::names::has(<#of as ::tfplug::Object>::ENTRIES, #name), #text
                );
            }
        });
        quote!(#(#checks)*)
    }
}
