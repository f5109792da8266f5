//! Parses faults from the command line, such as `create:drop-after,times=2`.

use std::str::FromStr;

use crate::{call::Call, fault::Fault, fault_effect::Effect, fault_options::Words};

/// The grammar, as `--help` shows it.
pub const GRAMMAR: &str = "\
CALL:EFFECT[,OPTION]…

CALL      login, create, read, list, read-by-name, update, delete, rotate, credentials,
          connection-create, connection-read, connection-read-by-name, connection-list,
          connection-update, connection-delete, project-list, other, any

EFFECT    delay=TIME         the response is delayed (200ms, 2s, 1m)
          drop-before        the call is not executed; the connection is closed without a response
          drop-after         the call is executed; the connection is closed without a response
          truncate           the call is executed; the second half of the response is missing
          status=N           an error of the API (400 to 599), optionally with
                             retry-after=SECONDS or retry-after-date=SECONDS
          html               a proxy's page, with status=N (default: 502)
          body=TEXT          this text as a JSON response, with status=N (default: 200);
                             TEXT extends to the end, so body= must come last
          huge               a very long response, of size=SIZE (default: 64MiB)
          redirect=URL       a redirect, with status=N (default: 302)
          token-expired      the access token is reported as expired
          refuse=STATUS/ERROR/MESSAGE
                             any refusal in the API's own format; must come last, like body=
          no-route           the framework's 404 for an unknown route, with req-id to add a reqId

          For create, rotate, delete and any, inside the server; can be combined with the others:
          openrouter-delay=TIME
                             OpenRouter is slow, after the checks and before the writes
          openrouter-refuses=TEXT
                             OpenRouter refuses; must come last, like body=
          fail-after-key     the key is issued, but nothing is stored: 500
          fail-after-store   everything is stored, but the response is a 500, or with status=400
                             a create's 400

OPTION    after              the call is executed before the fault takes effect
          skip=N             does not apply to the first N matching calls
          times=N            applies N times at most
          every=N            applies to every Nth matching call
          chance=P           applies with probability P (0 to 1), optionally with seed=N";

/// Why the text of a fault is invalid: the invalid part, and what is allowed instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fault {text:?}: {problem}")]
pub struct FaultError {
    text: String,
    problem: String,
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        read(text).map_err(|problem| FaultError { text: text.to_owned(), problem })
    }
}

fn read(text: &str) -> Result<Fault, String> {
    let (call, rest) = text.split_once(':').ok_or("a colon is missing; allowed: CALL:EFFECT")?;
    let call: Call = call.parse()?;
    let mut words = Words::read(rest)?;
    let effect = words.effect()?;
    let mut fault = Fault::new(call, effect);
    if fault.effect.is_inside() && !matches!(call, Call::Create | Call::Rotate | Call::Delete | Call::Any) {
        return Err(format!("{} is for create, rotate, delete and any, not for {call}", fault.name()));
    }
    let after_is_new = !matches!(fault.effect, Effect::Truncate | Effect::TokenExpired) && !fault.effect.is_inside();
    if words.flag("drop-after")? || (after_is_new && words.flag("after")?) {
        fault = fault.after_commit();
    }
    if let Some(skip) = words.number("skip", 0..=u64::MAX)? {
        fault = fault.skip(skip);
    }
    if let Some(times) = words.number("times", 1..=u64::MAX)? {
        fault = fault.times(times);
    }
    let every = words.number("every", 1..=u64::MAX)?;
    let chance = words.number("chance", 0.0..=1.0)?;
    fault = match (every, chance) {
        (Some(_), Some(_)) => return Err("every= and chance= cannot be combined".to_owned()),
        (Some(n), None) => fault.every(n),
        (None, Some(p)) => fault.chance(p, words.number("seed", 0..=u64::MAX)?.unwrap_or(0)),
        (None, None) => fault,
    };
    words.nothing_left(&fault)?;
    Ok(fault)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::fault_effect::RetryAfter;

    #[test]
    fn ok_every_effect_and_option_is_parsed() {
        let ms = Duration::from_millis;
        for (text, fault) in [
            ("create:drop-after", Fault::drop_after(Call::Create)),
            ("create:drop-before,times=1", Fault::drop_before(Call::Create).times(1)),
            ("read:status=503,times=2", Fault::status(Call::Read, 503).times(2)),
            ("any:delay=200ms,every=10", Fault::delay(Call::Any, ms(200)).every(10)),
            ("any:delay=1m,after", Fault::delay(Call::Any, ms(60_000)).after_commit()),
            ("list:truncate,skip=3", Fault::truncate(Call::List).skip(3)),
            ("read:status=429,retry-after=2", Fault::status(Call::Read, 429).retry_after(RetryAfter::Seconds(2))),
            (
                "read:retry-after-date=5,status=429,after",
                Fault::status(Call::Read, 429).retry_after(RetryAfter::Date(5)).after_commit(),
            ),
            ("delete:html", Fault::html(Call::Delete, 502)),
            ("delete:html,status=200,after", Fault::html(Call::Delete, 200).after_commit()),
            ("read:body={\"a\":1,\"b\":2}", Fault::body(Call::Read, 200, "{\"a\":1,\"b\":2}")),
            ("read:status=404,body=[],x", Fault::body(Call::Read, 404, "[],x")),
            ("list:huge", Fault::huge(Call::List)),
            ("list:huge,size=2KiB", Fault::new(Call::List, Effect::Huge { bytes: 2048 })),
            ("read:redirect=http://x.test/a", Fault::redirect(Call::Read, "http://x.test/a")),
            ("any:token-expired,times=1", Fault::token_expired(Call::Any).times(1)),
            ("any:status=500,chance=0.1,seed=7", Fault::status(Call::Any, 500).chance(0.1, 7)),
            ("read:refuse=403/TokenError/No, a/b.", Fault::refuse(Call::Read, 403, "TokenError", "No, a/b.")),
            ("read:no-route", Fault::no_route(Call::Read, false)),
            ("read:no-route,req-id", Fault::no_route(Call::Read, true)),
            ("create:openrouter-delay=40s,times=1", Fault::openrouter_delay(Call::Create, ms(40_000)).times(1)),
            ("rotate:times=2,openrouter-refuses=Oh, no", Fault::openrouter_refuses(Call::Rotate, "Oh, no").times(2)),
            ("create:fail-after-key", Fault::fail_after_key(Call::Create)),
            ("create:fail-after-store", Fault::fail_after_store(Call::Create)),
            ("create:fail-after-store,status=400", Fault::fail_after_store_400(Call::Create)),
        ] {
            assert_eq!(text.parse::<Fault>(), Ok(fault), "{text}");
        }
    }

    #[test]
    fn err_names_the_invalid_part_and_what_is_allowed() {
        for (text, problem) in [
            ("create", "a colon is missing; allowed: CALL:EFFECT"),
            (
                "create:dorp",
                "no effect in \"dorp\"; allowed: delay=, drop-before, drop-after, truncate, status=, html, body=, huge, redirect=, token-expired, refuse=, no-route, openrouter-delay=, openrouter-refuses=, fail-after-key, fail-after-store",
            ),
            ("read:fail-after-key", "fail-after-key is for create, rotate, delete and any, not for read"),
            ("create:fail-after-store,status=404", "status=\"404\" is not allowed; allowed: 400 and 500"),
            (
                "read:refuse=200/A/B",
                "refuse=\"200/A/B\" is not allowed; allowed: STATUS/ERROR/MESSAGE with STATUS 400 to 599",
            ),
            ("create:delay=5", "delay=\"5\" is not a time; allowed: 200ms, 2s, 1m"),
            ("create:delay", "delay= needs a value"),
            ("create:status=200", "status=\"200\" is not allowed; allowed: 400 to 599"),
            ("create:html,huge", "only one effect is allowed, not html and huge"),
            ("create:drop-after=1", "drop-after takes no value, but \"1\" is given"),
            ("create:huge,size=1GB", "size=\"1GB\" is not a size; allowed: 1000, 64KiB, 64MiB"),
            (
                "create:truncate,after",
                "\"after\" cannot be combined with truncate; allowed: skip=, times=, every=, chance=, seed= (with chance=)",
            ),
            (
                "create:html,retry-after=1",
                "\"retry-after\" cannot be combined with html; allowed: after, status=, skip=, times=, every=, chance=, seed= (with chance=)",
            ),
            (
                "create:drop-after,seed=1",
                "\"seed\" cannot be combined with drop-after; allowed: skip=, times=, every=, chance=, seed= (with chance=)",
            ),
            ("create:drop-after,times=0", "times=\"0\" is not allowed; allowed: 1 to 18446744073709551615"),
            ("create:drop-after,chance=2", "chance=\"2\" is not allowed; allowed: 0 to 1"),
            ("create:drop-after,every=2,chance=1", "every= and chance= cannot be combined"),
            ("create:drop-after,skip=1,skip=2", "\"skip\" is given twice"),
        ] {
            let error = text.parse::<Fault>().map(|_| ()).unwrap_err().to_string();
            assert_eq!(error, format!("fault {text:?}: {problem}"));
        }
    }

    #[test]
    fn the_grammar_names_every_call() {
        for name in Call::names() {
            assert!(GRAMMAR.contains(name), "{name}");
        }
    }
}
