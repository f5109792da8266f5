//! What ends a plugin's process, and what only seems to.

use std::io;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Mode;

/// A core kills a plugin two seconds after its order to end.
const BEFORE_CORE_KILLS: Duration = Duration::from_millis(1500);
/// Without a core there is nobody who kills, so a call in flight may take its usual time.
const WITHOUT_CORE: Duration = Duration::from_secs(20);
/// How often it is checked that the core is still there.
const PARENT_CHECK: Duration = Duration::from_secs(1);

/// What ended the process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ExitReason {
    /// The core's order.
    Shutdown,
    /// A signal, from a person or the system.
    Signal,
    /// The core died without an order.
    Orphaned,
}

impl ExitReason {
    /// How long what is in flight may still take.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Shutdown => BEFORE_CORE_KILLS,
            Self::Signal | Self::Orphaned => WITHOUT_CORE,
        }
    }

    /// For the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Shutdown => "the core ends it",
            Self::Signal => "it was told to by a signal",
            Self::Orphaned => "the core that started it is gone",
        }
    }
}

/// Listens for everything that ends the process, from the moment it is made.
pub(super) struct ExitSignals {
    mode: Mode,
    signals: Signals,
    parent: Option<u32>,
}

impl ExitSignals {
    /// Takes over the signals. Needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub(super) fn new(mode: Mode) -> io::Result<Self> {
        Ok(Self { mode, signals: Signals::new()?, parent: parent() })
    }

    /// Who started the process.
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// Waits for the first of the ends that count in this mode.
    pub(super) async fn first(mut self, shutdown: &CancellationToken) -> ExitReason {
        let mode = self.mode;
        tokio::select! {
            () = shutdown.cancelled() => ExitReason::Shutdown,
            () = self.signals.end(mode) => ExitReason::Signal,
            // A developer's shell may go while the process is wanted.
            () = gone(self.parent), if mode == Mode::Plugin => ExitReason::Orphaned,
        }
    }
}

/// The process that started this one; another one when that has died.
#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

/// Windows has no such thing: a parent's number stays when it dies, and may be given anew.
#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

async fn gone(at_start: Option<u32>) {
    while parent() == at_start {
        tokio::time::sleep(PARENT_CHECK).await;
    }
}

/// A signal that the process was sent.
enum Caught {
    Interrupt,
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are only interrupts"))]
    Terminate,
}

#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Caught {
        tokio::select! {
            _ = self.interrupt.recv() => Caught::Interrupt,
            _ = self.terminate.recv() => Caught::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Caught {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Caught::Interrupt
    }
}

impl Signals {
    /// Ctrl-C reaches the core and its plugins alike. The core decides what it means and says so
    /// in calls; only a process without a core of its own ends by it.
    async fn end(&mut self, mode: Mode) {
        let mut interrupts = 0_u32;
        while let Caught::Interrupt = self.next().await {
            if mode == Mode::Debug {
                return;
            }
            interrupts += 1;
            tracing::debug!(interrupts, "an interrupt, left to the core");
        }
    }
}
