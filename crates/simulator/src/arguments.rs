//! The command line.

use simulator::{Fault, GRAMMAR, Options};

/// What the user wants.
pub(crate) enum Command {
    /// Only to read something: the help or the version.
    Say(String),
    /// To run the simulator.
    Run { options: Options, quiet: bool },
}

const USAGE: &str = "\
infisical-simulator: a stand-in for the part of the Infisical API that rotates
OpenRouter keys, in memory: for trying the provider without an account, never
for real keys.

infisical-simulator [--port N] [--token TEXT] [--fault FAULT]… [--rate-limit N] [--quiet]

  --port N          listen on this port of 127.0.0.1 (0, the default, takes a free one)
  --token TEXT      the access token that is always good (simulator-token)
  --fault FAULT     let something go wrong; may be given several times
  --rate-limit N    allow so many reads and so many writes a minute, each
  --quiet           don't log the requests
  --version, --help";

/// Reads the arguments after the program's name. The error says what was given and what is allowed.
pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut options = Options::default();
    let mut quiet = false;
    let mut rest = arguments;
    while let Some(argument) = rest.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || inline.clone().or_else(|| rest.next()).ok_or_else(|| format!("{name} needs a value"));
        match name {
            "--port" => options.port = number(name, &value()?, 0, u16::MAX)?,
            "--rate-limit" => options.rate_limit = Some(number(name, &value()?, 1, u32::MAX)?),
            "--token" => options.token = token(&value()?)?,
            "--fault" => options.faults.push(value()?.parse::<Fault>().map_err(|error| error.to_string())?),
            "--quiet" if inline.is_none() => quiet = true,
            "--help" | "-h" if inline.is_none() => return Ok(Command::Say(help())),
            "--version" | "-V" if inline.is_none() => {
                return Ok(Command::Say(format!("infisical-simulator {}", env!("CARGO_PKG_VERSION"))));
            }
            _ => {
                let allowed = "--port, --token, --fault, --rate-limit, --quiet, --version, --help";
                return Err(format!("unknown argument {argument:?}; allowed: {allowed}"));
            }
        }
    }
    Ok(Command::Run { options, quiet })
}

fn help() -> String {
    format!(
        "{USAGE}\n\nA FAULT is\n\n{GRAMMAR}\n\nFor example: --fault create:drop-after,times=1 --fault any:delay=200ms,every=10"
    )
}

fn number<T>(name: &str, text: &str, least: T, most: T) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display,
{
    match text.parse() {
        Ok(number) if number >= least => Ok(number),
        _ => Err(format!("{name} {text:?} isn't allowed; allowed: {least} to {most}")),
    }
}

fn token(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err("--token must be visible ASCII characters without spaces".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use simulator::Call;

    fn read(line: &str) -> Result<Command, String> {
        parse(line.split(' ').filter(|word| !word.is_empty()).map(str::to_owned))
    }

    #[test]
    fn ok_all_arguments() {
        let line = "--port 8411 --token=other --rate-limit 60 --quiet --fault create:drop-after --fault any:delay=2s";
        let Ok(Command::Run { options, quiet }) = read(line) else { panic!("{line}") };
        assert_eq!((options.port, options.token.as_str(), options.rate_limit, quiet), (8411, "other", Some(60), true));
        let delay = std::time::Duration::from_secs(2);
        assert_eq!(options.faults, [Fault::drop_after(Call::Create), Fault::delay(Call::Any, delay)]);
        let Ok(Command::Run { options, quiet }) = read("") else { panic!("no arguments") };
        assert_eq!(
            (options.port, options.token.as_str(), options.rate_limit, quiet),
            (0, "simulator-token", None, false)
        );
    }

    #[test]
    fn ok_help_names_every_flag_and_the_grammar() {
        let Ok(Command::Say(help)) = read("--port 1 --help") else { panic!("no help") };
        for part in ["--port", "--token", "--fault", "--rate-limit", "--quiet", "drop-after", GRAMMAR] {
            assert!(help.contains(part), "{part}");
        }
        let Ok(Command::Say(version)) = read("--version") else { panic!("no version") };
        assert_eq!(version, format!("infisical-simulator {}", env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn err_says_what_was_given_and_what_is_allowed() {
        for (line, error) in [
            ("--port", "--port needs a value"),
            ("--port x", "--port \"x\" isn't allowed; allowed: 0 to 65535"),
            ("--port=70000", "--port \"70000\" isn't allowed; allowed: 0 to 65535"),
            ("--rate-limit 0", "--rate-limit \"0\" isn't allowed; allowed: 1 to 4294967295"),
            ("--token=", "--token must be visible ASCII characters without spaces"),
            (
                "--verbose",
                "unknown argument \"--verbose\"; allowed: --port, --token, --fault, --rate-limit, --quiet, --version, --help",
            ),
            (
                "--quiet=yes",
                "unknown argument \"--quiet=yes\"; allowed: --port, --token, --fault, --rate-limit, --quiet, --version, --help",
            ),
            ("--fault create", "fault \"create\": a colon is missing; allowed: CALL:EFFECT"),
        ] {
            assert_eq!(read(line).err().as_deref(), Some(error), "{line}");
        }
    }
}
