//! Holds `docs/guides/errors.md` against the code: each refusal, each advice and each summary of the provider is in it, and
//! every message that it names is one of the code.

mod tables;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// If this variable is set to `write`, the tables are written instead of compared.
const VARIABLE: &str = "ERRORS_TABLES";

const BEGIN: &str = "written by the tests: ERRORS_TABLES=write cargo test guide_of_errors -->";
const END: &str = "<!-- End of the table. -->";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn guide() -> PathBuf {
    root().join("docs/guides/errors.md")
}

/// The page with these tables, in this order, between its pairs of markers.
fn with_tables(page: &str, tables: &[String]) -> String {
    let mut parts = page.split(BEGIN);
    let mut all = parts.next().unwrap_or_default().to_owned();
    let mut tables = tables.iter();
    for part in parts {
        let (_, after) = part.split_once(END).expect("a table ends");
        let table = tables.next().expect("no more markers than tables");
        all += &format!("{BEGIN}\n\n{table}\n{END}{after}");
    }
    assert_eq!(tables.next(), None, "each table has its markers in the page");
    all
}

/// The text of all Rust files below these folders, without the breaks in string literals; this test is not part of it.
fn sources(folders: &[&str]) -> String {
    let mut all = String::new();
    let mut left: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = left.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if name.ends_with(".rs") && !is_test(&path) {
            all += &fs::read_to_string(&path).unwrap();
        }
    }
    let mut lines = all.replace("\\\"", "\"");
    while let Some((before, after)) = lines.split_once("\\\n") {
        lines = format!("{before}{}", after.trim_start());
    }
    lines
}

fn is_test(path: &Path) -> bool {
    let path = path.to_string_lossy();
    path.contains("guide_of_errors") || path.ends_with("tests.rs") || path.contains("/tests/")
}

/// The summaries of the diagnostics in a source text, with `…` for what is filled in. A text with a period is a detail,
/// and what follows "Cannot" says at which step it happened.
fn summaries(source: &str) -> Vec<String> {
    let calls = ["Diagnostic::error(", "Diagnostic::warning(", "problem("];
    let after_calls = calls.into_iter().flat_map(|call| source.split(call).skip(1)).map(str::trim_start);
    let literals = after_calls.filter_map(|after| {
        let after = after.strip_prefix("format!(").unwrap_or(after).trim_start();
        Some(filled(after.strip_prefix('"')?.split_once('"')?.0))
    });
    let is_summary = |text: &String| !(text.ends_with('.') || text.contains(". ")) && text != "Cannot …";
    literals.filter(is_summary).collect()
}

/// The text with `…` for each placeholder.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, placeholder)) = rest.split_once('{') {
        filled += &format!("{before}…");
        rest = placeholder.split_once('}').map_or("", |(_, after)| after);
    }
    filled + rest
}

/// The texts in backticks in the first cell of each row of the page's tables.
fn messages(page: &str) -> Vec<&str> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = rows.filter_map(|row| row.split(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn the_guide_of_errors_has_each_refusal_and_each_advice_in_the_words_of_the_provider() {
    let page = fs::read_to_string(guide()).unwrap();
    let expected = with_tables(&page, &[tables::situations(), tables::refusals()]);
    if env::var_os(VARIABLE).is_some_and(|value| value == "write") {
        return fs::write(guide(), expected).unwrap();
    }
    let differing: Vec<_> = expected.lines().filter(|line| !page.lines().any(|there| there == *line)).collect();
    assert!(page == expected, "docs/guides/errors.md is out of date; {VARIABLE}=write updates it: {differing:#?}");
}

#[test]
fn the_guide_of_errors_has_each_summary_of_the_provider() {
    let page = fs::read_to_string(guide()).unwrap();
    let all = summaries(&sources(&["src/provider"]));
    assert!(all.len() > 20, "{all:?}");
    let missing: Vec<_> = all.iter().filter(|summary| !page.contains(&format!("`{summary}`"))).collect();
    assert!(missing.is_empty(), "explain these in docs/guides/errors.md: {missing:#?}");
}

#[test]
fn the_guide_of_errors_names_no_message_that_does_not_exist() {
    let page = fs::read_to_string(guide()).unwrap();
    let sources = sources(&["src", "crates/infisical/src", "crates/tfplug/src", "crates/simulator/src"]);
    let exists = |message: &str| message.split('…').all(|part| sources.contains(part.trim()));
    let all = messages(&page);
    assert!(all.len() > 40, "{all:?}");
    let missing: Vec<_> = all.into_iter().filter(|message| !exists(message)).collect();
    assert!(missing.is_empty(), "the code has no such message: {missing:#?}");
}
