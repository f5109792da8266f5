//! The layers' one rule: dependencies go one way only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below a folder of the repository.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources: was it moved?");
    found
}

/// The lines of a folder's sources in which one of these words stands, in any case.
fn lines_with(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for path in sources(folder) {
        for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let lower = line.to_lowercase();
            if words.iter().any(|word| lower.contains(word)) {
                found.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    found
}

#[test]
fn the_api_client_knows_no_terraform_and_no_provider() {
    assert_eq!(lines_with("crates/infisical/src", &["tfplug", "terraform"]), Vec::<String>::new());
}

#[test]
fn tfplug_knows_no_infisical() {
    for folder in ["crates/tfplug/src", "crates/tfplug/examples"] {
        assert_eq!(lines_with(folder, &["infisical", "openrouter"]), Vec::<String>::new());
    }
}

#[test]
fn the_simulator_shares_no_code_with_the_client_it_tests() {
    let words = ["terraform_provider_infisical", "tfplug::"];
    assert_eq!(lines_with("crates/simulator/src", &words), Vec::<String>::new());
}

/// The modules that a file uses outside of its tests, by their first name after one of these prefixes.
fn used_by(source: &str, prefixes: &[&str], modules: &BTreeSet<String>) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let paths = code.lines().filter_map(|line| line.trim_start().strip_prefix("use "));
    let paths = paths.filter_map(|path| prefixes.iter().find_map(|prefix| path.strip_prefix(prefix)));
    let names = paths.flat_map(|path| match path.strip_prefix('{') {
        Some(several) => several.trim_end_matches(['}', ';']).split(", ").collect(),
        None => vec![path],
    });
    let first = names.filter_map(|path| path.split([':', ';', ' ']).next());
    first.filter(|name| modules.contains(*name)).map(str::to_owned).collect()
}

/// Which modules of a folder use which others of it. `prefixes` tells how a file of that path names one.
fn uses(folder: &str, prefixes: fn(&Path) -> &'static [&'static str]) -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = sources(folder).into_iter().filter_map(|file| {
        let path = file.strip_prefix(&root).unwrap().to_owned();
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let name = first.trim_end_matches(".rs").to_owned();
        (!["lib", "mod", "tests"].contains(&name.as_str())).then(|| (name, path, fs::read_to_string(file).unwrap()))
    });
    let files: Vec<_> = files.collect();
    let modules: BTreeSet<_> = files.iter().map(|(name, ..)| name.clone()).collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, path, source) in &files {
        let used = used_by(source, prefixes(path), &modules).into_iter().filter(|used| used != name);
        uses.entry(name.clone()).or_default().extend(used);
    }
    uses
}

/// Whatever is left when files that use no other are taken away, again and again, is a circle.
fn circles(mut uses: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    while let Some(leaf) = uses.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| name.clone()) {
        uses.remove(&leaf);
        uses.values_mut().for_each(|used| used.retain(|other| *other != leaf));
    }
    uses
}

#[test]
fn no_files_of_the_api_client_use_each_other_in_a_circle() {
    let uses = uses("crates/infisical/src", |_| &["super::", "crate::"]);
    assert!(uses["rotations"].contains("objects"), "the uses are found");
    assert_eq!(circles(uses), BTreeMap::new());
}

#[test]
fn no_files_of_the_provider_use_each_other_in_a_circle() {
    let all = uses("src/provider", |path| match path.components().count() {
        2 if !path.ends_with("mod.rs") => &["crate::provider::"],
        _ => &["super::", "crate::provider::"],
    });
    assert!(all["config"].contains("credentials") && all["openrouter"].contains("errors"), "the uses are found");
    assert_eq!(circles(all), BTreeMap::new());
    let kinds = uses("src/provider/openrouter", |_| &["super::"]);
    assert!(["model", "planning"].iter().all(|name| kinds["rotation"].contains(*name)), "the uses are found");
    assert_eq!(circles(kinds), BTreeMap::new());
}
