//! Objects in datagrams: each comes once to whom it is for, in order, or is too old. Speech may come
//! again, and may be held for what is to share its packet.

use std::time::{Duration, Instant};

use bytes::Bytes;
use mosaik_media::{Packing, SessionKey};
use mosaik_proto::moqt::{Datagram, Location, ObjectStatus};

use crate::listener::Listener;
use crate::play::{Lesson, TRACKS};

/// Objects below are sent on streams.
const FIRST: u64 = 1 << 20;

/// Datagrams that wait for one subscription.
const WAITING_MAX: usize = 64;

impl Lesson {
    /// A publisher sends a new object, or one that was sent lately.
    pub(crate) fn datagram(&mut self) {
        let track = self.random.size(TRACKS);
        if self.upstreams[track].is_empty() {
            return;
        }
        let Some(key) = self.known[track] else { return };
        let again = self.sent[track].last().copied();
        let location = again.filter(|_| self.random.percent(40)).unwrap_or_else(|| {
            let group = self.newest[track] + self.random.below(2);
            Location::new(group, FIRST + self.sent[track].len() as u64)
        });
        let datagram = Datagram {
            track_alias: 0,
            location,
            priority: None,
            end_of_group: false,
            properties: Bytes::new(),
            status: ObjectStatus::Normal,
            payload: payload_of(track, location),
        };
        self.tracks.datagram(self.now, key, &datagram);
        if !self.sent[track].insert(location) {
            return;
        }
        self.sum.datagrams += 1;
        let largest = &mut self.published[track].largest;
        *largest = (*largest).max(Some(location));
        for (request, (_, listener)) in &mut self.listeners {
            let is_for = listener.track == track && !self.over.contains(request);
            if is_for && listener.forward && listener.passes_object(location) {
                listener.waiting.push_back((location, self.now));
                if listener.waiting.len() > WAITING_MAX {
                    listener.waiting.pop_front();
                }
            }
        }
    }

    /// After a flush nothing waits but what is too old, what the transport did not take, and what is
    /// held while all is.
    pub(crate) fn check_datagrams(&mut self, session: SessionKey, is_blocked: bool) {
        let packing = self.packing[&session];
        for (request, (_, listener)) in &mut self.listeners {
            if request.session == session && !self.over.contains(request) {
                let mut waiting = std::mem::take(&mut listener.waiting);
                waiting.retain(|(_, came)| !listener.is_old(*came, self.now));
                listener.waiting = waiting;
                let Some((_, first)) = listener.waiting.front() else { continue };
                let time = Packing::FRAME * u32::from(packing.frames - 1);
                let is_held = listener.track == 0
                    && listener.waiting.len() < usize::from(packing.frames)
                    && self.now < *first + time + Duration::from_millis(5);
                assert!(is_blocked || is_held, "datagrams never came: {:?}", listener.waiting);
                self.sum.held += usize::from(is_held && !is_blocked);
            }
        }
    }
}

fn payload_of(track: usize, location: Location) -> Bytes {
    Bytes::from(format!("{track} {location:?}"))
}

impl Listener {
    /// True if it came before.
    pub(crate) fn take_datagram(&mut self, datagram: &Datagram, now: Instant, copies: u8) -> bool {
        assert_eq!(datagram.payload, payload_of(self.track, datagram.location), "changed");
        if let Some((came, repeats)) = self.heard.get(&datagram.location).copied() {
            assert!(self.track == 0 && repeats < copies, "again, though it is not to be");
            assert!(!self.is_old(came, now) && now < came + Duration::from_millis(1_001), "old");
            assert!(
                self.waiting.iter().all(|(_, came)| self.is_old(*came, now)),
                "before new ones"
            );
            self.heard.insert(datagram.location, (came, repeats + 1));
            return true;
        }
        let is_fresh = |(_, came): &(Location, Instant)| !self.is_old(*came, now);
        let next = self.waiting.iter().position(is_fresh);
        let next = next.expect("for somebody else, too old, or twice");
        assert_eq!(self.waiting[next].0, datagram.location, "not the next one");
        let (location, came) = self.waiting[next];
        self.heard.insert(location, (came, 0));
        self.waiting.drain(..=next);
        false
    }

    fn passes_object(&self, location: Location) -> bool {
        location >= self.start && self.passes(location.group)
    }

    /// What waits and may not come any more does not.
    pub(crate) fn drop_datagrams(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|(location, _)| self.forward && self.passes_object(*location));
        self.waiting = waiting;
    }

    fn is_old(&self, came: Instant, now: Instant) -> bool {
        let timeouts = [self.object_timeout, self.subgroup_timeout];
        let age = now.saturating_duration_since(came);
        timeouts.into_iter().flatten().any(|timeout| age > timeout)
    }
}
