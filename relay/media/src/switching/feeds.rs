//! The feeds of a switching subscription: opened, answered, refused, over.

use std::time::Instant;

use mosaik_proto::moqt::{DoneCode, FullTrackName, Namespace};

use super::{Switching, Target, ladder_of};
use crate::effect::{Effect, Refused};
use crate::tracks::Tracks;
use crate::{SessionKey, SubscriptionKey, TrackKey};

impl Tracks {
    /// A subscription waits for a track that is served out of renditions if nobody publishes it: the
    /// session's line is to be looked at, so that the right one is asked for.
    pub(crate) fn begin_switching(&mut self, key: SubscriptionKey) {
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        let name = self.tracks.get(state.track.0).map(|track| &track.name);
        let Some(ladder) = name.and_then(ladder_of).filter(|_| state.switching.is_none()) else {
            return;
        };
        let session = state.request.session;
        state.switching = Some(Box::new(Switching::new(ladder)));
        if let Some(of) = self.sessions.get_mut(session.0) {
            state.alias = of.take_alias();
            of.switching.push(key);
        }
        self.look_at(session);
    }

    /// The wishes of a session are others than they were.
    pub(crate) fn look_at(&mut self, session: SessionKey) {
        if !self.undecided.contains(&session) {
            self.undecided.push(session);
        }
    }

    /// A publisher announced `namespace`: what was not to be had there before may be now.
    pub(crate) fn renditions_may_be_there(&mut self, namespace: &Namespace) {
        for track in self.tracks_below(namespace) {
            let state = self.tracks.get(track.0).filter(|state| state.is_switched);
            for key in state.map_or_else(Vec::new, |state| state.subscriptions.clone()) {
                if let Some(switching) = self.switching(key) {
                    switching.forget_absence();
                }
            }
        }
    }

    pub(super) fn switching(&mut self, key: SubscriptionKey) -> Option<&mut Switching> {
        self.subscriptions.get_mut(key.0)?.switching.as_deref_mut()
    }

    /// The track is somebody's own: it is served as any. True if it was not before, so that the
    /// subscription has its alias.
    pub(crate) fn stop_switching(&mut self, key: SubscriptionKey) -> bool {
        self.drop_feeds(key);
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return false;
        };
        let was_switching = state.switching.take().is_some();
        if let Some(session) = self.sessions.get_mut(state.request.session.0) {
            session.switching.retain(|other| *other != key);
        }
        was_switching
    }

    /// Nobody has the track itself: its subscriptions are served out of renditions.
    pub(crate) fn serve_switched(&mut self, now: Instant, track: TrackKey) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        state.is_switched = true;
        for key in state.subscriptions.clone() {
            self.begin_switching(key);
            self.review_switching(now, key);
        }
    }

    /// Asks for a rendition, which is the target from here on.
    ///
    /// # Errors
    /// When nobody is there to be asked, or was asked for too much.
    pub(super) fn open_target(
        &mut self,
        now: Instant,
        key: SubscriptionKey,
        (rendition, temporal): (u8, u8),
        new_group: Option<u64>,
    ) -> Result<(), Refused> {
        let state = self.subscriptions.get(key.0).ok_or(Refused::NO_PUBLISHER)?;
        let namespace = self.tracks.get(state.track.0).map(|track| track.name.namespace.clone());
        let switching = state.switching.as_deref();
        let of = switching.and_then(|of| of.ladder.renditions.get(usize::from(rendition)));
        let (namespace, of) = namespace.zip(of).ok_or(Refused::NO_PUBLISHER)?;
        let name = FullTrackName::new(namespace, of.track.as_bytes());
        self.check_publishers_of(&name)?;
        let track = self.track_named(name.clone());
        let state = self.subscriptions.get(key.0).ok_or(Refused::NO_PUBLISHER)?;
        let mut feed = state.feed(key, track, name);
        feed.new_group = new_group;
        if let Some(feed) = &mut feed.feed {
            feed.layers = temporal.saturating_add(1);
        }
        let feed = SubscriptionKey(self.subscriptions.insert(feed));
        if let Some(switching) = self.switching(key) {
            switching.target = Some(Target { rendition, key: feed, asked: now });
            switching.orphaned = None;
        }
        if let Some(track) = self.tracks.get_mut(track.0) {
            track.subscriptions.push(feed);
        }
        self.request_for(now, feed, track);
        Ok(())
    }

    /// A feed's publisher said yes.
    pub(crate) fn feed_established(&mut self, now: Instant, feed: SubscriptionKey) {
        let Some(state) = self.subscriptions.get_mut(feed.0) else {
            return;
        };
        let Some((track, of)) = self.tracks.get(state.track.0).zip(state.feed.as_ref()) else {
            return;
        };
        let (of, track_key) = (of.of, state.track);
        state.establish_feed(now, track);
        if let Some(switching) = self.switching(of)
            && let Some(target) = switching.target.filter(|target| target.key == feed)
        {
            switching.found(target.rendition);
        }
        self.review_demand(track_key);
        self.help_to_start(feed);
        self.review_switching(now, of);
        self.mark(feed);
    }

    /// A feed's publisher said no.
    pub(crate) fn feed_refused(&mut self, now: Instant, feed: SubscriptionKey, refused: Refused) {
        let of = self.subscriptions.get(feed.0).and_then(|state| state.feed.as_ref());
        let Some(of) = of.map(|feed| feed.of) else {
            return;
        };
        self.remove_feed(feed);
        if let Some(switching) = self.switching(of) {
            switching.refused = refused;
            if let Some(rendition) = switching.forget(feed) {
                switching.miss(now, rendition);
            }
        }
        self.review_switching(now, of);
    }

    /// A feed's publisher ends it: while late objects may still come, another rendition is asked for.
    pub(crate) fn feed_ends(&mut self, now: Instant, feed: SubscriptionKey) {
        let state = self.subscriptions.get(feed.0);
        let of = state.and_then(|state| Some((state.request.session, state.feed.as_ref()?.of)));
        let Some((session, of)) = of else {
            return;
        };
        if let Some(switching) = self.switching(of)
            && let Some(current) = switching.current.filter(|current| current.key == feed)
        {
            switching.miss(now, current.rendition);
            self.look_at(session);
        }
    }

    /// A feed is over: its publisher ended it, or its subscriber did not keep up.
    pub(crate) fn feed_over(&mut self, feed: SubscriptionKey) {
        let Some(state) = self.subscriptions.get(feed.0) else {
            return;
        };
        let Some(((code, at), of)) = state.done.zip(state.feed.as_ref()) else {
            return;
        };
        let of = of.of;
        self.remove_feed(feed);
        let Some(switching) = self.switching(of) else {
            return;
        };
        if let Some(rendition) = switching.forget(feed) {
            switching.miss(at, rendition);
        }
        let is_idle = switching.feeds().is_empty();
        if code == DoneCode::TooFarBehind || (is_idle && !self.has_announcer(of)) {
            return self.end_subscription(at, of, code);
        }
        self.review_switching(at, of);
    }

    /// Whether somebody announces the namespace of a subscription's track.
    pub(super) fn has_announcer(&self, key: SubscriptionKey) -> bool {
        let track = self.subscriptions.get(key.0).and_then(|state| self.tracks.get(state.track.0));
        track.is_some_and(|track| !self.publishers_of(&track.name.namespace).is_empty())
    }

    /// What follows from an answer: the subscription has its own, or none is left to come.
    pub(super) fn review_switching(&mut self, now: Instant, key: SubscriptionKey) {
        let Some(state) = self.subscriptions.get(key.0) else {
            return;
        };
        let (request, is_waiting) = (state.request, state.is_waiting());
        let Some(switching) = state.switching.as_deref() else {
            return;
        };
        let is_over = switching.feeds().is_empty() && switching.cheapest(now).is_none();
        let target = switching.target.map(|target| target.key);
        let refused = switching.refused;
        // As long as its own publisher may have it, that one has the first word.
        let is_ours = self.tracks.get(state.track.0).is_some_and(|track| track.is_switched);
        self.look_at(request.session);
        if is_over && is_ours && is_waiting {
            let refused = Refused { code: refused.code, ..Refused::NO_RENDITION };
            self.effects.push_back(Effect::Refused { request, refused });
            self.remove_subscription(key);
        } else if is_over && !is_waiting {
            self.end_subscription(now, key, DoneCode::TrackEnded);
        } else if let Some(target) = target.filter(|_| is_waiting && is_ours) {
            self.establish_switching(now, key, target);
        }
    }

    /// SUBSCRIBE_OK, if the first rendition is there.
    fn establish_switching(&mut self, now: Instant, key: SubscriptionKey, target: SubscriptionKey) {
        let feed = self.subscriptions.get(target.0).filter(|feed| feed.is_established());
        let Some(track) = feed.and_then(|feed| self.tracks.get(feed.track.0)) else {
            return;
        };
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        let request = state.request;
        if let Err(refused) = state.establish(now, track) {
            self.effects.push_back(Effect::Refused { request, refused });
            return self.remove_subscription(key);
        }
        let new_group = state.new_group.take();
        self.effects.push_back(state.established(key, track));
        if let Some(feed) = self.subscriptions.get_mut(target.0) {
            feed.new_group = new_group;
        }
        self.help_to_start(target);
        self.mark(target);
        self.serve_joins(now, key);
    }

    /// Takes a feed out of every list; its open streams are reset.
    pub(super) fn remove_feed(&mut self, feed: SubscriptionKey) {
        let Some(state) = self.subscriptions.get(feed.0) else {
            return;
        };
        let (session, lanes, streams) = (state.request.session, state.open_lanes(), state.streams);
        let of = state.feed.as_ref().map(|feed| feed.of);
        if !lanes.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session, lanes });
        }
        if let Some(of) = of.and_then(|of| self.subscriptions.get_mut(of.0)) {
            of.streams = of.streams.saturating_add(streams);
        }
        self.remove_subscription(feed);
    }

    /// Nothing more is sent of a switching subscription.
    pub(crate) fn drop_feeds(&mut self, key: SubscriptionKey) {
        let Some(switching) = self.switching(key) else {
            return;
        };
        let feeds = switching.feeds();
        (switching.current, switching.target) = (None, None);
        switching.ending.clear();
        for feed in feeds {
            self.remove_feed(feed);
        }
    }
}
