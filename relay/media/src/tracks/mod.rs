//! All tracks of a relay: who publishes them, who wants them, and whose turn it is.

mod asking;
mod demand;
mod namespaces;
mod publishers;
mod speech;
#[cfg(test)]
mod tests;

pub use speech::Speech;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::{FullTrackName, Namespace, RequestCode};
use slotmap::SlotMap;

use crate::announce::Announcements;
use crate::cached::Cached;
use crate::counts::Counts;
use crate::effect::{Effect, Refused};
use crate::fetch::{Fetch, FetchKey, WaitingJoin};
use crate::offer::Interest;
use crate::pacing::Paces;
use crate::packing::Packing;
use crate::subscription::{Standing, SubscribeRequest, Subscription};
use crate::track::Track;
use crate::turns::Share;
use crate::{LaneId, Limits, RequestKey, SessionKey, SubscriptionKey, TrackKey};

/// What a subgroup's header says of its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SubgroupStart {
    /// Publisher priority; `None` for the track's default.
    pub priority: Option<u8>,
    /// Whether each object has a properties field.
    pub has_properties: bool,
    /// Whether the group ends with this subgroup's last object.
    pub end_of_group: bool,
    /// Whether it begins with the first object ever published in it.
    pub first_object: bool,
    /// Bytes of the publisher's stream that are left out, up to the head of an object.
    pub offset: u64,
    /// Objects below this one say what whoever has all of the group before knows: they are left out for those who
    /// get all of it.
    pub known_below: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) subscriptions: Vec<SubscriptionKey>,
    /// Those of its subscriptions that are served out of renditions.
    pub(crate) switching: Vec<SubscriptionKey>,
    /// Those of its subscriptions that have something to send.
    pub(crate) dirty: Vec<SubscriptionKey>,
    pub(crate) fetches: Vec<FetchKey>,
    /// Those of its fetches that have something to send.
    pub(crate) dirty_fetches: Vec<FetchKey>,
    pub(crate) is_due: bool,
    /// How speech in datagrams goes out to it.
    pub(crate) packing: Packing,
    /// Those of its subscriptions whose voices it hears, beside what it pinned.
    pub(crate) voices: Vec<SubscriptionKey>,
    pub(crate) share: Share,
    pub(crate) paces: Paces,
    /// When something was to be sent last that goes before its pictures and may wait.
    pub(crate) outranked: Option<Instant>,
    pub(crate) next_lane: u64,
    next_alias: u64,
}

impl Session {
    /// The next number for a track on this session's data streams.
    pub(crate) const fn take_alias(&mut self) -> u64 {
        let alias = self.next_alias;
        self.next_alias = alias.saturating_add(1);
        alias
    }

    /// The next number for a stream.
    pub(crate) const fn take_lane(&mut self) -> LaneId {
        let lane = LaneId(self.next_lane);
        self.next_lane = self.next_lane.saturating_add(1);
        lane
    }
}

/// See the module.
#[derive(Debug)]
#[expect(clippy::struct_field_names, reason = "tracks are what it is about")]
pub struct Tracks {
    pub(crate) limits: Limits,
    pub(crate) sessions: SlotMap<slotmap::DefaultKey, Session>,
    pub(crate) tracks: SlotMap<slotmap::DefaultKey, Track>,
    pub(crate) subscriptions: SlotMap<slotmap::DefaultKey, Subscription>,
    pub(crate) fetches: SlotMap<slotmap::DefaultKey, Fetch>,
    /// Joining fetches whose subscription has no answer yet.
    pub(crate) joins: Vec<WaitingJoin>,
    by_name: BTreeMap<FullTrackName, TrackKey>,
    announcements: Announcements,
    pub(crate) interests: Vec<Interest>,
    /// Publishers who are asked for as many tracks as they may be, and for more when they answer.
    asked_enough: Vec<SessionKey>,
    pub(crate) due: Vec<SessionKey>,
    /// Sessions with datagrams that are held back, and until when.
    pub(crate) held: BTreeSet<(Instant, SessionKey)>,
    /// Sessions for which it is to be decided what is sent of their switching tracks.
    pub(crate) undecided: Vec<SessionKey>,
    pub(crate) effects: VecDeque<Effect>,
    pub(crate) counts: Counts,
    pub(crate) cached: Cached,
    /// How many times a transport was served.
    pub(crate) turns: u64,
    /// No wait of a subscription or a track is over before this.
    pub(crate) next_wait: Option<Instant>,
}

impl Tracks {
    /// The bounds that hold here.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// No tracks, no sessions.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            sessions: SlotMap::new(),
            tracks: SlotMap::new(),
            subscriptions: SlotMap::new(),
            fetches: SlotMap::new(),
            joins: Vec::new(),
            by_name: BTreeMap::new(),
            announcements: Announcements::default(),
            interests: Vec::new(),
            asked_enough: Vec::new(),
            due: Vec::new(),
            held: BTreeSet::new(),
            undecided: Vec::new(),
            effects: VecDeque::new(),
            counts: Counts::default(),
            cached: Cached::default(),
            turns: 0,
            next_wait: None,
        }
    }

    /// A session began.
    pub fn open_session(&mut self) -> SessionKey {
        SessionKey(self.sessions.insert(Session::default()))
    }

    /// A session ended: its subscriptions, announcements and publications go with it.
    pub fn close_session(&mut self, now: Instant, session: SessionKey) {
        let (announced, listening) = self.announcements.requests_of(session);
        for request in announced {
            self.withdraw(request);
        }
        for request in listening {
            self.announcements.stop_listening(request);
        }
        self.interests.retain(|interest| interest.request.session != session);
        let subscriptions =
            self.sessions.get(session.0).map_or_else(Vec::new, |state| state.subscriptions.clone());
        for key in subscriptions {
            self.remove_subscription(key);
        }
        let fetches =
            self.sessions.get_mut(session.0).map(|state| std::mem::take(&mut state.fetches));
        for key in fetches.unwrap_or_default() {
            self.remove_fetch(key);
        }
        self.fail_fills_at(session);
        let published: Vec<TrackKey> = self
            .tracks
            .iter()
            .filter(|(_, track)| track.upstreams.has(session) || track.has_open(session))
            .map(|(key, _)| TrackKey(key))
            .collect();
        for track in published {
            self.publisher_lost(now, session, track);
        }
        self.sessions.remove(session.0);
        self.asked_enough.retain(|asked| *asked != session);
        self.undecided.retain(|undecided| *undecided != session);
        self.held.retain(|(_, held)| *held != session);
        self.effects.retain(|effect| effect.session() != session);
    }

    /// The next thing the driver must do, in order.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Whether a session has something to send that [`Tracks::take_due`] did not give yet.
    pub const fn has_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Sessions that got something to send since the last call.
    pub fn take_due(&mut self) -> Vec<SessionKey> {
        let due = std::mem::take(&mut self.due);
        for session in &due {
            if let Some(state) = self.sessions.get_mut(session.0) {
                state.is_due = false;
            }
        }
        due
    }

    /// How many tracks are known, for metrics and tests.
    pub fn track_count(&self) -> usize {
        self.tracks.len()
    }

    /// How many subscriptions are known, for metrics and tests.
    pub fn subscription_count(&self) -> usize {
        self.subscriptions.values().filter(|state| state.feed.is_none()).count()
    }

    /// Whether nothing is held of anybody, which is what must be left when the last session is gone
    /// and all that outlives one is over.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
            && self.tracks.is_empty()
            && self.subscriptions.is_empty()
            && self.fetches.is_empty()
            && self.joins.is_empty()
            && self.by_name.is_empty()
            && self.announcements.is_empty()
            && self.interests.is_empty()
            && self.asked_enough.is_empty()
            && self.undecided.is_empty()
            && self.held.is_empty()
            && self.cached.is_empty()
            && self.effects.is_empty()
    }

    /// SUBSCRIBE: answered by [`Effect::Established`] or [`Effect::Refused`], at once or later.
    pub fn subscribe(&mut self, now: Instant, wish: &SubscribeRequest) {
        let request = wish.request;
        if let Err(refused) = self.try_subscribe(now, wish) {
            self.effects.push_back(Effect::Refused { request, refused });
        }
    }

    fn try_subscribe(&mut self, now: Instant, wish: &SubscribeRequest) -> Result<(), Refused> {
        let existing = self.by_name.get(&wish.name).copied();
        self.check_room_for(wish.request.session, existing.filter(|_| !wish.is_question))?;
        let rendezvous = wish.rendezvous.min(self.limits.rendezvous_max);
        let standing = match self.check_publishers_of(&wish.name) {
            Ok(()) => Standing::Requested,
            Err(refused) if rendezvous.is_zero() => return Err(refused),
            Err(_) => {
                self.wait_until(now + rendezvous);
                Standing::Rendezvous(now + rendezvous)
            }
        };
        let track = self.track_named(wish.name.clone());
        let key = self.add_subscription(Subscription::new(wish, track, standing));
        self.request_for(now, key, track);
        if standing == Standing::Requested && !self.is_live(track) {
            self.begin_switching(key);
        }
        Ok(())
    }

    /// Asks for `track` for a new subscription, or establishes it if the track is there.
    pub(crate) fn request_for(&mut self, now: Instant, key: SubscriptionKey, track: TrackKey) {
        let state = self.tracks.get(track.0);
        let is_first = state.is_some_and(|state| state.subscriptions.as_slice() == [key]);
        let namespace = state.map(|state| state.name.namespace.clone());
        let is_live = self.is_live(track);
        if is_live {
            self.establish(now, key);
        }
        // Whoever may have the track is asked for it once, also beside who sends it already
        // (section 9.5).
        if !is_live || is_first {
            for publisher in namespace.map_or_else(Vec::new, |name| self.publishers_of(&name)) {
                self.ask_for_all(now, &[track], publisher);
            }
        }
    }

    /// Whether somebody has the track or may be asked for it.
    ///
    /// # Errors
    /// Why it is of no use to ask.
    pub(crate) fn check_publishers_of(&self, name: &FullTrackName) -> Result<(), Refused> {
        let state = self.track_by_name(name);
        if state.is_some_and(|state| !state.upstreams.is_empty()) {
            return Ok(());
        }
        let publishers = self.announcements.publishers(&name.namespace);
        if publishers.iter().any(|publisher| self.room_to_ask(*publisher) > 0) {
            Ok(())
        } else if publishers.is_empty() {
            Err(Refused::NO_PUBLISHER)
        } else {
            Err(Refused::ASKED_ENOUGH)
        }
    }

    /// Whether `session` may have one more subscription, to `track` if it exists.
    pub(crate) fn check_room_for(
        &self,
        session: SessionKey,
        track: Option<TrackKey>,
    ) -> Result<(), Refused> {
        let held = self.sessions.get(session.0).map_or(0, |state| state.subscriptions.len());
        if held >= self.limits.subscriptions_per_session {
            return Err(Refused::TOO_MANY);
        }
        if track.is_some_and(|track| self.subscription_of(session, track).is_some()) {
            let reason = "this session is subscribed to the track already";
            return Err(Refused::new(RequestCode::DuplicateSubscription, reason));
        }
        Ok(())
    }

    /// Puts a subscription into every list.
    pub(crate) fn add_subscription(&mut self, subscription: Subscription) -> SubscriptionKey {
        let (session, track) = (subscription.request.session, subscription.track);
        let key = SubscriptionKey(self.subscriptions.insert(subscription));
        if let Some(state) = self.sessions.get_mut(session.0) {
            state.subscriptions.push(key);
        }
        if let Some(state) = self.tracks.get_mut(track.0) {
            state.subscriptions.push(key);
        }
        key
    }

    /// The subscriber is no longer interested (STOP_SENDING or a reset of its request).
    pub fn cancel(&mut self, subscription: SubscriptionKey) {
        let Some(state) = self.subscriptions.get(subscription.0) else {
            return;
        };
        let lanes = state.open_lanes();
        let session = state.request.session;
        if !lanes.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session, lanes });
        }
        self.remove_subscription(subscription);
    }

    /// The request that is still waiting for its answer was given up.
    pub fn cancel_request(&mut self, request: RequestKey) {
        if let Some(subscription) = self.subscription_by(request) {
            self.cancel(subscription);
        }
    }

    /// The subscription that `request` led to.
    pub(crate) fn subscription_by(&self, request: RequestKey) -> Option<SubscriptionKey> {
        let mut of_session = self.sessions.get(request.session.0)?.subscriptions.iter().copied();
        of_session
            .find(|key| self.subscriptions.get(key.0).is_some_and(|state| state.request == request))
    }

    pub(super) fn establish(&mut self, now: Instant, key: SubscriptionKey) {
        let has_alias = self.stop_switching(key);
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        if state.feed.is_some() {
            return self.feed_established(now, key);
        }
        let Some(track) = self.tracks.get(state.track.0) else {
            return;
        };
        let request = state.request;
        if let Err(refused) = state.establish(now, track) {
            self.effects.push_back(Effect::Refused { request, refused });
            self.remove_subscription(key);
            return;
        }
        if !has_alias {
            state.alias = self.sessions.get_mut(request.session.0).map_or(0, Session::take_alias);
        }
        self.effects.push_back(state.established(key, track));
        let (track, forward) = (state.track, state.forward);
        self.mark(key);
        // One without objects pauses nothing: its publisher was just asked to send them.
        if forward {
            self.review_demand(track);
        }
        self.help_to_start(key);
        self.serve_joins(now, key);
    }

    /// The subscription of `session` to `track`; a question about the track is none.
    pub(crate) fn subscription_of(
        &self,
        session: SessionKey,
        track: TrackKey,
    ) -> Option<SubscriptionKey> {
        let list = &self.tracks.get(track.0)?.subscriptions;
        let is_ours = |state: &Subscription| {
            state.request.session == session && !state.is_question && state.feed.is_none()
        };
        list.iter().copied().find(|key| self.subscriptions.get(key.0).is_some_and(is_ours))
    }

    /// Takes a subscription out of every list; the track goes with its last one.
    pub(crate) fn remove_subscription(&mut self, key: SubscriptionKey) {
        self.drop_feeds(key);
        let Some(state) = self.subscriptions.remove(key.0) else {
            return;
        };
        self.refuse_joins(key);
        if let Some(session) = self.sessions.get_mut(state.request.session.0) {
            session.subscriptions.retain(|other| *other != key);
            session.switching.retain(|other| *other != key);
            session.dirty.retain(|other| *other != key);
            session.voices.retain(|other| *other != key);
        }
        if let Some(track) = self.tracks.get_mut(state.track.0) {
            track.subscriptions.retain(|other| *other != key);
        }
        self.release(state.track);
    }

    /// Lets go of a track that nobody wants: upstream subscriptions are cancelled. One that is
    /// published without being asked stays.
    pub(crate) fn release(&mut self, track: TrackKey) {
        let Some(state) = self.tracks.get(track.0) else {
            return;
        };
        let is_used = !state.subscriptions.is_empty() || !state.fetches.is_empty();
        if is_used || state.upstreams.is_published() {
            self.review_demand(track);
            return;
        }
        for session in state.upstreams.sessions() {
            self.effects.push_back(Effect::CancelUpstream { session, track });
        }
        if let Some(state) = self.tracks.remove(track.0) {
            self.cached.forget(&state);
            self.forget_name(&state.name, track);
        }
    }

    /// The name stands for this track no more; it may stand for a newer one already.
    pub(crate) fn forget_name(&mut self, name: &FullTrackName, track: TrackKey) {
        if self.by_name.get(name) == Some(&track) {
            self.by_name.remove(name);
        }
    }

    /// The sessions that announced `namespace` or a prefix of it.
    pub(crate) fn publishers_of(&self, namespace: &Namespace) -> Vec<SessionKey> {
        self.announcements.publishers(namespace)
    }

    pub(super) fn track_named(&mut self, name: FullTrackName) -> TrackKey {
        let tracks = &mut self.tracks;
        *self
            .by_name
            .entry(name)
            .or_insert_with_key(|name| TrackKey(tracks.insert(Track::new(name.clone()))))
    }

    pub(crate) fn track_by_name(&self, name: &FullTrackName) -> Option<&Track> {
        self.tracks.get(self.key_of(name)?.0)
    }

    pub(crate) fn key_of(&self, name: &FullTrackName) -> Option<TrackKey> {
        self.by_name.get(name).copied()
    }

    /// Tracks below `prefix` in the order of their names, in which they stand together.
    pub(crate) fn tracks_below(&self, prefix: &Namespace) -> Vec<TrackKey> {
        let first = FullTrackName::new(prefix.clone(), Bytes::new());
        let from = self.by_name.range(first..);
        let below = from.take_while(|(name, _)| name.namespace.starts_with(prefix));
        below.map(|(_, key)| *key).collect()
    }

    pub(crate) fn is_live(&self, track: TrackKey) -> bool {
        self.tracks.get(track.0).is_some_and(|state| state.upstreams.is_live())
    }
}
