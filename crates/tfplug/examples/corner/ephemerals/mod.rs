//! The ephemeral resources.

mod lifecycle;
mod schema;

use tfplug::Offers;

use crate::provider::Client;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers
        .ephemeral_resource("framework_lifecycle", lifecycle::Lifecycle)
        .ephemeral_resource("framework_schema", schema::Schema)
}
