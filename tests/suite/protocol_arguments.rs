//! The binary, started by a user instead of a core.

use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-infisical"));
    command.args(arguments).env_remove("TF_PLUGIN_MAGIC_COOKIE").stdin(Stdio::null());
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn without_arguments_the_binary_explains_what_it_is_and_how_to_install_it() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "stdout is reserved for the handshake");
    let said = text(&output.stderr);
    for words in ["is a plugin for Terraform and OpenTofu", "cargo xtask install", "required_providers"] {
        assert!(said.contains(words), "{words:?} is not in: {said}");
    }
}

#[test]
fn version_and_help_are_printed() {
    let version = run(&["--version"]);
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(text(&version.stdout), format!("terraform-provider-infisical {}\n", env!("CARGO_PKG_VERSION")));
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for words in ["Usage:", "--debug", "--version", "cargo xtask install"] {
        assert!(text(&help.stdout).contains(words), "{words:?} is not in the help");
    }
}

#[test]
fn the_error_for_an_unknown_argument_contains_it_and_what_is_allowed() {
    let output = run(&["--frobnicate", "x"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("--frobnicate x") && said.contains("--debug, --version or --help"), "{said}");
}
