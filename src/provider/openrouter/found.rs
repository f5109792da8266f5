//! An existing rotation, as data sources return it.

use infisical::{Client, Rotation};
use tfplug::{Computed, Diagnostic, Model, Open};

use super::{Facts, FactsConfig, Place, PlaceConfig, Settings, SettingsConfig};

/// Everything that the API returns about a rotation.
#[derive(Clone, Debug, Model, PartialEq)]
#[tf(object)]
pub(super) struct Found {
    /// The rotation's id.
    #[tf(computed)]
    pub(super) id: Computed<String>,
    #[tf(flatten, computed)]
    pub(super) place: Open<Place>,
    #[tf(flatten, computed)]
    pub(super) settings: Open<Settings>,
    #[tf(flatten, computed)]
    pub(super) facts: Open<Facts>,
}

impl Found {
    /// The values of the response; fields that it leaves out are null.
    ///
    /// # Errors
    ///
    /// A number beyond what Terraform's numbers hold.
    pub(super) fn of(answer: &Rotation) -> Result<Self, Diagnostic> {
        Ok(Self {
            id: answer.id.clone().into(),
            place: PlaceConfig::default().refreshed(answer),
            settings: SettingsConfig::default().refreshed(answer)?,
            facts: FactsConfig::default().refreshed(answer),
        })
    }
}

/// The response itself if it is complete. Otherwise the rotation is read once more by its id, and that response is used even
/// if it is not complete either.
pub(super) async fn completed(client: &Client, answer: Rotation) -> Rotation {
    if answer.is_complete() {
        return answer;
    }
    match client.rotations().get(&answer.id).await {
        Ok(read) => read,
        Err(error) => {
            tracing::warn!(%error, "an answer left fields out, and reading it once more failed");
            answer
        }
    }
}
