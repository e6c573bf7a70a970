//! A line: both directions, as a profile describes them.

use std::time::Duration;

use crate::profile::Profile;
use crate::way::{StreamId, Way};

/// From the server to the clients, or the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the server.
    Up,
    /// From the server.
    Down,
}

impl Direction {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Up, Self::Down];

    /// `up` or `down`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Both directions of a line.
#[derive(Debug)]
pub struct Line<P> {
    up: Way<P>,
    down: Way<P>,
    round_trip: Duration,
    ways_back: [Duration; 2],
}

impl<P> Line<P> {
    /// The line of a profile. The same seed gives the same line.
    pub fn new(profile: &Profile, seed: u64) -> Self {
        let (up, down) = (profile.up.delay.propagation, profile.down.delay.propagation);
        Self {
            // Directions have no chance in common.
            up: Way::new(profile.up.clone(), &[], seed.wrapping_mul(2)),
            down: Way::new(
                profile.down.clone(),
                &profile.competitors,
                seed.wrapping_mul(2).wrapping_add(1),
            ),
            round_trip: up + down,
            ways_back: [down, up],
        }
    }

    /// One of the directions.
    pub const fn way(&self, direction: Direction) -> &Way<P> {
        match direction {
            Direction::Up => &self.up,
            Direction::Down => &self.down,
        }
    }

    /// One of the directions.
    pub const fn way_mut(&mut self, direction: Direction) -> &mut Way<P> {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }

    /// A TCP connection: its streams up and down. The first byte is sent after the round trip that
    /// a handshake takes.
    pub fn connect(&mut self, now: Duration) -> [StreamId; 2] {
        let opens = now + self.round_trip;
        let [up, down] = self.ways_back;
        [self.up.open(opens, up), self.down.open(opens, down)]
    }

    /// There is no line in both directions from `now` on for this time.
    pub fn cut(&mut self, now: Duration, time: Duration) {
        self.up.cut(now, time);
        self.down.cut(now, time);
    }

    /// When something happens next by itself.
    pub fn deadline(&self) -> Option<Duration> {
        [self.up.deadline(), self.down.deadline()].into_iter().flatten().min()
    }
}
