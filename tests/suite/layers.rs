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

/// The modules of the client that a file uses outside of its tests, by their first name.
fn used_by(source: &str, modules: &[String]) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let names = code.lines().filter_map(|line| line.trim_start().strip_prefix("use "));
    let names = names.filter_map(|path| path.strip_prefix("super::").or_else(|| path.strip_prefix("crate::")));
    let first = names.filter_map(|path| path.split([':', ';', ' ']).next());
    first.filter(|name| modules.iter().any(|module| module == name)).map(str::to_owned).collect()
}

/// Whatever is left when files that use no other are taken away, again and again, is a circle.
#[test]
fn no_files_of_the_api_client_use_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/infisical/src");
    let module = |path: &Path| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()
    };
    let files: Vec<_> = sources("crates/infisical/src")
        .into_iter()
        .map(|path| (module(&path), fs::read_to_string(path).unwrap()))
        .filter(|(name, _)| name != "lib" && name != "tests")
        .collect();
    let modules: Vec<_> = files.iter().map(|(name, _)| name.clone()).collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, source) in &files {
        let used = used_by(source, &modules).into_iter().filter(|used| used != name);
        uses.entry(name.clone()).or_default().extend(used);
    }
    assert!(uses["rotations"].contains("objects"), "the uses are found");
    while let Some(leaf) = uses.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| name.clone()) {
        uses.remove(&leaf);
        uses.values_mut().for_each(|used| used.retain(|other| *other != leaf));
    }
    assert_eq!(uses, BTreeMap::new());
}
