//! What is wanted of the tracks that a peer publishes.

use std::cell::RefCell;
use std::collections::HashMap;

use mosaik_media::TrackKey;
use tokio::sync::watch;

/// What is wanted of a track. The newest wish is the only one that counts, so there is no queue of
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wish {
    /// FORWARD.
    pub(super) forward: bool,
    /// The number of the newest NEW_GROUP_REQUEST, and its value.
    pub(super) new_group: Option<(u64, u64)>,
}

/// The tracks of one peer that are wanted, each followed by the task of its request.
#[derive(Debug, Default)]
pub(super) struct Wishes(RefCell<HashMap<TrackKey, watch::Sender<Wish>>>);

impl Wishes {
    /// A track is wanted from now on. What followed its wishes before hears that it is not wanted
    /// from there any more.
    pub(super) fn begin(&self, track: TrackKey, forward: bool) -> watch::Receiver<Wish> {
        let (wish, wishes) = watch::channel(Wish { forward, new_group: None });
        self.0.borrow_mut().insert(track, wish);
        wishes
    }

    /// Something else is wanted of a track.
    pub(super) fn change(&self, track: TrackKey, forward: Option<bool>, new_group: Option<u64>) {
        if let Some(wish) = self.0.borrow().get(&track) {
            wish.send_modify(|wish| {
                wish.forward = forward.unwrap_or(wish.forward);
                if let Some(value) = new_group {
                    let count = wish.new_group.map_or(0, |(count, _)| count);
                    wish.new_group = Some((count.wrapping_add(1), value));
                }
            });
        }
    }

    /// A track is not wanted any more; whoever follows its wishes hears it.
    pub(super) fn end(&self, track: TrackKey) {
        self.0.borrow_mut().remove(&track);
    }

    /// A request for a track is over, and its end of the wishes was dropped: nothing is left of it,
    /// unless a newer request has taken its place.
    pub(super) fn forget(&self, track: TrackKey) {
        let mut wishes = self.0.borrow_mut();
        if wishes.get(&track).is_some_and(|wish| wish.receiver_count() == 0) {
            wishes.remove(&track);
        }
    }
}

#[cfg(test)]
mod tests {
    use mosaik_media::{Limits, Tracks};
    use mosaik_proto::moqt::{FullTrackName, Namespace, TrackProperties};

    use super::*;

    fn a_track() -> TrackKey {
        let mut tracks = Tracks::new(Limits::default());
        let session = tracks.open_session();
        let name = FullTrackName::new(Namespace::of(&["room"]), "cam");
        let now = tokio::time::Instant::now().into_std();
        tracks.publish(now, session, name, TrackProperties::default(), None).unwrap()
    }

    #[test]
    fn a_request_that_was_refused_leaves_nothing_behind() {
        let (wishes, track) = (Wishes::default(), a_track());
        drop(wishes.begin(track, true));
        wishes.forget(track);
        assert!(wishes.0.borrow().is_empty());
    }

    #[test]
    fn the_end_of_an_older_request_takes_nothing_from_a_newer_one() {
        let (wishes, track) = (Wishes::default(), a_track());
        let older = wishes.begin(track, true);
        let newer = wishes.begin(track, true);
        assert!(older.has_changed().is_err(), "the older one goes on");
        drop(older);
        wishes.forget(track);
        wishes.change(track, Some(false), Some(3));
        assert_eq!(*newer.borrow(), Wish { forward: false, new_group: Some((1, 3)) });
    }
}
