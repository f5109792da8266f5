//! Entries of a map that are asked for in the order of their names, and found without a search for each of them.

use std::cmp::Ordering;

use super::name_map::{Name, NameMap, compared};

/// Finds values in the order of their names.
pub(crate) struct InOrder<'a, V>(&'a [(Name, V)]);

impl<'a, V> InOrder<'a, V> {
    /// From the first entry on.
    pub(crate) fn new(map: &'a NameMap<V>) -> Self {
        Self(&map.0)
    }

    /// The value of this name, which comes after all that were asked for before.
    pub(crate) fn get(&mut self, name: &str) -> Option<&'a V> {
        while let [(next, value), rest @ ..] = self.0 {
            match compared(next, name) {
                Ordering::Less => self.0 = rest,
                Ordering::Equal => return Some(value),
                Ordering::Greater => break,
            }
        }
        None
    }
}

/// The same for entries that are changed, each once.
#[doc(hidden)]
pub struct InOrderMut<'a, V>(&'a mut [(Name, V)]);

impl<'a, V> InOrderMut<'a, V> {
    /// From the first entry on.
    pub fn new(map: &'a mut NameMap<V>) -> Self {
        Self(&mut map.0)
    }

    /// The value of this name, which comes after all that were asked for before.
    pub(crate) fn get(&mut self, name: &str) -> Option<&'a mut V> {
        loop {
            match compared(&self.0.first()?.0, name) {
                Ordering::Less => drop(self.0.split_off_first_mut()),
                Ordering::Equal => return self.0.split_off_first_mut().map(|(_, value)| value),
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
        let map = NameMap::from(["b", "c", "e"].map(|name| (name, name.to_uppercase())));
        let mut in_order = InOrder::new(&map);
        let found = ["a", "b", "b", "d", "e", "f"].map(|name| in_order.get(name).map(String::as_str));
        assert_eq!(found, [None, Some("B"), Some("B"), None, Some("E"), None]);
    }

    #[test]
    fn entries_are_changed_in_order_also_beside_missing_ones() {
        let mut map = NameMap::from(["b", "c", "e"].map(|name| (name, name.to_uppercase())));
        let mut in_order = InOrderMut::new(&mut map);
        let found = ["a", "b", "d", "e", "f"].map(|name| in_order.get(name).map(std::mem::take));
        assert_eq!(found, [None, Some("B".to_owned()), None, Some("E".to_owned()), None]);
        assert_eq!(map.into_values().collect::<Vec<_>>(), ["", "C", ""]);
    }
}
