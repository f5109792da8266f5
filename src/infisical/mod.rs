//! The Infisical API.
