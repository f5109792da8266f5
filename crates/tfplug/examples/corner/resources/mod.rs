//! The resources.

mod deferred;
mod dynamic;
mod echo;
mod identity;
mod moved;
mod numbers;
mod reflection;
mod schema;
mod sets;
mod texts;
mod user;
mod write_only;
mod write_only_rules;
mod write_only_states;

use tfplug::Offers;

use crate::provider::Client;
use echo::Echo;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers
        .resource("framework_schema", Echo::<schema::Everything>::new())
        .resource("framework_customtype", Echo::<texts::Texts>::new())
        .resource("framework_timetypes", Echo::<texts::Times>::new())
        .resource("framework_timeouts", Echo::<texts::Limited>::new())
        .resource("framework_float32_precision", Echo::<numbers::Single>::new())
        .resource("framework_float64_precision", Echo::<numbers::Double>::new())
        .resource("framework_dynamic_computed_type_change", Echo::<dynamic::Changing>::new())
        .resource("framework_tfsdk_reflection", Echo::<reflection::Reflected>::new())
        .resource("framework_set_nested_attribute_with_defaults", Echo::<sets::Attributes>::new())
        .resource("framework_set_nested_block_with_defaults", Echo::<sets::Blocks>::new())
        .resource("framework_set_semantic_equality", sets::Shortening)
        .resource("framework_user", user::Users)
        .resource("framework_identity", identity::Identities)
        .resource("framework_move_state", moved::Moves)
        .resource("framework_writeonly", write_only::Checked)
        .resource("framework_writeonce", write_only_rules::Once)
        .resource("framework_writeonly_validations", Echo::<write_only_rules::Passwords>::new())
        .resource("framework_writeonly_import", write_only_states::Imported)
        .resource("framework_writeonly_move", write_only_states::MovedHere)
        .resource("framework_writeonly_upgrade", write_only_states::Upgraded::from_environment())
        .resource("framework_deferred_action", deferred::Deferring { while_deferred: false })
        .resource("framework_deferred_action_plan_modification", deferred::Deferring { while_deferred: true })
}
