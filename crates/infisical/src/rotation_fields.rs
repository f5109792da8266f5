//! The fields of a rotation, each in one place: what is sent to create and to change one, and what the API returns.

use serde::Serialize;
use serde_json::Number;

use super::object::Patch;
use super::returned::returned;
use super::rotation_parts::{ConnectionRef, Environment, Folder, Parameters, RotateAtUtc, SecretsMapping};
use super::spelling::{same_trimmed, trimmed};

/// A value that a request to create an object has.
trait Sent {
    /// Whether the request leaves it out, so that the API uses its default.
    fn is_left_out(&self) -> bool {
        false
    }
}

impl Sent for String {}
impl Sent for bool {}
impl Sent for i64 {}
impl Sent for RotateAtUtc {}
impl Sent for Parameters {}
impl Sent for SecretsMapping {}

impl<T> Sent for Option<T> {
    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

/// Makes [`NewRotation`], [`RotationPatch`] and [`Rotation`] of one list.
///
/// `place`: what only a create sends. `settings`: what a create and a change send, its type in a response, and when what was
/// sent equals what was returned. `facts`: what only a response has. `required`: what a complete response has.
macro_rules! rotation {
    (
        place { $($(#[$place_doc:meta])* $place:ident: $place_type:ty,)* }
        settings {
            $($(#[$doc:meta])* $name:ident: $sent:ty, returned as $returned:ty $([$needed:ident])?, equal if $same:expr;)*
        }
        facts { $($(#[$fact_attribute:meta])* $fact:ident: $fact_type:ty $([$fact_needed:ident])?;)* }
    ) => {
        /// The request to create a rotation. Fields that are `None` are not sent, and the API uses its defaults.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct NewRotation {
            $($(#[$place_doc])* pub $place: $place_type,)*
            $($(#[$doc])* #[serde(skip_serializing_if = "Sent::is_left_out")] pub $name: $sent,)*
        }

        /// The request to change a rotation. `None` is not sent; `Some(None)` clears the field. Nothing else can be changed:
        /// the API silently ignores all other fields.
        #[derive(Debug, Clone, Default, PartialEq, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct RotationPatch {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<$sent>,)*
        }

        returned! {
            /// A rotation as the API returns it. Only `id` is always there: some responses leave out most of the rest.
            Rotation {
                $($name: $returned $([$needed])?;)*
                $($(#[$fact_attribute])* $fact: $fact_type $([$fact_needed])?;)*
            }
        }

        impl NewRotation {
            /// The patch that turns a rotation that was requested as `prior` into this one. The place and the connection are
            /// not compared, since no PATCH can change them.
            #[must_use]
            pub fn changes_since(&self, prior: &Self) -> RotationPatch {
                RotationPatch { $($name: (self.$name != prior.$name).then(|| self.$name.clone()),)* }
            }
        }

        impl Patch for RotationPatch {
            type Object = Rotation;

            fn holds_in(&self, rotation: &Rotation) -> bool {
                true $(&& {
                    let same: fn(&$sent, Option<&$returned>) -> bool = $same;
                    self.$name.as_ref().is_none_or(|asked| same(asked, rotation.$name.as_ref()))
                })*
            }
        }
    };
}

rotation! {
    place {
        /// The project's id.
        project_id: String,
        /// The id of the `OpenRouter` app connection that issues the keys.
        connection_id: String,
        /// The environment's slug.
        environment: String,
        /// The folder that the key's secret is stored in.
        secret_path: String,
    }
    settings {
        /// The name, unique within its folder. The API trims it.
        name: String, returned as String [required], equal if |asked, found| {
            found.is_some_and(|found| same_trimmed(asked, found))
        };
        /// The description; null for none.
        description: Option<String>, returned as String, equal if |asked, found| {
            let text = |text: Option<&String>| trimmed(text.map(String::as_str).unwrap_or_default()).to_owned();
            text(asked.as_ref()) == text(found)
        };
        /// Whether the key is replaced on the schedule.
        is_auto_rotation_enabled: bool, returned as bool, equal if |asked, found| found == Some(asked);
        /// Days between two keys.
        rotation_interval: i64, returned as Number [required], equal if |asked, found| {
            found.is_some_and(|found| Number::from(*asked).as_f64() == found.as_f64())
        };
        /// The time of day at which the key is replaced.
        rotate_at_utc: RotateAtUtc, returned as RotateAtUtc [required], equal if |asked, found| found == Some(asked);
        /// What each key is created with. A change replaces all of it, and concerns the next key.
        parameters: Parameters, returned as Parameters [required], equal if |asked, found| {
            found.is_some_and(|found| asked.is_same_as(found))
        };
        /// Where the key is stored.
        secrets_mapping: SecretsMapping, returned as SecretsMapping [required], equal if |asked, found| {
            found.is_some_and(|found| same_trimmed(&asked.api_key, &found.api_key))
        };
    }
    facts {
        active_index: i64;
        folder_id: String [required];
        connection_id: String [required];
        created_at: String [required];
        updated_at: String [required];
        rotation_status: String [required];
        last_rotation_attempted_at: String [required];
        last_rotated_at: String [required];
        last_rotation_job_id: String;
        next_rotation_at: String;
        is_last_rotation_manual: bool;
        connection: ConnectionRef [required];
        environment: Environment [required];
        project_id: String [required];
        folder: Folder [required];
        last_rotation_message: String;
        #[serde(rename = "type")]
        kind: String [required];
    }
}

#[cfg(test)]
mod tests {
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
            is_auto_rotation_enabled: true,
            rotation_interval: 30,
            rotate_at_utc: RotateAtUtc { hours: 0, minutes: 0 },
            parameters: Parameters { name: "k".to_owned(), ..Parameters::default() },
            secrets_mapping: SecretsMapping { api_key: "K".to_owned() },
        };
        assert_eq!(prior.changes_since(&prior), RotationPatch::default());
        let now = NewRotation { description: None, rotation_interval: 7, ..prior.clone() };
        let patch = serde_json::to_value(now.changes_since(&prior)).unwrap();
        assert_eq!(patch, serde_json::json!({"description": null, "rotationInterval": 7}));
    }
}
