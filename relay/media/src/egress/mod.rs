//! What one session sends next: the most urgent lane first (section 7.2).

mod datagrams;

use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_proto::moqt::{DoneCode, ResetCode, SendOrder};
use slotmap::Key as _;
use smallvec::SmallVec;

use crate::SubgroupEnd;
use crate::fetch::{Fetch, FetchKey};
use crate::group::Subgroup;
use crate::keys::{LaneId, SessionKey, SubscriptionKey};
use crate::lane::{Lane, Patience, Place, Slices, Terms};
use crate::pacing::Paces;
use crate::subscription::{Standing, Subscription};
use crate::track::Track;
use crate::tracks::Tracks;
use crate::turns::{Kind, Of, Turn, Turns};

/// One thing to do at the transport.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "the large one is the frequent one, and is not kept")]
pub enum Due {
    /// Open a stream and write its header. If that is not possible now, say [`Egress::blocked`].
    Open {
        /// Our number for the stream.
        lane: LaneId,
        /// Its place among all streams of the session.
        order: SendOrder,
        /// Its first bytes.
        header: Bytes,
    },
    /// Write these slices in order, then say how much of them with [`Egress::wrote`].
    More {
        /// The stream.
        lane: LaneId,
        /// Its place among all streams of the session.
        order: SendOrder,
        /// Slices of the log.
        slices: SmallVec<[Bytes; 8]>,
    },
    /// The stream has another place among all streams of the session from here on.
    Reorder {
        /// The stream.
        lane: LaneId,
        /// Its place.
        order: SendOrder,
    },
    /// Everything of the subgroup was written: FIN.
    Finish {
        /// The stream.
        lane: LaneId,
        /// When it is reset if the peer does not have everything (section 8).
        until: Option<Instant>,
    },
    /// The subgroup lost its worth or its publisher.
    Reset {
        /// The stream.
        lane: LaneId,
        /// Why.
        code: ResetCode,
    },
    /// Send this datagram, and say what became of it: [`Egress::sent`], [`Egress::kept`] or
    /// [`Egress::dropped`].
    Datagram {
        /// All of it.
        bytes: Bytes,
        /// When it is worth nothing any more.
        until: Option<Instant>,
    },
}

/// One flush of one session.
#[derive(Debug)]
pub struct Egress<'a> {
    tracks: &'a mut Tracks,
    session: SessionKey,
    now: Instant,
    turns: Turns,
    paces: Paces,
    current: Option<Turn>,
    urgent: Vec<Due>,
    dirty: Vec<SubscriptionKey>,
    dirty_fetches: Vec<FetchKey>,
    is_blocked: bool,
    has_moved: bool,
    has_finished: bool,
}

impl<'a> Egress<'a> {
    /// Begins a flush of one session.
    pub fn begin(tracks: &'a mut Tracks, session: SessionKey, now: Instant) -> Self {
        let mut dirty = tracks.take_dirty(session);
        let resets = tracks.turn_switches(now, session, &mut dirty);
        let dirty_fetches = tracks.take_dirty_fetches(session);
        let mut egress = Self {
            tracks,
            session,
            now,
            turns: Turns::default(),
            paces: Paces::default(),
            current: None,
            urgent: Vec::new(),
            dirty,
            dirty_fetches,
            is_blocked: false,
            has_moved: false,
            has_finished: false,
        };
        egress.collect_datagrams();
        for index in 0..egress.dirty.len() {
            if let Some(key) = egress.dirty.get(index).copied() {
                egress.collect(now, key);
            }
        }
        for key in &egress.dirty_fetches {
            if let Some(fetch) = egress.tracks.fetches.get(key.0) {
                let (order, served, of) = (fetch.order, fetch.served, Of::Fetch(*key));
                let kind = Kind::of(order, None);
                egress.turns.push(Turn { order, served, of, kind, offered: 0 });
            }
        }
        egress.urgent.extend(resets.into_iter().map(|(lane, code)| Due::Reset { lane, code }));
        if let Some(state) = egress.tracks.sessions.get_mut(session.0) {
            egress.turns.begin(state.share);
            egress.paces = state.paces;
            egress.paces.begin(now, session.0.data().as_ffi());
            if egress.turns.has_pictures_wait() {
                state.outranked = Some(now);
            }
        }
        egress
    }

    /// The most urgent thing to do, or `None` when this flush is over.
    #[expect(clippy::should_implement_trait, reason = "the caller answers between two calls")]
    pub fn next(&mut self) -> Option<Due> {
        let due = self.urgent.pop().or_else(|| self.next_turn())?;
        let counts = &mut self.tracks.counts;
        match &due {
            Due::Open { .. } => counts.streams_opened += 1,
            Due::Finish { .. } => {
                counts.streams_finished += 1;
                self.has_finished = true;
            }
            Due::Reset { code, .. } => *counts.streams_reset.entry(*code).or_default() += 1,
            Due::More { .. } | Due::Reorder { .. } | Due::Datagram { .. } => {}
        }
        Some(due)
    }

    fn next_turn(&mut self) -> Option<Due> {
        loop {
            let mut turn = match self.current.take() {
                Some(turn) => self.turns.after(turn)?,
                None => self.turns.take()?,
            };
            let due = match turn.of {
                Of::Datagrams(subscription) => self.next_datagram(subscription, turn.order),
                Of::Subscription(subscription, lane, patience) => self
                    .tracks
                    .with_lane(subscription, lane, |lane, group| lane_due(lane, group, &patience))
                    .flatten(),
                Of::Fetch(fetch) => self.tracks.with_fetch(self.now, fetch, Fetch::due).flatten(),
            };
            let Some(mut due) = due else {
                continue;
            };
            match &mut due {
                Due::More { slices, .. } => {
                    if !self.paces.allow(turn.kind, slices) {
                        continue;
                    }
                    self.turns.piece(&turn, slices);
                    turn.offered = slices.iter().map(Bytes::len).sum();
                }
                Due::Datagram { bytes, .. } => turn.offered = bytes.len(),
                Due::Open { .. } | Due::Finish { .. } | Due::Reset { .. } | Due::Reorder { .. } => {
                }
            }
            if !matches!(due, Due::Finish { .. } | Due::Reset { .. }) {
                self.current = Some(turn);
            }
            if let Of::Subscription(subscription, ..) = turn.of {
                match &due {
                    Due::Open { .. } => self.tracks.count_stream(subscription),
                    Due::Finish { .. } => self.tracks.finished_one(subscription),
                    Due::More { .. }
                    | Due::Reorder { .. }
                    | Due::Reset { .. }
                    | Due::Datagram { .. } => {}
                }
            }
            return Some(due);
        }
    }

    /// The transport took `bytes` of the slices offered last; if that is not all of them, the lane
    /// waits for the next flush.
    pub fn wrote(&mut self, bytes: usize) {
        self.tracks.counts.bytes_out += bytes as u64;
        self.has_moved |= bytes > 0;
        let Some(turn) = self.current else {
            return;
        };
        self.turns.count(&turn, bytes);
        self.paces.took(turn.kind, bytes);
        match turn.of {
            Of::Subscription(subscription, lane, _) => {
                self.tracks.with_lane(subscription, lane, |lane, group| lane.advance(group, bytes));
                self.tracks.took(subscription, bytes);
            }
            Of::Datagrams(_) => {}
            Of::Fetch(fetch) => {
                let served = self.tracks.count_turn(bytes);
                self.tracks.with_fetch(self.now, fetch, |fetch, _| {
                    fetch.wrote(self.now, bytes);
                    fetch.served = served.unwrap_or(fetch.served);
                });
            }
        }
        if bytes < turn.offered {
            self.is_blocked = true;
            self.current = None;
        }
    }

    /// The stream could not be opened now: the lane waits for the next flush.
    pub fn blocked(&mut self, header: Bytes) {
        self.is_blocked = true;
        self.tracks.counts.streams_opened -= 1;
        match self.current.take().map(|turn| turn.of) {
            Some(Of::Subscription(subscription, lane, _)) => {
                let undo = |lane: &mut Lane, _: &Subgroup| lane.header = Some(header);
                self.tracks.with_lane(subscription, lane, undo);
                self.tracks.uncount_stream(subscription);
            }
            Some(Of::Fetch(fetch)) => {
                self.tracks.with_fetch(self.now, fetch, |fetch, _| fetch.unopen(header));
            }
            Some(Of::Datagrams(_)) | None => {}
        }
    }

    /// The peer stopped the stream: nothing more of this subgroup (section 11.4.3).
    pub fn stopped(&mut self) {
        self.tracks.counts.streams_stopped += 1;
        match self.current.take().map(|turn| turn.of) {
            Some(Of::Subscription(subscription, lane, _)) => {
                self.tracks.with_lane(subscription, lane, |lane, _| lane.is_closed = true);
            }
            Some(Of::Fetch(fetch)) => {
                self.tracks.with_fetch(self.now, fetch, |fetch, _| fetch.stop());
            }
            Some(Of::Datagrams(_)) | None => {}
        }
    }

    /// Whether something is left that the transport did not take: flush again soon.
    pub const fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// Whether something is left that the transport would have taken: flush again soon.
    pub const fn is_paced(&self) -> bool {
        self.paces.is_waiting()
    }

    /// When the flush began.
    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Whether the transport took anything.
    pub const fn has_moved(&self) -> bool {
        self.has_moved
    }

    /// Whether a stream ended with everything that belongs to it.
    pub const fn has_finished(&self) -> bool {
        self.has_finished
    }

    /// Finds the lanes of one subscription that have something to do.
    fn collect(&mut self, now: Instant, key: SubscriptionKey) {
        let behind_max = self.tracks.limits.behind_max;
        let parts = self.tracks.parts(self.session, key);
        let Some((subscription, track, next_lane)) = parts else { return };
        let Standing::Established(since) = subscription.standing else { return };
        if !subscription.forward {
            return;
        }
        let patience = Patience {
            object: subscription.object_timeout(track),
            subgroup: subscription.subgroup_timeout(track),
            cache: track.properties.max_cache_duration_ms().map(Duration::from_millis),
            since,
            now,
            is_old: false,
        };
        open_lanes(subscription, track, next_lane, &patience);
        let newest = track.newest().map_or(0, |group| group.id);
        for lane in &mut subscription.lanes {
            let subgroup = lane.source(track);
            let patience = Patience { is_old: lane.group < newest, ..patience };
            let code = match subgroup {
                // The log dropped the group: this subscriber was too slow for it.
                None if lane.is_closed => None,
                None => Some(ResetCode::TooFarBehind),
                Some(subgroup) => match subgroup.end {
                    _ if lane.is_closed => None,
                    Some(SubgroupEnd::Reset(code)) => Some(code),
                    _ if lane.is_late(subgroup, &patience) => Some(ResetCode::DeliveryTimeout),
                    _ => None,
                },
            };
            if let Some(code) = code {
                if matches!(code, ResetCode::TooFarBehind | ResetCode::DeliveryTimeout)
                    && subscription.behind.gave_up(now, track.received, behind_max)
                {
                    subscription.done.get_or_insert((DoneCode::TooFarBehind, now));
                }
                let is_late = code == ResetCode::DeliveryTimeout;
                lane.close(subgroup.filter(|_| !is_late));
                if lane.header.is_none() {
                    self.urgent.push(Due::Reset { lane: lane.id, code });
                }
                continue;
            }
            if std::mem::take(&mut lane.is_reordered) {
                self.urgent.push(Due::Reorder { lane: lane.id, order: lane.order });
            }
            if subgroup.is_some_and(|subgroup| lane.is_due(subgroup)) {
                let of = Of::Subscription(key, lane.id, patience);
                let (order, served) = (lane.order, subscription.served);
                let kind = Kind::of(order, subscription.feed.is_some().then_some(lane.subgroup));
                self.turns.push(Turn { order, served, of, kind, offered: 0 });
            }
        }
        subscription.lanes.retain(|lane| !lane.is_closed || track.group(lane.group).is_some());
        let is_feed = subscription.feed.is_some();
        if let Some((_, until)) = subscription.done {
            self.tracks.wait_until(until);
        }
        if is_feed {
            self.tracks.note_begun(key);
        }
    }
}

impl Drop for Egress<'_> {
    /// What is not served stays on the session's list; what is over is taken off it for good.
    fn drop(&mut self) {
        if let Some(state) = self.tracks.sessions.get_mut(self.session.0) {
            state.share = self.turns.share();
            state.paces = self.paces;
        }
        let dirty = std::mem::take(&mut self.dirty);
        self.tracks.settle(self.session, dirty);
        let dirty = std::mem::take(&mut self.dirty_fetches);
        self.tracks.settle_fetches(self.session, dirty);
    }
}

/// Gives a lane to every subgroup that has begun and passes the filter.
fn open_lanes(
    subscription: &mut Subscription,
    track: &Track,
    next_lane: &mut u64,
    patience: &Patience,
) {
    let terms = Terms {
        alias: subscription.alias,
        subscriber_priority: subscription.priority,
        publisher_priority: track.properties.priority(),
        order: subscription.order,
    };
    if let Some((feed, oldest)) = subscription.feed.as_mut().zip(track.groups.front()) {
        feed.keep_from(oldest.id);
    }
    for (index, group) in track.groups.iter().enumerate() {
        if !subscription.passes(group.id) {
            continue;
        }
        for subgroup in &group.subgroups {
            if subscription.feed.as_mut().is_some_and(|feed| !feed.sends(group.id, subgroup.id)) {
                continue;
            }
            let place = Place::of(track, index, subgroup.id);
            let is_of = |lane: &Lane| lane.group == group.id && lane.subgroup == subgroup.id;
            let mut lanes = subscription.lanes.iter_mut().filter(|lane| is_of(lane));
            if let Some(lane) = lanes.find(|lane| lane.stream == subgroup.stream) {
                lane.set_place(place);
                continue;
            }
            // Of a stream behind another one that was broken off, what did not go out on that one.
            let before = subscription.lanes.iter().rfind(|lane| is_of(lane));
            if before.is_some_and(|lane| lane.stream > subgroup.stream) {
                continue;
            }
            let rest = before.map_or(Some(0), |lane| lane.resumes(track));
            let id = LaneId(*next_lane);
            let fresh = match patience.cache {
                Some(_) => subgroup.first_that(|came| !patience.is_expired(came)),
                None => 0,
            };
            let known = known_below(subscription, track, index, subgroup);
            let first = subscription.first_object_in(group.id).max(fresh).max(known);
            let first = first.max(rest.unwrap_or(0));
            if let Some(mut lane) = Lane::begin(id, (terms, place), group, subgroup, first) {
                lane.is_closed = rest.is_none();
                subscription.lanes.retain(|other| !is_of(other) || !other.is_closed);
                *next_lane = next_lane.saturating_add(1);
                subscription.lanes.push(lane);
            }
        }
    }
}

/// The first object of a subgroup that says something new to this subscriber. Whoever has, or is about to have, the same
/// subgroup of the group before knows what this one begins with; whoever is further behind than that is long gets it.
fn known_below(
    subscription: &Subscription,
    track: &Track,
    index: usize,
    subgroup: &Subgroup,
) -> u64 {
    let known = subgroup.start.known_below;
    if known > 0 && has_group_before(subscription, track, index, subgroup).unwrap_or(false) {
        known
    } else {
        0
    }
}

/// Whether this subscriber gets all of the group before, and sooner than it would get what is known of it; `None` where
/// there is no such group.
fn has_group_before(
    subscription: &Subscription,
    track: &Track,
    index: usize,
    subgroup: &Subgroup,
) -> Option<bool> {
    let before = track.groups.get(index.checked_sub(1)?)?.id;
    if before.checked_add(1) != Some(track.groups.get(index)?.id) {
        return Some(false);
    }
    let is_of = |lane: &&Lane| lane.group == before && lane.subgroup == subgroup.id;
    let lane = subscription.lanes.iter().rfind(is_of)?;
    let source = lane.source(track)?;
    let left = lane.left(source);
    let known = subgroup.first_from(subgroup.start.known_below);
    let is_soon = left <= known.map_or(subgroup.len, |first| first.start);
    let comes = left == 0 || !lane.is_closed;
    Some(source.end == Some(SubgroupEnd::Finished) && is_soon && comes)
}

fn lane_due(lane: &mut Lane, subgroup: &Subgroup, patience: &Patience) -> Option<Due> {
    if lane.is_closed {
        return None;
    }
    if let Some(header) = lane.header.take() {
        return Some(Due::Open { lane: lane.id, order: lane.order, header });
    }
    // The object before this one was finished in spite of its age.
    if lane.is_late(subgroup, patience) {
        lane.is_closed = true;
        return Some(Due::Reset { lane: lane.id, code: ResetCode::DeliveryTimeout });
    }
    let slices: Slices = lane.slices(subgroup, patience);
    if !slices.is_empty() {
        return Some(Due::More { lane: lane.id, order: lane.order, slices });
    }
    if lane.is_finished(subgroup) {
        lane.is_closed = true;
        let ended = subgroup.ended_at.zip(patience.subgroup);
        let until = ended.and_then(|(at, timeout)| at.checked_add(timeout));
        return Some(Due::Finish { lane: lane.id, until });
    }
    None
}
