//! The requests that the simulator received.

use serde_json::Value;
use simulator::{Call, Handle};

/// The number of requests for a call.
pub fn count(simulator: &Handle, call: Call) -> usize {
    simulator.requests().iter().filter(|request| request.call == call).count()
}

/// The bodies of the requests for a call, in order of arrival; null for requests without one.
pub fn bodies(simulator: &Handle, call: Call) -> Vec<Value> {
    let requests = simulator.requests().into_iter().filter(|request| request.call == call);
    requests.map(|request| request.body.unwrap_or_default()).collect()
}
