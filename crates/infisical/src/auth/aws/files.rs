//! The two files in which AWS's tools keep profiles: `~/.aws/config` and `~/.aws/credentials`.
//!
//! | file | section | is |
//! | --- | --- | --- |
//! | config | `[default]`, `[profile NAME]` | a profile |
//! | config | `[sso-session NAME]` | a session of IAM Identity Center |
//! | credentials | `[NAME]` | the same profile; its settings take precedence |
//!
//! A line that begins with white space belongs to the setting above it, whose value is a group of settings; no setting that is
//! needed here has one.

use std::collections::BTreeMap;
use std::io;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::environment::{AwsEnvironment, CONFIG_FILE, CREDENTIALS_FILE};
use super::machine::Machine;

const DEFAULT_CONFIG_FILE: &str = "~/.aws/config";
const DEFAULT_CREDENTIALS_FILE: &str = "~/.aws/credentials";

/// A section's settings, by their names in lower case.
#[derive(Debug, Clone, Default)]
pub(super) struct Section(BTreeMap<String, SecretString>);

impl Section {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(ExposeSecret::expose_secret).filter(|value| !value.is_empty())
    }

    pub(super) fn secret(&self, name: &str) -> Option<SecretString> {
        self.get(name).map(SecretString::from)
    }
}

/// The content of both files.
#[derive(Debug, Default)]
pub(super) struct Files {
    profiles: BTreeMap<String, Section>,
    sso_sessions: BTreeMap<String, Section>,
    /// The paths of both, as messages name them.
    names: [String; 2],
}

impl Files {
    /// Reads both. One that does not exist is empty.
    ///
    /// # Errors
    ///
    /// That a file exists and cannot be read.
    pub(super) fn read(environment: &AwsEnvironment, machine: &dyn Machine) -> Result<Self, String> {
        let path = |variable, default| environment.get(variable).unwrap_or(default).to_owned();
        let names = [path(CONFIG_FILE, DEFAULT_CONFIG_FILE), path(CREDENTIALS_FILE, DEFAULT_CREDENTIALS_FILE)];
        let mut files = Self { names, ..Self::default() };
        for is_config in [true, false] {
            let name = if is_config { &files.names[0] } else { &files.names[1] };
            let content = match machine.read(&environment.expanded(name)) {
                Ok(content) => Zeroizing::new(content),
                Err(error) if is_missing(&error) => continue,
                Err(error) => return Err(format!("the file {name} cannot be read: {error}")),
            };
            let text = std::str::from_utf8(&content).map_err(|_| format!("the file {name} holds no text"))?;
            files.add(text, is_config);
        }
        Ok(files)
    }

    pub(super) fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name)
    }

    pub(super) fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name)
    }

    /// Both paths, for a message.
    pub(super) fn names(&self) -> String {
        self.names.join(" or ")
    }

    fn add(&mut self, text: &str, is_config: bool) {
        let mut section: Option<&mut Section> = None;
        let mut has_setting = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let content = line.trim();
            if content.is_empty() || content.starts_with(['#', ';']) {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                section = self.section(header.split(']').next().unwrap_or_default().trim(), is_config);
                has_setting = false;
                continue;
            }
            let is_nested = line.starts_with(char::is_whitespace) && has_setting;
            let (Some(section), Some((name, value))) = (section.as_mut(), content.split_once('=')) else { continue };
            if !is_nested {
                section.0.insert(name.trim().to_ascii_lowercase(), SecretString::from(without_comment(value)));
                has_setting = true;
            }
        }
    }

    /// The section of this header, if it is one that counts.
    fn section(&mut self, header: &str, is_config: bool) -> Option<&mut Section> {
        let (kind, name) = header.split_once(char::is_whitespace).unwrap_or(("", header));
        let sections = match (is_config, kind, name) {
            (true, "sso-session", _) => &mut self.sso_sessions,
            (false, "", _) | (true, "profile", _) | (true, "", "default") => &mut self.profiles,
            _ => return None,
        };
        Some(sections.entry(name.trim().trim_matches('"').to_owned()).or_default())
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// A value without what follows ` #` or ` ;`.
fn without_comment(value: &str) -> &str {
    let starts = value.match_indices(['#', ';']).map(|(at, _)| at);
    let mut comments = starts.filter(|at| value[..*at].ends_with(char::is_whitespace));
    value[..comments.next().unwrap_or(value.len())].trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "\u{feff}# a comment\n[default]\nregion=eu-west-1 # here\nOutput = json\r\n\n\
        [profile  two]\nrole_arn = arn:aws:iam::1:role/a;b\ns3 =\n  region = nested\n[plugins]\nregion = of-no-profile\n\
        [sso-session corp]\nsso_region = us-east-2\n[two]\nregion = no-profile-either\n";
    const CREDENTIALS: &str = "[default]\nregion = counts-more\n[two]\naws_secret_access_key = a+b/c==\n";

    #[test]
    fn ok_both_files_make_one_profile() {
        let mut files = Files::default();
        files.add(CONFIG, true);
        files.add(CREDENTIALS, false);
        let get = |profile: &str, name: &str| files.profile(profile).and_then(|section| section.get(name));
        assert_eq!(get("default", "region"), Some("counts-more"));
        assert_eq!(get("default", "output"), Some("json"));
        assert_eq!(get("two", "role_arn"), Some("arn:aws:iam::1:role/a;b"));
        assert_eq!(get("two", "aws_secret_access_key"), Some("a+b/c=="));
        assert_eq!(get("two", "region"), None, "neither nested ones nor other sections' settings count");
        assert_eq!(files.sso_session("corp").and_then(|session| session.get("sso_region")), Some("us-east-2"));
        assert_eq!(files.profiles.len(), 2);
    }

    #[test]
    fn ok_a_comment_needs_a_space_before_it() {
        let mut files = Files::default();
        files.add(CONFIG, true);
        assert_eq!(files.profile("default").and_then(|section| section.get("region")), Some("eu-west-1"));
    }
}
