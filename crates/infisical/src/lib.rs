//! A client of the part of the Infisical API that rotations of `OpenRouter` keys need.
//!
//! ```text
//! rotations, connections ── a sub-client for each kind of object
//!     │
//! objects, create, rotate, credentials ── what kinds share: reads, lists, updates and deletes; creating and rotating
//!     │                                      when a response is lost; the keys of a rotation
//!     │
//! client ── auth (one login for all)
//!     │      │
//! transport ── limiter (rate limits) ─ http_client (connect: proxy, TLS) ─ response (with refusal) ─ retry
//! ```
//!
//! [`rotation`] and [`connection`] contain the types that are sent and returned, and implement the traits of `object`.
//! `request` has the table of the requests that may be repeated, `lists` the rule for reading many objects with one
//! request, `inventory` the objects that existed before a create, and [`spelling`] the spellings that the API treats as
//! equal. [`Error`] and [`RefusalKind`] are everything that can go wrong.

mod auth;
mod aws_credentials;
mod baseline;
mod client;
mod connect;
pub mod connection;
mod connections;
mod create;
mod credentials;
mod envelope;
mod error;
mod existing;
mod hidden;
mod http_client;
mod inventory;
mod issuing;
mod known;
mod latest;
mod limiter;
mod lists;
mod lookups;
mod next_rotation;
mod object;
mod objects;
mod operation;
mod refusal;
mod refusal_kind;
mod request;
mod response;
mod retry;
mod returned;
mod rotate;
pub mod rotation;
mod rotation_fields;
mod rotation_parts;
mod rotations;
#[cfg(feature = "scripted")]
#[doc(hidden)]
pub mod scripted;
mod secret;
mod shared;
pub mod spelling;
#[cfg(test)]
mod tests;
mod transport;
mod users;
mod writes;

pub use auth::{Auth, AwsEnvironment, TokenSource};
pub use aws_credentials::AwsCredentialsError;
pub use baseline::Baseline;
pub use client::{Client, Settings};
pub use connect::{BadCertificates, Certificates};
pub use connection::{Connection, ConnectionPatch, NewConnection};
pub use connections::Connections;
pub use create::{CreateNote, Created};
pub use error::{AlreadyExists, ConflictReason, Error, MaybeIssued, OutcomeUnknown, UnexpectedResponse};
pub use known::Known;
pub use next_rotation::NextRotation;
pub use refusal::{Issue, Refusal, cause_of_failure, may_have_issued};
pub use refusal_kind::RefusalKind;
pub use rotate::{RotateNote, RotateStep, Rotated};
pub use rotation::{
    ConnectionRef, Environment, Folder, GeneratedCredentials, GeneratedKey, NewRotation, Parameters, Place,
    RotateAtUtc, Rotation, RotationPatch, SecretsMapping,
};
pub use rotations::{Deletion, Rotations, UpdateFailed};
pub use secret::bare_token;
pub use users::ConnectionUsers;
