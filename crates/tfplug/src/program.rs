//! A provider's whole `main`: arguments, runtime, serve, shutdown.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use lexopt::{Arg, Parser};

use crate::about::About;
use crate::provider::Provider;
use crate::serve::Mode;

const ALLOWED: &str = "--debug, --version or --help";

/// The command that the arguments select.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    Serve(Mode),
    Version,
    Help,
}

/// Runs the provider's process from its arguments to its end: the one line in an author's `main`.
///
/// Without arguments, it serves the core that started it; `--debug` serves any number of cores until Ctrl-C; `--version` and
/// `--help` print and exit. Unknown arguments are an error with exit code 2.
///
/// ```no_run
/// # use tfplug::{About, Diagnostics, Model, Offers, Provider, Setup};
/// # /// Says hello.
/// # #[derive(Model)]
/// # #[tf(provider)]
/// # struct Block {}
/// # struct Hello;
/// # impl Provider for Hello {
/// #     type Client = ();
/// #     type Config = Block;
/// #     async fn configure(&self, _: Setup<'_>, _: Block) -> Result<Option<()>, Diagnostics> { Ok(Some(())) }
/// #     fn offers(&self) -> Offers<()> { Offers::new() }
/// # }
/// const ABOUT: About =
///     About::new("terraform-provider-hello", env!("CARGO_PKG_VERSION"), "registry.terraform.io/example/hello");
///
/// fn main() -> std::process::ExitCode {
///     tfplug::main(&ABOUT, Hello)
/// }
/// ```
pub fn main<P: Provider>(about: &About, provider: P) -> ExitCode {
    let given: Vec<_> = std::env::args_os().skip(1).collect();
    match asked(&given) {
        Some(Asked::Serve(mode)) => serve(mode, about, provider),
        Some(Asked::Version) => say(&format!("{} {}\n", about.name, about.version)),
        Some(Asked::Help) => say(&help(about, provider.schema().description())),
        None => {
            let given: Vec<_> = given.iter().map(|argument| argument.to_string_lossy()).collect();
            // If stderr is closed, the exit code still reports the error.
            drop(writeln!(std::io::stderr(), "Unknown arguments: {}. Allowed: {ALLOWED}.", given.join(" ")));
            ExitCode::from(2)
        }
    }
}

/// The command that the arguments select; `None` if one is unknown, or there is more than one.
fn asked(given: &[OsString]) -> Option<Asked> {
    // Providers in Go accept `-debug`, which debugger configurations use.
    let long = |argument: &OsString| if argument == "-debug" { "--debug".into() } else { argument.clone() };
    let mut parser = Parser::from_args(given.iter().map(long));
    let asked = match parser.next().ok()? {
        None => Asked::Serve(Mode::Plugin),
        Some(Arg::Long("debug")) => Asked::Serve(Mode::Debug),
        Some(Arg::Long("version") | Arg::Short('V')) => Asked::Version,
        Some(Arg::Long("help") | Arg::Short('h')) => Asked::Help,
        Some(_) => return None,
    };
    matches!(parser.next(), Ok(None)).then_some(asked)
}

fn help(about: &About, description: &str) -> String {
    let About { name, install, .. } = about;
    format!(
        "\
A plugin for Terraform and OpenTofu, which start it themselves. {description}

Usage: {name} [--debug | --version | --help]

  --debug    serve until Ctrl-C, for a core that is told so by TF_REATTACH_PROVIDERS; prints that variable's value
  --version  print name and version
  --help     print this text

{install}
"
    )
}

/// One thread is enough: the work is waiting for the network, and a second thread costs start-up time and memory.
fn serve<P: Provider>(mode: Mode, about: &About, provider: P) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "fatal error: cannot start the runtime: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(crate::run(mode, about, provider));
    // A hanging name lookup must not delay the shutdown: the core kills the process after two seconds.
    runtime.shutdown_background();
    code
}

fn say(text: &str) -> ExitCode {
    match std::io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_argument_asks_for_one_thing_and_two_for_nothing() {
        let table: [(&[&str], Option<Asked>); 10] = [
            (&[], Some(Asked::Serve(Mode::Plugin))),
            (&["--debug"], Some(Asked::Serve(Mode::Debug))),
            (&["-debug"], Some(Asked::Serve(Mode::Debug))),
            (&["--version"], Some(Asked::Version)),
            (&["-V"], Some(Asked::Version)),
            (&["-h"], Some(Asked::Help)),
            (&["--debug=yes"], None),
            (&["--debug", "--help"], None),
            (&["--frobnicate"], None),
            (&["serve"], None),
        ];
        for (given, expected) in table {
            let given: Vec<_> = given.iter().map(OsString::from).collect();
            assert_eq!(asked(&given), expected, "{given:?}");
        }
    }
}
