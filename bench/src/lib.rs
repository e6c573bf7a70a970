//! What the benchmarks share: load on a relay, what a process uses, what machine it is, and how
//! figures are kept.

mod certificate;
pub mod classroom;
mod clock;
mod cores;
mod figures;
pub mod full_lesson;
pub mod lesson;
pub mod load;
mod machine;
mod memory;
pub mod simulated;
mod usage;
mod variant;

pub use certificate::Certificate;
pub use clock::{micros, pass};
pub use cores::pin_to_other_cores;
pub use figures::{Percentiles, median, slope, write};
pub use machine::{Machine, machine};
pub use memory::{Resident, watch};
pub use usage::{Usage, usage};
pub use variant::Variant;
