//! REQUEST_UPDATE of a switching subscription.

use std::time::Instant;

use mosaik_proto::moqt::{DoneCode, Location};

use crate::SubscriptionKey;
use crate::effect::{Effect, Refused};
use crate::subscription::Change;
use crate::tracks::Tracks;

impl Tracks {
    /// What [`Tracks::update`] is for any other subscription; the subscription has taken the change.
    pub(crate) fn update_switching(
        &mut self,
        now: Instant,
        key: SubscriptionKey,
        change: &Change,
    ) -> Result<Option<Location>, Refused> {
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return Ok(None);
        };
        let session = state.request.session;
        let (priority, new_group) = (state.priority, state.new_group.take());
        let Some(switching) = state.switching.as_deref() else {
            return Ok(None);
        };
        let feeds = switching.feeds();
        let current = switching.current.map(|current| current.key);
        let to_feeds = Change {
            filter: None,
            forward: None,
            new_group: None,
            picture_height: None,
            ..*change
        };
        for feed in feeds {
            if let Some(feed) = self.subscriptions.get_mut(feed.0) {
                feed.change(&to_feeds);
                if change.priority.is_some() {
                    feed.lanes.iter_mut().for_each(|lane| lane.set_priority(priority));
                }
            }
            self.mark(feed);
        }
        if change.filter.is_some()
            && let Err(refused) = self.refilter_switching(key, current)
        {
            self.end_subscription(now, key, DoneCode::UpdateFailed);
            return Err(refused);
        }
        if let Some(forward) = change.forward {
            if let Some(state) = self.subscriptions.get_mut(key.0) {
                state.forward = forward;
            }
            if !forward {
                self.drop_feeds(key);
            }
        }
        self.look_at(session);
        let feed = current.filter(|feed| self.subscriptions.contains_key(feed.0));
        let Some(feed) = feed else {
            return Ok(None);
        };
        if let Some(feed) = self.subscriptions.get_mut(feed.0) {
            feed.new_group = new_group;
        }
        self.help_to_start(feed);
        let track = self.subscriptions.get(feed.0).map(|feed| feed.track);
        Ok(track.and_then(|track| self.tracks.get(track.0)).and_then(|track| track.largest))
    }

    /// The filter counts where the current rendition stands, and for those that follow it.
    fn refilter_switching(
        &mut self,
        key: SubscriptionKey,
        current: Option<SubscriptionKey>,
    ) -> Result<(), Refused> {
        let of = current.unwrap_or(key);
        let track = self.subscriptions.get(of.0).map(|state| state.track);
        let Some(track) = track.and_then(|track| self.tracks.get(track.0)) else {
            return Ok(());
        };
        let Some(state) = self.subscriptions.get_mut(key.0) else {
            return Ok(());
        };
        // It has no lanes of its own.
        state.refilter(track)?;
        let (session, filter) = (state.request.session, state.filter());
        let Some(feed) = current.and_then(|current| self.subscriptions.get_mut(current.0)) else {
            return Ok(());
        };
        feed.change(&Change { filter, ..Change::default() });
        let lanes = feed.refilter(track)?;
        if !lanes.is_empty() {
            self.effects.push_back(Effect::ResetLanes { session, lanes });
        }
        Ok(())
    }
}
