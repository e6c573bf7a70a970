//! The `mosaik` binary's parts: sessions, rooms, page and configuration put together.

pub mod access;
mod ask;
mod bucket;
pub mod cli;
pub mod config;
mod gate;
pub mod http;
mod lessons;
mod limits;
mod line;
pub mod links;
mod lobby;
pub mod log;
pub mod metrics;
mod orders;
mod pace;
pub mod qlog;
mod queue;
mod reader;
pub mod redacted;
// Not for users of the crate: the fuzz targets bring it sessions on a transport of their own.
#[doc(hidden)]
pub mod relay;
pub mod rooms;
pub mod seal;
mod serve;
mod session;
mod shard;
mod switches;
pub mod top;
pub mod trace;

pub use gate::{Bearer, Gate, Refusal};
pub use limits::Limits;
pub use serve::Server;
