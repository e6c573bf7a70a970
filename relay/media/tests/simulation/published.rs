//! What publishers sent, and which groups the relay is to keep of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use bytes::Bytes;
use mosaik_media::{SessionKey, SubgroupEnd};
use mosaik_proto::moqt::{Filter, GroupId, Location, ObjectId, SubgroupId};

/// One object as it was published: its bytes behind the delta of its ID, which each subscriber may
/// get another one of.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) id: ObjectId,
    pub(crate) rest: Bytes,
    pub(crate) came: Instant,
}

/// Streams that a log keeps of one subgroup.
const STREAMS_KEPT: usize = 4;

/// One stream of a subgroup as it was published.
#[derive(Debug)]
pub(crate) struct Subgroup {
    pub(crate) publisher: SessionKey,
    bytes: u64,
    pub(crate) sent: Vec<Sent>,
    pub(crate) end: Option<(SubgroupEnd, Instant)>,
}

impl Subgroup {
    pub(crate) const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// What was said first stands.
    pub(crate) fn close(&mut self, end: SubgroupEnd, now: Instant) {
        self.end.get_or_insert((end, now));
    }

    /// From the first object at or behind `from`.
    pub(crate) fn from(&self, from: ObjectId) -> &[Sent] {
        let index = self.sent.partition_point(|sent| sent.id < from);
        &self.sent[index..]
    }
}

/// One track.
#[derive(Debug, Default)]
pub(crate) struct Track {
    /// The streams of each subgroup, of which all but the last were broken off.
    pub(crate) subgroups: BTreeMap<(GroupId, SubgroupId), Vec<Subgroup>>,
    /// The groups that are kept, with their bytes.
    kept: BTreeMap<GroupId, u64>,
    /// Groups that were kept once and are not any more.
    dropped: BTreeSet<GroupId>,
    pub(crate) largest: Option<Location>,
}

/// The bounds of a track's log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) groups: usize,
    pub(crate) bytes: u64,
}

impl Track {
    /// Whether a new group may still begin at `group`.
    pub(crate) fn takes(&self, group: GroupId) -> bool {
        self.dropped.last().is_none_or(|last| group > *last)
    }

    /// Begins a stream of a subgroup, and gives its number.
    pub(crate) fn open(
        &mut self,
        bounds: Bounds,
        (group, subgroup): (GroupId, SubgroupId),
        publisher: SessionKey,
    ) -> usize {
        let streams = self.subgroups.entry((group, subgroup)).or_default();
        streams.push(Subgroup { publisher, bytes: 0, sent: Vec::new(), end: None });
        let stream = streams.len() - 1;
        let dropped = stream.checked_sub(STREAMS_KEPT).map_or(0, |oldest| streams[oldest].bytes);
        *self.kept.entry(group).or_default() -= dropped;
        self.drop_oldest(bounds);
        stream
    }

    pub(crate) fn grow(
        &mut self,
        bounds: Bounds,
        (group, subgroup): (GroupId, SubgroupId),
        stream: usize,
        bytes: u64,
    ) {
        if let Some(held) = self.kept.get_mut(&group) {
            *held += bytes;
            self.subgroups.get_mut(&(group, subgroup)).unwrap()[stream].bytes += bytes;
        }
        self.drop_oldest(bounds);
    }

    /// Whether the log still has a stream of a group that it keeps.
    pub(crate) fn keeps_stream(&self, place: (GroupId, SubgroupId), stream: usize) -> bool {
        self.keeps(place.0) && stream + STREAMS_KEPT >= self.subgroups[&place].len()
    }

    /// A publisher is gone.
    pub(crate) fn cut(&mut self, publisher: SessionKey, end: SubgroupEnd, now: Instant) {
        let streams = self.subgroups.values_mut().flatten();
        for stream in streams.filter(|stream| stream.publisher == publisher) {
            stream.close(end, now);
        }
    }

    fn drop_oldest(&mut self, bounds: Bounds) {
        while self.kept.len() > 1
            && (self.kept.len() > bounds.groups || self.kept.values().sum::<u64>() > bounds.bytes)
        {
            let (oldest, _) = self.kept.pop_first().unwrap();
            self.dropped.insert(oldest);
        }
    }

    pub(crate) fn keeps(&self, group: GroupId) -> bool {
        self.kept.contains_key(&group)
    }

    fn has_objects(&self, group: GroupId) -> bool {
        let mut subgroups = self.subgroups.range((group, 0)..=(group, u64::MAX));
        subgroups.any(|(_, streams)| {
            streams.iter().rev().take(STREAMS_KEPT).any(|stream| !stream.sent.is_empty())
        })
    }

    /// The newest group with an object.
    pub(crate) fn newest(&self) -> Option<GroupId> {
        self.kept.keys().rev().copied().find(|group| self.has_objects(*group))
    }

    /// Where a filter begins and ends now (section 5.1.2); of the past there is the newest group.
    pub(crate) fn resolve(&self, filter: Option<Filter>) -> Option<(Location, Option<GroupId>)> {
        let newest = self.newest().map_or(Location::START, |group| Location::new(group, 0));
        let (start, end) = match filter {
            None => (newest, None),
            Some(Filter::LargestObject) => (
                self.largest
                    .map_or(Location::START, |last| Location::new(last.group, last.object + 1)),
                None,
            ),
            Some(Filter::NextGroupStart) => (
                self.largest.map_or(Location::START, |last| Location::new(last.group + 1, 0)),
                None,
            ),
            Some(Filter::From(start)) => (start.max(newest), None),
            Some(Filter::Range(start, end)) => (start.max(newest), Some(end)),
        };
        end.is_none_or(|end| end >= start.group).then_some((start, end))
    }
}
