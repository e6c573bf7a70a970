//! What a flush needs of the tables: a session's list of work, a lane and its subgroup.

use std::time::Instant;

use crate::datagrams::{Datagrams, Freshness};
use crate::effect::Effect;
use crate::fetch::{Fetch, FetchKey, Source};
use crate::group::Subgroup;
use crate::keys::{LaneId, SessionKey, SubscriptionKey};
use crate::lane::Lane;
use crate::subscription::Subscription;
use crate::track::Track;
use crate::tracks::Tracks;

impl Tracks {
    /// The subscriptions of a session that have something to do; its list is empty afterwards.
    pub(crate) fn take_dirty(&mut self, session: SessionKey) -> Vec<SubscriptionKey> {
        self.sessions.get_mut(session.0).map(|s| std::mem::take(&mut s.dirty)).unwrap_or_default()
    }

    /// The fetches of a session that have something to do; its list is empty afterwards.
    pub(crate) fn take_dirty_fetches(&mut self, session: SessionKey) -> Vec<FetchKey> {
        let state = self.sessions.get_mut(session.0);
        state.map(|state| std::mem::take(&mut state.dirty_fetches)).unwrap_or_default()
    }

    /// Does something with a fetch and what it is served from, if it is still there.
    pub(crate) fn with_fetch<R>(
        &mut self,
        now: Instant,
        key: FetchKey,
        act: impl FnOnce(&mut Fetch, &Source<'_>) -> R,
    ) -> Option<R> {
        let fetch = self.fetches.get(key.0)?;
        let track = fetch.track.and_then(|track| self.tracks.get(track.0));
        let publisher = if fetch.may_ask() {
            self.publisher_for(fetch.request.session, &fetch.name, track)
        } else {
            None
        };
        let source = Source { key, track, publisher, now };
        let fetch = self.fetches.get_mut(key.0)?;
        Some(act(fetch, &source))
    }

    /// A subscription, its track, and the session's number for its next lane.
    pub(crate) fn parts(
        &mut self,
        session: SessionKey,
        key: SubscriptionKey,
    ) -> Option<(&mut Subscription, &Track, &mut u64)> {
        let subscription = self.subscriptions.get_mut(key.0)?;
        let track = self.tracks.get(subscription.track.0)?;
        let next_lane = &mut self.sessions.get_mut(session.0)?.next_lane;
        Some((subscription, track, next_lane))
    }

    /// Does something with a lane and the subgroup it sends, if both are still there.
    pub(crate) fn with_lane<R>(
        &mut self,
        key: SubscriptionKey,
        lane: LaneId,
        act: impl FnOnce(&mut Lane, &Subgroup) -> R,
    ) -> Option<R> {
        let subscription = self.subscriptions.get_mut(key.0)?;
        let track = self.tracks.get(subscription.track.0)?;
        let lane = subscription.lanes.iter_mut().find(|other| other.id == lane)?;
        let subgroup = lane.source(track)?;
        Some(act(lane, subgroup))
    }

    /// Does something with the datagrams of a subscription, if it is still there; they may wait as
    /// long as [`Freshness`] says, and go out again so many times.
    pub(crate) fn with_datagrams<R>(
        &mut self,
        now: Instant,
        key: SubscriptionKey,
        act: impl FnOnce(&mut Datagrams, Freshness, u8) -> R,
    ) -> Option<R> {
        let subscription = self.subscriptions.get_mut(key.0)?;
        let track = self.tracks.get(subscription.track.0)?;
        let session = self.sessions.get(subscription.request.session.0)?;
        let fresh = Freshness { now, timeout: subscription.datagram_timeout(track) };
        Some(act(&mut subscription.datagrams, fresh, session.packing.copies))
    }

    pub(crate) fn count_stream(&mut self, key: SubscriptionKey) {
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            subscription.streams = subscription.streams.saturating_add(1);
        }
    }

    pub(crate) fn took(&mut self, key: SubscriptionKey, bytes: usize) {
        let served = self.count_turn(bytes);
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            subscription.behind.took(bytes);
            subscription.served = served.unwrap_or(subscription.served);
        }
    }

    /// The number of a turn in which a transport took something, so that it was one.
    pub(crate) fn count_turn(&mut self, bytes: usize) -> Option<u64> {
        self.turns = self.turns.saturating_add(u64::from(bytes > 0));
        (bytes > 0).then_some(self.turns)
    }

    /// A subgroup went out whole.
    pub(crate) fn finished_one(&mut self, key: SubscriptionKey) {
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            subscription.behind.finished();
        }
    }

    pub(crate) fn uncount_stream(&mut self, key: SubscriptionKey) {
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            subscription.streams = subscription.streams.saturating_sub(1);
        }
    }

    /// After a flush: subscriptions with work left stay on the session's list, those whose track
    /// is over and that have everything are ended.
    pub(crate) fn settle(&mut self, session: SessionKey, served: Vec<SubscriptionKey>) {
        let copies = self.sessions.get(session.0).map_or(0, |state| state.packing.copies);
        for key in served {
            let Some(subscription) = self.subscriptions.get_mut(key.0) else {
                continue;
            };
            let Some(track) = self.tracks.get(subscription.track.0) else {
                continue;
            };
            let is_due = |lane: &Lane| lane.source(track).is_some_and(|s| lane.is_due(s));
            subscription.datagrams.end_turn(copies);
            let has_more =
                !subscription.datagrams.is_empty() || subscription.lanes.iter().any(is_due);
            subscription.is_dirty = subscription.forward && has_more;
            if subscription.is_dirty {
                if let Some(state) = self.sessions.get_mut(session.0) {
                    state.dirty.push(key);
                }
            } else if subscription.done.is_some() && subscription.open_lanes().is_empty() {
                self.finish(key);
            }
        }
    }

    /// PUBLISH_DONE, and the subscription is gone.
    pub(crate) fn finish(&mut self, key: SubscriptionKey) {
        let Some(subscription) = self.subscriptions.get(key.0) else {
            return;
        };
        let Some((code, _)) = subscription.done else {
            return;
        };
        if subscription.feed.is_some() {
            return self.feed_over(key);
        }
        self.drop_feeds(key);
        let Some(subscription) = self.subscriptions.get(key.0) else {
            return;
        };
        let request = subscription.request;
        let lanes = subscription.open_lanes();
        let streams = subscription.streams;
        if !lanes.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session: request.session, lanes });
        }
        self.effects.push_back(Effect::Done { request, code, streams });
        self.remove_subscription(key);
    }
}
