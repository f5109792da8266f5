//! States with write-only attributes that do not come from an apply: from an import, a move and an upgrade.

use tfplug::schema::Schema;
use tfplug::{
    Applied, Context, Diagnostics, Existing, ImportId, Model, MoveSource, Moved, NoIdentity, Prior, Resource,
    StoredState,
};

use crate::provider::Client;

/// A text, and one that is not stored.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Texts {
    #[tf(required)]
    string_attr: String,
    #[tf(write_only)]
    writeonly_string: Option<String>,
}

/// A state with this text. Handlers may give a write-only attribute a value: it is not stored.
fn state(text: &str) -> TextsConfig {
    TextsConfig { string_attr: text.into(), writeonly_string: "not stored".into() }
}

macro_rules! echo {
    () => {
        type Client = Client;
        type Model = Texts;

        async fn create(&self, _: &Context<'_, Client>, plan: Texts) -> Applied<Texts> {
            Ok(plan)
        }

        async fn read(&self, _: &Context<'_, Client>, prior: Prior<Texts>) -> Result<Option<Texts>, Diagnostics> {
            prior.into_whole().map(Some)
        }

        async fn update(&self, _: &Context<'_, Client>, _: Existing<Texts>, plan: Texts) -> Applied<Texts> {
            Ok(plan)
        }

        async fn delete(&self, _: &Context<'_, Client>, _: Existing<Texts>) -> Result<(), Diagnostics> {
            Ok(())
        }
    };
}

/// Each import has the same text.
pub(crate) struct Imported;

impl Resource for Imported {
    echo!();

    async fn import_state(&self, _: &Context<'_, Client>, _: ImportId<NoIdentity>) -> Result<TextsConfig, Diagnostics> {
        Ok(state("hello world!"))
    }
}

/// Takes over a `terraform_data`.
pub(crate) struct MovedHere;

impl Resource for MovedHere {
    echo!();

    fn move_from(&self, source: &MoveSource) -> Result<Option<Moved<TextsConfig>>, Diagnostics> {
        Ok((source.type_name == "terraform_data").then(|| state("hello world!").into()))
    }
}

/// Has version 1 of its schema, or the one that `FRAMEWORK_UPGRADE_VERSION` says: to act as an older provider.
pub(crate) struct Upgraded {
    version: u32,
}

impl Upgraded {
    pub(crate) fn from_environment() -> Self {
        let version = std::env::var("FRAMEWORK_UPGRADE_VERSION").ok().and_then(|version| version.parse().ok());
        Self { version: version.unwrap_or(1) }
    }
}

impl Resource for Upgraded {
    echo!();

    fn schema(&self) -> Schema {
        Texts::schema().version(self.version)
    }

    fn upgrade(&self, _: i64, _: StoredState) -> Result<TextsConfig, Diagnostics> {
        Ok(state("world!"))
    }
}
