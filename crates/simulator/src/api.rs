//! Executes a request: checks its token and its body, and calls its handler.

use bytes::Bytes;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    call::{Call, Route},
    connections, login_call,
    logins::Logins,
    openrouter_calls::Stage,
    recorded_request::{RecordedRequest, redacted},
    request::{Query, Request},
    response::{ApiResponse, Outcome, Refusal},
    rotations,
    state::State,
};

/// A request as it was received.
#[derive(Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) content_type: Option<String>,
    pub(crate) authorization: Option<String>,
    pub(crate) body: Bytes,
}

impl Incoming {
    pub(crate) fn call(&self) -> Call {
        Route::of(&self.method, &self.path).call
    }

    /// The record of the request, without secrets.
    pub(crate) fn record(&self, logins: &Logins, now: OffsetDateTime) -> RecordedRequest {
        RecordedRequest {
            call: self.call(),
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            body: serde_json::from_slice(&self.body).ok().map(redacted),
            authorized: logins.check(self.authorization.as_deref(), now).is_ok(),
            status: None,
            faults: Vec::new(),
        }
    }

    /// The body by the framework's rules: it must be JSON, be declared as JSON, and not be empty if it is declared.
    fn json(&self) -> Result<Option<Value>, Refusal> {
        if self.method == "GET" || (self.content_type.is_none() && self.body.is_empty()) {
            return Ok(None);
        }
        let media_type = self.content_type.as_deref().unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::framework());
        }
        // An empty body is not valid JSON, so it is refused, too.
        serde_json::from_slice(&self.body).map(Some).map_err(|_| Refusal::framework())
    }
}

impl State {
    /// Executes the call up to the point where it needs OpenRouter.
    pub(crate) fn begin(&mut self, incoming: &Incoming) -> Stage {
        let route = Route::of(&incoming.method, &incoming.path);
        if route.call == Call::Other {
            return Stage::Done(no_call(incoming));
        }
        self.begun(incoming, &route).unwrap_or_else(|refusal| Stage::Done(refusal.into()))
    }

    fn begun(&mut self, incoming: &Incoming, route: &Route) -> Result<Stage, Refusal> {
        let body = self.admit(incoming, route.call)?;
        self.logins.used(incoming.authorization.as_deref());
        let request = Request { subject: &route.subject, query: &incoming.query, body };
        match route.call {
            Call::Create => rotations::create(self, request),
            Call::Rotate => rotations::rotate(self, &request),
            Call::Delete => rotations::delete(self, &request),
            call => self.dispatch(call, request).map(|body| Stage::Done(Ok(body).into())),
        }
    }

    /// The checks before those of the call itself: maintenance, the token, and the format of the body.
    pub(crate) fn admit(&self, incoming: &Incoming, call: Call) -> Result<Option<Value>, Refusal> {
        if self.maintenance && incoming.method != "GET" {
            return Err(Refusal::framework());
        }
        if call != Call::Login {
            self.logins.check(incoming.authorization.as_deref(), self.clock.now())?;
        }
        incoming.json()
    }

    fn dispatch(&mut self, call: Call, request: Request<'_>) -> Outcome {
        match call {
            Call::Login => login_call::login(self, request),
            Call::ConnectionCreate => connections::create(self, request),
            Call::ConnectionRead => connections::read(self, &request),
            Call::ConnectionReadByName => connections::read_by_name(self, &request),
            Call::ConnectionList => connections::list(self, &request),
            Call::ConnectionUpdate => connections::update(self, request),
            Call::ConnectionDelete => connections::delete(self, &request),
            Call::ProjectList => Ok(json!({ "projects": self.projects.projects_json() })),
            Call::List => rotations::list(self, &request),
            Call::Read => rotations::read(self, &request),
            Call::ReadByName => rotations::read_by_name(self, &request),
            Call::Update => rotations::update(self, request),
            Call::Credentials => rotations::credentials(self, &request),
            Call::Create | Call::Rotate | Call::Delete | Call::Other | Call::Any => {
                Err(Refusal::internal("the simulator does not support this call"))
            }
        }
    }
}

/// The response to a path that is not a call: the framework's 404 below `/api/`, and the web console elsewhere.
fn no_call(incoming: &Incoming) -> ApiResponse {
    if incoming.path.starts_with("/api/") {
        return ApiResponse::no_such_route(&incoming.method, &incoming.path, false);
    }
    ApiResponse::html(
        200,
        "<!doctype html><title>Infisical simulator</title>\
         <p>The real server has its web console here. The contents of this simulator are at \
         <a href=\"/simulator\">/simulator</a>.</p>\n",
    )
}
