//! What a session wishes of its switching tracks, for the decision what of it is sent.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::PRIORITY_URGENT;

use super::Switching;
use super::levels::{Levels, Measured, best_for, levels};
use crate::layering::{Rank, Wish};
use crate::subscription::Subscription;
use crate::track::Track;
use crate::tracks::Tracks;
use crate::{SessionKey, SubscriptionKey};

impl Tracks {
    /// Sessions whose wishes have changed since the last call, so that it is to be decided what is
    /// sent of them.
    pub fn take_undecided(&mut self) -> Vec<SessionKey> {
        std::mem::take(&mut self.undecided)
    }

    /// Whether [`Tracks::take_undecided`] has something to give.
    pub const fn has_undecided(&self) -> bool {
        !self.undecided.is_empty()
    }

    /// Whether a session has subscriptions to switching tracks.
    pub fn has_wishes(&self, session: SessionKey) -> bool {
        self.sessions.get(session.0).is_some_and(|state| !state.switching.is_empty())
    }

    /// A wish for each switching subscription of a session.
    pub fn wishes(&self, now: Instant, session: SessionKey) -> Vec<Wish> {
        let keys = self.sessions.get(session.0).map(|state| state.switching.iter());
        keys.into_iter().flatten().filter_map(|key| self.wish(now, *key)).collect()
    }

    /// Bits a second of everything that a session has beside its switching tracks, speech as often as
    /// it goes out.
    pub fn reserved(&self, now: Instant, session: SessionKey) -> u64 {
        let keys = self.sessions.get(session.0).map(|state| state.subscriptions.iter());
        let keys = keys.into_iter().flatten().filter(|key| !self.is_unheard(**key));
        let fixed = keys.filter_map(|key| self.subscriptions.get(key.0));
        let fixed = fixed.filter(|state| state.is_established() && state.wants_objects());
        let tracks = fixed.filter_map(|state| self.tracks.get(state.track.0));
        let copies = self.sessions.get(session.0).map_or(0, |state| state.packing.copies);
        let rate = |track: &Track| {
            let spoken = track.spoken.total(now);
            let is_urgent = track.properties.priority() <= PRIORITY_URGENT;
            let times = if is_urgent { 1 + u64::from(copies) } else { 1 };
            // What may wait is not all there at once.
            let written = if is_urgent { track.meter.total(now) } else { track.meter.usual(now) };
            written.saturating_add(spoken.saturating_mul(times))
        };
        tracks.map(rate).fold(0, u64::saturating_add)
    }

    fn wish(&self, now: Instant, key: SubscriptionKey) -> Option<Wish> {
        let state = self.subscriptions.get(key.0)?;
        let switching = state.switching.as_deref().filter(|_| state.done.is_none())?;
        let current = switching.current.and_then(|current| self.subscriptions.get(current.key.0));
        let priority = current
            .and_then(|current| self.tracks.get(current.track.0))
            .map_or(switching.ladder.priority, |track| track.properties.priority());
        let feeds = switching.feeds();
        let feeds = feeds.iter().filter_map(|feed| self.subscriptions.get(feed.0));
        Some(Wish {
            key,
            rank: Rank::new(state.priority, priority),
            levels: self.levels_of(now, state),
            oldest_waiting: feeds.filter_map(|feed| self.oldest_waiting(now, feed)).max(),
        })
    }

    fn levels_of(&self, now: Instant, state: &Subscription) -> Levels {
        let Some(switching) = state.switching.as_deref().filter(|_| state.forward) else {
            return Levels::new();
        };
        let renditions = switching.ladder.renditions;
        let is_there = |rendition| !switching.is_absent(now, rendition);
        let Some(best) = best_for(renditions, is_there, state.picture_height) else {
            return Levels::new();
        };
        let measured = self.measured(now, switching).or(switching.measured);
        levels(switching.ladder, is_there, best, measured)
    }

    /// What is measured of the rendition that is sent, once there is something to say.
    pub(super) fn measured(&self, now: Instant, switching: &Switching) -> Option<Measured> {
        let current = switching.current?;
        let feed = self.subscriptions.get(current.key.0)?;
        let layers = self.tracks.get(feed.track.0)?.meter.settled(now)?;
        Some((current.rendition, layers))
    }

    /// How long the oldest of what is to be sent of a feed waits.
    fn oldest_waiting(&self, now: Instant, feed: &Subscription) -> Option<Duration> {
        let track = self.tracks.get(feed.track.0)?;
        let open = feed.lanes.iter().filter(|lane| !lane.is_closed);
        let since = open.filter_map(|lane| lane.waits_since(lane.source(track)?)).min()?;
        // What stands behind an image of the slides waits for that, and not for the line.
        let session = self.sessions.get(feed.request.session.0);
        let since = session.and_then(|session| session.outranked).map_or(since, |at| at.max(since));
        Some(now.saturating_duration_since(since))
    }
}
