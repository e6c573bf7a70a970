//! The `mosaik` binary's parts: sessions, rooms, page and configuration put together.

pub mod access;
pub mod cli;
pub mod config;
pub mod http;
pub mod links;
pub mod log;
pub mod redacted;
pub mod rooms;
mod gate;
mod lessons;
mod session;
mod shard;

pub use gate::{Gate, Refusal};
