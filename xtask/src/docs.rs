//! `cargo xtask docs`: the pages that registries show, generated from the provider's schema and `examples/` in the layout
//! of `tfplugindocs`. Guides, in `docs/guides/`, are written by hand.

mod attributes;
mod examples;
mod function;
mod import;
mod page;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use lexopt::{Arg, Parser, ValueExt};
use serde_json::Value;

use crate::{
    compile, cores,
    error::{Doing, Result, failed},
    files, options, places, process, provider,
    sandbox::Sandbox,
    say,
};

/// The pages, by path under `docs/`.
type Pages = BTreeMap<PathBuf, String>;

/// Runs `cargo xtask docs`.
///
/// # Errors
///
/// When there is an unexpected argument, and those of [`write()`].
pub fn run(mut arguments: Parser) -> Result<()> {
    let (mut check, mut address) = (false, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("check") => check = true,
            Arg::Long("address") => address = Some(arguments.value()?.string()?),
            other => return Err(options::unexpected(other, "--check, --address NAMESPACE/infisical")),
        }
    }
    if let Some(address) = &address {
        readdress(&places::root().join("docs"), address)?;
    }
    write(check)
}

/// The provider's `source` as the pages name it: what `--address` wrote last, or the one of local installs.
pub fn address() -> String {
    address_in(&places::root().join("docs"))
}

fn address_in(folder: &Path) -> String {
    let index = fs::read_to_string(folder.join("index.md")).unwrap_or_default();
    let source = index.lines().find_map(|line| line.trim().strip_prefix("source")?.split('"').nth(1));
    source.unwrap_or(provider::ADDRESS).to_owned()
}

/// The text with this `source` in place of another. A mirror's own address stays: its folders have that name.
fn with_address(text: &str, before: &str, after: &str) -> String {
    let (before, after) = (format!("{before:?}"), format!("{after:?}"));
    let lines = text.split_inclusive('\n');
    lines
        .map(
            |line| {
                if line.trim_start().starts_with("source") { line.replace(&before, &after) } else { line.to_owned() }
            },
        )
        .collect()
}

/// Writes another `source` into all pages, the guides included.
fn readdress(folder: &Path, address: &str) -> Result<()> {
    if address.split('/').count() < 2 || !address.ends_with("/infisical") {
        return Err(failed(format!("{address:?} is not an address of the provider, such as NAMESPACE/infisical")));
    }
    let before = address_in(folder);
    for path in [folder.to_path_buf(), folder.join("guides")] {
        for entry in fs::read_dir(&path).doing(format_args!("read {}", path.display()))? {
            let page = entry.doing("read docs/")?.path();
            if page.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&page).doing(format_args!("read {}", page.display()))?;
                files::write(&page, with_address(&text, &before, address))?;
            }
        }
    }
    Ok(())
}

/// Writes the pages or, with `check`, only compares them.
///
/// # Errors
///
/// When the provider does not compile, no core is available, a guide has no title, or a page is out of date.
pub fn write(check: bool) -> Result<()> {
    let binary = compile::debug()?;
    let folder = places::root().join("docs");
    let mut pages = page::pages(&schema(&binary)?, &places::root().join("examples"))?;
    let shown = address_in(&folder);
    pages.values_mut().for_each(|text| *text = with_address(text, provider::ADDRESS, &shown));
    check_guides(&folder.join("guides"))?;
    let (differing, stale) = (differing(&pages, &folder), stale(&pages, &folder)?);
    if !check {
        for (path, text) in &pages {
            files::write(&folder.join(path), text)?;
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

/// The provider's schema as the newest core prints it; older cores leave parts of it out.
///
/// # Errors
///
/// When the core is not available, or cannot start the provider.
pub fn schema(provider_binary: &Path) -> Result<Value> {
    let core = cores::terraform(cores::NEWEST)?;
    let folder = tempfile::tempdir().doing("create a temporary folder")?;
    let sandbox = Sandbox::new(folder.path(), provider_binary)?;
    fs::write(sandbox.work().join("main.tf"), provider::REQUIRED).doing("write a configuration")?;
    process::output(sandbox.command(&core).args(["init", "-no-color"]))?;
    let schemas = process::output(sandbox.command(&core).args(["providers", "schema", "-json"]))?;
    let schemas: Value = serde_json::from_str(&schemas)
        .map_err(|error| failed(format!("the core's schema is not valid JSON: {error}")))?;
    let ours = schemas.get("provider_schemas").and_then(|all| all.get(provider::ADDRESS));
    ours.cloned().ok_or_else(|| failed(format!("the core printed no schema of {}", provider::ADDRESS)))
}

/// The pages whose files are missing or have another text.
fn differing(pages: &Pages, folder: &Path) -> Vec<PathBuf> {
    let current = |path: &Path, text: &String| fs::read_to_string(folder.join(path)).is_ok_and(|found| found == *text);
    pages.iter().filter(|(path, text)| !current(path, text)).map(|(path, _)| path.clone()).collect()
}

/// Files in the generated folders that belong to nothing the provider offers.
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

/// Registries list a guide under the title in its front matter.
fn check_guides(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.doing("read docs/guides/")?.path();
        let text = fs::read_to_string(&path).doing(format_args!("read {}", path.display()))?;
        let front_matter = text.strip_prefix("---\n").and_then(|text| text.split_once("\n---\n"));
        if !front_matter.is_some_and(|(matter, _)| matter.lines().any(|line| line.starts_with("page_title:"))) {
            return Err(failed(format!("{} has no front matter with a page_title", path.display())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_outdated_and_stale_pages_are_reported() {
        let docs = tempfile::tempdir().unwrap();
        let pages = Pages::from([("index.md".into(), "new".to_owned()), ("actions/a.md".into(), "same".to_owned())]);
        for (path, text) in [("index.md", "old"), ("actions/a.md", "same"), ("actions/gone.md", ""), ("own.md", "")] {
            files::write(&docs.path().join(path), text).unwrap();
        }
        assert_eq!(differing(&pages, docs.path()), [PathBuf::from("index.md")]);
        assert_eq!(stale(&pages, docs.path()).unwrap(), [PathBuf::from("actions/gone.md")]);
    }

    #[test]
    fn another_address_is_written_into_all_pages_and_kept() {
        let docs = tempfile::tempdir().unwrap();
        assert_eq!(address_in(docs.path()), provider::ADDRESS, "nothing is published yet");
        let page = |path: &str| fs::read_to_string(docs.path().join(path)).unwrap();
        files::write(&docs.path().join("index.md"), format!("  source  = {:?}\n", provider::ADDRESS)).unwrap();
        files::write(&docs.path().join("guides/a.md"), format!("source = {0:?}\npath = {0:?}\n", provider::ADDRESS))
            .unwrap();
        readdress(docs.path(), "example/infisical").unwrap();
        assert_eq!(page("index.md"), "  source  = \"example/infisical\"\n");
        assert_eq!(page("guides/a.md"), format!("source = \"example/infisical\"\npath = {:?}\n", provider::ADDRESS));
        assert_eq!(address_in(docs.path()), "example/infisical");
        assert!(readdress(docs.path(), "infisical").unwrap_err().to_string().contains("NAMESPACE/infisical"));
    }

    #[test]
    fn a_guide_needs_a_title() {
        let guides = tempfile::tempdir().unwrap();
        check_guides(&guides.path().join("missing")).unwrap();
        files::write(&guides.path().join("a.md"), "---\npage_title: \"A\"\n---\n\n# A\n").unwrap();
        check_guides(guides.path()).unwrap();
        files::write(&guides.path().join("b.md"), "# B\n").unwrap();
        assert!(check_guides(guides.path()).unwrap_err().to_string().contains("b.md has no front matter"));
    }
}
