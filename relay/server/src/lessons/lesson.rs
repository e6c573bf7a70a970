//! One open room: its state machine, its tracks, and whom it listens to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mosaik_classroom::{Effect as RoomEffect, Effects, Input, Room};
use mosaik_media::{Effect, RequestKey, SessionKey, SubscribeRequest, SubscriptionKey, Tracks};
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::rights::{Rights, STATE, STATE_WITHOUT_NAMES};
use mosaik_proto::room::{
    CloseReason, Entry, HeldKind, Limits, ParticipantId, ReceiptSecret, Refusal, RoomId, UnixMillis,
};

use super::ceilings::{Ceiling, Ceilings};
use super::control_track::ControlTrack;
use super::participant_fields;
use crate::rooms::ConfiguredRoom;

/// How long a participant has to announce the namespace that `commands` is in.
const RENDEZVOUS: Duration = Duration::from_secs(30);

/// After a subscription to `commands` failed, before the next try.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);

/// Subscriber priority of commands: only the order among a session's streams depends on it.
const COMMANDS_PRIORITY: u8 = 16;

/// Whom a room listens to, and how far that is.
enum Listening {
    /// SUBSCRIBE is under way with this request ID.
    Asking(u64),
    /// Objects come by this subscription, which was this request.
    Hearing(SubscriptionKey, u64),
    /// It failed; try again at this time.
    Again(Instant),
}

pub(super) struct Lesson {
    id: RoomId,
    key: SessionKey,
    room: Room,
    state: Option<ControlTrack>,
    /// The same without the names of viewers.
    nameless: Option<ControlTrack>,
    inboxes: BTreeMap<ParticipantId, ControlTrack>,
    listening: BTreeMap<ParticipantId, Listening>,
    sessions: BTreeMap<u64, SessionKey>,
    closes: Vec<(SessionKey, &'static str)>,
    bans: Vec<ParticipantId>,
    ceilings: Ceilings,
    reviews: BTreeSet<SessionKey>,
    next_request: u64,
    receipt: ReceiptSecret,
    opened_at: UnixMillis,
    is_over: bool,
}

impl Lesson {
    pub(super) fn open(
        now: Instant,
        tracks: &mut Tracks,
        id: &RoomId,
        configured: &ConfiguredRoom,
    ) -> Self {
        let limits = Limits {
            participants: configured.seats.most(),
            empty_grace: configured.empty_grace,
            unattended_grace: configured.unattended_grace,
            ..Limits::default()
        };
        let (mut room, effects) = Room::open(now, id.clone(), configured.title.clone(), limits);
        room.seed(rand::random());
        let receipt = ReceiptSecret::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()));
        room.promise_receipt(receipt.clone());
        let key = tracks.open_session();
        let mut publish = |track: &'static str| {
            let name = FullTrackName::new(Namespace::of(&[id.as_str()]), track);
            ControlTrack::publish(now, tracks, key, name)
        };
        let mut lesson = Self {
            id: id.clone(),
            key,
            room,
            state: publish(STATE),
            nameless: publish(STATE_WITHOUT_NAMES),
            inboxes: BTreeMap::new(),
            listening: BTreeMap::new(),
            sessions: BTreeMap::new(),
            closes: Vec::new(),
            bans: Vec::new(),
            ceilings: Ceilings::default(),
            reviews: BTreeSet::new(),
            next_request: 0,
            receipt,
            opened_at: wall(),
            is_over: false,
        };
        lesson.perform(now, tracks, effects);
        lesson
    }

    pub(super) const fn id(&self) -> &RoomId {
        &self.id
    }

    /// By this those who led it get the receipt.
    pub(super) const fn receipt(&self) -> &ReceiptSecret {
        &self.receipt
    }

    pub(super) const fn opened_at(&self) -> UnixMillis {
        self.opened_at
    }

    /// Bytes of one kind in the room's value.
    pub(super) fn held(&self, kind: HeldKind) -> u64 {
        self.room.held(kind)
    }

    /// Sessions of those who were in.
    pub(super) fn sessions(&self) -> BTreeSet<SessionKey> {
        self.sessions.values().copied().collect()
    }

    pub(super) const fn key(&self) -> SessionKey {
        self.key
    }

    pub(super) const fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) const fn seats_taken(&self) -> usize {
        self.room.seats_taken()
    }

    pub(super) fn take_closes(&mut self) -> Vec<(SessionKey, &'static str)> {
        std::mem::take(&mut self.closes)
    }

    pub(super) const fn entry(&self) -> Entry {
        self.room.entry()
    }

    /// Those who lead the room now.
    pub(super) fn moderators(&self) -> BTreeSet<ParticipantId> {
        self.room.moderators().collect()
    }

    /// Those who were banned since the last call.
    pub(super) fn take_bans(&mut self) -> Vec<ParticipantId> {
        std::mem::take(&mut self.bans)
    }

    pub(super) fn take_reviews(&mut self) -> BTreeSet<SessionKey> {
        std::mem::take(&mut self.reviews)
    }

    /// Whether `participant` is in or waits.
    pub(super) fn knows(&self, participant: ParticipantId) -> bool {
        self.room.knows(participant)
    }

    /// What `participant` may do at most; `session` hears of changes.
    pub(super) fn ceiling(
        &mut self,
        session: SessionKey,
        participant: ParticipantId,
    ) -> Rc<Ceiling> {
        let rights = self.room.rights_of(participant);
        self.ceilings.follow(&self.id, participant, session, &rights)
    }

    /// A session is to be closed. Who leaves is told so before what they hear ends; who is sent away
    /// hears nothing more at once.
    fn say_goodbye(&mut self, number: u64, reason: CloseReason) {
        let Some(session) = self.sessions.get(&number).copied() else {
            return;
        };
        if reason == CloseReason::Left {
            self.ceilings.forget(session);
        }
        self.closes.push((session, words(reason)));
    }

    /// A session is gone.
    pub(super) fn forget(&mut self, session: SessionKey) {
        self.ceilings.forget(session);
    }

    /// The room knows a session by its number.
    pub(super) fn meet(&mut self, number: u64, session: SessionKey) {
        self.sessions.insert(number, session);
    }

    pub(super) fn part(&mut self, number: u64) {
        self.sessions.remove(&number);
    }

    pub(super) fn apply(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        input: Input,
    ) -> Result<(), Refusal> {
        let effects = self.room.apply(now, wall(), input)?;
        self.perform(now, tracks, effects);
        Ok(())
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let again = self.listening.values().filter_map(|listening| match listening {
            Listening::Again(at) => Some(*at),
            Listening::Asking(_) | Listening::Hearing(..) => None,
        });
        again.chain(self.room.deadline().map(|deadline| deadline.at)).min()
    }

    pub(super) fn expire(&mut self, now: Instant, tracks: &mut Tracks) {
        let effects = self.room.expire(now);
        self.perform(now, tracks, effects);
        let is_due =
            |listening: &Listening| matches!(listening, Listening::Again(at) if *at <= now);
        let due: Vec<ParticipantId> = self
            .listening
            .iter()
            .filter(|(_, listening)| is_due(listening))
            .map(|(participant, _)| *participant)
            .collect();
        for participant in due {
            self.listening.remove(&participant);
            self.listen(now, tracks, participant);
        }
    }

    /// Subscribes to a participant's commands, if it is not done already.
    pub(super) fn listen(&mut self, now: Instant, tracks: &mut Tracks, from: ParticipantId) {
        if self.listening.contains_key(&from) || !self.inboxes.contains_key(&from) {
            return;
        }
        let id = self.next_request;
        self.next_request = id.saturating_add(1);
        let namespace = Namespace::new(participant_fields(&self.id, from));
        let name = FullTrackName::new(namespace, "commands");
        let request = RequestKey { session: self.key, id };
        self.listening.insert(from, Listening::Asking(id));
        let wish = SubscribeRequest {
            rendezvous: RENDEZVOUS,
            priority: COMMANDS_PRIORITY,
            ..SubscribeRequest::new(request, name)
        };
        tracks.subscribe(now, &wish);
    }

    /// What became of a subscription to commands.
    pub(super) fn told(&mut self, now: Instant, effect: &Effect) {
        match effect {
            Effect::Established { request, subscription, .. } => {
                if let Some(from) = self.asked_by(request.id) {
                    let hearing = Listening::Hearing(*subscription, request.id);
                    self.listening.insert(from, hearing);
                }
            }
            Effect::Refused { request, .. }
            | Effect::Redirected { request, .. }
            | Effect::Done { request, .. } => {
                if let Some(from) = self.asked_by(request.id) {
                    self.listening.insert(from, Listening::Again(now + LISTEN_AGAIN));
                }
            }
            Effect::SubscribeUpstream { .. }
            | Effect::UpdateUpstream { .. }
            | Effect::CancelUpstream { .. }
            | Effect::Namespace { .. }
            | Effect::Wanted { .. }
            | Effect::Fill { .. }
            | Effect::ReadOn { .. }
            | Effect::CancelFill { .. }
            | Effect::FetchOk { .. }
            | Effect::FetchOver { .. }
            | Effect::ResetLanes { .. } => {}
        }
    }

    /// Commands that have come.
    pub(super) fn hear(&mut self, now: Instant, tracks: &mut Tracks) {
        for object in tracks.take_objects(self.key) {
            let heard = |listening: &Listening| matches!(listening, Listening::Hearing(key, _) if *key == object.subscription);
            let from = self.listening.iter().find(|(_, listening)| heard(listening));
            if let Some(from) = from.map(|(from, _)| *from) {
                let bytes = object.payload.to_vec();
                // A room that is over has nothing to say to that.
                let _ = self.apply(now, tracks, Input::Command { from, bytes });
            }
        }
    }

    /// Everything of the room goes: its tracks end, its memory is freed. Gives the sessions that
    /// are none of its own and did something in it by a token.
    pub(super) fn close(mut self, now: Instant, tracks: &mut Tracks) -> BTreeSet<SessionKey> {
        let mut guests = self.ceilings.review(&self.id, |_| Rights::Outside);
        for own in self.sessions.values() {
            // They hear that the room is over, and are closed.
            guests.remove(own);
        }
        for (_, inbox) in std::mem::take(&mut self.inboxes) {
            inbox.end(now, tracks);
        }
        for track in [self.state.take(), self.nameless.take()].into_iter().flatten() {
            track.end(now, tracks);
        }
        tracks.close_session(now, self.key);
        guests
    }

    fn perform(&mut self, now: Instant, tracks: &mut Tracks, effects: Effects) {
        for effect in effects {
            match effect {
                RoomEffect::BeginState(object) => begin(&mut self.state, now, tracks, object),
                RoomEffect::State(object) => append(&mut self.state, now, tracks, object),
                RoomEffect::BeginNameless(object) => {
                    begin(&mut self.nameless, now, tracks, object);
                }
                RoomEffect::Nameless(object) => append(&mut self.nameless, now, tracks, object),
                RoomEffect::Ban(participant) => self.bans.push(participant),
                RoomEffect::BeginInbox(to, object) => self.begin_inbox(now, tracks, to, object),
                RoomEffect::Inbox(to, object) => {
                    if let Some(inbox) = self.inboxes.get_mut(&to) {
                        inbox.append(now, tracks, object);
                    }
                }
                RoomEffect::EndInbox(to) => self.end_inbox(now, tracks, to),
                RoomEffect::Close(number, reason) => {
                    self.say_goodbye(number, reason);
                }
                RoomEffect::ReviewRights => {
                    let changed = self.ceilings.review(&self.id, |id| self.room.rights_of(id));
                    self.reviews.extend(changed);
                }
                RoomEffect::Over => self.is_over = true,
            }
        }
    }

    fn begin_inbox(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        to: ParticipantId,
        object: Vec<u8>,
    ) {
        if !self.inboxes.contains_key(&to) {
            let namespace = Namespace::of(&[self.id.as_str()]);
            let name = FullTrackName::new(namespace, format!("inbox/{to}"));
            let published = ControlTrack::publish(now, tracks, self.key, name);
            self.inboxes.extend(published.map(|inbox| (to, inbox)));
        }
        if let Some(inbox) = self.inboxes.get_mut(&to) {
            inbox.begin(now, wall(), tracks, object);
        }
    }

    fn end_inbox(&mut self, now: Instant, tracks: &mut Tracks, to: ParticipantId) {
        if let Some(inbox) = self.inboxes.remove(&to) {
            inbox.end(now, tracks);
        }
        match self.listening.remove(&to) {
            Some(Listening::Hearing(subscription, _)) => tracks.cancel(subscription),
            Some(Listening::Asking(id)) => {
                tracks.cancel_request(RequestKey { session: self.key, id });
            }
            Some(Listening::Again(_)) | None => {}
        }
    }

    fn asked_by(&self, id: u64) -> Option<ParticipantId> {
        let asks = |listening: &Listening| match listening {
            Listening::Asking(asked) | Listening::Hearing(_, asked) => *asked == id,
            Listening::Again(_) => false,
        };
        self.listening.iter().find(|(_, listening)| asks(listening)).map(|(from, _)| *from)
    }
}

fn begin(track: &mut Option<ControlTrack>, now: Instant, tracks: &mut Tracks, object: Vec<u8>) {
    if let Some(track) = track {
        track.begin(now, wall(), tracks, object);
    }
}

fn append(track: &mut Option<ControlTrack>, now: Instant, tracks: &mut Tracks, object: Vec<u8>) {
    if let Some(track) = track {
        track.append(now, tracks, object);
    }
}

/// What a session's close says.
const fn words(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Replaced => "the participant came in elsewhere",
        CloseReason::Ended => "the room is over",
        CloseReason::Left => "the participant left",
        CloseReason::Removed => "a moderator removed the participant",
        CloseReason::TurnedAway => "a moderator did not let the participant in",
    }
}

/// The time that people see, in Unix milliseconds.
pub(super) fn wall() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
