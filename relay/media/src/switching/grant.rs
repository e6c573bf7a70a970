//! What a decision grants, done.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::DoneCode;

use super::levels::ALL_LAYERS;
use super::{Switching, Target};
use crate::effect::Effect;
use crate::layering::Level;
use crate::subscription::Subscription;
use crate::track::Track;
use crate::tracks::Tracks;
use crate::{LaneId, SessionKey, SubscriptionKey};

/// How long a better rendition is waited for before its publisher is asked for a group: most begin
/// one by themselves in that time, and a key frame costs what ten other frames do.
const PATIENCE_UP: Duration = Duration::from_secs(1);

/// How long a group is waited for that was asked for, before it is asked for again.
const PATIENCE: Duration = Duration::from_secs(2);

/// Percent of what is granted that the base layer of a dearer rendition may take until the cheaper
/// one begins. That is half a second; without any picture it would be a freeze.
const BRIDGE: u64 = 150;

impl Tracks {
    /// Serves a switching subscription at this level of its wish from now on, or not at all.
    pub fn grant(&mut self, now: Instant, key: SubscriptionKey, level: Option<Level>) {
        let state = self.subscriptions.get(key.0);
        let measured = state.and_then(|state| self.measured(now, state.switching.as_deref()?));
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        let (forward, is_waiting) = (state.forward, state.is_waiting());
        let is_over = state.done.is_some();
        let Some(switching) = state.switching.as_deref_mut().filter(|_| !is_over) else {
            return;
        };
        let level = level.filter(|_| forward);
        switching.granted = level;
        switching.measured = measured.or(switching.measured);
        if is_waiting {
            return self.ask_first(now, key);
        }
        match level {
            None => self.drop_feeds(key),
            Some(level) => {
                self.aim(now, key, level);
                self.hurry(now, key);
            }
        }
    }

    /// The pictures of a session are granted so much together, in bits a second: they and what may
    /// wait beside them leave about twice as fast.
    pub fn pace(&mut self, session: SessionKey, bitrate: u64) {
        if let Some(state) = self.sessions.get_mut(session.0) {
            state.paces.grant(bitrate);
        }
    }

    /// Without an answer for one rendition there is none for the subscription, so one is asked for
    /// whatever the line carries.
    fn ask_first(&mut self, now: Instant, key: SubscriptionKey) {
        let Some(switching) = self.switching(key).filter(|of| of.target.is_none()) else {
            return;
        };
        let granted = switching.granted.map(|level| (level.rendition, level.temporal));
        let cheapest = switching.cheapest(now).map(|cheapest| (cheapest, ALL_LAYERS));
        if let Some(level) = granted.or(cheapest) {
            self.open_or_miss(now, key, level, None);
        }
    }

    fn open_or_miss(
        &mut self,
        now: Instant,
        key: SubscriptionKey,
        level: (u8, u8),
        new_group: Option<u64>,
    ) {
        let Err(refused) = self.open_target(now, key, level, new_group) else {
            return;
        };
        let grace = self.limits.publisher_grace;
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        let is_waiting = state.is_waiting();
        let Some(switching) = state.switching.as_deref_mut() else {
            return;
        };
        switching.refused = refused;
        if is_waiting {
            switching.miss(now, level.0);
            return self.review_switching(now, key);
        }
        // The publisher may come back: it is tried again with each decision.
        let since = *switching.orphaned.get_or_insert(now);
        if now.saturating_duration_since(since) >= grace {
            self.end_subscription(now, key, DoneCode::TrackEnded);
        }
    }

    /// Makes the granted rendition the current one or the target.
    fn aim(&mut self, now: Instant, key: SubscriptionKey, level: Level) {
        let Level { rendition, temporal, bitrate } = level;
        let Some(switching) = self.switching(key) else {
            return;
        };
        let (current, target) = (switching.current, switching.target);
        if let Some(current) = current.filter(|current| current.rendition == rendition) {
            self.drop_target(key);
            return self.limit_layers(current.key, temporal.saturating_add(1));
        }
        let begun = switching.begun;
        if let Some(target) = target.filter(|target| target.rendition == rendition) {
            self.limit_layers(target.key, temporal.saturating_add(1));
        } else {
            self.drop_target(key);
            let is_down = current.is_some_and(|current| rendition < current.rendition);
            let new_group = begun.map(|begun| begun.saturating_add(1)).filter(|_| is_down);
            self.open_or_miss(now, key, (rendition, temporal), new_group);
        }
        // Until the cheaper one has a group, the dearer one costs hardly more.
        if let Some(current) = current.filter(|current| rendition < current.rendition) {
            let most = bitrate.saturating_mul(BRIDGE) / 100;
            let is_cheap = self.base_of(now, current.key).is_some_and(|base| base <= most);
            self.limit_layers(current.key, u8::from(is_cheap));
        }
    }

    /// Bits a second of a feed's base layer, as far as known.
    fn base_of(&self, now: Instant, feed: SubscriptionKey) -> Option<u64> {
        let track = self.tracks.get(self.subscriptions.get(feed.0)?.track.0)?;
        track.meter.layers(now).map(|[base, ..]| base)
    }

    fn drop_target(&mut self, key: SubscriptionKey) {
        let target = self.switching(key).and_then(|switching| switching.target.take());
        if let Some(target) = target {
            self.remove_feed(target.key);
        }
    }

    /// Sends so many of a feed's layers: those above are not begun, and reset where they are.
    fn limit_layers(&mut self, feed: SubscriptionKey, layers: u8) {
        let Some(state) = self.subscriptions.get_mut(feed.0) else {
            return;
        };
        if !state.feed.as_mut().is_some_and(|feed| feed.limit(layers)) {
            return;
        }
        let Some(track) = self.tracks.get(state.track.0) else {
            return;
        };
        let session = state.request.session;
        let lanes = cut_above(state, track, layers);
        if !lanes.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session, lanes });
        }
    }

    /// Asks the target's publisher for a group to begin with, if one is waited for too long: for a
    /// cheaper rendition it was asked at once.
    fn hurry(&mut self, now: Instant, key: SubscriptionKey) {
        let Some(switching) = self.switching(key) else {
            return;
        };
        let Some((target, value)) = switching.overdue(now) else {
            return;
        };
        switching.target = Some(Target { asked: now, ..target });
        if let Some(feed) = self.subscriptions.get_mut(target.key.0)
            && feed.is_established()
        {
            feed.new_group = Some(value);
            self.help_to_start(target.key);
        }
    }
}

impl Switching {
    /// The target, if it has waited too long for a group, and from which group on one is of use.
    fn overdue(&self, now: Instant) -> Option<(Target, u64)> {
        let target = self.target?;
        let is_up = self.current.is_none_or(|current| target.rendition > current.rendition);
        let patience = if is_up { PATIENCE_UP } else { PATIENCE };
        let is_overdue = now.saturating_duration_since(target.asked) >= patience;
        let value = self.begun.map_or(0, |begun| begun.saturating_add(1));
        is_overdue.then_some((target, value))
    }
}

/// Closes a feed's lanes above the first `layers`, but for what is handed over to its end; gives those
/// that are open.
fn cut_above(feed: &mut Subscription, track: &Track, layers: u8) -> Vec<LaneId> {
    let above = feed.lanes.iter_mut().filter(|lane| lane.subgroup >= u64::from(layers));
    let mut cut = Vec::new();
    for lane in above {
        if lane.is_closed || lane.source(track).is_some_and(|source| lane.is_finished(source)) {
            continue;
        }
        lane.is_closed = true;
        if lane.header.is_none() {
            cut.push(lane.id);
        }
    }
    cut
}
