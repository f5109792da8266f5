//! The patch that turns one configuration of a rotation into another.

use super::rotation::{NewRotation, RotationPatch};

impl NewRotation {
    /// The patch that turns a rotation that was requested as `prior` into this one. The place and the connection are
    /// not compared, since no PATCH can change them.
    #[must_use]
    pub fn changes_since(&self, prior: &Self) -> RotationPatch {
        fn changed<T: Clone + PartialEq>(now: &T, before: &T) -> Option<T> {
            (now != before).then(|| now.clone())
        }
        RotationPatch {
            name: changed(&self.name, &prior.name),
            description: changed(&self.description, &prior.description),
            is_auto_rotation_enabled: changed(&self.is_auto_rotation_enabled, &prior.is_auto_rotation_enabled)
                .flatten(),
            rotation_interval: changed(&self.rotation_interval, &prior.rotation_interval),
            rotate_at_utc: changed(&self.rotate_at_utc, &prior.rotate_at_utc).flatten(),
            parameters: changed(&self.parameters, &prior.parameters),
            secrets_mapping: changed(&self.secrets_mapping, &prior.secrets_mapping),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rotation::{Parameters, SecretsMapping};
    use super::*;

    #[test]
    fn a_patch_has_what_changed_and_nothing_else() {
        let prior = NewRotation {
            name: "a".to_owned(),
            project_id: "p".to_owned(),
            description: Some("x".to_owned()),
            connection_id: "c".to_owned(),
            environment: "dev".to_owned(),
            secret_path: "/".to_owned(),
            is_auto_rotation_enabled: Some(true),
            rotation_interval: 30,
            rotate_at_utc: None,
            parameters: Parameters { name: "k".to_owned(), ..Parameters::default() },
            secrets_mapping: SecretsMapping { api_key: "K".to_owned() },
        };
        assert_eq!(prior.changes_since(&prior), RotationPatch::default());
        let now = NewRotation { description: None, rotation_interval: 7, ..prior.clone() };
        let patch = serde_json::to_value(now.changes_since(&prior)).unwrap();
        assert_eq!(patch, serde_json::json!({"description": null, "rotationInterval": 7}));
    }
}
