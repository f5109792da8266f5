//! What our commands print.

use std::{
    env,
    fmt::Display,
    io::{IsTerminal, Write, stdout},
    time::Duration,
};

/// Prints one line on stdout.
pub fn line(text: impl Display) {
    // A reader that went away must not stop us before we have cleaned up.
    drop(writeln!(stdout(), "{text}"));
}

/// Prints a heading with an empty line before it.
pub fn heading(text: impl Display) {
    line(format_args!("\n{}", bold(text)));
}

/// Prints a command as a person would type it.
pub fn command(text: impl Display) {
    line(format_args!("\n{}", paint("36", format_args!("$ {text}"))));
}

/// The text in bold, where stdout is a terminal.
pub fn bold(text: impl Display) -> String {
    paint("1", text)
}

/// The text in green.
pub fn green(text: impl Display) -> String {
    paint("32", text)
}

/// The text in red.
pub fn red(text: impl Display) -> String {
    paint("31", text)
}

/// Whether to colour: on a terminal, unless `NO_COLOR` is set.
pub fn colours() -> bool {
    stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn paint(code: &str, text: impl Display) -> String {
    if colours() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
}

/// A duration for people: `0.4 s`, `59.9 s`, `4 min 05 s`.
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
    fn durations_are_written_for_people() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(245)), "4 min 05 s");
    }
}
