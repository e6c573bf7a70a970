//! What a student received, and when.

use super::frames::Rendition;

/// What an arrival is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Speech.
    Mic,
    /// Chat.
    State,
    /// An image of the slides.
    Slides,
    /// A picture of the camera.
    Cam,
}

/// One whole object. Times are microseconds of the shared clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// What it is of.
    pub kind: Kind,
    /// Its group.
    pub group: u64,
    /// Its ID.
    pub object: u64,
    /// Its temporal layer.
    pub layer: u64,
    /// What its group says that it is of; only on the group's first object.
    pub rendition: Option<Rendition>,
    /// When it was captured, by the teacher's schedule.
    pub captured: u64,
    /// When the teacher had it sent: on a machine that is busy it comes behind its schedule.
    pub sent: u64,
    /// When its last byte was here.
    pub at: u64,
    /// Bytes of its payload.
    pub bytes: usize,
}

impl Arrival {
    /// Microseconds from the teacher to here.
    pub const fn delay(&self) -> u64 {
        self.at.saturating_sub(self.sent)
    }

    /// When it would have been here from a teacher that is never late.
    pub const fn in_time(&self) -> u64 {
        self.captured + self.delay()
    }
}
