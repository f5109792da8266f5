//! What ends a plugin's process, and which signals do not.

use std::io;
use std::time::Duration;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Mode;

/// A core kills a plugin two seconds after it asks for the shutdown.
const BEFORE_CORE_KILLS: Duration = Duration::from_millis(1500);
/// Without a core, nothing kills the process, so a call in flight may take its usual time.
const WITHOUT_CORE: Duration = Duration::from_secs(20);
/// How often to check that the core is still running.
const PARENT_CHECK: Duration = Duration::from_secs(1);

/// Why the process ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ExitReason {
    /// The core asked for it, through go-plugin's controller.
    Shutdown,
    /// A signal, from the user or the system.
    Signal,
    /// The core died without asking for it.
    Orphaned,
}

impl ExitReason {
    /// How long calls in flight may still take.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Shutdown => BEFORE_CORE_KILLS,
            Self::Signal | Self::Orphaned => WITHOUT_CORE,
        }
    }

    /// For the log.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Shutdown => "the core requested a shutdown",
            Self::Signal => "a signal",
            Self::Orphaned => "the core has exited",
        }
    }
}

/// Listens for everything that ends the process, from its creation on.
pub(super) struct ExitSignals {
    mode: Mode,
    signals: Signals,
    parent: Option<u32>,
}

impl ExitSignals {
    /// Installs the signal handlers. Needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// The errors of the operating system.
    pub(super) fn new(mode: Mode) -> io::Result<Self> {
        Ok(Self { mode, signals: Signals::new()?, parent: parent() })
    }

    /// The parent process.
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// Waits for the first of the reasons that apply in this mode.
    pub(super) async fn first(mut self, shutdown: &CancellationToken) -> ExitReason {
        let mode = self.mode;
        tokio::select! {
            () = shutdown.cancelled() => ExitReason::Shutdown,
            () = self.signals.end(mode) => ExitReason::Signal,
            // A developer may close the shell and keep the process.
            () = gone(self.parent), if mode == Mode::Plugin => ExitReason::Orphaned,
        }
    }
}

/// The id of the parent process; it changes when the parent dies.
#[cfg(unix)]
fn parent() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

/// On Windows this cannot be told: a parent's id stays when it dies, and may be reused.
#[cfg(not(unix))]
fn parent() -> Option<u32> {
    None
}

async fn gone(at_start: Option<u32>) {
    while parent() == at_start {
        tokio::time::sleep(PARENT_CHECK).await;
    }
}

/// A signal that the process received.
enum Caught {
    Interrupt,
    #[cfg_attr(not(unix), allow(dead_code, reason = "Windows has only interrupts"))]
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
    /// Ctrl-C reaches the core and its plugins alike. The core decides what it means and tells the
    /// plugins in calls; only a process that no core started ends by it.
    async fn end(&mut self, mode: Mode) {
        let mut interrupts = 0_u32;
        while let Caught::Interrupt = self.next().await {
            if mode == Mode::Debug {
                return;
            }
            interrupts += 1;
            tracing::debug!(interrupts, "ignored an interrupt: the core handles it");
        }
    }
}
