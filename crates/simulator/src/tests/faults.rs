//! Every fault, over a real connection.

use std::time::Duration;

use serde_json::json;

use super::{
    wire::{Raw, connect, send, send_as, wait_until},
    *,
};
use crate::{CLIENT_ID, CLIENT_SECRET, Call, Counts, Effect, Fault, RetryAfter, Simulator};

fn start() -> Simulator {
    Simulator::start(Options::default()).unwrap()
}

fn create(sim: &Simulator) -> Raw {
    send(sim, "POST", R, Some(&sample(json!({}))))
}

const NOTHING: Counts = Counts { rotations: 0, secrets: 0, live_keys: 0 };
const ONE: Counts = Counts { rotations: 1, secrets: 1, live_keys: 1 };

#[test]
fn a_fault_before_the_call_prevents_it_and_one_after_it_does_not() {
    let before: [Fault; 6] = [
        Fault::drop_before(Call::Create),
        Fault::status(Call::Create, 503),
        Fault::html(Call::Create, 502),
        Fault::body(Call::Create, 200, "{}"),
        Fault::redirect(Call::Create, "http://127.0.0.1:9/"),
        Fault::new(Call::Create, Effect::Huge { bytes: 1000 }),
    ];
    for fault in before {
        let sim = start();
        sim.fault(fault.clone());
        create(&sim);
        assert_eq!(sim.counts(), NOTHING, "{fault:?}");
        let after = fault.after_commit();
        sim.clear_faults();
        sim.fault(after.clone());
        create(&sim);
        assert_eq!(sim.counts(), ONE, "{after:?}");
    }
}

#[test]
fn drop_closes_the_connection_without_a_response() {
    let sim = start();
    sim.fault(Fault::drop_before(Call::Create).times(1));
    assert!(create(&sim).is_nothing());
    sim.fault(Fault::drop_after(Call::Create).times(1));
    assert!(create(&sim).is_nothing());
    assert_eq!(sim.counts(), ONE);
    let recorded: Vec<_> = sim.requests().into_iter().map(|request| (request.status, request.faults)).collect();
    assert_eq!(recorded, [(None, vec!["drop-before"]), (None, vec!["drop-after"])]);
}

#[test]
fn truncate_sends_half_of_the_response() {
    let sim = start();
    sim.fault(Fault::truncate(Call::Create));
    let raw = create(&sim);
    let whole: usize = raw.header("content-length").unwrap().parse().unwrap();
    assert_eq!((raw.status(), raw.body.len()), (200, whole / 2));
    assert!(raw.body.starts_with(b"{\"secretRotation\":{"));
    assert_eq!(sim.counts(), ONE);
}

#[test]
fn delay_postpones_the_call_or_only_its_response() {
    let hour = Fault::delay(Call::Create, Duration::from_secs(3600));
    for (fault, done) in [(hour.clone(), NOTHING), (hour.after_commit(), ONE)] {
        let sim = start();
        sim.fault(fault.clone());
        let _unanswered = connect(&sim, sim.token(), "POST", R, Some(&sample(json!({}))));
        wait_until("arrived", || sim.requests().len() == 1);
        // The server has one thread, so the first call has done all that it does without waiting once this one returns.
        assert_eq!(send(&sim, "GET", C, None).status(), 200);
        assert_eq!((sim.counts(), sim.requests()[0].status), (done, None), "{fault:?}");
    }
    let sim = start();
    sim.fault(Fault::delay(Call::Create, Duration::from_millis(1)));
    assert_eq!(create(&sim).status(), 200, "delayed, but successful");
}

#[test]
fn a_call_is_completed_although_its_client_has_disconnected() {
    let sim = start();
    sim.fault(Fault::delay(Call::Create, Duration::from_millis(20)));
    drop(connect(&sim, sim.token(), "POST", R, Some(&sample(json!({})))));
    wait_until("the request", || sim.requests().len() == 1);
    wait_until("done", || {
        let (is_busy, is_done) = (sim.is_busy(), sim.counts() == ONE);
        assert!(is_busy || is_done, "a request that is not done is being executed");
        is_done
    });
    wait_until("the end of the request", || !sim.is_busy());
}

#[test]
fn status_returns_an_error_of_the_api_with_a_request_id() {
    let sim = start();
    for status in [400, 401, 403, 404, 422, 500] {
        sim.clear_faults();
        sim.fault(Fault::status(Call::Create, status));
        let raw = create(&sim);
        assert_eq!((raw.status(), raw.header("retry-after")), (status, None));
        assert_eq!(check_response(&raw.json()), Vec::<String>::new(), "{status}");
    }
}

#[test]
fn retry_after_is_given_in_seconds_or_as_a_date() {
    let sim = start();
    sim.fault(Fault::status(Call::Create, 429).retry_after(RetryAfter::Seconds(7)).times(1));
    sim.fault(Fault::status(Call::Create, 503).retry_after(RetryAfter::Date(3600)).skip(1));
    assert_eq!(create(&sim).header("retry-after"), Some("7"));
    let raw = create(&sim);
    let at = |name: &str| httpdate::parse_http_date(raw.header(name).unwrap()).unwrap();
    let wait = at("retry-after").duration_since(at("date")).unwrap();
    assert!((3599..=3601).contains(&wait.as_secs()), "{wait:?}");
}

#[test]
fn html_body_redirect_and_huge_replace_the_response() {
    let sim = start();
    let with = |fault: Fault| {
        sim.clear_faults();
        sim.fault(fault);
        create(&sim)
    };
    let html = with(Fault::html(Call::Create, 200));
    assert_eq!((html.status(), html.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(html.body.starts_with(b"<html>"));

    let body = with(Fault::body(Call::Create, 201, "{\"limit\": 1.10"));
    assert_eq!((body.status(), body.body.as_slice()), (201, b"{\"limit\": 1.10".as_slice()));

    let redirect = with(Fault::redirect(Call::Create, "https://elsewhere.test/x"));
    assert_eq!((redirect.status(), redirect.header("location")), (302, Some("https://elsewhere.test/x")));

    let bytes = 200_000;
    let huge = with(Fault::new(Call::Create, Effect::Huge { bytes }));
    let filler = huge.body.iter().filter(|byte| **byte == b'x').count();
    assert_eq!((huge.status(), filler), (200, 200_000 - 2));
    assert_eq!(huge.body.iter().filter(|byte| **byte == b'"').count(), 2, "a JSON string");
}

#[test]
fn token_expired_expires_the_token_of_a_login_permanently() {
    let sim = start();
    let body = json!({ "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET });
    let login = send(&sim, "POST", "/api/v1/auth/universal-auth/login", Some(&body)).json();
    let token = login["accessToken"].as_str().unwrap();
    sim.fault(Fault::token_expired(Call::ConnectionList).times(1));
    for _ in 0..2 {
        let raw = send_as(&sim, token, "GET", C, None);
        assert_eq!((raw.status(), raw.json()["error"].clone()), (403, json!("TokenError")));
    }
    assert_eq!(send(&sim, "GET", C, None).status(), 200, "the fixed token");
}

#[test]
fn a_fault_applies_only_to_its_own_call() {
    let sim = start();
    sim.fault(Fault::status(Call::Delete, 503));
    assert_eq!(create(&sim).status(), 200);
}

#[test]
fn the_rate_limit_refuses_with_headers_until_the_minute_is_over() {
    let sim = start();
    sim.set_rate_limit(Some(2));
    sim.fault(Fault::status(Call::ConnectionList, 503).skip(2).times(1));
    let list = || send(&sim, "GET", C, None);
    let first = list();
    assert_eq!(
        (first.status(), first.header("x-ratelimit-limit"), first.header("x-ratelimit-remaining")),
        (200, Some("2"), Some("1"))
    );
    assert_eq!(list().status(), 200);
    let refused = list();
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.header("retry-after"), refused.header("x-ratelimit-reset"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.json()["error"], "RateLimitExceeded");
    assert_eq!(create(&sim).status(), 200, "writes are counted separately");
    sim.advance(Duration::from_secs(wait));
    assert_eq!(list().status(), 503, "the fault did not count the call that was refused");
}

#[test]
fn reads_and_writes_have_separate_limits_and_calls_with_invalid_tokens_do_not_count() {
    let sim = start();
    sim.set_rate_limits(Some(1), Some(2));
    let login = json!({ "clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET });
    let login = || send(&sim, "POST", "/api/v1/auth/universal-auth/login", Some(&login)).status();
    assert_eq!([login(), login(), login()], [200, 200, 429], "logins are writes, with their own route");
    assert_eq!(send_as(&sim, "strange", "GET", C, None).status(), 403);
    let read = |path: &str| send(&sim, "GET", path, None).status();
    assert_eq!([read(C), read(C)], [200, 429]);
    let elsewhere = format!("{R}?projectId={PROJECT_ID}");
    assert_eq!([read(&elsewhere), read(&elsewhere)], [200, 429]);
    assert_eq!(create(&sim).header("x-ratelimit-limit"), Some("2"));
    sim.set_rate_limits(None, Some(2));
    assert_eq!([read(C), read(C)], [200, 200]);
}
