//! Refuses names of rotations and secrets that already exist.

use crate::{projects::Place, refusals, response::Refusal, state::State};

pub(crate) fn name_is_free(state: &State, place: &Place, name: &str) -> Result<(), Refusal> {
    if state.rotations.iter().any(|known| known.place.is_same(place) && known.name == name) {
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
