//! What is due for a session goes out on its lanes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_media::layering::Link;
use mosaik_media::{Due, Egress, LaneId, Packer};
use mosaik_proto::moqt::{ResetCode, SendOrder};
use mosaik_transport::{Lane, LaneError, LineEstimate, Offered, Outgoing, Room, SessionBounds};
use tokio::task::JoinSet;
use web_transport_trait::Stats;

use super::breaks::Breaks;
use super::padding::Probe;

use crate::line::{Counters, LineMeter};
use crate::reader::LineSeen;
use crate::shard::Outlet;

/// How long a line that was fast counts as fast: what a lesson says in that time is what may wait too
/// much when it no longer is.
const FAST_FOR: Duration = Duration::from_millis(100);

/// The open streams of a session.
pub(crate) struct Lanes<S: Outgoing> {
    session: S,
    bounds: SessionBounds,
    /// For whom the transport has room now.
    room: Room,
    /// Until when the line counts as fast enough for everyone.
    fast_until: Option<Instant>,
    open: HashMap<LaneId, S::Lane>,
    /// Streams that nothing more is written to and whose header did not fit, with the time until
    /// which the peer is to have them.
    finishing: Vec<(S::Lane, Option<Instant>)>,
    /// Finished streams that are reset if the peer does not have everything in time.
    closing: JoinSet<()>,
    line: LineMeter,
    packer: Packer,
    breaks: Breaks,
    probe: Probe<S::Lane>,
    /// Bytes of padding that the transport took and that were not told yet.
    padded: u64,
}

impl<S: Outgoing> Lanes<S> {
    pub(crate) fn new(session: S, bounds: SessionBounds) -> Self {
        let (open, finishing) = (HashMap::new(), Vec::new());
        Self {
            session,
            bounds,
            room: Room::Urgent,
            fast_until: None,
            open,
            finishing,
            closing: JoinSet::new(),
            line: LineMeter::default(),
            packer: Packer::new(S::MAY_LOSE),
            breaks: Breaks::default(),
            probe: Probe::new(),
            padded: 0,
        }
    }

    fn make_room(&mut self, room: Room, now: Instant) {
        if self.room == room || self.fast_until.is_some_and(|until| now < until) {
            return;
        }
        self.room = self.session.make_room(room, self.bounds);
        // A line that fell silent is tried again by being looked at.
        self.session.line(now);
        let is_fast = room == Room::Bulk && self.room == Room::Urgent;
        self.fast_until = is_fast.then(|| now + FAST_FOR);
    }

    fn finish(&mut self, mut stream: S::Lane, until: Option<Instant>) {
        if !stream.finish() {
            self.finishing.push((stream, until));
        } else if let Some(until) = until {
            while self.closing.try_join_next().is_some() {}
            self.closing.spawn_local(async move {
                if tokio::time::timeout_at(until.into(), stream.delivered()).await.is_err() {
                    stream.reset(ResetCode::DeliveryTimeout);
                }
            });
        }
    }

    fn speak(&mut self, egress: &mut Egress<'_>, bytes: Bytes, until: Option<Instant>) {
        let now = egress.now();
        if self.breaks.is_break(now, self.session.has_datagrams_waiting()) {
            return egress.kept();
        }
        match self.session.offer_datagram(bytes, until, self.bounds) {
            Offered::Taken => egress.sent(),
            Offered::Full => egress.kept(),
            Offered::TooLarge => egress.dropped(),
        }
    }

    fn write(
        &mut self,
        egress: &mut Egress<'_>,
        (lane, order): (LaneId, SendOrder),
        slices: &mut [Bytes],
    ) {
        let room = if order.is_urgent() { Room::Urgent } else { Room::Bulk };
        self.make_room(room, egress.now());
        let Some(stream) = self.open.get_mut(&lane) else {
            egress.stopped();
            return;
        };
        match stream.write(slices) {
            Ok(bytes) => egress.wrote(bytes),
            Err(LaneError::Stopped | LaneError::Lost) => {
                self.open.remove(&lane);
                egress.stopped();
            }
        }
    }
}

/// What a controller tells of its line, as decisions about what is sent need it.
fn link_of(line: &LineEstimate) -> Link {
    let LineEstimate { delivered, is_limited, queue, round_trip, loss } = *line;
    Link { delivered, is_limited, queue, round_trip, loss, is_silent: false }
}

impl<S: Outgoing> Outlet for Lanes<S> {
    fn flush(&mut self, egress: &mut Egress<'_>) -> bool {
        if egress.has_datagrams() {
            let link = self.session.line(egress.now()).map(|line| link_of(&line));
            egress.set_packing(self.packer.look(egress.now(), link.as_ref()));
        }
        for (stream, until) in std::mem::take(&mut self.finishing) {
            self.finish(stream, until);
        }
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, order, header } => {
                    match self.session.open_lane(order, header.clone()) {
                        Some(stream) => {
                            self.open.insert(lane, stream);
                        }
                        None => egress.blocked(header),
                    }
                }
                Due::More { lane, order, mut slices } => {
                    self.write(egress, (lane, order), &mut slices);
                }
                Due::Reorder { lane, order } => {
                    if let Some(stream) = self.open.get_mut(&lane) {
                        stream.set_order(order);
                    }
                }
                Due::Finish { lane, until } => {
                    if let Some(stream) = self.open.remove(&lane) {
                        self.finish(stream, until);
                    }
                }
                Due::Reset { lane, code } => {
                    if let Some(mut stream) = self.open.remove(&lane) {
                        stream.reset(code);
                    }
                }
                Due::Datagram { bytes, until } => self.speak(egress, bytes, until),
            }
        }
        let is_blocked = egress.is_blocked();
        if !is_blocked {
            self.padded += self.probe.go_on();
        }
        // What is said between two flushes, such as answers to requests, is urgent.
        self.make_room(Room::Urgent, egress.now());
        self.line.flushed(egress.now(), is_blocked || self.probe.is_waiting());
        egress.is_blocked() || !self.finishing.is_empty()
    }

    fn link(&mut self, now: Instant) -> Link {
        let stats = self.session.stats();
        let counters = Counters {
            sent: stats.bytes_sent().unwrap_or_default(),
            lost: stats.bytes_lost().unwrap_or_default(),
            packets_sent: stats.packets_sent().unwrap_or_default(),
            packets_lost: stats.packets_lost().unwrap_or_default(),
            received: stats.bytes_received(),
            round_trip: stats.rtt(),
        };
        drop(stats);
        // Who keeps the queue short knows better how long it is.
        match self.session.line(now) {
            Some(line) => self.line.look_with(now, counters, line),
            None => self.line.look(now, counters),
        }
    }

    fn pad(&mut self, now: Instant, bitrate: Option<u64>) -> u64 {
        self.probe.set(now, bitrate);
        if bitrate.is_some() {
            // As anything that may wait: what is handed over stands before what comes later.
            self.make_room(Room::Bulk, now);
            self.padded += self.probe.write(now, &self.session);
            self.make_room(Room::Urgent, now);
            if self.probe.is_waiting() {
                self.line.flushed(now, true);
            }
        }
        std::mem::take(&mut self.padded)
    }

    fn line(&self) -> Option<LineSeen> {
        let stats = self.session.stats();
        Some(LineSeen { left: stats.bytes_sent()?, round_trip: stats.rtt().unwrap_or_default() })
    }

    fn reset(&mut self, lanes: &[LaneId]) {
        for lane in lanes {
            if let Some(mut stream) = self.open.remove(lane) {
                stream.reset(ResetCode::Cancelled);
            }
        }
    }
}
