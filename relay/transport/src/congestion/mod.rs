//! Congestion control for a lesson: a short queue first, then all that the line carries.
//!
//! A voice must not wait behind a picture in somebody's router. CUBIC fills the router's memory until
//! it overflows, which on a home line is half a second; so this controller holds the delay that it
//! causes itself at a target that falls with the rate, and takes loss for congestion only where much
//! is lost. Where the queue stays although it gave way, somebody else fills it: then it competes as
//! CUBIC does, and gives way for a moment now and then to see whether it still has to.
//!
//! It works in rounds: a round is over when a packet that was sent in it is acknowledged. Growing and
//! giving way are decided at its end, and only when the round was limited by the window: a queue
//! that a session with little to say sees is not its own, and its window says nothing about the line.

mod controller;
mod history;
mod line;
mod modes;
mod rival;
mod round;
mod target;

pub use controller::{DelayBounded, DelayBoundedConfig};
pub use line::{LineEstimate, LineWatch};
