//! Planning and invoking actions.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tonic::Status;

use super::{Call, ClientState, Server, convert, find, guarded, validate};
use crate::action::Progress;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::proto::tfplugin6::invoke_action::event::{Completed, Progress as ProgressLine, Type as Kind};
use crate::proto::tfplugin6::invoke_action::{Event, Request};
use crate::proto::tfplugin6::{Deferred, deferred, plan_action};
use crate::provider::{Offers, Provider};

/// Checks the configuration once more, since values may be known by now that were not when it was validated. An action has
/// nothing to show in a plan, and nothing is called, so the plan goes on while the provider's configuration is unknown.
pub(super) fn plan<P: Provider>(
    server: &Server<P>,
    request: &plan_action::Request,
) -> Result<plan_action::Response, Diagnostics> {
    let action = find(&server.offers.actions, "action", &request.action_type)?;
    let diagnostics = validate::check(action, request.config.as_ref(), true, |config| action.validate(config))?;
    let deferrable = request.client_capabilities.as_ref().is_some_and(|client| client.deferral_allowed);
    let unknown = matches!(server.configuration().client, ClientState::Unknown);
    let reason = deferred::Reason::ProviderConfigUnknown.into();
    Ok(plan_action::Response { diagnostics, deferred: (deferrable && unknown).then_some(Deferred { reason }) })
}

enum Step {
    Line(String),
    Done(Vec<crate::proto::tfplugin6::Diagnostic>),
}

/// Streams progress lines as they come, then exactly one completion: the core takes a stream without one for a success.
pub(super) fn invoke<P: Provider>(server: &Server<P>, request: Request) -> BoxStream<'static, Result<Event, Status>> {
    let (lines, mut said) = mpsc::unbounded_channel();
    let (offers, call) = (Arc::clone(&server.offers), server.call());
    // A task of the process, so that a request in flight is awaited even if the core goes away.
    let run = server.process.calls.spawn(async move {
        let result = guarded("InvokeAction", run(&offers, &call, request, Progress::new(lines))).await;
        call.diagnostics(result.err().unwrap_or_default())
    });
    let lines = stream::poll_fn(move |cx| said.poll_recv(cx)).map(Step::Line);
    let done = stream::once(run).map(|ended| Step::Done(ended.unwrap_or_else(|_| not_finished())));
    let steps = stream::select(lines, done);
    last_completes(steps).boxed()
}

/// For a task that was cancelled, as at the end of the runtime.
fn not_finished() -> Vec<crate::proto::tfplugin6::Diagnostic> {
    let detail =
        "The provider's process ended before the action returned. It is not known whether the action took effect.";
    convert::diagnostics(Diagnostic::error("The action did not finish", detail).into())
}

/// Holds the completion back until the lines before it have been sent.
fn last_completes(
    steps: impl futures_util::Stream<Item = Step> + Send + 'static,
) -> impl futures_util::Stream<Item = Result<Event, Status>> + Send {
    let state = (Box::pin(steps), None);
    stream::unfold(Some(state), |state| async {
        let (mut steps, mut completed) = state?;
        loop {
            match steps.next().await {
                Some(Step::Line(message)) => {
                    let line = Kind::Progress(ProgressLine { message });
                    return Some((Ok(Event { r#type: Some(line) }), Some((steps, completed))));
                }
                Some(Step::Done(diagnostics)) => completed = Some(diagnostics),
                None => {
                    let diagnostics = completed.take().unwrap_or_default();
                    let end = Kind::Completed(Completed { diagnostics });
                    return Some((Ok(Event { r#type: Some(end) }), None));
                }
            }
        }
    })
}

async fn run<C>(offers: &Offers<C>, call: &Call<C>, request: Request, progress: Progress) -> Result<(), Diagnostics> {
    let action = find(&offers.actions, "action", &request.action_type)?;
    let config = convert::decode(request.config.as_ref(), action.value_type())?;
    action.invoke(&call.begin("The action")?, config, progress).await
}
