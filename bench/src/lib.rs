//! What the benchmarks share: what a process uses, what machine it is, and how figures are kept.

mod figures;
mod machine;
mod usage;

pub use figures::{Percentiles, write};
pub use machine::{Machine, machine};
pub use usage::{Usage, usage};
