//! How many calls are under way at once, and when none may start.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// Calls in flight at most. The API's limits are per address and minute, so more at once would only run
/// into them sooner.
pub(super) const IN_FLIGHT: usize = 8;

/// One for all calls of a client, so that one 429 slows them all.
pub(super) struct Pace {
    slots: Semaphore,
    not_before: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { slots: Semaphore::new(IN_FLIGHT), not_before: Mutex::new(None) }
    }

    /// Waits for a free slot and for the end of any rate limit; the slot is held until the value is dropped.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        let slot = self.slots.acquire().await.ok(); // never closed, so there always is one
        while let Some(at) = self.not_before().filter(|at| *at > Instant::now()) {
            sleep_until(at).await;
        }
        slot
    }

    /// Lets no call start for this long.
    pub(super) fn hold(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut not_before = self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        *not_before = until.max(*not_before);
    }

    fn not_before(&self) -> Option<Instant> {
        *self.not_before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_limit_are_in_flight() {
        let (pace, now, most) = (Arc::new(Pace::new()), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let calls: Vec<_> = (0..50)
            .map(|_| {
                let (pace, now, most) = (pace.clone(), now.clone(), most.clone());
                tokio::spawn(async move {
                    let _slot = pace.enter().await;
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), IN_FLIGHT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_limit_told_to_one_holds_everyone_and_is_never_shortened() {
        let (pace, start) = (Pace::new(), Instant::now());
        pace.hold(Duration::from_secs(9));
        pace.hold(Duration::from_secs(3));
        pace.enter().await;
        assert_eq!(start.elapsed().as_secs(), 9);
    }
}
