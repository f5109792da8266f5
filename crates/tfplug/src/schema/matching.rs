//! Pairs of elements of two sets, which have no keys.

/// Whether an element of the first set and one of the second may be a pair.
pub(super) type Fits<'a, T> = &'a dyn Fn(&T, &T) -> bool;

/// For each of the first elements the position of its counterpart among the second ones: as many pairs as possible that fit by the first rule,
/// then as many more as possible that fit by the next one, and so on. Each element is in one pair at most. An element keeps a
/// counterpart once it has one, but another one if that makes a pair more.
pub(super) fn matched<T>(first: &[T], second: &[T], rules: &[Fits<'_, T>]) -> Vec<Option<usize>> {
    let mut matching = Matching {
        candidates: vec![Vec::new(); first.len()],
        of_first: vec![None; first.len()],
        of_second: vec![None; second.len()],
    };
    for fits in rules {
        for (candidates, element) in matching.candidates.iter_mut().zip(first) {
            let known = candidates.clone();
            let fitting = |(at, other): (usize, &T)| fits(element, other).then_some(at);
            candidates.extend(second.iter().enumerate().filter_map(fitting).filter(|at| !known.contains(at)));
        }
        matching.complete();
        // More pairs are impossible, so that the other rules need no comparisons: an unchanged set is through after the first.
        if matching.of_first.iter().flatten().count() == first.len().min(second.len()) {
            break;
        }
    }
    matching.of_first
}

/// Pairs of elements, by position.
struct Matching {
    candidates: Vec<Vec<usize>>,
    of_first: Vec<Option<usize>>,
    of_second: Vec<Option<usize>>,
}

impl Matching {
    fn complete(&mut self) {
        for first in 0..self.of_first.len() {
            if self.of_first.get(first).is_some_and(Option::is_none) {
                self.add(first, &mut vec![false; self.of_second.len()]);
            }
        }
    }

    /// Pairs this element with a free candidate, or else with one whose partner can have another.
    fn add(&mut self, first: usize, tried: &mut [bool]) -> bool {
        let candidates = self.candidates.get(first).cloned().unwrap_or_default();
        if let Some(free) = candidates.iter().find(|second| self.partner(**second).is_none()) {
            return self.pair(first, *free);
        }
        for second in candidates {
            let is_new = tried.get_mut(second).is_some_and(|tried| !std::mem::replace(tried, true));
            let partner = self.partner(second).filter(|_| is_new);
            if partner.is_some_and(|partner| self.add(partner, tried)) {
                return self.pair(first, second);
            }
        }
        false
    }

    fn partner(&self, second: usize) -> Option<usize> {
        self.of_second.get(second).copied().flatten()
    }

    fn pair(&mut self, first: usize, second: usize) -> bool {
        if let (Some(of_first), Some(of_second)) = (self.of_first.get_mut(first), self.of_second.get_mut(second)) {
            (*of_first, *of_second) = (Some(second), Some(first));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_rule_is_asked_once_everything_has_a_pair() {
        let equal = |one: &i32, other: &i32| one == other;
        let unneeded = |_: &i32, _: &i32| panic!("there is nothing left to pair");
        assert_eq!(matched(&[1, 2], &[2, 1, 3], &[&equal, &unneeded]), [Some(1), Some(0)]);
    }

    #[test]
    fn as_many_pairs_as_possible_are_found_and_those_of_the_first_rule_first() {
        let close = |one: &i32, other: &i32| (one - other).abs() <= 1;
        let equal = |one: &i32, other: &i32| one == other;
        for (first, second, rules, expected) in [
            (vec![1, 2, 3], vec![2, 3, 4], vec![&close as Fits<'_, i32>], vec![Some(2), Some(3), Some(4)]),
            (vec![2, 1], vec![1, 2], vec![&equal as Fits<'_, i32>, &close], vec![Some(2), Some(1)]),
            (vec![1, 2], vec![2, 9], vec![&equal as Fits<'_, i32>, &close], vec![None, Some(2)]),
            // The first rule's pair is given up for two pairs.
            (vec![1, 2], vec![1, 0], vec![&equal as Fits<'_, i32>, &close], vec![Some(0), Some(1)]),
            (vec![1, 1], vec![1], vec![&close as Fits<'_, i32>], vec![Some(1), None]),
        ] {
            let found = matched(&first, &second, &rules).into_iter();
            let found: Vec<_> = found.map(|pair| pair.map(|at| second[at])).collect();
            assert_eq!(found, expected, "{first:?} {second:?}");
        }
    }
}
