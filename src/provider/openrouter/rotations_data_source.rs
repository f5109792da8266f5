//! The data source of a project's rotations.

use infisical::Client;
use tfplug::{Computed, Context, DataSource, Diagnostic, Diagnostics, Model};

use super::filter::Filter;
use super::found::{Found, completed};
use super::rotation_list::LIST;
use crate::provider::errors::During as _;

/// The data source's type name.
pub(in crate::provider) const NAME: &str = "infisical_openrouter_rotations";

/// Finds the rotations of OpenRouter API keys in a project, optionally only those in one environment or folder. Rotations that
/// this identity may not read are left out. The keys themselves are not read.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(data_source)]
pub(in crate::provider) struct Search {
    #[tf(flatten)]
    filter: Filter,
    /// The rotations, ordered by environment, folder, name and id. Empty if there are none.
    #[tf(computed)]
    rotations: Computed<Vec<Found>>,
}

/// The data source.
pub(in crate::provider) struct ManyRotations;

impl DataSource for ManyRotations {
    type Client = Client;
    type Model = Search;

    async fn read(&self, cx: &Context<'_, Client>, config: Search) -> Result<Search, Diagnostics> {
        let Search { filter, .. } = config;
        let listed = cx.client.rotations().list(&filter.project_id).await.during("list the rotations", &LIST)?;
        let mut all = Vec::new();
        for one in listed {
            // A response without the place cannot be compared with the filter.
            all.push(completed(cx.client, one).await);
        }
        let found: Result<Vec<_>, Diagnostic> = filter.select(all).iter().map(Found::of).collect();
        Ok(Search { filter, rotations: found?.into() })
    }
}

#[cfg(test)]
mod tests;
