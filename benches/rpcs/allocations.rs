//! Counts the calls of the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static COUNT: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, with a count.
pub(crate) struct Counting;

#[expect(unsafe_code, reason = "the interface of allocators is unsafe; each call is passed on as it came")]
// SAFETY: The system's allocator does the work, and counting does not unwind.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Relaxed);
        // SAFETY: The caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: As above.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// How often memory was allocated so far, in the whole process.
pub(crate) fn count() -> u64 {
    COUNT.load(Relaxed)
}
