//! The client of the Infisical API, as far as rotations of `OpenRouter` keys need it.
//!
//! ```text
//! rotations, connections ── a sub-client for each kind of object
//!     │
//! objects, create, rotate, credentials ── what kinds share: reads and lists, updates, deletes; creates and rotates whose
//!     │                                      answer got lost; keys while a rotation is in progress
//!     │
//! client ── auth (one login for all)
//!     │      │
//! transport ── limiter (pace) ─ wire (http: proxy, TLS) ─ response (judging, with refusal) ─ retry (again, or not)
//! ```
//!
//! [`rotation`] and [`connection`] have what is sent and what comes back, with what `object` asks of each kind;
//! `request` the table of what may be repeated, `lists` the rule for reading many objects at once, `inventory` what
//! was there before a create, [`spelling`] what the API takes for the same, `users` what
//! uses a connection, and [`Error`] with [`RefusalKind`]
//! everything that can go wrong.

mod auth;
mod aws_credentials;
mod baseline;
mod changes;
mod client;
mod connect;
pub mod connection;
mod connections;
mod create;
mod credentials;
mod envelope;
mod error;
mod inventory;
mod known;
mod limiter;
mod lists;
mod object;
mod objects;
mod operation;
mod refusal;
mod request;
mod response;
mod retry;
mod rotate;
pub mod rotation;
mod rotations;
mod secret;
mod shared;
pub mod spelling;
#[cfg(test)]
mod tests;
mod transport;
mod users;
mod wire;
mod writes;

pub use auth::{Auth, AwsEnvironment, TokenSource};
pub use aws_credentials::AwsCredentialsError;
pub use baseline::Baseline;
pub use client::{Client, Settings};
pub use connect::{BadCertificates, Certificates};
pub use connection::{Connection, ConnectionPatch, NewConnection};
pub use connections::Connections;
pub use create::{CreateNote, Created};
pub use credentials::SettledCredentials;
pub use error::{AlreadyExists, ConflictReason, Error, MaybeIssued, OutcomeUnknown, UnexpectedResponse};
pub use known::Known;
pub use refusal::{Issue, Refusal, RefusalKind};
pub use rotate::{RotateNote, RotateStep, Rotated};
pub use rotation::{
    ConnectionRef, Environment, Folder, GeneratedCredentials, GeneratedKey, NewRotation, Parameters, Place,
    RotateAtUtc, Rotation, RotationPatch, SecretsMapping,
};
pub use rotations::{Deletion, Rotations};
pub use secret::bare_token;
pub use users::ConnectionUsers;
