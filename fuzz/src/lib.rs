//! What must hold for any bytes from outside: one module a decoder, each with a function that takes
//! bytes and panics where a property does not hold.
//!
//! The properties are the same everywhere. Decoding is total: it answers or refuses, and never
//! panics. What was decoded and is encoded again decodes to the same value. Bytes give the same
//! result in whatever pieces they come. Of whole sessions nothing is left when they are over.

pub mod catalog;
pub mod claims;
pub mod command;
pub mod control;
pub mod corpus;
pub mod datagram;
pub mod fetch;
pub mod message;
pub mod notes;
mod pieces;
pub mod properties;
pub mod session;
pub mod setup;
pub mod subgroup;
mod transport;
pub mod varint;
pub mod websocket;

/// A target: its name, and what panics where a property does not hold.
pub type Target = (&'static str, fn(&[u8]));

/// Every target there is.
pub const TARGETS: &[Target] = &[
    ("catalog", catalog::check),
    ("claims", claims::check),
    ("command", command::check),
    ("control", control::check),
    ("datagram", datagram::check),
    ("fetch", fetch::check),
    ("message", message::check),
    ("notes", notes::check),
    ("properties", properties::check),
    ("session", session::check),
    ("setup", setup::check),
    ("subgroup", subgroup::check),
    ("varint", varint::check),
    ("websocket", websocket::check),
];
