//! Starts other programs in one of two environments. Errors include what the program printed.

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::error::{Doing, Result, failed};

/// The variables that a core needs. Any other variable could change what a run does.
const KEPT: [&str; 9] = ["PATH", "LANG", "LC_ALL", "TERM", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC"];

/// Whether the variable would interfere with an installation step: it is meant for Terraform or for another Python.
fn interferes(name: &str) -> bool {
    ["TF_", "INFISICAL_", "PYTHONHOME", "PYTHONPATH"].iter().any(|start| name.starts_with(start))
}

/// A command without access to the user's home folder or to variables outside a short list.
pub fn hermetic(program: impl AsRef<OsStr>, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", home).env("USERPROFILE", home).env("APPDATA", home);
    command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command
}

/// A command for cargo, pip, go and the like, in the user's environment with its proxy and registry settings, but without
/// variables that interfere.
pub fn tool(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(interferes) {
            command.env_remove(name);
        }
    }
    command
}

/// The cargo that started this program, or else the one on PATH, in the root of the repository.
pub fn cargo() -> Command {
    let mut command = tool(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(crate::places::root());
    command
}

/// The command as it would be typed in a shell: program name and arguments, quoted where needed.
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

/// Runs the command and returns its stdout.
///
/// # Errors
///
/// When the program cannot be started, or fails; the error then contains everything that it printed.
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

/// Runs the command with the stdout and stderr of this process.
///
/// # Errors
///
/// When the program cannot be started, or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status().doing(format_args!("run {}", typed(command)))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(format!("{} ended with {status}", typed(command))))
}

/// The first of these programs that is on PATH and accepts `--version`.
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
            assert!(allowed(&name.to_string_lossy()), "{name:?} is set");
        }
    }

    #[test]
    fn terraform_and_infisical_variables_interfere_and_proxies_do_not() {
        for name in ["TF_CLI_ARGS", "TF_LOG", "INFISICAL_TOKEN", "PYTHONPATH"] {
            assert!(interferes(name), "{name}");
        }
        for name in ["HTTPS_PROXY", "PIP_INDEX_URL", "GOPROXY", "CARGO_HOME", "TFX"] {
            assert!(!interferes(name), "{name}");
        }
    }

    #[test]
    fn a_typed_command_can_be_pasted_into_a_shell() {
        let mut command = Command::new("/opt/bin/terraform");
        command.args(["plan", "-var=name=it's", "", "a b"]);
        assert_eq!(typed(&command), r"terraform plan '-var=name=it'\''s' '' 'a b'");
    }

    #[test]
    fn the_error_of_a_failed_command_contains_its_output() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; echo err >&2; exit 3"]);
        let message = output(&mut command).unwrap_err().to_string();
        assert!(message.contains("out\nerr") && message.contains("3"), "{message}");
    }
}
