//! Create and rotate, when it isn't known what a request did.
//!
//! Both issue a key that costs money, so neither is repeated blindly. When a request may have reached the
//! server and no usable answer came, its result is looked for: at once, and, unless the server itself said
//! that it's done with the request, again after one and after four seconds more, since it may still be at
//! work. What was found counts as ours only if it was made after our request began, by the server's own
//! clock (`clock.rs`), and for a create if it is what we asked for. Only when it isn't there is the request
//! sent again, after a wait as between any two attempts, [`ROUNDS`] times in all and for at most twice the
//! budget of an ordinary call; a name that is taken by then leads to the same look.
//!
//! A date within a tenth of a second before our request still counts as after it, and so does one within
//! the time that a request takes: another's rotation of the same name, connection, parameters and mapping
//! would have to be created in just that moment to be taken for ours.

use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

use super::call::Call;
use super::client::Client;
use super::clock::Order;
use super::error::{Because, Error, Refusal, Taken};
use super::openrouter::{Created, One, Place, about};
use super::retry::{BUDGET, Failure, Kind, Schedule};
use super::rotation::{NewRotation, Rotation};

/// How often a create or rotate is sent at most. With fewer, one of a thousand creates would fail for good
/// now and then where every tenth call does.
const ROUNDS: usize = 5;

/// The waits before each look after a request that may still be at work.
const LOOKS: &[Duration] = &[Duration::ZERO, Duration::from_secs(1), Duration::from_secs(4)];

/// The same after one that no longer is.
const ONE_LOOK: &[Duration] = &[Duration::ZERO];

/// The waits before each look while the server says that a rotation is in progress.
const PATIENT_LOOKS: &[Duration] = &[Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(8)];

/// How many answers are asked for at most, to learn the server's time more closely.
const CLOCK_READS: usize = 8;

/// Creates a rotation, by the rule above.
pub(super) async fn create(client: &Client, call: &Call, new: &NewRotation) -> Result<Created, Error> {
    let mut doubt: Option<Failure> = None;
    let (mut round, mut waits) = (1, Schedule::new());
    loop {
        let failure = match send(client, call).await {
            Ok(rotation) => return Ok(Created { rotation, found_after_failure: None }),
            Err(failure) => failure,
        };
        let taken = is_taken(&failure.error);
        let looks = if taken { Some(ONE_LOOK) } else { looks_after(&failure, doubt.as_ref()) };
        let Some(looks) = looks else { return Err(failure.error) };
        let found = look_by_name(client, call, &failure.error, new, looks).await;
        match (found, &doubt) {
            (Ok(Some(found)), None) if taken => return Err(taken_by(call, &failure, found, Because::Existed)),
            (Ok(Some(found)), _) => return adopt(client, call, new, found, doubt.as_ref().unwrap_or(&failure)).await,
            // The name isn't taken after all, so the secret's is.
            (Ok(None), _) if taken => return Err(failure.error),
            (Ok(None), _) => match next_round(round, doubt.as_ref(), &failure, &mut waits) {
                Some(wait) => client.pause(call, &failure.error, wait).await?,
                None => return Err(failure.error),
            },
            (Err(_), None) if taken => return Err(failure.error),
            (Err(look_up), _) => return Err(unknown(call, doubt.unwrap_or(failure), look_up)),
        }
        doubt.get_or_insert(failure);
        round += 1;
    }
}

/// Rotates, by the rule above. `known` is the caller's `lastRotatedAt`.
pub(super) async fn rotate(client: &Client, call: &Call, id: &str, known: Option<&str>) -> Result<Rotation, Error> {
    let mut doubt: Option<Failure> = None;
    let (mut round, mut waits) = (1, Schedule::new());
    loop {
        let answered = client.send(call).await.and_then(|answer| about(&answer, id));
        let failure = match answered {
            Ok(rotation) => return Ok(rotation),
            Err(failure) => failure,
        };
        let in_progress = doubt.is_some() && failure.error.status() == Some(400); // probably our own, still at work
        let looks = if in_progress { Some(PATIENT_LOOKS) } else { looks_after(&failure, doubt.as_ref()) };
        let Some(looks) = looks else { return Err(failure.error) };
        let lost = doubt.as_ref().unwrap_or(&failure);
        match look_for_rotation(client, call, &failure.error, id, (known, lost.began), looks).await {
            Ok(Some(rotated)) => return Ok(rotated),
            Ok(None) => match next_round(round, doubt.as_ref(), &failure, &mut waits) {
                Some(wait) => client.pause(call, &failure.error, wait).await?,
                None => return Err(failure.error),
            },
            Err(look_up) => return Err(unknown(call, doubt.unwrap_or(failure), look_up)),
        }
        doubt.get_or_insert(failure);
        round += 1;
    }
}

/// When to look for the request's result; none when it's certain that there is none.
fn looks_after(failure: &Failure, doubt: Option<&Failure>) -> Option<&'static [Duration]> {
    match failure.kind {
        Kind::Lost => Some(LOOKS),
        Kind::Broke => Some(ONE_LOOK),
        // This one did nothing, but an earlier one may have.
        _ if doubt.is_some() && !matches!(failure.error, Error::Refused(_)) => Some(ONE_LOOK),
        _ => None,
    }
}

/// How long to wait before a request whose result wasn't found is sent again; none when it no longer is.
fn next_round(round: usize, doubt: Option<&Failure>, failure: &Failure, waits: &mut Schedule) -> Option<Duration> {
    let is_over = round == ROUNDS || doubt.is_some_and(|first| first.began.elapsed() > BUDGET * 2);
    let wait = waits.pause(failure);
    (!is_over && wait <= BUDGET).then_some(wait)
}

async fn send(client: &Client, call: &Call) -> Result<Rotation, Failure> {
    client.send(call).await?.decode::<One>().map(|one| one.secret_rotation)
}

/// The rotation of that name, if there is one after all of the waits.
async fn look_by_name(
    client: &Client,
    call: &Call,
    after: &Error,
    new: &NewRotation,
    looks: &[Duration],
) -> Result<Option<Rotation>, Error> {
    for wait in looks {
        client.pause(call, after, *wait).await?;
        match client.rotation_by_name(&place(new), &new.name).await {
            Ok(found) => return Ok(Some(found)),
            // 400 is how the API says that the folder isn't there.
            Err(Error::Refused(refusal)) if matches!(refusal.status, 400 | 404) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// The rotation, if its key has been replaced after that moment and since the date that the caller knew.
async fn look_for_rotation(
    client: &Client,
    call: &Call,
    after: &Error,
    id: &str,
    (known, began): (Option<&str>, Instant),
    looks: &[Duration],
) -> Result<Option<Rotation>, Error> {
    for wait in looks {
        client.pause(call, after, *wait).await?;
        let found = client.rotation(id).await?;
        let Some(date) = found.last_rotated_at.as_deref().filter(|date| Some(*date) != known) else { continue };
        let is_since = match parse(date).map(|date| client.clock().order(date, began)) {
            Some(Order::Before) => false,
            Some(Order::After | Order::Close(_)) => true,
            // Without the server's time, a change since the caller looked has to do.
            Some(Order::Unknown) | None => known.is_some(),
        };
        if is_since {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Takes the rotation found for ours, if it is.
async fn adopt(
    client: &Client,
    call: &Call,
    new: &NewRotation,
    found: Rotation,
    lost: &Failure,
) -> Result<Created, Error> {
    let differences = new.differences(&found);
    if !differences.is_empty() {
        return Err(taken_by(call, lost, found, Because::Different(differences)));
    }
    let created_at = found.created_at.clone().unwrap_or_default();
    let order = match parse(&created_at) {
        Some(date) => order(client, call, &lost.error, new, (date, lost.began)).await,
        None => Order::Unknown,
    };
    match order {
        Order::After | Order::Close(_) => {
            Ok(Created { rotation: found, found_after_failure: Some(lost.error.to_string()) })
        }
        Order::Before => Err(taken_by(call, lost, found, Because::Older { created_at })),
        Order::Unknown => Err(taken_by(call, lost, found, Because::Undated)),
    }
}

/// Where a date lies, seen from a moment of ours. Reads the rotation a few times more, at telling moments,
/// when the answers so far don't say.
async fn order(
    client: &Client,
    call: &Call,
    after: &Error,
    new: &NewRotation,
    (date, moment): (OffsetDateTime, Instant),
) -> Order {
    for _ in 0..CLOCK_READS {
        let Order::Close(wait) = client.clock().order(date, moment) else { break };
        let read = async {
            client.pause(call, after, wait).await?;
            client.rotation_by_name(&place(new), &new.name).await
        };
        if read.await.is_err() {
            break; // then what is known has to do
        }
    }
    client.clock().order(date, moment)
}

fn is_taken(error: &Error) -> bool {
    matches!(error, Error::Refused(refusal) if says_taken(refusal))
}

fn says_taken(refusal: &Refusal) -> bool {
    refusal.status == 400 && refusal.message.to_lowercase().contains("already exists")
}

fn taken_by(call: &Call, failure: &Failure, found: Rotation, because: Because) -> Error {
    let request_id = failure.error.request_id().map(str::to_owned);
    let name = found.name.unwrap_or_default();
    Error::Taken(Box::new(Taken { call: call.name(), name, id: found.id, because, request_id }))
}

fn unknown(call: &Call, lost: Failure, look_up: Error) -> Error {
    Error::Unknown { call: call.name(), cause: Box::new(lost.error), look_up: Box::new(look_up) }
}

fn place(new: &NewRotation) -> Place {
    Place {
        project_id: new.project_id.clone(),
        environment: new.environment.clone(),
        secret_path: new.secret_path.clone(),
    }
}

fn parse(date: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(date, &Rfc3339).ok()
}
