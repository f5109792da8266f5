//! A program that runs, and what it printed in the end.

use std::{
    fmt::{self, Display, Formatter},
    io::Read,
    mem,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Far more than any command needs: past it something hangs, and the test says so.
const PATIENCE: Duration = Duration::from_secs(300);

/// How often we look whether a program printed something or ended.
const GLANCE: Duration = Duration::from_millis(5);

/// What a program printed, and how it ended.
#[derive(Debug)]
pub struct Output {
    /// As typed.
    pub command: String,
    /// None: ended by a signal.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Itself, when the program ended with code 0.
    #[track_caller]
    pub fn succeeded(self) -> Output {
        assert_eq!(self.code, Some(0), "should have succeeded\n{self}");
        self
    }

    /// Itself, when the program ended with code 1.
    #[track_caller]
    pub fn failed(self) -> Output {
        assert_eq!(self.code, Some(1), "should have failed\n{self}");
        self
    }

    /// Whether this was a `plan` with nothing to do.
    pub fn is_empty_plan(&self) -> bool {
        self.code == Some(0)
    }

    /// Whether these words were printed, however the core broke and framed the lines.
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(&unframed(words))
    }

    /// All that was printed, in one line: without frames, and one space for each gap.
    pub fn words(&self) -> String {
        unframed(&format!("{}\n{}", self.stdout, self.stderr))
    }
}

fn unframed(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || "│╷╵".contains(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Display for Output {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Output { command, code, stdout, stderr } = self;
        let code = code.map_or("a signal".to_owned(), |code| format!("code {code}"));
        write!(f, "$ {command}\nended by {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---")
    }
}

/// A started program; it is killed when this is dropped before its end.
pub struct Running {
    child: Child,
    typed: String,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts the program, in a process group of its own, with nothing on its stdin.
    pub fn start(mut command: Command) -> Running {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let typed = xtask::process::typed(&command);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{typed}: {error}"));
        let (stdout, first) = collect(child.stdout.take().unwrap());
        let (stderr, second) = collect(child.stderr.take().unwrap());
        Running { child, typed, stdout, stderr, readers: vec![first, second] }
    }

    /// The program's process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until these words were printed.
    #[track_caller]
    pub fn wait_for(&self, words: &str) {
        let start = Instant::now();
        while !self.so_far().says(words) {
            assert!(start.elapsed() < PATIENCE, "{words:?} never came\n{}", self.so_far());
            thread::sleep(GLANCE);
        }
    }

    /// SIGINT to the program alone.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        signal("INT", &self.id().to_string());
    }

    /// SIGINT to the program and all that it started, as Ctrl-C in a terminal does.
    #[cfg(unix)]
    pub fn interrupt_all(&self) {
        signal("INT", &format!("-{}", self.id()));
    }

    /// SIGKILL to the program alone: what it started lives on.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Waits until the program has ended.
    #[track_caller]
    pub fn wait(mut self) -> Output {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "never ended\n{}", self.so_far());
            thread::sleep(GLANCE);
        };
        for reader in mem::take(&mut self.readers) {
            reader.join().unwrap();
        }
        self.output(Some(status))
    }

    fn so_far(&self) -> Output {
        self.output(None)
    }

    fn output(&self, status: Option<ExitStatus>) -> Output {
        let text = |bytes: &Mutex<Vec<u8>>| String::from_utf8_lossy(&bytes.lock().unwrap()).into_owned();
        Output {
            command: self.typed.clone(),
            code: status.and_then(|status| status.code()),
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has ended, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads all that comes, in a thread of its own, so that a full pipe never stops the program.
fn collect(mut from: impl Read + Send + 'static) -> (Arc<Mutex<Vec<u8>>>, JoinHandle<()>) {
    let all = Arc::new(Mutex::new(Vec::new()));
    let to = Arc::clone(&all);
    let reader = thread::spawn(move || {
        let mut chunk = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            to.lock().unwrap().extend_from_slice(&chunk[..count]);
        }
    });
    (all, reader)
}

/// The shell sends it, as the standard library can't: `to` is a process id, or one with a minus for a group.
#[cfg(unix)]
pub fn signal(name: &str, to: &str) {
    let status = Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\"", name, to]).status();
    assert!(status.unwrap().success(), "SIG{name} to {to}");
}
