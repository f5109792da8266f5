//! Counts the memory of each thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, with a count of what each thread holds. A size is counted before it is served, so that a request
/// for far too much shows even if the system would never have to back it.
pub struct Counting;

fn add(bytes: usize) {
    let live = LIVE.get().saturating_add_unsigned(bytes);
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

fn remove(bytes: usize) {
    LIVE.set(LIVE.get().saturating_sub_unsigned(bytes));
}

#[expect(unsafe_code, reason = "the interface of allocators is unsafe; each call is passed on as it came")]
// SAFETY: The system's allocator does the work. The counters are constants without destructors, so that touching them neither
// allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: The caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        remove(layout.size());
        // SAFETY: As above.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size);
        remove(layout.size());
        // SAFETY: As above.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// The most that this thread held at once during the work, beyond what it held before.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.get();
    PEAK.set(before);
    let result = work();
    (result, usize::try_from(PEAK.get().saturating_sub(before)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_what_was_held_at_once() {
        let ((), peak) = peak_of(|| {
            drop(std::hint::black_box(vec![0_u8; 1 << 20]));
            drop(std::hint::black_box(vec![0_u8; 1 << 19]));
        });
        assert!((1 << 20..(1 << 20) + 4096).contains(&peak), "{peak}");
        let ((), peak) = peak_of(|| {
            let one = std::hint::black_box(vec![0_u8; 1 << 20]);
            drop((std::hint::black_box(vec![0_u8; 1 << 20]), one));
        });
        assert!((1 << 21..(1 << 21) + 4096).contains(&peak), "{peak}");
    }
}
