//! Changes outside of Terraform that tests make: in the console, and by the server itself.

use crate::{handle::Handle, projects::Unknown, rotation::Rotation};

/// Changes outside of Terraform.
impl Handle {
    /// Deletes the rotation with its secret and keys, as somebody would in the console.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn forget(&self, id: &str) -> Result<(), Unknown> {
        self.0.state().remove(id, true, true).map(drop).ok_or_else(|| Unknown::new("rotation", id))
    }

    /// Changes the rotation, as somebody would in the console. Its schedule and its secret's
    /// name are updated to match. `change` must not use the simulator, which would deadlock.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Rotation)) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let found = state.rotations.iter().find(|rotation| rotation.id == id);
        let mut rotation = found.ok_or_else(|| Unknown::new("rotation", id))?.clone();
        change(&mut rotation);
        // A schedule that ends beyond the calendar has no next date.
        drop(rotation.reschedule(state.clock.now()));
        state.replace(rotation);
        Ok(())
    }

    /// Adds a rotation of another type. It shares the names of its folder, and the calls of this API refuse it.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such folder.
    pub fn add_rotation_of_another_type(&self, environment: &str, path: &str, name: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let place = state.projects.place(crate::PROJECT_ID, environment, path);
        let place = place.ok_or_else(|| Unknown::new("folder", path))?;
        state.other_types.rotations.push((place, name.to_owned()));
        Ok(())
    }

    /// Adds a connection of another app to the organization. It shares the names of the organization's connections, and the
    /// calls of this API refuse it.
    pub fn add_connection_of_another_app(&self, name: &str) {
        self.0.state().other_types.connections.push((None, name.to_owned()));
    }

    /// Deletes the connection, as somebody would in the console.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such connection.
    pub fn forget_connection(&self, id: &str) -> Result<(), Unknown> {
        let connections = &mut self.0.state().connections;
        let at = connections.iter().position(|known| known.id == id);
        connections.remove(at.ok_or_else(|| Unknown::new("connection", id))?);
        Ok(())
    }

    /// Replaces the connection's provisioning key, as somebody would in the console.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such connection.
    pub fn rekey_connection(&self, id: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        let now = state.clock.now();
        let found = state.connections.iter_mut().find(|known| known.id == id);
        found.ok_or_else(|| Unknown::new("connection", id))?.rekey(now);
        Ok(())
    }

    /// Rotates the key, as the server does on schedule.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn rotate(&self, id: &str) -> Result<(), Unknown> {
        if self.0.state().rotate_by_schedule(id) { Ok(()) } else { Err(Unknown::new("rotation", id)) }
    }

    /// Begins to rotate the key, as the server does on schedule. The rotation is in progress until
    /// [`Handle::end_rotation`] is called; after a minute, the server no longer refuses to rotate it in the meantime.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn begin_rotation(&self, id: &str) -> Result<(), Unknown> {
        if self.0.state().begin_rotation(id) { Ok(()) } else { Err(Unknown::new("rotation", id)) }
    }

    /// Completes what [`Handle::begin_rotation`] began: replaces the key.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such rotation.
    pub fn end_rotation(&self, id: &str) -> Result<(), Unknown> {
        self.rotate(id)
    }

    /// Renames a folder, as somebody would in the console. The folders below it move with it,
    /// and so do the rotations and secrets in them, which keep their ids.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project, environment or folder.
    pub fn rename_folder(&self, project_id: &str, environment: &str, from: &str, to: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        state.projects.rename_folder(project_id, environment, from, to)?;
        state.follow_folders();
        Ok(())
    }

    /// Changes an environment's slug, as somebody would in the console. Its contents keep their ids.
    ///
    /// # Errors
    ///
    /// [`Unknown`] when there is no such project or environment.
    pub fn rename_environment(&self, project_id: &str, from: &str, to: &str) -> Result<(), Unknown> {
        let mut state = self.0.state();
        state.projects.rename_environment(project_id, from, to)?;
        state.follow_folders();
        Ok(())
    }
}
