//! A track: a bounded log of groups, its publishers and its subscriptions.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::{
    FullTrackName, GroupId, Location, ObjectStatus, Parts, ResetCode, SubgroupId, TrackProperties,
};

use crate::fetch::FetchKey;
use crate::group::Group;
use crate::upstream::{NewGroup, Upstreams};
use crate::{Limits, SubgroupEnd, SubgroupStart, SubscriptionKey};

/// Why a stream's bytes are not taken; the driver stops the stream with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The track or the group is gone.
    #[error("the group is no longer kept")]
    Gone,
    /// The subgroup is here already, from another stream.
    #[error("the subgroup is already here")]
    Duplicate,
    /// A bound of [`Limits`].
    #[error("the group is larger than a group may be")]
    Overflow,
    /// An object behind the end of its group.
    #[error("the track is malformed")]
    Malformed,
}

impl Rejected {
    /// The code for STOP_SENDING.
    pub const fn code(self) -> ResetCode {
        match self {
            Self::Gone | Self::Duplicate => ResetCode::Cancelled,
            Self::Overflow => ResetCode::ExcessiveLoad,
            Self::Malformed => ResetCode::MalformedTrack,
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Track {
    pub(crate) name: FullTrackName,
    pub(crate) properties: TrackProperties,
    /// In ascending order of their IDs.
    pub(crate) groups: VecDeque<Group>,
    pub(crate) largest: Option<Location>,
    pub(crate) subscriptions: Vec<SubscriptionKey>,
    pub(crate) fetches: Vec<FetchKey>,
    pub(crate) upstreams: Upstreams,
    /// Whether it is published in this process, so that the log misses nothing there is.
    pub(crate) is_local: bool,
    pub(crate) new_group: NewGroup,
    bytes: u64,
    /// Bytes that came since the beginning.
    pub(crate) received: u64,
    /// Groups that there was no more room for, since somebody looked.
    pub(crate) dropped: u64,
    /// Groups below this one were dropped and are not taken again.
    floor: GroupId,
}

impl Track {
    pub(crate) fn new(name: FullTrackName) -> Self {
        Self {
            name,
            properties: TrackProperties::default(),
            groups: VecDeque::new(),
            largest: None,
            subscriptions: Vec::new(),
            fetches: Vec::new(),
            upstreams: Upstreams::default(),
            is_local: false,
            new_group: NewGroup::default(),
            bytes: 0,
            received: 0,
            dropped: 0,
            floor: 0,
        }
    }

    /// Bytes in the log.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn group(&self, id: GroupId) -> Option<&Group> {
        self.index_of(id).ok().and_then(|index| self.groups.get(index))
    }

    fn group_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.index_of(id).ok().and_then(|index| self.groups.get_mut(index))
    }

    fn index_of(&self, id: GroupId) -> Result<usize, usize> {
        self.groups.binary_search_by_key(&id, |group| group.id)
    }

    /// The newest group that has an object.
    pub(crate) fn newest(&self) -> Option<&Group> {
        self.groups.iter().rev().find(|group| group.has_objects())
    }

    /// Whether the log is a publisher's: someone answered for the track, now or before.
    pub(crate) fn is_known(&self) -> bool {
        self.upstreams.is_live() || self.largest.is_some()
    }

    /// Whether `location` is the one at which the track says that it is over.
    pub(crate) fn is_end(&self, location: Location) -> bool {
        let group = self.group(location.group);
        let mut marks = group.iter().flat_map(|group| &group.subgroups).filter_map(|subgroup| {
            subgroup.first_from(location.object).filter(|mark| mark.id == location.object)
        });
        marks.any(|mark| mark.status == ObjectStatus::EndOfTrack)
    }

    /// Makes room for a subgroup.
    pub(crate) fn open_subgroup(
        &mut self,
        limits: &Limits,
        group: GroupId,
        subgroup: SubgroupId,
        start: SubgroupStart,
    ) -> Result<(), Rejected> {
        if group < self.floor {
            return Err(Rejected::Gone);
        }
        if let Err(index) = self.index_of(group) {
            self.groups.insert(index, Group::new(group));
        }
        let Some(open) = self.group_mut(group) else {
            return Err(Rejected::Gone);
        };
        if open.subgroup(subgroup).is_some() {
            return Err(Rejected::Duplicate);
        }
        if open.subgroups.len() >= limits.subgroups_per_group {
            return Err(Rejected::Overflow);
        }
        open.open(subgroup, start);
        self.drop_oldest(limits);
        Ok(())
    }

    /// Puts wire bytes at the end of a subgroup.
    pub(crate) fn append(
        &mut self,
        now: Instant,
        limits: &Limits,
        (group, subgroup): (GroupId, SubgroupId),
        parts: Parts,
    ) -> Result<(), Rejected> {
        let added = parts.wire.iter().map(Bytes::len).sum::<usize>();
        let added = u64::try_from(added).unwrap_or(u64::MAX);
        let last = parts.objects.last().map(|mark| Location::new(group, mark.id));
        let log = self.group_mut(group).ok_or(Rejected::Gone)?;
        let bytes = log.bytes.saturating_add(added);
        let objects = log.objects.saturating_add(parts.objects.len());
        if bytes > limits.bytes_per_group || objects > limits.objects_per_group {
            return Err(Rejected::Overflow);
        }
        let open = log.subgroup_mut(subgroup).ok_or(Rejected::Gone)?;
        if open.is_ended_before(&parts.objects) {
            return Err(Rejected::Malformed);
        }
        open.append(now, parts);
        log.bytes = bytes;
        log.objects = objects;
        self.bytes = self.bytes.saturating_add(added);
        self.received = self.received.saturating_add(added);
        self.largest = self.largest.max(last);
        self.drop_oldest(limits);
        Ok(())
    }

    pub(crate) fn end_subgroup(
        &mut self,
        now: Instant,
        group: GroupId,
        subgroup: SubgroupId,
        end: SubgroupEnd,
    ) {
        let open = self.group_mut(group).and_then(|group| group.subgroup_mut(subgroup));
        if let Some(open) = open {
            open.close(now, end);
        }
    }

    /// Keeps the newest group alone.
    pub(crate) fn drop_all_but_newest(&mut self) {
        self.drop_beyond(1, 0);
    }

    /// Drops the oldest groups beyond the bounds; the newest stays whatever its size.
    fn drop_oldest(&mut self, limits: &Limits) {
        self.drop_beyond(limits.groups_per_track, limits.bytes_per_track);
    }

    fn drop_beyond(&mut self, groups: usize, bytes: u64) {
        while self.groups.len() > 1 && (self.groups.len() > groups || self.bytes > bytes) {
            let Some(oldest) = self.groups.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.bytes);
            self.floor = oldest.id.saturating_add(1);
            self.dropped += 1;
        }
    }

    /// Ends every subgroup that is still open: its publisher is gone.
    pub(crate) fn cut(&mut self, now: Instant, code: ResetCode) {
        for subgroup in self.groups.iter_mut().flat_map(|group| &mut group.subgroups) {
            subgroup.close(now, SubgroupEnd::Reset(code));
        }
    }
}
