//! Refuses names of rotations and secrets that already exist.

use crate::{projects::Place, refusals, response::Refusal, rotation::Rotation, state::State};

/// The check of a name before a key is issued, which a replica may answer.
pub(crate) fn name_seems_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    let is_it = |known: &Rotation| known.place.is_same(place) && known.name == name;
    if state.checked().iter().any(is_it) || state.other_types.has_rotation(place, name) {
        return Err(refusals::taken_name(place, name));
    }
    Ok(())
}

/// The same for a secret: a replica still has the secret of a rotation that was deleted, and not yet that of a new one.
pub(crate) fn secret_seems_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    let then = state.checked();
    let holds = |known: &Rotation| known.place.is_same(place) && known.secret_name == name;
    if then.iter().any(holds) {
        return Err(refusals::taken_secret(place, name));
    }
    let is_new = state.rotations.iter().any(|known| holds(known) && !then.iter().any(|old| old.id == known.id));
    if is_new { Ok(()) } else { secret_is_free(state, place, name) }
}

pub(crate) fn name_is_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    let is_it = |known: &Rotation| known.place.is_same(place) && known.name == name;
    if state.rotations.iter().any(is_it) || state.other_types.has_rotation(place, name) {
        return Err(refusals::taken_name(place, name));
    }
    Ok(())
}

pub(crate) fn secret_is_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    if name.contains('\0') {
        return Err(Refusal::database("Find one")); // the search itself fails in the database
    }
    if state.projects.has_secret(place, name) {
        return Err(refusals::taken_secret(place, name));
    }
    Ok(())
}
