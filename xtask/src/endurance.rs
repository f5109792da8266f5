//! `cargo xtask endurance`: runs a real core for a long time, with failures of the API and kills of the core at random moments,
//! and records the figures in `docs/endurance.md`. It fails when a figure is out of its bound.

mod debug;
mod kills;
mod linux;
mod recovery;
mod rotations;
mod site;
mod table;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use lexopt::{Arg, Parser, ValueExt};
use time::OffsetDateTime;

pub use debug::plans_of_one_process;
pub use kills::killed_applies;
pub use rotations::rotations_with_faults;
pub use table::Table;

use crate::{
    compile,
    cores::{self, Core},
    error::{Doing, Result, failed},
    machine, options, places, say,
};

/// The parts, in the order of the page, with the count of each in a recorded run.
const PARTS: [(&str, usize); 3] = [("rotations", 10_000), ("debug", 1_000), ("kills", 200)];

/// What the command was asked for.
struct Asked {
    parts: Vec<(&'static str, usize)>,
    core: Core,
    provider: Option<PathBuf>,
    seed: u64,
    write: bool,
}

/// Runs `cargo xtask endurance`.
///
/// # Errors
///
/// When there is an unexpected argument, the provider does not compile, the core cannot be run, or a figure is out of its bound.
pub fn run(arguments: Parser) -> Result<()> {
    let asked = asked(arguments)?;
    let provider = match &asked.provider {
        Some(path) => fs::canonicalize(path).doing("find the provider")?,
        None => compile::release(None)?,
    };
    let mut missed = Vec::new();
    for (part, count) in &asked.parts {
        let (core, seed) = (&asked.core, asked.seed);
        say::heading(format_args!("{part}: {count}, seed {seed}, {core}"));
        let start = Instant::now();
        let mut table = match *part {
            "rotations" => rotations_with_faults(core, &provider, *count, seed)?,
            "debug" => plans_of_one_process(core, &provider, *count)?,
            _ => killed_applies(core, &provider, *count, seed)?,
        };
        table.add("time in all", say::duration(start.elapsed()));
        table.print();
        if table.missed().is_empty() && asked.write {
            record(part, &table.section(&heading(part, *count, &asked)))?;
        }
        missed.extend(table.missed().into_iter().map(|figure| format!("{part}: {figure}")));
    }
    if missed.is_empty() { Ok(()) } else { Err(failed(format!("out of bounds:\n{}", missed.join("\n")))) }
}

fn asked(mut arguments: Parser) -> Result<Asked> {
    let (mut parts, mut count, mut core, mut provider, mut write) = (Vec::new(), None, None, None, true);
    let mut seed = fastrand::u64(1..1_000_000);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(name) => parts.push(part(&name.string()?)?),
            Arg::Long("count") => count = Some(arguments.value()?.parse()?),
            Arg::Long("seed") => seed = arguments.value()?.parse()?,
            Arg::Long("core") => core = Some(cores::named(&arguments.value()?.string()?)?),
            Arg::Long("provider") => provider = Some(arguments.value()?.into()),
            Arg::Long("no-write") => write = false,
            other => {
                let allowed = "rotations, debug, kills, --count N, --seed N, --core NAME, --provider FILE, --no-write";
                return Err(options::unexpected(other, allowed));
            }
        }
    }
    let parts = if parts.is_empty() { PARTS.to_vec() } else { parts };
    let parts = parts.into_iter().map(|(name, most)| (name, count.unwrap_or(most))).collect();
    let core = core.map_or_else(cores::any, Ok)?;
    Ok(Asked { parts, core, provider, seed, write })
}

fn part(name: &str) -> Result<(&'static str, usize)> {
    let found = PARTS.into_iter().find(|(known, _)| *known == name);
    found.ok_or_else(|| failed(format!("unknown part {name:?}; known are rotations, debug and kills")))
}

/// The first lines of a part's section.
fn heading(part: &str, count: usize, asked: &Asked) -> String {
    let (core, seed, date) = (&asked.core, asked.seed, OffsetDateTime::now_utc().date());
    let build = if asked.provider.is_some() { "a given build" } else { "a release build" };
    format!(
        "## {part}\n\n`cargo xtask endurance {part} --count {count} --seed {seed}` on {date}, with {core} and {build} of the \
         provider. {}\n",
        machine::described()
    )
}

const INTRODUCTION: &str = "# Endurance

`cargo xtask endurance` runs the provider with a real Terraform for a long time and wrote this page. Each part replaces its own
section, and only if every figure is within its bound; otherwise the command fails. `xtask/src/endurance` has what each part does.
The acceptance tests run shorter versions of the same.

Without `--count`, it makes 10,000 rotations, 1,000 plans and 200 kills. A section whose command has a smaller number is that of a
shorter run.
";

/// Writes the section of a part into `docs/endurance.md`, and keeps the other sections.
fn record(part: &str, section: &str) -> Result<()> {
    let page = places::root().join("docs/endurance.md");
    let old = if page.exists() { fs::read_to_string(&page).doing("read docs/endurance.md")? } else { String::new() };
    write(&page, &replaced(&old, part, section))?;
    say::line("The table is in docs/endurance.md, too.");
    Ok(())
}

fn write(page: &Path, text: &str) -> Result<()> {
    fs::write(page, text).doing("write docs/endurance.md")
}

/// The page with this section instead of the one that it has for the part.
fn replaced(page: &str, part: &str, section: &str) -> String {
    let kept = |name: &str| {
        let start = format!("\n## {name}\n");
        let rest = page.split_once(&start).map(|(_, rest)| rest.split("\n## ").next().unwrap_or_default());
        rest.map(|rest| format!("## {name}\n{}\n", rest.trim_end_matches('\n')))
    };
    let sections =
        PARTS.into_iter().filter_map(|(name, _)| if name == part { Some(section.to_owned()) } else { kept(name) });
    std::iter::once(INTRODUCTION.to_owned()).chain(sections).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_replaces_its_own_section_and_keeps_the_others_in_order() {
        let first = replaced("", "kills", "## kills\n\nold\n");
        assert_eq!(first, format!("{INTRODUCTION}\n## kills\n\nold\n"));
        let both = replaced(&first, "debug", "## debug\n\n| a |\n");
        assert_eq!(both, format!("{INTRODUCTION}\n## debug\n\n| a |\n\n## kills\n\nold\n"));
        let new = replaced(&both, "kills", "## kills\n\nnew\n");
        assert_eq!(new, format!("{INTRODUCTION}\n## debug\n\n| a |\n\n## kills\n\nnew\n"));
    }

    #[test]
    fn an_unknown_part_is_refused() {
        let error = asked(Parser::from_args(["plans"])).err().unwrap().to_string();
        assert_eq!(error, "unknown part \"plans\"; known are rotations, debug and kills");
    }
}
