//! The struct and its fields, as the derive parses them.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Ident, Lit, LitInt, Meta, Result, Token, Type, Visibility,
};

use crate::combinations::Combination;
use crate::kind::KINDS;
pub(crate) use crate::kind::Kind;
use crate::options::{Opt, What};

/// A parsed struct.
pub(crate) struct Input {
    pub(crate) kind: Kind,
    pub(crate) vis: Visibility,
    pub(crate) name: Ident,
    pub(crate) doc: String,
    pub(crate) description: Option<Expr>,
    pub(crate) version: Option<LitInt>,
    pub(crate) without_nul: bool,
    pub(crate) no_identity: Option<Span>,
    pub(crate) identity_version: Option<LitInt>,
    pub(crate) mutable_identity: Option<Span>,
    pub(crate) combinations: Vec<Combination>,
    pub(crate) deprecated: Option<Expr>,
    pub(crate) fields: Vec<Field>,
}

/// What a field's type is around the type that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    Plain,
    Option,
    Computed,
}

/// A parsed field.
pub(crate) struct Field {
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    /// The attribute's name.
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) wrap: Wrap,
    pub(crate) doc: String,
    pub(crate) options: Vec<Opt>,
}

impl Field {
    /// The option of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Opt> {
        self.options.iter().find(|option| option.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether configurations write the field as a block.
    pub(crate) fn is_block(&self) -> bool {
        self.has("block") || self.has("group")
    }

    /// Whether only the provider sets the field and everything inside it.
    pub(crate) fn is_result(&self) -> bool {
        let computed = self.has("computed") || (self.wrap == Wrap::Computed && !self.has("flatten"));
        computed && !self.has("optional")
    }

    /// The type of the field's value when it is known and set.
    pub(crate) fn held_type(&self) -> TokenStream {
        let ty = &self.ty;
        if self.has("flatten") { quote!(#ty) } else { quote_spanned!(ty.span()=> <#ty as ::tfplug::Slot>::Held) }
    }

    /// The last name in the path of the type that the field holds.
    pub(crate) fn held_name(&self) -> String {
        let held = inner(&self.ty).unwrap_or(&self.ty);
        last_segment(held).map(|segment| segment.ident.to_string()).unwrap_or_default()
    }

    /// The type as text for messages, without `Option` or `Computed`.
    pub(crate) fn held(&self) -> String {
        let ty = inner(&self.ty).unwrap_or(&self.ty);
        quote!(#ty).to_string().replace(" < ", "<").replace(" >", ">").replace(" ,", ",")
    }
}

impl Input {
    pub(crate) fn read(input: DeriveInput) -> Result<Self> {
        let span = input.ident.span();
        if let Some(generic) = input.generics.params.first() {
            return Err(syn::Error::new(
                generic.span(),
                "a model cannot be generic: write a struct without parameters",
            ));
        }
        let Data::Struct(data) = input.data else {
            return Err(syn::Error::new(span, "a model is a struct; for an enum of words, derive `Words`"));
        };
        let fields = match data.fields {
            Fields::Named(fields) => fields.named.into_iter().map(field).collect::<Result<_>>()?,
            Fields::Unit => Vec::new(),
            Fields::Unnamed(_) => {
                return Err(syn::Error::new(
                    span,
                    "the fields of a model are named after the attributes: write a struct with named fields",
                ));
            }
        };
        let doc = doc(&input.attrs);
        let mut this = Self {
            kind: Kind::Object,
            vis: input.vis,
            name: input.ident,
            doc,
            description: None,
            version: None,
            without_nul: false,
            no_identity: None,
            identity_version: None,
            mutable_identity: None,
            combinations: Vec::new(),
            deprecated: None,
            fields,
        };
        this.kind = this.head(&input.attrs, span)?;
        Ok(this)
    }

    /// Reads `#[tf(…)]` at the struct and returns the kind.
    fn head(&mut self, attributes: &[Attribute], span: Span) -> Result<Kind> {
        let mut kind = None;
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
            for meta in attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)? {
                let word = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
                match (&meta, word.as_str()) {
                    (Meta::Path(_), word) if Kind::of(word).is_some() => kind = Kind::of(word),
                    (Meta::Path(_), "without_nul") => self.without_nul = true,
                    (Meta::Path(path), "no_identity") => self.no_identity = Some(path.span()),
                    (Meta::Path(path), "mutable_identity") => self.mutable_identity = Some(path.span()),
                    (Meta::List(list), word) if Combination::KINDS.contains(&word) => {
                        self.combinations.push(Combination::read(list)?);
                    }
                    (Meta::NameValue(pair), "identity_version") => self.identity_version = Some(version(&pair.value)?),
                    (Meta::NameValue(pair), "description") => self.description = Some(pair.value.clone()),
                    (Meta::NameValue(pair), "deprecated") => self.deprecated = Some(pair.value.clone()),
                    (Meta::NameValue(pair), "version") => self.version = Some(version(&pair.value)?),
                    _ => {
                        let text = format!(
                            "unknown option; write what the struct is, {KINDS}, and for the whole of it \
                             `version = 1`, `without_nul`, `no_identity`, `mutable_identity`, \
                             `identity_version = 1`, `exactly_one_of(…)`, `at_most_one_of(…)`, `at_least_one_of(…)`, `together(…)`, \
                             `prefer_write_only(…)`, `deprecated = \"…\"` or `description = …`"
                        );
                        return Err(syn::Error::new(meta.span(), text));
                    }
                }
            }
        }
        kind.ok_or_else(|| {
            syn::Error::new(span, format!("say what `{}` is: write `#[tf(…)]` above it with {KINDS}", self.name))
        })
    }
}

fn version(value: &Expr) -> Result<LitInt> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(version), .. }) => Ok(version.clone()),
        other => Err(syn::Error::new(other.span(), "a version is a number: write `version = 1`")),
    }
}

fn field(field: syn::Field) -> Result<Field> {
    let Some(ident) = field.ident else {
        return Err(syn::Error::new(
            field.ty.span(),
            "the fields of a model are named after the attributes: write a struct with named fields",
        ));
    };
    let mut options: Vec<Opt> = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tf")) {
        for option in attribute.parse_args_with(Punctuated::<Opt, Token![,]>::parse_terminated)? {
            if options.iter().any(|other| other.name == option.name) && option.name != "check" {
                return Err(syn::Error::new(option.span, format!("`{}` is given twice", option.name)));
            }
            options.push(option);
        }
    }
    let renamed = options.iter().find_map(|option| match &option.what {
        What::Rename(name) => Some(name.value()),
        _ => None,
    });
    Ok(Field {
        vis: field.vis,
        name: renamed.unwrap_or_else(|| ident.unraw().to_string()),
        wrap: wrap(&field.ty),
        doc: doc(&field.attrs),
        ident,
        ty: field.ty,
        options,
    })
}

pub(crate) fn wrap(ty: &Type) -> Wrap {
    match last_segment(ty).map(|segment| segment.ident.to_string()).as_deref() {
        Some("Option") => Wrap::Option,
        Some("Computed" | "Attr") => Wrap::Computed,
        _ => Wrap::Plain,
    }
}

pub(crate) fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

/// The type inside `Option` or `Computed`.
fn inner(ty: &Type) -> Option<&Type> {
    if wrap(ty) == Wrap::Plain {
        return None;
    }
    match &last_segment(ty)?.arguments {
        syn::PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The doc comment as Markdown: lines of a paragraph become one.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let text: Vec<_> = lines.map(|line| line.trim().to_owned()).collect();
    let text = text.join("\n");
    let paragraphs: Vec<_> = text.split("\n\n").map(|paragraph| paragraph.trim()).collect();
    let joined: Vec<_> = paragraphs.iter().map(|paragraph| unwrapped(paragraph)).collect();
    joined.join("\n\n").trim().to_owned()
}

/// Lists keep their lines.
fn unwrapped(paragraph: &str) -> String {
    let list = paragraph.lines().any(|line| line.starts_with(['-', '*', '|', '#', '`']));
    if list { paragraph.to_owned() } else { paragraph.lines().collect::<Vec<_>>().join(" ") }
}

/// Fails with an error at this place in the struct.
pub(crate) fn fail(span: Span, text: impl std::fmt::Display) -> Result<()> {
    Err(syn::Error::new(span, text))
}

/// A string literal as tokens.
pub(crate) fn text(text: &str) -> TokenStream {
    quote!(#text)
}
