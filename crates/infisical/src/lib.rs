//! The client of the Infisical API, as far as rotations of `OpenRouter` keys need it.
//!
//! ```text
//! openrouter ── the calls; recover: create and rotate when the answer never came
//!     │
//! client::send ─ auth (token) ─ pace (limits) ─ wire (transport: HTTP, proxy, TLS) ─ answer (judging) ─ retry (again, or not)
//! ```
//!
//! [`rotation`] has what is sent and what comes back, `call` the table of what may be repeated, `listing`
//! the rule for reading many rotations at once, `clock` what is known of the server's time, and [`Error`]
//! everything that can go wrong.

mod answer;
mod auth;
mod call;
mod client;
mod clock;
mod error;
mod listing;
mod openrouter;
mod pace;
mod recover;
mod retry;
pub mod rotation;
mod secret;
#[cfg(test)]
mod tests;
mod transport;
mod wire;

pub use auth::{Auth, AwsCredentials, TokenSource};
pub use client::{Client, Settings};
pub use error::{Because, Error, Issue, Oddity, Refusal, Taken};
pub use openrouter::{Created, Deletion, Place};
pub use rotation::{
    Connection, Environment, Folder, GeneratedCredentials, GeneratedKey, NewRotation, Parameters, RotateAtUtc,
    Rotation, RotationPatch, SecretsMapping,
};
pub use secret::bare_token;
pub use transport::{BadCertificates, Certificates};
