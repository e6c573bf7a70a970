//! A lesson over a weak line: a teacher, a relay, a line, and a student who keeps what came when.
//!
//! The tracks are synthetic (sizes and times as encoders make them), everything else is real: the
//! relay's process, QUIC and WebSockets, and the line of `mosaik_link`. What the student received is
//! turned into what is heard and seen by functions that know no clock. Beside that there are lessons in
//! browsers, where nothing is synthetic but what the teacher says and shows.

mod arrivals;
mod browsers;
mod checks;
mod crowd;
mod figures;
mod frames;
mod page;
mod picture;
mod queue;
mod report;
mod run;
mod series;
mod speech;
mod student;
mod svg;
mod teacher;

pub use arrivals::{Arrival, Kind};
pub use browsers::{Browsers, attend};
pub use checks::{Check, checks};
pub use crowd::{Crowd, bad_neighbour, school};
pub use figures::Figures;
pub use frames::{Frame, Frames, Rendition, Track};
pub use page::page;
pub use queue::Row;
pub use report::{Measured, OfWay, print, print_checks};
pub use run::{Happening, Plan, Run, Way, run};
pub use series::Series;
pub use student::{Picture, Student};
pub use teacher::Teacher;

use mosaik_proto::moqt::Namespace;

use crate::load::NAMESPACE;

/// The teacher's namespace: as in a room, the second field is who publishes.
fn namespace() -> Namespace {
    Namespace::of(&[NAMESPACE, "teacher"])
}
