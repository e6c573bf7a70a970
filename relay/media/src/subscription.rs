//! One session's wish for one track, and how far it has been served.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{
    DoneCode, Filter, FullTrackName, GroupId, GroupOrder, Location, ObjectId, PRIORITY_DEFAULT,
    RequestCode, SubgroupId,
};

use crate::effect::Refused;
use crate::lane::Lane;
use crate::track::Track;
use crate::{LaneId, RequestKey, TrackKey};

/// What a SUBSCRIBE asks for.
#[derive(Debug, Clone)]
pub struct SubscribeRequest {
    /// Whose request it is.
    pub request: RequestKey,
    /// The track.
    pub name: FullTrackName,
    /// Which objects; `None` starts at the newest group's first object.
    pub filter: Option<Filter>,
    /// Subscriber priority, lower is more urgent.
    pub priority: u8,
    /// Group order; `None` for the publisher's.
    pub order: Option<GroupOrder>,
    /// Whether objects are to be sent.
    pub forward: bool,
    /// How long to wait for a publisher.
    pub rendezvous: Duration,
    /// After which age objects are not worth sending.
    pub object_delivery_timeout: Option<Duration>,
}

impl SubscribeRequest {
    /// A request for everything from the newest group on, with default priority and no wait.
    pub const fn new(request: RequestKey, name: FullTrackName) -> Self {
        Self {
            request,
            name,
            filter: None,
            priority: PRIORITY_DEFAULT,
            order: None,
            forward: true,
            rendezvous: Duration::ZERO,
            object_delivery_timeout: None,
        }
    }
}

/// What a subscriber says later of a subscription, in REQUEST_UPDATE or PUBLISH_OK; `None` leaves
/// it as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Which objects.
    pub filter: Option<Filter>,
    /// Subscriber priority, lower is more urgent.
    pub priority: Option<u8>,
    /// Group order; said in PUBLISH_OK only.
    pub order: Option<GroupOrder>,
    /// Whether objects are to be sent.
    pub forward: Option<bool>,
    /// After which age objects are not worth sending.
    pub object_delivery_timeout: Option<Duration>,
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Waits for a publisher to come.
    Rendezvous(Instant),
    /// Waits for a publisher's answer, whose deadline the track keeps.
    Requested,
    /// Was offered by PUBLISH, and waits for the subscriber's answer.
    Offered,
    /// Objects are sent.
    Established(Instant),
}

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) request: RequestKey,
    pub(crate) track: TrackKey,
    pub(crate) standing: Standing,
    pub(crate) alias: u64,
    pub(crate) priority: u8,
    pub(crate) order: GroupOrder,
    pub(crate) asked_order: Option<GroupOrder>,
    pub(crate) forward: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) datagrams: VecDeque<Bytes>,
    pub(crate) streams: u64,
    /// Whether the session's list of subscriptions with something to do has this one.
    pub(crate) is_dirty: bool,
    /// The track is over: why, and until when late objects are waited for.
    pub(crate) done: Option<(DoneCode, Instant)>,
    filter: Option<Filter>,
    start: Location,
    end: Option<GroupId>,
    /// The next object to take of each subgroup, for local sessions.
    taken: BTreeMap<(GroupId, SubgroupId), ObjectId>,
}

impl Subscription {
    pub(crate) fn new(wish: &SubscribeRequest, track: TrackKey, standing: Standing) -> Self {
        Self {
            request: wish.request,
            track,
            standing,
            alias: 0,
            priority: wish.priority,
            order: wish.order.unwrap_or_default(),
            asked_order: wish.order,
            forward: wish.forward,
            timeout: wish.object_delivery_timeout,
            lanes: Vec::new(),
            datagrams: VecDeque::new(),
            streams: 0,
            is_dirty: false,
            done: None,
            filter: wish.filter,
            start: Location::START,
            end: None,
            taken: BTreeMap::new(),
        }
    }

    /// The subscription becomes established: the filter is resolved against what the track has.
    pub(crate) fn establish(&mut self, now: Instant, track: &Track) -> Result<(), Refused> {
        let after = |next: fn(Location) -> Location| track.largest.map_or(Location::START, next);
        let newest = track.newest().map(|group| Location::new(group.id, 0));
        let from_cache = |start: Location| newest.map_or(start, |newest| start.max(newest));
        (self.start, self.end) = match self.filter {
            None => (from_cache(Location::START), None),
            Some(Filter::LargestObject) => (after(Location::next_object), None),
            Some(Filter::NextGroupStart) => (after(Location::next_group), None),
            Some(Filter::From(start)) => (from_cache(start), None),
            Some(Filter::Range(start, end)) => (from_cache(start), Some(end)),
        };
        if self.end.is_some_and(|end| end < self.start.group) {
            let reason = "the groups of this range have passed";
            return Err(Refused::new(RequestCode::InvalidRange, reason));
        }
        self.order = self.asked_order.unwrap_or_else(|| track.properties.group_order());
        self.standing = Standing::Established(now);
        Ok(())
    }

    /// The subscriber took what it was offered, on these terms.
    pub(crate) fn take_offer(
        &mut self,
        now: Instant,
        track: &Track,
        change: &Change,
    ) -> Result<(), Refused> {
        self.filter = change.filter;
        self.priority = change.priority.unwrap_or(PRIORITY_DEFAULT);
        self.asked_order = change.order;
        self.forward = change.forward.unwrap_or(true);
        self.timeout = change.object_delivery_timeout;
        self.establish(now, track)
    }

    /// Objects are wanted again: from the newest group's start on.
    pub(crate) fn resume(&mut self, now: Instant, track: &Track) {
        self.forward = true;
        self.lanes.clear();
        let newest = track.newest().map_or(self.start, |group| Location::new(group.id, 0));
        self.start = self.start.max(newest);
        self.standing = Standing::Established(now);
    }

    /// The lowest object ID of `group` that passes the filter.
    pub(crate) const fn first_object_in(&self, group: GroupId) -> u64 {
        if group == self.start.group { self.start.object } else { 0 }
    }

    pub(crate) fn passes(&self, group: GroupId) -> bool {
        group >= self.start.group && self.end.is_none_or(|end| group <= end)
    }

    pub(crate) fn passes_object(&self, location: Location) -> bool {
        location >= self.start && self.passes(location.group)
    }

    /// Whether the subscriber waits for an answer of ours.
    pub(crate) const fn is_waiting(&self) -> bool {
        matches!(self.standing, Standing::Rendezvous(_) | Standing::Requested)
    }

    pub(crate) const fn is_established(&self) -> bool {
        matches!(self.standing, Standing::Established(_))
    }

    /// Streams that are open at the transport.
    pub(crate) fn open_lanes(&self) -> Vec<LaneId> {
        let is_open = |lane: &&Lane| lane.header.is_none() && !lane.is_closed;
        self.lanes.iter().filter(is_open).map(|lane| lane.id).collect()
    }

    /// The effective delivery timeout: the shorter one of what both sides ask (section 8).
    pub(crate) fn delivery_timeout(&self, track: &Track) -> Option<Duration> {
        let publishers = track.properties.object_delivery_timeout_ms().map(Duration::from_millis);
        match (self.timeout, publishers) {
            (Some(ours), Some(theirs)) => Some(ours.min(theirs)),
            (ours, theirs) => ours.or(theirs),
        }
    }

    /// The next object that a local session takes of a subgroup, if it took one.
    pub(crate) fn taken_in(&self, group: GroupId, subgroup: SubgroupId) -> Option<ObjectId> {
        self.taken.get(&(group, subgroup)).copied()
    }

    pub(crate) fn took(&mut self, group: GroupId, subgroup: SubgroupId, object: ObjectId) {
        self.taken.insert((group, subgroup), object.saturating_add(1));
    }

    /// Forgets what was taken of groups that are gone.
    pub(crate) fn forget_taken(&mut self, is_kept: impl Fn(GroupId) -> bool) {
        self.taken.retain(|(group, _), _| is_kept(*group));
    }
}
