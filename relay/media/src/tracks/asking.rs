//! SUBSCRIBE to publishers: each is asked for so many tracks at once and no more, whoever wants
//! them.

use std::time::Instant;

use super::Tracks;
use crate::effect::Effect;
use crate::subscription::Standing;
use crate::upstream::Standing as UpstreamStanding;
use crate::{SessionKey, TrackKey};

impl Tracks {
    /// Whether `session` was asked for `track`, and has neither answered nor been told that nobody
    /// wants it any more.
    pub fn is_asked(&self, session: SessionKey, track: TrackKey) -> bool {
        self.tracks.get(track.0).is_some_and(|state| state.upstreams.is_asked(session))
    }

    /// How many more tracks `session` may be asked for.
    pub(super) fn room_to_ask(&self, session: SessionKey) -> usize {
        let asked = self.tracks.values().filter(|track| track.upstreams.was_asked(session));
        self.limits.asked_per_session.saturating_sub(asked.count())
    }

    /// Asks `session` for those of `tracks` that somebody wants. For those beyond its bound it is
    /// asked when it has answered for others, unless nobody waits so long.
    pub(super) fn ask_for_all(&mut self, now: Instant, tracks: &[TrackKey], session: SessionKey) {
        let mut room = self.room_to_ask(session);
        for track in tracks {
            if room == 0 {
                if !self.asked_enough.contains(&session) {
                    self.asked_enough.push(session);
                }
                return;
            }
            if self.request_upstream(now, *track, session) {
                room -= 1;
            }
        }
    }

    /// Publishers who were asked for as many tracks as they may be and who have answered since are
    /// asked for the rest.
    pub(crate) fn ask_for_the_rest(&mut self, now: Instant) {
        for session in std::mem::take(&mut self.asked_enough) {
            if self.room_to_ask(session) == 0 {
                self.asked_enough.push(session);
                continue;
            }
            for namespace in self.announcements.announced_by(session) {
                let wanted = self.tracks_below(&namespace);
                self.ask_for_all(now, &wanted, session);
            }
        }
    }

    /// SUBSCRIBE to `session`, if somebody wants the track and `session` does not send it; false if
    /// not.
    fn request_upstream(&mut self, now: Instant, track: TrackKey, session: SessionKey) -> bool {
        let until = now + self.limits.upstream_answer_max;
        self.wait_until(until);
        let Some(state) = self.tracks.get_mut(track.0) else {
            return false;
        };
        if state.upstreams.has(session) || state.subscriptions.is_empty() {
            return false;
        }
        if state.is_switched {
            self.begin_waiting(track);
            return false;
        }
        state.upstreams.set(session, UpstreamStanding::Requested(until), true);
        let name = state.name.clone();
        let mut new_group = None;
        for key in &state.subscriptions {
            if let Some(subscription) = self.subscriptions.get_mut(key.0)
                && subscription.is_waiting()
            {
                subscription.standing = Standing::Requested;
                new_group = new_group.max(subscription.new_group.take());
            }
        }
        state.new_group.asked(new_group);
        self.effects.push_back(Effect::SubscribeUpstream { session, track, name, new_group });
        self.begin_waiting(track);
        true
    }

    /// Those who wait for a publisher of a switching track have one now.
    fn begin_waiting(&mut self, track: TrackKey) {
        let keys = self.tracks.get(track.0).map_or_else(Vec::new, |of| of.subscriptions.clone());
        for key in keys {
            if let Some(state) = self.subscriptions.get_mut(key.0)
                && state.is_waiting()
                && state.feed.is_none()
            {
                state.standing = Standing::Requested;
                self.begin_switching(key);
            }
        }
    }
}
