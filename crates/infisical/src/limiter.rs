//! Limits how many requests run at once, and when they may start.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::error::Error;
use super::request::Route;

/// The largest number of requests in flight. The API limits requests per address and minute, so more at once would only
/// reach the limit sooner.
pub(super) const IN_FLIGHT: usize = 8;

/// The limits on all requests of a client. The server counts each route and method separately, so a 429 delays only the
/// requests of its own route, and requests that wait for it do not delay others.
pub(super) struct RateLimiter {
    slots: Semaphore,
    held: Mutex<HashMap<Route, Instant>>,
}

impl RateLimiter {
    pub(super) fn new() -> Self {
        Self { slots: Semaphore::new(IN_FLIGHT), held: Mutex::default() }
    }

    /// Waits until the route's rate limit has ended and a slot is free. The slot is taken until the value is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the semaphore is closed, which never happens.
    pub(super) async fn enter(&self, route: &Route) -> Result<SemaphorePermit<'_>, Error> {
        loop {
            while let Some(until) = self.held_until(route) {
                sleep_until(until).await;
            }
            let slot = self.slots.acquire().await;
            let slot = slot
                .map_err(|error| Error::Setup { reason: format!("The client no longer sends requests: {error}.") })?;
            // Another request may have met a rate limit while this one waited for its slot.
            if self.held_until(route).is_none() {
                return Ok(slot);
            }
        }
    }

    /// Delays all requests of the route for this long.
    pub(super) fn hold(&self, route: Route, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait) else { return };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.entry(route).or_insert(until);
        *known = until.max(*known);
    }

    fn held_until(&self, route: &Route) -> Option<Instant> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(route).copied().filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::super::operation::{Operation, Subject};
    use super::super::request::Request;
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn route(operation: Operation) -> Route {
        Request::new(operation, Subject::Rotation, "/base", &[]).route()
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_limit_are_in_flight() {
        let (limiter, now, most) =
            (Arc::new(RateLimiter::new()), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let requests: Vec<_> = (0..50)
            .map(|_| {
                let (limiter, now, most) = (limiter.clone(), now.clone(), most.clone());
                tokio::spawn(async move {
                    let _slot = limiter.enter(&route(Operation::Get)).await.unwrap();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    now.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for request in requests {
            request.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), IN_FLIGHT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_limit_delays_only_its_own_route_and_is_never_shortened() {
        let (limiter, start) = (RateLimiter::new(), Instant::now());
        limiter.hold(route(Operation::Get), Duration::from_secs(9));
        limiter.hold(route(Operation::Get), Duration::from_secs(3));
        drop(limiter.enter(&route(Operation::List)).await.unwrap());
        assert_eq!(start.elapsed().as_secs(), 0);
        drop(limiter.enter(&route(Operation::Get)).await.unwrap());
        assert_eq!(start.elapsed().as_secs(), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_wait_for_a_rate_limit_take_no_slot() {
        let (limiter, start) = (Arc::new(RateLimiter::new()), Instant::now());
        limiter.hold(route(Operation::Get), Duration::from_secs(60));
        for _ in 0..IN_FLIGHT * 2 {
            let limiter = limiter.clone();
            tokio::spawn(async move { drop(limiter.enter(&route(Operation::Get)).await) });
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop(limiter.enter(&route(Operation::Delete)).await.unwrap());
        assert_eq!(start.elapsed().as_secs(), 1);
    }
}
