//! One session's wish for one track, and how far it has been served.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_proto::moqt::{
    DoneCode, Filter, FullTrackName, GroupId, GroupOrder, Location, ObjectId, PRIORITY_DEFAULT,
    RequestCode, SubgroupId,
};

use crate::behind::Behind;
use crate::datagrams::Datagrams;
use crate::effect::{Effect, Refused};
use crate::lane::Lane;
use crate::switching::{Feed, Switching};
use crate::track::Track;
use crate::{LaneId, RequestKey, SubscriptionKey, TrackKey};

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
    /// After which age objects are not worth sending; `None` and zero for none.
    pub object_delivery_timeout: Option<Duration>,
    /// How long after its end a subgroup may take to be delivered; `None` and zero for none.
    pub subgroup_delivery_timeout: Option<Duration>,
    /// NEW_GROUP_REQUEST: the largest group that the subscriber knows, plus one.
    pub new_group: Option<u64>,
    /// Whether only the answer is wanted: TRACK_STATUS, which is no subscription.
    pub is_question: bool,
    /// PICTURE_HEIGHT_MAX, which counts for switching tracks.
    pub picture_height: Option<u16>,
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
            subgroup_delivery_timeout: None,
            new_group: None,
            is_question: false,
            picture_height: None,
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
    /// After which age objects are not worth sending; zero for none.
    pub object_delivery_timeout: Option<Duration>,
    /// How long after its end a subgroup may take to be delivered; zero for none.
    pub subgroup_delivery_timeout: Option<Duration>,
    /// NEW_GROUP_REQUEST: the largest group that the subscriber knows, plus one.
    pub new_group: Option<u64>,
    /// PICTURE_HEIGHT_MAX, which counts for switching tracks.
    pub picture_height: Option<u16>,
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
    pub(crate) is_question: bool,
    pub(crate) alias: u64,
    pub(crate) priority: u8,
    pub(crate) order: GroupOrder,
    pub(crate) asked_order: Option<GroupOrder>,
    pub(crate) forward: bool,
    object_timeout: Option<Duration>,
    subgroup_timeout: Option<Duration>,
    /// A NEW_GROUP_REQUEST that could not be passed on yet.
    pub(crate) new_group: Option<u64>,
    pub(crate) lanes: Vec<Lane>,
    pub(crate) datagrams: Datagrams,
    pub(crate) streams: u64,
    pub(crate) behind: Behind,
    /// The number of the turn in which it was served last.
    pub(crate) served: u64,
    /// Whether the session's list of subscriptions with something to do has this one.
    pub(crate) is_dirty: bool,
    /// The track is over: why, and until when late objects are waited for.
    pub(crate) done: Option<(DoneCode, Instant)>,
    pub(crate) picture_height: Option<u16>,
    /// What serves it, if it is one to a switching track: it has no lanes of its own.
    pub(crate) switching: Option<Box<Switching>>,
    /// What it is to the one to a switching track that it serves, if it serves one.
    pub(crate) feed: Option<Feed>,
    filter: Option<Filter>,
    pub(crate) start: Location,
    pub(crate) end: Option<GroupId>,
    /// The track's largest location when objects began to be sent, up to which a joining FETCH
    /// reaches (section 5.1).
    joined: Option<Location>,
    /// The next object to take of each subgroup, for local sessions.
    taken: BTreeMap<(GroupId, SubgroupId), ObjectId>,
}

impl Subscription {
    pub(crate) fn new(wish: &SubscribeRequest, track: TrackKey, standing: Standing) -> Self {
        Self {
            request: wish.request,
            track,
            standing,
            is_question: wish.is_question,
            alias: 0,
            priority: wish.priority,
            order: wish.order.unwrap_or_default(),
            asked_order: wish.order,
            forward: wish.forward,
            object_timeout: wish.object_delivery_timeout,
            subgroup_timeout: wish.subgroup_delivery_timeout,
            new_group: wish.new_group,
            lanes: Vec::new(),
            datagrams: Datagrams::default(),
            streams: 0,
            behind: Behind::default(),
            served: 0,
            is_dirty: false,
            done: None,
            picture_height: wish.picture_height,
            switching: None,
            feed: None,
            filter: wish.filter,
            start: Location::START,
            end: None,
            joined: None,
            taken: BTreeMap::new(),
        }
    }

    /// One of `key`, this one, to the rendition `name` that it is to be served out of.
    pub(crate) fn feed(&self, key: SubscriptionKey, track: TrackKey, name: FullTrackName) -> Self {
        let wish = SubscribeRequest {
            priority: self.priority,
            order: self.asked_order,
            object_delivery_timeout: self.object_timeout,
            subgroup_delivery_timeout: self.subgroup_timeout,
            ..SubscribeRequest::new(self.request, name)
        };
        let (alias, feed) = (self.alias, Some(Feed::of(key)));
        Self { alias, feed, ..Self::new(&wish, track, Standing::Requested) }
    }

    /// Its rendition's publisher said yes. Nothing is sent before its first group is chosen.
    pub(crate) fn establish_feed(&mut self, now: Instant, track: &Track) {
        self.order = self.asked_order.unwrap_or_else(|| track.properties.group_order());
        self.standing = Standing::Established(now);
    }

    /// A feed sends from `start` on, up to the group `end`.
    pub(crate) fn feed_from(&mut self, now: Instant, start: Location, end: Option<GroupId>) {
        (self.start, self.end) = (start, end);
        self.standing = Standing::Established(now);
        if let Some(feed) = &mut self.feed {
            feed.is_held = false;
        }
    }

    /// The subscription becomes established: the filter is resolved against what the track has.
    pub(crate) fn establish(&mut self, now: Instant, track: &Track) -> Result<(), Refused> {
        (self.start, self.end) = resolve(self.filter, track)?;
        self.order = self.asked_order.unwrap_or_else(|| track.properties.group_order());
        self.standing = Standing::Established(now);
        self.joined = track.largest;
        Ok(())
    }

    /// What the subscriber is told of an established subscription, with the properties of `track`.
    pub(crate) fn established(&self, key: SubscriptionKey, track: &Track) -> Effect {
        Effect::Established {
            request: self.request,
            subscription: key,
            alias: self.alias,
            largest: track.largest,
            properties: track.properties.clone(),
        }
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
        self.object_timeout = change.object_delivery_timeout;
        self.subgroup_timeout = change.subgroup_delivery_timeout;
        self.new_group = change.new_group;
        self.establish(now, track)
    }

    /// REQUEST_UPDATE of a request that waits: what is said later counts when it is answered.
    pub(crate) fn change(&mut self, change: &Change) {
        self.filter = change.filter.or(self.filter);
        self.priority = change.priority.unwrap_or(self.priority);
        self.object_timeout = change.object_delivery_timeout.or(self.object_timeout);
        self.subgroup_timeout = change.subgroup_delivery_timeout.or(self.subgroup_timeout);
        self.new_group = change.new_group.or(self.new_group);
        self.picture_height = change.picture_height.or(self.picture_height);
    }

    /// The filter of [`Subscription::change`] begins to count. Streams on which nothing may go any
    /// more are closed and given back, to be reset; the first group gets new ones, so that it
    /// begins where the filter says.
    pub(crate) fn refilter(&mut self, track: &Track) -> Result<Vec<LaneId>, Refused> {
        let (start, end) = resolve(self.filter, track)?;
        (self.start, self.end) = (start, end);
        let mut datagrams = std::mem::take(&mut self.datagrams);
        datagrams.retain(|location| self.passes_object(location));
        self.datagrams = datagrams;
        let is_cut = |lane: &Lane| {
            lane.group < start.group
                || end.is_some_and(|end| lane.group > end)
                || (lane.group == start.group && start.object > 0)
        };
        let is_open = |lane: &&Lane| is_cut(lane) && lane.header.is_none() && !lane.is_closed;
        let cut = self.lanes.iter().filter(is_open).map(|lane| lane.id).collect();
        // Those that are not open yet begin where the new filter says.
        self.lanes.retain(|lane| !is_cut(lane) && lane.header.is_none());
        Ok(cut)
    }

    /// Which objects are asked for.
    pub(crate) const fn filter(&self) -> Option<Filter> {
        self.filter
    }

    /// Whether this one is a reason to have objects sent to us.
    pub(crate) const fn wants_objects(&self) -> bool {
        self.forward
            && self.done.is_none()
            && self.switching.is_none()
            && !matches!(self.standing, Standing::Offered)
    }

    /// No objects are wanted any more, also not those that wait.
    pub(crate) fn pause(&mut self) {
        self.forward = false;
        self.datagrams.clear();
        self.lanes.iter_mut().for_each(|lane| lane.is_closed = true);
    }

    /// Objects are wanted again: from the newest group's start on.
    pub(crate) fn resume(&mut self, now: Instant, track: &Track) {
        self.forward = true;
        self.lanes.clear();
        let newest = track.newest().map_or(self.start, |group| Location::new(group.id, 0));
        self.start = self.start.max(newest);
        self.joined = track.largest;
        self.standing = Standing::Established(now);
    }

    /// Up to where a joining FETCH reaches, and from where on the subscription brings what the log
    /// has; `None` while nothing was published.
    pub(crate) fn join(&self, track: &Track) -> Option<(Location, Option<Location>)> {
        let joined = self.joined?;
        let held = track.group(self.start.group);
        let first = held.and_then(|group| group.first_from(self.start.object));
        let first = first.map(|object| Location::new(self.start.group, object));
        Some((joined, first.filter(|first| *first <= joined)))
    }

    /// The lowest object ID of `group` that passes the filter.
    pub(crate) const fn first_object_in(&self, group: GroupId) -> u64 {
        if group == self.start.group { self.start.object } else { 0 }
    }

    pub(crate) fn passes(&self, group: GroupId) -> bool {
        !self.feed.as_ref().is_some_and(|feed| feed.is_held)
            && group >= self.start.group
            && self.end.is_none_or(|end| group <= end)
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

    /// After which age an object is not sent any more (section 8).
    pub(crate) fn object_timeout(&self, track: &Track) -> Option<Duration> {
        smaller(self.object_timeout, track.properties.object_delivery_timeout_ms())
    }

    /// How long after its end a subgroup may take to be delivered (section 8).
    pub(crate) fn subgroup_timeout(&self, track: &Track) -> Option<Duration> {
        smaller(self.subgroup_timeout, track.properties.subgroup_delivery_timeout_ms())
    }

    /// After which age a datagram is not sent any more: both timeouts count (section 8).
    pub(crate) fn datagram_timeout(&self, track: &Track) -> Option<Duration> {
        let both = [self.object_timeout(track), self.subgroup_timeout(track)];
        both.into_iter().flatten().min()
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

/// Where a filter begins and ends in a track that stands where it does (section 5.1.2). Groups of
/// the past are only those that are kept: the newest one.
fn resolve(filter: Option<Filter>, track: &Track) -> Result<(Location, Option<GroupId>), Refused> {
    let after = |next: fn(Location) -> Location| track.largest.map_or(Location::START, next);
    let newest = track.newest().map(|group| Location::new(group.id, 0));
    let from_cache = |start: Location| newest.map_or(start, |newest| start.max(newest));
    let (start, end) = match filter {
        None => (from_cache(Location::START), None),
        Some(Filter::LargestObject) => (after(Location::next_object), None),
        Some(Filter::NextGroupStart) => (after(Location::next_group), None),
        Some(Filter::From(start)) => (from_cache(start), None),
        Some(Filter::Range(start, end)) => (from_cache(start), Some(end)),
    };
    if end.is_some_and(|end| end < start.group) {
        let reason = "the groups of this range have passed";
        return Err(Refused::new(RequestCode::InvalidRange, reason));
    }
    Ok((start, end))
}

/// The smaller one of what both sides ask; zero asks for nothing.
fn smaller(subscribers: Option<Duration>, publishers: Option<u64>) -> Option<Duration> {
    let both = [subscribers, publishers.map(Duration::from_millis)];
    both.into_iter().flatten().filter(|timeout| !timeout.is_zero()).min()
}
