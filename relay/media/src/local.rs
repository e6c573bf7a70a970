//! Sessions inside this process: they publish and subscribe as others do, without streams.

use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::moqt::{DoneCode, FullTrackName, Location, ObjectStatus, TrackProperties};

use crate::effect::Refused;
use crate::group::Group;
use crate::subscription::Subscription;
use crate::tracks::Tracks;
use crate::{SessionKey, SubscriptionKey, TrackKey};

/// A whole object that a local session is subscribed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalObject {
    /// The subscription that it came through.
    pub subscription: SubscriptionKey,
    /// Where it is in its track.
    pub location: Location,
    /// Its payload.
    pub payload: Bytes,
}

impl Tracks {
    /// A track that a local session publishes. How many it publishes is bounded where it comes from: a
    /// room has an inbox for everyone, and the pages of its slides.
    ///
    /// # Errors
    /// As [`Tracks::publish`], but for their number.
    pub fn publish_local(
        &mut self,
        now: Instant,
        session: SessionKey,
        name: FullTrackName,
        properties: TrackProperties,
    ) -> Result<TrackKey, Refused> {
        let track = self.publish_unbounded(now, session, name, properties, None)?;
        if let Some(state) = self.tracks.get_mut(track.0) {
            state.is_local = true;
        }
        Ok(track)
    }

    /// A local session ends its track for good: subscribers get what there is and then
    /// PUBLISH_DONE, the name is free at once for a new track that has nothing of this one.
    pub fn end_local(&mut self, now: Instant, session: SessionKey, track: TrackKey) {
        if let Some(name) = self.tracks.get(track.0).map(|state| state.name.clone()) {
            self.forget_name(&name, track);
        }
        self.upstream_done(now, session, track, DoneCode::TrackEnded);
    }

    /// The largest location and the properties of a track that is being published.
    pub fn status(&self, name: &FullTrackName) -> Option<(Option<Location>, TrackProperties)> {
        let track = self.track_by_name(name)?;
        track.upstreams.is_live().then(|| (track.largest, track.properties.clone()))
    }

    /// The objects that have become whole since the last call, in the order of groups and objects.
    ///
    /// For a local session this takes the place of [`Egress`](crate::Egress). Objects of a group that
    /// was dropped before it was read are lost, as they are for any subscriber.
    pub fn take_objects(&mut self, session: SessionKey) -> Vec<LocalObject> {
        let mut objects = Vec::new();
        for key in self.take_dirty(session) {
            let Some((subscription, track, _)) = self.parts(session, key) else {
                continue;
            };
            subscription.is_dirty = false;
            for group in &track.groups {
                if subscription.passes(group.id) {
                    take_from(group, subscription, key, &mut objects);
                }
            }
            subscription.forget_taken(|group| track.group(group).is_some());
            if subscription.done.is_some() {
                self.finish(key);
            }
        }
        objects
    }
}

/// The whole objects of one group that were not taken yet.
fn take_from(
    group: &Group,
    subscription: &mut Subscription,
    key: SubscriptionKey,
    objects: &mut Vec<LocalObject>,
) {
    let first = subscription.first_object_in(group.id);
    for subgroup in &group.subgroups {
        let from = subscription.taken_in(group.id, subgroup.id).unwrap_or(first);
        let index = subgroup.objects.partition_point(|mark| mark.id < from);
        let marks = subgroup.objects.get(index..).unwrap_or_default();
        for mark in marks.iter().take_while(|mark| mark.end <= subgroup.len) {
            subscription.took(group.id, subgroup.id, mark.id);
            if mark.status == ObjectStatus::Normal {
                objects.push(LocalObject {
                    subscription: key,
                    location: Location::new(group.id, mark.id),
                    payload: subgroup.copy(mark.payload_at, mark.end),
                });
            }
        }
    }
}
