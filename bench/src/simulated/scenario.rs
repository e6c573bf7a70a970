//! The lines and sessions on which controllers are compared.

use std::time::Duration;

use mosaik_link::{Competitor, Loss, Profile, QueueSettings};

use super::flow::Source;

const KBIT: u64 = 1_000;
const MBIT: u64 = 1_000_000;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A line, and what is sent over it.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// How it is called.
    pub name: &'static str,
    /// The line.
    pub profile: Profile,
    /// What our sessions send.
    pub sources: Vec<Source>,
    /// What others send with quinn's CUBIC.
    pub others: Vec<Source>,
    /// When it is over.
    pub lasts: Duration,
    /// What is before is a start and not measured.
    pub from: Duration,
}

/// A picture of so many bits a second.
const fn picture(bits: u64) -> Source {
    Source { from: Duration::ZERO, picture: bits, on: (Duration::MAX, Duration::MAX) }
}

const fn later(from: u64, source: Source) -> Source {
    Source { from: seconds(from), ..source }
}

/// A line of so many bits a second, with a round trip and a buffer.
fn plain(rate: u64, round_trip: u64, buffer: u64) -> Profile {
    let mut profile = Profile::plain(100 * MBIT, rate, ms(round_trip));
    profile.down.queue = QueueSettings::drop_tail(rate, ms(buffer));
    profile
}

fn lossy(share: f64, profile: Profile) -> Profile {
    let loss = Loss::Independent(share);
    let [mut up, mut down] = [profile.up, profile.down];
    (up.loss, down.loss) = (loss, loss);
    Profile { up, down, ..profile }
}

/// A line on which somebody downloads from the tenth second on.
fn shared(rate: u64, round_trip: u64, buffer: u64) -> Profile {
    let competitors = vec![Competitor { from: seconds(10), way_back: ms(round_trip / 2) }];
    Profile { competitors, ..plain(rate, round_trip, buffer) }
}

/// One session on a line for forty seconds.
fn alone(name: &'static str, profile: Profile, bits: u64) -> Scenario {
    let sources = vec![picture(bits)];
    let (lasts, from) = (seconds(40), seconds(5));
    Scenario { name, profile, sources, others: Vec::new(), lasts, from }
}

/// One session beside a download.
fn beside(name: &'static str, profile: Profile, bits: u64) -> Scenario {
    Scenario { lasts: seconds(70), from: seconds(15), ..alone(name, profile, bits) }
}

fn named(name: &'static str, bits: u64, lasts: u64) -> Option<Scenario> {
    let profile = Profile::named(name).ok()?;
    Some(Scenario { lasts: seconds(lasts), ..alone(name, profile, bits) })
}

/// Sessions of our own, one after the other.
fn twins(name: &'static str, profile: Profile, count: u64, apart: u64, bits: u64) -> Scenario {
    let sources: Vec<Source> = (0..count).map(|it| later(it * apart, picture(bits))).collect();
    let from = seconds(count * apart + 10);
    Scenario { sources, from, lasts: from + seconds(30), ..alone(name, profile, bits) }
}

impl Scenario {
    /// All of them, those of one session on a quiet line first.
    pub fn all() -> Vec<Self> {
        let slow = || plain(500 * KBIT, 50, 500);
        let blinking = Source { on: (seconds(2), seconds(10)), ..picture(6 * MBIT) };
        let download = Source { on: (seconds(30), seconds(1_000)), ..picture(20 * MBIT) };
        let mut all = vec![
            alone("500k", slow(), MBIT),
            alone("500k 1 %", lossy(0.01, slow()), MBIT),
            alone("500k 3 %", lossy(0.03, slow()), MBIT),
            alone("1M", plain(MBIT, 40, 300), 2 * MBIT),
            Self { lasts: seconds(180), ..alone("1M long", plain(MBIT, 40, 300), 2 * MBIT) },
            alone("6M, picture of 2M", plain(6 * MBIT, 30, 200), 2 * MBIT),
            alone("6M", plain(6 * MBIT, 30, 200), 20 * MBIT),
            alone("3M, 10 ms of buffer", plain(3 * MBIT, 40, 10), 6 * MBIT),
            alone("100k, speech only", lossy(0.01, plain(100 * KBIT, 80, 500)), 0),
            Self {
                sources: vec![blinking],
                ..alone("3M, now and then", plain(3 * MBIT, 50, 200), 0)
            },
        ];
        let lines = [
            named("dsl-1m", 2 * MBIT, 60),
            named("floor-200k", MBIT, 60),
            named("wifi-lossy", 40 * MBIT, 30),
            named("satellite", 40 * MBIT, 60),
            named("step-3m-400k-3m", 2 * MBIT, 70),
            named("outage-10s", 2 * MBIT, 60),
            named("lte-train", 2 * MBIT, 120),
            named("lte-cell-edge", 2 * MBIT, 120),
        ];
        all.extend(lines.into_iter().flatten());
        all.extend([
            beside("3M beside, 100 ms", shared(3 * MBIT, 40, 100), 6 * MBIT),
            beside("3M beside, 300 ms", shared(3 * MBIT, 40, 300), 6 * MBIT),
            beside("10M beside, 100 ms", shared(10 * MBIT, 40, 100), 20 * MBIT),
            beside("10M beside, 300 ms", shared(10 * MBIT, 40, 300), 20 * MBIT),
            beside("10M beside, 300 ms, of 2M", shared(10 * MBIT, 40, 300), 2 * MBIT),
            beside("1M beside, 500 ms", shared(MBIT, 40, 500), 2 * MBIT),
            Self {
                others: vec![later(10, download)],
                from: seconds(45),
                lasts: seconds(75),
                ..alone("3M, a download was there", plain(3 * MBIT, 40, 300), 6 * MBIT)
            },
            twins("4M, three", plain(4 * MBIT, 40, 300), 3, 5, 4 * MBIT),
            twins("20M, twenty, 50 ms", plain(20 * MBIT, 20, 50), 20, 1, 2 * MBIT),
        ]);
        all
    }
}
