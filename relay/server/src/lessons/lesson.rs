//! One open room: its state machine, its tracks, and whom it listens to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::{Rc, Weak};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mosaik_classroom::{ContentEffect, Earlier, Effect as RoomEffect, Effects, Input, Room};
use mosaik_media::{Effect, SessionKey, Tracks};
use mosaik_proto::moqt::{FullTrackName, Namespace};
use mosaik_proto::rights::{BOARDS, NOTES, Rights, STATE, STATE_WITHOUT_NAMES};
use mosaik_proto::room::{
    BoardId, CloseReason, ContentLimits, EarlierLimits, EndReason, Entry, HeldKind, Limits,
    ParticipantId, ReceiptSecret, Refusal, RoomId, UnixMillis,
};

use super::ceilings::{Ceiling, Ceilings};
use super::content::Contents;
use super::control_track::{BOARD, CONTROL, ControlTrack};
use super::listening::{Listening, Source};
use crate::rooms::ConfiguredRoom;

pub(super) struct Lesson {
    id: RoomId,
    key: SessionKey,
    room: Room,
    state: Option<ControlTrack>,
    /// The same without the names of viewers.
    nameless: Option<ControlTrack>,
    /// What the room writes together.
    notes: Option<ControlTrack>,
    inboxes: BTreeMap<ParticipantId, ControlTrack>,
    boards: BTreeMap<BoardId, ControlTrack>,
    listening: Listening,
    contents: Contents,
    sessions: BTreeMap<u64, SessionKey>,
    closes: Vec<(SessionKey, &'static str)>,
    /// As long as this is there, so is what the room holds.
    alive: Rc<()>,
    bans: Vec<ParticipantId>,
    ceilings: Ceilings,
    reviews: BTreeSet<SessionKey>,
    receipt: ReceiptSecret,
    opened_at: UnixMillis,
    over: Option<EndReason>,
}

impl Lesson {
    pub(super) fn open(
        now: Instant,
        tracks: &mut Tracks,
        id: &RoomId,
        configured: &ConfiguredRoom,
        earlier: Earlier,
    ) -> Self {
        let content = ContentLimits {
            file_bytes: configured.file_bytes,
            bytes: configured.content_bytes,
            ..ContentLimits::default()
        };
        let limits = Limits {
            participants: configured.seats.most(),
            empty_grace: configured.empty_grace,
            unattended_grace: configured.unattended_grace,
            content,
            earlier: EarlierLimits { days: configured.attendance_days, ..EarlierLimits::default() },
            ..Limits::default()
        };
        let (mut room, effects) = Room::open(now, id.clone(), configured.title.clone(), limits);
        room.seed(rand::random());
        let receipt = ReceiptSecret::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>()));
        room.promise_receipt(receipt.clone());
        room.begin_after(earlier);
        let key = tracks.open_session();
        let mut publish = |track: &'static str| {
            let name = FullTrackName::new(Namespace::of(&[id.as_str()]), track);
            ControlTrack::publish(now, tracks, key, name, CONTROL)
        };
        let mut lesson = Self {
            id: id.clone(),
            key,
            room,
            state: publish(STATE),
            nameless: publish(STATE_WITHOUT_NAMES),
            notes: publish(NOTES),
            inboxes: BTreeMap::new(),
            boards: BTreeMap::new(),
            listening: Listening::new(id.clone(), key),
            contents: Contents::default(),
            sessions: BTreeMap::new(),
            closes: Vec::new(),
            alive: Rc::default(),
            bans: Vec::new(),
            ceilings: Ceilings::default(),
            reviews: BTreeSet::new(),
            receipt,
            opened_at: wall(),
            over: None,
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

    pub(super) const fn over(&self) -> Option<EndReason> {
        self.over
    }

    pub(super) const fn seats_taken(&self) -> usize {
        self.room.seats_taken()
    }

    /// Bytes of slides and files.
    pub(super) const fn content_bytes(&self) -> u64 {
        self.room.content_bytes()
    }

    /// There is place for so many of them.
    pub(super) const fn limit_content(&mut self, bytes: u64) {
        self.room.limit_content(bytes);
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

    /// Whose session it is.
    pub(super) fn owner_of(&self, number: u64) -> Option<ParticipantId> {
        self.room.owner_of(number)
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
        let room = self.room.deadline().map(|deadline| deadline.at);
        [self.listening.deadline(), room].into_iter().flatten().min()
    }

    pub(super) fn expire(&mut self, now: Instant, tracks: &mut Tracks) {
        let effects = self.room.expire(now);
        self.perform(now, tracks, effects);
        self.listening.expire(now, tracks);
    }

    /// Subscribes to a participant's commands, if it is not done already.
    pub(super) fn listen(&mut self, now: Instant, tracks: &mut Tracks, from: ParticipantId) {
        if self.inboxes.contains_key(&from) {
            self.listening.begin(now, tracks, Source::Commands(from));
        }
    }

    /// A session of `from` is gone. What another one of theirs sent before that was not read where
    /// the lost one was in the middle of the same piece.
    pub(super) fn ask_again_for_uploads(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        from: ParticipantId,
    ) {
        for upload in self.listening.uploads_of(from) {
            self.listening.again(now, tracks, upload);
        }
    }

    /// What became of a subscription.
    pub(super) fn told(&mut self, now: Instant, effect: &Effect) {
        self.listening.told(now, effect);
    }

    /// Commands and parts of uploads that have come.
    pub(super) fn hear(&mut self, now: Instant, tracks: &mut Tracks) {
        for object in tracks.take_objects(self.key) {
            let input = match self.listening.source(object.subscription) {
                Some(Source::Commands(from)) => {
                    Input::Command { from, bytes: object.payload.to_vec() }
                }
                Some(Source::Upload(from, key)) => {
                    let place = (object.location.group, object.location.object);
                    Input::Upload { from, key, place, bytes: object.payload }
                }
                None => continue,
            };
            // A room that is over has nothing to say to that.
            let _ = self.apply(now, tracks, input);
        }
    }

    /// Whether what the room held is still somewhere in memory, asked once the room is over.
    pub(super) fn life(&self) -> Weak<()> {
        Rc::downgrade(&self.alive)
    }

    /// Everything of the room goes: its tracks end, its memory is freed. Gives the sessions that
    /// are none of its own and did something in it by a token, and what is kept of attendance.
    pub(super) fn close(
        mut self,
        (now, closed_at): (Instant, UnixMillis),
        tracks: &mut Tracks,
    ) -> (BTreeSet<SessionKey>, Earlier) {
        let mut guests = self.ceilings.review(&self.id, |_| Rights::Outside);
        for own in self.sessions.values() {
            // They hear that the room is over, and are closed.
            guests.remove(own);
        }
        for (_, inbox) in std::mem::take(&mut self.inboxes) {
            inbox.end(now, tracks);
        }
        for (_, board) in std::mem::take(&mut self.boards) {
            board.end(now, tracks);
        }
        std::mem::take(&mut self.contents).close(now, tracks);
        let tracks_of_all = [self.state.take(), self.nameless.take(), self.notes.take()];
        for track in tracks_of_all.into_iter().flatten() {
            track.end(now, tracks);
        }
        tracks.close_session(now, self.key);
        (guests, self.room.into_earlier(now, (self.opened_at, closed_at)))
    }

    fn perform(&mut self, now: Instant, tracks: &mut Tracks, effects: Effects) {
        for effect in effects {
            match effect {
                RoomEffect::BeginState(object, known) => {
                    begin(&mut self.state, now, tracks, object, known);
                }
                RoomEffect::State(object) => append(&mut self.state, now, tracks, object),
                RoomEffect::BeginNameless(object, known) => {
                    begin(&mut self.nameless, now, tracks, object, known);
                }
                RoomEffect::Nameless(object) => append(&mut self.nameless, now, tracks, object),
                RoomEffect::BeginNotes(object) => begin(&mut self.notes, now, tracks, object, 0),
                RoomEffect::Notes(object) => append(&mut self.notes, now, tracks, object),
                RoomEffect::Ban(participant) => self.bans.push(participant),
                RoomEffect::BeginInbox(to, object) => self.begin_inbox(now, tracks, to, object),
                RoomEffect::Inbox(to, object) => {
                    if let Some(inbox) = self.inboxes.get_mut(&to) {
                        inbox.append(now, tracks, object);
                    }
                }
                RoomEffect::BeginBoard(id, object, known) => {
                    self.begin_board(now, tracks, id, (object, known));
                }
                RoomEffect::Board(id, object) => {
                    if let Some(board) = self.boards.get_mut(&id) {
                        board.append(now, tracks, object);
                    }
                }
                RoomEffect::EndBoard(id) => {
                    if let Some(board) = self.boards.remove(&id) {
                        board.end(now, tracks);
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
                RoomEffect::Over(reason) => self.over = Some(reason),
                RoomEffect::Content(effect) => self.keep(now, tracks, effect),
            }
        }
    }

    fn begin_board(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        id: BoardId,
        (object, known): (Vec<u8>, u64),
    ) {
        if !self.boards.contains_key(&id) {
            let name =
                FullTrackName::new(Namespace::of(&[self.id.as_str()]), format!("{BOARDS}{id}"));
            let published = ControlTrack::publish(now, tracks, self.key, name, BOARD);
            self.boards.extend(published.map(|board| (id, board)));
        }
        if let Some(board) = self.boards.get_mut(&id) {
            board.begin_behind((now, wall()), tracks, object, known);
        }
    }

    /// Listens to uploads, and keeps what they become.
    fn keep(&mut self, now: Instant, tracks: &mut Tracks, effect: ContentEffect) {
        let (listening, contents) = (&mut self.listening, &mut self.contents);
        match effect {
            ContentEffect::Receive(from, key) => {
                listening.begin(now, tracks, Source::Upload(from, key));
            }
            ContentEffect::ReceiveAgain(from, key) => {
                listening.again(now, tracks, Source::Upload(from, key));
            }
            ContentEffect::StopReceiving(from, key) => {
                listening.end(tracks, Source::Upload(from, key));
            }
            ContentEffect::Begin(track, head) => {
                contents.begin((now, wall()), tracks, (self.key, &self.id), track, head);
            }
            ContentEffect::Append(track, bytes) => contents.append(now, tracks, track, bytes),
            ContentEffect::End(track) => contents.finish(now, tracks, track),
            ContentEffect::Drop(track) => contents.drop(now, tracks, track),
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
            let published = ControlTrack::publish(now, tracks, self.key, name, CONTROL);
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
        self.listening.end(tracks, Source::Commands(to));
    }
}

fn begin(
    track: &mut Option<ControlTrack>,
    now: Instant,
    tracks: &mut Tracks,
    object: Vec<u8>,
    known: u64,
) {
    if let Some(track) = track {
        track.begin_behind((now, wall()), tracks, object, known);
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
        CloseReason::Flooding => "the participant's device sent too much",
    }
}

/// The time that people see, in Unix milliseconds.
pub(super) fn wall() -> UnixMillis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
