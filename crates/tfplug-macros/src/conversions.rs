//! The generated conversions between structs and values: `Object`'s `take` and `put`, and `Field`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::input::{Field, text};

/// `take` and `put`, which read and write the fields.
pub(crate) fn conversions(fields: &[Field], ty: impl Fn(&Field) -> TokenStream) -> TokenStream {
    // Of several values that do not fit, the error names the first by name, and those of flattened groups last.
    let taken = in_order(fields.iter().filter(|field| !field.has("flatten"))).into_iter().map(|field| {
        let (ident, name, ty) = (&field.ident, text(&field.name), ty(field));
        quote!(#ident: ::tfplug::__private::take::<#ty>(&mut members_in_order, #name, path)?)
    });
    let flattened = fields.iter().filter(|field| field.has("flatten")).map(|field| {
        let (ident, ty) = (&field.ident, ty(field));
        quote!(#ident: <#ty as ::tfplug::Object>::take(members, path)?)
    });
    let take = taken.chain(flattened);
    let put = fields.iter().filter(|field| !field.has("flatten"));
    let put = in_order(put).into_iter().map(|field| {
        let (ident, name) = (&field.ident, text(&field.name));
        quote!(::tfplug::__private::put(&mut members_in_order, #name, self.#ident);)
    });
    let put_flattened = fields.iter().filter(|field| field.has("flatten")).map(|field| {
        let ident = &field.ident;
        quote!(::tfplug::Object::put(self.#ident, members);)
    });
    quote! {
        #[allow(unused_variables, unused_mut)]
        fn take(
            members: &mut ::tfplug::value::Members,
            path: &::tfplug::Path,
        ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
            let mut members_in_order = ::tfplug::__private::InOrderMut::new(members);
            ::core::result::Result::Ok(Self { #(#take),* })
        }
        #[allow(unused_variables, unused_mut)]
        fn put(self, members: &mut ::tfplug::value::Members) {
            let mut members_in_order = ::tfplug::__private::InOrderMut::new(members);
            #(#put)*
            #(#put_flattened)*
        }
    }
}

/// The fields in the order of their attributes' names, in which they are found without a search.
pub(crate) fn in_order<'a>(fields: impl Iterator<Item = &'a Field>) -> Vec<&'a Field> {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_by(|one, other| one.name.cmp(&other.name));
    fields
}

/// `Field` for a type that implements `Object`.
pub(crate) fn as_field(name: &TokenStream, open: &TokenStream, uses: &TokenStream) -> TokenStream {
    quote! {
        impl ::tfplug::Field for #name {
            type Open = #open;
            const USES: u8 = #uses;
            const OBJECT_DEPTH: u8 = 1;
            fn value_type() -> ::tfplug::Type {
                ::tfplug::__private::value_type::<Self>()
            }
            fn from_value(
                value: ::tfplug::Value,
                path: &::tfplug::Path,
            ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
                ::tfplug::__private::from_value(value, path)
            }
            fn into_value(self) -> ::tfplug::Value {
                ::tfplug::__private::into_value(self)
            }
            fn attribute(view: ::tfplug::__private::View) -> ::tfplug::schema::Attribute {
                ::tfplug::__private::nested(<Self as ::tfplug::Object>::ENTRIES, view)
            }
        }
    }
}
