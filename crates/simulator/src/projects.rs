//! Projects with their environments and folders, and the secrets in them.

use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

/// The error for a rotation, project, environment or folder that the simulator does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the simulator has no {what} {name:?}")]
pub struct Unknown {
    what: &'static str,
    name: String,
}

impl Unknown {
    pub(crate) fn new(what: &'static str, name: &str) -> Self {
        Self { what, name: name.to_owned() }
    }
}

/// A secret. Its `Debug` output does not show the value.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The project's id.
    pub project_id: String,
    /// The environment's slug.
    pub environment: String,
    /// The folder's path, such as `/app`.
    pub path: String,
    /// The secret's name, such as `OPEN_ROUTER_API_KEY`.
    pub name: String,
    /// The secret's value.
    pub value: SecretString,
}

struct Environment {
    id: String,
    slug: String,
    name: String,
    folders: Vec<Folder>,
}

struct Folder {
    id: String,
    path: String,
}

struct Project {
    id: String,
    environments: Vec<Environment>,
}

/// A folder with its environment and project, and the names of these that responses contain.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) project_id: String,
    pub(crate) environment_id: String,
    pub(crate) environment: String,
    pub(crate) environment_name: String,
    pub(crate) folder_id: String,
    pub(crate) path: String,
}

/// All projects, and the secrets in their folders.
#[derive(Default)]
pub(crate) struct Projects {
    list: Vec<Project>,
    pub(crate) secrets: Vec<Secret>,
}

impl Projects {
    /// Adds a project with the environments dev, staging and prod, each with its root folder.
    pub(crate) fn add_project(&mut self, id: &str) {
        let environments = ["dev", "staging", "prod"].map(Environment::new).into();
        self.list.push(Project { id: id.to_owned(), environments });
    }

    /// The projects as the API lists them, without the fields that are not simulated.
    pub(crate) fn projects_json(&self) -> Vec<Value> {
        self.list.iter().map(|project| json!({ "id": project.id, "name": "A project" })).collect()
    }

    pub(crate) fn has_project(&self, id: &str) -> bool {
        self.list.iter().any(|project| project.id == id)
    }

    /// Adds an environment with its root folder, unless it already exists.
    pub(crate) fn add_environment(&mut self, project: &str, slug: &str) -> Result<(), Unknown> {
        let found = self.list.iter_mut().find(|known| known.id == project);
        let found = found.ok_or_else(|| Unknown::new("project", project))?;
        if !found.environments.iter().any(|known| known.slug == slug) {
            found.environments.push(Environment::new(slug));
        }
        Ok(())
    }

    /// Adds a folder and its parents.
    pub(crate) fn add_folder(&mut self, project: &str, environment: &str, path: &str) -> Result<(), Unknown> {
        let found = self.environment(project, environment)?;
        let mut above = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            above = format!("{above}/{name}");
            if !found.folders.iter().any(|known| known.path == above) {
                found.folders.push(Folder::new(&above));
            }
        }
        Ok(())
    }

    pub(crate) fn place(&self, project: &str, environment: &str, path: &str) -> Option<Place> {
        let project = self.list.iter().find(|known| known.id == project)?;
        let environment = project.environments.iter().find(|known| known.slug == environment)?;
        let folder = environment.folders.iter().find(|known| known.path == path)?;
        Some(Place::new(project, environment, folder))
    }

    /// The current place of the folder with this id.
    pub(crate) fn place_of(&self, folder_id: &str) -> Option<Place> {
        self.list.iter().find_map(|project| {
            project.environments.iter().find_map(|environment| {
                let folder = environment.folders.iter().find(|known| known.id == folder_id)?;
                Some(Place::new(project, environment, folder))
            })
        })
    }

    /// Renames a folder, and moves the folders below it and all their secrets.
    pub(crate) fn rename_folder(
        &mut self,
        project: &str,
        environment: &str,
        from: &str,
        to: &str,
    ) -> Result<(), Unknown> {
        let found = self.environment(project, environment)?;
        if from == "/" || !found.folders.iter().any(|known| known.path == from) {
            return Err(Unknown::new("folder", from));
        }
        let renamed = |path: &str| {
            let rest = path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/'));
            rest.map(|rest| format!("{to}{rest}"))
        };
        for folder in &mut found.folders {
            folder.path = renamed(&folder.path).unwrap_or_else(|| std::mem::take(&mut folder.path));
        }
        let here = |secret: &&mut Secret| secret.project_id == project && secret.environment == environment;
        for secret in self.secrets.iter_mut().filter(here) {
            secret.path = renamed(&secret.path).unwrap_or_else(|| std::mem::take(&mut secret.path));
        }
        Ok(())
    }

    /// Changes an environment's slug, but not its name and id.
    pub(crate) fn rename_environment(&mut self, project: &str, from: &str, to: &str) -> Result<(), Unknown> {
        to.clone_into(&mut self.environment(project, from)?.slug);
        let here = |secret: &&mut Secret| secret.project_id == project && secret.environment == from;
        for secret in self.secrets.iter_mut().filter(here) {
            to.clone_into(&mut secret.environment);
        }
        Ok(())
    }

    /// Gives an environment and a folder the ids that they had in another run.
    pub(crate) fn restore_ids(
        &mut self,
        project: &str,
        (slug, environment_id): (&str, &str),
        (path, folder_id): (&str, &str),
    ) -> Result<(), Unknown> {
        let environment = self.environment(project, slug)?;
        let folder = environment.folders.iter_mut().find(|known| known.path == path);
        folder_id.clone_into(&mut folder.ok_or_else(|| Unknown::new("folder", path))?.id);
        environment_id.clone_into(&mut environment.id);
        Ok(())
    }

    fn environment(&mut self, project: &str, slug: &str) -> Result<&mut Environment, Unknown> {
        let found = self.list.iter_mut().find(|known| known.id == project);
        let found = found.ok_or_else(|| Unknown::new("project", project))?;
        let found = found.environments.iter_mut().find(|known| known.slug == slug);
        found.ok_or_else(|| Unknown::new("environment", slug))
    }

    pub(crate) fn has_secret(&self, place: &Place, name: &str) -> bool {
        self.secrets.iter().any(|secret| secret.is_at(place, name))
    }

    /// Creates a secret, or overwrites its value.
    pub(crate) fn set_secret(&mut self, place: &Place, name: &str, value: SecretString) {
        if let Some(secret) = self.secrets.iter_mut().find(|secret| secret.is_at(place, name)) {
            secret.value = value;
            return;
        }
        self.secrets.push(Secret {
            project_id: place.project_id.clone(),
            environment: place.environment.clone(),
            path: place.path.clone(),
            name: name.to_owned(),
            value,
        });
    }

    pub(crate) fn rename_secret(&mut self, place: &Place, from: &str, to: &str) {
        if let Some(secret) = self.secrets.iter_mut().find(|secret| secret.is_at(place, from)) {
            to.clone_into(&mut secret.name);
        }
    }

    pub(crate) fn remove_secret(&mut self, place: &Place, name: &str) {
        self.secrets.retain(|secret| !secret.is_at(place, name));
    }
}

impl Place {
    fn new(project: &Project, environment: &Environment, folder: &Folder) -> Self {
        Self {
            project_id: project.id.clone(),
            environment_id: environment.id.clone(),
            environment: environment.slug.clone(),
            environment_name: environment.name.clone(),
            folder_id: folder.id.clone(),
            path: folder.path.clone(),
        }
    }

    pub(crate) fn is_same(&self, other: &Place) -> bool {
        self.folder_id == other.folder_id
    }
}

impl Secret {
    fn is_at(&self, place: &Place, name: &str) -> bool {
        self.name == name
            && self.path == place.path
            && self.environment == place.environment
            && self.project_id == place.project_id
    }
}

impl Environment {
    fn new(slug: &str) -> Self {
        let name = match slug {
            "dev" => "Development",
            "staging" => "Staging",
            "prod" => "Production",
            other => other,
        };
        let folders = vec![Folder::new("/")];
        Self { id: Uuid::new_v4().to_string(), slug: slug.to_owned(), name: name.to_owned(), folders }
    }
}

impl Folder {
    fn new(path: &str) -> Self {
        Self { id: Uuid::new_v4().to_string(), path: path.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_added_with_its_parents() {
        let mut projects = Projects::default();
        projects.add_project("p");
        projects.add_folder("p", "dev", "/a/b/").unwrap();
        for path in ["/", "/a", "/a/b"] {
            assert!(projects.place("p", "dev", path).is_some(), "{path}");
        }
        assert!(projects.place("p", "prod", "/a").is_none(), "another environment");
        assert!(projects.place("p", "dev", "/a/").is_none(), "paths are not normalized here");
    }

    #[test]
    fn the_error_for_an_unknown_name_contains_it() {
        let mut projects = Projects::default();
        let error = projects.add_environment("p", "qa").unwrap_err();
        assert_eq!(error.to_string(), "the simulator has no project \"p\"");
        projects.add_project("p");
        let error = projects.add_folder("p", "qa", "/").unwrap_err();
        assert_eq!(error.to_string(), "the simulator has no environment \"qa\"");
        projects.add_environment("p", "qa").unwrap();
        assert!(projects.place("p", "qa", "/").is_some());
    }

    #[test]
    fn the_value_of_a_secret_is_not_printed() {
        let mut projects = Projects::default();
        projects.add_project("p");
        let place = projects.place("p", "dev", "/").unwrap();
        projects.set_secret(&place, "KEY", SecretString::from("hush"));
        assert!(!format!("{:?}", projects.secrets).contains("hush"));
    }
}
