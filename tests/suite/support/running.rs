//! Runs a program, and collects its output.

use std::{
    fmt::{self, Display, Formatter},
    io::Read,
    mem,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Much longer than any command takes. After this time, the test fails.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The time between two checks of what a program has printed and whether it has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// The output of a program, and how it ended.
#[derive(Debug)]
pub struct Output {
    /// The command line.
    pub command: String,
    /// The exit code; `None` if the program was ended by a signal.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// Asserts that the program ended with code 0.
    #[track_caller]
    pub fn succeeded(self) -> Output {
        assert_eq!(self.code, Some(0), "the command should succeed\n{self}");
        self
    }

    /// Asserts that the program ended with code 1.
    #[track_caller]
    pub fn failed(self) -> Output {
        assert_eq!(self.code, Some(1), "the command should fail\n{self}");
        self
    }

    /// Whether this was a `plan` without changes.
    pub fn is_empty_plan(&self) -> bool {
        self.code == Some(0)
    }

    /// Whether the output contains these words, regardless of line breaks and frames.
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(&unframed(words))
    }

    /// The whole output on one line, without frames, and with single spaces between the words.
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

/// A running program, which is killed on drop.
pub struct Running {
    child: Child,
    typed: String,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts the program in a new process group, with an empty stdin.
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

    /// Waits until the program has printed these words.
    #[track_caller]
    pub fn wait_for(&self, words: &str) {
        let start = Instant::now();
        while !self.so_far().says(words) {
            assert!(start.elapsed() < TIMEOUT, "timed out: {words:?} was not printed\n{}", self.so_far());
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Sends SIGINT to the program only.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        signal("INT", &self.id().to_string());
    }

    /// Sends SIGINT to the program and all its child processes, as Ctrl-C in a terminal does.
    #[cfg(unix)]
    pub fn interrupt_all(&self) {
        signal("INT", &format!("-{}", self.id()));
    }

    /// Sends SIGKILL to the program only. Its child processes continue.
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
            assert!(start.elapsed() < TIMEOUT, "timed out: the program did not end\n{}", self.so_far());
            thread::sleep(POLL_INTERVAL);
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
        // Both fail if the program has already ended, which is fine.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Reads a pipe to its end on a new thread, so that a full pipe never blocks the program.
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

/// Sends a signal to a process id, or to a process group if `to` begins with a minus. This uses the shell, since the
/// standard library cannot send signals.
#[cfg(unix)]
pub fn signal(name: &str, to: &str) {
    let status = Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\"", name, to]).status();
    assert!(status.unwrap().success(), "SIG{name} to {to}");
}
