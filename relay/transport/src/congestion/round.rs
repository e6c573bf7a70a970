//! What one round trip shows.

use std::time::{Duration, Instant};

use super::target::{Rate, real};

/// Rounds are at least this long, so that there is something to see in each: on a local network a
/// round trip is shorter than what a thread's turn takes.
const ROUND_MIN: Duration = Duration::from_millis(15);

/// Packets in a row that must have been late.
const ALARM_PACKETS: usize = 4;

/// A round under way.
#[derive(Debug, Clone)]
pub(super) struct Round {
    began: Instant,
    acked: u64,
    lost: u64,
    /// The last packets that were acknowledged, the latest first.
    last: [Option<Packet>; ALARM_PACKETS],
    /// The shortest and the longest of all of them.
    fastest: Option<Duration>,
    slowest: Duration,
    /// Most bytes on their way at once.
    in_flight: u64,
    /// Packets that were acknowledged, and how often some were.
    packets: u64,
    acks: u64,
    /// Whether more would have been sent if the window had allowed it.
    is_full: bool,
    is_over: bool,
}

/// A packet that was acknowledged.
#[derive(Debug, Clone, Copy)]
struct Packet {
    at: Instant,
    took: Duration,
    bytes: u64,
}

/// A round that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// What was delivered in it.
    pub(super) rate: Rate,
    /// Its shortest round trip: no packet saw a shorter queue.
    pub(super) fastest: Duration,
    /// Its longest.
    pub(super) slowest: Duration,
    /// Whether the window limited it.
    pub(super) is_full: bool,
    /// Most bytes on their way at once.
    pub(super) in_flight: u64,
    /// Packets that were acknowledged together, on average.
    pub(super) together: u64,
    /// Bytes that arrived.
    pub(super) acked: u64,
    /// Bytes that did not.
    pub(super) lost: u64,
    /// What the line carries, if the round ended early because the last packets were all late.
    pub(super) carried: Option<Rate>,
}

impl Round {
    pub(super) const fn begin(now: Instant) -> Self {
        Self {
            began: now,
            acked: 0,
            lost: 0,
            last: [None; ALARM_PACKETS],
            fastest: None,
            slowest: Duration::ZERO,
            in_flight: 0,
            packets: 0,
            acks: 0,
            is_full: false,
            is_over: false,
        }
    }

    pub(super) fn ack(&mut self, now: Instant, sent: Instant, bytes: u64, is_full: bool) {
        let took = now.saturating_duration_since(sent);
        self.acked += bytes;
        self.packets += 1;
        self.last.rotate_right(1);
        self.last[0] = Some(Packet { at: now, took, bytes });
        self.fastest = Some(self.fastest.map_or(took, |fastest| fastest.min(took)));
        self.slowest = self.slowest.max(took);
        self.is_full |= is_full;
        self.is_over |= sent >= self.began;
    }

    pub(super) const fn lose(&mut self, bytes: u64) {
        self.lost += bytes;
    }

    /// So many bytes were acknowledged together, and so many are still on their way.
    pub(super) fn end_acks(&mut self, together: u64, in_flight: u64) {
        self.acks += 1;
        self.in_flight = self.in_flight.max(in_flight + together);
    }

    /// The shortest round trip so far.
    pub(super) const fn fastest(&self) -> Option<Duration> {
        self.fastest
    }

    pub(super) const fn acked(&self) -> u64 {
        self.acked
    }

    /// What it showed, if it is over; or if the last packets all saw a round trip beyond `alarm`, since a
    /// round on a line that just got slow takes as long as its queue. What went before them says nothing
    /// then.
    pub(super) fn end(
        &self,
        now: Instant,
        alarm: impl FnOnce() -> Option<Duration>,
    ) -> Option<Seen> {
        let lasted = now.saturating_duration_since(self.began);
        if lasted < ROUND_MIN || !(self.is_over || self.is_full) {
            return None;
        }
        let lately =
            self.last.iter().map(|packet| packet.map(|packet| packet.took)).min().flatten();
        let is_alarming = self.is_full && alarm().is_some_and(|alarm| lately > Some(alarm));
        if !(self.is_over || is_alarming) {
            return None;
        }
        let fastest = if is_alarming { lately } else { self.fastest };
        Some(Seen {
            rate: real(self.acked) / lasted.as_secs_f64(),
            fastest: fastest?,
            slowest: self.slowest,
            is_full: self.is_full,
            in_flight: self.in_flight,
            together: self.packets / self.acks.max(1),
            acked: self.acked,
            lost: self.lost,
            carried: is_alarming.then(|| self.carried()).flatten(),
        })
    }

    /// At which rate the last packets came out of the queue that they all waited in; unknown where they
    /// were acknowledged together.
    fn carried(&self) -> Option<Rate> {
        let [Some(latest), .., Some(first)] = self.last else { return None };
        let lasted = latest.at.saturating_duration_since(first.at);
        let bytes: u64 = self.last.iter().flatten().map(|packet| packet.bytes).sum();
        (lasted >= ROUND_MIN).then(|| real(bytes - first.bytes) / lasted.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_round_is_over_when_what_was_sent_in_it_has_arrived() {
        let before = Instant::now();
        let began = before + 20 * MS;
        let mut round = Round::begin(began);
        round.ack(began + 30 * MS, before, 1_000, true);
        assert!(round.end(began + 30 * MS, || None).is_none());
        round.ack(began + 50 * MS, began, 1_000, false);
        let seen = round.end(began + 50 * MS, || None).expect("over");
        assert_eq!((seen.fastest, seen.slowest, seen.is_full), (50 * MS, 50 * MS, true));
        assert!((seen.rate - 40_000.0).abs() < 1.0);
    }

    #[test]
    fn what_came_in_time_before_the_line_got_slow_does_not_hide_that() {
        let before = Instant::now();
        let began = before + 10 * MS;
        let mut round = Round::begin(began);
        round.ack(began + 20 * MS, before, 1_000, true);
        for late in 0..4 {
            assert!(round.end(began + 400 * MS, || Some(200 * MS)).is_none());
            round.ack(began + 400 * MS + late * MS, before + 9 * MS, 1_000, true);
        }
        let seen = round.end(began + 400 * MS, || Some(200 * MS)).expect("alarmed");
        assert_eq!(seen.fastest, 401 * MS);
    }

    #[test]
    fn a_round_that_is_far_too_late_is_not_waited_for() {
        let before = Instant::now();
        let began = before + 10 * MS;
        let mut round = Round::begin(began);
        for packet in 0..ALARM_PACKETS {
            assert!(round.end(began + 400 * MS, || Some(200 * MS)).is_none(), "after {packet}");
            round.ack(began + 400 * MS, before, 1_000, true);
        }
        assert!(round.end(began + 400 * MS, || Some(200 * MS)).is_some());
        assert!(round.end(began + 400 * MS, || None).is_none());
    }
}
