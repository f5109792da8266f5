//! The provider, in three layers with dependencies one way only:
//!
//! - `tfplug`, a crate of its own: Terraform's plugin protocol 6. It knows no Infisical.
//! - `infisical`, a crate of its own: the API client. It knows no Terraform.
//! - [`provider`]: the bridge, and the only layer that uses both.
//!
//! Where things are:
//!
//! | subject | place |
//! | --- | --- |
//! | arguments, runtime | `main.rs` |
//! | what users write, and the provider block | [`provider`]: `config`, `credentials`; one folder per resource |
//! | words for the API's errors, and all advice | `provider/errors.rs` |
//! | attributes of a rotation, the API's spellings | `provider/rotation/` |
//! | calls, types and errors of the API | `crates/infisical`: `rotations`, `rotation`, `connections`, `connection`, `error`, `refusal` |
//! | the way to the network, retries, pace | `crates/infisical`: `transport`, `retry`, `limiter` |
//! | lists, lost creates and rotates | `crates/infisical`: `lists`, `create`, `inventory`, `rotate` |
//! | handshake, TLS, gRPC, planning, the core's checks | `crates/tfplug` |
//! | the API's stand-in for tests and demo | `crates/simulator` |
//! | the project's own commands | `xtask` |
//!
//! One `terraform apply`, from start to end: `main` calls `tfplug::serve`, which shakes hands with the core. The core asks
//! for the schemas, lets the provider block be checked, and configures the provider:
//! [`provider::Infisical`] turns block and environment into an [`infisical::Client`](infisical::Client), which sends nothing yet. For each
//! resource the core then reads the state (one GET, if there's a state, and one for many once several are read), asks for
//! a plan (a pure function of schema, state and configuration), and applies it: the resource turns the plan into one
//! request and fills the state from its answer. No layer calls back up.

pub mod provider;
