//! What people do in a lesson beside seeing and hearing, over the wire: each refused act is tried by
//! a command that no page would send.

mod chat;
mod hands;
mod lines;
mod polls;
mod reports;
