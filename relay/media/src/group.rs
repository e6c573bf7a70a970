//! A group's subgroups: wire bytes as they came, and where the objects are in them.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{
    GroupId, ObjectId, ObjectMark, ObjectStatus, Parts, ResetCode, SubgroupId,
};

use crate::{SessionKey, SubgroupStart, cost_of};

/// Streams of one subgroup that are kept, of which all but the last were broken off: the oldest is
/// dropped first.
const STREAMS_PER_SUBGROUP: usize = 4;

/// How a subgroup ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubgroupEnd {
    /// With FIN: every object is here.
    Finished,
    /// By a reset: there may be more that will never come.
    Reset(ResetCode),
}

/// One read's worth of wire bytes.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Offset of the first byte in the subgroup.
    pub(crate) start: u64,
    pub(crate) bytes: Bytes,
    pub(crate) arrived_at: Instant,
}

/// The objects of one subgroup in wire form, behind each subscriber's own header.
///
/// A publisher that resets a subgroup's stream may go on with it on another one (section 11.4.3),
/// and another publisher of the track may. What comes on each stream is kept apart.
#[derive(Debug)]
pub(crate) struct Subgroup {
    pub(crate) id: SubgroupId,
    /// Which of the subgroup's streams it is.
    pub(crate) stream: u32,
    /// Whose stream it is.
    pub(crate) publisher: SessionKey,
    pub(crate) start: SubgroupStart,
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) objects: Vec<ObjectMark>,
    /// Bytes of memory that it needs.
    pub(crate) cost: u64,
    /// Offset behind the last byte, counted from the beginning of the publisher's stream.
    pub(crate) len: u64,
    pub(crate) end: Option<SubgroupEnd>,
    /// When it ended.
    pub(crate) ended_at: Option<Instant>,
}

impl Subgroup {
    fn new((id, stream): (SubgroupId, u32), publisher: SessionKey, start: SubgroupStart) -> Self {
        Self {
            id,
            stream,
            publisher,
            start,
            chunks: Vec::new(),
            objects: Vec::new(),
            cost: 0,
            len: start.offset,
            end: None,
            ended_at: None,
        }
    }

    pub(crate) fn append(&mut self, now: Instant, parts: Parts) {
        self.cost = self.cost.saturating_add(cost_of(&parts));
        self.objects.extend(parts.objects);
        for bytes in parts.wire {
            let start = self.len;
            self.len = start.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            self.chunks.push(Chunk { start, bytes, arrived_at: now });
        }
    }

    /// It ends; what was said first stands.
    pub(crate) fn close(&mut self, now: Instant, end: SubgroupEnd) {
        self.end.get_or_insert(end);
        self.ended_at.get_or_insert(now);
    }

    /// The ID of the first object that came at a time that passes, or one behind all objects.
    pub(crate) fn first_that(&self, passes: impl Fn(Instant) -> bool) -> u64 {
        // Objects came in their order.
        let is_before = |mark: &ObjectMark| !self.arrival_of(mark.start).is_some_and(&passes);
        let index = self.objects.partition_point(is_before);
        let behind = || self.objects.last().map_or(0, |mark| mark.id.saturating_add(1));
        self.objects.get(index).map_or_else(behind, |mark| mark.id)
    }

    /// The object that the byte at `offset` belongs to.
    pub(crate) fn object_at(&self, offset: u64) -> Option<&ObjectMark> {
        let index = self.objects.partition_point(|mark| mark.start <= offset);
        self.objects.get(index.checked_sub(1)?)
    }

    /// When the byte at `offset` came.
    pub(crate) fn arrival_of(&self, offset: u64) -> Option<Instant> {
        self.chunks.get(self.chunk_at(offset)).map(|chunk| chunk.arrived_at)
    }

    /// The first object at or behind `object`, if its head has arrived.
    pub(crate) fn first_from(&self, object: u64) -> Option<&ObjectMark> {
        let index = self.objects.partition_point(|mark| mark.id < object);
        self.objects.get(index)
    }

    /// Whether an object with this ID came.
    pub(crate) fn has(&self, object: ObjectId) -> bool {
        let mark = self.first_from(object);
        mark.is_some_and(|mark| mark.id == object && mark.status == ObjectStatus::Normal)
    }

    /// The index of the chunk that holds the byte at `offset`.
    pub(crate) fn chunk_at(&self, offset: u64) -> usize {
        self.chunks.partition_point(|chunk| chunk.start <= offset).saturating_sub(1)
    }

    /// The bytes of a range that has arrived, put together.
    pub(crate) fn copy(&self, from: u64, to: u64) -> Bytes {
        let mut out = BytesMut::new();
        let chunks = self.chunks.get(self.chunk_at(from)..).unwrap_or_default();
        for chunk in chunks.iter().take_while(|chunk| chunk.start < to) {
            let offset = |at: u64| usize::try_from(at.saturating_sub(chunk.start)).unwrap_or(0);
            let range = offset(from)..offset(to).min(chunk.bytes.len());
            out.extend_from_slice(chunk.bytes.get(range).unwrap_or_default());
        }
        out.freeze()
    }

    /// The bytes of a range that has arrived, as slices of what arrived.
    pub(crate) fn slices(&self, from: u64, to: u64) -> impl Iterator<Item = Bytes> {
        let chunks = self.chunks.get(self.chunk_at(from)..).unwrap_or_default();
        chunks.iter().take_while(move |chunk| chunk.start < to).map(move |chunk| {
            let offset = |at: u64| usize::try_from(at.saturating_sub(chunk.start)).unwrap_or(0);
            let end = offset(to).min(chunk.bytes.len());
            chunk.bytes.slice(offset(from).min(end)..end)
        })
    }

    /// Whether one of `next` comes behind an object that said that there is nothing more.
    pub(crate) fn is_ended_before(&self, next: &[ObjectMark]) -> bool {
        let ends = |mark: &ObjectMark| mark.status != ObjectStatus::Normal;
        next.split_last().is_some_and(|(_, others)| {
            self.objects.last().is_some_and(ends) || others.iter().any(ends)
        })
    }
}

/// The subgroups of one group.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    pub(crate) subgroups: Vec<Subgroup>,
    /// Bytes of memory that they need.
    pub(crate) bytes: u64,
    pub(crate) objects: usize,
}

impl Group {
    pub(crate) const fn new(id: GroupId) -> Self {
        Self { id, subgroups: Vec::new(), bytes: 0, objects: 0 }
    }

    /// What came on one stream of a subgroup.
    pub(crate) fn subgroup(&self, id: SubgroupId, stream: u32) -> Option<&Subgroup> {
        self.subgroups.iter().find(|subgroup| subgroup.id == id && subgroup.stream == stream)
    }

    pub(crate) fn subgroup_mut(&mut self, id: SubgroupId, stream: u32) -> Option<&mut Subgroup> {
        self.subgroups.iter_mut().find(|subgroup| subgroup.id == id && subgroup.stream == stream)
    }

    /// The last stream of a subgroup.
    pub(crate) fn last_stream(&self, id: SubgroupId) -> Option<&Subgroup> {
        self.subgroups.iter().rev().find(|subgroup| subgroup.id == id)
    }

    /// How many subgroups there are.
    pub(crate) fn subgroup_count(&self) -> usize {
        let is_first = |index: &usize| {
            let (before, rest) = self.subgroups.split_at(*index);
            rest.first().is_some_and(|this| before.iter().all(|other| other.id != this.id))
        };
        (0..self.subgroups.len()).filter(is_first).count()
    }

    /// Begins a stream of a subgroup, and gives its number and the bytes of one that was dropped
    /// for it.
    pub(crate) fn open(
        &mut self,
        id: SubgroupId,
        publisher: SessionKey,
        start: SubgroupStart,
    ) -> (u32, u64) {
        let stream = self.last_stream(id).map_or(0, |last| last.stream.saturating_add(1));
        self.subgroups.push(Subgroup::new((id, stream), publisher, start));
        let streams = self.subgroups.iter().filter(|subgroup| subgroup.id == id).count();
        let oldest = self.subgroups.iter().position(|subgroup| subgroup.id == id);
        let dropped = oldest
            .filter(|_| streams > STREAMS_PER_SUBGROUP)
            .map_or(0, |oldest| self.drop_stream(oldest));
        (stream, dropped)
    }

    fn drop_stream(&mut self, index: usize) -> u64 {
        let dropped = self.subgroups.remove(index);
        self.bytes = self.bytes.saturating_sub(dropped.cost);
        self.objects = self.objects.saturating_sub(dropped.objects.len());
        dropped.cost
    }

    /// Whether an object that comes in `subgroup` is one too many: it came in another subgroup
    /// before (section 9.1), or the group ended before it (section 2.4.2).
    pub(crate) fn excludes(&self, subgroup: Option<SubgroupId>, object: ObjectId) -> bool {
        let mut others = self.subgroups.iter().filter(|other| Some(other.id) != subgroup);
        self.bound().is_some_and(|bound| object >= bound) || others.any(|other| other.has(object))
    }

    /// The first object ID at and beyond which the group has nothing, if that is known.
    pub(crate) fn bound(&self) -> Option<ObjectId> {
        let bounds = self.subgroups.iter().filter_map(|subgroup| {
            let last = subgroup.objects.last()?;
            if last.status != ObjectStatus::Normal {
                return Some(last.id);
            }
            let is_end = subgroup.start.end_of_group && subgroup.end == Some(SubgroupEnd::Finished);
            is_end.then(|| last.id.saturating_add(1))
        });
        bounds.min()
    }

    /// The first object here at or behind `object`.
    pub(crate) fn first_from(&self, object: ObjectId) -> Option<ObjectId> {
        let firsts = self.subgroups.iter().filter_map(|subgroup| subgroup.first_from(object));
        firsts.map(|mark| mark.id).min()
    }

    pub(crate) fn has_objects(&self) -> bool {
        self.subgroups.iter().any(|subgroup| !subgroup.objects.is_empty())
    }
}
