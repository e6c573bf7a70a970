//! SUBSCRIBE_TRACKS: who wants every track below a prefix, and what is offered (section 10.19).
//!
//! Tracks wait in the interest until its driver takes them, one after the other: a prefix with
//! hundreds of tracks costs no more queue than a list of their keys.

use std::collections::VecDeque;
use std::time::Instant;

use mosaik_proto::moqt::{DoneCode, FullTrackName, Location, Namespace, TrackProperties};

use crate::announce::{AnnounceRefusal, overlap};
use crate::effect::{Effect, Refused};
use crate::subscription::{Change, Standing, SubscribeRequest, Subscription};
use crate::tracks::{Session, Tracks};
use crate::{RequestKey, SubscriptionKey, TrackKey};

/// One SUBSCRIBE_TRACKS.
#[derive(Debug)]
pub(crate) struct Interest {
    pub(crate) request: RequestKey,
    prefix: Namespace,
    /// Live tracks that were not offered yet, each once.
    waiting: VecDeque<TrackKey>,
}

/// What to say in PUBLISH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The subscription that it becomes when it is taken.
    pub subscription: SubscriptionKey,
    /// The alias on data streams.
    pub alias: u64,
    /// The largest location seen in the track.
    pub largest: Option<Location>,
    /// What the publisher says of the track.
    pub properties: TrackProperties,
}

impl Tracks {
    /// SUBSCRIBE_TRACKS: every live track below `prefix`, now and later, waits to be offered.
    ///
    /// # Errors
    /// [`AnnounceRefusal::TooMany`] beyond [`crate::Limits::listeners_per_session`], and
    /// [`AnnounceRefusal::Overlap`] with another interest of the session.
    pub fn want_tracks(
        &mut self,
        request: RequestKey,
        prefix: Namespace,
    ) -> Result<(), AnnounceRefusal> {
        let mine = self.interests.iter().filter(|other| other.request.session == request.session);
        if mine.count() >= self.limits.listeners_per_session {
            return Err(AnnounceRefusal::TooMany);
        }
        self.check_interest(request, &prefix)?;
        let below = self.tracks_below(&prefix);
        self.interests.push(Interest { request, prefix, waiting: VecDeque::new() });
        for track in below {
            self.let_wait(request, track);
        }
        Ok(())
    }

    /// REQUEST_UPDATE of a SUBSCRIBE_TRACKS: tracks below the new prefix are offered from here on,
    /// subscriptions that exist stay (section 10.9.2).
    ///
    /// # Errors
    /// [`AnnounceRefusal::Overlap`]; the old prefix then stays.
    pub fn want_tracks_elsewhere(
        &mut self,
        request: RequestKey,
        prefix: Namespace,
    ) -> Result<(), AnnounceRefusal> {
        self.check_interest(request, &prefix)?;
        let below = self.tracks_below(&prefix);
        if let Some(interest) = self.interest_mut(request) {
            interest.prefix = prefix;
            interest.waiting.clear();
        }
        for track in below {
            self.let_wait(request, track);
        }
        Ok(())
    }

    /// The SUBSCRIBE_TRACKS of `request` is over; subscriptions that it led to stay.
    pub fn stop_wanting_tracks(&mut self, request: RequestKey) {
        self.interests.retain(|interest| interest.request != request);
    }

    /// The next track to offer in answer to `request`, and the end of its namespace behind the
    /// prefix. Whether the subscriber may have it is the driver's to check.
    pub fn next_wanted(&mut self, request: RequestKey) -> Option<(FullTrackName, Namespace)> {
        loop {
            let interest = self.interest_mut(request)?;
            let track = interest.waiting.pop_front()?;
            let prefix = interest.prefix.clone();
            if !self.is_offerable(request, track) {
                continue;
            }
            let name = self.tracks.get(track.0)?.name.clone();
            let suffix = name.namespace.strip_prefix(&prefix)?;
            return Some((name, suffix));
        }
    }

    /// PUBLISH to a subscriber: nothing is sent before it takes the offer. `request` is one of ours.
    ///
    /// # Errors
    /// When the track is gone, the session has it already, or has too many.
    pub fn offer(
        &mut self,
        request: RequestKey,
        name: FullTrackName,
        forward: bool,
    ) -> Result<Offer, Refused> {
        let track = self.key_of(&name).filter(|track| self.is_live(*track));
        let track = track.ok_or(Refused::NO_PUBLISHER)?;
        self.check_room_for(request.session, Some(track))?;
        let wish = SubscribeRequest { forward, ..SubscribeRequest::new(request, name) };
        let mut subscription = Subscription::new(&wish, track, Standing::Offered);
        let session = self.sessions.get_mut(request.session.0);
        subscription.alias = session.map_or(0, Session::take_alias);
        let alias = subscription.alias;
        let subscription = self.add_subscription(subscription);
        let state = self.tracks.get(track.0).ok_or(Refused::NO_PUBLISHER)?;
        let (largest, properties) = (state.largest, state.properties.clone());
        Ok(Offer { subscription, alias, largest, properties })
    }

    /// PUBLISH_OK: the subscriber takes the offer on these terms, and objects are sent. A filter
    /// that nothing can pass any more ends the subscription at once.
    pub fn take_offer(&mut self, now: Instant, subscription: SubscriptionKey, change: &Change) {
        let Some(state) = self.subscriptions.get_mut(subscription.0) else {
            return;
        };
        let Some(track) = self.tracks.get(state.track.0) else {
            return;
        };
        if state.standing != Standing::Offered {
            return;
        }
        if state.take_offer(now, track, change).is_err() {
            state.done.get_or_insert((DoneCode::SubscriptionEnded, now));
            self.wait_until(now);
        }
        self.mark(subscription);
    }

    /// A track is live: whoever wants it and has not got it is offered it.
    pub(crate) fn offer_to_interested(&mut self, track: TrackKey) {
        let Some(name) = self.tracks.get(track.0).map(|state| state.name.clone()) else {
            return;
        };
        let wanting = self.interests.iter();
        let wanting = wanting.filter(|interest| name.namespace.starts_with(&interest.prefix));
        let requests: Vec<RequestKey> = wanting.map(|interest| interest.request).collect();
        for request in requests {
            self.let_wait(request, track);
        }
    }

    fn let_wait(&mut self, request: RequestKey, track: TrackKey) {
        if !self.is_offerable(request, track) {
            return;
        }
        let Some(interest) = self.interest_mut(request) else {
            return;
        };
        let was_empty = interest.waiting.is_empty();
        if !interest.waiting.contains(&track) {
            interest.waiting.push_back(track);
        }
        if was_empty {
            self.effects.push_back(Effect::Wanted { request });
        }
    }

    /// Whether the track is live, not the subscriber's own, and not one that it has or waits for.
    fn is_offerable(&self, request: RequestKey, track: TrackKey) -> bool {
        let session = request.session;
        let upstreams = self.tracks.get(track.0).map(|state| &state.upstreams);
        upstreams.is_some_and(|upstreams| upstreams.is_live() && !upstreams.has(session))
            && self.subscription_of(session, track).is_none()
    }

    fn interest_mut(&mut self, request: RequestKey) -> Option<&mut Interest> {
        self.interests.iter_mut().find(|interest| interest.request == request)
    }

    /// Prefixes of one session's interests must not overlap (section 10.19).
    fn check_interest(
        &self,
        request: RequestKey,
        prefix: &Namespace,
    ) -> Result<(), AnnounceRefusal> {
        let overlaps = self.interests.iter().any(|other| {
            other.request.session == request.session
                && other.request != request
                && overlap(&other.prefix, prefix)
        });
        if overlaps { Err(AnnounceRefusal::Overlap) } else { Ok(()) }
    }
}
