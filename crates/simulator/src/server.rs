//! The HTTP server, which has its own thread and runtime.

use std::{io, sync::Arc, thread, time::Duration};

use http_body_util::BodyExt;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming as Body,
    header::{AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    select,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use crate::{
    active_faults::{CallFaults, ServerFaults},
    api::Incoming,
    clock::http_date,
    contents_page,
    fault_effect::{Effect, Moment, RetryAfter},
    idle_timeout::{Activity, Watched},
    logins,
    openrouter_calls::Stage,
    rate_limit::Allowance,
    response::{ApiResponse, Refusal},
    response_body::ResponseBody,
    shared::Shared,
    state::State,
};

/// Makes hyper close the connection without a response.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without a response")]
struct Closed;

/// What is sent in response to a request.
enum Sent {
    Whole(ApiResponse),
    Cut(ApiResponse),
    Huge(u64),
    Nothing,
}

/// Serves on `listener` until `stop` is cancelled. The thread ends soon afterwards.
pub(crate) fn start(
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    stop: CancellationToken,
) -> io::Result<thread::JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        TcpListener::from_std(listener)?
    };
    thread::Builder::new()
        .name("infisical-simulator".to_owned())
        .spawn(move || runtime.block_on(stop.run_until_cancelled(serve(listener, shared))).unwrap_or(()))
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(10)).await; // most likely out of file descriptors
            continue;
        };
        // Without this option, small responses may wait for the client's acknowledgement.
        // An error is ignored, since the simulator would only be slower.
        drop(stream.set_nodelay(true));
        tokio::spawn(serve_connection(stream, shared.clone()));
    }
}

/// Serves one connection until either side closes it.
async fn serve_connection(stream: TcpStream, shared: Arc<Shared>) {
    let activity = Activity::new();
    let allowed = shared.idle_timeout.subscribe();
    let watched = Watched { stream, activity: activity.clone() };
    // Each call has its own task, and the end of the client's stream does not stop it: the
    // real server also completes a call whose client has disconnected.
    let service = service_fn(|request| {
        let call = tokio::spawn(handle(shared.clone(), activity.clone(), request));
        async { call.await.map_err(|_| Closed)? }
    });
    let connection = http1::Builder::new().half_close(true).serve_connection(TokioIo::new(watched), service);
    select! {
        // A client that disconnects is not an error of the server.
        ended = connection => drop(ended),
        () = activity.ends(allowed) => {}
    }
}

async fn handle(
    shared: Arc<Shared>,
    activity: Activity,
    request: Request<Body>,
) -> Result<Response<ResponseBody>, Closed> {
    let (parts, body) = request.into_parts();
    let header = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let query = parts.uri.query().unwrap_or_default();
    let incoming = Incoming {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        content_type: header(CONTENT_TYPE),
        authorization: header(AUTHORIZATION),
        body: body.collect().await.map_err(|_| Closed)?.to_bytes(),
    };
    process(shared, &activity, incoming).await
}

async fn process(
    shared: Arc<Shared>,
    activity: &Activity,
    incoming: Incoming,
) -> Result<Response<ResponseBody>, Closed> {
    if incoming.path == "/simulator" {
        let page = contents_page::page(&shared.state());
        return respond(&shared, Sent::Whole(page), None);
    }
    let _executing = shared.execute();
    let (number, allowance, call_faults) = shared.arrive(&incoming);
    let sent = match &allowance {
        Some(allowance) if allowance.refused => Sent::Whole(too_many(allowance)),
        _ => execute_with_faults(&shared, &incoming, call_faults).await,
    };
    let response = respond(&shared, sent, allowance);
    let answered = response.as_ref().ok().filter(|_| !activity.is_closed());
    shared.leave(number, answered.map(|response| response.status().as_u16()));
    response
}

/// Executes the call, unless a fault prevents it, and modifies the response as the faults require.
async fn execute_with_faults(shared: &Arc<Shared>, incoming: &Incoming, call_faults: CallFaults) -> Sent {
    wait(call_faults.delay_before).await;
    let whole = match &call_faults.response_fault {
        Some((_, Moment::Before)) => None,
        _ => Some(execute(shared, incoming, &call_faults.server_faults).await),
    };
    wait(call_faults.delay_after).await;
    match (call_faults.response_fault, whole) {
        (Some((effect, _)), whole) => modified(shared, incoming, effect, whole),
        (None, Some(whole)) => Sent::Whole(whole),
        (None, None) => Sent::Nothing,
    }
}

/// Executes the call in its stages. The lock is not held while OpenRouter works, so
/// that other calls can be executed in between.
async fn execute(shared: &Arc<Shared>, incoming: &Incoming, server_faults: &ServerFaults) -> ApiResponse {
    let begun = shared.state().begin(incoming);
    let response = match begun {
        Stage::Done(response) => response,
        Stage::AtOpenRouter(work) => {
            wait(server_faults.openrouter_delay).await;
            shared.state().finish(work, server_faults.failure.as_ref())
        }
    };
    run_in_background(shared);
    response
}

/// Runs the rotations that a call has queued, each after the time that it takes.
fn run_in_background(shared: &Arc<Shared>) {
    let mut state = shared.state();
    let lasts = state.background_rotation_time;
    for id in state.queued.drain(..) {
        let shared = shared.clone();
        tokio::spawn(async move {
            wait(lasts).await;
            shared.state().end_queued(&id);
        });
    }
}

async fn wait(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

/// What is sent when this effect of a fault applies to the response; `whole` is `None` when the call was not executed.
fn modified(shared: &Shared, incoming: &Incoming, effect: Effect, whole: Option<ApiResponse>) -> Sent {
    Sent::Whole(match effect {
        Effect::Drop => return Sent::Nothing,
        Effect::Huge { bytes } => return Sent::Huge(bytes),
        Effect::Truncate => return whole.map_or(Sent::Nothing, Sent::Cut),
        // These do not affect the response. `CallFaults` has them in other fields.
        Effect::Delay(_)
        | Effect::OpenRouterDelay(_)
        | Effect::OpenRouterRefuses(_)
        | Effect::FailAfterKey
        | Effect::FailAfterStore { .. } => return whole.map_or(Sent::Nothing, Sent::Whole),
        Effect::Status { status, retry_after } => {
            let error = ApiResponse::from(Refusal::with_status(status, "A fault of the simulator"));
            match retry_after {
                Some(when) => error.header("retry-after", retry_after_text(shared, when)),
                None => error,
            }
        }
        Effect::Html { status } => ApiResponse::html(status, proxy_page(status)),
        Effect::Body { status, text } => ApiResponse::json_text(status, text),
        Effect::Redirect { status, to } => ApiResponse::html(status, "").header("location", to),
        Effect::Refuse { status, error, message } => Refusal::new(status, error, message).into(),
        Effect::NoRoute { request_id } => ApiResponse::no_such_route(&incoming.method, &incoming.path, request_id),
        Effect::TokenExpired => {
            let mut state = shared.state();
            let now = state.clock.now();
            state.logins.expire(incoming.authorization.as_deref(), now);
            logins::expired().into()
        }
    })
}

fn retry_after_text(shared: &Shared, when: RetryAfter) -> String {
    match when {
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => http_date(shared.state().clock.now() + Duration::from_secs(seconds.into())),
    }
}

fn proxy_page(status: u16) -> String {
    format!("<html>\n<head><title>{status}</title></head>\n<body><h1>{status}</h1><hr>some proxy</body>\n</html>\n")
}

fn too_many(allowance: &Allowance) -> ApiResponse {
    let message = format!("Rate limit exceeded. Please try again in {} seconds", allowance.reset);
    ApiResponse::from(Refusal::with_status(429, message)).header("retry-after", allowance.reset.to_string())
}

fn respond(shared: &Shared, sent: Sent, allowance: Option<Allowance>) -> Result<Response<ResponseBody>, Closed> {
    let (api, body) = match sent {
        Sent::Nothing => return Err(Closed),
        Sent::Huge(bytes) => (ApiResponse::json_text(200, ""), ResponseBody::Huge { sent: 0, bytes }),
        Sent::Cut(mut response) => {
            let text = std::mem::take(&mut response.text);
            // The length of the whole text, so that the client notices that a part is missing.
            let response = response.header("content-length", text.len().to_string());
            (response, ResponseBody::cut(text))
        }
        Sent::Whole(mut response) => {
            let text = std::mem::take(&mut response.text);
            (response, ResponseBody::whole(text))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(api.status).map_err(|_| Closed)?;
    let headers = response.headers_mut();
    insert(headers, CONTENT_TYPE.as_str(), api.content_type)?;
    insert(headers, DATE.as_str(), &date(&shared.state()))?;
    for (name, value) in &api.headers {
        insert(headers, name, value)?;
    }
    if let Some(allowance) = allowance {
        insert(headers, "x-ratelimit-limit", &allowance.limit.to_string())?;
        insert(headers, "x-ratelimit-remaining", &allowance.remaining.to_string())?;
        insert(headers, "x-ratelimit-reset", &allowance.reset.to_string())?;
    }
    Ok(response)
}

/// The `Date` header, as a proxy with a wrong clock would write it.
fn date(state: &State) -> String {
    let skew = time::Duration::seconds(state.date_skew);
    let now = state.clock.now();
    http_date(now.checked_add(skew).unwrap_or(now))
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), Closed> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Closed)?;
    headers.insert(name, HeaderValue::from_str(value).map_err(|_| Closed)?);
    Ok(())
}
