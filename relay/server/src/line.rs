//! What a session's transport tells of its line, as a decision about pictures needs it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mosaik_media::layering::Link;
use mosaik_transport::LineEstimate;

/// How far apart two looks are at least: less says nothing about a rate.
const LOOK_MIN: Duration = Duration::from_millis(50);

/// What is told is the best of this time; what is older hides a change of the line.
const LATELY: Duration = Duration::from_millis(300);

/// When nothing is heard for so long, and for two round trips, though something was sent, nothing
/// passes: what arrives is acknowledged within 25 ms.
const SILENCE: Duration = Duration::from_millis(500);

/// A packet that is lost counts for about as many looks.
const LOSS_LOOKS: f64 = 10.0;

/// A transport's counters at one moment. What it does not know is zero, or `None`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counters {
    /// Bytes that have left, or were taken by the transport where that is all that is known.
    pub(crate) sent: u64,
    /// Bytes of them that were lost.
    pub(crate) lost: u64,
    pub(crate) packets_sent: u64,
    pub(crate) packets_lost: u64,
    /// Bytes that came.
    pub(crate) received: Option<u64>,
    pub(crate) round_trip: Option<Duration>,
}

/// Bits a second of the last moments, and when each was seen.
#[derive(Debug, Default)]
struct Rates(VecDeque<(Instant, u64)>);

impl Rates {
    fn note(&mut self, now: Instant, rate: u64) {
        self.0.push_back((now, rate));
    }

    /// The best of [`LATELY`]; none if nothing was seen in that time.
    fn best(&mut self, now: Instant) -> Option<u64> {
        let is_old = |at: Instant| now.saturating_duration_since(at) >= LATELY;
        while self.0.front().is_some_and(|(at, _)| is_old(*at)) {
            self.0.pop_front();
        }
        self.0.iter().map(|(_, rate)| *rate).max()
    }
}

/// Looks at one session's line about ten times a second.
#[derive(Debug, Default)]
pub(crate) struct LineMeter {
    /// Since when the transport does not take everything.
    blocked: Option<Instant>,
    /// For how long it did not since the last look.
    waited: Duration,
    last: Option<(Instant, Counters)>,
    /// Between two looks, at the later one.
    rates: Rates,
    /// What the transport saw acknowledged while its window bounded what it sent.
    acked: Rates,
    /// The shortest round trip so far.
    floor: Option<Duration>,
    /// When something was heard last or nothing was to be answered, and the counters then.
    heard: Option<(Instant, Counters)>,
    link: Link,
}

impl LineMeter {
    /// Takes note of whether the transport took everything that was due.
    pub(crate) fn flushed(&mut self, now: Instant, is_blocked: bool) {
        match (self.blocked, is_blocked) {
            (None, true) => self.blocked = Some(now),
            (Some(since), false) => {
                self.waited += now.saturating_duration_since(since);
                self.blocked = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// What is known of the line.
    ///
    /// What is acknowledged is what has left and was not lost, a round trip earlier: while the window
    /// bounds it both have the same rate.
    pub(crate) fn look(&mut self, now: Instant, counters: Counters) -> Link {
        let Some((then, before)) = self.last else {
            self.last = Some((now, counters));
            return self.link;
        };
        let passed = now.saturating_duration_since(then);
        if passed < LOOK_MIN {
            return self.link;
        }
        self.last = Some((now, counters));
        let gone = counters.sent.saturating_sub(before.sent);
        let bytes = gone.saturating_sub(counters.lost.saturating_sub(before.lost));
        self.rates.note(now, bits_a_second(bytes, passed));
        if let Some(since) = &mut self.blocked {
            self.waited += now.saturating_duration_since(*since);
            *since = now;
        }
        let waited = std::mem::take(&mut self.waited);
        let round_trip = counters.round_trip.unwrap_or_default();
        let floor = match counters.round_trip {
            Some(round_trip) => {
                *self.floor.insert(self.floor.map_or(round_trip, |floor| floor.min(round_trip)))
            }
            None => round_trip,
        };
        let is_silent = self.is_silent(now, counters);
        let delivered = self.rates.best(now).unwrap_or(0);
        self.link = Link {
            // What is sent into a silence has not arrived.
            delivered: if is_silent { 0 } else { delivered },
            is_limited: waited * 2 > passed,
            queue: round_trip.saturating_sub(floor),
            round_trip,
            loss: self.loss(before, counters),
            is_silent,
        };
        self.link
    }

    /// As [`LineMeter::look`], where the transport knows its line: how long the queue is, and how much
    /// is acknowledged. A window that grows sends more than arrives.
    pub(crate) fn look_with(
        &mut self,
        now: Instant,
        counters: Counters,
        line: LineEstimate,
    ) -> Link {
        let link = self.look(now, counters);
        if line.is_limited {
            self.acked.note(now, line.delivered);
        }
        let delivered = link.delivered.min(self.acked.best(now).unwrap_or(u64::MAX));
        let round_trip = link.round_trip.max(line.round_trip);
        Link { delivered, queue: line.queue, round_trip, loss: line.loss, ..link }
    }

    fn is_silent(&mut self, now: Instant, counters: Counters) -> bool {
        let Some(received) = counters.received else { return false };
        let (at, heard) = *self.heard.get_or_insert((now, counters));
        if heard.received != Some(received) || heard.packets_sent == counters.packets_sent {
            self.heard = Some((now, counters));
            return false;
        }
        let round_trip = counters.round_trip.unwrap_or_default();
        now.saturating_duration_since(at) >= SILENCE.max(2 * round_trip)
    }

    fn loss(&self, before: Counters, after: Counters) -> f64 {
        let sent = after.packets_sent.saturating_sub(before.packets_sent);
        if sent == 0 {
            return self.link.loss;
        }
        let lost = after.packets_lost.saturating_sub(before.packets_lost).min(sent);
        let count = |packets: u64| f64::from(u32::try_from(packets).unwrap_or(u32::MAX));
        let share = count(lost) / count(sent);
        self.link.loss + (share - self.link.loss) / LOSS_LOOKS
    }
}

fn bits_a_second(bytes: u64, time: Duration) -> u64 {
    let bits = u128::from(bytes) * 8 * 1_000_000_000 / time.as_nanos().max(1);
    u64::try_from(bits).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Duration = Duration::from_millis(100);

    /// Looks at a line on which `bytes` leave between two looks.
    fn looks(blocked: bool, bytes: &[u64]) -> Link {
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        let mut counters = Counters { round_trip: Some(2 * LOOK), ..Counters::default() };
        meter.look(begin, counters);
        meter.flushed(begin, blocked);
        let mut link = Link::default();
        for (index, bytes) in (1..).zip(bytes) {
            counters.sent += bytes;
            counters.packets_sent += 10;
            link = meter.look(begin + LOOK * index, counters);
        }
        link
    }

    #[test]
    fn the_best_of_the_last_looks_counts_and_nothing_older() {
        assert_eq!(looks(false, &[1_000]).delivered, 80_000);
        assert_eq!(looks(false, &[9_000, 1_000, 2_000, 1_000]).delivered, 160_000);
    }

    #[test]
    fn a_line_is_limited_while_something_waits_for_it() {
        assert!(looks(true, &[1_000, 1_000]).is_limited);
        assert!(!looks(false, &[1_000, 1_000]).is_limited);
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        meter.look(begin, Counters::default());
        meter.flushed(begin, true);
        meter.flushed(begin + LOOK / 4, false);
        assert!(!meter.look(begin + LOOK, Counters::default()).is_limited);
    }

    #[test]
    fn the_queue_is_what_the_round_trip_is_above_its_floor_and_lost_bytes_are_not_delivered() {
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        let first = Counters { round_trip: Some(LOOK), ..Counters::default() };
        meter.look(begin, first);
        meter.look(begin + LOOK, first);
        let later = Counters {
            sent: 10_000,
            lost: 2_000,
            packets_sent: 10,
            packets_lost: 2,
            received: None,
            round_trip: Some(3 * LOOK),
        };
        let link = meter.look(begin + LOOK * 2, later);
        assert_eq!((link.queue, link.round_trip), (LOOK * 2, LOOK * 3));
        assert_eq!(link.delivered, 640_000);
        assert!((link.loss - 0.02).abs() < 1e-9, "{}", link.loss);
    }

    #[test]
    fn a_window_that_grows_shows_what_is_acknowledged_and_not_what_is_sent() {
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        let mut delivered = |tenth: u32, acked: u64, is_limited: bool| {
            let sent = 25_000 * u64::from(tenth);
            let counters = Counters { sent, packets_sent: sent / 1_000, ..Counters::default() };
            let (queue, round_trip) = (LOOK / 2, LOOK);
            let line = LineEstimate { delivered: acked, is_limited, queue, round_trip, loss: 0.0 };
            let link = meter.look_with(begin + LOOK * tenth, counters, line);
            assert_eq!(link.queue, LOOK / 2);
            link.delivered
        };
        delivered(0, 0, false);
        assert_eq!(delivered(1, 900_000, false), 2_000_000, "the window bounds nothing");
        assert_eq!(delivered(2, 900_000, true), 900_000);
        assert_eq!(delivered(3, 1_000_000, true), 1_000_000);
        assert_eq!(delivered(6, 100_000, false), 2_000_000);
    }

    #[test]
    fn nothing_passes_when_nothing_is_heard_of_what_was_sent() {
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        let mut counters = Counters { received: Some(0), ..Counters::default() };
        let mut look = |tenth: u32, packets: u64, bytes: u64| {
            counters.packets_sent += packets;
            counters.sent += 1_000 * packets;
            counters.received = counters.received.map(|before| before + bytes);
            let link = meter.look(begin + LOOK * tenth, counters);
            (link.is_silent, link.delivered > 0)
        };
        look(0, 0, 0);
        // Nobody speaks.
        assert_eq!(look(20, 0, 0), (false, false));
        assert_eq!(look(21, 1, 0), (false, true));
        assert_eq!(look(24, 1, 0), (false, true));
        assert_eq!(look(26, 1, 0), (true, false));
        assert_eq!(look(27, 1, 40), (false, true));
    }

    #[test]
    fn two_looks_at_once_say_the_same() {
        let (begin, mut meter) = (Instant::now(), LineMeter::default());
        meter.look(begin, Counters::default());
        let more = |sent| Counters { sent, ..Counters::default() };
        let link = meter.look(begin + LOOK, more(1_000));
        assert_eq!(meter.look(begin + LOOK + LOOK / 10, more(9_000)), link);
    }
}
