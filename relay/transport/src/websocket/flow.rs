//! What is on its way on a socket, and how much may be.
//!
//! TCP below fills the router's memory before it slows down, and what it was given nobody can
//! overtake. So we hold back what would only wait: marks are sent among the records, the peer answers
//! each (QMux' pings), and the controller that holds QUIC's queue short does the same here. Marks go
//! through proxies too, of whose other half of the way the socket itself knows nothing.
//!
//! A mark that is late says that the line got slow, or that TCP repairs a loss. In both cases what may
//! wait does wait until answers are in time again, and then begins with little; speech and control go
//! on. Of a line that got slow one late answer follows the other, and they tell what it carries; what a
//! repair held up arrives all at once, and tells nothing.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::backlog;
use crate::congestion::{DelayBounded, LineWatch};
use crate::qmux::Leave;

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

/// Where something was late, so much may be on its way at first: 90 ms at 400 kbit/s.
const RESTART: u64 = 3 * SEGMENT as u64;

/// Answers that are late for so long, one after the other, come from a line that got slow: what a
/// repair held up is there within a few milliseconds.
const BEHIND: Duration = Duration::from_millis(100);

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
    /// Answers that were late, one after the other.
    behind: Option<Behind>,
    /// What may be on its way while it grows again after something was late.
    restart: Option<u64>,
    unmarked: u64,
    marked_at: Option<Instant>,
    began: Instant,
    has_answer: bool,
    /// Bytes that the peer has, as far as is known.
    arrived: u64,
}

/// What arrived while answers were late.
#[derive(Debug, Clone, Copy)]
struct Behind {
    /// When the first late answer came.
    since: Instant,
    /// Since then.
    bytes: u64,
}

impl Flow {
    pub(super) fn new(now: Instant) -> Self {
        let controller = DelayBounded::above_tcp(now, SEGMENT);
        Self {
            line: controller.watch(),
            controller,
            marks: VecDeque::new(),
            in_flight: 0,
            behind: None,
            arrived: 0,
            restart: None,
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

    /// What may leave now, of each kind nothing, or a segment at least.
    pub(super) fn leave(&mut self, now: Instant) -> Leave {
        if self.is_unknown(now) {
            return Leave::ALL;
        }
        if self.is_silent(now) {
            self.restart = Some(RESTART);
            return Leave::NONE;
        }
        let window = self.controller.may_be_out();
        let urgent = window.saturating_add(backlog::waiting(window, self.round_trip(now)));
        let bulk = if self.is_late(now) {
            self.restart = Some(RESTART);
            0
        } else {
            self.restart.map_or(window, |restart| restart.min(window))
        };
        Leave { urgent: self.room(urgent), bulk: self.room(bulk) }
    }

    fn room(&self, window: u64) -> usize {
        let room = window.saturating_sub(self.in_flight);
        let room = if room < u64::from(SEGMENT) { 0 } else { room };
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Whether the line is behind: what it were given now would only make speech later.
    fn is_late(&self, now: Instant) -> bool {
        let Some(patience) = self.controller.patience() else { return false };
        let Some(oldest) = self.marks.front() else { return false };
        self.behind.is_some() || now.saturating_duration_since(oldest.at) > patience
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
    pub(super) fn left(&mut self, now: Instant, bytes: usize) -> bool {
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
        let patience = self.controller.patience();
        while let Some(mark) = self.marks.front().copied().filter(|mark| mark.number <= number) {
            self.marks.pop_front();
            self.in_flight = self.in_flight.saturating_sub(mark.bytes);
            self.arrived = self.arrived.saturating_add(mark.bytes);
            self.controller.acked(now, mark.at, mark.bytes, mark.is_last);
            let took = now.saturating_duration_since(mark.at);
            self.judge(now, mark.bytes, patience.is_some_and(|patience| took > patience));
        }
        if self.in_flight < before {
            self.has_answer = true;
            self.controller.end_acks(now, self.in_flight);
        }
    }

    /// `bytes` arrived, late or in time.
    fn judge(&mut self, now: Instant, bytes: u64, is_late: bool) {
        if !is_late {
            self.behind = None;
            let restart = self.restart.map(|restart| restart.saturating_add(bytes));
            self.restart = restart.filter(|restart| *restart < self.controller.may_be_out());
            return;
        }
        let Some(behind) = &mut self.behind else {
            self.behind = Some(Behind { since: now, bytes: 0 });
            return;
        };
        behind.bytes = behind.bytes.saturating_add(bytes);
        let lasted = now.saturating_duration_since(behind.since);
        if lasted >= BEHIND {
            #[expect(clippy::cast_precision_loss, reason = "bytes, far below 2^52")]
            let rate = behind.bytes as f64 / lasted.as_secs_f64();
            self.controller.fell(rate);
        }
    }

    /// Bytes that the peer has, or that left where it does not tell.
    pub(super) fn arrived(&self, now: Instant) -> u64 {
        if self.is_unknown(now) {
            self.arrived.saturating_add(self.in_flight)
        } else {
            self.arrived
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
            while flow.leave(now).bulk > 0 {
                let bytes = flow.leave(now).bulk.min(2_000);
                free = free.max(now) + Duration::from_micros(8 * bytes as u64);
                if flow.left(now, bytes) {
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
        assert!(flow.left(begin, 100_000));
        flow.mark(begin, 0, false);
        assert_eq!(flow.leave(begin + MS).bulk, 0);
        assert!(flow.waiting(begin + MS) < 4_000);
        assert_eq!(flow.waiting(begin + ANSWER_MAX + MS), usize::MAX);
        assert_eq!(flow.leave(begin + ANSWER_MAX + MS).bulk, usize::MAX);
    }

    #[test]
    fn an_outage_of_one_that_answered_before_lets_nothing_more_out() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        fill(&mut flow, begin, Duration::from_secs(1));
        flow.left(begin, 100_000);
        assert_eq!(flow.leave(begin + Duration::from_mins(1)).bulk, 0);
    }

    #[test]
    fn while_nothing_gets_through_nothing_more_is_handed_over() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        flow.left(begin, 100);
        flow.mark(begin, 0, true);
        flow.answered(begin + 50 * MS, 0);
        flow.left(begin + 100 * MS, 100);
        flow.mark(begin + 100 * MS, 1, true);
        assert!(flow.leave(begin + 450 * MS).bulk > 0);
        assert_eq!(flow.leave(begin + 550 * MS).bulk, 0);
        flow.answered(begin + 9_000 * MS, 1);
        assert!(flow.leave(begin + 9_000 * MS).bulk > 0);
    }

    /// A line of 1 Mbit/s that takes 20 ms, whose window has grown.
    fn well(begin: Instant) -> (Flow, Instant) {
        let mut flow = Flow::new(begin);
        fill(&mut flow, begin, Duration::from_secs(5));
        let now = begin + Duration::from_secs(5);
        flow.answered(now, u64::MAX);
        (flow, now)
    }

    #[test]
    fn while_answers_are_late_speech_goes_on_alone_and_the_rest_begins_with_little() {
        let (mut flow, now) = well(Instant::now());
        flow.left(now, 1_000);
        flow.mark(now, 1, false);
        assert!(flow.leave(now).bulk > 0);
        let late = now + 150 * MS;
        let leave = flow.leave(late);
        assert_eq!(leave.bulk, 0);
        assert!(leave.urgent > 0);
        flow.left(late, 100);
        flow.mark(late, 2, false);
        flow.answered(late, 1);
        assert_eq!(flow.leave(late).bulk, 0, "what follows may be late too");
        flow.answered(late + 20 * MS, 2);
        let bulk = flow.leave(late + 20 * MS).bulk as u64;
        assert!((1..=RESTART + 100).contains(&bulk), "{bulk}");
    }

    /// What may be on its way after ten segments left at once and are answered by `when`.
    fn after_late_answers(when: impl Fn(u32) -> Duration) -> (u64, u64) {
        let (mut flow, now) = well(Instant::now());
        let before = flow.controller.may_be_out();
        for number in 1..=10 {
            flow.left(now, 1_448);
            flow.mark(now, number, false);
        }
        for number in 1..=10 {
            flow.answered(now + when(number), u64::from(number));
        }
        (before, flow.controller.may_be_out())
    }

    #[test]
    fn a_line_that_got_slow_is_known_by_what_arrives_late() {
        // 200 kbit/s from now on.
        let (before, after) = after_late_answers(|number| 58 * MS * (number + 2));
        assert!(after < before && after <= 5_000, "{before}, then {after}");
    }

    #[test]
    fn a_repair_of_tcp_is_no_slow_line() {
        let (before, after) = after_late_answers(|number| 200 * MS + MS * number);
        assert!(after * 2 > before, "{before}, then {after}");
    }

    #[test]
    fn answers_that_nobody_waits_for_change_nothing() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        flow.answered(begin, u64::MAX);
        flow.left(begin, 1_000);
        flow.answered(begin, 5);
        assert_eq!(flow.in_flight, 1_000);
    }

    #[test]
    fn marks_are_few() {
        let begin = Instant::now();
        let mut flow = Flow::new(begin);
        let mut marks = 0_u64;
        for n in 0..1_000 {
            if flow.left(begin + MS * n, 100) {
                flow.mark(begin + MS * n, marks, true);
                flow.answered(begin + MS * n, marks);
                marks += 1;
            }
        }
        assert!((50..=100).contains(&marks), "{marks} marks for 100 kB");
        for n in 0..1_000_u64 {
            if flow.left(begin, 100_000) {
                flow.mark(begin, marks + n, true);
            }
        }
        assert_eq!(flow.marks.len(), MARKS_MAX);
    }
}
