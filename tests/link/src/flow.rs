//! One direction of a TCP connection: segments with CUBIC and retransmission, without sockets and
//! without a clock. Either a stream of bytes that someone gives it, or a download without end.
//!
//! Simpler than TCP where the line does not feel it: every transmission has a number of its own
//! and is acknowledged by it, which is what SACK and RACK-TLP (RFC 8985) make of TCP's numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::cubic::Cubic;
use crate::rtt::Rtt;

/// Payload of a full segment: a packet of 1,500 bytes without its headers.
pub const SEGMENT: usize = 1_448;

/// Headers of IPv4 and TCP with its timestamps.
pub const HEADERS: u32 = 52;

/// Later transmissions that must be acknowledged before one counts as lost (RFC 5681, section 3.2,
/// and RFC 8985's initial reordering window).
const REORDERED_MAX: u64 = 3;

/// Bytes on their way at most: the receive window of a common host
/// (`tcp_rmem`'s largest is 6 MB on Linux).
const WINDOW_MAX: usize = 6 << 20;

/// A transmission: which, and what of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Transmission {
    pub(crate) number: u64,
    pub(crate) segment: u64,
    /// On the line, with headers.
    pub(crate) bytes: u32,
}

#[derive(Debug)]
struct Sent {
    at: Duration,
    segment: u64,
    payload: usize,
}

/// What there is to send.
#[derive(Debug)]
enum Supply {
    /// A download without end.
    Endless,
    /// What was given and has not arrived; an empty segment ends the stream.
    Given(BTreeMap<u64, Vec<u8>>),
}

/// When something is to be done without being asked.
#[derive(Debug, Default)]
struct Timers {
    /// The first segment may leave.
    opens: Option<Duration>,
    /// What an acknowledged transmission has overtaken counts as lost (RFC 8985, section 6.2).
    overtaken: Option<Duration>,
    /// The last segment is sent again, to learn of a lost tail (RFC 8985, section 7).
    probe: Option<Duration>,
    /// Everything counts as lost.
    timeout: Option<Duration>,
}

/// A sender, and the receiver it talks to.
#[derive(Debug)]
pub(crate) struct Flow {
    supply: Supply,
    /// Not before this time.
    opens: Duration,
    cubic: Cubic,
    rtt: Rtt,
    sent: BTreeMap<u64, Sent>,
    in_flight: usize,
    lost: BTreeSet<u64>,
    next_number: u64,
    next_segment: u64,
    /// Segments that exist.
    given: u64,
    /// Losses of earlier transmissions were answered already.
    answered: u64,
    acknowledged: Option<u64>,
    timers: Timers,
    /// The last segment was sent again since something was acknowledged.
    has_probed: bool,
    /// The receiver: the next segment in order, and those that came before it.
    expected: u64,
    early: BTreeSet<u64>,
    arrived_bytes: u64,
}

impl Flow {
    /// A download without end that begins at `opens`.
    pub(crate) fn endless(opens: Duration) -> Self {
        Self::new(Supply::Endless, opens)
    }

    /// A stream whose first segment leaves at `opens` at the earliest.
    pub(crate) fn stream(opens: Duration) -> Self {
        Self::new(Supply::Given(BTreeMap::new()), opens)
    }

    fn new(supply: Supply, opens: Duration) -> Self {
        let given = if matches!(supply, Supply::Endless) { u64::MAX } else { 0 };
        Self {
            supply,
            opens,
            cubic: Cubic::default(),
            rtt: Rtt::default(),
            sent: BTreeMap::new(),
            in_flight: 0,
            lost: BTreeSet::new(),
            next_number: 0,
            next_segment: 0,
            given,
            answered: 0,
            acknowledged: None,
            timers: Timers { opens: Some(opens), ..Timers::default() },
            has_probed: false,
            expected: 0,
            early: BTreeSet::new(),
            arrived_bytes: 0,
        }
    }

    /// Whether a further segment would leave at once; what is taken earlier would only wait here.
    pub(crate) fn has_room(&self, now: Duration) -> bool {
        let is_open = now >= self.opens && self.lost.is_empty();
        is_open && self.given == self.next_segment && self.may_send(SEGMENT)
    }

    /// Gives it the next piece of its stream, of [`SEGMENT`] bytes at most; an empty one ends it.
    pub(crate) fn give(&mut self, bytes: Vec<u8>) {
        if let Supply::Given(segments) = &mut self.supply {
            segments.insert(self.given, bytes);
            self.given += 1;
        }
    }

    /// What leaves now, if the window lets it.
    pub(crate) fn transmit(&mut self, now: Duration) -> Option<Transmission> {
        if now < self.opens {
            return None;
        }
        loop {
            let new = (self.next_segment < self.given).then_some(self.next_segment);
            let segment = self.lost.first().copied().or(new)?;
            // What has arrived in spite of all needs no second way.
            let Some(payload) = self.payload(segment) else {
                self.lost.remove(&segment);
                continue;
            };
            if !self.may_send(payload) {
                return None;
            }
            if !self.lost.remove(&segment) {
                self.next_segment += 1;
            }
            let number = self.next_number;
            self.next_number += 1;
            self.in_flight += payload;
            self.sent.insert(number, Sent { at: now, segment, payload });
            self.expect_answer(now);
            let bytes = u32::try_from(payload).unwrap_or(u32::MAX).saturating_add(HEADERS);
            return Some(Transmission { number, segment, bytes });
        }
    }

    /// A segment has reached the receiver. What is now in order goes to `deliver`.
    pub(crate) fn arrived(&mut self, segment: u64, mut deliver: impl FnMut(Vec<u8>)) {
        if segment < self.expected || !self.early.insert(segment) {
            return;
        }
        self.arrived_bytes += self.payload(segment).unwrap_or_default() as u64;
        while self.early.remove(&self.expected) {
            if let Supply::Given(segments) = &mut self.supply {
                deliver(segments.remove(&self.expected).unwrap_or_default());
            }
            self.expected += 1;
        }
    }

    /// The receiver's word for a transmission is back.
    pub(crate) fn acknowledged(&mut self, now: Duration, number: u64) {
        let Some(sent) = self.sent.remove(&number) else { return };
        self.rtt.add(now.saturating_sub(sent.at));
        // A window that is not used does not grow (RFC 9438, section 5.8; half of it is in use, as
        // Linux asks for).
        if segments_of(self.in_flight) * 2.0 >= self.cubic.window() {
            self.cubic.acknowledged(now, segments_of(sent.payload), self.rtt.smoothed());
        }
        self.in_flight -= sent.payload;
        self.acknowledged = self.acknowledged.max(Some(number));
        self.lose_overtaken(now);
        self.has_probed = false;
        self.timers.probe = None;
        self.timers.timeout = None;
        if !self.sent.is_empty() {
            self.expect_answer(now);
        }
    }

    /// When [`Flow::on_timer`] is to be called.
    pub(crate) fn timer(&self) -> Option<Duration> {
        let Timers { opens, overtaken, probe, timeout } = self.timers;
        [opens, overtaken, probe, timeout].into_iter().flatten().min()
    }

    /// It opens, or something was not acknowledged for too long.
    pub(crate) fn on_timer(&mut self, now: Duration) {
        let is_due = |timer: &mut Duration| *timer <= now;
        self.timers.opens.take_if(is_due);
        if self.timers.overtaken.take_if(is_due).is_some() {
            self.lose_overtaken(now);
        }
        if self.timers.probe.take_if(is_due).is_some() {
            self.has_probed = true;
            // The timeout counts from the probe (RFC 8985, section 7.3).
            self.timers.timeout = Some(now + self.rtt.timeout());
            self.lost.extend(self.sent.values().next_back().map(|sent| sent.segment));
        }
        if self.timers.timeout.take_if(is_due).is_some() && !self.sent.is_empty() {
            self.rtt.timed_out();
            self.cubic.timed_out();
            self.answered = self.next_number;
            self.lost.extend(self.sent.values().map(|sent| sent.segment));
            self.sent.clear();
            self.in_flight = 0;
            self.timers.probe = None;
        }
    }

    /// Bytes of payload that have arrived, each once.
    pub(crate) const fn arrived_bytes(&self) -> u64 {
        self.arrived_bytes
    }

    fn expect_answer(&mut self, now: Duration) {
        let timeout = now + self.rtt.timeout();
        self.timers.timeout.get_or_insert(timeout);
        let probe = self.rtt.probe().filter(|_| !self.has_probed);
        self.timers.probe = probe.map(|after| now + after);
    }

    /// What a later transmission has overtaken by three or by a quarter of a round trip is lost.
    fn lose_overtaken(&mut self, now: Duration) {
        let Some(last) = self.acknowledged else { return };
        let patience = self.rtt.smoothed() * 5 / 4;
        let overtaken = self.sent.range(..last);
        let (lost, waiting): (Vec<_>, Vec<_>) = overtaken
            .map(|(number, sent)| (*number, sent.at + patience))
            .partition(|(number, until)| number + REORDERED_MAX <= last || *until <= now);
        for (number, _) in lost {
            self.lose(number);
        }
        self.timers.overtaken = waiting.iter().map(|(_, until)| *until).min();
    }

    fn lose(&mut self, number: u64) {
        let Some(sent) = self.sent.remove(&number) else { return };
        self.in_flight -= sent.payload;
        self.lost.insert(sent.segment);
        if number >= self.answered {
            self.answered = self.next_number;
            self.cubic.lost();
        }
    }

    fn payload(&self, segment: u64) -> Option<usize> {
        match &self.supply {
            Supply::Endless => Some(SEGMENT),
            Supply::Given(segments) => segments.get(&segment).map(Vec::len),
        }
    }

    fn may_send(&self, payload: usize) -> bool {
        let fits = self.in_flight + payload <= WINDOW_MAX;
        fits && segments_of(self.in_flight + payload) <= self.cubic.window()
    }
}

/// Full segments that this many bytes are.
#[expect(clippy::cast_precision_loss, reason = "megabytes at most")]
fn segments_of(bytes: usize) -> f64 {
    bytes as f64 / SEGMENT as f64
}
