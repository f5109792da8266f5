//! What the compiler checks about the names in a model, over the attributes of all its groups.

use super::rules::{Entry, Rule};
use super::view::View;

/// How many attributes there are.
#[must_use]
pub const fn count(entries: &[Entry]) -> usize {
    match entries {
        [] => 0,
        [Entry::Attribute(_), rest @ ..] => 1 + count(rest),
        [Entry::Group(inner, _), rest @ ..] => count(inner) + count(rest),
        [Entry::Combination(_), rest @ ..] => count(rest),
    }
}

/// All names, in order.
#[must_use]
pub const fn all<const N: usize>(entries: &[Entry]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut position = 0;
    while position < N {
        if let Some(name) = nth(entries, position)
            && let Some((_, rest)) = names.split_at_mut_checked(position)
            && let Some(place) = rest.first_mut()
        {
            *place = name;
        }
        position += 1;
    }
    names
}

/// All names, in the order in which a map has them.
#[must_use]
pub const fn sorted<const N: usize>(entries: &[Entry]) -> [&'static str; N] {
    let mut names = all::<N>(entries);
    let mut end = N;
    while end > 1 {
        let mut rest: &mut [&'static str] = &mut names;
        let mut position = 1;
        while position < end {
            if let [one, next, ..] = rest
                && is_before(next.as_bytes(), one.as_bytes())
            {
                std::mem::swap(one, next);
            }
            let Some((_, after)) = rest.split_first_mut() else { break };
            rest = after;
            position += 1;
        }
        end -= 1;
    }
    names
}

const fn is_before(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], other) => !other.is_empty(),
        (_, []) => false,
        ([one, ones @ ..], [other, others @ ..]) => *one < *other || (*one == *other && is_before(ones, others)),
    }
}

const fn nth(entries: &[Entry], position: usize) -> Option<&'static str> {
    match entries {
        [] => None,
        [Entry::Attribute(spec), ..] if position == 0 => Some(spec.name),
        [Entry::Attribute(_), rest @ ..] => nth(rest, position - 1),
        [Entry::Group(inner, _), rest @ ..] => match nth(inner, position) {
            Some(name) => Some(name),
            None => nth(rest, position - count(inner)),
        },
        [Entry::Combination(_), rest @ ..] => nth(rest, position),
    }
}

/// Whether no two attributes have the same name.
#[must_use]
pub const fn are_distinct(names: &[&str]) -> bool {
    match names {
        [] => true,
        [first, rest @ ..] => !contains(rest, first) && are_distinct(rest),
    }
}

/// Whether there is an attribute of that name.
#[must_use]
pub const fn has(entries: &[Entry], name: &str) -> bool {
    match entries {
        [] => false,
        [Entry::Attribute(spec), rest @ ..] => same(spec.name.as_bytes(), name.as_bytes()) || has(rest, name),
        [Entry::Group(inner, _), rest @ ..] => has(inner, name) || has(rest, name),
        [Entry::Combination(_), rest @ ..] => has(rest, name),
    }
}

/// Whether there are no attributes but those of these names.
#[must_use]
pub const fn has_only(entries: &[Entry], names: &[&str]) -> bool {
    match entries {
        [] => true,
        [Entry::Attribute(spec), rest @ ..] => contains(names, spec.name) && has_only(rest, names),
        [Entry::Group(inner, _), rest @ ..] => has_only(inner, names) && has_only(rest, names),
        [Entry::Combination(_), rest @ ..] => has_only(rest, names),
    }
}

/// Whether that name is one of these.
#[must_use]
pub const fn contains(names: &[&str], name: &str) -> bool {
    match names {
        [] => false,
        [first, rest @ ..] => same(first.as_bytes(), name.as_bytes()) || contains(rest, name),
    }
}

/// Whether all names that the rules of `entries` mention are among `all`.
#[must_use]
pub const fn mention_only(entries: &[Entry], all: &[&str]) -> bool {
    match entries {
        [] => true,
        [Entry::Attribute(spec), rest @ ..] => rules_mention_only(spec.rules, all) && mention_only(rest, all),
        [Entry::Group(inner, View::AsWritten), rest @ ..] => mention_only(inner, all) && mention_only(rest, all),
        // Results have no rules for plans.
        [Entry::Group(..) | Entry::Combination(_), rest @ ..] => mention_only(rest, all),
    }
}

const fn rules_mention_only(rules: &[Rule], all: &[&str]) -> bool {
    match rules {
        [] => true,
        [Rule::UnknownWhenChanged(names), rest @ ..] => subset(names, all) && rules_mention_only(rest, all),
        [_, rest @ ..] => rules_mention_only(rest, all),
    }
}

const fn subset(names: &[&str], all: &[&str]) -> bool {
    match names {
        [] => true,
        [first, rest @ ..] => contains(all, first) && subset(rest, all),
    }
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    match (one, other) {
        ([], []) => true,
        ([a, one @ ..], [b, other @ ..]) => *a == *b && same(one, other),
        _ => false,
    }
}
