//! A subscriber: what it asked for, what it received, and whether that is right.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_media::{LaneId, SubgroupEnd, SubscriptionKey};
use mosaik_proto::moqt::{
    GroupId, Location, ObjectId, ResetCode, SendOrder, SubgroupDecoder, SubgroupHeader, SubgroupId,
};

use crate::published::{Subgroup, Track};

/// How a stream ended for its subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    Finished,
    Reset(ResetCode),
    /// By what the subscriber itself did or asked for.
    Own,
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) header: SubgroupHeader,
    pub(crate) wire: Vec<u8>,
    pub(crate) ended: Option<Ended>,
    /// Which of the subgroup's streams it brings.
    stream: usize,
    pub(crate) order: SendOrder,
    /// The lowest object that the filter let pass when it was opened.
    pub(crate) from: ObjectId,
    /// How many times objects were asked for anew before it was opened.
    pub(crate) epoch: u32,
}

/// An established subscription.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) key: SubscriptionKey,
    pub(crate) track: usize,
    pub(crate) start: Location,
    pub(crate) end: Option<GroupId>,
    pub(crate) since: Instant,
    pub(crate) forward: bool,
    pub(crate) epoch: u32,
    pub(crate) object_timeout: Option<Duration>,
    pub(crate) subgroup_timeout: Option<Duration>,
    pub(crate) lanes: BTreeMap<LaneId, Lane>,
    /// Datagrams that are to come, and since when.
    pub(crate) waiting: VecDeque<(Location, Instant)>,
    /// Those that came, since when they were here, and how often they came again.
    pub(crate) heard: BTreeMap<Location, (Instant, u8)>,
}

/// What was received of a lane.
struct Got {
    /// IDs and the bytes behind each ID's delta, whole ones only.
    whole: Vec<(ObjectId, Bytes)>,
    /// Bytes of one that is not whole.
    rest: usize,
}

impl Listener {
    pub(crate) fn passes(&self, group: GroupId) -> bool {
        group >= self.start.group && self.end.is_none_or(|end| group <= end)
    }

    pub(crate) const fn first_in(&self, group: GroupId) -> ObjectId {
        if group == self.start.group { self.start.object } else { 0 }
    }

    /// The filter is another one: streams on which nothing may go any more, or that have to begin
    /// elsewhere, are the subscriber's own to end.
    pub(crate) fn move_to(&mut self, start: Location, end: Option<GroupId>) {
        (self.start, self.end) = (start, end);
        self.drop_datagrams();
        for lane in self.lanes.values_mut() {
            let group = lane.header.group;
            let is_outside = group < start.group || end.is_some_and(|end| group > end);
            if is_outside || (group == start.group && start.object > 0) {
                lane.ended = Some(Ended::Own);
            }
        }
    }

    /// These streams were ended for what the subscriber did itself.
    pub(crate) fn take_back(&mut self, lanes: &[LaneId]) {
        for (_, lane) in self.lanes.iter_mut().filter(|(id, _)| lanes.contains(id)) {
            lane.ended = Some(Ended::Own);
        }
    }

    /// The subscriber pauses, or goes on with the newest group.
    pub(crate) fn forward_or_not(&mut self, forward: bool, newest: Option<GroupId>, now: Instant) {
        if forward && !self.forward {
            self.epoch += 1;
            self.since = now;
            let newest = newest.map_or(self.start, |group| Location::new(group, 0));
            self.start = self.start.max(newest);
        }
        self.forward = forward;
        self.drop_datagrams();
    }

    /// A stream begins; it must be wanted, and nothing may come twice.
    pub(crate) fn open(
        &mut self,
        (id, order): (LaneId, SendOrder),
        header: SubgroupHeader,
        track: &Track,
    ) {
        assert!(self.forward, "a stream for one who paused");
        assert!(self.passes(header.group), "group {} does not pass the filter", header.group);
        let place = (header.group, header.subgroup.unwrap());
        let stream = track.subgroups[&place].len() - 1;
        let from = self.rest_of(place);
        if let Some(before) = self.before(place) {
            assert!(before.stream < stream, "{header:?} comes twice");
            let is_given_up = matches!(
                before.ended,
                Some(Ended::Reset(ResetCode::DeliveryTimeout | ResetCode::TooFarBehind))
            );
            assert!(!is_given_up, "{header:?} was given up before");
        }
        let (wire, ended, epoch) = (Vec::new(), None, self.epoch);
        let lane = Lane { header, wire, ended, stream, order, from, epoch };
        assert!(self.lanes.insert(id, lane).is_none(), "{id:?} is used twice");
    }

    /// The stream before, on which a subgroup came.
    fn before(&self, place: (GroupId, SubgroupId)) -> Option<&Lane> {
        let is_it = |lane: &&Lane| {
            (lane.header.group, lane.header.subgroup) == (place.0, Some(place.1))
                && lane.epoch == self.epoch
                && lane.ended != Some(Ended::Own)
        };
        self.lanes.values().rfind(is_it)
    }

    /// The lowest object of a subgroup that may come on another stream.
    fn rest_of(&self, place: (GroupId, SubgroupId)) -> ObjectId {
        let first = self.first_in(place.0);
        let rest = self
            .before(place)
            .map_or(0, |lane| lane.got().whole.last().map_or(0, |(id, _)| id + 1).max(lane.from));
        first.max(rest)
    }

    /// What came is what was published, from where it had to begin, in order and unchanged.
    pub(crate) fn check(&self, id: LaneId, track: &Track) {
        let lane = &self.lanes[&id];
        let place = (lane.header.group, lane.header.subgroup.unwrap());
        let sent = lane.source(track).from(lane.from);
        let got = lane.got();
        assert!(got.whole.len() <= sent.len(), "{place:?}: more objects than were published");
        for ((id, rest), sent) in got.whole.iter().zip(sent) {
            assert_eq!(*id, sent.id, "{place:?}: not the next object");
            assert_eq!(*rest, sent.rest, "{place:?}/{id} was changed");
        }
    }

    /// FIN means that everything is here.
    pub(crate) fn check_finish(&self, id: LaneId, track: &Track) {
        self.check(id, track);
        let lane = &self.lanes[&id];
        let place = (lane.header.group, lane.header.subgroup.unwrap());
        let subgroup = lane.source(track);
        assert!(
            matches!(subgroup.end, Some((SubgroupEnd::Finished, _))),
            "{place:?} ends as it was not ended by its publisher"
        );
        let got = lane.got();
        assert_eq!((got.whole.len(), got.rest), (subgroup.from(lane.from).len(), 0), "{place:?}");
    }

    /// A reset says why, and the model must know it.
    pub(crate) fn check_reset(&self, id: LaneId, track: &Track, code: ResetCode, now: Instant) {
        self.check(id, track);
        let lane = &self.lanes[&id];
        let place = (lane.header.group, lane.header.subgroup.unwrap());
        let subgroup = lane.source(track);
        let from_publisher =
            matches!(subgroup.end, Some((SubgroupEnd::Reset(said), _)) if said == code);
        let is_dropped = code == ResetCode::TooFarBehind && !track.keeps_stream(place, lane.stream);
        let is_late = code == ResetCode::DeliveryTimeout && self.is_late(lane, track, now);
        assert!(from_publisher || is_dropped || is_late, "{place:?} was reset for {code:?}");
    }

    /// What is too old does not begin to be sent.
    pub(crate) fn check_fresh(&self, id: LaneId, track: &Track, now: Instant) {
        let lane = &self.lanes[&id];
        let is_begun = lane.got().rest > 0;
        assert!(is_begun || !self.is_late(lane, track, now), "{:?} is too late", lane.header);
    }

    /// Whether the next object of a lane is older than the subscriber or the publisher allows.
    fn is_late(&self, lane: &Lane, track: &Track, now: Instant) -> bool {
        let subgroup = lane.source(track);
        let waited = |came: Instant| now.saturating_duration_since(came.max(self.since));
        let next = subgroup.from(lane.from).get(lane.got().whole.len());
        let is_old = |timeout| next.is_some_and(|sent| waited(sent.came) > timeout);
        let is_over = |timeout| subgroup.end.is_some_and(|(_, at)| waited(at) > timeout);
        self.object_timeout.is_some_and(is_old) || self.subgroup_timeout.is_some_and(is_over)
    }

    /// When all is over and everything could be sent: each object that passes is here, or its
    /// stream was reset for a reason that was checked. Gives how many are here.
    pub(crate) fn check_whole(&self, track: &Track) -> usize {
        let mut count = 0;
        for (place, streams) in &track.subgroups {
            let subgroup = streams.last().unwrap();
            let is_here = self.before(*place).is_some_and(|lane| lane.stream + 1 == streams.len());
            let from = if is_here { self.first_in(place.0) } else { self.rest_of(*place) };
            let wanted = subgroup.from(from);
            if !self.passes(place.0) || !track.keeps(place.0) || wanted.is_empty() {
                continue;
            }
            count += self.check_place(*place, subgroup, streams.len() - 1);
        }
        count
    }

    fn check_place(
        &self,
        place: (GroupId, SubgroupId),
        subgroup: &Subgroup,
        stream: usize,
    ) -> usize {
        let is_it = |lane: &&Lane| {
            (lane.header.group, lane.header.subgroup) == (place.0, Some(place.1))
                && lane.epoch == self.epoch
        };
        let lanes = || self.lanes.values().filter(is_it);
        let Some(lane) = lanes().rfind(|lane| lane.stream == stream) else {
            // What came too late or was cut short before anything was sent has no stream.
            let is_given_up =
                |lane: &Lane| matches!(lane.ended, Some(Ended::Reset(ResetCode::TooFarBehind)));
            let may_lack = self.object_timeout.or(self.subgroup_timeout).is_some()
                || lanes().any(is_given_up)
                || matches!(subgroup.end, Some((SubgroupEnd::Reset(_), _)));
            assert!(may_lack, "{place:?} never came");
            return 0;
        };
        // A stream that is under way goes on from where it began when the filter moves back.
        let (got, wanted) = (lane.got().whole.len(), subgroup.from(lane.from).len());
        match lane.ended {
            Some(Ended::Finished) => assert_eq!(got, wanted, "{place:?} is not whole"),
            Some(Ended::Reset(_) | Ended::Own) => {}
            None => panic!("{place:?} never ended, with {got} of {wanted} objects"),
        }
        got
    }
}

impl Lane {
    fn source<'a>(&self, track: &'a Track) -> &'a Subgroup {
        &track.subgroups[&(self.header.group, self.header.subgroup.unwrap())][self.stream]
    }

    fn got(&self) -> Got {
        let mut decoder = SubgroupDecoder::new(&self.header);
        let parts = decoder.push(Bytes::from(self.wire.clone())).expect("what we send is valid");
        let at = |offset: u64| usize::try_from(offset).unwrap();
        let marks = parts.objects.iter().filter(|mark| at(mark.end) <= self.wire.len());
        let whole: Vec<_> = marks
            .map(|mark| {
                let bytes = &self.wire[at(mark.start)..at(mark.end)];
                (mark.id, Bytes::copy_from_slice(behind_delta(bytes)))
            })
            .collect();
        let ends = parts.objects.iter().map(|mark| at(mark.end));
        let last = ends.filter(|end| *end <= self.wire.len()).max().unwrap_or(0);
        Got { whole, rest: self.wire.len() - last }
    }
}

/// An object's bytes behind the delta of its ID, whose first byte tells its length.
pub(crate) fn behind_delta(object: &[u8]) -> &[u8] {
    let ones = object.first().map_or(0, |byte| byte.leading_ones());
    &object[usize::try_from(ones).unwrap() + 1..]
}
