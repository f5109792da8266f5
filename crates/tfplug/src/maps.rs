//! Collecting into maps.
//!
//! The standard library's `collect` for a `BTreeMap` sorts all entries first, which takes 6 kB of code for each type of entries.
//! That is worth it only for the values that each call converts; the other maps are small, or made once.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Iter;
use std::iter::Peekable;

/// The map of these entries; of two with the same key, the last one.
pub(crate) fn collected<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
}

/// The same for entries that are nearly always in the order of their keys, which takes a third of the time.
pub(crate) fn in_order<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    sorted(entries.into_iter().collect())
}

#[inline(never)]
fn sorted<K: Ord, V>(entries: Vec<(K, V)>) -> BTreeMap<K, V> {
    entries.into_iter().collect()
}

/// The map of these entries, or the first error.
///
/// # Errors
///
/// The error of the first entry that is one.
pub(crate) fn try_collected<K: Ord, V, E>(
    entries: impl IntoIterator<Item = Result<(K, V), E>>,
) -> Result<BTreeMap<K, V>, E> {
    let mut map = BTreeMap::new();
    for entry in entries {
        let (key, value) = entry?;
        map.insert(key, value);
    }
    Ok(map)
}

/// Finds entries that are asked for in the order of their keys, without a search for each of them.
pub(crate) struct Ordered<'a, V> {
    entries: Option<Peekable<Iter<'a, String, V>>>,
}

impl<'a, V> Ordered<'a, V> {
    pub(crate) fn new(map: Option<&'a BTreeMap<String, V>>) -> Self {
        Self { entries: map.map(|map| map.iter().peekable()) }
    }

    /// The entry with this key, which comes after all keys that were asked for before.
    pub(crate) fn get(&mut self, key: &str) -> Option<&'a V> {
        let entries = self.entries.as_mut()?;
        loop {
            let (next, value) = *entries.peek()?;
            match next.as_str().cmp(key) {
                Ordering::Less => drop(entries.next()),
                Ordering::Equal => return Some(value),
                Ordering::Greater => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_in_order_also_beside_missing_ones() {
        let map = ["b", "c", "e"].map(|key| (key.to_owned(), key.to_uppercase())).into();
        let mut ordered = Ordered::new(Some(&map));
        let found = ["a", "b", "b", "d", "e", "f"].map(|key| ordered.get(key).map(String::as_str));
        assert_eq!(found, [None, Some("B"), Some("B"), None, Some("E"), None]);
        assert_eq!(Ordered::<String>::new(None).get("a"), None);
    }
}
