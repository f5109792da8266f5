//! The waits that a server asks for.

use std::sync::atomic::Ordering;
use std::time::Duration;

use infisical::Auth;

use super::script::{self, TOKEN};
use crate::target::{Memory, Target};

pub(super) const TARGET: Target = Target {
    name: "retry-after",
    about: "waits that a server asks for with its headers: no read waits for longer than documented",
    execute,
    cost: 50,
    memory: Memory { base: 256 * 1024, factor: 128 },
    words: &[
        "retry-after: ",
        "ratelimit-reset: ",
        "x-ratelimit-reset: ",
        "date: ",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "31 Dec 9999",
        "429",
        "503",
        "1e19",
        "1e308",
        "-1",
        "NaN",
        "inf",
        "0.5",
        "784111797",
        "\n",
    ],
};

/// A minute for failures, and two more for rate limits.
const LONGEST: Duration = Duration::from_secs(60 + 120);

/// The status on the first line, and headers on the others.
fn execute(input: &[u8]) {
    let mut script = input.to_vec();
    while let Some(at) = script.windows(2).position(|pair| pair == b"\n\n") {
        script.remove(at);
    }
    script.extend(b"\n\n{}");
    let (client, sent) = script::client(&script, Auth::Token(TOKEN.into()));
    let (result, took) = script::run(async { client.rotations().get("a").await });
    let sent = sent.load(Ordering::Relaxed);
    assert!(took <= LONGEST, "waited for {took:?}");
    assert!((1..=300).contains(&sent), "{sent} requests");
    assert!(result.is_err(), "an empty object is no rotation");
}
