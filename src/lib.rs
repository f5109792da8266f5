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
//! | the provider block, its variables, and what follows from both | `provider/`: `block`, `environment`, `config`, `credentials`, `host` |
//! | messages for the API's errors, and all advice | `provider/errors.rs` |
//! | attributes that all kinds of rotations share, with their rules | `provider/openrouter/mod.rs`, `rules` |
//! | from attributes to the API's types and back | `provider/openrouter/answer.rs` |
//! | the resource: its own attributes, its verbs, its planning | `provider/openrouter/`: `model`, `rotation`, `planning`, `triggers` |
//! | the data sources, with what they share | `provider/openrouter/`: `rotation_data_source`, `rotations_data_source`; `found`, `filter` |
//! | connections: the resource, the data source, and what both share | `provider/openrouter/connection*.rs` |
//! | what `terraform query` finds | `provider/openrouter/rotation_list.rs`, `filter` |
//! | calls, types and errors of the API | `crates/infisical`: `rotations`, `rotation`, `rotation_fields`, `connections`, `connection`, `error`, `refusal` |
//! | network, retries, rate limits | `crates/infisical`: `transport`, `retry`, `limiter` |
//! | lists; creates and rotates whose response is lost | `crates/infisical`: `lists`, `create`, `inventory`, `rotate` |
//! | handshake, TLS, gRPC, planning, the core's checks | `crates/tfplug` |
//! | the simulator of the API for tests and demo | `crates/simulator` |
//! | the project's own commands | `xtask` |
//!
//! An attribute is defined once, by a field of a struct that derives [`tfplug::Model`]: name, type, rules and description.
//! On the API's side it is defined once, too: in the list of `rotation_fields`, from which the requests, the response, what a
//! change sends and when it has taken effect follow. To add one, write it in both, and its line in the conversion from the
//! answer and, if it is sent, in the conversion to the API. To add a kind, write its file and its line in [`provider::Infisical`]'s `offers`.
//!
//! One `terraform apply`, from start to end: `main` calls [`tfplug::main`], which does the handshake with the core. The core
//! requests the schemas, has the provider block validated, and configures the provider: [`provider::Infisical`] turns the block
//! and the environment into an [`infisical::Client`], which sends nothing yet. For each resource the core then reads the state (one
//! GET, if there is a state, and one list for many once several are read), asks for a plan (a pure function of schema, state
//! and configuration, unless a replacement has to be checked), and applies it: the resource turns the plan into one request and
//! fills the state from its answer. No layer calls back up. `ARCHITECTURE.md` shows the same with a map.

pub mod provider;
