//! QUIC sessions on a weak line in simulated time: quinn's real state machines, the line of
//! `tests/link`, and no clock. Forty seconds take one, and the same seed gives the same figures.

mod flow;
mod outcome;
mod scenario;
mod settings;
mod side;
mod world;

pub use flow::{Flow, Heard, Source};
pub use outcome::Outcome;
pub use scenario::Scenario;
pub use settings::{Controlled, Credentials};
pub use side::Side;
pub use world::World;
