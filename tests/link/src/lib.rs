//! Weak lines in user space: what a server and its clients feel when there is an old telephone
//! line, a crowded wireless network or a train between them.
//!
//! The core knows neither sockets nor clocks: a [`Channel`] is one direction (queue, rate, loss,
//! delay), a [`Way`] is a channel with the streams and downloads that share it, a [`Line`] is both
//! directions of a [`Profile`]. All of it is decided by a seed and by when something was given to
//! it, so the same core serves a simulation with a clock of its own.
//!
//! A [`Link`] is a line with sockets, in front of a server.
//!
//! docs/links.md has the profiles with their sources, and what the models leave out.

mod channel;
mod codel;
mod cubic;
mod delay;
mod driver;
mod flow;
mod histogram;
mod line;
mod log;
mod loss;
pub mod markov;
mod profile;
mod queue;
mod rate;
mod rtt;
mod trace;
mod way;

pub use channel::{Arrival, Channel, ChannelSettings, Outage};
pub use codel::CodelSettings;
pub use cubic::Cubic;
pub use delay::{Delay, Jitter};
pub use driver::{Link, LinkError, LinkSettings, LinkStats, LogPart};
pub use flow::{HEADERS, SEGMENT};
pub use histogram::Histogram;
pub use line::{Direction, Line};
pub use log::{Cause, Drops, Log, ROW, Row, Summary};
pub use loss::{GilbertElliott, Loss};
pub use profile::{Profile, ProfileError};
pub use queue::{Discipline, QueueSettings};
pub use rate::Rate;
pub use trace::{SLOT, Trace, TraceError};
pub use way::{Competitor, Output, StreamId, Way};
