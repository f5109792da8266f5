//! Planning and invoking actions.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::timeouts::{Limit, within};
use super::{Call, ClientState, Server, convert, deferral, find, guarded, located, schema_of, validate};
use crate::action::{ActionPlan, Progress};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6 as pb;
use crate::proto::tfplugin6::invoke_action::event::{Completed, Progress as ProgressLine, Type as Kind};
use crate::proto::tfplugin6::invoke_action::{Event, Request};
use crate::proto::tfplugin6::plan_action;
use crate::provider::{Offers, Provider};

/// What a user reads before the lines that came after the stop.
const STOPPED: &str = "A request that was in progress is not interrupted. This happened afterwards:";

/// Checks the configuration once more, since values may be known by now that were not when it was validated, then calls the action's
/// own `plan`. The plan goes on while the provider's configuration is unknown.
pub(super) async fn plan<P: Provider>(
    server: &Server<P>,
    request: plan_action::Request,
) -> Result<plan_action::Response, Diagnostics> {
    let action = find(&server.offers.actions, "action", &request.action_type)?;
    let diagnostics = validate::check(action, request.config.as_ref(), true, |config| action.validate(config))?;
    let call = server.call();
    call.deferrals.allow(deferral::is_allowed(request.client_capabilities.as_ref()));
    let deferred = call.deferred(request.client_capabilities.as_ref());
    let mut response = plan_action::Response { diagnostics, deferred };
    if response.diagnostics.iter().all(|one| one.severity() != pb::diagnostic::Severity::Error) {
        let client = match &call.configuration.client {
            ClientState::Ready(client) => Some(client),
            ClientState::Unconfigured | ClientState::Unknown => None,
        };
        let config = convert::decode(request.config.as_ref(), action.value_type())?;
        let planned =
            ActionPlan { config, client, stop: &call.stop, warnings: &call.warnings, deferrals: &call.deferrals };
        let refused = action.plan(planned).await.err().unwrap_or_default();
        response.diagnostics.extend(call.diagnostics(refused));
        response.deferred = call.deferred_by_handler().or(response.deferred);
    }
    Ok(response)
}

/// What happens while an action runs.
enum Step {
    Line(String),
    Done(Vec<pb::Diagnostic>),
}

/// Streams progress lines as they come, then exactly one completion: the core takes a stream without one for a success.
pub(super) fn invoke<P: Provider>(server: &Server<P>, request: Request) -> BoxStream<'static, Result<Event, Status>> {
    let (lines, mut said) = mpsc::unbounded_channel();
    let (offers, call) = (Arc::clone(&server.offers), server.call());
    let stop = call.configuration.stop.clone();
    // A task of the process, so that a request in flight is awaited even if the core goes away.
    let run = server.process.calls.spawn(async move {
        let name = request.action_type.clone();
        let result = guarded("InvokeAction", run(&offers, &call, request, Progress::new(lines))).await;
        let mut ended = call.diagnostics(result.err().unwrap_or_default());
        located::locate(&mut ended, schema_of(&offers.actions, &name));
        ended
    });
    let lines = stream::poll_fn(move |cx| said.poll_recv(cx)).map(Step::Line);
    let done = stream::once(run).map(|ended| Step::Done(ended.unwrap_or_else(|_| not_finished())));
    let invocation =
        Invocation { steps: stream::select(lines, done).boxed(), stop, unshown: Vec::new(), ended: Vec::new() };
    stream::unfold(Some(invocation), |invocation| async { Some(invocation?.next().await) }).map(Ok).boxed()
}

/// An action that is running, and what it says.
struct Invocation {
    steps: BoxStream<'static, Step>,
    stop: CancellationToken,
    /// The lines that came after the stop.
    unshown: Vec<String>,
    /// What the action ended with, held back until its lines have been sent.
    ended: Vec<pb::Diagnostic>,
}

impl Invocation {
    /// The next event, and the rest of the invocation unless that was the completion, which comes after all lines.
    ///
    /// Once Terraform has asked the provider to stop, no line is sent any more: Terraform 1.14 and 1.15 crash when an event
    /// follows one of those. The completion shows them in a warning.
    async fn next(mut self) -> (Event, Option<Self>) {
        while let Some(step) = self.steps.next().await {
            match step {
                Step::Line(line) if self.stop.is_cancelled() => self.unshown.push(line),
                Step::Line(message) => {
                    let line = Kind::Progress(ProgressLine { message });
                    return (Event { r#type: Some(line) }, Some(self));
                }
                Step::Done(diagnostics) => self.ended = diagnostics,
            }
        }
        let mut diagnostics = self.ended;
        diagnostics.extend(after_stop(&self.unshown));
        (Event { r#type: Some(Kind::Completed(Completed { diagnostics })) }, None)
    }
}

/// A warning with the lines that came after the stop, if there are any.
fn after_stop(unshown: &[String]) -> Vec<pb::Diagnostic> {
    let detail = format!("{STOPPED}\n{}", unshown.join("\n"));
    let warning = Diagnostic::warning("The action continued after Terraform was asked to stop", detail);
    if unshown.is_empty() { Vec::new() } else { convert::diagnostics(warning.into()) }
}

/// For a task that was cancelled, as at the end of the runtime.
fn not_finished() -> Vec<pb::Diagnostic> {
    let detail =
        "The provider's process ended before the action returned. It is not known whether the action took effect.";
    convert::diagnostics(Diagnostic::error("The action did not finish", detail).into())
}

async fn run<C>(offers: &Offers<C>, call: &Call<C>, request: Request, progress: Progress) -> Result<(), Diagnostics> {
    let action = find(&offers.actions, "action", &request.action_type)?;
    let config = convert::decode(request.config.as_ref(), action.value_type())?;
    validate::known(action, &config, |config| action.validate(config))?;
    let cx = call.begin("The action")?;
    let limit = Limit::of(action.schema(), &config, "invoke");
    within(limit, &call.stop, action.invoke(&cx, config, progress)).await
}
