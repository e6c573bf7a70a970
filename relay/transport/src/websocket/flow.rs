//! What is on its way on a socket, and how much may be.
//!
//! TCP below fills the router's memory before it slows down, and what it was given nobody can
//! overtake. So we hold back what would only wait: marks are sent among the records, the peer answers
//! each (QMux' pings), and the controller that holds QUIC's queue short does the same here. Marks go
//! through proxies too, of whose other half of the way the socket itself knows nothing.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::backlog;
use crate::congestion::{DelayBounded, LineWatch};

/// What a segment of TCP holds on most paths, in bytes.
const SEGMENT: u16 = 1_448;

/// A window is marked so many times: enough to see a round trip in each, few enough to cost nothing.
const MARKS: u64 = 16;

/// On a line that carries little to say each record is marked, but not more often than this.
const MARK_APART: Duration = Duration::from_millis(40);

/// Marks without an answer: what a window has, and a session that says little on a long way.
const MARKS_MAX: usize = 256;

/// A peer that never answered a mark by then does not know them: it is sent what TCP takes.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// A mark that is not answered for so long, or for so many round trips, says that nothing gets through:
/// what TCP were given now would only come late.
const SILENCE: Duration = Duration::from_millis(400);
const SILENT_ROUNDS: u32 = 3;

/// Until the first answer (RFC 9002, section 6.2.2).
const ROUND_TRIP_AT_FIRST: Duration = Duration::from_millis(333);

/// A mark on its way.
#[derive(Debug, Clone, Copy)]
struct Mark {
    number: u64,
    at: Instant,
    /// Since the mark before.
    bytes: u64,
    /// Nothing waited behind it.
    is_last: bool,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Flow {
    controller: DelayBounded,
    line: LineWatch,
    marks: VecDeque<Mark>,
    in_flight: u64,
    unmarked: u64,
    marked_at: Option<Instant>,
    began: Instant,
    has_answer: bool,
}

impl Flow {
    pub(super) fn new(now: Instant) -> Self {
        let controller = DelayBounded::above_tcp(now, SEGMENT);
        Self {
            line: controller.watch(),
            controller,
            marks: VecDeque::new(),
            in_flight: 0,
            unmarked: 0,
            marked_at: None,
            began: now,
            has_answer: false,
        }
    }

    /// What tells of the line.
    pub(super) fn watch(&self) -> LineWatch {
        self.line.clone()
    }

    /// Bytes of streams that may leave now: nothing, or a segment at least.
    pub(super) fn room(&self, now: Instant) -> usize {
        if self.is_unknown(now) {
            return usize::MAX;
        }
        if self.is_silent(now) {
            return 0;
        }
        let room = self.controller.may_be_out().saturating_sub(self.in_flight);
        let room = if room < u64::from(SEGMENT) { 0 } else { room };
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Bytes that may wait for the socket and may still be overtaken: 60 ms of the line.
    pub(super) fn waiting(&self, now: Instant) -> usize {
        if self.is_unknown(now) {
            return usize::MAX;
        }
        let waiting = backlog::waiting(self.controller.may_be_out(), self.round_trip(now));
        usize::try_from(waiting).unwrap_or(usize::MAX)
    }

    /// `bytes` leave. True if a mark is to go right behind them.
    pub(super) fn leave(&mut self, now: Instant, bytes: usize) -> bool {
        self.in_flight = self.in_flight.saturating_add(bytes as u64);
        self.unmarked = self.unmarked.saturating_add(bytes as u64);
        let enough = (self.controller.may_be_out() / MARKS).max(u64::from(SEGMENT));
        let is_due =
            self.marked_at.is_none_or(|at| now.saturating_duration_since(at) >= MARK_APART);
        (self.unmarked >= enough || is_due) && self.marks.len() < MARKS_MAX
    }

    /// The mark `number` leaves; whether nothing waits behind it.
    pub(super) fn mark(&mut self, now: Instant, number: u64, is_last: bool) {
        let bytes = std::mem::take(&mut self.unmarked);
        self.marks.push_back(Mark { number, at: now, bytes, is_last });
        self.marked_at = Some(now);
    }

    /// The peer answers the mark `number`: it has all that left before.
    pub(super) fn answered(&mut self, now: Instant, number: u64) {
        let before = self.in_flight;
        while let Some(mark) = self.marks.front().copied().filter(|mark| mark.number <= number) {
            self.marks.pop_front();
            self.in_flight = self.in_flight.saturating_sub(mark.bytes);
            self.controller.acked(now, mark.at, mark.bytes, mark.is_last);
        }
        if self.in_flight < before {
            self.has_answer = true;
            self.controller.end_acks(now, self.in_flight);
        }
    }

    fn round_trip(&self, now: Instant) -> Duration {
        self.line.read(now).map_or(ROUND_TRIP_AT_FIRST, |line| line.round_trip)
    }

    fn is_silent(&self, now: Instant) -> bool {
        let patience = SILENCE.max(self.round_trip(now) * SILENT_ROUNDS);
        let oldest = self.marks.front().filter(|_| self.has_answer);
        oldest.is_some_and(|mark| now.saturating_duration_since(mark.at) > patience)
    }

    /// Whether the peer seems not to know marks.
    fn is_unknown(&self, now: Instant) -> bool {
        !self.has_answer && now.saturating_duration_since(self.began) > ANSWER_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A line that takes 20 ms and carries 1 Mbit/s, for `time`: what was on its way at its end.
    fn fill(flow: &mut Flow, begin: Instant, time: Duration) -> u64 {
        let mut at_peer = VecDeque::new();
        let (mut now, mut number, mut free) = (begin, 0, begin);
        while now < begin + time {
            while let Some((at, mark)) = at_peer.front().copied().filter(|(at, _)| *at <= now) {
                at_peer.pop_front();
                flow.answered(at, mark);
            }
            while flow.room(now) > 0 {
                let bytes = flow.room(now).min(2_000);
                free = free.max(now) + Duration::from_micros(8 * bytes as u64);
                if flow.leave(now, bytes) {
                    number += 1;
                    flow.mark(now, number, false);
                    at_peer.push_back((free + 20 * MS, number));
                }
            }
            now += MS;
        }
        flow.in_flight
    }

    #[test]
    fn a_full_line_holds_a_short_queue_and_no_more() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        let on_its_way = fill(&mut flow, begin, Duration::from_secs(10));
        // 20 ms and a queue of 25 ms are 5,600 bytes, and a mark stands for 2,000.
        assert!((2_500..12_000).contains(&on_its_way), "{on_its_way}");
        let line = flow.line.read(begin + Duration::from_secs(10)).unwrap();
        assert!((800_000..1_200_000).contains(&line.delivered), "{line:?}");
        assert!(line.queue < 60 * MS, "{line:?}");
        assert!(line.loss.abs() < f64::EPSILON, "{line:?}");
    }

    #[test]
    fn who_does_not_answer_marks_is_sent_what_tcp_takes() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        assert!(flow.leave(begin, 100_000));
        flow.mark(begin, 0, false);
        assert_eq!(flow.room(begin + MS), 0);
        assert!(flow.waiting(begin + MS) < 4_000);
        assert_eq!(flow.waiting(begin + ANSWER_MAX + MS), usize::MAX);
        assert_eq!(flow.room(begin + ANSWER_MAX + MS), usize::MAX);
    }

    #[test]
    fn an_outage_of_one_that_answered_before_lets_nothing_more_out() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        fill(&mut flow, begin, Duration::from_secs(1));
        flow.leave(begin, 100_000);
        assert_eq!(flow.room(begin + Duration::from_mins(1)), 0);
    }

    #[test]
    fn while_nothing_gets_through_nothing_more_is_handed_over() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        flow.leave(begin, 100);
        flow.mark(begin, 0, true);
        flow.answered(begin + 50 * MS, 0);
        flow.leave(begin + 100 * MS, 100);
        flow.mark(begin + 100 * MS, 1, true);
        assert!(flow.room(begin + 450 * MS) > 0);
        assert_eq!(flow.room(begin + 550 * MS), 0);
        flow.answered(begin + 9_000 * MS, 1);
        assert!(flow.room(begin + 9_000 * MS) > 0);
    }

    #[test]
    fn answers_that_nobody_waits_for_change_nothing() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        flow.answered(begin, u64::MAX);
        flow.leave(begin, 1_000);
        flow.answered(begin, 5);
        assert_eq!(flow.in_flight, 1_000);
    }

    #[test]
    fn marks_are_few() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        let mut marks = 0_u64;
        for n in 0..1_000 {
            if flow.leave(begin + MS * n, 100) {
                flow.mark(begin + MS * n, marks, true);
                flow.answered(begin + MS * n, marks);
                marks += 1;
            }
        }
        assert!((50..=100).contains(&marks), "{marks} marks for 100 kB");
        for n in 0..1_000_u64 {
            if flow.leave(begin, 100_000) {
                flow.mark(begin, marks + n, true);
            }
        }
        assert_eq!(flow.marks.len(), MARKS_MAX);
    }
}
