//! One test binary: `protocol_*`, `client_*` and `acceptance_*`, and what they share in `support`.

mod support;
