//! One subscriber's place in one subgroup, and the stream that it is sent on.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{
    GroupId, GroupOrder, ObjectId, ObjectMark, SendOrder, SubgroupHeader, SubgroupId, encode_varint,
};
use smallvec::SmallVec;

use crate::group::{Group, Subgroup};
use crate::track::Track;
use crate::{LaneId, SubgroupEnd};

/// Chunks handed to the transport in one write.
const CHUNKS_PER_WRITE: usize = 32;

/// Slices of the log, not copies.
pub(crate) type Slices = SmallVec<[Bytes; 8]>;

/// Leaves the first `most` bytes.
pub(crate) fn truncate(slices: &mut Slices, most: usize) {
    let mut left = most;
    slices.retain(|slice| {
        slice.truncate(left);
        left -= slice.len();
        !slice.is_empty()
    });
}

/// What a subscription says of all its lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) alias: u64,
    pub(crate) subscriber_priority: u8,
    /// For subgroups that name none.
    pub(crate) publisher_priority: u8,
    pub(crate) order: GroupOrder,
}

/// How long a subscriber and the track's publisher have things wait (section 8).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) object: Option<Duration>,
    pub(crate) subgroup: Option<Duration>,
    /// For how long objects may be served at all, whoever was there when they came (section 12.3).
    pub(crate) cache: Option<Duration>,
    /// From when on the subscriber could have had anything.
    pub(crate) since: Instant,
    pub(crate) now: Instant,
    /// Whether a newer group is there.
    pub(crate) is_old: bool,
}

impl Patience {
    /// Whether what came then may not be served any more.
    pub(crate) fn is_expired(&self, came: Instant) -> bool {
        let age = self.now.saturating_duration_since(came);
        self.cache.is_some_and(|cache| age > cache)
    }

    fn is_over(&self, came: Instant, timeout: Option<Duration>) -> bool {
        let waited = self.now.saturating_duration_since(came.max(self.since));
        timeout.is_some_and(|timeout| waited > timeout)
    }
}

impl Terms {
    fn order_of(&self, Place { newer_groups, lower_subgroups }: Place) -> SendOrder {
        let Self { subscriber_priority, publisher_priority, order, .. } = *self;
        let priorities = (subscriber_priority, publisher_priority);
        SendOrder::of_subgroup(priorities.0, priorities.1, order, newer_groups, lower_subgroups)
    }
}

/// Where a subgroup is among those of its track. It moves when groups come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    newer_groups: u64,
    lower_subgroups: u64,
}

impl Place {
    /// The place of `subgroup` in the group at `index` of `track`.
    pub(crate) fn of(track: &Track, index: usize, subgroup: SubgroupId) -> Self {
        let newer_groups = track.groups.len().saturating_sub(index).saturating_sub(1);
        let group = track.groups.get(index);
        let lower = group
            .map_or(0, |group| group.subgroups.iter().filter(|other| other.id < subgroup).count());
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        Self { newer_groups: count(newer_groups), lower_subgroups: count(lower) }
    }
}

#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) id: LaneId,
    pub(crate) group: GroupId,
    pub(crate) subgroup: SubgroupId,
    /// Which of the subgroup's streams it takes from.
    pub(crate) stream: u32,
    pub(crate) order: SendOrder,
    /// Whether the transport was told another order.
    pub(crate) is_reordered: bool,
    terms: Terms,
    place: Place,
    /// What the stream begins with, until it was opened.
    pub(crate) header: Option<Bytes>,
    pub(crate) is_closed: bool,
    /// Nothing before this object is to go out.
    first: ObjectId,
    /// What comes behind the last object that was handed over whole, if its publisher broke off:
    /// there another stream goes on.
    pub(crate) rest: Option<ObjectId>,
    /// The chunk that holds the next byte to send, and where in it.
    chunk: usize,
    offset: usize,
}

impl Lane {
    /// The lane on which a subscriber gets `subgroup` from object `from` on, if there is one.
    ///
    /// A lane that begins at the subgroup's first byte sends the wire form as it came. One that
    /// begins later writes the first object's ID in full instead of its delta (section 11.4.2).
    pub(crate) fn begin(
        id: LaneId,
        (terms, place): (Terms, Place),
        group: &Group,
        subgroup: &Subgroup,
        first_object: ObjectId,
    ) -> Option<Self> {
        let first = subgroup.first_from(first_object)?;
        let is_whole = first.start == 0;
        let start = &subgroup.start;
        let publisher_priority = start.priority.unwrap_or(terms.publisher_priority);
        let terms = Terms { publisher_priority, ..terms };
        let header = SubgroupHeader {
            track_alias: terms.alias,
            group: group.id,
            subgroup: Some(subgroup.id),
            priority: start.priority,
            has_properties: start.has_properties,
            end_of_group: start.end_of_group,
            first_object: start.first_object && is_whole,
        };
        let mut bytes = BytesMut::with_capacity(40);
        header.encode(&mut bytes);
        let mut from = first.start;
        if !is_whole {
            encode_varint(first.id, &mut bytes);
            // The length of the delta as its publisher wrote it, not as we would.
            let delta = subgroup.copy(from, from.saturating_add(1));
            let ones = delta.first().map_or(0, |byte| byte.leading_ones());
            from = from.saturating_add(u64::from(ones)).saturating_add(1);
        }
        let chunk = subgroup.chunk_at(from);
        let chunk_start = subgroup.chunks.get(chunk).map_or(0, |chunk| chunk.start);
        Some(Self {
            id,
            group: group.id,
            subgroup: subgroup.id,
            stream: subgroup.stream,
            order: terms.order_of(place),
            is_reordered: false,
            terms,
            place,
            header: Some(bytes.freeze()),
            is_closed: false,
            first: first_object,
            rest: None,
            chunk,
            offset: usize::try_from(from.saturating_sub(chunk_start)).unwrap_or(0),
        })
    }

    /// What it takes from, while the log has it.
    pub(crate) fn source<'a>(&self, track: &'a Track) -> Option<&'a Subgroup> {
        track.group(self.group)?.subgroup(self.subgroup, self.stream)
    }

    /// Nothing more goes on it. What its publisher broke off may go on elsewhere.
    pub(crate) fn close(&mut self, source: Option<&Subgroup>) {
        self.is_closed = true;
        let is_broken = |source: &&Subgroup| matches!(source.end, Some(SubgroupEnd::Reset(_)));
        self.rest = source.filter(is_broken).map(|source| self.next_object(source));
    }

    /// What comes behind the last object that was handed over whole.
    fn next_object(&self, subgroup: &Subgroup) -> ObjectId {
        let at = self.position(subgroup).unwrap_or(subgroup.len);
        let whole = subgroup.objects.partition_point(|mark| mark.end <= at);
        let last = whole.checked_sub(1).and_then(|index| subgroup.objects.get(index));
        last.map_or(0, |last| last.id.saturating_add(1)).max(self.first)
    }

    /// From which object on `stream` of the same subgroup goes on from here; `None` if the
    /// subscriber is to have no more of it (sections 8 and 11.4.3).
    pub(crate) fn resumes(&self, track: &Track) -> Option<ObjectId> {
        match self.source(track) {
            _ if self.is_closed => self.rest,
            Some(source) => Some(self.next_object(source)),
            // Nothing of it went out before the log dropped it.
            None => self.header.as_ref().map(|_| self.first),
        }
    }

    /// The subscriber's priority is another one from here on.
    pub(crate) fn set_priority(&mut self, subscriber_priority: u8) {
        self.terms.subscriber_priority = subscriber_priority;
        self.reorder();
    }

    /// Other groups or subgroups came or went.
    pub(crate) fn set_place(&mut self, place: Place) {
        if self.place != place {
            self.place = place;
            self.reorder();
        }
    }

    fn reorder(&mut self) {
        let order = self.terms.order_of(self.place);
        self.is_reordered |= order != self.order && self.header.is_none();
        self.order = order;
    }

    /// What can be written now, a few chunks at most; of an object that is too old only the rest.
    pub(crate) fn slices(&self, subgroup: &Subgroup, patience: &Patience) -> Slices {
        let limit = self.late_object(subgroup, patience).map_or(u64::MAX, |object| object.end);
        let chunks = subgroup.chunks.get(self.chunk..).unwrap_or_default();
        chunks
            .iter()
            .take(CHUNKS_PER_WRITE)
            .take_while(|chunk| chunk.start < limit)
            .enumerate()
            .map(|(index, chunk)| {
                let from = if index == 0 { self.offset } else { 0 };
                let to = usize::try_from(limit.saturating_sub(chunk.start)).unwrap_or(usize::MAX);
                chunk.bytes.slice(from..to.clamp(from, chunk.bytes.len()))
            })
            .filter(|bytes| !bytes.is_empty())
            .collect()
    }

    /// Moves on by `written` bytes.
    pub(crate) fn advance(&mut self, subgroup: &Subgroup, mut written: usize) {
        while let Some(chunk) = subgroup.chunks.get(self.chunk) {
            let left = chunk.bytes.len().saturating_sub(self.offset);
            if written < left {
                self.offset += written;
                return;
            }
            written -= left;
            self.chunk += 1;
            self.offset = 0;
        }
    }

    /// Bytes that have not been handed over.
    pub(crate) fn left(&self, subgroup: &Subgroup) -> u64 {
        self.position(subgroup).map_or(0, |at| subgroup.len.saturating_sub(at))
    }

    pub(crate) fn has_unsent(&self, subgroup: &Subgroup) -> bool {
        self.chunk < subgroup.chunks.len()
    }

    /// When what comes next came, if something waits.
    pub(crate) fn waits_since(&self, subgroup: &Subgroup) -> Option<Instant> {
        subgroup.arrival_of(self.position(subgroup)?)
    }

    /// Whether its first object was handed over whole.
    pub(crate) fn has_handed_over(&self, subgroup: &Subgroup) -> bool {
        let first = subgroup.first_from(self.first);
        let at = self.position(subgroup).unwrap_or(subgroup.len);
        self.header.is_none() && first.is_some_and(|first| first.end <= at)
    }

    /// Whether there is anything to do: bytes, the end, or a reset.
    pub(crate) fn is_due(&self, subgroup: &Subgroup) -> bool {
        !self.is_closed && (self.has_unsent(subgroup) || subgroup.end.is_some())
    }

    /// Whether what comes next is too late to be sent (section 8): an object that has not begun,
    /// or the rest of a subgroup that ended. An object on its way is finished while nothing newer
    /// is there.
    pub(crate) fn is_late(&self, subgroup: &Subgroup, patience: &Patience) -> bool {
        if !self.has_unsent(subgroup) {
            return false;
        }
        let is_over = |ended| patience.is_over(ended, patience.subgroup);
        subgroup.ended_at.is_some_and(is_over)
            || match self.late_object(subgroup, patience) {
                Some(_) if patience.is_old => true,
                Some(object) => !self.has_begun(object, subgroup),
                None => false,
            }
    }

    /// The object that the next byte belongs to, if it is too old.
    fn late_object<'a>(
        &self,
        subgroup: &'a Subgroup,
        patience: &Patience,
    ) -> Option<&'a ObjectMark> {
        let object = subgroup.object_at(self.position(subgroup)?)?;
        let came = subgroup.arrival_of(object.start)?;
        let is_old = patience.is_over(came, patience.object) || patience.is_expired(came);
        is_old.then_some(object)
    }

    fn has_begun(&self, object: &ObjectMark, subgroup: &Subgroup) -> bool {
        self.header.is_none() && self.position(subgroup).is_some_and(|at| at > object.start)
    }

    /// The offset of the next byte.
    fn position(&self, subgroup: &Subgroup) -> Option<u64> {
        let chunk = subgroup.chunks.get(self.chunk)?;
        Some(chunk.start.saturating_add(u64::try_from(self.offset).unwrap_or(u64::MAX)))
    }

    pub(crate) fn is_finished(&self, subgroup: &Subgroup) -> bool {
        subgroup.end == Some(SubgroupEnd::Finished) && !self.has_unsent(subgroup)
    }
}
