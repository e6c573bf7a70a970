//! The turn from one rendition to another, looked at whenever the session is served.

use std::time::Instant;

use mosaik_proto::moqt::{GroupId, Location, ResetCode};

use super::{Serving, Target};
use crate::group::Group;
use crate::subscription::Subscription;
use crate::track::Track;
use crate::tracks::Tracks;
use crate::{LaneId, SessionKey, SubgroupEnd, SubscriptionKey};

/// Feeds that are sent to their end beside the current one: a line that takes nothing has no more.
const ENDING_MAX: usize = 2;

impl Tracks {
    /// Lets targets take over that have a group to begin with, and ends what they follow. Gives the
    /// streams that are to be reset before anything is written.
    pub(crate) fn turn_switches(
        &mut self,
        now: Instant,
        session: SessionKey,
        dirty: &mut Vec<SubscriptionKey>,
    ) -> Vec<(LaneId, ResetCode)> {
        let mut resets = Vec::new();
        let keys = self.sessions.get(session.0).map(|state| state.switching.as_slice());
        for index in 0..keys.map_or(0, <[SubscriptionKey]>::len) {
            let state = self.sessions.get(session.0);
            let Some(key) = state.and_then(|state| state.switching.get(index).copied()) else {
                break;
            };
            if let Some(feed) = self.turn(now, key, &mut resets)
                && let Some(state) = self.subscriptions.get_mut(feed.0)
                && !std::mem::replace(&mut state.is_dirty, true)
            {
                dirty.push(feed);
            }
            self.end_followed(key, &mut resets);
        }
        resets
    }

    /// The target takes over if it can; gives it then.
    fn turn(
        &mut self,
        now: Instant,
        key: SubscriptionKey,
        resets: &mut Vec<(LaneId, ResetCode)>,
    ) -> Option<SubscriptionKey> {
        let state = self.subscriptions.get(key.0)?;
        let switching = state.switching.as_deref()?;
        let target = switching.target?;
        if !state.is_established() || !state.forward || switching.granted.is_none() {
            return None;
        }
        let feed = self.subscriptions.get(target.key.0).filter(|feed| feed.is_established())?;
        let track = self.tracks.get(feed.track.0)?;
        let start = match switching.begun {
            // The first one of all begins where the filter says.
            None => state.start,
            Some(begun) => first_fitting(state, track, begun)?,
        };
        let end = state.end;
        self.take_over(key, (target, start), resets);
        if let Some(feed) = self.subscriptions.get_mut(target.key.0) {
            feed.feed_from(now, start, end);
        }
        Some(target.key)
    }

    fn take_over(
        &mut self,
        key: SubscriptionKey,
        (target, start): (Target, Location),
        resets: &mut Vec<(LaneId, ResetCode)>,
    ) {
        let Some(switching) = self.switching(key) else {
            return;
        };
        let Target { rendition, key: feed, .. } = target;
        switching.target = None;
        let old = switching.current.replace(Serving { rendition, key: feed, start });
        let begun = switching.begun;
        let Some(old) = old else {
            return;
        };
        switching.ending.push(old.key);
        let surplus = switching.ending.len() > ENDING_MAX;
        let surplus = surplus.then(|| switching.ending.remove(0));
        let is_down = rendition < old.rendition;
        if is_down {
            self.counts.switches_down += 1;
        } else {
            self.counts.switches_up += 1;
        }
        let Some(state) = self.subscriptions.get_mut(old.key.0) else {
            return;
        };
        state.end = begun;
        // What has become too dear gives way at once.
        if let Some(track) = self.tracks.get(state.track.0).filter(|_| is_down) {
            close(state, track, true, resets);
        }
        if let Some(surplus) = surplus {
            self.remove_feed(surplus);
        }
    }

    /// Ends those that were followed by the current one, once that one can be shown.
    fn end_followed(&mut self, key: SubscriptionKey, resets: &mut Vec<(LaneId, ResetCode)>) {
        let switching = self.subscriptions.get(key.0).and_then(|state| state.switching.as_deref());
        let Some(switching) = switching.filter(|switching| !switching.ending.is_empty()) else {
            return;
        };
        let ending = switching.ending.clone();
        let is_shown = switching.current.is_some_and(|current| self.is_shown(current));
        for feed in ending {
            let Some(state) = self.subscriptions.get_mut(feed.0) else {
                continue;
            };
            if let Some(track) = self.tracks.get(state.track.0)
                && is_shown
            {
                close(state, track, false, resets);
            }
            if state.lanes.iter().all(|lane| lane.is_closed) {
                self.remove_feed(feed);
                if let Some(switching) = self.switching(key) {
                    switching.ending.retain(|other| *other != feed);
                }
            }
        }
    }

    /// Whether the first object of what is sent was handed over whole.
    fn is_shown(&self, current: Serving) -> bool {
        let Some(feed) = self.subscriptions.get(current.key.0) else {
            return false;
        };
        let Some(track) = self.tracks.get(feed.track.0) else {
            return false;
        };
        let mut lanes = feed.lanes.iter().filter(|lane| lane.group >= current.start.group);
        lanes.any(|lane| lane.source(track).is_some_and(|source| lane.has_handed_over(source)))
    }

    /// Takes note of the groups that a feed has begun.
    pub(crate) fn note_begun(&mut self, feed: SubscriptionKey) {
        let Some(state) = self.subscriptions.get(feed.0) else {
            return;
        };
        let Some(of) = state.feed.as_ref().map(|feed| feed.of) else {
            return;
        };
        let begun = state.lanes.iter().map(|lane| lane.group).max();
        if let Some(switching) = self.switching(of) {
            switching.begun = switching.begun.max(begun);
        }
    }
}

/// Where the rendition in `track` can take over: at its newest group, if that is above all that was
/// begun and its first object is there.
fn first_fitting(state: &Subscription, track: &Track, begun: GroupId) -> Option<Location> {
    let fits = |group: &&Group| {
        group.id > begun && state.passes(group.id) && group.first_from(0) == Some(0)
    };
    track.groups.iter().rev().find(fits).map(|group| Location::new(group.id, 0))
}

/// Closes the lanes of a feed that another one follows: those whose subgroups go on, and if
/// `with_rest` those too whose rest was not handed over. What is open is to be reset.
fn close(
    feed: &mut Subscription,
    track: &Track,
    with_rest: bool,
    resets: &mut Vec<(LaneId, ResetCode)>,
) {
    for lane in feed.lanes.iter_mut().filter(|lane| !lane.is_closed) {
        let Some(source) = lane.source(track) else {
            continue;
        };
        let has_ended = source.end == Some(SubgroupEnd::Finished);
        if has_ended && !(with_rest && lane.has_unsent(source)) {
            continue;
        }
        lane.is_closed = true;
        if lane.header.is_none() {
            resets.push((lane.id, ResetCode::Cancelled));
        }
    }
}
