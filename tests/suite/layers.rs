//! The layers: dependencies between crates and between files go in one direction only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// All Rust files in a folder of the repository and its subfolders.
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
    assert!(!found.is_empty(), "{folder} contains no Rust files; was it moved?");
    found
}

/// The lines of a folder's Rust files that contain one of these words, regardless of case.
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
fn the_api_client_does_not_mention_terraform_or_tfplug() {
    assert_eq!(lines_with("crates/infisical/src", &["tfplug", "terraform"]), Vec::<String>::new());
}

#[test]
fn tfplug_does_not_mention_infisical_or_openrouter() {
    for folder in ["crates/tfplug/src", "crates/tfplug/examples"] {
        assert_eq!(lines_with(folder, &["infisical", "openrouter"]), Vec::<String>::new());
    }
}

#[test]
fn the_simulator_shares_no_code_with_the_provider_that_it_tests() {
    let words = ["terraform_provider_infisical", "tfplug::"];
    assert_eq!(lines_with("crates/simulator/src", &words), Vec::<String>::new());
}

/// The paths in a `use` declaration, with its braces expanded.
fn expanded(tree: &str) -> Vec<String> {
    let Some((prefix, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inner = &rest[..rest.rfind('}').unwrap()];
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, character) in inner.char_indices().chain([(inner.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(inner[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let parts = parts.into_iter().filter(|part| !part.is_empty()).flat_map(expanded);
    parts.map(|part| format!("{}{part}", prefix.trim())).collect()
}

/// The paths that a file imports or uses directly, except in its tests.
fn imports(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code: Vec<_> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let declared = code.split('\n').enumerate().filter_map(|(number, line)| {
        let line = line.trim_start();
        let public = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub(super) "));
        let line = public.or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
        line.starts_with("use ").then_some(number)
    });
    let lines: Vec<_> = code.lines().collect();
    let declared = declared.flat_map(|number| {
        let all = lines[number..].join(" ");
        expanded(all.split_once("use ").unwrap().1.split(';').next().unwrap())
    });
    let in_place = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let in_place = in_place.filter(|path| path.starts_with("crate::") || path.starts_with("super::"));
    declared.chain(in_place.map(str::to_owned)).collect()
}

/// The path of a file's module: `[serve, listener]` for `serve/listener.rs`, and `[serve]` for `serve/mod.rs`.
fn module(root: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(root).unwrap().with_extension("");
    let mut names: Vec<_> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        names.pop();
    }
    names
}

/// An imported path relative to the crate's root; `None` if it belongs to another crate.
fn absolute(importer: &[String], path: &str) -> Option<Vec<String>> {
    let mut names: Vec<_> = path.split("::").map(str::to_owned).collect();
    if names[0] == "crate" {
        return Some(names.split_off(1));
    }
    let up = names.iter().take_while(|name| *name == "super").count();
    let above = importer.get(..importer.len().checked_sub(up)?)?;
    (up > 0).then(|| [above, &names[up..]].concat())
}

/// For each module in a folder, the other modules in that folder that it uses. A name that the folder's own module
/// re-exports counts as a use of the module that defines it.
fn uses(files: &[(Vec<String>, String)], folder: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let below = |module: &[String]| module.strip_prefix(folder)?.first().cloned();
    let children: BTreeSet<_> = files.iter().filter_map(|(module, _)| below(module)).collect();
    let parent = files.iter().filter(|(module, _)| module == folder);
    let exported: BTreeMap<_, _> = parent
        .flat_map(|(_, source)| imports(source))
        .filter_map(|path| {
            let (first, last) = (path.split("::").next()?.to_owned(), path.rsplit("::").next()?.to_owned());
            children.contains(&first).then_some((last, first))
        })
        .collect();
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, source) in files {
        let Some(name) = below(module) else { continue };
        let paths = imports(source).into_iter().filter_map(|path| absolute(module, &path));
        let used = paths.filter_map(|path| below(&path)).filter_map(|used| match children.contains(&used) {
            true => Some(used),
            false => exported.get(&used).cloned(),
        });
        uses.entry(name.clone()).or_default().extend(used.filter(|used| *used != name));
    }
    uses
}

/// The modules that use each other in a circle: those that remain when modules without uses are removed repeatedly.
fn circle(mut uses: BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    while let Some(leaf) = uses.iter().find(|(_, used)| used.is_empty()).map(|(name, _)| name.clone()) {
        uses.remove(&leaf);
        uses.values_mut().for_each(|used| used.retain(|other| *other != leaf));
    }
    uses
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle() {
    let provider = ["provider".to_owned()];
    for (source, folder, user, used) in [
        ("crates/infisical/src", [].as_slice(), "rotations", "objects"),
        ("crates/tfplug/src", &[], "serve", "log"),
        ("crates/tfplug-macros/src", &[], "expand", "input"),
        ("crates/simulator/src", &[], "rotations", "state"),
        ("fuzz/src", &[], "run", "memory"),
        ("xtask/src", &[], "package", "process"),
        ("src", &provider, "config", "credentials"),
    ] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
        let files: Vec<_> = sources(source)
            .into_iter()
            .map(|path| (module(&root, &path), fs::read_to_string(path).unwrap()))
            .filter(|(module, _)| !module.iter().any(|name| name.contains("tests")))
            .collect();
        assert!(uses(&files, folder)[user].contains(used), "the imports of {source} are recognised");
        let folders: BTreeSet<_> =
            files.iter().filter_map(|(module, _)| Some(module.split_last()?.1.to_vec())).collect();
        for folder in folders {
            assert_eq!(circle(uses(&files, &folder)), BTreeMap::new(), "{source}: {folder:?}");
        }
    }
}
