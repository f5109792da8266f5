//! Checks for options that do not apply to nested blocks.

use syn::Result;
use syn::spanned::Spanned as _;

use crate::input::{Field, Wrap, fail};
use crate::options::What;

/// What a block's type says about how often it may be written.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    Once,
    Any,
    /// Any number of times, each with a label of its own.
    Labelled,
}

/// Checks one field that is a block.
pub(crate) fn check(field: &Field) -> Result<()> {
    options(field)?;
    if let (Some(_), Some(group)) = (field.get("block"), field.get("group")) {
        return fail(group.span, "`group` is a block already: remove `block`");
    }
    let held = field.held();
    let times = match field.held_name().as_str() {
        "Vec" | "BTreeSet" => Times::Any,
        "BTreeMap" => Times::Labelled,
        _ => Times::Once,
    };
    if field.has("group") {
        return group(field, times, &held);
    }
    if let (Some(computed), true) = (field.get("computed"), field.wrap != Wrap::Computed) {
        let text = format!("what the provider decides is not known in a plan: write `Computed<{held}>`");
        return fail(computed.span, text);
    }
    if field.wrap == Wrap::Computed {
        return by_provider(field, &held);
    }
    match (times, field.wrap, field.get("required"), field.get("items")) {
        (Times::Once, _, _, Some(items)) => {
            fail(items.span, "a block with one object has no number of elements: write `required` if it must be there")
        }
        (Times::Once, Wrap::Option, Some(required), _) => {
            fail(required.span, format!("`required` means that it is always set: write `{held}`, or remove `required`"))
        }
        (Times::Once, Wrap::Plain, None, _) => {
            let text = format!(
                "say whether the block may be left out: write `Option<{held}>`, or `required`, or `group` for one that is \
                 never null"
            );
            fail(field.ty.span(), text)
        }
        (Times::Any | Times::Labelled, Wrap::Option, ..) => {
            fail(field.ty.span(), format!("without a block, the collection is empty and not null: write `{held}`"))
        }
        (Times::Any, _, Some(required), _) => fail(required.span, "write `items(1..)` if there must be a block"),
        (Times::Labelled, _, Some(option), _) | (Times::Labelled, _, None, Some(option)) => {
            fail(option.span, format!("`{}` does not apply to blocks with labels: remove it", option.name))
        }
        _ => Ok(()),
    }
}

/// A block that the provider decides where the configuration does not have it.
fn by_provider(field: &Field, held: &str) -> Result<()> {
    match (field.get("required"), field.has("optional"), field.has("computed")) {
        (Some(required), ..) => {
            fail(required.span, format!("`required` means that it is always set and known: write `{held}`"))
        }
        (None, true, false) => {
            fail(field.ty.span(), format!("only what is `computed` can be unknown: write `{held}`, or add `computed`"))
        }
        _ => Ok(()),
    }
}

fn options(field: &Field) -> Result<()> {
    let decided = field.wrap == Wrap::Computed || field.has("computed");
    let other = field.options.iter().find(|option| match option.what {
        What::Block
        | What::Group
        | What::Items(..)
        | What::Set
        | What::Required
        | What::Rename(_)
        | What::Description(_)
        | What::Deprecated(_)
        | What::Check(_)
        | What::RequiresReplace
        | What::StateOnly
        | What::Timeouts => false,
        What::Optional | What::Computed | What::UseStateForUnknown | What::UnknownWhenChanged(_) => !decided,
        _ => true,
    });
    match other {
        Some(option) => {
            let text =
                format!("`{}` does not apply to a block: write it at the fields of the block's struct", option.name);
            fail(option.span, text)
        }
        None => Ok(()),
    }
}

fn group(field: &Field, times: Times, held: &str) -> Result<()> {
    let other = field.get("required").or_else(|| field.get("items")).or_else(|| field.get("set"));
    match (times, field.wrap, other) {
        (Times::Once, Wrap::Plain, None) => Ok(()),
        (Times::Once, Wrap::Plain, Some(option)) => {
            fail(option.span, format!("`{}` does not apply to a group, which is one object: remove it", option.name))
        }
        (Times::Once, ..) => fail(field.ty.span(), format!("a group is never null: write `{held}`")),
        _ => fail(field.ty.span(), "a group is one object: write `block` for a collection of blocks"),
    }
}
