//! The simulator as a program; see `infisical-simulator --help`.

mod arguments;

use std::{
    io::{self, Write},
    process::ExitCode,
    thread,
};

use simulator::{CLIENT_ID, CLIENT_SECRET, CONNECTION_ID, PROJECT_ID, RecordedRequest, Simulator};

use crate::arguments::{Command, parse};

fn main() -> ExitCode {
    match parse(std::env::args_os().skip(1)) {
        Ok(Command::Say(text)) => said(writeln!(io::stdout(), "{text}")),
        Ok(Command::Run { mut options, quiet }) => {
            options.log = (!quiet).then_some(log);
            match Simulator::start(options) {
                Ok(simulator) => run(&simulator),
                Err(error) => fail(&error.to_string()),
            }
        }
        Err(problem) => fail(&format!("{problem}\nTry infisical-simulator --help.")),
    }
}

/// Serves until the process is terminated, for example with Ctrl-C.
fn run(simulator: &Simulator) -> ExitCode {
    if welcome(simulator).is_err() {
        return ExitCode::FAILURE; // nobody would learn the address
    }
    loop {
        thread::park();
    }
}

fn welcome(simulator: &Simulator) -> io::Result<()> {
    let (url, token) = (simulator.url(), simulator.token());
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\
This is a simulator of the Infisical API, for trying the provider without an
account. It keeps everything in memory, and loses it when it stops (Ctrl-C).
It issues no real keys. Never give it real keys or tokens.

  address     {url}
  contents    {url}/simulator
  project     {PROJECT_ID}
              environments dev, staging, prod, each with /, /app and /app/nested
  connection  {CONNECTION_ID}
  login       {CLIENT_ID} / {CLIENT_SECRET} (universal auth), or the token below

  export INFISICAL_HOST={url}
  export INFISICAL_TOKEN={token}
"
    )?;
    out.flush()
}

/// Prints one line per request.
fn log(request: &RecordedRequest) {
    let RecordedRequest { method, path, query, status, faults, .. } = request;
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let status = status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let faults = if faults.is_empty() { String::new() } else { format!("  (fault: {})", faults.join(", ")) };
    // If stdout is closed, the simulator continues without a log.
    drop(writeln!(io::stdout(), "{status} {method} {path}{query}{faults}"));
}

fn said(written: io::Result<()>) -> ExitCode {
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(problem: &str) -> ExitCode {
    // If stderr is closed, the exit code still reports the failure.
    drop(writeln!(io::stderr(), "infisical-simulator: {problem}"));
    ExitCode::from(2)
}
