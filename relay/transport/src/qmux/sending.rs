//! What waits to be sent, and which of it goes next: frames of the session first, then the stream of
//! the highest send order; streams of one order take turns.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use bytes::{Buf, Bytes, BytesMut};
use mosaik_proto::moqt::SendOrder;
use tokio::sync::Notify;

use super::datagrams::Datagrams;
use super::frame::{self, STREAM_HEAD_BYTES};
use super::{Broken, Leave, MuxCode};

/// Bytes that may wait on streams as urgent as one's own or more: a second of 400 kbit/s. What is
/// beyond stays in the track's log. Less urgent streams take nobody's room.
const UNSENT_MAX: usize = 48 << 10;

/// Bytes that may wait in all.
const UNSENT_IN_ALL_MAX: usize = 192 << 10;

/// Bytes that may wait on streams as urgent as one's own or more, however much waits on others: more
/// than a second of speech, which may have to pass several kinds of pictures.
const UNSENT_ALWAYS: usize = 8 << 10;

/// Bytes of session frames that may wait; a peer that makes us answer more does not read.
const CONTROL_BYTES_MAX: usize = 64 << 10;

/// Why a stream takes nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The peer asked for that, with this code.
    Stopped(u64),
    /// All was handed to the socket, with FIN.
    Finished,
    /// We reset it.
    Reset,
    /// The session is over.
    Lost,
}

/// A place among the streams with something to send: lower is sooner.
type Place = (Reverse<i32>, u64);

struct Out {
    order: i32,
    chunks: VecDeque<Bytes>,
    /// Bytes in `chunks`.
    unsent: usize,
    /// Offset of the first byte in `chunks`.
    sent: u64,
    /// The peer takes no byte from this offset on.
    limit: u64,
    is_finishing: bool,
    place: Option<Place>,
    ended: Option<Ended>,
    /// Somebody may still ask for it.
    is_held: bool,
    changed: Arc<Notify>,
}

pub(super) struct Sending {
    streams: HashMap<u64, Out>,
    ready: BTreeMap<Place, u64>,
    control: VecDeque<Bytes>,
    control_bytes: usize,
    datagrams: Datagrams,
    /// Of all streams together.
    unsent: usize,
    /// Of streams as urgent as one's own or more.
    waiting_max: usize,
    sent: u64,
    limit: u64,
    turn: u64,
    /// Streams that are over and forgotten.
    gone: Vec<u64>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            streams: HashMap::new(),
            ready: BTreeMap::new(),
            control: VecDeque::new(),
            control_bytes: 0,
            datagrams: Datagrams::default(),
            unsent: 0,
            waiting_max: UNSENT_MAX,
            sent: 0,
            limit: 0,
            turn: 0,
            gone: Vec::new(),
        }
    }
}

impl Sending {
    /// From now on so many bytes may wait on streams as urgent as one's own or more, within bounds.
    pub(super) fn set_waiting_max(&mut self, bytes: usize) {
        self.waiting_max = bytes.min(UNSENT_MAX);
    }

    /// Whether a stream has something to send now.
    pub(super) fn has_streams(&self) -> bool {
        self.next_up(Leave::ALL).is_some()
    }

    /// A stream on which at most `limit` bytes may be sent for now. What is given back is told of
    /// every change that ends a wait.
    pub(super) fn open(&mut self, id: u64, limit: u64, order: i32) -> Arc<Notify> {
        let changed = Arc::new(Notify::new());
        let out = Out {
            order,
            chunks: VecDeque::new(),
            unsent: 0,
            sent: 0,
            limit,
            is_finishing: false,
            place: None,
            ended: None,
            is_held: true,
            changed: Arc::clone(&changed),
        };
        self.streams.insert(id, out);
        changed
    }

    /// A frame that goes before all data.
    pub(super) fn control(&mut self, frame: Bytes) -> Result<(), Broken> {
        self.control_bytes += frame.len();
        self.control.push_back(frame);
        if self.control_bytes > CONTROL_BYTES_MAX {
            return Err(Broken::new(MuxCode::Internal, "our answers are not read"));
        }
        Ok(())
    }

    /// A DATAGRAM frame, which goes before all streams.
    pub(super) fn datagram(&mut self, frame: Bytes, until: Option<Instant>) {
        self.datagrams.push(frame, until);
    }

    /// Datagrams that wait.
    pub(super) const fn datagrams(&mut self) -> &mut Datagrams {
        &mut self.datagrams
    }

    /// Takes as much of `slices` as has room, and says how many bytes that was.
    pub(super) fn write(&mut self, id: u64, slices: &mut [Bytes]) -> Result<usize, Ended> {
        let Some(out) = self.streams.get(&id) else {
            return Err(Ended::Lost);
        };
        if let Some(ended) = out.ended {
            return Err(ended);
        }
        let credit = out.limit.saturating_sub(out.sent).saturating_sub(out.unsent as u64);
        let before = self.unsent_from(out.order);
        let in_all = UNSENT_IN_ALL_MAX.saturating_sub(self.unsent);
        let mut room = self
            .waiting_max
            .saturating_sub(before)
            .min(in_all.max(UNSENT_ALWAYS.saturating_sub(before)))
            .min(usize::try_from(credit).unwrap_or(usize::MAX));
        let Some(out) = self.streams.get_mut(&id) else {
            return Err(Ended::Lost);
        };
        let mut taken = 0;
        for slice in slices.iter_mut() {
            let part = slice.split_to(slice.len().min(room));
            room -= part.len();
            taken += part.len();
            if !part.is_empty() {
                out.chunks.push_back(part);
            }
        }
        out.unsent += taken;
        self.unsent += taken;
        self.place(id);
        Ok(taken)
    }

    /// Puts the first bytes on a stream, whatever room there is.
    pub(super) fn begin(&mut self, id: u64, header: Bytes) {
        if let Some(out) = self.streams.get_mut(&id) {
            out.unsent += header.len();
            self.unsent += header.len();
            out.chunks.push_back(header);
            self.place(id);
        }
    }

    /// Bytes that wait on streams of this order and above.
    fn unsent_from(&self, order: i32) -> usize {
        let last = (Reverse(order), u64::MAX);
        let ids = self.ready.range(..=last).map(|(_, id)| id);
        ids.filter_map(|id| self.streams.get(id)).map(|out| out.unsent).sum()
    }

    pub(super) fn set_order(&mut self, id: u64, order: i32) {
        if let Some(out) = self.streams.get_mut(&id) {
            out.order = order;
            self.unplace(id);
            self.place(id);
        }
    }

    /// FIN behind all that was written.
    pub(super) fn finish(&mut self, id: u64) {
        if let Some(out) = self.streams.get_mut(&id)
            && out.ended.is_none()
        {
            out.is_finishing = true;
            self.place(id);
        }
    }

    /// Drops what has not been sent; false if the stream was over.
    pub(super) fn reset(&mut self, id: u64, code: u64, why: Ended) -> Result<bool, Broken> {
        let Some(out) = self.streams.get(&id).filter(|out| out.ended.is_none()) else {
            return Ok(false);
        };
        let final_size = out.sent;
        self.end(id, why);
        self.control(frame::reset(id, code, final_size))?;
        Ok(true)
    }

    fn end(&mut self, id: u64, why: Ended) {
        self.unplace(id);
        if let Some(out) = self.streams.get_mut(&id) {
            self.unsent -= out.unsent;
            out.unsent = 0;
            out.chunks = VecDeque::new();
            out.ended = Some(why);
            out.changed.notify_waiters();
            self.forget_over(id);
        }
    }

    fn forget_over(&mut self, id: u64) {
        let is_over = |out: &Out| !out.is_held && out.ended.is_some();
        if self.streams.get(&id).is_some_and(is_over) {
            self.streams.remove(&id);
            self.gone.push(id);
        }
    }

    /// Why the stream takes nothing more, if so.
    pub(super) fn ended(&self, id: u64) -> Option<Ended> {
        self.streams.get(&id).map_or(Some(Ended::Lost), |out| out.ended)
    }

    /// Whether FIN was asked for, or the stream is over.
    pub(super) fn is_ending(&self, id: u64) -> bool {
        self.streams.get(&id).is_none_or(|out| out.is_finishing || out.ended.is_some())
    }

    /// Nobody holds the stream any more: it is forgotten when it is over.
    pub(super) fn let_go(&mut self, id: u64) {
        if let Some(out) = self.streams.get_mut(&id) {
            out.is_held = false;
        }
        self.forget_over(id);
    }

    /// A stream that is over and forgotten since the last call.
    pub(super) fn take_gone(&mut self) -> Option<u64> {
        self.gone.pop()
    }

    /// Takes MAX_DATA and MAX_STREAM_DATA; limits never fall.
    pub(super) fn allow(&mut self, limit: u64) {
        self.limit = self.limit.max(limit);
    }

    pub(super) fn allow_stream(&mut self, id: u64, limit: u64) {
        if let Some(out) = self.streams.get_mut(&id) {
            out.limit = out.limit.max(limit);
            self.place(id);
        }
    }

    /// The session is over: only session frames still go.
    pub(super) fn fail(&mut self) {
        self.datagrams = Datagrams::default();
        let ids: Vec<u64> = self.streams.keys().copied().collect();
        for id in ids {
            if self.ended(id).is_none() {
                self.end(id, Ended::Lost);
            }
        }
    }

    /// The next record, of at most `size` bytes, with what may leave; `None` when nothing waits or may
    /// be sent. Without room datagrams wait too: here they can still be dropped.
    pub(super) fn next(&mut self, size: usize, leave: Leave) -> Option<Bytes> {
        let mut record = BytesMut::new();
        while let Some(frame) = self.control.front() {
            if !record.is_empty() && record.len() + frame.len() > size {
                return Some(record.freeze());
            }
            self.control_bytes -= frame.len();
            record.extend_from_slice(frame);
            self.control.pop_front();
        }
        // One that is larger than a record of this size has one to itself.
        let fitting = |record: &BytesMut| {
            if record.is_empty() { usize::MAX } else { size.saturating_sub(record.len()) }
        };
        if leave.urgent == 0 {
            return (!record.is_empty()).then(|| record.freeze());
        }
        while let Some(datagram) = self.datagrams.pop_within(fitting(&record)) {
            record.extend_from_slice(&datagram);
        }
        if !self.datagrams.is_empty() {
            return Some(record.freeze());
        }
        let begun = record.len();
        while let Some((id, room)) = self.next_up(leave) {
            let size = size.min(begun.saturating_add(room));
            let Some(room) =
                size.checked_sub(record.len() + STREAM_HEAD_BYTES).filter(|it| *it > 0)
            else {
                break;
            };
            self.put_frame(id, room, &mut record);
        }
        (!record.is_empty()).then(|| record.freeze())
    }

    /// The most urgent stream that may send something, and how many bytes. Without credit only an end
    /// can be sent.
    fn next_up(&self, leave: Leave) -> Option<(u64, usize)> {
        let is_end = |id: u64| self.streams.get(&id).is_some_and(|out| out.unsent == 0);
        let may_go = |id: u64| self.limit > self.sent || is_end(id);
        let room = |order: i32| {
            if SendOrder::numbered(order).is_urgent() { leave.urgent } else { leave.bulk }
        };
        let ready = self.ready.iter().map(|((Reverse(order), _), id)| (*id, room(*order)));
        ready.into_iter().find(|(id, room)| *room > 0 && may_go(*id))
    }

    /// One STREAM frame.
    fn put_frame(&mut self, id: u64, room: usize, record: &mut BytesMut) {
        self.unplace(id);
        let credit = self.limit - self.sent;
        let Some(out) = self.streams.get_mut(&id) else {
            return;
        };
        let credit = usize::try_from(credit.min(out.limit - out.sent)).unwrap_or(usize::MAX);
        let mut left = out.unsent.min(room).min(credit);
        let is_final = out.is_finishing && left == out.unsent;
        if record.capacity() < left + STREAM_HEAD_BYTES {
            record.reserve(left + STREAM_HEAD_BYTES);
        }
        frame::put_stream_head(id, out.sent, left, is_final, record);
        out.unsent -= left;
        out.sent += left as u64;
        self.unsent -= left;
        self.sent += left as u64;
        while left > 0
            && let Some(chunk) = out.chunks.front_mut()
        {
            let part = chunk.len().min(left);
            record.extend_from_slice(chunk.get(..part).unwrap_or_default());
            left -= part;
            if part == chunk.len() {
                out.chunks.pop_front();
            } else {
                chunk.advance(part);
            }
        }
        if is_final {
            self.end(id, Ended::Finished);
        } else {
            self.place(id);
        }
    }

    /// Puts a stream with something to send behind those of its order.
    fn place(&mut self, id: u64) {
        let Some(out) = self.streams.get_mut(&id) else {
            return;
        };
        let is_end = out.unsent == 0 && out.is_finishing && out.ended.is_none();
        let is_ready = is_end || (out.unsent > 0 && out.sent < out.limit);
        if is_ready && out.place.is_none() {
            self.turn += 1;
            let place = (Reverse(out.order), self.turn);
            out.place = Some(place);
            self.ready.insert(place, id);
        }
    }

    fn unplace(&mut self, id: u64) {
        if let Some(place) = self.streams.get_mut(&id).and_then(|out| out.place.take()) {
            self.ready.remove(&place);
        }
    }
}
