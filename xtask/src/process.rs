//! Starting other programs: two kinds of environment, and errors that show what the program said.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::error::{Doing, Result, failed};

/// What a core needs of the environment; everything else could change what a run does.
const KEPT: [&str; 9] = ["PATH", "LANG", "LC_ALL", "TERM", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC"];

/// Variables that would reach into an install step: they belong to runs of Terraform or of another Python.
fn disturbs(name: &str) -> bool {
    ["TF_", "INFISICAL_", "PYTHONHOME", "PYTHONPATH"].iter().any(|start| name.starts_with(start))
}

/// A command that sees neither the user's home nor any variable outside a short list.
pub fn hermetic(program: impl AsRef<OsStr>, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).env("USERPROFILE", home).env("APPDATA", home);
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// A command for cargo, pip and go: the user's environment, with their proxy and registry settings, less what disturbs.
pub fn tool(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(disturbs) {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that runs us, or the one on PATH; in the repository's root.
pub fn cargo() -> Command {
    let mut command = tool(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::places::root());
    command
}

/// How a person would type the command: program name and arguments, quoted where needed.
pub fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Runs the command to its end and returns what it printed on stdout.
///
/// # Errors
///
/// When the program can't be started, or ends with another code than 0; then with all that it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().doing(format_args!("run {}", typed(command)))?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return Ok(stdout);
    }
    let stderr = String::from_utf8_lossy(&stderr);
    Err(failed(format!("{} ended with {status}\n{stdout}{stderr}", typed(command)).trim_end()))
}

/// Runs the command with our own stdout and stderr.
///
/// # Errors
///
/// When the program can't be started, or ends with another code than 0.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().doing(format_args!("run {}", typed(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(format!("{} ended with {status}", typed(command))))
}

/// The first of these programs that PATH has and that answers to `--version`.
pub fn first_present(programs: &[&'static str]) -> Option<&'static str> {
    programs.iter().copied().find(|program| {
        let answer = tool(program).arg("--version").stdin(Stdio::null()).output();
        answer.is_ok_and(|answer| answer.status.success())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hermetic_command_has_only_the_listed_variables() {
        let command = hermetic("terraform", Path::new("home"));
        let allowed = |name: &str| KEPT.contains(&name) || ["HOME", "USERPROFILE", "APPDATA"].contains(&name);
        for (name, _) in command.get_envs() {
            assert!(allowed(&name.to_string_lossy()), "{name:?} leaked in");
        }
    }

    #[test]
    fn terraform_and_infisical_variables_disturb_and_proxies_do_not() {
        for name in ["TF_CLI_ARGS", "TF_LOG", "INFISICAL_TOKEN", "PYTHONPATH"] {
            assert!(disturbs(name), "{name}");
        }
        for name in ["HTTPS_PROXY", "PIP_INDEX_URL", "GOPROXY", "CARGO_HOME", "TFX"] {
            assert!(!disturbs(name), "{name}");
        }
    }

    #[test]
    fn a_typed_command_can_be_pasted_into_a_shell() {
        let mut command = Command::new("/opt/bin/terraform");
        command.args(["plan", "-var=name=it's", "", "a b"]);
        assert_eq!(typed(&command), r"terraform plan '-var=name=it'\''s' '' 'a b'");
    }

    #[test]
    fn a_failed_command_shows_what_it_printed() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let words = output(&mut command).unwrap_err().to_string();
        assert!(words.contains("out\nerr") && words.contains("3"), "{words}");
    }
}
