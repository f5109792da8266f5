//! The idle timeout: closes connections on which nothing is read or written.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    select,
    sync::watch,
    time::{Instant, sleep_until},
};

/// When a connection was last used, and whether it was closed because it was idle for too long.
#[derive(Clone)]
pub(crate) struct Activity(Arc<Inner>);

struct Inner {
    last: Mutex<Instant>,
    closed: AtomicBool,
}

impl Activity {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner { last: Mutex::new(Instant::now()), closed: AtomicBool::new(false) }))
    }

    /// Whether the connection was closed because it was idle, so that no response reaches the client.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.closed.load(Ordering::Acquire)
    }

    fn moved(&self) {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn last(&self) -> Instant {
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns once the connection has been idle for the timeout, which may change in the meantime.
    pub(crate) async fn ends(&self, mut allowed: watch::Receiver<Option<Duration>>) {
        loop {
            let limit = *allowed.borrow_and_update();
            let over = async {
                match limit {
                    Some(limit) => sleep_until(self.last() + limit).await,
                    None => std::future::pending().await,
                }
            };
            select! {
                () = over => {
                    if limit.is_some_and(|limit| self.last() + limit <= Instant::now()) {
                        self.0.closed.store(true, Ordering::Release);
                        return;
                    }
                }
                changed = allowed.changed() => if changed.is_err() {
                    return std::future::pending().await;
                }
            }
        }
    }
}

/// A stream that notes when it is read or written.
pub(crate) struct Watched<S> {
    pub(crate) stream: S,
    pub(crate) activity: Activity,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(cx, buf);
        if done.is_ready() {
            self.activity.moved();
        }
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        if done.is_ready() {
            self.activity.moved();
        }
        done
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
