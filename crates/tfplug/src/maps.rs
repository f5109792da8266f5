//! Collecting into maps.
//!
//! The standard library's `collect` for a `BTreeMap` sorts all entries first, which is quick for the sorted ones of this crate, and
//! much quicker than insertion one by one. But each call site gets a copy of that sort, 3 kB of code, so there is one here for each
//! type of entries.

use std::collections::BTreeMap;

/// The map of these entries; of two with the same key, the last one.
pub(crate) fn collected<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
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
    entries.into_iter().collect::<Result<_, _>>().map(sorted)
}
