//! `framework_modify_file_action`: writes a file.

use tfplug::{Action, ActionPlan, Context, Diagnostic, Diagnostics, Model, Offers, Path, Progress};

use crate::provider::Client;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers.action("framework_modify_file_action", ModifyFile)
}

/// Writes a file.
#[derive(Model)]
#[tf(action)]
pub(crate) struct Change {
    /// The file's path.
    #[tf(required)]
    pub(crate) filename: String,
    /// What the file has afterwards.
    #[tf(required)]
    pub(crate) content: String,
    /// Whether the plan fails.
    pub(crate) plan_error: Option<bool>,
}

struct ModifyFile;

impl Action for ModifyFile {
    type Client = Client;
    type Model = Change;

    async fn plan(&self, plan: ActionPlan<'_, Client, ChangeConfig>) -> Result<(), Diagnostics> {
        if plan.config.plan_error.get() != Some(&true) {
            return Ok(());
        }
        let detail = "The configuration asks for an error in the plan.";
        Err(Diagnostic::error("ModifyPlan error", detail).at(Path::of("plan_error")).into())
    }

    async fn invoke(&self, _: &Context<'_, Client>, config: Change, progress: Progress) -> Result<(), Diagnostics> {
        progress.say(format!("Writing {}", config.filename));
        Ok(std::fs::write(&config.filename, config.content).map_err(|error| {
            Diagnostic::error(format!("Cannot write {}", config.filename), error.to_string()).at(Path::of("filename"))
        })?)
    }
}
