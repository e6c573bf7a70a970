//! What all subscribers of a track together want of its publishers, and what each of them changes.

use std::time::Instant;

use mosaik_proto::moqt::{DoneCode, Location};

use super::Tracks;
use crate::effect::{Effect, Refused};
use crate::subscription::{Change, Subscription};
use crate::{RequestKey, SubscriptionKey, TrackKey};

impl Tracks {
    /// REQUEST_UPDATE of a subscription (section 10.9.1). Gives the largest location, for its
    /// answer; a subscription that still waits for its own answer has none to give.
    ///
    /// # Errors
    /// When the filter cannot be served; [`Effect::Done`] with UPDATE_FAILED then follows.
    pub fn update(
        &mut self,
        now: Instant,
        subscription: SubscriptionKey,
        change: &Change,
    ) -> Result<Option<Location>, Refused> {
        let Some(state) = self.subscriptions.get_mut(subscription.0) else {
            return Ok(None);
        };
        state.change(change);
        if !state.is_established() {
            state.forward = change.forward.unwrap_or(state.forward);
            return Ok(None);
        }
        if state.switching.is_some() {
            return self.update_switching(now, subscription, change);
        }
        let key = state.track;
        let Some(track) = self.tracks.get(key.0) else {
            return Ok(None);
        };
        let largest = track.largest;
        let session = state.request.session;
        if change.priority.is_some() {
            state.lanes.iter_mut().for_each(|lane| lane.set_priority(state.priority));
        }
        let mut cut = Vec::new();
        if change.filter.is_some() {
            match state.refilter(track) {
                Ok(lanes) => cut = lanes,
                Err(refused) => {
                    self.end_subscription(now, subscription, DoneCode::UpdateFailed);
                    return Err(refused);
                }
            }
        }
        if let Some(forward) = change.forward.filter(|forward| *forward != state.forward) {
            cut.extend(state.open_lanes());
            if forward {
                state.resume(now, track);
            } else {
                state.pause();
            }
        }
        if !cut.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session, lanes: cut });
        }
        self.mark(subscription);
        self.review_demand(key);
        self.help_to_start(subscription);
        Ok(largest)
    }

    /// Ends one subscription of ours to give, now: its open streams are reset.
    pub fn end_subscription(
        &mut self,
        now: Instant,
        subscription: SubscriptionKey,
        code: DoneCode,
    ) {
        if let Some(state) = self.subscriptions.get_mut(subscription.0) {
            state.done.get_or_insert((code, now));
            self.finish(subscription);
        }
    }

    /// REQUEST_UPDATE of a subscription that is not established yet.
    pub fn update_waiting(&mut self, now: Instant, request: RequestKey, change: &Change) {
        if let Some(subscription) = self.subscription_by(request) {
            // It is not looked at before it is established, so it cannot fail.
            let _ = self.update(now, subscription, change);
        }
    }

    /// Whether any subscriber wants objects of the track, so that its publisher should send them.
    pub fn is_wanted(&self, track: TrackKey) -> bool {
        let wants = |key: &SubscriptionKey| {
            self.subscriptions.get(key.0).is_some_and(Subscription::wants_objects)
        };
        self.tracks.get(track.0).is_some_and(|state| state.subscriptions.iter().any(wants))
    }

    /// Tells publishers whether objects are wanted, if that has changed (section 9.5).
    pub(crate) fn review_demand(&mut self, track: TrackKey) {
        let forward = self.is_wanted(track);
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        for session in state.upstreams.set_forward(forward) {
            let forward = Some(forward);
            self.effects.push_back(Effect::UpdateUpstream {
                session,
                track,
                forward,
                new_group: None,
            });
        }
    }

    /// Passes on that a subscriber asks for a new group. One that wants objects of a track whose
    /// newest group is not here cannot start, and has it asked for (section 5.1.3.1).
    pub(crate) fn help_to_start(&mut self, subscription: SubscriptionKey) {
        let Some(state) = self.subscriptions.get_mut(subscription.0) else {
            return;
        };
        let asked = state.new_group.take();
        let (key, forward) = (state.track, state.forward);
        let Some(track) = self.tracks.get_mut(key.0) else {
            return;
        };
        let largest = track.largest.map(|largest| largest.group);
        let is_stuck = forward && track.newest().is_none();
        let missing = largest.filter(|_| is_stuck).map(|largest| largest.saturating_add(1));
        let Some(value) = asked.or(missing) else {
            return;
        };
        if !track.properties.has_dynamic_groups() || !track.new_group.must_ask(value, largest) {
            return;
        }
        for session in track.upstreams.answered() {
            let (track, new_group) = (key, Some(value));
            self.effects.push_back(Effect::UpdateUpstream {
                session,
                track,
                forward: None,
                new_group,
            });
        }
    }

    /// REQUEST_UPDATE_OK from a publisher says where its track stands (section 10.2.11).
    pub fn upstream_stands_at(&mut self, track: TrackKey, largest: Location) {
        if let Some(state) = self.tracks.get_mut(track.0) {
            state.largest = state.largest.max(Some(largest));
        }
    }
}
