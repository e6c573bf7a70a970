//! Requests for the past: standalone and joining FETCH, their change and their end.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{FullTrackName, Location, ResetCode, SendOrder};

use super::span::Span;
use super::{End, Fetch, FetchKey, FetchTerms, JoinStart, WaitingJoin};
use crate::effect::{Effect, Refused};
use crate::subscription::Subscription;
use crate::track::Track;
use crate::tracks::{Session, Tracks};
use crate::{LaneId, RequestKey, SessionKey, SubscriptionKey, TrackKey};

impl Tracks {
    /// Standalone FETCH: objects from `start` to `last`, inclusively. Answered by
    /// [`Effect::FetchOk`] or [`Effect::Refused`], at once or when a publisher has answered; ended
    /// by [`Effect::FetchOver`].
    pub fn fetch(
        &mut self,
        now: Instant,
        terms: &FetchTerms,
        name: FullTrackName,
        (start, last): (Location, Location),
    ) {
        let span = Span { start, last, order: terms.order };
        if let Err(refused) = self.try_fetch(now, terms, name, span) {
            self.effects.push_back(Effect::Refused { request: terms.request, refused });
        }
    }

    fn try_fetch(
        &mut self,
        now: Instant,
        terms: &FetchTerms,
        name: FullTrackName,
        mut span: Span,
    ) -> Result<(), Refused> {
        self.check_room_for_fetch(terms.request.session)?;
        let key = self.key_of(&name);
        let track = key.and_then(|key| self.tracks.get(key.0));
        if track.is_some_and(|track| track.is_switched) {
            return Err(Refused::NO_PAST);
        }
        let publisher = self.publisher_for(terms.request.session, &name, track);
        let may_ask = publisher.is_some() && terms.fill_timeout != Some(Duration::ZERO);
        let known = track.filter(|track| {
            let is_enough = track.largest.is_some_and(|largest| span.last <= largest);
            track.is_local || track.upstreams.is_current() || is_enough || !may_ask
        });
        let Some(track) = known.filter(|track| track.is_known()) else {
            // Where the track ends is the publisher's to say, so all of it is.
            return match publisher {
                Some(_) if may_ask => {
                    self.add_fetch(now, terms, name, span, None);
                    Ok(())
                }
                Some(_) => Err(Refused::NO_ANSWER),
                None => Err(Refused::NO_PUBLISHER),
            };
        };
        let largest = track.largest.ok_or(Refused::NOTHING_YET)?;
        if span.start > largest {
            return Err(Refused::BEYOND);
        }
        span.last = span.last.min(largest);
        let key = self.add_fetch(now, terms, name, span, key);
        self.say_yes(key);
        Ok(())
    }

    /// Joining FETCH: objects up to where the subscription of `joined` begins, so that both
    /// together bring every object once. It is answered as [`Tracks::fetch`]; while the
    /// subscription has no answer, it waits for that.
    pub fn join(&mut self, now: Instant, terms: &FetchTerms, joined: RequestKey, start: JoinStart) {
        let is_question = |key: &SubscriptionKey| {
            self.subscriptions.get(key.0).is_some_and(|state| state.is_question)
        };
        let subscription = self.subscription_by(joined).filter(|key| !is_question(key));
        let is_waiting = subscription
            .is_some_and(|key| self.subscriptions.get(key.0).is_some_and(Subscription::is_waiting));
        let session = terms.request.session;
        let tried = match (subscription, self.check_room_for_fetch(session)) {
            (Some(subscription), Ok(())) if is_waiting => {
                self.joins.push(WaitingJoin { terms: *terms, subscription, start });
                Ok(())
            }
            (Some(subscription), Ok(())) => self.try_join(now, terms, subscription, start),
            (None, _) => Err(Refused::NOT_JOINABLE),
            (_, Err(refused)) => Err(refused),
        };
        if let Err(refused) = tried {
            self.effects.push_back(Effect::Refused { request: terms.request, refused });
        }
    }

    /// The track that a joining FETCH of this subscription's request would be of.
    pub fn joined_track(&self, joined: RequestKey) -> Option<&FullTrackName> {
        let subscription = self.subscriptions.get(self.subscription_by(joined)?.0)?;
        self.tracks.get(subscription.track.0).map(|track| &track.name)
    }

    fn try_join(
        &mut self,
        now: Instant,
        terms: &FetchTerms,
        subscription: SubscriptionKey,
        start: JoinStart,
    ) -> Result<(), Refused> {
        let state = self.subscriptions.get(subscription.0).ok_or(Refused::NOT_JOINABLE)?;
        if !state.is_established() || state.done.is_some() {
            return Err(Refused::NOT_JOINABLE);
        }
        if state.switching.is_some() {
            return Err(Refused::NO_PAST);
        }
        if !state.forward {
            return Err(Refused::PAUSED);
        }
        let key = state.track;
        let track = self.tracks.get(key.0).ok_or(Refused::NOT_JOINABLE)?;
        let (last, joined_at) = state.join(track).ok_or(Refused::NOTHING_YET)?;
        let group = match start {
            JoinStart::Before(groups) => last.group.saturating_sub(groups),
            JoinStart::At(group) => group,
        };
        let start = Location::new(group, 0);
        if start > last {
            return Err(Refused::BEYOND);
        }
        let name = track.name.clone();
        let span = Span { start, last, order: terms.order };
        let fetch = self.add_fetch(now, terms, name, span, Some(key));
        if let Some(fetch) = self.fetches.get_mut(fetch.0) {
            fetch.joined_at = joined_at;
        }
        self.say_yes(fetch);
        Ok(())
    }

    /// A subscription has its yes: what waited to join it is served.
    pub(crate) fn serve_joins(&mut self, now: Instant, subscription: SubscriptionKey) {
        for join in self.take_joins(subscription) {
            if let Err(refused) = self.try_join(now, &join.terms, subscription, join.start) {
                let request = join.terms.request;
                self.effects.push_back(Effect::Refused { request, refused });
            }
        }
    }

    /// A subscription is gone: what waited to join it has nothing to join.
    pub(crate) fn refuse_joins(&mut self, subscription: SubscriptionKey) {
        for join in self.take_joins(subscription) {
            let refused = Refused::NOT_JOINABLE;
            self.effects.push_back(Effect::Refused { request: join.terms.request, refused });
        }
    }

    fn take_joins(&mut self, subscription: SubscriptionKey) -> Vec<WaitingJoin> {
        self.joins.extract_if(.., |join| join.subscription == subscription).collect()
    }

    /// REQUEST_UPDATE of a FETCH: another priority (section 10.2.7).
    pub fn update_fetch(&mut self, request: RequestKey, priority: u8) {
        for join in self.joins.iter_mut().filter(|join| join.terms.request == request) {
            join.terms.priority = priority;
        }
        if let Some(key) = self.fetch_by(request)
            && let Some(fetch) = self.fetches.get_mut(key.0)
        {
            fetch.set_priority(priority);
            self.mark_fetch(key);
        }
    }

    /// The subscriber is no longer interested, or may not have it any more.
    pub fn cancel_fetch(&mut self, request: RequestKey) {
        self.joins.retain(|join| join.terms.request != request);
        if let Some(key) = self.fetch_by(request) {
            self.reset_fetch(key);
            self.remove_fetch(key);
        }
    }

    fn fetch_by(&self, request: RequestKey) -> Option<FetchKey> {
        let mut of_session = self.sessions.get(request.session.0)?.fetches.iter().copied();
        of_session.find(|key| self.fetches.get(key.0).is_some_and(|state| state.request == request))
    }

    fn check_room_for_fetch(&self, session: SessionKey) -> Result<(), Refused> {
        let open = self.sessions.get(session.0).map_or(0, |state| state.fetches.len());
        let waiting = self.joins.iter().filter(|join| join.terms.request.session == session);
        if open.saturating_add(waiting.count()) >= self.limits.fetches_per_session {
            return Err(Refused::TOO_MANY);
        }
        Ok(())
    }

    /// Who can be asked for objects of a track: whoever publishes it or announced its namespace,
    /// others before the one who asks.
    pub(crate) fn publisher_for(
        &self,
        session: SessionKey,
        name: &FullTrackName,
        track: Option<&Track>,
    ) -> Option<SessionKey> {
        if track.is_some_and(|track| track.is_local) {
            return None;
        }
        let answered = track.map_or_else(Vec::new, |track| track.upstreams.answered());
        let announced = self.publishers_of(&name.namespace);
        let all = || answered.iter().chain(&announced).copied();
        all().find(|publisher| *publisher != session).or_else(|| all().next())
    }

    /// Puts a fetch into every list.
    fn add_fetch(
        &mut self,
        now: Instant,
        terms: &FetchTerms,
        name: FullTrackName,
        span: Span,
        track: Option<TrackKey>,
    ) -> FetchKey {
        let session = self.sessions.get_mut(terms.request.session.0);
        let lane = session.map_or(LaneId(0), Session::take_lane);
        let mut fetch = Fetch::new(now, terms, name, span, (lane, self.limits.fill_max));
        fetch.track = track;
        let key = FetchKey(self.fetches.insert(fetch));
        if let Some(state) = self.sessions.get_mut(terms.request.session.0) {
            state.fetches.push(key);
        }
        if let Some(track) = track.and_then(|track| self.tracks.get_mut(track.0)) {
            track.fetches.push(key);
        }
        self.mark_fetch(key);
        key
    }

    /// FETCH_OK of a fetch whose end the log knows.
    fn say_yes(&mut self, key: FetchKey) {
        let Some(fetch) = self.fetches.get_mut(key.0) else {
            return;
        };
        let Some(track) = fetch.track.and_then(|track| self.tracks.get(track.0)) else {
            return;
        };
        fetch.is_answered = true;
        let last = fetch.span.last;
        self.effects.push_back(Effect::FetchOk {
            request: fetch.request,
            last,
            is_end_of_track: track.is_end(last),
            properties: track.properties.clone(),
        });
    }

    /// Takes a fetch out of every list, and its FETCH at a publisher back.
    pub(crate) fn remove_fetch(&mut self, key: FetchKey) {
        let Some(fetch) = self.fetches.remove(key.0) else {
            return;
        };
        if let Some(session) = self.sessions.get_mut(fetch.request.session.0) {
            session.fetches.retain(|other| *other != key);
            session.dirty_fetches.retain(|other| *other != key);
        }
        if let Some(fill) = fetch.fill.filter(|fill| fill.is_begun) {
            self.effects.push_back(Effect::CancelFill { session: fill.session, fill: fill.key });
        }
        if let Some(track) = fetch.track {
            if let Some(state) = self.tracks.get_mut(track.0) {
                state.fetches.retain(|other| *other != key);
            }
            self.release(track);
        }
    }

    /// Resets a fetch's stream if it is open.
    pub(super) fn reset_fetch(&mut self, key: FetchKey) {
        if let Some(fetch) = self.fetches.get(key.0).filter(|fetch| fetch.is_open()) {
            let (session, lanes) = (fetch.request.session, vec![fetch.lane]);
            self.effects.push_back(Effect::ResetLanes { session, lanes });
        }
    }

    /// The fetches of a track end now: it breaks the rules of tracks (section 2.4.2).
    pub(crate) fn break_fetches(&mut self, track: TrackKey, code: ResetCode) {
        let keys = self.tracks.get(track.0).map_or_else(Vec::new, |state| state.fetches.clone());
        for key in keys {
            if let Some(fetch) = self.fetches.get_mut(key.0) {
                fetch.break_off(code);
                self.mark_fetch(key);
            }
        }
    }

    /// Ends the waits of fetches that are over: of a subscriber that takes nothing, of a publisher
    /// that gives nothing.
    pub(crate) fn expire_fetches(&mut self, now: Instant) {
        let stall_max = self.limits.fetch_stall_max;
        let is_late = |fetch: &Fetch| fetch.deadline(stall_max).is_some_and(|until| until <= now);
        let late = self.fetches.iter().filter(|(_, fetch)| is_late(fetch));
        let late: Vec<FetchKey> = late.map(|(key, _)| FetchKey(key)).collect();
        for key in late {
            let Some(fetch) = self.fetches.get_mut(key.0) else {
                continue;
            };
            if let Some(fill) = fetch.starved_fill(now) {
                let session = fill.session;
                let fill = fill.key;
                self.effects.push_back(Effect::CancelFill { session, fill });
                self.fill_failed(fill, Refused::NO_ANSWER, ResetCode::UnknownObjectStatus);
                continue;
            }
            // A late object counts as missing from here on.
            if fetch.late_until().is_none() {
                let is_ours = fetch.out.is_empty();
                fetch.break_off(if is_ours {
                    ResetCode::UnknownObjectStatus
                } else {
                    ResetCode::TooFarBehind
                });
            }
            self.mark_fetch(key);
        }
    }

    /// A fetch may have something to send.
    pub(crate) fn mark_fetch(&mut self, key: FetchKey) {
        if let Some(fetch) = self.fetches.get_mut(key.0) {
            let was_dirty = std::mem::replace(&mut fetch.is_dirty, true);
            let session = fetch.request.session;
            self.mark_session(session, |state| {
                if !was_dirty {
                    state.dirty_fetches.push(key);
                }
            });
        }
    }

    /// The log of `track` has more: fetches that wait for it go on.
    pub(crate) fn mark_fetches_of(&mut self, track: TrackKey) {
        let keys = self.tracks.get(track.0).map_or_else(Vec::new, |state| state.fetches.clone());
        for key in keys {
            if self.fetches.get(key.0).is_some_and(|fetch| fetch.waits_for_log) {
                self.mark_fetch(key);
            }
        }
    }

    /// After a flush: fetches with work left stay on the session's list, those that are over go.
    pub(crate) fn settle_fetches(&mut self, session: SessionKey, served: Vec<FetchKey>) {
        for key in served {
            let Some(fetch) = self.fetches.get_mut(key.0) else {
                continue;
            };
            fetch.is_dirty = false;
            let request = fetch.request;
            if let End::Closed(reset) = fetch.end {
                self.effects.push_back(Effect::FetchOver { request, reset });
                self.remove_fetch(key);
            } else if !fetch.is_answered && fetch.fill.is_none() && fetch.end == End::Open {
                let refused = Refused::NO_PUBLISHER;
                self.effects.push_back(Effect::Refused { request, refused });
                self.remove_fetch(key);
            } else {
                fetch.is_dirty = fetch.has_work();
                if fetch.is_dirty
                    && let Some(state) = self.sessions.get_mut(session.0)
                {
                    state.dirty_fetches.push(key);
                }
                self.drive_fill(key);
            }
        }
    }
}

impl Fetch {
    fn set_priority(&mut self, priority: u8) {
        self.priority = priority;
        let order = SendOrder::of_fetch(priority, self.publisher_priority);
        self.is_reordered |= order != self.order;
        self.order = order;
    }
}
