//! Checks for unsupported types, and for rules that do not apply to a field's type.

use syn::Result;
use syn::spanned::Spanned as _;

use crate::input::{Field, fail};

/// Types that are recognized by name; the compiler finds the others, with longer messages.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Text,
    Number,
    Bool,
    Collection,
    Unknown,
}

fn class(held: &str) -> Class {
    match held.split('<').next().unwrap_or_default().trim() {
        "String" => Class::Text,
        "i64" | "i32" | "i16" | "u32" | "u16" | "u8" | "f32" | "f64" | "Number" => Class::Number,
        "bool" => Class::Bool,
        "Vec" | "BTreeSet" | "BTreeMap" => Class::Collection,
        _ => Class::Unknown,
    }
}

/// Checks one field for an unsupported type, and for rules that do not apply to it.
pub(crate) fn check(field: &Field) -> Result<()> {
    let held = field.held();
    let instead = match held.split('<').next().unwrap_or_default().trim() {
        "usize" | "u64" | "isize" | "u128" | "i128" | "i8" => Some("`i64`, or `Number` for any size"),
        "char" | "&str" | "str" | "& str" => Some("`String`"),
        "HashMap" => Some("`BTreeMap<String, _>`"),
        "HashSet" => Some("`BTreeSet<_>`"),
        _ => None,
    };
    if let Some(instead) = instead {
        return fail(field.ty.span(), format!("an attribute cannot have the type `{held}`: write {instead}"));
    }
    for option in &field.options {
        let (wanted, what) = match option.name.as_str() {
            "length" | "non_empty" | "one_of" => (Class::Text, "for text"),
            "range" | "above" | "finite_f64" => (Class::Number, "for numbers"),
            _ => continue,
        };
        let given = class(&held);
        if given != wanted && given != Class::Unknown {
            let text =
                format!("`{}` is a rule {what}, and the type of `{}` is `{held}`: remove it", option.name, field.name);
            return fail(option.span, text);
        }
    }
    Ok(())
}
