//! Sessions on a line, and the time that passes for them.

use std::time::{Duration, Instant};

use mosaik_link::{Direction, Line, Output, Profile};

use super::flow::{Flow, Source};
use super::settings::{Controlled, Credentials};
use super::side::Side;

/// Headers of IPv4 and UDP.
const HEADERS: usize = 28;

/// Time passes at least by this, so that rounding cannot make it stand still.
const STEP_MIN: Duration = Duration::from_micros(10);

/// A packet of a session.
type Packet = (usize, Vec<u8>);

/// Several sessions on one line, towards those who listen.
#[derive(Debug)]
pub struct World {
    now: Duration,
    began: Instant,
    /// The sessions.
    pub flows: Vec<Flow>,
    /// What they share.
    pub line: Line<Packet>,
}

impl World {
    /// Sessions with these controllers on the line of `profile`. The same seed gives the same world.
    ///
    /// # Errors
    /// When quinn refuses the settings.
    pub fn new(
        credentials: &Credentials,
        profile: &Profile,
        sources: &[(Controlled, Source)],
        seed: u8,
    ) -> anyhow::Result<Self> {
        let began = Instant::now();
        let mut flows = Vec::new();
        for ((controlled, source), own) in sources.iter().zip(1_u8..) {
            let own = own.wrapping_mul(31).wrapping_add(seed);
            let server = Side::server(credentials.server(*controlled)?, own);
            let client = Side::client(credentials.client()?, began + source.from, own)?;
            flows.push(Flow::new((server, client), *source, began));
        }
        let line = Line::new(profile, u64::from(seed));
        Ok(Self { now: Duration::ZERO, began, flows, line })
    }

    /// Time passes.
    pub fn run(&mut self, until: Duration) {
        while self.now < until {
            self.step();
            let began = self.began;
            let flows = self.flows.iter_mut().map(|flow| flow.deadline() - began);
            let next = flows.chain(self.line.deadline()).min().unwrap_or(until);
            self.now = next.max(self.now + STEP_MIN);
        }
    }

    fn step(&mut self) {
        let (at, now) = (self.now, self.began + self.now);
        let Self { flows, line, .. } = self;
        for direction in Direction::BOTH {
            while let Some(output) = line.way_mut(direction).poll(at) {
                let Output::Packet { payload: (flow, packet), .. } = output else { continue };
                let Some(flow) = flows.get_mut(flow) else { continue };
                match direction {
                    Direction::Up => flow.sender.take(now, &packet),
                    Direction::Down => flow.receiver.take(now, &packet),
                }
            }
        }
        for (index, flow) in flows.iter_mut().enumerate().filter(|(_, it)| it.is_there(now)) {
            flow.sender.wake(now);
            flow.receiver.wake(now);
            flow.turn(now);
            flow.read(now);
            let mut push = |direction, packet: Vec<u8>| {
                let bytes = u32::try_from(packet.len() + HEADERS).unwrap_or(u32::MAX);
                line.way_mut(direction).push(at, bytes, (index, packet));
            };
            flow.sender.send(now, |packet| push(Direction::Down, packet));
            flow.receiver.send(now, |packet| push(Direction::Up, packet));
        }
    }
}
