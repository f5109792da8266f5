//! The provider, in three layers with dependencies one way only:
//!
//! - `tfplug`, a crate of its own: Terraform's plugin protocol 6. It knows no Infisical.
//! - [`infisical`]: the API client. It knows no Terraform.
//! - [`provider`]: the bridge, and the only layer that uses both.
//!
//! One `terraform apply`, from start to end: `main` calls `tfplug::serve`, which shakes hands with the core. The core asks
//! for the schemas, lets the provider block be checked, and configures the provider:
//! [`provider::Infisical`] turns block and environment into an [`infisical::Client`], which sends nothing yet. For each
//! resource the core then reads the state (one GET, if there's a state, and one for many once several are read), asks for
//! a plan (a pure function of schema, state and configuration), and applies it: the resource turns the plan into one
//! request and fills the state from its answer. No layer calls back up.

pub mod infisical;
pub mod provider;
