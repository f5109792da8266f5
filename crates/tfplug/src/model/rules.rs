//! A model's attributes as data: what the derive generates, and the schema that follows from it.

use super::collection::{as_set, element_of};
use super::view::View;
use crate::schema::{Attribute, Check, Combination, Configurable, SemanticEquals};
use crate::value::{Name, Number, Value};

/// Something in a struct that derives [`Model`](derive@crate::Model).
pub enum Entry {
    /// An attribute.
    Attribute(Spec),
    /// The attributes of another struct, flattened into this one.
    Group(&'static [Entry], View),
    /// A rule about several of them.
    Combination(Combination),
}

/// An attribute.
pub struct Spec {
    /// Its name in configurations.
    pub name: &'static str,
    /// From the doc comment.
    pub description: &'static str,
    /// Makes the attribute, by the field's type.
    pub kind: fn(View) -> Attribute,
    /// Who sets it.
    pub configurable: Configurable,
    /// Everything else.
    pub rules: &'static [Rule],
}

/// One rule of an attribute.
pub enum Rule {
    /// A description from an expression.
    Description(fn() -> String),
    /// Hidden in what the core prints.
    Sensitive,
    /// Never stored.
    WriteOnly,
    /// What to use instead.
    Deprecated(&'static str),
    /// A set instead of a list.
    AsSet,
    /// A nested block instead of a nested attribute.
    Block,
    /// How long operations may take.
    Timeouts,
    /// A block of one object that is never null.
    Group,
    /// The number of elements.
    Items(usize, usize),
    /// Its value when left out.
    Default(Given),
    /// Two spellings that mean the same.
    SemanticEquals(SemanticEquals),
    /// Two results that mean the same.
    ResultEquals(SemanticEquals),
    /// Plans compare like results.
    AnySpelling,
    /// The rules of each element.
    Each(&'static [Rule]),
    /// A value of an object type instead of nested attributes.
    Plain,
    /// Computed once.
    UseStateForUnknown,
    /// A change replaces the object.
    RequiresReplace,
    /// Stored only in the state.
    StateOnly,
    /// Recomputed when one of these changes.
    UnknownWhenChanged(&'static [&'static str]),
    /// The length of a string, in UTF-16.
    Length(usize, usize),
    /// Text that is not blank.
    NonEmpty,
    /// A number that a 64-bit float can hold.
    FiniteF64,
    /// Text without U+0000.
    WithoutNul,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A number of at least this.
    AtLeast(Given),
    /// A number in this range.
    Between(Given, Given),
    /// A number above this.
    Above(Given),
    /// A custom rule.
    Check(fn() -> Check),
}

/// A value that the author gave.
pub enum Given {
    /// A literal.
    Bool(bool),
    /// A literal, digit by digit.
    Number(&'static str),
    /// A constant.
    Whole(i64),
    /// A literal.
    Text(&'static str),
    /// An expression.
    Made(fn() -> Value),
}

impl Given {
    fn value(&self) -> Value {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(_) | Self::Whole(_) => Value::Number(self.number()),
            Self::Text(text) => Value::from(*text),
            Self::Made(make) => make(),
        }
    }

    /// A number; the derive has already checked that a literal is one.
    fn number(&self) -> Number {
        match self {
            #[expect(clippy::expect_used, reason = "the derive accepts only literals that are numbers")]
            Self::Number(text) => text.parse().expect("a number"),
            Self::Whole(whole) => (*whole).into(),
            Self::Bool(_) | Self::Text(_) | Self::Made(_) => 0.into(),
        }
    }
}

/// The attributes of a struct.
#[must_use]
pub fn attributes(entries: &[Entry], view: View) -> Vec<(Name, Attribute)> {
    let mut all = Vec::new();
    collect(entries, view, &mut all);
    all
}

fn collect(entries: &[Entry], view: View, all: &mut Vec<(Name, Attribute)>) {
    for entry in entries {
        match entry {
            Entry::Attribute(spec) => all.push((spec.name.into(), attribute(spec, view))),
            Entry::Group(entries, own) if view == View::AsWritten => collect(entries, *own, all),
            Entry::Group(entries, _) => collect(entries, view, all),
            Entry::Combination(_) => {}
        }
    }
}

/// The rules about several attributes of a struct; results have none.
pub(crate) fn combinations(entries: &[Entry], view: View) -> Vec<Combination> {
    let of = |entry: &Entry| match entry {
        Entry::Combination(rule) if view == View::AsWritten => vec![*rule],
        Entry::Group(entries, own) if view == View::AsWritten => combinations(entries, *own),
        _ => Vec::new(),
    };
    entries.iter().flat_map(of).collect()
}

fn attribute(spec: &Spec, view: View) -> Attribute {
    // Attributes inside a computed object are computed, too.
    let configurable = match view {
        View::AsWritten => spec.configurable,
        View::Computed => Configurable::Computed,
        View::OptionalComputed => Configurable::OptionalComputed,
    };
    let inner = if configurable == Configurable::Computed { View::Computed } else { view };
    let attribute = (spec.kind)(inner).description(spec.description);
    let attribute = match configurable {
        Configurable::Required => attribute.required(),
        Configurable::Optional => attribute.optional(),
        Configurable::OptionalComputed => attribute.optional_computed(),
        Configurable::Computed => attribute.computed(),
    };
    let rules = spec.rules.iter().filter(|rule| view == View::AsWritten || rule.is_for_results(view));
    rules.fold(attribute, apply)
}

impl Rule {
    /// Whether the rule also applies where the attribute is a result.
    fn is_for_results(&self, view: View) -> bool {
        match self {
            Self::Description(_) | Self::Sensitive | Self::Deprecated(_) | Self::AsSet | Self::Plain => true,
            Self::WriteOnly
            | Self::Default(_)
            | Self::UseStateForUnknown
            | Self::RequiresReplace
            | Self::StateOnly
            | Self::Block
            | Self::Timeouts
            | Self::Group
            | Self::UnknownWhenChanged(_) => false,
            _ => view == View::OptionalComputed,
        }
    }
}

fn apply(attribute: Attribute, rule: &Rule) -> Attribute {
    match rule {
        Rule::Description(make) => attribute.description(make()),
        Rule::Sensitive => attribute.sensitive(),
        Rule::WriteOnly => attribute.write_only(),
        Rule::Deprecated(instead) => attribute.deprecated(instead),
        Rule::AsSet => as_set(attribute),
        Rule::Block => attribute.into_block(),
        Rule::Timeouts => attribute.timeouts(),
        Rule::Group => attribute.into_group(),
        Rule::Items(least, most) => attribute.items(*least, *most),
        Rule::Default(given) => attribute.default_value(given.value()),
        Rule::SemanticEquals(equal) => attribute.semantic_equals(*equal),
        Rule::ResultEquals(equal) => attribute.result_equals(*equal),
        Rule::AnySpelling => attribute.any_spelling(),
        Rule::Each(rules) => {
            let element = rules.iter().fold(element_of(&attribute), apply);
            attribute.each(element)
        }
        Rule::Plain => attribute.into_plain(),
        Rule::UseStateForUnknown => attribute.use_state_for_unknown(),
        Rule::RequiresReplace => attribute.requires_replace(),
        Rule::StateOnly => attribute.state_only(),
        Rule::UnknownWhenChanged(names) => attribute.unknown_when_changed(names),
        Rule::Length(least, most) => attribute.length(*least, *most),
        Rule::NonEmpty => attribute.non_empty(),
        Rule::WithoutNul => attribute.without_nul(),
        Rule::FiniteF64 => attribute.finite_f64(),
        Rule::OneOf(words) => attribute.one_of(words),
        Rule::AtLeast(least) => attribute.check(Check::AtLeast(least.number())),
        Rule::Between(least, most) => attribute.check(Check::Between(least.number(), most.number())),
        Rule::Above(bound) => attribute.check(Check::Above(bound.number())),
        Rule::Check(check) => attribute.check(check()),
    }
}
