//! Who publishes a track: asked by us, or by PUBLISH.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{
    DoneCode, FullTrackName, Location, RequestCode, ResetCode, TrackProperties,
};

use super::Tracks;
use crate::effect::{Effect, Refused};
use crate::subscription::Subscription;
use crate::switching::ladder_of;
use crate::upstream::Standing as UpstreamStanding;
use crate::{RequestKey, SessionKey, SubscriptionKey, TrackKey};

/// How long objects of a track that is over may still arrive on streams under way.
const LATE_OBJECTS: Duration = Duration::from_secs(2);

impl Tracks {
    /// PUBLISH: `session` sends the track without being asked, objects of it as soon as
    /// [`Tracks::is_wanted`]. If `session` was asked for it and has not answered, the driver takes
    /// that request back (section 5.1).
    ///
    /// # Errors
    /// [`RequestCode::DuplicateSubscription`] when it publishes the track already,
    /// [`RequestCode::UnsupportedExtension`] for mandatory properties, and
    /// [`RequestCode::ExcessiveLoad`] beyond [`crate::Limits::tracks_per_session`]; what the session
    /// was asked for does not count, since others ask.
    pub fn publish(
        &mut self,
        now: Instant,
        session: SessionKey,
        name: FullTrackName,
        properties: TrackProperties,
        largest: Option<Location>,
    ) -> Result<TrackKey, Refused> {
        let published =
            self.tracks.values().filter(|track| track.upstreams.is_published_by(session)).count();
        if published >= self.limits.tracks_per_session {
            return Err(Refused::TOO_MANY_TRACKS);
        }
        self.publish_unbounded(now, session, name, properties, largest)
    }

    /// As [`Tracks::publish`], however many tracks the session publishes.
    pub(crate) fn publish_unbounded(
        &mut self,
        now: Instant,
        session: SessionKey,
        name: FullTrackName,
        properties: TrackProperties,
        largest: Option<Location>,
    ) -> Result<TrackKey, Refused> {
        if properties.unknown_mandatory().is_some() {
            let reason = "a mandatory track property is unknown";
            return Err(Refused::new(RequestCode::UnsupportedExtension, reason));
        }
        let track = self.track_named(name);
        let Some(state) = self.tracks.get_mut(track.0) else {
            return Err(Refused::new(RequestCode::InternalError, "the track is gone"));
        };
        if state.upstreams.has(session) && !state.upstreams.is_asked(session) {
            let reason = "this session publishes the track already";
            return Err(Refused::new(RequestCode::DuplicateSubscription, reason));
        }
        state.upstreams.set(session, UpstreamStanding::Published, false);
        state.properties = properties;
        state.largest = state.largest.max(largest);
        self.establish_waiting(now, track);
        self.offer_to_interested(track);
        self.review_demand(track);
        Ok(track)
    }

    /// The answer to [`Effect::SubscribeUpstream`], or to the same question again. One that comes when
    /// nothing is wanted of `session` any more, or when it publishes the track by itself, is too late.
    pub fn upstream_answered(
        &mut self,
        now: Instant,
        session: SessionKey,
        track: TrackKey,
        answer: Result<(TrackProperties, Option<Location>), Refused>,
    ) {
        let state = self.tracks.get_mut(track.0);
        let Some(state) = state.filter(|state| state.upstreams.was_asked(session)) else {
            return;
        };
        match answer {
            Ok((properties, largest)) => {
                state.upstreams.set(session, UpstreamStanding::Live, true);
                state.new_group.answered(largest);
                state.properties = properties;
                state.largest = state.largest.max(largest);
                self.establish_waiting(now, track);
                self.offer_to_interested(track);
            }
            Err(refused) => self.upstream_refused(now, session, track, refused),
        }
    }

    /// PUBLISH_DONE from upstream, or its request stream ended.
    pub fn upstream_done(
        &mut self,
        now: Instant,
        session: SessionKey,
        track: TrackKey,
        code: DoneCode,
    ) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        state.upstreams.remove(session);
        if state.upstreams.is_empty() {
            self.end_subscriptions(now, track, code);
            self.release(track);
        }
    }

    /// `session` may no longer publish the track: what it sent is cut off, and if nobody else
    /// publishes it, its subscribers are told at once.
    pub fn revoke(&mut self, now: Instant, session: SessionKey, track: TrackKey) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        state.cut(now, session, ResetCode::Cancelled);
        state.upstreams.remove(session);
        if state.upstreams.is_empty() {
            self.refuse_waiting(now, track, Refused::REVOKED, |request| Effect::Refused {
                request,
                refused: Refused::REVOKED,
            });
            let left = self.tracks.get(track.0).map(|state| state.subscriptions.clone());
            for key in left.unwrap_or_default() {
                self.feed_ends(now, key);
                self.end_subscription(now, key, DoneCode::TrackEnded);
            }
        }
        self.mark_track(track);
        self.release(track);
    }

    pub(crate) fn upstream_refused(
        &mut self,
        now: Instant,
        session: SessionKey,
        track: TrackKey,
        refused: Refused,
    ) {
        let name = self.tracks.get(track.0).map(|state| &state.name);
        if name.is_some_and(|name| ladder_of(name).is_some()) {
            return self.upstream_has_none(now, session, track);
        }
        self.upstream_denied(
            now,
            session,
            track,
            (refused, |request| Effect::Refused { request, refused }),
        );
    }

    /// A publisher has no track of a switching track's name: it is served out of renditions, unless
    /// another one has it.
    fn upstream_has_none(&mut self, now: Instant, session: SessionKey, track: TrackKey) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        state.upstreams.remove(session);
        if !state.upstreams.is_empty() {
            return;
        }
        // Those that it served before are over.
        for key in state.subscriptions.clone() {
            let served = |of: &Subscription| of.is_established() && of.switching.is_none();
            if self.subscriptions.get(key.0).is_some_and(served) {
                self.end_one(now, key, DoneCode::TrackEnded);
            }
        }
        self.serve_switched(now, track);
        self.release(track);
    }

    /// The publisher says that the track is to be asked for under another name, which it is for our
    /// subscribers to do: their rights may not reach there (section 10.6.1).
    pub fn upstream_redirected(
        &mut self,
        now: Instant,
        session: SessionKey,
        track: TrackKey,
        name: &FullTrackName,
    ) {
        let state = self.tracks.get(track.0);
        if state.is_some_and(|state| state.upstreams.was_asked(session)) {
            let redirect = |request| Effect::Redirected { request, name: name.clone() };
            self.upstream_denied(now, session, track, (Refused::NO_RENDITION, redirect));
        }
    }

    fn upstream_denied(
        &mut self,
        now: Instant,
        session: SessionKey,
        track: TrackKey,
        (refused, answer): (Refused, impl Fn(RequestKey) -> Effect),
    ) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        state.upstreams.remove(session);
        if !state.upstreams.is_empty() {
            return;
        }
        self.refuse_waiting(now, track, refused, answer);
        self.end_subscriptions(now, track, DoneCode::TrackEnded);
        self.release(track);
    }

    fn refuse_waiting(
        &mut self,
        now: Instant,
        track: TrackKey,
        refused: Refused,
        answer: impl Fn(RequestKey) -> Effect,
    ) {
        let keys = self.tracks.get(track.0).map(|state| state.subscriptions.clone());
        for key in keys.unwrap_or_default() {
            let waiting = self.subscriptions.get(key.0).filter(|state| state.is_waiting());
            let Some(request) = waiting.map(|state| state.request) else {
                continue;
            };
            if waiting.is_some_and(|state| state.feed.is_some()) {
                self.feed_refused(now, key, refused);
            } else {
                self.effects.push_back(answer(request));
                self.remove_subscription(key);
            }
        }
    }

    /// A publisher's session ended: subscriptions wait a while for it to come back.
    pub(super) fn publisher_lost(&mut self, now: Instant, session: SessionKey, track: TrackKey) {
        let grace = now + self.limits.publisher_grace;
        self.wait_until(grace);
        if let Some(state) = self.tracks.get_mut(track.0) {
            state.cut(now, session, ResetCode::SessionClosed);
            if state.upstreams.remove(session) && state.upstreams.is_empty() {
                state.upstreams.lose(grace);
            }
        }
        self.mark_track(track);
        self.release(track);
    }

    fn establish_waiting(&mut self, now: Instant, track: TrackKey) {
        let keys = self.tracks.get(track.0).map_or_else(Vec::new, |t| t.subscriptions.clone());
        for key in keys {
            if self.subscriptions.get(key.0).is_some_and(Subscription::is_waiting) {
                self.establish(now, key);
            }
        }
    }

    pub(crate) fn end_subscriptions(&mut self, now: Instant, track: TrackKey, code: DoneCode) {
        let keys = self.tracks.get(track.0).map_or_else(Vec::new, |t| t.subscriptions.clone());
        for key in keys {
            self.end_one(now, key, code);
        }
    }

    /// Ends a subscription when late objects have had their time.
    fn end_one(&mut self, now: Instant, key: SubscriptionKey, code: DoneCode) {
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            subscription.done.get_or_insert((code, now + LATE_OBJECTS));
            self.wait_until(now + LATE_OBJECTS);
            self.mark(key);
            self.feed_ends(now, key);
        }
    }
}
