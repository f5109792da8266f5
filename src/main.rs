//! The provider's process: arguments, runtime, serve.

use std::io::Write as _;
use std::process::ExitCode;

use terraform_provider_infisical::provider::{ABOUT, Infisical};

const HELP: &str = "\
A plugin for Terraform and OpenTofu, which start it themselves. It manages OpenRouter API key rotations in Infisical.

Usage: terraform-provider-infisical [--debug | --version | --help]

  --debug    serve until Ctrl-C, for a core that is told so by TF_REATTACH_PROVIDERS; prints that variable's value
  --version  print name and version
  --help     print this text
";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => run(false),
        ["--debug" | "-debug"] => run(true),
        ["--version" | "-V"] => say(&format!("{} {}\n", ABOUT.name, ABOUT.version), ExitCode::SUCCESS),
        ["--help" | "-h"] => say(&format!("{HELP}\n{}\n", ABOUT.install), ExitCode::SUCCESS),
        other => {
            let given = other.join(" ");
            // With stderr closed there is nobody to tell; the exit code says it all the same.
            drop(writeln!(std::io::stderr(), "Unknown arguments: {given}. Allowed: --debug, --version or --help."));
            ExitCode::from(2)
        }
    }
}

/// One thread is enough: the work is waiting for the network, and a second thread costs start-up time and memory.
fn run(debug: bool) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "fatal error: cannot start the runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(async {
        if debug { tfplug::debug(&ABOUT, Infisical).await } else { tfplug::serve(&ABOUT, Infisical).await }
    });
    // A name look-up that hangs must not hold up the end: the core kills after two seconds.
    runtime.shutdown_background();
    code
}

fn say(text: &str, code: ExitCode) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}
