//! The generated conversions between structs and values: `Object`'s `take` and `put`, and `Field`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::input::{Field, text};

/// `take` and `put`, which read and write the fields.
pub(crate) fn conversions(fields: &[Field], ty: impl Fn(&Field) -> TokenStream) -> TokenStream {
    let take = fields.iter().map(|field| {
        let (ident, name, ty) = (&field.ident, text(&field.name), ty(field));
        if field.has("flatten") {
            quote!(#ident: <#ty as ::tfplug::Object>::take(members, path)?)
        } else {
            quote!(#ident: ::tfplug::__private::take::<#ty>(members, #name, path)?)
        }
    });
    let put = fields.iter().map(|field| {
        let (ident, name) = (&field.ident, text(&field.name));
        if field.has("flatten") {
            quote!(::tfplug::Object::put(self.#ident, members);)
        } else {
            quote!(::tfplug::__private::put(members, #name, self.#ident);)
        }
    });
    quote! {
        #[allow(unused_variables)]
        fn take(
            members: &mut ::tfplug::value::Members,
            path: &::tfplug::Path,
        ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
            ::core::result::Result::Ok(Self { #(#take),* })
        }
        #[allow(unused_variables)]
        fn put(self, members: &mut ::tfplug::value::Members) {
            #(#put)*
        }
    }
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
