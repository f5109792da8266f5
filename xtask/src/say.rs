//! Output of the commands.

use std::{
    env,
    fmt::Display,
    io::{IsTerminal, Write, stdout},
    time::Duration,
};

/// Prints one line on stdout.
pub fn line(text: impl Display) {
    // A closed pipe must not end a command before it has cleaned up.
    drop(writeln!(stdout(), "{text}"));
}

/// Prints a heading, after an empty line.
pub fn heading(text: impl Display) {
    line(format_args!("\n{}", bold(text)));
}

/// Prints a shell command, after an empty line.
pub fn command(text: impl Display) {
    line(format_args!("\n{}", paint("36", format_args!("$ {text}"))));
}

/// The text in bold, if output is coloured.
pub fn bold(text: impl Display) -> String {
    paint("1", text)
}

/// The text in green, if output is coloured.
pub fn green(text: impl Display) -> String {
    paint("32", text)
}

/// The text in red, if output is coloured.
pub fn red(text: impl Display) -> String {
    paint("31", text)
}

/// Whether output is coloured: on a terminal, unless `NO_COLOR` is set.
pub fn colours() -> bool {
    stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn paint(code: &str, text: impl Display) -> String {
    if colours() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
}

/// A duration in readable form: `0.4 s`, `59.9 s`, `4 min 05 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_readable_form() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(245)), "4 min 05 s");
    }
}
