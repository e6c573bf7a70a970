//! A room as a state machine: what comes in is an [`Input`], what follows from it are [`Effect`]s.
//!
//! Sans-IO: time is an argument, effects are values, the driver does what they say in order. All
//! events of a room have one order, counted by its revision; a late joiner's snapshot and the
//! events after it lead to the same state as all events from the first on. Everything lives in the
//! [`Room`] value and is gone with it.

mod answers;
mod attendance;
mod boards;
mod bounds;
mod breakouts;
mod chance;
mod chat;
mod content;
mod door;
mod earlier;
mod effect;
mod groups;
mod hands;
mod lines;
mod notes;
mod permission;
mod polls;
mod private;
mod room;
mod roster;
mod screens;
mod signs;
mod timer;

pub use earlier::Earlier;
pub use effect::{ContentEffect, Effect, Effects};
pub use notes::Notes;
pub use room::{Deadline, Input, Newcomer, Room, Wake};
pub use roster::SessionNumber;
