//! The `mosaik` binary's parts: sessions, rooms, page and configuration put together.

pub mod access;
pub mod cli;
pub mod config;
mod gate;
pub mod http;
mod lessons;
pub mod links;
pub mod log;
mod pace;
mod queue;
pub mod redacted;
pub mod rooms;
mod serve;
mod session;
mod shard;

pub use gate::{Bearer, Gate, Refusal};
pub use serve::Server;
