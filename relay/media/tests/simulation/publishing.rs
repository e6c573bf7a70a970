//! What publishers do: begin subgroups, write objects in pieces, end or lose them, go and come.

use std::collections::VecDeque;

use bytes::Bytes;
use mosaik_media::{Rejected, SessionKey, SubgroupEnd, SubgroupKey, SubgroupStart, cost_of};
use mosaik_proto::moqt::{
    Location, ObjectId, ObjectWriter, Properties, ResetCode, SubgroupDecoder, SubgroupHeader,
    SubgroupId,
};

use crate::listener::behind_delta;
use crate::play::{BOUNDS, Lesson, TRACKS, name};
use crate::published::{Sent, Subgroup};

/// Subgroups of a group.
const SUBGROUPS: u64 = 3;

/// Publishers of the same tracks at a time.
const PUBLISHERS: usize = 2;

/// A publisher's stream that has not ended.
pub(crate) struct Stream {
    pub(crate) track: usize,
    pub(crate) key: SubgroupKey,
    pub(crate) publisher: SessionKey,
    writer: ObjectWriter,
    decoder: SubgroupDecoder,
    has_properties: bool,
    next: ObjectId,
    /// Pieces of objects that were written and not handed on yet.
    pending: VecDeque<Bytes>,
    /// Objects whose head the relay has not got yet.
    heads: VecDeque<(ObjectId, Bytes)>,
}

impl Lesson {
    /// A second one has the same tracks as the first.
    pub(crate) fn publisher_comes(&mut self) {
        if self.publishers.len() >= PUBLISHERS {
            return;
        }
        let session = self.tracks.open_session();
        let request = self.request(session);
        self.tracks.announce(self.now, request, name(0).namespace).unwrap();
        self.publishers.push(session);
        self.sum.publishers += 1;
        self.settle();
    }

    pub(crate) fn publisher_goes(&mut self) {
        let index = self.random.size(self.publishers.len());
        if index >= self.publishers.len() {
            return;
        }
        let session = self.publishers.swap_remove(index);
        self.streams.retain(|stream| stream.publisher != session);
        for track in &mut self.published {
            track.cut(session, SubgroupEnd::Reset(ResetCode::SessionClosed), self.now);
        }
        for upstreams in &mut self.upstreams {
            upstreams.retain(|upstream| *upstream != session);
        }
        self.tracks.close_session(self.now, session);
    }

    pub(crate) fn open(&mut self) {
        let track = self.random.size(TRACKS);
        let Some(publisher) = self.random.pick(&self.upstreams[track]).copied() else { return };
        let Some(key) = self.known[track] else { return };
        // Mostly the newest group, sometimes the next, sometimes one that is late.
        let newest = &mut self.newest[track];
        let group = match self.random.below(10) {
            0..5 => {
                *newest += 1 + self.random.below(2);
                *newest
            }
            5..8 => *newest,
            _ => newest.saturating_sub(self.random.below(5)),
        };
        let subgroup: SubgroupId = self.random.below(SUBGROUPS);
        let has_properties = self.random.percent(30);
        let start =
            SubgroupStart { has_properties, first_object: true, ..SubgroupStart::default() };
        let published = &mut self.published[track];
        let is_over = !published.takes(group);
        let last = published.subgroups.get_mut(&(group, subgroup)).and_then(|all| all.last_mut());
        // It goes on behind what came, or repeats that; IDs of subgroups differ.
        let behind =
            last.as_ref().and_then(|last| last.sent.last()).map(|sent| sent.id + SUBGROUPS);
        let next = behind.filter(|_| self.random.percent(50)).unwrap_or(subgroup);
        let expected = match last {
            _ if is_over => Err(Rejected::Gone),
            Some(Subgroup { end: Some((SubgroupEnd::Finished, _)), .. }) => {
                Err(Rejected::Duplicate)
            }
            Some(last) if last.is_open() && last.publisher != publisher => Err(Rejected::Spare),
            last => {
                if let Some(last) = last {
                    last.close(SubgroupEnd::Reset(ResetCode::Cancelled), self.now);
                }
                let stream = published.open(BOUNDS, (group, subgroup), publisher);
                self.sum.resumed += usize::from(stream > 0);
                let stream = u32::try_from(stream).unwrap();
                Ok(SubgroupKey { track: key, group, subgroup, stream })
            }
        };
        let opened =
            self.tracks.open_subgroup((self.now, publisher), key, (group, subgroup), start);
        assert_eq!(opened, expected, "{track}: {group}/{subgroup}");
        let Ok(key) = opened else {
            self.sum.refused += 1;
            return;
        };
        let header =
            SubgroupHeader { has_properties, ..SubgroupHeader::beginning(0, group, subgroup) };
        self.streams.push(Stream {
            track,
            key,
            publisher,
            writer: ObjectWriter::new(has_properties),
            decoder: SubgroupDecoder::new(&header),
            has_properties,
            next,
            pending: VecDeque::new(),
            heads: VecDeque::new(),
        });
    }

    /// Writes an object, or hands on a piece of one that was written.
    pub(crate) fn write(&mut self) {
        let index = self.random.size(self.streams.len());
        let random = &mut self.random;
        let Some(stream) = self.streams.get_mut(index) else { return };
        if stream.pending.is_empty() {
            let gap = if random.percent(10) { SUBGROUPS * random.below(30) } else { 0 };
            let id = stream.next + gap;
            stream.next = id + SUBGROUPS;
            let mut properties = Properties::default();
            if stream.has_properties {
                properties = properties.with_integer(0x2F0, random.below(1 << 20));
            }
            let payload: Vec<u8> =
                (0..random.size(3_000)).map(|_| u8::try_from(random.below(256)).unwrap()).collect();
            let mut wire = stream.writer.write(id, &properties, &payload);
            stream.heads.push_back((id, Bytes::copy_from_slice(behind_delta(&wire))));
            while wire.len() > 1 && random.percent(30) {
                let piece = wire.split_to(1 + random.size(wire.len() - 1));
                stream.pending.push_back(piece);
            }
            stream.pending.push_back(wire);
        }
        if !self.hand_on(index) {
            self.streams.swap_remove(index);
        }
    }

    /// Hands on one piece; false if the relay does not take it.
    pub(crate) fn hand_on(&mut self, index: usize) -> bool {
        let stream = &mut self.streams[index];
        let Some(piece) = stream.pending.pop_front() else { return true };
        let parts = stream.decoder.push(piece).unwrap();
        let SubgroupKey { group, subgroup, stream: number, .. } = stream.key;
        let number = usize::try_from(number).unwrap();
        let published = &mut self.published[stream.track];
        let is_kept = published.keeps(group);
        let place = &mut published.subgroups.get_mut(&(group, subgroup)).unwrap()[number];
        let is_kept = is_kept && place.is_open();
        if is_kept {
            for mark in &parts.objects {
                let (id, rest) = stream.heads.pop_front().unwrap();
                assert_eq!(mark.id, id);
                place.sent.push(Sent { id, rest, came: self.now });
            }
            let last = parts.objects.last().map(|mark| Location::new(group, mark.id));
            published.largest = published.largest.max(last);
            published.grow(BOUNDS, (group, subgroup), number, cost_of(&parts));
        }
        let appended = self.tracks.append(self.now, stream.key, parts);
        assert_eq!(appended, if is_kept { Ok(()) } else { Err(Rejected::Gone) }, "{group}");
        if !is_kept {
            self.sum.refused += 1;
        }
        is_kept
    }

    pub(crate) fn end_stream(&mut self) {
        let index = self.random.size(self.streams.len());
        let is_reset = self.random.percent(25);
        if index < self.streams.len() {
            self.end_stream_at(index, is_reset);
        }
    }

    pub(crate) fn end_stream_at(&mut self, index: usize, is_reset: bool) {
        while !is_reset && !self.streams[index].pending.is_empty() {
            if !self.hand_on(index) {
                self.streams.swap_remove(index);
                return;
            }
        }
        let stream = self.streams.swap_remove(index);
        let end =
            if is_reset { SubgroupEnd::Reset(ResetCode::Cancelled) } else { SubgroupEnd::Finished };
        let place = (stream.key.group, stream.key.subgroup);
        let streams = self.published[stream.track].subgroups.get_mut(&place).unwrap();
        streams[usize::try_from(stream.key.stream).unwrap()].close(end, self.now);
        self.tracks.end_subgroup(self.now, stream.key, end);
    }
}
