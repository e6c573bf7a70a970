//! What people do in a lesson beside seeing and hearing, over the wire: each refused act is tried by
//! a command that no page would send.

mod chat;
mod content;
mod hands;
mod polls;
mod reports;
