//! What a session's line carries, and what is sent of each picture on it.
//!
//! The way of one decision: [`Link`] → capacity (`link.rs`) → budget and congestion (`budget.rs`)
//! → [`allocate()`] → hysteresis, probing and back-off ([`Layering::decide`]) → [`Decision`].
//!
//! Pure: time is an argument, nothing is sent here. A session has one [`Layering`]; whoever owns
//! the session asks it about ten times a second, and at [`Decision::next`] at the latest.

mod allocate;
#[cfg(test)]
mod allocate_tests;
mod budget;
#[cfg(test)]
mod cost;
mod decide;
#[cfg(test)]
mod decide_tests;
mod held;
mod link;
mod probe;
#[cfg(test)]
mod simulation;
mod standing;
mod wish;

pub use allocate::allocate;
pub use decide::{Decision, Layering, Reason};
pub use wish::{Grant, Level, Link, Rank, Wish};
