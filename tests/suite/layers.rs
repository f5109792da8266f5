//! The layers' one rule: dependencies go one way only.

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
