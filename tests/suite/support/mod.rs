//! Code that the tests share.
#![allow(dead_code, unreachable_pub, reason = "not every part is used on every platform")]

pub mod connection;
pub mod cores;
pub mod corner;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod network;
pub mod plugin;
#[cfg(target_os = "linux")]
pub mod process;
pub mod recording;
pub mod requests;
pub mod rotation;
pub mod running;
pub mod terraform;
