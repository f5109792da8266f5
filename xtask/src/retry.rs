//! Repeats what a registry or the way to it may have failed at.

use std::{thread, time::Duration};

use crate::error::Result;

/// The pauses between the tries; a registry that is down for longer is reported.
const PAUSES: [Duration; 2] = [Duration::from_secs(3), Duration::from_secs(10)];

/// Words of pip and go that no repetition changes.
const FINAL: [&str; 4] = ["No matching distribution", "checksum mismatch", "SECURITY ERROR", "requires go >="];

/// Runs the step, and again after a pause if it failed: three times in all.
///
/// # Errors
///
/// The last error.
pub fn retried(step: impl FnMut() -> Result<()>) -> Result<()> {
    retried_after(&PAUSES, step)
}

fn retried_after(pauses: &[Duration], mut step: impl FnMut() -> Result<()>) -> Result<()> {
    for pause in pauses {
        match step() {
            Err(error) if !FINAL.iter().any(|words| error.to_string().contains(words)) => thread::sleep(*pause),
            done => return done,
        }
    }
    step()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::failed;

    const NONE: [Duration; 2] = [Duration::ZERO; 2];

    fn tries(words: &str, failures: usize) -> (usize, bool) {
        let mut tries = 0;
        let result = retried_after(&NONE, || {
            tries += 1;
            if tries > failures { Ok(()) } else { Err(failed(words)) }
        });
        (tries, result.is_ok())
    }

    #[test]
    fn a_step_is_tried_three_times_unless_its_error_is_final() {
        assert_eq!(tries("connection reset", 1), (2, true));
        assert_eq!(tries("connection reset", 9), (3, false));
        assert_eq!(tries("No matching distribution found", 9), (1, false));
    }
}
