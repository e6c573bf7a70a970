//! What became of a scenario.

use std::time::Duration;

use mosaik_link::Direction;
use serde::Serialize;

use super::flow::{Flow, Heard};
use super::scenario::Scenario;
use super::settings::{Controlled, Credentials};
use super::world::World;

/// Speech that takes longer comes too late for a conversation.
const LATE: Duration = Duration::from_millis(200);

/// What was measured, of the first session where there are several.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// How long speech took: median and what 95 % do not exceed, in milliseconds.
    pub speech_p50_ms: f64,
    /// See above.
    pub speech_p95_ms: f64,
    /// Share that took longer than 200 ms or never came.
    pub late: f64,
    /// The wait in the line's queue that 95 % of all packets do not exceed, in milliseconds.
    pub queue_p95_ms: f64,
    /// Packets that found the queue full.
    pub overflowed: u64,
    /// Bits of picture a second, of each session.
    pub picture: Vec<f64>,
    /// Bits a second that a download beside it got.
    pub download: f64,
    /// The longest time without speech, in milliseconds.
    pub silence_ms: f64,
    /// After an outage or a step up: until eight tenths of the picture are there again, in
    /// milliseconds.
    pub back_ms: Option<f64>,
}

impl Outcome {
    /// Plays a scenario.
    ///
    /// # Errors
    /// When quinn refuses the settings.
    pub fn of(
        scenario: &Scenario,
        controlled: Controlled,
        credentials: &Credentials,
        seed: u8,
    ) -> anyhow::Result<Self> {
        let ours = scenario.sources.iter().map(|source| (controlled, *source));
        let others = scenario.others.iter().map(|source| (Controlled::Cubic, *source));
        let sources: Vec<_> = ours.chain(others).collect();
        let mut world = World::new(credentials, &scenario.profile, &sources, seed)?;
        world.run(scenario.from);
        let before = world.line.way(Direction::Down).competitor_bytes();
        world.run(scenario.lasts);
        Ok(Self::read(scenario, &world, before))
    }

    fn read(scenario: &Scenario, world: &World, before: u64) -> Self {
        let (from, lasts) = (scenario.from, scenario.lasts);
        let down = world.line.way(Direction::Down);
        let seconds = lasts.saturating_sub(from).as_secs_f64();
        let first = world.flows.first();
        let heard: Vec<Heard> = first.map(|flow| flow.heard.clone()).unwrap_or_default();
        let heard: Vec<Heard> = heard.into_iter().filter(|it| it.at >= from).collect();
        let mut took: Vec<f64> = heard.iter().map(|it| millis(it.took)).collect();
        took.sort_by(f64::total_cmp);
        // What was said at the very end may still be on its way.
        let said = (seconds - LATE.as_secs_f64()) / 0.02;
        let in_time = real(heard.iter().filter(|it| it.took <= LATE).count());
        Self {
            speech_p50_ms: at(&took, 0.5),
            speech_p95_ms: at(&took, 0.95),
            late: (1.0 - in_time / said).max(0.0),
            queue_p95_ms: down.log().summary().queue_delay_p95_ms,
            overflowed: down.log().summary().drops.full,
            picture: world.flows.iter().map(|flow| flow.rate(from, lasts)).collect(),
            download: real_u64(down.competitor_bytes() - before) * 8.0 / seconds,
            silence_ms: silence(&heard),
            back_ms: first.and_then(|flow| back(scenario, flow)),
        }
    }

    /// What was sent of the picture of all sessions, of what the line carries.
    pub fn total(&self) -> f64 {
        self.picture.iter().sum()
    }
}

/// The longest time between two frames of speech that came one after the other.
fn silence(heard: &[Heard]) -> f64 {
    let came: Vec<Duration> = heard.iter().map(|it| it.at + it.took).collect();
    let gaps = came.windows(2).map(|pair| match pair {
        [one, next] => millis(next.saturating_sub(*one)),
        _ => 0.0,
    });
    gaps.fold(0.0, f64::max)
}

/// Until the picture is there again, after the line was worse for a while.
fn back(scenario: &Scenario, flow: &Flow) -> Option<f64> {
    let better = match scenario.name {
        "outage-10s" => Duration::from_secs(30),
        "step-3m-400k-3m" => Duration::from_secs(50),
        _ => return None,
    };
    let wanted = real_u64(scenario.sources.first()?.picture) * 0.8;
    let window = Duration::from_millis(300);
    let mut after = Duration::ZERO;
    while flow.rate(better + after, better + after + window) < wanted {
        after += Duration::from_millis(100);
        if better + after + window > scenario.lasts {
            return Some(f64::INFINITY);
        }
    }
    Some(millis(after))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "a count of frames")]
const fn real(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "bytes, far below 2^52")]
const fn real_u64(count: u64) -> f64 {
    count as f64
}

fn at(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = (real(sorted.len()) * share) as usize;
    sorted.get(index).or_else(|| sorted.last()).copied().unwrap_or(f64::NAN)
}
