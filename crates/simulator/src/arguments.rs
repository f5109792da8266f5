//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use simulator::{Fault, GRAMMAR, Options, parse_time};

/// The command that the arguments select.
pub(crate) enum Command {
    /// Print the help or the version.
    Say(String),
    /// Run the simulator.
    Run { options: Options, quiet: bool },
}

const USAGE: &str = "\
An in-memory stand-in for the part of the Infisical API that rotates OpenRouter
keys, for trying the provider without an account. Never give it real keys.

Usage: infisical-simulator [--port N] [--token TEXT] [--fault FAULT]… [--quiet] [SWITCH]…

  --port N          listen on this port of 127.0.0.1 (0, the default, selects a free one)
  --token TEXT      the access token that is always valid (default: simulator-token)
  --fault FAULT     inject a fault; may be given several times
  --quiet           do not log the requests
  --version, --help

A SWITCH changes how the server behaves:

  --rate-limit N    limit reads and writes to N per minute each, on every route
  --read-limit N    the same for reads alone (Infisical Cloud: 60)
  --write-limit N   the same for writes alone (Infisical Cloud: 200)
  --idle-timeout TIME
                    close connections that are idle for this long (the real server: 30s);
                    pending calls are still executed
  --read-lag TIME   reads of rotations return what they were this long ago
  --check-lag TIME  the checks of writes find rotations, their secrets and connections as they
                    were this long ago
  --date-skew SECONDS
                    the Date header is off by this many seconds (may be negative)
  --background-rotation-time TIME
                    how long a background rotation takes after a change (default: 5ms)
  --revocation-fails
                    OpenRouter cannot revoke keys
  --maintenance     every call except reads returns 500
  --refuse-plan     the organization's plan does not include rotations";

const ALLOWED: &str = "--port, --token, --fault, --quiet, --rate-limit, --read-limit, --write-limit, --idle-timeout, \
    --read-lag, --check-lag, --date-skew, --background-rotation-time, --revocation-fails, --maintenance, --refuse-plan, --version, \
    --help";

/// The arguments that take a value, without their dashes.
const WITH_VALUE: [&str; 11] = [
    "port",
    "token",
    "fault",
    "rate-limit",
    "read-limit",
    "write-limit",
    "idle-timeout",
    "read-lag",
    "check-lag",
    "date-skew",
    "background-rotation-time",
];

/// Parses the arguments after the program's name. The error contains what was given and what is allowed.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, String> {
    let mut options = Options::default();
    let mut quiet = false;
    let mut parser = Parser::from_args(arguments);
    while let Some(argument) = parser.next().map_err(|error| unknown(&error))? {
        match argument {
            Arg::Long("quiet") => quiet = true,
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Say(help())),
            Arg::Short('V') | Arg::Long("version") => {
                return Ok(Command::Say(format!("infisical-simulator {}", env!("CARGO_PKG_VERSION"))));
            }
            Arg::Long("revocation-fails") => options.revocation_fails = true,
            Arg::Long("maintenance") => options.maintenance = true,
            Arg::Long("refuse-plan") => options.refuse_plan = true,
            Arg::Long(name) if WITH_VALUE.contains(&name) => {
                let name = format!("--{name}");
                let value = parser.value().map_err(|_| format!("{name} needs a value"))?;
                set(&mut options, &name, &value.string().map_err(|error| error.to_string())?)?;
            }
            other => return Err(unknown(&other.unexpected())),
        }
    }
    Ok(Command::Run { options, quiet })
}

/// An argument that does not exist, or a value for one that takes none.
fn unknown(error: &lexopt::Error) -> String {
    let given = match error {
        lexopt::Error::UnexpectedOption(option) => option.clone(),
        lexopt::Error::UnexpectedArgument(value) => value.to_string_lossy().into_owned(),
        lexopt::Error::UnexpectedValue { option, value } => format!("{option}={}", value.to_string_lossy()),
        other => other.to_string(),
    };
    format!("unknown argument {given:?}; allowed: {ALLOWED}")
}

/// Sets the option that an argument with a value names.
fn set(options: &mut Options, name: &str, value: &str) -> Result<(), String> {
    match name {
        "--port" => options.port = number(name, value, 0, u16::MAX)?,
        "--token" => options.token = token(value)?,
        "--fault" => options.faults.push(value.parse::<Fault>().map_err(|error| error.to_string())?),
        "--rate-limit" => options.rate_limit = Some(number(name, value, 1, u32::MAX)?),
        "--read-limit" => options.read_limit = Some(number(name, value, 1, u32::MAX)?),
        "--write-limit" => options.write_limit = Some(number(name, value, 1, u32::MAX)?),
        "--date-skew" => options.date_skew = number(name, value, i64::from(i32::MIN), i64::from(i32::MAX))?,
        "--idle-timeout" => options.idle_timeout = Some(time(name, value)?),
        "--read-lag" => options.read_lag = time(name, value)?,
        "--check-lag" => options.check_lag = time(name, value)?,
        _ => options.background_rotation_time = time(name, value)?,
    }
    Ok(())
}

fn time(name: &str, text: &str) -> Result<Duration, String> {
    parse_time(text).ok_or_else(|| format!("{name} {text:?} is not a time; allowed: 200ms, 2s, 1m"))
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
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("{name} {text:?} is not allowed; allowed: {least} to {most}")),
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
        parse(line.split(' ').filter(|word| !word.is_empty()).map(OsString::from))
    }

    #[test]
    fn ok_all_arguments_are_parsed() {
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
    fn ok_all_switches_are_parsed() {
        let line = "--read-limit 60 --write-limit=200 --idle-timeout 30s --read-lag 9s --check-lag 5s --date-skew -1 \
            --background-rotation-time 1m --revocation-fails --maintenance --refuse-plan";
        let Ok(Command::Run { options, .. }) = read(line) else { panic!("{line}") };
        assert_eq!((options.read_limit, options.write_limit), (Some(60), Some(200)));
        let seconds = Duration::from_secs;
        assert_eq!((options.idle_timeout, options.read_lag), (Some(seconds(30)), seconds(9)));
        assert_eq!(options.check_lag, seconds(5));
        assert_eq!((options.date_skew, options.background_rotation_time), (-1, seconds(60)));
        assert!(options.revocation_fails && options.maintenance && options.refuse_plan);
    }

    #[test]
    fn ok_help_names_every_flag_and_the_grammar() {
        let Ok(Command::Say(help)) = read("--port 1 --help") else { panic!("no help") };
        for part in ALLOWED.split(", ").chain(["drop-after", GRAMMAR]) {
            assert!(help.contains(part), "{part}");
        }
        let readme = include_str!("../README.md");
        for flag in ALLOWED.split(", ").filter(|flag| !matches!(*flag, "--version" | "--help")) {
            assert!(readme.contains(&format!("| `{flag}")), "{flag}");
        }
        let Ok(Command::Say(version)) = read("--version") else { panic!("no version") };
        assert_eq!(version, format!("infisical-simulator {}", env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn err_contains_what_was_given_and_what_is_allowed() {
        for (line, error) in [
            ("--port", "--port needs a value"),
            ("--port x", "--port \"x\" is not allowed; allowed: 0 to 65535"),
            ("--port=70000", "--port \"70000\" is not allowed; allowed: 0 to 65535"),
            ("--rate-limit 0", "--rate-limit \"0\" is not allowed; allowed: 1 to 4294967295"),
            ("--token=", "--token must be visible ASCII characters without spaces"),
            ("--verbose", &format!("unknown argument \"--verbose\"; allowed: {ALLOWED}")),
            ("--quiet=yes", &format!("unknown argument \"--quiet=yes\"; allowed: {ALLOWED}")),
            ("--maintenance=no", &format!("unknown argument \"--maintenance=no\"; allowed: {ALLOWED}")),
            ("--read-lag 9", "--read-lag \"9\" is not a time; allowed: 200ms, 2s, 1m"),
            ("--date-skew x", "--date-skew \"x\" is not allowed; allowed: -2147483648 to 2147483647"),
            ("--fault create", "fault \"create\": a colon is missing; allowed: CALL:EFFECT"),
        ] {
            assert_eq!(read(line).err().as_deref(), Some(error), "{line}");
        }
    }
}
