//! The past states of rotations, for reads that lag behind writes.

use time::OffsetDateTime;

use crate::rotation::Rotation;

/// Every change of every rotation, in chronological order.
#[derive(Default)]
pub(crate) struct History {
    changes: Vec<Change>,
}

struct Change {
    at: OffsetDateTime,
    id: String,
    /// The rotation after the change; `None` when it was deleted.
    became: Option<Rotation>,
}

impl History {
    pub(crate) fn changed(&mut self, at: OffsetDateTime, rotation: &Rotation) {
        self.changes.push(Change { at, id: rotation.id.clone(), became: Some(rotation.clone()) });
    }

    pub(crate) fn removed(&mut self, at: OffsetDateTime, id: &str) {
        self.changes.push(Change { at, id: id.to_owned(), became: None });
    }

    /// The rotations that existed at this time, in order of creation.
    pub(crate) fn at(&self, when: OffsetDateTime) -> Vec<Rotation> {
        let mut rotations: Vec<Rotation> = Vec::new();
        for change in self.changes.iter().filter(|change| change.at <= when) {
            let known = rotations.iter().position(|rotation| rotation.id == change.id);
            match (known.and_then(|at| rotations.get_mut(at)), &change.became) {
                (Some(old), Some(new)) => old.clone_from(new),
                (None, Some(new)) => rotations.push(new.clone()),
                (_, None) => rotations.retain(|rotation| rotation.id != change.id),
            }
        }
        rotations
    }
}
