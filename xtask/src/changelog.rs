//! CHANGELOG.md, which has the form of HashiCorp's providers.

use crate::error::{Result, failed};

/// What the changelog says about one version.
#[derive(Debug, PartialEq, Eq)]
pub struct Section<'a> {
    /// What stands in parentheses behind the version: `Unreleased`, or the date of its release.
    pub date: &'a str,
    /// The groups and their entries, without the heading.
    pub text: &'a str,
}

impl<'a> Section<'a> {
    /// The section of this version; `None` if there is no heading `## VERSION (DATE)`.
    pub fn of(version: &str, changelog: &'a str) -> Option<Section<'a>> {
        let start = format!("## {version} (");
        let from = match changelog.strip_prefix(&start) {
            Some(rest) => rest,
            None => changelog.split_once(&format!("\n{start}"))?.1,
        };
        let (heading, text) = from.split_once('\n').unwrap_or((from, ""));
        let date = heading.trim_end().strip_suffix(')')?;
        let text = text.split_once("\n## ").map_or(text, |(section, _)| section);
        Some(Section { date, text: text.trim() })
    }

    /// The text for the page of a release, where every line end is a line break: each entry is one line.
    pub fn notes(&self) -> String {
        format!("{}\n", self.text.replace("\n  ", " "))
    }
}

/// The section of a version that is being released.
///
/// # Errors
///
/// When there is no such section, or it has no date yet.
pub fn released<'a>(version: &str, changelog: &'a str) -> Result<Section<'a>> {
    match Section::of(version, changelog) {
        None => Err(failed(format!("CHANGELOG.md has no heading \"## {version} (DATE)\": describe the release there"))),
        Some(section) if section.date.eq_ignore_ascii_case("unreleased") => Err(failed(format!(
            "CHANGELOG.md calls version {version} unreleased: write the date of its release, as in \
             \"## {version} (July 3, 2026)\""
        ))),
        Some(section) => Ok(section),
    }
}

/// The changelog with a section for this version. One that is missing is opened above the others.
pub fn opened(version: &str, changelog: &str) -> String {
    if Section::of(version, changelog).is_some() {
        return changelog.to_owned();
    }
    let (heading, sections) = changelog.split_once("\n## ").unwrap_or((changelog, ""));
    let before = if sections.is_empty() { "" } else { "\n## " };
    format!("{heading}\n## {version} (Unreleased)\n{before}{sections}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str =
        "# Changelog\n\n## 0.2.0 (Unreleased)\n\nFEATURES:\n\n* new.\n\n## 0.1.0 (July 3, 2026)\n\n* old.\n";

    #[test]
    fn a_version_without_a_section_gets_one_above_the_others() {
        assert_eq!(opened("0.2.0", TWO), TWO);
        let opened = opened("0.3.0", TWO);
        assert!(opened.starts_with("# Changelog\n\n## 0.3.0 (Unreleased)\n\n## 0.2.0 (Unreleased)\n"), "{opened}");
        assert_eq!(opened.replacen("## 0.3.0 (Unreleased)\n\n", "", 1), TWO);
    }

    #[test]
    fn a_section_ends_where_the_next_version_begins() {
        let section = Section::of("0.2.0", TWO);
        assert_eq!(section, Some(Section { date: "Unreleased", text: "FEATURES:\n\n* new." }));
        assert_eq!(Section::of("0.1.0", TWO), Some(Section { date: "July 3, 2026", text: "* old." }));
        assert_eq!(Section::of("0.1", TWO), None);
    }

    #[test]
    fn in_the_notes_of_a_release_each_entry_is_one_line() {
        let changelog = "## 1.0.0 (July 3, 2026)\n\nNOTES:\n\n* a long\n  entry.\n* another.\n";
        let section = Section::of("1.0.0", changelog).unwrap();
        assert_eq!(section.notes(), "NOTES:\n\n* a long entry.\n* another.\n");
    }

    #[test]
    fn only_a_version_with_a_date_can_be_released() {
        assert_eq!(released("0.1.0", TWO).unwrap().text, "* old.");
        let error = released("0.2.0", TWO).unwrap_err().to_string();
        assert!(error.contains("calls version 0.2.0 unreleased"), "{error}");
        let error = released("0.3.0", TWO).unwrap_err().to_string();
        assert!(error.contains("no heading \"## 0.3.0 (DATE)\""), "{error}");
    }

    /// The groups of a version, in the order that CONTRIBUTING.md gives.
    const GROUPS: [&str; 5] = ["BREAKING CHANGES:", "NOTES:", "FEATURES:", "ENHANCEMENTS:", "BUG FIXES:"];

    /// The entries of a section, each with its group. An entry may go on in indented lines.
    fn entries(section: &str) -> Vec<(usize, String)> {
        let (mut group, mut entries) = (None, Vec::<(usize, String)>::new());
        for line in section.lines().filter(|line| !line.is_empty()) {
            if let Some(entry) = line.strip_prefix("* ") {
                entries.push((group.expect("an entry belongs to a group"), entry.to_owned()));
            } else if let Some(more) = line.strip_prefix("  ") {
                let entry = &mut entries.last_mut().expect("a continued line follows an entry").1;
                *entry += &format!(" {more}");
            } else {
                let next = GROUPS.iter().position(|known| *known == line);
                assert!(next > group, "{line:?} is not a group, or is not in the order {GROUPS:?}");
                group = next;
            }
        }
        entries
    }

    /// The newest section is the one that is changed; readers and release notes rely on its form.
    #[test]
    fn our_changelog_has_the_form_that_contributing_describes() {
        let changelog = std::fs::read_to_string(crate::places::root().join("CHANGELOG.md")).unwrap();
        let section = Section::of(crate::provider::VERSION, &changelog).expect("the workspace's version has a section");
        let entries = entries(section.text);
        assert!(!entries.is_empty());
        for (_, entry) in entries {
            let subject = entry.split_once(": ").map_or("", |(subject, _)| subject);
            let words = |c: char| c.is_ascii_lowercase() || "-_/".contains(c);
            let said = entry.starts_with("**New ") || !subject.is_empty() && subject.chars().all(words);
            assert!(said, "{entry:?} does not begin with what it is about");
            assert!(entry.ends_with('.'), "{entry:?} does not end with a full stop");
        }
    }
}
