//! Maps by name, for what each call makes and drops many times.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Index;
use std::{fmt, ptr, slice, vec};

/// The name of an attribute, or the key of an element. Names that stand in a provider's source, as those of a model's fields, are
/// borrowed from there: they are most of what a value consists of.
pub type Name = Cow<'static, str>;

/// A map by name, in the order of the names.
///
/// It is a sorted vector: the maps of a schema have few entries, and nearly all are made and read in the order of their names.
///
/// ```
/// use tfplug::value::NameMap;
///
/// let mut sizes = NameMap::from([("small", 1), ("large", 100)]);
/// sizes.insert("medium", 10);
/// assert_eq!(sizes.get("medium"), Some(&10));
/// assert_eq!(sizes.keys().collect::<Vec<_>>(), ["large", "medium", "small"]);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameMap<V>(pub(super) Vec<(Name, V)>);

impl<V> NameMap<V> {
    /// A map without entries.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// A map without entries, with room for some.
    #[must_use]
    pub fn with_capacity(entries: usize) -> Self {
        Self(Vec::with_capacity(entries))
    }

    /// The map of entries that come from another map, so that they are in the order of their names.
    pub(crate) fn in_same_order(entries: impl IntoIterator<Item = (Name, V)>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        debug_assert!(entries.is_sorted_by(|one, next| one.0 < next.0), "names out of order");
        Self(entries)
    }

    /// The map of these entries; of two with the same name, the last one.
    fn sorted(mut entries: Vec<(Name, V)>) -> Self {
        let is_sorted = entries.is_sorted_by(|one, next| compared(&one.0, &next.0).is_lt());
        if !is_sorted {
            entries.reverse();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            entries.dedup_by(|next, one| next.0 == one.0);
        }
        Self(entries)
    }

    /// The number of entries.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(one, _)| compared(one, name))
    }

    /// The value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        self.get_key_value(name).map(|(_, value)| value)
    }

    /// The entry of this name.
    #[must_use]
    pub fn get_key_value(&self, name: &str) -> Option<(&Name, &V)> {
        let (name, value) = self.0.get(self.position(name).ok()?)?;
        Some((name, value))
    }

    /// The value of this name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut V> {
        let position = self.position(name).ok()?;
        self.0.get_mut(position).map(|(_, value)| value)
    }

    /// Whether there is an entry of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_ok()
    }

    /// Sets the value of this name and returns the one that it had.
    pub fn insert(&mut self, name: impl Into<Name>, value: V) -> Option<V> {
        let name = name.into();
        let is_last = self.0.last().is_none_or(|(last, _)| compared(last, &name).is_lt());
        let position = if is_last { Err(self.0.len()) } else { self.position(&name) };
        match position {
            Ok(position) => self.0.get_mut(position).map(|(_, before)| std::mem::replace(before, value)),
            Err(position) => {
                self.0.insert(position, (name, value));
                None
            }
        }
    }

    /// Removes the entry of this name and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        let position = self.position(name).ok()?;
        Some(self.0.remove(position).1)
    }

    /// The entries, in the order of their names.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, V> {
        Iter(self.0.iter())
    }

    /// The entries, in the order of their names, to change their values.
    pub fn iter_mut(&mut self) -> IterMut<'_, V> {
        IterMut(self.0.iter_mut())
    }

    /// The names, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Name> + ExactSizeIterator + Clone {
        self.0.iter().map(|(name, _)| name)
    }

    /// The values, in the order of their names.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, in the order of their names, to change them.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// The values, in the order of their names.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.0.into_iter().map(|(_, value)| value)
    }
}

/// As with the standard library's maps, a name without an entry is a panic.
impl<V> Index<&str> for NameMap<V> {
    type Output = V;

    fn index(&self, name: &str) -> &V {
        #[expect(clippy::panic, reason = "the author says that there is one")]
        self.get(name).unwrap_or_else(|| panic!("no entry {name:?}"))
    }
}

impl<V: fmt::Debug> fmt::Debug for NameMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<V> Default for NameMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

/// The map of these entries; of two with the same name, the last one.
pub(crate) fn named<N: Into<Name>, V>(entries: impl IntoIterator<Item = (N, V)>) -> NameMap<V> {
    entries.into_iter().collect()
}

impl<N: Into<Name>, V> FromIterator<(N, V)> for NameMap<V> {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        Self::sorted(entries.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl<N: Into<Name>, V, const LENGTH: usize> From<[(N, V); LENGTH]> for NameMap<V> {
    fn from(entries: [(N, V); LENGTH]) -> Self {
        entries.into_iter().collect()
    }
}

impl<N: Into<Name>, V> Extend<(N, V)> for NameMap<V> {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, more: I) {
        let mut entries = std::mem::take(&mut self.0);
        entries.extend(more.into_iter().map(|(name, value)| (name.into(), value)));
        *self = Self::sorted(entries);
    }
}

impl<V> IntoIterator for NameMap<V> {
    type Item = (Name, V);
    type IntoIter = vec::IntoIter<(Name, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, V> IntoIterator for &'a NameMap<V> {
    type Item = (&'a Name, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

impl<'a, V> IntoIterator for &'a mut NameMap<V> {
    type Item = (&'a Name, &'a mut V);
    type IntoIter = IterMut<'a, V>;

    fn into_iter(self) -> IterMut<'a, V> {
        self.iter_mut()
    }
}

/// The entries of a [`NameMap`].
#[derive(Debug)]
pub struct Iter<'a, V>(slice::Iter<'a, (Name, V)>);

impl<V> Clone for Iter<'_, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (&'a Name, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for Iter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(name, value)| (name, value))
    }
}

impl<V> ExactSizeIterator for Iter<'_, V> {}

/// The entries of a [`NameMap`], to change their values.
#[derive(Debug)]
pub struct IterMut<'a, V>(slice::IterMut<'a, (Name, V)>);

impl<'a, V> Iterator for IterMut<'a, V> {
    type Item = (&'a Name, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (&*name, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<V> DoubleEndedIterator for IterMut<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(name, value)| (&*name, value))
    }
}

impl<V> ExactSizeIterator for IterMut<'_, V> {}

/// Most names are the same text in the program, so that nothing needs to be compared.
pub(crate) fn compared(one: &str, other: &str) -> Ordering {
    if ptr::eq(one, other) { Ordering::Equal } else { one.cmp(other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_in_order_and_of_each_name_the_last_one_counts() {
        let entries = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("a", 5)];
        let map: NameMap<_> = entries.into_iter().collect();
        assert_eq!(
            map.iter().map(|(name, value)| (name.as_ref(), *value)).collect::<Vec<_>>(),
            [("a", 5), ("b", 3), ("c", 4)]
        );
        let mut inserted = NameMap::new();
        inserted.extend(entries);
        assert_eq!(inserted, map);
        assert_eq!((inserted.insert("b", 6), inserted.remove("a"), inserted.remove("a")), (Some(3), Some(5), None));
        assert_eq!((inserted.get("b"), inserted.contains_key("a"), inserted.len()), (Some(&6), false, 2));
    }
}
