//! What people do in a lesson beside seeing and hearing, over the wire: each refused act is tried by
//! a command that no page would send.

mod boards;
mod breakouts;
mod chat;
mod content;
mod floods;
mod hands;
mod lines;
mod notes;
mod polls;
mod reports;
