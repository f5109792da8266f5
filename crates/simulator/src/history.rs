//! What rotations were like before, for reads that lag behind.

use time::OffsetDateTime;

use crate::rotation::Rotation;

/// Every change of every rotation, in order of time.
#[derive(Default)]
pub(crate) struct History {
    changes: Vec<Change>,
}

struct Change {
    at: OffsetDateTime,
    id: String,
    /// What it became; None when it was deleted.
    became: Option<Rotation>,
}

impl History {
    pub(crate) fn changed(&mut self, at: OffsetDateTime, rotation: &Rotation) {
        self.changes.push(Change { at, id: rotation.id.clone(), became: Some(rotation.clone()) });
    }

    pub(crate) fn removed(&mut self, at: OffsetDateTime, id: &str) {
        self.changes.push(Change { at, id: id.to_owned(), became: None });
    }

    /// The rotations that there were at this time, in order of creation.
    pub(crate) fn at(&self, when: OffsetDateTime) -> Vec<Rotation> {
        let mut there: Vec<Rotation> = Vec::new();
        for change in self.changes.iter().filter(|change| change.at <= when) {
            let known = there.iter().position(|rotation| rotation.id == change.id);
            match (known.and_then(|at| there.get_mut(at)), &change.became) {
                (Some(old), Some(new)) => old.clone_from(new),
                (None, Some(new)) => there.push(new.clone()),
                (_, None) => there.retain(|rotation| rotation.id != change.id),
            }
        }
        there
    }
}
