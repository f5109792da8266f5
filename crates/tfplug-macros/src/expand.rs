//! The generated code: the struct's attributes as data, its `Model` and the marker trait of its kind.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Ident, Result};

use crate::combinations::Combination;
use crate::companion_structs;
use crate::compile_checks::checks;
use crate::contradictions;
use crate::conversions::{as_field, conversions};
use crate::input::{Field, Input, Kind, Wrap, text};
use crate::options::What;
use crate::rules::rule;

pub(crate) fn model(input: DeriveInput) -> Result<TokenStream> {
    let input = Input::read(input)?;
    contradictions::check(&input)?;
    names(&input)?;
    let (object, config, model) = (object(&input), companion_structs::config(&input), kind(&input));
    let checks = checks(&input);
    Ok(quote! { #object #config #model #checks })
}

/// Checks the names in `unknown_when_changed`. Those of a struct with groups are left to the compiler, which knows the
/// groups' attributes.
fn names(input: &Input) -> Result<()> {
    let has_groups = input.fields.iter().any(|field| field.has("flatten"));
    if input.kind != Kind::Resource || has_groups {
        return Ok(());
    }
    let all: Vec<_> = input.fields.iter().map(|field| field.name.clone()).collect();
    for option in input.fields.iter().flat_map(|field| &field.options) {
        let What::UnknownWhenChanged(names) = &option.what else { continue };
        if let Some(unknown) = names.iter().find(|name| !all.contains(&name.value())) {
            let text = format!(
                "{} has no attribute {:?}; its attributes are: {}",
                input.name,
                unknown.value(),
                all.join(", ")
            );
            return Err(syn::Error::new(unknown.span(), text));
        }
    }
    Ok(())
}

/// `Object` and `Field` for the struct itself.
fn object(input: &Input) -> TokenStream {
    let name = &input.name;
    let entries = input.fields.iter().map(entry).chain(input.combinations.iter().map(Combination::entry));
    let uses = input.fields.iter().map(uses);
    let open = companion_structs::name(input);
    let conversions = conversions(&input.fields, |field| {
        let ty = &field.ty;
        quote!(#ty)
    });
    let as_field = as_field(&quote!(#name), &quote!(#open), &quote!(0 #(| #uses)*));
    quote! {
        impl ::tfplug::Object for #name {
            const ENTRIES: &'static [::tfplug::__private::Entry] = &[#(#entries),*];
            const SORTED_NAMES: &'static [&'static str] = &::tfplug::__private::names::sorted::<{
                ::tfplug::__private::names::count(<#name as ::tfplug::Object>::ENTRIES)
            }>(<#name as ::tfplug::Object>::ENTRIES);
            const IS_OPEN: bool = false;
            #conversions
        }
        #as_field
    }
}

/// The bits of `Field::USES` for the field.
fn uses(field: &Field) -> TokenStream {
    let own = field.options.iter().fold(0_u8, |all, option| {
        all | match option.name.as_str() {
            "default" => 1,
            "use_state_for_unknown" | "requires_replace" | "state_only" | "unknown_when_changed" => 2,
            "write_only" => 8,
            "block" | "group" => 32,
            "sensitive" => 64,
            "computed" if field.wrap != Wrap::Computed && !field.has("flatten") => 4 | 16,
            "computed" => 4,
            _ => 0,
        }
    });
    let own = if field.wrap == Wrap::Computed { own | 4 } else { own };
    let held = field.held_type();
    if field.is_result() {
        return quote!(#own | (<#held as ::tfplug::Field>::USES & 64));
    }
    quote!(#own | <#held as ::tfplug::Field>::USES)
}

/// The field as data.
fn entry(field: &Field) -> TokenStream {
    let ty = &field.ty;
    if field.has("flatten") {
        let view = match (field.has("optional"), field.has("computed")) {
            (true, _) => quote!(OptionalComputed),
            (false, true) => quote!(Computed),
            (false, false) => quote!(AsWritten),
        };
        return quote_spanned! {ty.span()=>
            ::tfplug::__private::Entry::Group(<#ty as ::tfplug::Object>::ENTRIES, ::tfplug::__private::View::#view)
        };
    }
    let (name, doc, held) = (&field.name, &field.doc, field.held_type());
    let computed = field.has("computed") || field.wrap == Wrap::Computed;
    let configurable = match (field.has("required"), computed, field.has("optional")) {
        (true, _, _) => quote!(Required),
        (_, true, true) => quote!(OptionalComputed),
        (_, true, false) => quote!(Computed),
        _ => quote!(Optional),
    };
    let rules = field.options.iter().filter_map(|option| rule(field, &option.what));
    quote_spanned! {ty.span()=>
        ::tfplug::__private::Entry::Attribute(::tfplug::__private::Spec {
            name: #name,
            description: #doc,
            kind: <#held as ::tfplug::Field>::attribute,
            configurable: ::tfplug::__private::Configurable::#configurable,
            rules: &[#(#rules),*],
        })
    }
}

/// The trait of the kind; none for an object, which is not a model by itself.
fn trait_of(kind: Kind) -> Option<Ident> {
    Some(match kind {
        Kind::Object => return None,
        Kind::Resource => format_ident!("ResourceModel"),
        Kind::DataSource => format_ident!("DataSourceModel"),
        Kind::Ephemeral => format_ident!("EphemeralResourceModel"),
        Kind::Action => format_ident!("ActionModel"),
        Kind::List => format_ident!("ListResourceModel"),
        Kind::Provider => format_ident!("ProviderModel"),
        Kind::ProviderMeta => format_ident!("ProviderMetaModel"),
        Kind::StateStore => format_ident!("StateStoreModel"),
    })
}

/// `Model` and the trait of the kind.
fn kind(input: &Input) -> TokenStream {
    let Some(kind) = trait_of(input.kind) else { return TokenStream::new() };
    let (name, open) = (&input.name, companion_structs::name(input));
    let (identity_struct, identity) = companion_structs::identity(input);
    let (constants, schema, conversions) = (constants(input), schema(input), conversions_of_model());
    quote! {
        #identity_struct
        impl ::tfplug::#kind for #name {}
        impl ::tfplug::Model for #name {
            #constants
            type Config = #open;
            type Identity = #identity;
            type Prior = ::tfplug::Prior<Self>;
            type Existing = ::tfplug::Existing<Self>;
            #schema
            #conversions
        }
    }
}

/// The constants of `Model`.
fn constants(input: &Input) -> TokenStream {
    let name = &input.name;
    let parts = input.fields.iter().filter(|field| field.has("identity")).map(|field| text(&field.name));
    let optional = input.fields.iter().filter(|field| field.has("optional_for_import")).map(|field| text(&field.name));
    let identity_version = input.identity_version.iter();
    let mutable_identity = input.mutable_identity.is_some();
    quote! {
        const ATTRIBUTES: &'static [&'static str] =
            &::tfplug::__private::names::all::<{
                ::tfplug::__private::names::count(<#name as ::tfplug::Object>::ENTRIES)
            }>(<#name as ::tfplug::Object>::ENTRIES);
        const IDENTITY: &'static [&'static str] = &[#(#parts),*];
        const OPTIONAL_IDENTITY: &'static [&'static str] = &[#(#optional),*];
        #(const IDENTITY_VERSION: i64 = #identity_version;)*
        const MUTABLE_IDENTITY: bool = #mutable_identity;
    }
}

/// The methods of `Model` that convert, which are the same for each.
fn conversions_of_model() -> TokenStream {
    quote! {
        fn from_members(
            mut members: ::tfplug::value::Members,
            path: &::tfplug::Path,
        ) -> ::core::result::Result<Self, ::tfplug::value::Malformed> {
            ::tfplug::Object::take(&mut members, path)
        }
        fn into_members(self) -> ::tfplug::value::Members {
            ::tfplug::__private::into_members(self)
        }
        fn configured(
            block: ::tfplug::value::Members,
        ) -> ::core::result::Result<::core::option::Option<Self>, ::tfplug::value::Malformed> {
            ::tfplug::__private::configured(block)
        }
        fn prior(state: ::tfplug::Value) -> ::core::result::Result<Self::Prior, ::tfplug::Diagnostics> {
            ::tfplug::__private::prior(state)
        }
        fn existing(state: ::tfplug::Value) -> ::core::result::Result<Self::Existing, ::tfplug::Diagnostics> {
            ::tfplug::__private::existing(state)
        }
    }
}

fn schema(input: &Input) -> TokenStream {
    let doc = &input.doc;
    let description = match &input.description {
        Some(text) => quote!(&::std::string::String::from(#text)),
        None => quote!(#doc),
    };
    let version = input.version.as_ref().map(|version| quote!(let schema = schema.version(#version);));
    let without_nul = input.without_nul.then(|| quote!(let schema = schema.without_nul();));
    let deprecated = input.deprecated.as_ref().map(|text| quote!(let schema = schema.deprecated(#text);));
    quote! {
        fn schema() -> ::tfplug::schema::Schema {
            let schema = ::tfplug::__private::schema(#description, <Self as ::tfplug::Object>::ENTRIES);
            #version
            #without_nul
            #deprecated
            schema
        }
    }
}
