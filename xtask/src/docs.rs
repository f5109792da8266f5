//! `cargo xtask docs`: the pages that registries show, written from the schema of the built provider and `examples/`.

mod attributes;
mod page;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser};
use serde_json::Value;

use crate::{
    compile, cores,
    error::{Doing, Result, failed},
    options, places, process, provider,
    sandbox::Sandbox,
    say,
};

/// The pages, by path under `docs/`.
type Pages = BTreeMap<PathBuf, String>;

/// Runs `cargo xtask docs`.
///
/// # Errors
///
/// When there is an unexpected argument, and those of [`write`].
pub fn run(mut arguments: Parser) -> Result<()> {
    let mut check = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("check") => check = true,
            other => return Err(options::unexpected(other, "--check")),
        }
    }
    write(check)
}

/// Writes the pages; or, to check, only compares them.
///
/// # Errors
///
/// When the provider doesn't build, no core can be had, or a checked page differs.
pub fn write(check: bool) -> Result<()> {
    let binary = compile::debug()?;
    let pages = page::pages(&schema(&binary)?, &places::root().join("examples"))?;
    let folder = places::root().join("docs");
    let (differing, stale) = (differing(&pages, &folder), stale(&pages, &folder)?);
    if !check {
        for (path, text) in &pages {
            write_page(&folder.join(path), text)?;
        }
        for path in &stale {
            fs::remove_file(folder.join(path)).doing(format_args!("remove docs/{}", path.display()))?;
        }
    } else if !(differing.is_empty() && stale.is_empty()) {
        let names: Vec<_> = differing.iter().chain(&stale).map(|path| path.display().to_string()).collect();
        return Err(failed(format!("run `cargo xtask docs`; these pages are out of date: {}", names.join(", "))));
    }
    say::line(format_args!("docs/: {} pages; changed: {}, removed: {}", pages.len(), differing.len(), stale.len()));
    Ok(())
}

/// What the newest core prints of the provider's schema; older ones leave parts of it out.
///
/// # Errors
///
/// When the core can't be had, or can't talk to the provider.
pub fn schema(provider_binary: &Path) -> Result<Value> {
    let core = cores::terraform(cores::NEWEST)?;
    let folder = tempfile::tempdir().doing("make a temporary folder")?;
    let sandbox = Sandbox::new(folder.path(), provider_binary)?;
    fs::write(sandbox.work().join("main.tf"), provider::REQUIRED).doing("write a configuration")?;
    process::output(sandbox.command(&core).args(["init", "-no-color"]))?;
    let schemas = process::output(sandbox.command(&core).args(["providers", "schema", "-json"]))?;
    let schemas: Value =
        serde_json::from_str(&schemas).map_err(|error| failed(format!("the core's schema is no JSON: {error}")))?;
    let ours = schemas.get("provider_schemas").and_then(|all| all.get(provider::ADDRESS));
    ours.cloned().ok_or_else(|| failed(format!("the core has no schema of {}", provider::ADDRESS)))
}

/// The pages that aren't as they should be.
fn differing(pages: &Pages, folder: &Path) -> Vec<PathBuf> {
    let is_there = |path: &Path, text: &String| fs::read_to_string(folder.join(path)).is_ok_and(|there| there == *text);
    pages.iter().filter(|(path, text)| !is_there(path, text)).map(|(path, _)| path.clone()).collect()
}

/// Pages, in the folders that are ours, of things that the provider no longer has.
fn stale(pages: &Pages, folder: &Path) -> Result<Vec<PathBuf>> {
    let mut stale = Vec::new();
    for kind in page::KINDS {
        let Ok(entries) = fs::read_dir(folder.join(kind.folder)) else { continue };
        for entry in entries {
            let path = Path::new(kind.folder).join(entry.doing("read docs/")?.file_name());
            if !pages.contains_key(&path) {
                stale.push(path);
            }
        }
    }
    Ok(stale)
}

fn write_page(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).doing(format_args!("make {}", folder.display()))?;
    fs::write(path, text).doing(format_args!("write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_and_stale_pages_are_told_apart_from_good_ones() {
        let docs = tempfile::tempdir().unwrap();
        let pages = Pages::from([("index.md".into(), "new".to_owned()), ("actions/a.md".into(), "same".to_owned())]);
        for (path, text) in [("index.md", "old"), ("actions/a.md", "same"), ("actions/gone.md", ""), ("own.md", "")] {
            write_page(&docs.path().join(path), text).unwrap();
        }
        assert_eq!(differing(&pages, docs.path()), [PathBuf::from("index.md")]);
        assert_eq!(stale(&pages, docs.path()).unwrap(), [PathBuf::from("actions/gone.md")]);
    }
}
