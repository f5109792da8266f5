//! Collecting into maps.
//!
//! The standard library's `collect` for a `BTreeMap` sorts all entries first, which takes 6 kB of code for each type of entries.
//! These maps are small, or made once.

use std::collections::BTreeMap;

/// The map of these entries; of two with the same key, the last one.
pub(crate) fn collected<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(entries);
    map
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
