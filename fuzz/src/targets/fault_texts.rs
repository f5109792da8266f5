//! The simulator's fault texts.

use simulator::{Fault, parse_time};

use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "fault-texts",
    about: "the simulator's faults and times; an error quotes the text and says what is allowed",
    execute,
    cost: 1,
    memory: Memory { base: 64 * 1024, factor: 128 },
    words: &[
        "create:",
        "any:",
        "connection-read:",
        "delay=",
        "200ms",
        "1m",
        "drop-after",
        "truncate",
        "status=",
        "503",
        "html",
        "body=",
        "huge",
        "size=",
        "64MiB",
        "18446744073709551615",
        "redirect=",
        "refuse=",
        "400/BadRequest/",
        "no-route",
        "openrouter-delay=",
        "fail-after-store",
        "after",
        "skip=",
        "times=",
        "every=",
        "chance=",
        "seed=",
        "retry-after=",
        "retry-after-date=",
        "0.5",
        "NaN",
        ",",
    ],
};

fn execute(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match text.parse::<Fault>() {
        Ok(fault) => {
            let (call, _) = text.split_once(':').unwrap();
            assert_eq!(text.parse().as_ref(), Ok(&fault), "of {call}");
        }
        Err(error) => {
            let shown = error.to_string();
            assert!(shown.starts_with(&format!("fault {text:?}: ")), "{shown}");
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
    if let Some(time) = parse_time(&text) {
        assert!(text.starts_with(|first: char| first.is_ascii_digit()), "{text:?} is {time:?}");
    }
}
