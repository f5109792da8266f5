//! `cargo xtask bench`: measures what users notice. It prints the figures beside their goals and never fails because of
//! them.

mod plans;
mod start;

use std::{fs, time::Duration};

use lexopt::{Arg, Parser, ValueExt};

use crate::{
    compile, cores,
    error::{Doing, Result},
    options,
    sandbox::Sandbox,
    say,
    targets::Target,
};

/// Runs `cargo xtask bench`.
///
/// # Errors
///
/// When there is an unexpected argument, the provider does not compile, or a measured command fails, for example because this
/// machine cannot run binaries of the target.
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut target = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("target") => target = Some(Target::named(&arguments.value()?.string()?)?),
            other => return Err(options::unexpected(other, "--target TRIPLE")),
        }
    }
    let core = cores::terraform(cores::NEWEST)?;
    let binary = compile::release(target)?;
    let folder = tempfile::tempdir().doing("create a temporary folder")?;
    let sandbox = Sandbox::new(folder.path(), &binary)?;
    let name = target.map_or("this machine's target", |target| target.triple);
    say::heading(format_args!("Release build for {name}, {core}"));

    let size = fs::metadata(&binary).doing("read the size of the binary")?.len();
    row("size of the binary", format_args!("{:.1} MB", size as f64 / 1e6), "at most 9 MB");
    let start = start::handshake(&binary)?;
    row("start to handshake line", milliseconds(start), "at most 2 ms; median of 30, AutoMTLS");
    match start::memory_after_schema(&core, &sandbox)? {
        Some(kib) => {
            row("memory after the schema call", format_args!("{:.1} MiB", kib as f64 / 1024.0), "at most 6 MiB")
        }
        None => row("memory after the schema call", "not measured", "only on Linux, which has /proc"),
    }
    let built_in = plans::built_in(&core, &sandbox)?;
    row("plan of 1,000 terraform_data", milliseconds(built_in), "median of 5, no changes");
    let (rotations, requests) = plans::rotations(&core, &sandbox)?;
    let note = format!("median of 5, no changes, {requests} requests each");
    row("plan of 1,000 rotations", milliseconds(rotations), &note);
    Ok(())
}

fn row(what: &str, figure: impl std::fmt::Display, note: &str) {
    say::line(format_args!("{what:30} {:>12}   {note}", figure.to_string()));
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// The median of the times; of an even number, the upper one of the two in the middle.
fn median(runs: usize, mut run: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut times = (0..runs).map(|_| run()).collect::<Result<Vec<_>>>()?;
    times.sort_unstable();
    Ok(times.get(runs / 2).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let mut times = [9, 1, 5].map(Duration::from_millis).into_iter();
        let median = median(3, || Ok(times.next().unwrap())).unwrap();
        assert_eq!(median, Duration::from_millis(5));
    }
}
