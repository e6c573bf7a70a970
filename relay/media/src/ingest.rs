//! What publishers send: wire bytes go to the end of a track's log and its subscribers are marked.

use std::time::Instant;

use mosaik_proto::moqt::{Datagram, DoneCode, GroupId, Parts, ResetCode, SendOrder, SubgroupId};

use slotmap::{DefaultKey, SlotMap};

use crate::datagrams::Ready;
use crate::effect::Effect;
use crate::track::Rejected;
use crate::tracks::{Session, Tracks};
use crate::voices::Heard;
use crate::{SessionKey, SubgroupEnd, SubgroupKey, SubgroupStart, SubscriptionKey, TrackKey};

impl Tracks {
    /// A subgroup's stream of `publisher` began.
    ///
    /// # Errors
    /// [`Rejected`] when its objects are not wanted; the driver stops the stream, or after
    /// [`Rejected::Spare`] may try again with the next object.
    pub fn open_subgroup(
        &mut self,
        (now, publisher): (Instant, SessionKey),
        track: TrackKey,
        (group, subgroup): (GroupId, SubgroupId),
        start: SubgroupStart,
    ) -> Result<SubgroupKey, Rejected> {
        let state = self.tracks.get_mut(track.0).ok_or(Rejected::Gone)?;
        let before = state.bytes();
        let begun = (now, publisher);
        let opened = state.open_subgroup(begun, &self.limits, (group, subgroup), start);
        self.cached.note(state, before);
        if opened == Err(Rejected::Malformed) {
            self.give_up(now, track);
        }
        Ok(SubgroupKey { track, group, subgroup, stream: opened? })
    }

    /// Puts wire bytes at the end of a subgroup and marks the track's subscribers as due.
    ///
    /// # Errors
    /// [`Rejected`]: the subgroup is reset for its subscribers, the driver stops the stream.
    pub fn append(&mut self, now: Instant, key: SubgroupKey, parts: Parts) -> Result<(), Rejected> {
        let track = self.tracks.get_mut(key.track.0).ok_or(Rejected::Gone)?;
        self.counts.objects_in += parts.objects.len() as u64;
        self.counts.bytes_in += parts.wire.iter().map(|bytes| bytes.len() as u64).sum::<u64>();
        let before = track.bytes();
        let mut appended = track.append(now, &self.limits, key, parts);
        if !self.cached.fits(track, before, &self.limits) {
            track.drop_all_but_newest();
            if !self.cached.fits(track, before, &self.limits) {
                appended = Err(Rejected::Overflow);
            }
        }
        self.cached.note(track, before);
        self.counts.groups_dropped += std::mem::take(&mut track.dropped);
        if let Err(rejected) = appended {
            track.end_subgroup(now, key, SubgroupEnd::Reset(rejected.code()));
        }
        self.mark_track(key.track);
        if appended == Err(Rejected::Malformed) {
            self.give_up(now, key.track);
        }
        appended
    }

    /// The track breaks the rules of tracks: its publishers are left and its subscribers told, now
    /// (section 2.4.2).
    fn give_up(&mut self, now: Instant, track: TrackKey) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        let name = state.name.clone();
        for session in state.upstreams.take() {
            self.effects.push_back(Effect::CancelUpstream { session, track });
        }
        for key in state.subscriptions.clone() {
            self.end_subscription(now, key, DoneCode::MalformedTrack);
        }
        self.break_fetches(track, ResetCode::MalformedTrack);
        // What is asked for by this name later is another track.
        self.forget_name(&name, track);
        self.release(track);
    }

    /// The subgroup's stream ended.
    pub fn end_subgroup(&mut self, now: Instant, key: SubgroupKey, end: SubgroupEnd) {
        if let Some(track) = self.tracks.get_mut(key.track.0) {
            track.end_subgroup(now, key, end);
            self.mark_track(key.track);
        }
    }

    /// An object came in a datagram: it goes to who is subscribed now, and is not kept. One that came
    /// before, again from its publisher or from another one (section 9.3), goes to nobody.
    pub fn datagram(&mut self, now: Instant, track: TrackKey, datagram: &Datagram) {
        let Some(state) = self.tracks.get_mut(track.0) else {
            return;
        };
        let bytes =
            (datagram.payload.len() as u64).saturating_add(datagram.properties.len() as u64);
        self.counts.bytes_in += bytes;
        match state.note_datagram(datagram) {
            Ok(true) => self.counts.objects_in += 1,
            Ok(false) => {
                self.counts.repeats_in += 1;
                return;
            }
            Err(_) => return self.give_up(now, track),
        }
        state.spoken.count(now, 0, bytes);
        state.voice.hear(now, datagram);
        let mut index = 0;
        while let Some(key) = self.subscriber(track, index) {
            index += 1;
            match self.hears(now, track, key) {
                Heard::Now => self.hand(track, key, (now, datagram)),
                Heard::FromTheFirstSyllable => self.hand_recent(now, track, key),
                Heard::Not => self.counts.datagrams_unheard += 1,
            }
        }
        self.mark_track(track);
    }

    fn subscriber(&self, track: TrackKey, index: usize) -> Option<SubscriptionKey> {
        self.tracks.get(track.0)?.subscriptions.get(index).copied()
    }

    /// What a voice said in its last moment goes to one of its subscribers.
    fn hand_recent(&mut self, now: Instant, track: TrackKey, key: SubscriptionKey) {
        let voice = self.tracks.get(track.0).map(|state| &state.voice);
        let recent: Vec<_> =
            voice.into_iter().flat_map(|voice| voice.recent(now)).cloned().collect();
        for (came, datagram) in &recent {
            self.hand(track, key, (*came, datagram));
        }
    }

    /// A datagram that came at some time waits to go out to one of the track's subscribers.
    fn hand(
        &mut self,
        track: TrackKey,
        key: SubscriptionKey,
        (came, datagram): (Instant, &Datagram),
    ) {
        let Some(state) = self.tracks.get(track.0) else {
            return;
        };
        let publisher_priority = datagram.priority.unwrap_or_else(|| state.properties.priority());
        let Some(subscription) = self.subscriptions.get_mut(key.0) else {
            return;
        };
        let is_wanted = subscription.is_established()
            && subscription.forward
            && subscription.passes_object(datagram.location);
        if is_wanted {
            let (priority, order) = (subscription.priority, subscription.order);
            let ready = Ready {
                came,
                location: datagram.location,
                order: SendOrder::of_subgroup(priority, publisher_priority, order, 0, 0),
                bytes: datagram.encode(subscription.alias),
            };
            if !subscription.datagrams.push(ready, self.limits.datagrams_per_subscription) {
                self.counts.datagrams_dropped += 1;
            }
        }
    }

    /// Every subscriber of `track` may have something to send.
    pub(crate) fn mark_track(&mut self, track: TrackKey) {
        self.mark_fetches_of(track);
        let Some(state) = self.tracks.get(track.0) else {
            return;
        };
        for key in &state.subscriptions {
            if let Some(subscription) = self.subscriptions.get_mut(key.0) {
                let session = subscription.request.session;
                let was_dirty = std::mem::replace(&mut subscription.is_dirty, true);
                mark(&mut self.sessions, &mut self.due, session, (!was_dirty).then_some(*key));
            }
        }
    }

    /// A session has something to send, which `note` puts on its list.
    pub(crate) fn mark_session(&mut self, session: SessionKey, note: impl FnOnce(&mut Session)) {
        mark(&mut self.sessions, &mut self.due, session, None);
        if let Some(state) = self.sessions.get_mut(session.0) {
            note(state);
        }
    }

    /// One subscription may have something to send.
    pub(crate) fn mark(&mut self, key: SubscriptionKey) {
        if let Some(subscription) = self.subscriptions.get_mut(key.0) {
            let session = subscription.request.session;
            let was_dirty = std::mem::replace(&mut subscription.is_dirty, true);
            mark(&mut self.sessions, &mut self.due, session, (!was_dirty).then_some(key));
        }
    }
}

/// Puts a session on the list of those with something to send, once.
fn mark(
    sessions: &mut SlotMap<DefaultKey, Session>,
    due: &mut Vec<SessionKey>,
    session: SessionKey,
    newly_dirty: Option<SubscriptionKey>,
) {
    if let Some(state) = sessions.get_mut(session.0) {
        state.dirty.extend(newly_dirty);
        if !std::mem::replace(&mut state.is_due, true) {
            due.push(session);
        }
    }
}
