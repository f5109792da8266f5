//! Generated checks that only the compiler can make: whether types accept the rules, and what groups and nested objects
//! contain.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Ident, Lit};

use crate::input::{Field, Input, Kind};
use crate::options::What;
use crate::rules::digits;

/// The bits of `Field::USES`, and the error message for each.
const USES: [(u8, &str); 5] = [
    (
        1,
        "has an attribute with a default, which only resources have: use another struct here, or mark the field `computed`",
    ),
    (
        2,
        "has an attribute with a rule for plans, which only resources have: use another struct here, or mark the field `computed`",
    ),
    (4, "has an attribute that is computed, but nothing here is computed: use another struct"),
    (8, "has a write-only attribute, which only resources and actions have: use another struct"),
    (
        16,
        "has attributes that are `computed` without `Computed<…>` around their types: mark the field `computed`, or write `Computed<…>` there",
    ),
];

/// All of these checks.
pub(crate) fn checks(input: &Input) -> TokenStream {
    let takes = input.fields.iter().filter(|field| !field.has("flatten")).flat_map(takes);
    let fits = input.fields.iter().map(|field| fits(input, field));
    let timeouts = input.fields.iter().filter(|field| field.has("timeouts")).map(|field| timeouts(input, field));
    let mentions = mentions(input);
    let combinations = input.combinations.iter().map(|rule| rule.checks(&input.name));
    quote! { #(#takes)* #(#fits)* #(#timeouts)* #mentions #(#combinations)* }
}

/// One bound for each rule that applies only to text, numbers, `bool` or sets.
pub(crate) fn takes(field: &Field) -> Vec<TokenStream> {
    let of_value = |value: &Expr| match value {
        value if digits(value).is_some() => Some("takes_number"),
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => Some("takes_text"),
        Expr::Lit(ExprLit { lit: Lit::Bool(_), .. }) => Some("takes_bool"),
        _ => None,
    };
    let needed = field.options.iter().filter_map(|option| match &option.what {
        What::Length(..) | What::NonEmpty | What::OneOf(_) => Some("takes_text"),
        What::WithoutNul => Some("takes_texts"),
        What::Range(..) | What::Above(_) | What::FiniteF64 => Some("takes_number"),
        What::Set => Some("takes_set"),
        What::Block | What::Group => Some("takes_blocks"),
        What::Items(..) | What::Each(_) => Some("takes_elements"),
        What::Default(value) => of_value(value),
        _ => None,
    });
    let mut needed: Vec<_> = needed.collect();
    needed.sort_unstable();
    needed.dedup();
    let ty = &field.ty;
    let bound = |name: &str| {
        let name = format_ident!("{name}");
        quote_spanned!(ty.span()=> const _: fn() = ::tfplug::__private::#name::<#ty>;)
    };
    needed.into_iter().map(bound).collect()
}

/// Whether a value of a plain type loses nothing of the objects in it, whose parts are not attributes there: in `plain` objects,
/// and in collections of collections.
fn plain(field: &Field, owner: &Ident) -> TokenStream {
    let (ty, held, is_plain) = (&field.ty, field.held_type(), field.has("plain"));
    let applies = if is_plain { quote!(true) } else { quote!(<#held as ::tfplug::Field>::OBJECT_DEPTH > 2) };
    let check = |bits: u8, what: String| {
        let text = format!("`{}` of `{owner}` {what}", field.ident);
        quote_spanned!(ty.span()=> const _: () = assert!(!(#applies) || <#held as ::tfplug::Field>::USES & #bits == 0, #text);)
    };
    let mut checks = TokenStream::new();
    if !field.is_result() {
        let (bits, lost) = match field.has("write_only") {
            true => (7, "are computed, or have defaults or rules for plans"),
            false => (15, "are computed or write-only, or have defaults or rules for plans"),
        };
        let what = match is_plain {
            true => format!(
                "has attributes that {lost}, which `plain` would drop: leave `plain` out, or use another struct"
            ),
            false => format!(
                "is a collection of collections, and would lose that attributes of its objects {lost}: put each inner collection \
                 into a struct of its own, or use another struct"
            ),
        };
        checks.extend(check(bits, what));
    }
    if !field.has("sensitive") && !field.has("write_only") {
        let what = match is_plain {
            true => "has a sensitive part, which `plain` would show: mark the field `sensitive`",
            false => {
                "is a collection of collections, and would show a sensitive part of its objects: mark the field `sensitive`"
            }
        };
        checks.extend(check(64, what.to_owned()));
    }
    checks
}

/// Whether this kind supports what the field's type contains.
fn fits(input: &Input, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let is_open = (field.has("flatten") && field.has("computed")).then(|| {
        let text = format!("the attributes of `{}` may be null here: write `Open<{}>`", field.name, field.held());
        quote_spanned!(ty.span()=> const _: () = assert!(<#ty as ::tfplug::Object>::IS_OPEN, #text);)
    });
    let (without_blocks, plain) = (without_blocks(field, &input.name), plain(field, &input.name));
    let without_blocks = quote!(#without_blocks #plain);
    let allowed: u8 = match input.kind {
        Kind::Object => return quote!(#is_open #without_blocks),
        Kind::Resource => 1 | 2 | 4 | 8,
        Kind::DataSource | Kind::Ephemeral => 4,
        Kind::Action => 8,
        Kind::List | Kind::Provider | Kind::ProviderMeta | Kind::StateStore => 0,
    };
    if field.is_result() || (field.has("flatten") && field.has("computed")) {
        return quote!(#is_open #without_blocks);
    }
    let refused = refused(field, &input.name, allowed);
    quote!(#is_open #without_blocks #refused)
}

/// One check for each feature that the field's type must not use.
pub(crate) fn refused(field: &Field, owner: &Ident, allowed: u8) -> TokenStream {
    let (ty, held) = (&field.ty, field.held_type());
    let checks = USES.iter().filter(|(bit, _)| allowed & bit == 0).map(|(bit, why)| {
        let text = format!("`{}` of `{owner}` {why}", field.ident);
        quote_spanned!(ty.span()=> const _: () = assert!(<#held as ::tfplug::Field>::USES & #bit == 0, #text);)
    });
    quote!(#(#checks)*)
}

/// Whether the field can contain the blocks of its type: a nested attribute and a result cannot.
pub(crate) fn without_blocks(field: &Field, owner: &Ident) -> TokenStream {
    if field.is_block() || (field.has("flatten") && !field.has("computed")) {
        return TokenStream::new();
    }
    let (ty, held) = (&field.ty, field.held_type());
    let text = format!(
        "`{}` of `{owner}` has a nested block, which only a block can contain: mark the field `block`, or use another struct",
        field.ident
    );
    quote_spanned!(ty.span()=> const _: () = assert!(<#held as ::tfplug::Field>::USES & 32 == 0, #text);)
}

/// Whether what the timeouts limit are operations of this kind.
fn timeouts(input: &Input, field: &Field) -> TokenStream {
    let Some((operations, instead)) = input.kind.operations() else { return TokenStream::new() };
    let (ty, held, operations) = (&field.ty, field.held_type(), format_ident!("{operations}"));
    let text = format!(
        "`{}` of `{}` limits an operation that {} does not have: use `tfplug::{instead}`, or a struct with some of its fields",
        field.ident,
        input.name,
        input.kind.words(),
    );
    quote_spanned! {ty.span()=>
        const _: () = assert!(
            ::tfplug::__private::names::has_only(
                <#held as ::tfplug::Object>::ENTRIES, ::tfplug::__private::operations::#operations
            ),
            #text
        );
    }
}

/// Checks of the attributes' names, with those of the groups.
fn mentions(input: &Input) -> TokenStream {
    if !input.fields.iter().any(|field| field.has("flatten")) {
        return TokenStream::new();
    }
    let name = &input.name;
    let distinct = format!("two attributes of `{name}` have the same name: one of them comes from a group");
    if input.kind == Kind::Object {
        // What it is a group of may have the attributes that it mentions.
        let all = quote!(<#name as ::tfplug::Object>::SORTED_NAMES);
        return quote_spanned! {name.span()=>
            const _: () = assert!(::tfplug::__private::names::are_distinct(#all), #distinct);
        };
    }
    let all = quote!(<#name as ::tfplug::Model>::ATTRIBUTES);
    let dangling =
        format!("an `unknown_when_changed` in a group of `{name}` names an attribute that `{name}` does not have");
    let own = input.fields.iter().flat_map(|field| &field.options).filter_map(|option| match &option.what {
        What::UnknownWhenChanged(names) => Some(names),
        _ => None,
    });
    let own = own.flatten().map(|literal| {
        let text = format!("`{name}` has no attribute {:?}", literal.value());
        quote_spanned!(literal.span()=> const _: () = assert!(
            ::tfplug::__private::names::contains(#all, #literal), #text
        );)
    });
    quote_spanned! {name.span()=>
        const _: () = assert!(::tfplug::__private::names::are_distinct(#all), #distinct);
        #(#own)*
        const _: () = assert!(
            ::tfplug::__private::names::mention_only(<#name as ::tfplug::Object>::ENTRIES, #all), #dangling
        );
    }
}
