//! What the tests share.
#![allow(dead_code, unreachable_pub, reason = "what is here is whole, whether or not a test uses each part")]

pub mod connection;
pub mod cores;
pub mod network;
pub mod plugin;
#[cfg(target_os = "linux")]
pub mod process;
pub mod rotation;
pub mod running;
pub mod story;
pub mod terraform;
