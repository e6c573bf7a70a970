//! A track: a bounded log of groups, its publishers and its subscriptions.

use std::collections::{BTreeSet, VecDeque};
use std::time::Instant;

use mosaik_proto::moqt::{
    Datagram, FullTrackName, GroupId, Location, Namespace, ObjectMark, ObjectStatus, Parts,
    ResetCode, SubgroupId, TrackProperties,
};

use crate::fetch::FetchKey;
use crate::group::Group;
use crate::meter::Meter;
use crate::upstream::{NewGroup, Upstreams};
use crate::voices::Voice;
use crate::{
    Limits, SessionKey, SubgroupEnd, SubgroupKey, SubgroupStart, SubscriptionKey, cost_of,
};

/// Datagrams that are remembered: five seconds of speech, of which a publisher repeats the last
/// frames, and another publisher has all.
const DATAGRAMS_REMEMBERED: usize = 256;

/// Why a stream's bytes are not taken; the driver stops the stream with the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The track or the group is gone.
    #[error("the group is no longer kept")]
    Gone,
    /// The subgroup is here already, whole, from another stream.
    #[error("the subgroup is already here")]
    Duplicate,
    /// Another publisher brings the subgroup. The stream may be read on, since it is needed if the
    /// other one breaks off; until then what it brings is here already.
    #[error("another publisher brings the subgroup")]
    Spare,
    /// A bound of [`Limits`].
    #[error("the group is larger than a group may be")]
    Overflow,
    /// An object behind the end of its group or track, or in two places (section 2.4.2).
    #[error("the track is malformed")]
    Malformed,
}

impl Rejected {
    /// The code for STOP_SENDING.
    pub const fn code(self) -> ResetCode {
        match self {
            Self::Gone | Self::Duplicate | Self::Spare => ResetCode::Cancelled,
            Self::Overflow => ResetCode::ExcessiveLoad,
            Self::Malformed => ResetCode::MalformedTrack,
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Track {
    pub(crate) name: FullTrackName,
    /// The first field of its namespace: a room's, where there are rooms.
    pub(crate) root: Namespace,
    pub(crate) properties: TrackProperties,
    /// In ascending order of their IDs.
    pub(crate) groups: VecDeque<Group>,
    pub(crate) largest: Option<Location>,
    /// Where the track says that it is over.
    end: Option<Location>,
    /// Objects that came in datagrams lately.
    datagrams: BTreeSet<Location>,
    /// Datagrams up to here are forgotten and are not taken again.
    datagrams_floor: Option<Location>,
    pub(crate) subscriptions: Vec<SubscriptionKey>,
    pub(crate) fetches: Vec<FetchKey>,
    pub(crate) upstreams: Upstreams,
    /// Whether it is published in this process, so that the log misses nothing there is.
    pub(crate) is_local: bool,
    pub(crate) new_group: NewGroup,
    bytes: u64,
    /// Bytes that came since the beginning.
    pub(crate) received: u64,
    /// Bits a second that come on streams.
    pub(crate) meter: Meter,
    /// The same in datagrams.
    pub(crate) spoken: Meter,
    /// How it sounds, if it is a voice.
    pub(crate) voice: Voice,
    /// Whether its publishers have none of this name, so that its subscriptions are served out of
    /// renditions.
    pub(crate) is_switched: bool,
    /// Groups that there was no more room for, since somebody looked.
    pub(crate) dropped: u64,
    /// Groups below this one were dropped and are not taken again.
    floor: GroupId,
}

impl Track {
    pub(crate) fn new(name: FullTrackName) -> Self {
        let first = name.namespace.fields().first().cloned();
        Self {
            root: Namespace::new(first),
            name,
            properties: TrackProperties::default(),
            groups: VecDeque::new(),
            largest: None,
            end: None,
            datagrams: BTreeSet::new(),
            datagrams_floor: None,
            subscriptions: Vec::new(),
            fetches: Vec::new(),
            upstreams: Upstreams::default(),
            is_local: false,
            new_group: NewGroup::default(),
            bytes: 0,
            received: 0,
            meter: Meter::default(),
            spoken: Meter::default(),
            voice: Voice::default(),
            is_switched: false,
            dropped: 0,
            floor: 0,
        }
    }

    /// Bytes of memory that the log needs.
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

    /// Makes room for a subgroup's stream, and gives its number.
    pub(crate) fn open_subgroup(
        &mut self,
        (now, publisher): (Instant, SessionKey),
        limits: &Limits,
        (group, subgroup): (GroupId, SubgroupId),
        start: SubgroupStart,
    ) -> Result<u32, Rejected> {
        if group < self.floor {
            return Err(Rejected::Gone);
        }
        if let Err(index) = self.index_of(group) {
            self.groups.insert(index, Group::new(group));
        }
        let Some(open) = self.group_mut(group) else {
            return Err(Rejected::Gone);
        };
        match open.last_stream(subgroup).map(|last| (last.stream, last.publisher, last.end)) {
            None if open.subgroup_count() >= limits.subgroups_per_group => {
                return Err(Rejected::Overflow);
            }
            Some((_, _, Some(SubgroupEnd::Finished))) => return Err(Rejected::Duplicate),
            Some((_, other, None)) if other != publisher => return Err(Rejected::Spare),
            // Who begins another stream has given up this one; that may be heard of later.
            Some((stream, _, None)) => {
                if let Some(last) = open.subgroup_mut(subgroup, stream) {
                    last.close(now, SubgroupEnd::Reset(ResetCode::Cancelled));
                }
            }
            None | Some((_, _, Some(SubgroupEnd::Reset(_)))) => {}
        }
        if open.last_stream(subgroup).is_some_and(|last| last.start.priority != start.priority) {
            return Err(Rejected::Malformed);
        }
        let (stream, dropped) = open.open(subgroup, publisher, start);
        self.bytes = self.bytes.saturating_sub(dropped);
        self.drop_oldest(limits);
        Ok(stream)
    }

    /// Puts wire bytes at the end of a subgroup.
    pub(crate) fn append(
        &mut self,
        now: Instant,
        limits: &Limits,
        SubgroupKey { group, subgroup, stream, .. }: SubgroupKey,
        parts: Parts,
    ) -> Result<(), Rejected> {
        let added = cost_of(&parts);
        let received: u64 = parts.wire.iter().map(|bytes| bytes.len() as u64).sum();
        let last = parts.objects.last().map(|mark| Location::new(group, mark.id));
        let is_too_large = |mark: &ObjectMark| mark.end - mark.payload_at > limits.bytes_per_object;
        if parts.objects.iter().any(is_too_large) {
            return Err(Rejected::Overflow);
        }
        let Self { end, datagrams, groups, .. } = self;
        let index = groups.binary_search_by_key(&group, |group| group.id);
        let log = index.ok().and_then(|index| groups.get_mut(index)).ok_or(Rejected::Gone)?;
        let bytes = log.bytes.saturating_add(added);
        let objects = log.objects.saturating_add(parts.objects.len());
        if bytes > limits.bytes_per_group || objects > limits.objects_per_group {
            return Err(Rejected::Overflow);
        }
        let is_excluded = |mark: &ObjectMark| {
            let location = Location::new(group, mark.id);
            !mark.is_sound
                || mark.status == ObjectStatus::Normal
                    && (end.is_some_and(|end| location >= end)
                        || datagrams.contains(&location)
                        || log.excludes(Some(subgroup), mark.id))
        };
        let is_excluded = parts.objects.iter().any(is_excluded);
        let open = log.subgroup_mut(subgroup, stream).filter(|open| open.end.is_none());
        let open = open.ok_or(Rejected::Gone)?;
        if is_excluded || open.is_ended_before(&parts.objects) {
            return Err(Rejected::Malformed);
        }
        let ends = parts.objects.iter().find(|mark| mark.status == ObjectStatus::EndOfTrack);
        let ends = ends.map(|mark| Location::new(group, mark.id));
        open.append(now, parts);
        log.bytes = bytes;
        log.objects = objects;
        self.bytes = self.bytes.saturating_add(added);
        self.received = self.received.saturating_add(received);
        self.meter.count(now, subgroup, received);
        self.largest = self.largest.max(last);
        self.end = self.end.or(ends);
        self.drop_oldest(limits);
        Ok(())
    }

    /// Takes note of an object in a datagram; false if it came before, from whomever, or is older
    /// than all that is remembered.
    pub(crate) fn note_datagram(&mut self, datagram: &Datagram) -> Result<bool, Rejected> {
        let location = datagram.location;
        let is_behind_end = self.end.is_some_and(|end| location >= end);
        let group = self.group(location.group);
        let is_excluded =
            is_behind_end || group.is_some_and(|group| group.excludes(None, location.object));
        let is_excluded = datagram.status == ObjectStatus::Normal && is_excluded;
        if is_excluded || !datagram.is_sound() {
            return Err(Rejected::Malformed);
        }
        if self.datagrams_floor.is_some_and(|floor| location <= floor)
            || !self.datagrams.insert(location)
        {
            return Ok(false);
        }
        if self.datagrams.len() > DATAGRAMS_REMEMBERED {
            self.datagrams_floor = self.datagrams.pop_first();
        }
        if datagram.status == ObjectStatus::EndOfTrack {
            self.end = self.end.or(Some(location));
        }
        self.largest = self.largest.max(Some(location));
        Ok(true)
    }

    pub(crate) fn end_subgroup(
        &mut self,
        now: Instant,
        SubgroupKey { group, subgroup, stream, .. }: SubgroupKey,
        end: SubgroupEnd,
    ) {
        let group = self.group_mut(group);
        let open = group.and_then(|group| group.subgroup_mut(subgroup, stream));
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

    /// Whether streams of a publisher are still open.
    pub(crate) fn has_open(&self, publisher: SessionKey) -> bool {
        let mut subgroups = self.groups.iter().flat_map(|group| &group.subgroups);
        subgroups.any(|subgroup| subgroup.publisher == publisher && subgroup.end.is_none())
    }

    /// Ends every stream of a publisher that is still open: it is gone.
    pub(crate) fn cut(&mut self, now: Instant, publisher: SessionKey, code: ResetCode) {
        let subgroups = self.groups.iter_mut().flat_map(|group| &mut group.subgroups);
        for subgroup in subgroups.filter(|subgroup| subgroup.publisher == publisher) {
            subgroup.close(now, SubgroupEnd::Reset(code));
        }
    }
}
