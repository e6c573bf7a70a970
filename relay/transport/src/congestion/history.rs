//! What the last rounds showed of the path.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::round::Seen;
use super::target::{Rate, real};

/// For how long the shortest round trip counts as the line's own; paths change.
const FLOOR_AGE_MAX: Duration = Duration::from_secs(10);

/// For how long it counts how much was on its way: longer than key frames are apart.
const IN_FLIGHT_AGE_MAX: Duration = Duration::from_secs(5);

/// For how long a line counts as carrying what it once carried.
const LINE_AGE_MAX: Duration = Duration::from_secs(20);

/// For how long a buffer counts as small.
const BUFFER_AGE_MAX: Duration = Duration::from_secs(10);

/// Rounds whose rates are remembered.
const RATES: usize = 8;

/// For how long a round counts in what flows, which key frames do not raise.
const FLOW_MEMORY: Duration = Duration::from_secs(1);

/// What is left of an older round's losses with each new one: half of it is from the last seven.
const LOSS_MEMORY: f64 = 0.9;

/// The best of the last seconds, by what counts as better.
#[derive(Debug, Clone)]
struct Best<T> {
    /// Each with its time, from best to worst: the first is the best, the last the latest.
    seen: VecDeque<(Instant, T)>,
    age_max: Duration,
}

impl<T: Copy> Best<T> {
    const fn of_last(age_max: Duration) -> Self {
        Self { seen: VecDeque::new(), age_max }
    }

    fn add(&mut self, now: Instant, new: T, is_as_good: impl Fn(T, T) -> bool) {
        while self.seen.back().is_some_and(|(_, old)| is_as_good(new, *old)) {
            self.seen.pop_back();
        }
        self.seen.push_back((now, new));
        let is_old = |at: Instant| now.saturating_duration_since(at) > self.age_max;
        while self.seen.len() > 1 && self.seen.front().is_some_and(|(at, _)| is_old(*at)) {
            self.seen.pop_front();
        }
    }

    /// The best does not get older.
    fn keep(&mut self, now: Instant) {
        if let Some((at, _)) = self.seen.front_mut() {
            *at = now;
        }
    }

    fn get(&self) -> Option<T> {
        self.seen.front().map(|(_, best)| *best)
    }
}

/// What the last rounds showed of the path.
#[derive(Debug, Clone)]
pub(super) struct History {
    floor: Best<Duration>,
    /// When the line was last seen empty.
    empty_at: Option<Instant>,
    in_flight: Best<u64>,
    line: Best<Rate>,
    buffer: Option<(Instant, Duration)>,
    rates: VecDeque<Rate>,
    flow: Rate,
    acked: f64,
    lost: f64,
}

impl History {
    pub(super) const fn new() -> Self {
        Self {
            floor: Best::of_last(FLOOR_AGE_MAX),
            empty_at: None,
            in_flight: Best::of_last(IN_FLIGHT_AGE_MAX),
            line: Best::of_last(LINE_AGE_MAX),
            buffer: None,
            rates: VecDeque::new(),
            flow: 0.0,
            acked: 0.0,
            lost: 0.0,
        }
    }

    /// A round is over. A round trip that is no further than `noise` from the shortest one is one of
    /// an empty line.
    pub(super) fn add(&mut self, now: Instant, seen: &Seen, noise: Duration) {
        self.floor.add(now, seen.fastest, |new, old| new <= old);
        if self.floor().is_some_and(|floor| seen.fastest <= floor + noise) {
            self.empty_at = Some(now);
        }
        self.in_flight.add(now, seen.in_flight, |new, old| new >= old);
        self.line.add(now, seen.rate, |new, old| new >= old);
        if self.rates.len() == RATES {
            self.rates.pop_front();
        }
        self.rates.push_back(seen.rate);
        let lasted = real(seen.acked) / seen.rate.max(1.0);
        let share = (lasted / FLOW_MEMORY.as_secs_f64()).min(1.0);
        self.flow += (seen.rate - self.flow) * share;
        self.acked = self.acked * LOSS_MEMORY + real(seen.acked);
        self.lost = self.lost * LOSS_MEMORY + real(seen.lost);
        self.buffer = self.buffer.filter(|(at, _)| *at + BUFFER_AGE_MAX > now);
    }

    /// A buffer overflowed that held this much.
    pub(super) fn overflowed(&mut self, now: Instant, held: Duration) {
        let held = self.buffer().map_or(held, |known| known.min(held));
        self.buffer = Some((now, held));
    }

    /// The round trip of the empty line.
    pub(super) fn floor(&self) -> Option<Duration> {
        self.floor.get()
    }

    /// For how long there was something in the queue.
    pub(super) fn filled_for(&self, now: Instant) -> Duration {
        self.empty_at.map_or(Duration::ZERO, |at| now.saturating_duration_since(at))
    }

    /// The queue ran dry, or it cannot.
    pub(super) fn was_drained(&mut self, now: Instant) {
        self.empty_at = Some(now);
    }

    /// Somebody else fills the queue: neither an empty line nor the whole line can be seen, but both
    /// are remembered.
    pub(super) fn keep(&mut self, now: Instant) {
        self.floor.keep(now);
        self.line.keep(now);
    }

    /// The line carries no more than this.
    pub(super) fn fell(&mut self, rate: Rate) {
        for known in &mut self.rates {
            *known = known.min(rate);
        }
        for (_, known) in &mut self.line.seen {
            *known = known.min(rate);
        }
    }

    /// What the line's buffer holds, if it was seen to overflow.
    pub(super) fn buffer(&self) -> Option<Duration> {
        self.buffer.map(|(_, held)| held)
    }

    /// Most bytes that were on their way at once lately.
    pub(super) fn in_flight(&self) -> u64 {
        self.in_flight.get().unwrap_or_default()
    }

    /// The best rate of the last rounds.
    pub(super) fn best(&self) -> Rate {
        self.rates.iter().copied().fold(0.0, f64::max)
    }

    /// The mean rate of the last half of these.
    pub(super) fn mean(&self) -> Rate {
        let last = self.rates.iter().rev().take(RATES / 2);
        let count = self.rates.len().clamp(1, RATES / 2);
        last.sum::<f64>() / real(u64::try_from(count).unwrap_or(1))
    }

    /// What flowed in the last second.
    pub(super) const fn flow(&self) -> Rate {
        self.flow
    }

    /// What the line once carried, not long ago.
    pub(super) fn line(&self) -> Rate {
        self.line.get().unwrap_or_default()
    }

    /// Share of the last rounds' bytes that was lost.
    pub(super) fn loss(&self) -> f64 {
        self.lost / (self.acked + self.lost).max(1.0)
    }
}
