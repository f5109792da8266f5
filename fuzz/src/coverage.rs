//! The counters that the compiler adds to each branch of the workspace's own code when `cargo xtask fuzz` asks it to: which of
//! them an execution has reached, and how often, tells whether an input did something new.
//!
//! Each instrumented part of the program announces its counters before `main`, as LLVM's SanitizerCoverage defines it.

use std::sync::Mutex;

/// So many counters are looked at together, since most are zero.
const BLOCK: usize = 128;

const ZEROS: [u8; BLOCK] = [0; BLOCK];

/// The address and the number of counters of each part.
static PARTS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

#[expect(unsafe_code, reason = "the name is LLVM's")]
// SAFETY: No other function of the program has this name.
#[unsafe(no_mangle)]
extern "C" fn __sanitizer_cov_8bit_counters_init(start: *mut u8, end: *mut u8) {
    let part = (start as usize, (end as usize).saturating_sub(start as usize));
    if let Ok(mut parts) = PARTS.lock()
        && !parts.contains(&part)
    {
        parts.push(part);
    }
}

/// What all executions so far have reached.
pub struct Coverage {
    parts: Vec<&'static mut [u8]>,
    /// For each counter, one bit for each magnitude of its value.
    seen: Vec<Vec<u8>>,
}

impl Coverage {
    /// Takes over the program's counters. There are none unless it is instrumented, and none are left for a second caller.
    #[must_use]
    pub fn take() -> Self {
        let parts = PARTS.lock().map(|mut parts| std::mem::take(&mut *parts)).unwrap_or_default();
        #[expect(unsafe_code, reason = "the counters are the compiler's")]
        // SAFETY: The compiler has set these bytes aside for as long as the program runs. Nobody else refers to them: the
        // list is empty after this. Instrumented code writes to them without any reference, as it does beside libFuzzer.
        let slice = |(start, length)| unsafe { std::slice::from_raw_parts_mut(start as *mut u8, length) };
        let parts: Vec<&'static mut [u8]> = parts.into_iter().map(slice).collect();
        let seen = parts.iter().map(|part| vec![0; part.len()]).collect();
        Self { parts, seen }
    }

    /// The number of counters.
    #[must_use]
    pub fn counters(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }

    /// The number of counters that were ever reached.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.seen.iter().flatten().filter(|seen| **seen != 0).count()
    }

    /// Forgets what earlier executions have reached.
    pub fn forget(&mut self) {
        self.reset();
        self.seen.iter_mut().for_each(|seen| seen.fill(0));
    }

    /// Sets all counters to zero.
    pub fn reset(&mut self) {
        self.parts.iter_mut().for_each(|part| part.fill(0));
    }

    /// Whether the execution since the last reset reached something that no earlier one did, or did so in another order
    /// of magnitude. Sets all counters to zero.
    pub fn is_new(&mut self) -> bool {
        let mut new = false;
        for (part, seen) in self.parts.iter_mut().zip(&mut self.seen) {
            for (counters, seen) in part.chunks_mut(BLOCK).zip(seen.chunks_mut(BLOCK)) {
                if ZEROS.starts_with(counters) {
                    continue;
                }
                for (count, seen) in counters.iter_mut().zip(seen) {
                    let bit = magnitude(*count);
                    new |= *seen & bit != bit;
                    *seen |= bit;
                    *count = 0;
                }
            }
        }
        new
    }
}

/// One bit for zero to eight orders of magnitude.
fn magnitude(count: u8) -> u8 {
    match count {
        0 => 0,
        1 => 1,
        2 => 1 << 1,
        3 => 1 << 2,
        4..8 => 1 << 3,
        8..16 => 1 << 4,
        16..32 => 1 << 5,
        32..128 => 1 << 6,
        _ => 1 << 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_execution_is_new_once_for_each_counter_and_magnitude() {
        let mut coverage = Coverage { parts: vec![Box::leak(Box::new([0_u8; 40]))], seen: vec![vec![0; 40]] };
        let mut run = |counts: &[(usize, u8)]| {
            counts.iter().for_each(|(at, count)| coverage.parts[0][*at] = *count);
            (coverage.is_new(), coverage.reached())
        };
        assert_eq!(run(&[]), (false, 0));
        assert_eq!(run(&[(3, 1), (39, 1)]), (true, 2));
        assert_eq!(run(&[(3, 1)]), (false, 2));
        assert_eq!(run(&[(3, 5)]), (true, 2));
        assert_eq!(run(&[(3, 7), (39, 1)]), (false, 2));
    }
}
