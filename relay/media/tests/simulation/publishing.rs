//! What publishers do: begin subgroups, write objects in pieces, end or lose them, go and come.

use std::collections::VecDeque;

use bytes::Bytes;
use mosaik_media::{Rejected, SubgroupEnd, SubgroupKey, SubgroupStart};
use mosaik_proto::moqt::{
    Location, ObjectId, ObjectWriter, Properties, ResetCode, SubgroupDecoder, SubgroupHeader,
    SubgroupId,
};

use crate::listener::behind_delta;
use crate::play::{BOUNDS, Lesson, TRACKS, name};
use crate::published::Sent;

/// A publisher's stream that has not ended.
pub(crate) struct Stream {
    pub(crate) track: usize,
    pub(crate) key: SubgroupKey,
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
    pub(crate) fn publisher_comes(&mut self) {
        let session = self.tracks.open_session();
        let request = self.request(session);
        self.tracks.announce(self.now, request, name(0).namespace).unwrap();
        self.publisher = Some(session);
        self.sum.publishers += 1;
        self.settle();
    }

    pub(crate) fn publisher_goes(&mut self) {
        let Some(session) = self.publisher.take() else { return };
        for stream in self.streams.drain(..) {
            let place = (stream.key.group, stream.key.subgroup);
            if let Some(subgroup) = self.published[stream.track].subgroups.get_mut(&place) {
                subgroup.end = Some((SubgroupEnd::Reset(ResetCode::SessionClosed), self.now));
            }
        }
        self.upstreams = [None; TRACKS];
        self.tracks.close_session(self.now, session);
    }

    pub(crate) fn open(&mut self) {
        let track = self.random.size(TRACKS);
        let Some(key) = self.upstreams[track] else { return };
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
        let subgroup: SubgroupId = self.random.below(3);
        let has_properties = self.random.percent(30);
        let start =
            SubgroupStart { has_properties, first_object: true, ..SubgroupStart::default() };
        let published = &mut self.published[track];
        let expected = if !published.takes(group) {
            Err(Rejected::Gone)
        } else if published.keeps(group) && published.subgroups.contains_key(&(group, subgroup)) {
            Err(Rejected::Duplicate)
        } else {
            published.open(BOUNDS, group, subgroup);
            Ok(SubgroupKey { track: key, group, subgroup })
        };
        let opened = self.tracks.open_subgroup(key, group, subgroup, start);
        assert_eq!(opened, expected, "{track}: {group}/{subgroup}");
        let Ok(key) = opened else {
            self.sum.refused += 1;
            return;
        };
        let header = SubgroupHeader {
            track_alias: 0,
            group,
            subgroup: Some(subgroup),
            priority: None,
            has_properties,
            end_of_group: false,
            first_object: true,
        };
        self.streams.push(Stream {
            track,
            key,
            writer: ObjectWriter::new(has_properties),
            decoder: SubgroupDecoder::new(&header),
            has_properties,
            next: 0,
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
            let id = stream.next + if random.percent(10) { random.below(70) } else { 0 };
            stream.next = id + 1;
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
        let SubgroupKey { group, subgroup, .. } = stream.key;
        let published = &mut self.published[stream.track];
        let is_kept = published.keeps(group);
        let place = published.subgroups.get_mut(&(group, subgroup)).unwrap();
        if is_kept {
            for mark in &parts.objects {
                let (id, rest) = stream.heads.pop_front().unwrap();
                assert_eq!(mark.id, id);
                place.sent.push(Sent { id, rest, came: self.now });
            }
            let last = parts.objects.last().map(|mark| Location::new(group, mark.id));
            published.largest = published.largest.max(last);
            let bytes = parts.wire.iter().map(Bytes::len).sum::<usize>();
            published.grow(BOUNDS, group, bytes as u64);
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
        self.published[stream.track].subgroups.get_mut(&place).unwrap().end = Some((end, self.now));
        self.tracks.end_subgroup(self.now, stream.key, end);
    }
}
