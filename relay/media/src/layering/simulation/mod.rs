//! Sessions behind one line, with made-up media and made-up time: what the layering makes of it.
//!
//! A packet model in steps of a millisecond. The line has a rate over time, a drop-tail queue, a
//! round trip time and random loss; a sender has a window, a controller and pacing; a source has
//! renditions, temporal layers and key frames that are several times a frame. Nothing is measured
//! on this machine, and a seed gives the same run each time.

mod line;
mod outage;
mod report;
mod sender;
mod session;
mod shared;
mod source;
mod steady;
mod step;
mod window;

use std::time::{Duration, Instant};

use line::Line;
use session::Session;

use line::Profile;
use window::Controller;

/// Chance that is the same each time (SplitMix64).
#[derive(Debug, Clone)]
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }
}

#[expect(clippy::disallowed_methods, reason = "a simulation has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

/// What is simulated.
struct World {
    line: Line,
    sessions: Vec<Session>,
    start: Instant,
    now: u64,
}

impl World {
    /// `sessions` behind `profile`; each joins so many milliseconds after the one before.
    fn new(profile: Profile, controller: Controller, sessions: u64, apart: u64, seed: u64) -> Self {
        let round_trip = profile.round_trip;
        let mut random = Random(seed);
        let sessions = (0..sessions)
            .map(|index| {
                let phase = random.below(2_000);
                Session::new(index * apart, phase, controller, round_trip, random.below(u64::MAX))
            })
            .collect();
        Self { line: Line::new(profile, seed), sessions, start: start(), now: 0 }
    }

    /// Goes on until `end` milliseconds.
    fn run(&mut self, end: u64) {
        while self.now < end {
            let now = self.now;
            for (packet, is_lost) in self.line.step(now) {
                if let Some(session) = self.sessions.get_mut(packet.session) {
                    session.passed(now, packet, is_lost);
                }
            }
            let instant = self.start + Duration::from_millis(now);
            for (index, session) in self.sessions.iter_mut().enumerate() {
                session.step(now, instant, index, &mut self.line);
            }
            self.now += 1;
        }
    }
}
