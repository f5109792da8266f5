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
/// Summaries of tfplug that this provider cannot raise, since it has no such thing.
const UNREACHABLE: [&str; 17] = [
    // Rules about several attributes, deprecated attributes, sets, blocks, timeouts, functions.
    "Missing Attribute Configuration",
    "Invalid Attribute Combination",
    "Use … instead of …",
    "Deprecated …",
    "Duplicate elements in …",
    "Computed Block Not Allowed",
    "The … took too long",
    "Wrong number of arguments",
    // Resources that cannot be imported by an id.
    "Cannot import",
    "Cannot import by id",
    // State stores.
    "The state was cut off",
    "Cannot read the lock of the state",
    "The state is locked",
    "Cannot read the state",
    "Unexpected part of a state",
    // Cores refuse these before they ask the provider.
    "Unknown …",
    "Cannot decode a value from Terraform",
];

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

/// The text of all Rust files below these folders, without comments and tests.
fn sources(folders: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    let mut left: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = left.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if name.ends_with(".rs") && !is_test(&path) {
            all.push(code(&fs::read_to_string(&path).unwrap()));
        }
    }
    all
}

fn code(source: &str) -> String {
    let code = source.split_once("#[cfg(test)]\nmod tests {").map_or(source, |(code, _)| code);
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    code.lines().filter(is_code).map(|line| format!("{line}\n")).collect::<String>().replace("'\"'", "")
}

fn is_test(path: &Path) -> bool {
    let path = path.to_string_lossy();
    path.contains("guide_of_errors")
        || path.contains("/tfplug/src/testing")
        || path.ends_with("tests.rs")
        || path.contains("/tests/")
}

/// The string that begins behind its opening quotation mark, with `…` for each placeholder, and what follows it.
fn literal(source: &str) -> (String, &str) {
    let (mut text, mut characters) = (String::new(), source.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => match characters.next() {
                Some('\n') => characters = characters.as_str().trim_start().chars(),
                Some('n') => text.push('\n'),
                other => text.extend(other),
            },
            other => text.push(other),
        }
    }
    (filled(&text), characters.as_str())
}

/// All strings in a source text; raw ones are in tests only.
fn literals(mut source: &str) -> Vec<String> {
    let mut all = Vec::new();
    while let Some((_, from)) = source.split_once('"') {
        let (text, after) = literal(from);
        all.push(text);
        source = after;
    }
    all
}

/// The summaries of the diagnostics in the source texts, where a diagnostic is also made by `call`. A text with a period is a detail, and what follows "Cannot" says at
/// which step it happened.
fn summaries(sources: &[String], call: &str) -> Vec<String> {
    let calls = ["Diagnostic::error(", "Diagnostic::warning(", call];
    let of = |source| calls.into_iter().flat_map(move |call| str::split(source, call).skip(1)).map(str::trim_start);
    let after_calls = sources.iter().flat_map(|source| of(source.as_str()));
    let first = after_calls.filter_map(|after| {
        let after = after.strip_prefix("format!(").unwrap_or(after).trim_start();
        Some(literal(after.strip_prefix('"')?).0)
    });
    let is_summary = |text: &String| !(text.ends_with('.') || text.contains(". ")) && text != "Cannot …";
    first.filter(is_summary).collect()
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

/// Whether the parts of the message between its `…` are in this text, in their order.
fn has_in_order(text: &str, message: &str) -> bool {
    let mut rest = Some(text);
    for part in message.split('…') {
        rest = rest.and_then(|text| text.split_once(part.trim())).map(|(_, after)| after);
    }
    rest.is_some()
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
    let own = summaries(&sources(&["src/provider"]), "problem(");
    let of_the_library = summaries(&sources(&["crates/tfplug/src"]), "self.error(");
    assert!(own.len() > 20 && of_the_library.len() > 20, "{own:?} {of_the_library:?}");
    let stale: Vec<_> =
        UNREACHABLE.iter().filter(|summary| !of_the_library.iter().any(|own| own == *summary)).collect();
    assert!(stale.is_empty(), "tfplug has no such summary: {stale:#?}");
    let reachable = own.iter().chain(of_the_library.iter().filter(|summary| !UNREACHABLE.contains(&summary.as_str())));
    let missing: Vec<_> = reachable.filter(|summary| !page.contains(&format!("`{summary}`"))).collect();
    assert!(missing.is_empty(), "explain these in docs/guides/errors.md: {missing:#?}");
}

#[test]
fn the_guide_of_errors_names_no_message_that_does_not_exist() {
    let page = fs::read_to_string(guide()).unwrap();
    let sources = sources(&["src", "crates/infisical/src", "crates/tfplug/src", "crates/simulator/src"]);
    let literals: Vec<_> = sources.iter().flat_map(|source| literals(source)).collect();
    let without_tables = with_tables(&page, &[String::new(), String::new()]);
    let (by_hand, all) = (messages(&without_tables), messages(&page));
    assert!(by_hand.len() > 40 && all.len() > by_hand.len() + 40, "{all:?}");
    let is_whole = |message: &&str| literals.iter().any(|literal| literal == message);
    let is_part = |message: &&str| literals.iter().any(|literal| has_in_order(literal, message));
    let missing: Vec<_> = by_hand.into_iter().filter(|message| !is_whole(message)).collect();
    assert!(missing.is_empty(), "the code has no such summary: {missing:#?}");
    let missing: Vec<_> = all.into_iter().filter(|message| !is_part(message)).collect();
    assert!(missing.is_empty(), "the code has no such message: {missing:#?}");
}
