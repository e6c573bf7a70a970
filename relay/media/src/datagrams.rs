//! What one subscription sends in datagrams: objects that wait, and those of a moment ago that go
//! out again.
//!
//! What goes out in one turn of the session is a batch: QUIC puts it into one packet, and one packet is
//! what is lost. So a batch is what is repeated, right behind the next one.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{Location, SendOrder};

use crate::packing::{COPIES_MAX, Packing};

/// What a batch has at most that is repeated, in bytes: more is no speech, and its repeats would not
/// share a packet with what they stand behind. Five frames of 32 kbit/s are 550 bytes.
const REPEATED_BYTES_MAX: usize = 1_000;

/// What is older is not repeated where nobody says how long it is worth something: the word has passed.
const REPEATED_AGE_MAX: Duration = Duration::from_secs(1);

/// What a frame that is held back waits for beyond the frames that it waits for, which are as late as
/// their publisher's timer and its line.
const HELD_SLACK: Duration = Duration::from_millis(5);

/// One object, in the wire form for this subscriber.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) came: Instant,
    pub(crate) location: Location,
    pub(crate) order: SendOrder,
    pub(crate) bytes: Bytes,
}

/// How long an object may wait, and when it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Freshness {
    pub(crate) now: Instant,
    /// Delivery timeout; `None` for none.
    pub(crate) timeout: Option<Duration>,
}

impl Freshness {
    fn is_late(&self, came: Instant) -> bool {
        let age = self.now.saturating_duration_since(came);
        self.timeout.is_some_and(|timeout| age > timeout)
    }

    fn until(&self, came: Instant) -> Option<Instant> {
        self.timeout.and_then(|timeout| came.checked_add(timeout))
    }
}

/// See the module. It holds no memory while nothing is sent in datagrams.
#[derive(Debug, Default)]
pub(crate) struct Datagrams {
    waiting: VecDeque<Ready>,
    /// What went out in this turn.
    batch: Vec<Ready>,
    /// How many were repeated in this turn.
    repeated: usize,
    /// What went out in the turns before, the last one first.
    sent: VecDeque<Vec<Ready>>,
}

impl Datagrams {
    /// Takes an object; false if the oldest had to go since more than `most` wait.
    pub(crate) fn push(&mut self, ready: Ready, most: usize) -> bool {
        let has_room = self.waiting.len() < most;
        if !has_room {
            self.waiting.pop_front();
        }
        self.waiting.push_back(ready);
        has_room
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The place of what goes out next among all streams of the session.
    pub(crate) fn order(&self) -> Option<SendOrder> {
        self.waiting.front().map(|first| first.order)
    }

    /// Nothing is wanted any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Other objects are wanted from here on.
    pub(crate) fn retain(&mut self, passes: impl Fn(Location) -> bool) {
        self.waiting.retain(|ready| passes(ready.location));
        self.sent.iter_mut().for_each(|batch| batch.retain(|ready| passes(ready.location)));
    }

    /// Drops what waited too long, and says how much that was.
    pub(crate) fn drop_late(&mut self, fresh: Freshness) -> u64 {
        let before = self.waiting.len();
        self.waiting.retain(|ready| !fresh.is_late(ready.came));
        u64::try_from(before - self.waiting.len()).unwrap_or(u64::MAX)
    }

    /// Until when what waits is held back for more to share its packet; `None` if it is not.
    pub(crate) fn held_until(&self, now: Instant, packing: Packing) -> Option<Instant> {
        let first = self.waiting.front().filter(|first| first.order.is_urgent())?;
        let others = u32::from(packing.frames).saturating_sub(1);
        if others == 0 || self.waiting.len() >= usize::from(packing.frames) {
            return None;
        }
        let until = first.came.checked_add(Packing::FRAME * others + HELD_SLACK)?;
        (until > now).then_some(until)
    }

    /// What goes out next, and when it is worth nothing any more: what waits, then what went out a
    /// moment ago.
    pub(crate) fn next(&self, fresh: Freshness, copies: u8) -> Option<(Bytes, Option<Instant>)> {
        let ready = match self.waiting.front() {
            Some(first) => first,
            None if self.batch.is_empty() => return None,
            None => {
                let timeout = fresh.timeout.unwrap_or(REPEATED_AGE_MAX).min(REPEATED_AGE_MAX);
                let fresh = Freshness { timeout: Some(timeout), ..fresh };
                // The older batch first, as it is to be played.
                let batches = self.sent.iter().take(usize::from(copies)).rev();
                let mut again = batches.flatten().filter(|ready| !fresh.is_late(ready.came));
                again.nth(self.repeated)?
            }
        };
        Some((ready.bytes.clone(), fresh.until(ready.came)))
    }

    /// What was to go out next did; true if it had gone out before.
    pub(crate) fn took(&mut self) -> bool {
        if let Some(first) = self.waiting.pop_front() {
            self.batch.push(first);
            false
        } else {
            self.repeated += 1;
            true
        }
    }

    /// What goes out next never will.
    pub(crate) fn gave_up(&mut self) {
        if self.waiting.pop_front().is_none() {
            self.repeated += 1;
        }
    }

    /// The session's turn is over; what went out in it may be repeated in the next ones.
    pub(crate) fn end_turn(&mut self, copies: u8) {
        self.repeated = 0;
        if self.batch.is_empty() {
            return;
        }
        let mut batch = std::mem::take(&mut self.batch);
        batch.retain(|ready| ready.order.is_urgent());
        if batch.iter().map(|ready| ready.bytes.len()).sum::<usize>() > REPEATED_BYTES_MAX {
            batch.clear();
        }
        if copies == 0 {
            self.sent = VecDeque::new();
        } else {
            self.sent.push_front(batch);
            self.sent.truncate(usize::from(COPIES_MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use mosaik_proto::moqt::GroupOrder;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
    fn start() -> Instant {
        Instant::now()
    }

    fn frame(came: Instant, object: u64, bytes: usize) -> Ready {
        let order = SendOrder::of_subgroup(32, 32, GroupOrder::Ascending, 0, 0);
        let payload = vec![u8::try_from(object).unwrap(); bytes];
        Ready { came, location: Location::new(1, object), order, bytes: payload.into() }
    }

    const SECOND: Option<Duration> = Some(Duration::from_secs(1));

    /// One turn in which everything is taken; what went out, by the first byte.
    fn turn(datagrams: &mut Datagrams, now: Instant, copies: u8) -> Vec<u8> {
        let fresh = Freshness { now, timeout: SECOND };
        datagrams.drop_late(fresh);
        let mut out = Vec::new();
        while let Some((bytes, _)) = datagrams.next(fresh, copies) {
            out.extend(bytes.first());
            datagrams.took();
        }
        datagrams.end_turn(copies);
        out
    }

    #[test]
    fn each_frame_goes_out_again_behind_the_next_ones_as_often_as_it_may() {
        let begin = start();
        for (copies, wanted) in [
            (0, vec![vec![0], vec![1], vec![2], vec![3]]),
            (1, vec![vec![0], vec![1, 0], vec![2, 1], vec![3, 2]]),
            (2, vec![vec![0], vec![1, 0], vec![2, 0, 1], vec![3, 1, 2]]),
        ] {
            let mut datagrams = Datagrams::default();
            let went: Vec<Vec<u8>> = (0..4_u64)
                .map(|object| {
                    let now = begin + Packing::FRAME * u32::try_from(object).unwrap();
                    datagrams.push(frame(now, object, 100), 64);
                    turn(&mut datagrams, now, copies)
                })
                .collect();
            assert_eq!(went, wanted, "{copies} copies");
            assert!(
                turn(&mut datagrams, begin, copies).is_empty(),
                "nothing new, and something again"
            );
        }
    }

    #[test]
    fn a_packet_of_several_frames_is_repeated_whole_and_a_large_one_is_not() {
        let begin = start();
        let mut datagrams = Datagrams::default();
        for object in [0, 1] {
            datagrams.push(frame(begin, object, 100), 64);
        }
        assert_eq!(turn(&mut datagrams, begin, 1), [0, 1]);
        datagrams.push(frame(begin, 2, 1_001), 64);
        assert_eq!(turn(&mut datagrams, begin, 1), [2, 0, 1]);
        datagrams.push(frame(begin, 3, 100), 64);
        assert_eq!(turn(&mut datagrams, begin, 1), [3]);
    }

    #[test]
    fn what_is_too_old_goes_out_neither_for_the_first_time_nor_again() {
        let begin = start();
        let mut datagrams = Datagrams::default();
        datagrams.push(frame(begin, 0, 100), 64);
        assert_eq!(turn(&mut datagrams, begin, 2), [0]);
        datagrams.push(frame(begin, 1, 100), 64);
        let later = begin + Duration::from_millis(1_001);
        datagrams.push(frame(later, 2, 100), 64);
        assert_eq!(turn(&mut datagrams, later, 2), [2]);
    }

    #[test]
    fn frames_are_held_for_those_that_share_their_packet_and_no_longer() {
        let begin = start();
        let mut datagrams = Datagrams::default();
        datagrams.push(frame(begin, 0, 100), 64);
        let packing = |frames| Packing { copies: 0, frames };
        assert_eq!(datagrams.held_until(begin, packing(1)), None);
        let until = begin + Duration::from_millis(45);
        assert_eq!(datagrams.held_until(begin, packing(3)), Some(until));
        assert_eq!(datagrams.held_until(until, packing(3)), None);
        datagrams.push(frame(begin, 1, 100), 64);
        assert_eq!(datagrams.held_until(begin, packing(2)), None);
    }
}
