//! The ephemeral resources.

mod lifecycle;

use tfplug::Offers;

use crate::provider::Client;

pub(crate) fn add(offers: Offers<Client>) -> Offers<Client> {
    offers.ephemeral_resource("framework_lifecycle", lifecycle::Lifecycle)
}
