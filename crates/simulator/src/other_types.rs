//! Rotations of other types and connections of other apps, which the calls of this API refuse. They share the names.

use crate::{connection::Connection, projects::Place, refusals, response::Refusal};

/// What exists besides the objects of this API.
#[derive(Default)]
pub(crate) struct OtherTypes {
    pub(crate) rotations: Vec<(Place, String)>,
    /// The project, or `None` for the organization, and the name.
    pub(crate) connections: Vec<(Option<String>, String)>,
}

impl OtherTypes {
    /// Whether a rotation of another type has the name.
    pub(crate) fn has_rotation(&self, place: &Place, name: &str) -> bool {
        self.rotations.iter().any(|(other, known)| other.is_same(place) && known == name)
    }

    /// Refuses a look-up whose name belongs to a rotation of another type.
    pub(crate) fn refuse_rotation(&self, place: &Place, name: &str) -> Result<(), Refusal> {
        if self.has_rotation(place, name) { Err(refusals::rotation_of_another_type()) } else { Ok(()) }
    }

    /// Whether a connection of another app has the name.
    pub(crate) fn has_connection(&self, connection: &Connection) -> bool {
        self.is_taken(connection.project_id.as_ref(), &connection.name)
    }

    /// Refuses a look-up whose name belongs to a connection of another app.
    pub(crate) fn refuse_connection(&self, project: Option<&String>, name: &str) -> Result<(), Refusal> {
        if self.is_taken(project, name) { Err(refusals::connection_of_another_app(name)) } else { Ok(()) }
    }

    fn is_taken(&self, project: Option<&String>, name: &str) -> bool {
        self.connections.iter().any(|(other, known)| other.as_ref() == project && known == name)
    }
}
