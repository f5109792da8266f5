//! What the commands share in reading their arguments.

use lexopt::{Arg, Parser};

use crate::error::{Error, Result, failed};

/// The error for an argument that a command does not accept; `allowed` lists the ones that it does.
pub fn unexpected(argument: Arg<'_>, allowed: &str) -> Error {
    let given = match argument {
        Arg::Short(name) => format!("-{name}"),
        Arg::Long(name) => format!("--{name}"),
        Arg::Value(value) => value.to_string_lossy().into_owned(),
    };
    failed(format!("unexpected argument {given:?}; allowed: {allowed}"))
}

/// Reads the arguments of a command that accepts none.
///
/// # Errors
///
/// When there is an argument.
pub fn none(mut arguments: Parser) -> Result<()> {
    arguments.next()?.map_or(Ok(()), |argument| Err(unexpected(argument, "none")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_argument_is_named_as_it_was_typed() {
        for (typed, allowed) in [("--cores", "none"), ("-c", "none"), ("filter", "none")] {
            let error = none(Parser::from_args([typed])).unwrap_err().to_string();
            assert_eq!(error, format!("unexpected argument {typed:?}; allowed: {allowed}"));
        }
        none(Parser::from_args([""; 0])).unwrap();
    }
}
