//! One subscriber's place in one subgroup, and the stream that it is sent on.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use mosaik_proto::moqt::{
    GroupId, GroupOrder, ObjectId, SendOrder, SubgroupHeader, SubgroupId, encode_varint,
};
use smallvec::SmallVec;

use crate::group::{Group, Subgroup};
use crate::{LaneId, SubgroupEnd};

/// Chunks handed to the transport in one write.
const CHUNKS_PER_WRITE: usize = 32;

/// Slices of the log, not copies.
pub(crate) type Slices = SmallVec<[Bytes; 8]>;

/// What a subscription says of all its lanes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) alias: u64,
    pub(crate) subscriber_priority: u8,
    /// For subgroups that name none.
    pub(crate) publisher_priority: u8,
    pub(crate) order: GroupOrder,
}

#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) id: LaneId,
    pub(crate) group: GroupId,
    pub(crate) subgroup: SubgroupId,
    pub(crate) order: SendOrder,
    /// What the stream begins with, until it was opened.
    pub(crate) header: Option<Bytes>,
    pub(crate) is_closed: bool,
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
        terms: Terms,
        group: &Group,
        subgroup: &Subgroup,
        first_object: ObjectId,
    ) -> Option<Self> {
        let first = subgroup.first_from(first_object)?;
        let is_whole = first.start == 0;
        let start = &subgroup.start;
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
            order: SendOrder::of_subgroup(
                terms.subscriber_priority,
                start.priority.unwrap_or(terms.publisher_priority),
                terms.order,
                group.rank,
                subgroup.id,
            ),
            header: Some(bytes.freeze()),
            is_closed: false,
            chunk,
            offset: usize::try_from(from.saturating_sub(chunk_start)).unwrap_or(0),
        })
    }

    /// What can be written now, a few chunks at most.
    pub(crate) fn slices(&self, subgroup: &Subgroup) -> Slices {
        let chunks = subgroup.chunks.get(self.chunk..).unwrap_or_default();
        chunks
            .iter()
            .take(CHUNKS_PER_WRITE)
            .enumerate()
            .map(|(index, chunk)| chunk.bytes.slice(if index == 0 { self.offset } else { 0 }..))
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

    pub(crate) fn has_unsent(&self, subgroup: &Subgroup) -> bool {
        self.chunk < subgroup.chunks.len()
    }

    /// Whether there is anything to do: bytes, the end, or a reset.
    pub(crate) fn is_due(&self, subgroup: &Subgroup) -> bool {
        !self.is_closed && (self.has_unsent(subgroup) || subgroup.end.is_some())
    }

    /// Whether the next byte to send is older than `timeout`, counted from when the subscription
    /// could first have had it.
    pub(crate) fn is_late(
        &self,
        now: Instant,
        subgroup: &Subgroup,
        timeout: Duration,
        since: Instant,
    ) -> bool {
        let chunk = subgroup.chunks.get(self.chunk);
        chunk.is_some_and(|chunk| {
            now.saturating_duration_since(chunk.arrived_at.max(since)) > timeout
        })
    }

    pub(crate) fn is_finished(&self, subgroup: &Subgroup) -> bool {
        subgroup.end == Some(SubgroupEnd::Finished) && !self.has_unsent(subgroup)
    }
}
