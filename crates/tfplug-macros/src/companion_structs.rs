//! The structs that are generated beside the author's: `…Config`, in which any field may be null or unknown, and
//! `…Identity`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned as _;

use crate::conversions::{as_field, conversions, in_order};
use crate::input::{Field, Input, Kind};

/// The name of the `…Config` struct.
pub(crate) fn name(input: &Input) -> Ident {
    format_ident!("{}Config", input.name)
}

/// The type of a field in the `…Config` struct.
fn ty(field: &Field) -> TokenStream {
    let ty = &field.ty;
    if field.has("flatten") {
        quote_spanned!(ty.span()=> ::tfplug::Open<#ty>)
    } else {
        quote_spanned!(ty.span()=> ::tfplug::__private::OpenSlot<#ty>)
    }
}

/// The `…Config` struct.
pub(crate) fn config(input: &Input) -> TokenStream {
    let (vis, original, name) = (&input.vis, &input.name, name(input));
    let doc = format!("[`{original}`] in a configuration or plan, where any attribute may be null or not known yet.");
    let fields = input.fields.iter().map(|field| {
        let (vis, ident, doc, ty) = (&field.vis, &field.ident, &field.doc, ty(field));
        quote!(#[doc = #doc] #vis #ident: #ty)
    });
    let conversions = conversions(&input.fields, ty);
    let as_field = as_field(&quote!(#name), &quote!(#name), &quote!(<#original as ::tfplug::Field>::USES));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default, PartialEq)]
        #[allow(dead_code, unreachable_pub)]
        #vis struct #name { #(#fields),* }
        impl ::tfplug::Object for #name {
            const ENTRIES: &'static [::tfplug::__private::Entry] = <#original as ::tfplug::Object>::ENTRIES;
            const SORTED_NAMES: &'static [&'static str] = <#original as ::tfplug::Object>::SORTED_NAMES;
            const IS_OPEN: bool = true;
            #conversions
        }
        #as_field
    }
}

/// The `…Identity` struct, and its name.
pub(crate) fn identity(input: &Input) -> (TokenStream, TokenStream) {
    if input.kind != Kind::Resource || input.no_identity.is_some() {
        return (TokenStream::new(), quote!(::tfplug::NoIdentity));
    }
    let (vis, name) = (&input.vis, format_ident!("{}Identity", input.name));
    let doc = format!("The identity of one [`{}`]: known and not null for each that exists.", input.name);
    let parts: Vec<_> = input.fields.iter().filter(|field| field.has("identity")).collect();
    let fields = parts.iter().map(|field| {
        let (vis, ident, ty, doc) = (&field.vis, &field.ident, part_type(field), &field.doc);
        quote!(#[doc = #doc] #vis #ident: #ty)
    });
    let as_field = identity_as_field(&name, &parts);
    let tokens = quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(unreachable_pub)]
        #vis struct #name { #(#fields),* }
        #as_field
    };
    (tokens, quote!(#name))
}

/// `Field` for the `…Identity` struct.
fn identity_as_field(name: &Ident, parts: &[&Field]) -> TokenStream {
    let types = parts.iter().map(|field| {
        let (name, ty) = (&field.name, field.held_type());
        quote!((#name, <#ty as ::tfplug::Field>::value_type()))
    });
    let take = in_order(parts.iter().copied()).into_iter().map(|field| {
        let (ident, name, ty) = (&field.ident, &field.name, part_type(field));
        quote!(#ident: ::tfplug::__private::take::<#ty>(&mut members_in_order, #name, path)?)
    });
    let put = parts.iter().map(|field| {
        let (ident, name) = (&field.ident, &field.name);
        quote!((#name, ::tfplug::Slot::write(self.#ident)))
    });
    quote! {
        impl ::tfplug::Field for #name {
            type Open = Self;
            fn value_type() -> ::tfplug::Type {
                ::tfplug::__private::object_type([#(#types),*])
            }
            fn from_value(
                value: ::tfplug::Value,
                path: &::tfplug::Path,
            ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
                let mut members = value.members().cloned().unwrap_or_default();
                let mut members_in_order = ::tfplug::__private::InOrderMut::new(&mut members);
                ::core::result::Result::Ok(Self { #(#take),* })
            }
            fn into_value(self) -> ::tfplug::Value {
                ::tfplug::Value::object([#(#put),*])
            }
        }
    }
}

/// The type of a part of the identity, which may be null if an import can leave it out.
fn part_type(field: &Field) -> TokenStream {
    let held = field.held_type();
    if field.has("optional_for_import") { quote!(::core::option::Option<#held>) } else { held }
}
