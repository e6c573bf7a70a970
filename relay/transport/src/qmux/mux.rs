//! A session of the server's side: what each frame does, and which streams there are.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::SendOrder;

use super::datagrams::Datagrams;
use super::frame::{self, DATAGRAM_HEAD_BYTES, Frame, take_frame};
use super::parameters::MuxParameters;
use super::pings::Pings;
use super::receiving::{Credit, InEnd, InState, Read, Receiving};
use super::sending::{Ended, Sending};
use super::streams::{Own, Theirs};
use super::{Broken, Changed, Half, Leave, MuxCode, MuxLimits, RECORD_BYTES, is_one_way, is_ours};
use crate::error::TransportError;

/// Of a record that is mostly something else, the part that is kept is copied.
const KEEP_WHOLE: usize = 2;

pub(crate) struct Mux {
    out: Sending,
    incoming: Receiving,
    own_bidi: Own,
    own_uni: Own,
    their_bidi: Theirs,
    their_uni: Theirs,
    arrived_uni: VecDeque<Half>,
    arrived_bidi: VecDeque<(Half, Half)>,
    datagrams: Datagrams,
    peer: Option<MuxParameters>,
    pings: Pings,
    end: Option<TransportError>,
}

impl Mux {
    pub(crate) fn new(limits: MuxLimits) -> Self {
        let mut out = Sending::default();
        let parameters = MuxParameters {
            idle_timeout: limits.idle_timeout,
            max_data: limits.session_window,
            max_stream_data_bidi_local: limits.stream_window,
            max_stream_data_bidi_remote: limits.stream_window,
            max_stream_data_uni: limits.stream_window,
            max_streams_bidi: limits.streams_bidi,
            max_streams_uni: limits.streams_uni,
            max_datagram_frame_size: RECORD_BYTES as u64,
            ..MuxParameters::default()
        };
        // The first frame has room.
        let _ = out.control(frame::parameters(parameters));
        Self {
            out,
            incoming: Receiving::new(limits.session_window, limits.stream_window),
            own_bidi: Own::default(),
            own_uni: Own::default(),
            their_bidi: Theirs::new(limits.streams_bidi),
            their_uni: Theirs::new(limits.streams_uni),
            arrived_uni: VecDeque::new(),
            arrived_bidi: VecDeque::new(),
            datagrams: Datagrams::default(),
            peer: None,
            pings: Pings::default(),
            end: None,
        }
    }

    /// How the session ended, if it did.
    pub(crate) const fn end(&self) -> Option<&TransportError> {
        self.end.as_ref()
    }

    /// Takes a record of the peer's. A peer that breaks a rule ends the session.
    pub(crate) fn take(&mut self, mut record: Bytes) -> Changed {
        let mut changed = Changed::default();
        let whole = record.len();
        while self.end.is_none() {
            let taken = match take_frame(&mut record) {
                Ok(None) => break,
                Ok(Some(frame)) => self.follow(frame, whole, &mut changed),
                Err(broken) => Err(broken),
            };
            if let Err(broken) = taken {
                // What does not fit any more is not read anyway.
                let _ = self.out.control(frame::close_broken(broken));
                self.over(TransportError::Lost(broken.why));
            }
        }
        self.settle_gone();
        if self.end.is_some() {
            changed = Changed { arrived: true, room: true };
        }
        changed
    }

    fn follow(&mut self, frame: Frame, whole: usize, changed: &mut Changed) -> Result<(), Broken> {
        if let Frame::Parameters(parameters) = frame {
            changed.room = true;
            return self.begin(parameters);
        }
        if self.peer.is_none() {
            return Err(Broken::new(MuxCode::Protocol, "parameters come first"));
        }
        match frame {
            Frame::Stream { id, offset, data, is_final } => {
                changed.arrived |= self.meet(id)?;
                let is_part = data.len() * KEEP_WHOLE < whole;
                let data = if is_part { Bytes::copy_from_slice(&data) } else { data };
                let credit = self.incoming.stream(id, offset, data, is_final)?;
                self.forget_over(id);
                self.tell(id, &credit)
            }
            Frame::Reset { id, code, final_size } => {
                changed.arrived |= self.meet(id)?;
                let credit = self.incoming.reset(id, code, final_size)?;
                self.forget_over(id);
                self.tell(id, &credit)
            }
            Frame::Stop { id, code } => {
                self.check(id)?;
                if !is_ours(id) && is_one_way(id) {
                    return Err(Broken::new(MuxCode::StreamState, "a stop against the direction"));
                }
                changed.arrived |= self.hear_of(id)?;
                self.out.reset(id, code, Ended::Stopped(code))?;
                Ok(())
            }
            Frame::MaxData(max) => {
                changed.room = true;
                self.out.allow(max);
                Ok(())
            }
            Frame::MaxStreamData { id, max } => {
                self.check(id)?;
                changed.room = true;
                self.out.allow_stream(id, max);
                Ok(())
            }
            Frame::MaxStreams { is_one_way, max } => {
                changed.room = true;
                let own = if is_one_way { &mut self.own_uni } else { &mut self.own_bidi };
                own.limit = own.limit.max(max);
                Ok(())
            }
            Frame::Close { by_application: true, code, reason } => {
                let reason = String::from_utf8_lossy(&reason).into_owned();
                self.over(TransportError::Closed { code, reason });
                Ok(())
            }
            Frame::Close { by_application: false, .. } => {
                self.over(TransportError::Lost("the peer found that we broke a rule"));
                Ok(())
            }
            Frame::Ping(number) => self.answer(number),
            Frame::Datagram(payload) => {
                changed.arrived = true;
                self.datagrams.push(Bytes::copy_from_slice(&payload), None);
                Ok(())
            }
            Frame::Pong(number) => {
                self.pings.answer(number);
                Ok(())
            }
            // The peer is told without being asked.
            Frame::Blocked | Frame::Parameters(_) => Ok(()),
        }
    }

    fn answer(&mut self, ping: u64) -> Result<(), Broken> {
        self.pings.asked(ping)?;
        self.out.control(frame::pong(ping))
    }

    /// The next datagram that came.
    pub(crate) fn accept_datagram(&mut self) -> Option<Bytes> {
        self.datagrams.pop()
    }

    /// The largest payload of a datagram that the peer takes, in bytes.
    pub(crate) fn max_datagram_size(&self) -> usize {
        let said = self.peer.map_or(0, |peer| peer.max_datagram_frame_size);
        let frame = usize::try_from(said).unwrap_or(usize::MAX).min(RECORD_BYTES);
        frame.saturating_sub(DATAGRAM_HEAD_BYTES)
    }

    /// Bytes of datagrams that wait.
    pub(crate) fn datagrams_waiting(&mut self) -> usize {
        self.out.datagrams().bytes()
    }

    /// Drops those that are worth nothing any more.
    pub(crate) fn drop_late(&mut self, now: Instant) {
        self.out.datagrams().drop_late(now);
    }

    /// Sends a datagram, which is dropped if it waits longer than `until`; false if the peer does not
    /// take it.
    pub(crate) fn send_datagram(&mut self, payload: &[u8], until: Option<Instant>) -> bool {
        let max = self.max_datagram_size();
        let is_taken = max > 0 && payload.len() <= max && self.end.is_none();
        if is_taken {
            self.out.datagram(frame::datagram(payload), until);
        }
        is_taken
    }

    fn begin(&mut self, parameters: MuxParameters) -> Result<(), Broken> {
        if self.peer.replace(parameters).is_some() {
            return Err(Broken::new(MuxCode::Protocol, "parameters come twice"));
        }
        self.out.allow(parameters.max_data);
        self.own_uni.limit = parameters.max_streams_uni;
        self.own_uni.data = parameters.max_stream_data_uni;
        self.own_bidi.limit = parameters.max_streams_bidi;
        self.own_bidi.data = parameters.max_stream_data_bidi_remote;
        Ok(())
    }

    /// A stream of ours that a frame is about must have been opened.
    const fn check(&self, id: u64) -> Result<(), Broken> {
        let own = if is_one_way(id) { &self.own_uni } else { &self.own_bidi };
        if is_ours(id) && id >> 2 >= own.opened {
            return Err(Broken::new(MuxCode::StreamState, "a stream of ours that is not open"));
        }
        Ok(())
    }

    /// The peer sends on this stream; true if it is new.
    fn meet(&mut self, id: u64) -> Result<bool, Broken> {
        self.check(id)?;
        if is_ours(id) && is_one_way(id) {
            return Err(Broken::new(MuxCode::StreamState, "data against a stream's direction"));
        }
        self.hear_of(id)
    }

    fn hear_of(&mut self, id: u64) -> Result<bool, Broken> {
        if is_ours(id) {
            return Ok(false);
        }
        let theirs = if is_one_way(id) { &mut self.their_uni } else { &mut self.their_bidi };
        if !theirs.is_new(id >> 2)? {
            return Ok(false);
        }
        let recv = Half { id, changed: self.incoming.open(id) };
        if is_one_way(id) {
            self.arrived_uni.push_back(recv);
        } else {
            let limit = self.peer.map_or(0, |peer| peer.max_stream_data_bidi_local);
            let send = Half { id, changed: self.out.open(id, limit, SendOrder::CONTROL.get()) };
            self.arrived_bidi.push_back((send, recv));
        }
        Ok(true)
    }

    /// The next unidirectional stream of the peer's.
    pub(crate) fn accept_uni(&mut self) -> Option<Half> {
        self.arrived_uni.pop_front()
    }

    /// The next bidirectional stream of the peer's: where we send, and where we receive.
    pub(crate) fn accept_bi(&mut self) -> Option<(Half, Half)> {
        self.arrived_bidi.pop_front()
    }

    /// Opens a unidirectional stream, if the peer has room for one.
    pub(crate) fn open_uni(&mut self, order: i32) -> Option<Half> {
        let Own { opened, limit, data } = &mut self.own_uni;
        if *opened >= *limit || self.end.is_some() {
            return None;
        }
        let id = (*opened << 2) | 3;
        *opened += 1;
        Some(Half { id, changed: self.out.open(id, *data, order) })
    }

    /// The same for one that begins with `header`.
    pub(crate) fn open_lane(&mut self, order: i32, header: Bytes) -> Option<Half> {
        let half = self.open_uni(order)?;
        self.out.begin(half.id, header);
        Some(half)
    }

    /// The same for a bidirectional one.
    pub(crate) fn open_bi(&mut self, order: i32) -> Option<(Half, Half)> {
        let Own { opened, limit, data } = &mut self.own_bidi;
        if *opened >= *limit || self.end.is_some() {
            return None;
        }
        let id = (*opened << 2) | 1;
        *opened += 1;
        let send = Half { id, changed: self.out.open(id, *data, order) };
        Some((send, Half { id, changed: self.incoming.open(id) }))
    }

    pub(crate) fn write(&mut self, id: u64, slices: &mut [Bytes]) -> Result<usize, Ended> {
        self.out.write(id, slices)
    }

    pub(crate) fn set_order(&mut self, id: u64, order: i32) {
        self.out.set_order(id, order);
    }

    pub(crate) fn finish(&mut self, id: u64) {
        self.out.finish(id);
    }

    pub(crate) fn reset(&mut self, id: u64, code: u64) {
        if let Err(broken) = self.out.reset(id, code, Ended::Reset) {
            self.over(TransportError::Lost(broken.why));
        }
    }

    pub(crate) fn sending_ended(&self, id: u64) -> Option<Ended> {
        self.out.ended(id)
    }

    /// The sending half is not held any more; one that is not ending is reset with `code`, or
    /// finished.
    pub(crate) fn let_go_sending(&mut self, id: u64, code: Option<u64>) {
        if !self.out.is_ending(id) {
            match code {
                Some(code) => self.reset(id, code),
                None => self.out.finish(id),
            }
        }
        self.out.let_go(id);
        self.settle_gone();
    }

    /// Sees to the streams of the peer's whose sending half is over.
    fn settle_gone(&mut self) {
        while let Some(id) = self.out.take_gone() {
            self.settle(id);
        }
    }

    /// At most `max` bytes of what came; `Ok(None)` at the end.
    pub(crate) fn read(
        &mut self,
        id: u64,
        max: usize,
    ) -> Option<Result<Option<Bytes>, TransportError>> {
        let (read, credit) = self.incoming.read(id, max);
        if let Err(broken) = self.tell(id, &credit) {
            self.over(TransportError::Lost(broken.why));
        }
        match read {
            Read::Data(data) => Some(Ok(Some(data))),
            Read::End(InEnd::Final) => Some(Ok(None)),
            Read::End(InEnd::Reset(code)) => {
                Some(Err(TransportError::Reset(u32::try_from(code).ok())))
            }
            Read::Empty => None,
            Read::Gone => Some(Err(self.end.clone().unwrap_or(TransportError::StreamClosed))),
        }
    }

    /// Whether the receiving half is over, read or not, and how.
    pub(crate) fn receiving_ended(&self, id: u64) -> Option<Result<(), TransportError>> {
        match self.incoming.state(id) {
            Some(InState::Open) => None,
            Some(InState::Ended(InEnd::Final)) => Some(Ok(())),
            Some(InState::Ended(InEnd::Reset(code))) => {
                Some(Err(TransportError::Reset(u32::try_from(code).ok())))
            }
            None => Some(Err(self.end.clone().unwrap_or(TransportError::StreamClosed))),
        }
    }

    /// STOP_SENDING, if the peer still sends.
    pub(crate) fn stop(&mut self, id: u64, code: u64) {
        let (is_news, credit) = self.incoming.unwanted(id);
        let mut told = self.tell(id, &credit);
        if is_news && told.is_ok() {
            told = self.out.control(frame::stop(id, code));
        }
        if let Err(broken) = told {
            self.over(TransportError::Lost(broken.why));
        }
    }

    /// The receiving half is not held any more. What the peer still sends on it is thrown away and
    /// counted until it ends.
    pub(crate) fn forget_receiving(&mut self, id: u64, code: u64) {
        self.stop(id, code);
        self.incoming.let_go(id);
        self.forget_over(id);
    }

    fn forget_over(&mut self, id: u64) {
        // A sending half that is over already must not be seen to once more behind this one.
        self.settle_gone();
        if self.incoming.forget_over(id) {
            self.settle(id);
        }
    }

    /// When both halves of a stream of the peer's are over, it may open another.
    fn settle(&mut self, id: u64) {
        let is_held = self.incoming.state(id).is_some()
            || (!is_one_way(id) && self.out.ended(id) != Some(Ended::Lost));
        if is_ours(id) || is_held || self.end.is_some() {
            return;
        }
        let theirs = if is_one_way(id) { &mut self.their_uni } else { &mut self.their_bidi };
        if let Some(limit) = theirs.release()
            && let Err(broken) = self.out.control(frame::max_streams(is_one_way(id), limit))
        {
            self.over(TransportError::Lost(broken.why));
        }
    }

    fn tell(&mut self, id: u64, credit: &Credit) -> Result<(), Broken> {
        if let Some(max) = credit.session {
            self.out.control(frame::max_data(max))?;
        }
        if let Some(max) = credit.stream {
            self.out.control(frame::max_stream_data(id, max))?;
        }
        Ok(())
    }

    /// Asks for a sign of life, or for an answer to all that left before; its number.
    pub(crate) fn ping(&mut self) -> u64 {
        let number = self.pings.ask();
        if let Err(broken) = self.out.control(frame::ping(number)) {
            self.over(TransportError::Lost(broken.why));
        }
        number
    }

    /// The latest of our pings that was answered since the last call.
    pub(crate) fn take_pong(&mut self) -> Option<u64> {
        self.pings.take_answered()
    }

    /// Our last words.
    pub(crate) fn close(&mut self, code: u32, reason: &str) {
        if self.end.is_none() {
            let words = frame::close_by_application(u64::from(code), reason.as_bytes());
            // What does not fit any more is not read anyway.
            let _ = self.out.control(words);
            let reason = String::from("closed by us");
            self.over(TransportError::Closed { code: 0, reason });
        }
    }

    /// The connection is gone, or as good as.
    pub(crate) fn lose(&mut self, why: &'static str) {
        self.over(TransportError::Lost(why));
    }

    fn over(&mut self, error: TransportError) {
        if self.end.is_none() {
            self.end = Some(error);
            self.out.fail();
            self.incoming.fail();
            self.arrived_uni.clear();
            self.arrived_bidi.clear();
        }
    }

    /// The next record for the socket; see [`Sending::next`].
    pub(crate) fn next(&mut self, size: usize, leave: Leave) -> Option<Bytes> {
        let record = self.out.next(size, leave);
        self.settle_gone();
        record
    }

    /// Whether the peer said what it takes: before that it takes nothing.
    pub(crate) const fn is_begun(&self) -> bool {
        self.peer.is_some()
    }

    /// Whether a stream has something to send now.
    pub(crate) fn has_streams(&self) -> bool {
        self.out.has_streams()
    }

    /// So much may wait on streams as urgent as one's own or more.
    pub(crate) fn set_waiting_max(&mut self, bytes: usize) {
        self.out.set_waiting_max(bytes);
    }
}
