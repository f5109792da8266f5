//! Texts in a format, and timeouts, which are durations.

use tfplug::{Model, text};

use super::echo::Echoed;

/// Texts that are checked for their format.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Texts {
    json_normalized_attribute: Option<text::Json>,
    json_exact_attribute: Option<text::ExactJson>,
    ip_v4_attribute: Option<text::Ipv4>,
    ip_v6_attribute: Option<text::Ipv6>,
    ip_v4_cidr_attribute: Option<text::Ipv4Cidr>,
    ip_v6_cidr_attribute: Option<text::Ipv6Cidr>,
    time_rfc3339_attribute: Option<text::Timestamp>,
}

impl Echoed for Texts {}

/// A duration and a point in time.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Times {
    go_duration: Option<text::GoDuration>,
    rfc3339: Option<text::Timestamp>,
}

impl Echoed for Times {}

/// Limits how long its creation may take.
#[derive(Model)]
#[tf(resource, no_identity)]
pub(crate) struct Limited {
    #[tf(timeouts)]
    timeouts: Option<OfCreate>,
}

impl Echoed for Limited {}

#[derive(Model)]
#[tf(object)]
pub(crate) struct OfCreate {
    /// How long the creation may take, such as `60s`.
    create: Option<text::GoDuration>,
}
