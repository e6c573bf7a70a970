//! What subscribers do: subscribe, update and cancel.

use std::time::Duration;

use mosaik_media::{Change, RequestKey, SubscribeRequest};
use mosaik_proto::moqt::{Filter, GroupOrder, Location};

use crate::play::{Lesson, TRACKS, name, patience};

impl Lesson {
    pub(crate) fn filter(&mut self, track: usize) -> Option<Filter> {
        let near = self.newest[track].saturating_sub(2) + self.random.below(5);
        let object = if self.random.percent(50) { 0 } else { self.random.below(6) };
        match self.random.below(8) {
            0 => Some(Filter::LargestObject),
            1 => Some(Filter::NextGroupStart),
            2 => Some(Filter::From(Location::new(near, object))),
            3 => Some(Filter::Range(Location::new(near, object), near + self.random.below(4))),
            _ => None,
        }
    }

    pub(crate) fn timeout(&mut self) -> Option<Duration> {
        self.random.percent(25).then(|| Duration::from_millis(50 + self.random.below(600)))
    }

    pub(crate) fn subscribe(&mut self) {
        let Some(session) = self.random.pick(&self.subscribers).copied() else { return };
        let track = self.random.size(TRACKS);
        let is_taken = |request: &RequestKey, of: usize| request.session == session && of == track;
        let is_asked = self.asked.iter().any(|(request, (of, _))| is_taken(request, *of));
        let is_held = self.listeners.iter().any(|(request, (_, listener))| {
            is_taken(request, listener.track) && !self.over.contains(request)
        });
        if is_asked || is_held {
            return;
        }
        let request = self.request(session);
        let wish = SubscribeRequest {
            filter: self.filter(track),
            priority: u8::try_from(self.random.below(256)).unwrap(),
            order: self.random.percent(30).then_some(GroupOrder::Descending),
            forward: !self.random.percent(10),
            rendezvous: Duration::from_secs(5),
            object_delivery_timeout: self.timeout(),
            subgroup_delivery_timeout: self.timeout(),
            ..SubscribeRequest::new(request, name(track))
        };
        self.asked.insert(request, (track, wish.clone()));
        self.tracks.subscribe(self.now, &wish);
    }

    pub(crate) fn active(&mut self) -> Option<RequestKey> {
        let is_active = |request: &&RequestKey| !self.over.contains(request);
        let active: Vec<RequestKey> = self.listeners.keys().filter(is_active).copied().collect();
        self.random.pick(&active).copied()
    }

    pub(crate) fn update(&mut self) {
        let Some(request) = self.active() else { return };
        let track = self.listeners[&request].1.track;
        let change = Change {
            filter: if self.random.percent(40) { self.filter(track) } else { None },
            priority: self
                .random
                .percent(40)
                .then(|| u8::try_from(self.random.below(256)).unwrap()),
            forward: self.random.percent(40).then(|| self.random.percent(60)),
            object_delivery_timeout: self.timeout(),
            ..Change::default()
        };
        self.sum.updates += 1;
        let published = &self.published[track];
        let listener = &mut self.listeners.get_mut(&request).unwrap().1;
        let key = listener.key;
        let resolved = change.filter.map(|filter| published.resolve(Some(filter)));
        if let Some(own) = change.object_delivery_timeout {
            listener.object_timeout = patience(Some(own), track);
        }
        if let Some(Some((start, end))) = resolved {
            listener.move_to(start, end);
        }
        if resolved != Some(None)
            && let Some(forward) = change.forward
        {
            listener.forward_or_not(forward, published.newest(), self.now);
        }
        let updated = self.tracks.update(self.now, key, &change);
        assert_eq!(updated.is_err(), resolved == Some(None), "{change:?}: {updated:?}");
    }

    pub(crate) fn cancel(&mut self) {
        let Some(request) = self.active() else { return };
        let key = self.listeners[&request].1.key;
        self.over.insert(request);
        self.tracks.cancel(key);
    }
}
