//! The arguments shared by the data source and the list resource that find several rotations of a project.

use std::cmp::Ordering;

use infisical::{Rotation, spelling};
use tfplug::Model;

use super::{FOLDER, SLUG};

/// Selects rotations. Places are compared as the API compares them.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct Filter {
    /// The project's id.
    #[tf(required, non_empty, without_nul)]
    pub(super) project_id: String,
    /// The environment's slug. Without it, rotations in all environments are found.
    #[tf(length(1..=64), check = SLUG)]
    pub(super) environment: Option<String>,
    /// The folder. Without it, rotations in all folders are found. `/a/` and `/a` are the same place.
    #[tf(check = FOLDER)]
    pub(super) secret_path: Option<String>,
    /// Whether rotations in the folders below `secret_path` are found, too. By default, they are not. Without `secret_path`,
    /// this has no effect.
    pub(super) recursive: Option<bool>,
}

impl Filter {
    /// The selected rotations of a project, ordered by environment, folder, name and id.
    pub(super) fn select(&self, all: Vec<Rotation>) -> Vec<Rotation> {
        let mut found: Vec<_> = all.into_iter().filter(|one| self.accepts(one)).collect();
        found.sort_by(in_order);
        found
    }

    /// Whether the rotation is selected. One whose response does not contain its place matches no environment and no folder.
    fn accepts(&self, rotation: &Rotation) -> bool {
        let environment = |asked: &String| slug(rotation).is_some_and(|slug| spelling::same_trimmed(slug, asked));
        let folder = |asked: &String| path(rotation).is_some_and(|path| self.is_in(path, asked));
        self.environment.as_ref().is_none_or(environment) && self.secret_path.as_ref().is_none_or(folder)
    }

    fn is_in(&self, path: &str, asked: &str) -> bool {
        spelling::same_path(path, asked) || (self.recursive == Some(true) && spelling::is_below(path, asked))
    }
}

fn slug(rotation: &Rotation) -> Option<&str> {
    rotation.environment.as_ref()?.slug.as_deref()
}

fn path(rotation: &Rotation) -> Option<&str> {
    rotation.folder.as_ref()?.path.as_deref()
}

/// The API promises no order.
fn in_order(one: &Rotation, other: &Rotation) -> Ordering {
    let key = |rotation| (slug(rotation), path(rotation));
    let name = |rotation: &Rotation| (rotation.name.clone(), rotation.id.clone());
    key(one).cmp(&key(other)).then_with(|| name(one).cmp(&name(other)))
}

#[cfg(test)]
mod tests {
    use infisical::{Environment, Folder};

    use super::*;

    fn rotation(id: &str, environment: &str, path: &str) -> Rotation {
        Rotation {
            id: id.to_owned(),
            name: Some("app".to_owned()),
            environment: Some(Environment { slug: Some(environment.to_owned()), ..Environment::default() }),
            folder: Some(Folder { path: Some(path.to_owned()), ..Folder::default() }),
            ..Rotation::default()
        }
    }

    fn found(environment: Option<&str>, path: Option<&str>, recursive: Option<bool>) -> String {
        let all = vec![
            rotation("8", "prod", "/app"),
            rotation("6", "dev", "/other"),
            rotation("5", "dev", "/apple"),
            rotation("4", "dev", "/app/a/b"),
            rotation("3", "dev", "/app"),
            rotation("2", "dev", "/app"),
            rotation("1", "dev", "/"),
            Rotation { id: "0".to_owned(), ..Rotation::default() },
        ];
        let filter = Filter {
            project_id: "p".to_owned(),
            environment: environment.map(str::to_owned),
            secret_path: path.map(str::to_owned),
            recursive,
        };
        filter.select(all).into_iter().map(|one| one.id).collect()
    }

    #[test]
    fn rotations_are_found_by_environment_and_folder_in_a_stable_order() {
        for (environment, path, recursive, ids) in [
            (None, None, None, "01234568"),
            (None, None, Some(true), "01234568"),
            (Some("dev"), None, None, "123456"),
            (Some("nowhere"), None, None, ""),
            (None, Some("/app"), None, "238"),
            (Some("dev"), Some("/app"), Some(false), "23"),
            (Some("dev"), Some("/app"), Some(true), "234"),
            (Some("dev"), Some(" /app// "), Some(true), "234"),
            (Some("dev"), Some("/"), None, "1"),
            (Some("dev"), Some("/"), Some(true), "123456"),
            (Some("prod"), Some("/"), Some(true), "8"),
        ] {
            assert_eq!(found(environment, path, recursive), ids, "{environment:?} {path:?} {recursive:?}");
        }
    }
}
