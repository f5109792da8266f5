//! Panics: one in a call becomes an error of that call; any other is printed in the form in which a
//! core looks for a crashed plugin's message.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::Cell;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, Location, PanicHookInfo};

use futures_util::FutureExt as _;

tokio::task_local! {
    /// Set while a call runs whose panic is caught: where it panicked.
    static CAUGHT: Cell<Option<String>>;
}

/// Where a call panicked. The message is only in the log.
#[derive(Debug)]
pub(crate) struct Panic {
    /// File, line and column.
    pub(crate) location: String,
}

/// Runs a call of the provider. A panic in it is logged and becomes [`Panic`].
///
/// # Errors
///
/// [`Panic`], only when `call` panicked.
pub(crate) async fn catch<F: Future>(call: F) -> Result<F::Output, Panic> {
    let caught = async {
        AssertUnwindSafe(call).catch_unwind().await.map_err(|_| {
            let location = CAUGHT.with(Cell::take);
            Panic { location: location.unwrap_or_else(|| "an unknown place".to_owned()) }
        })
    };
    CAUGHT.scope(Cell::default(), caught).await
}

/// Takes over what the process does when it panics.
pub(super) fn install() {
    std::panic::set_hook(Box::new(hook));
}

fn hook(info: &PanicHookInfo<'_>) {
    let location = info.location().map(place).unwrap_or_default();
    let message = text(info.payload());
    if CAUGHT.try_with(|caught| caught.set(Some(location.clone()))).is_ok() {
        tracing::error!(location, panic = message, "a call of the provider panicked");
    } else {
        // If stderr is closed, there is nowhere to report it.
        drop(io::stderr().lock().write_all(last_words(&location, message).as_bytes()));
    }
}

/// A core recognizes the first line by its start, and shows it and the lines that follow to the user.
fn last_words(location: &str, message: &str) -> String {
    let message = message.replace('\n', " ");
    let trace = Backtrace::capture();
    match trace.status() {
        BacktraceStatus::Captured => format!("panic: {message}, at {location}\n{trace}\n"),
        _ => format!("panic: {message}, at {location}\n"),
    }
}

fn text(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no text")
}

/// The place in the source, without the folders of the machine that built a dependency.
fn place(location: &Location<'_>) -> String {
    let file = location.file();
    // Cargo stores dependencies in a folder for the registry's index, with a folder for each version.
    let known = file.split_once("/registry/src/").and_then(|(_, rest)| rest.split_once('/'));
    let file = known.map_or(file, |(_, file)| file);
    format!("{file}:{}:{}", location.line(), location.column())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Installs the hook only for caught panics, since other tests panic as well.
    fn hook_for_caught_panics() {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(
            move |info| {
                if CAUGHT.try_with(|_| ()).is_ok() { hook(info) } else { others(info) }
            },
        ));
    }

    #[tokio::test]
    async fn a_call_that_does_not_panic_returns_its_result() {
        assert_eq!(catch(async { 7 }).await.unwrap(), 7);
    }

    /// In the middle of a call, after an await; the next call is not affected.
    #[tokio::test]
    async fn a_panic_in_a_call_is_an_error_with_its_place() {
        hook_for_caught_panics();
        for line in [line!() + 3, line!() + 3] {
            let call = async {
                tokio::task::yield_now().await;
                panic!("a text that stays out of the error");
            };
            let panic: Panic = catch(call).await.err().unwrap();
            assert!(panic.location.ends_with(&format!("src/log/panic.rs:{line}:17")), "{}", panic.location);
        }
        let none = std::panic::catch_unwind(|| CAUGHT.try_with(|_| ()).is_ok()).unwrap();
        assert!(!none, "outside of calls nothing is caught");
    }

    #[test]
    fn last_words_begin_as_a_core_expects_and_are_one_line() {
        let words = last_words("src/main.rs:1:2", "two\nlines");
        assert!(words.starts_with("panic: two lines, at src/main.rs:1:2\n"), "{words}");
    }

    #[test]
    fn the_text_of_either_kind_of_payload_is_found() {
        assert_eq!(text(&"plain"), "plain");
        assert_eq!(text(&"made".to_owned()), "made");
        assert_eq!(text(&5), "no text");
    }
}
