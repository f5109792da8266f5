//! The derive for the arguments of a function: parameters as data, and the conversions both ways.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Expr, Fields, Ident, Meta, Result, Token, Type, parse_quote};

use crate::compile_checks::{refused, takes, without_blocks};
use crate::input::{Field, doc, fail, last_segment, wrap};
use crate::options::{Opt, What};
use crate::rules::rule;
use crate::type_checks;

/// The options of a parameter, for error messages.
const OPTIONS: [&str; 13] = [
    "variadic",
    "not_null",
    "length",
    "range",
    "above",
    "finite_f64",
    "non_empty",
    "without_nul",
    "one_of",
    "check",
    "description",
    "rename",
    "set",
];

/// A parsed field.
struct Parameter {
    /// The field; of a variadic parameter, with the type of one argument.
    field: Field,
    /// The type as it is written.
    ty: Type,
    is_variadic: bool,
    is_never_null: bool,
}

/// An option of a parameter.
enum Given {
    Variadic,
    NotNull,
    Rule(Box<Opt>),
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.fork().call(Ident::parse_any)?;
        match name.to_string().as_str() {
            "variadic" => input.call(Ident::parse_any).map(|_| Self::Variadic),
            "not_null" => input.call(Ident::parse_any).map(|_| Self::NotNull),
            word if OPTIONS.contains(&word) => input.parse().map(|option| Self::Rule(Box::new(option))),
            other => {
                let text = format!("unknown option `{other}`; the options of a parameter are: {}", OPTIONS.join(", "));
                Err(syn::Error::new(name.span(), text))
            }
        }
    }
}

pub(crate) fn expand(input: DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    if let Some(generic) = input.generics.params.first() {
        let text = "the arguments of a function cannot be generic: write a struct without parameters";
        return Err(syn::Error::new(generic.span(), text));
    }
    let named = "the arguments of a function are a struct with one named field for each parameter";
    let fields = match input.data {
        Data::Struct(data) => match data.fields {
            Fields::Named(fields) => fields.named,
            Fields::Unit => Punctuated::new(),
            Fields::Unnamed(_) => return Err(syn::Error::new(name.span(), named)),
        },
        Data::Enum(_) | Data::Union(_) => return Err(syn::Error::new(name.span(), named)),
    };
    let parameters = fields.into_iter().map(parameter).collect::<Result<Vec<_>>>()?;
    check(&parameters)?;
    let documentation = documentation(&input.attrs)?;
    let specs = parameters.iter().map(spec);
    let is_variadic = parameters.last().is_some_and(|last| last.is_variadic);
    let (read, write) = (parameters.iter().map(read), parameters.iter().map(write));
    let takes = parameters.iter().flat_map(|parameter| takes(&parameter.field));
    let refused = parameters.iter().map(|parameter| {
        let (features, blocks) = (refused(&parameter.field, name, 0), without_blocks(&parameter.field, name));
        quote!(#features #blocks)
    });
    Ok(quote! {
        impl ::tfplug::Arguments for #name {
            const PARAMETERS: &'static [::tfplug::__private::ParameterSpec] = &[#(#specs),*];
            const IS_VARIADIC: bool = #is_variadic;
            #documentation
            #[allow(unused_variables)]
            fn read(
                arguments: &mut ::tfplug::__private::ArgumentValues,
            ) -> ::core::result::Result<Self, ::tfplug::FunctionError> {
                ::core::result::Result::Ok(Self { #(#read),* })
            }
            #[allow(unused_variables)]
            fn write(self, arguments: &mut ::std::vec::Vec<::tfplug::Value>) {
                #(#write)*
            }
        }
        #(#takes)* #(#refused)*
    })
}

fn parameter(field: syn::Field) -> Result<Parameter> {
    let Some(ident) = field.ident else {
        return Err(syn::Error::new(field.ty.span(), "a parameter is a field with a name"));
    };
    let (mut options, mut is_variadic, mut is_never_null) = (Vec::<Opt>::new(), false, false);
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tf")) {
        for given in attribute.parse_args_with(Punctuated::<Given, Token![,]>::parse_terminated)? {
            match given {
                Given::Variadic => is_variadic = true,
                Given::NotNull => is_never_null = true,
                Given::Rule(option) => options.push(*option),
            }
        }
    }
    let renamed = options.iter().find_map(|option| match &option.what {
        What::Rename(name) => Some(name.value()),
        _ => None,
    });
    let ty = field.ty;
    let held: Type = if is_variadic { parse_quote!(<#ty as ::tfplug::Variadic>::Element) } else { ty.clone() };
    let field = Field {
        vis: field.vis,
        name: renamed.unwrap_or_else(|| ident.unraw().to_string()),
        wrap: wrap(&held),
        doc: doc(&field.attrs),
        ident,
        ty: held,
        options,
    };
    Ok(Parameter { field, ty, is_variadic, is_never_null })
}

fn check(parameters: &[Parameter]) -> Result<()> {
    for (position, parameter) in parameters.iter().enumerate() {
        if parameter.is_variadic && position + 1 < parameters.len() {
            return fail(
                parameter.ty.span(),
                "a variadic parameter takes all further arguments: make it the last field",
            );
        }
        if !parameter.is_variadic {
            type_checks::check(&parameter.field)?;
        } else if last_segment(&parameter.ty).is_none_or(|last| last.ident != "Vec") {
            let text = "a variadic parameter is a `Vec<T>`, where `T` is the type of one argument";
            return fail(parameter.ty.span(), text);
        }
    }
    Ok(())
}

/// The parameter as data.
fn spec(parameter: &Parameter) -> TokenStream {
    let (name, doc, ty) = (&parameter.field.name, &parameter.field.doc, &parameter.field.ty);
    let held = parameter.field.held_type();
    let rules = parameter.field.options.iter().filter_map(|option| rule(&parameter.field, &option.what));
    let allows_null = match parameter.is_never_null {
        true => quote!(false),
        false => quote!(<#ty as ::tfplug::Argument>::ALLOWS_NULL),
    };
    quote_spanned! {parameter.ty.span()=>
        ::tfplug::__private::ParameterSpec {
            name: #name,
            entry: ::tfplug::__private::Entry::Attribute(::tfplug::__private::Spec {
                name: #name,
                description: #doc,
                kind: <#held as ::tfplug::Field>::attribute,
                configurable: ::tfplug::__private::Configurable::Required,
                rules: &[#(#rules),*],
            }),
            allows_null: #allows_null,
            allows_unknown: <#ty as ::tfplug::Argument>::ALLOWS_UNKNOWN,
        }
    }
}

fn read(parameter: &Parameter) -> TokenStream {
    let (ident, name) = (&parameter.field.ident, &parameter.field.name);
    let method = format_ident!("{}", if parameter.is_variadic { "rest" } else { "next" });
    quote!(#ident: arguments.#method(#name)?)
}

fn write(parameter: &Parameter) -> TokenStream {
    let ident = &parameter.field.ident;
    match parameter.is_variadic {
        true => quote! {
            for element in ::tfplug::Variadic::into_elements(self.#ident) {
                arguments.push(::tfplug::Slot::write(element));
            }
        },
        false => quote!(arguments.push(::tfplug::Slot::write(self.#ident));),
    }
}

/// The doc comment, whose first paragraph is the summary, or what `#[tf(…)]` at the struct says instead.
fn documentation(attributes: &[syn::Attribute]) -> Result<TokenStream> {
    let doc = doc(attributes);
    let first = doc.split("\n\n").next().unwrap_or_default();
    let (mut summary, mut description, mut deprecated) = (quote!(#first), quote!(#doc), None::<Expr>);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
        for meta in attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)? {
            let word = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
            match (&meta, word.as_str()) {
                (Meta::NameValue(pair), "summary") => summary = pair.value.to_token_stream(),
                (Meta::NameValue(pair), "description") => description = pair.value.to_token_stream(),
                (Meta::NameValue(pair), "deprecated") => deprecated = Some(pair.value.clone()),
                _ => {
                    let text = "unknown option; write `summary = …`, `description = …` or `deprecated = \"…\"` for the function";
                    return fail(meta.span(), text).map(|()| TokenStream::new());
                }
            }
        }
    }
    let deprecated = match deprecated {
        Some(text) => quote!(::core::option::Option::Some(::std::string::String::from(#text))),
        None => quote!(::core::option::Option::None),
    };
    Ok(quote! {
        fn documentation() -> ::tfplug::__private::Documentation {
            ::tfplug::__private::Documentation {
                summary: ::std::string::String::from(#summary),
                description: ::std::string::String::from(#description),
                deprecated: #deprecated,
            }
        }
    })
}
