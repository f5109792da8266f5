//! Repeats steps that fail when a package registry or the network does.

use std::{thread, time::Duration};

use crate::error::Result;

/// The pauses between attempts. A registry that is unavailable for longer is reported as an error.
const PAUSES: [Duration; 2] = [Duration::from_secs(3), Duration::from_secs(10)];

/// Parts of error messages of pip and go that another attempt would only produce again.
const FINAL: [&str; 4] = ["No matching distribution", "checksum mismatch", "SECURITY ERROR", "requires go >="];

/// Runs the step, up to three times if it fails.
///
/// # Errors
///
/// The error of the last attempt.
pub fn retried(step: impl FnMut() -> Result<()>) -> Result<()> {
    retried_after(&PAUSES, step)
}

fn retried_after(pauses: &[Duration], mut step: impl FnMut() -> Result<()>) -> Result<()> {
    for pause in pauses {
        match step() {
            Err(error) if !FINAL.iter().any(|part| error.to_string().contains(part)) => thread::sleep(*pause),
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

    fn attempts(message: &str, failures: usize) -> (usize, bool) {
        let mut attempts = 0;
        let result = retried_after(&NONE, || {
            attempts += 1;
            if attempts > failures { Ok(()) } else { Err(failed(message)) }
        });
        (attempts, result.is_ok())
    }

    #[test]
    fn a_failing_step_is_run_three_times_unless_its_error_is_final() {
        assert_eq!(attempts("connection reset", 1), (2, true));
        assert_eq!(attempts("connection reset", 9), (3, false));
        assert_eq!(attempts("No matching distribution found", 9), (1, false));
    }
}
