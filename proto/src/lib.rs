//! What goes over the wire: MoQT framing, LOC properties, the catalog, what is said on control
//! tracks, and token claims.
//!
//! Sans-IO: bytes in, values out. No socket, no clock, no lock; whoever needs the time passes it.
//! Only [`moqt`] names a draft of the protocol.

pub mod bindings;
pub mod catalog;
pub mod loc;
pub mod moqt;
pub mod rights;
pub mod room;
pub mod token;
