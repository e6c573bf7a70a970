//! Rooms as MoQT endpoints inside the process: each has a session of its own, publishes `state`,
//! the inboxes and what people brought, and subscribes to everyone's `commands` and to uploads.
//!
//! Drivers only: what a room does stands in `mosaik-classroom`, how objects travel in
//! `mosaik-media`.

mod ceilings;
mod closing;
mod content;
mod control_track;
mod earlier;
mod lesson;
mod lines;
mod listening;

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use mosaik_classroom::{Input, Newcomer};
use mosaik_media::{Effect, SessionKey, Tracks};
use mosaik_proto::rights::Rights;
use mosaik_proto::room::{ParticipantId, Refusal, RoomId};
use mosaik_proto::token::Holder;

pub(crate) use ceilings::Ceiling;
pub(crate) use lines::{Look, Sent};

use crate::rooms::Rooms;
use closing::Closings;
use earlier::EarlierOfRooms;
use lesson::{Lesson, wall};
use lines::Lines;

/// Slides and files of all rooms have this part of the memory for tracks; the rest is for what is live.
const CONTENT_SHARE: u64 = 2;

/// All rooms that are open now.
pub(crate) struct Lessons {
    rooms: Arc<Rooms>,
    open: BTreeMap<RoomId, Lesson>,
    /// The room of each session inside the process.
    local: BTreeMap<SessionKey, RoomId>,
    remote: BTreeMap<SessionKey, Guest>,
    closes: VecDeque<(SessionKey, &'static str)>,
    /// Sessions that may do something else than before.
    reviews: VecDeque<SessionKey>,
    closings: Closings,
    earlier: EarlierOfRooms,
    lines: Lines,
    next_number: u64,
}

/// Whose a peer's session is.
struct Guest {
    room: RoomId,
    /// Of the session in the room.
    number: u64,
    participant: ParticipantId,
}

impl Lessons {
    pub(crate) fn new(rooms: Arc<Rooms>) -> Self {
        Self {
            rooms,
            open: BTreeMap::new(),
            local: BTreeMap::new(),
            remote: BTreeMap::new(),
            closes: VecDeque::new(),
            reviews: VecDeque::new(),
            closings: Closings::default(),
            earlier: EarlierOfRooms::default(),
            lines: Lines::default(),
            next_number: 1,
        }
    }

    /// How many people are in each open room.
    pub(crate) fn seats_taken(&self) -> Vec<usize> {
        self.open.values().map(Lesson::seats_taken).collect()
    }

    /// Whether no room is open and nobody is in one.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
            && self.local.is_empty()
            && self.remote.is_empty()
            && self.closes.is_empty()
            && self.reviews.is_empty()
            && self.closings.is_empty()
            && self.lines.is_empty()
    }

    /// A peer's session is in the room of its token.
    ///
    /// # Errors
    /// Why it cannot be.
    pub(crate) fn join(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        session: SessionKey,
        holder: &Holder,
    ) -> Result<(), &'static str> {
        const UNKNOWN: &str = "the token is for no room of this relay";
        let id: RoomId = holder.room.parse().map_err(|_| UNKNOWN)?;
        let who = Newcomer {
            id: holder.participant.parse().map_err(|_| UNKNOWN)?,
            name: holder.name.parse().map_err(|_| UNKNOWN)?,
            role: holder.role,
            consent: holder.consent.clone(),
        };
        if !self.open.contains_key(&id) {
            let configured = self.rooms.find(id.as_str()).ok_or(UNKNOWN)?;
            // Who was on the way when the lesson was ended does not begin another.
            if configured.door.lesson() != holder.lesson {
                return Err("the lesson was ended");
            }
            self.closings.hurry(&id, now);
            self.settle_closings(now, tracks);
            let earlier = self.earlier.take(&id);
            let lesson = Lesson::open(now, tracks, &id, &configured, earlier);
            self.local.insert(lesson.key(), id.clone());
            self.open.insert(id.clone(), lesson);
        }
        let lesson = self.open.get_mut(&id).ok_or(UNKNOWN)?;
        let number = self.next_number;
        self.next_number = number.saturating_add(1);
        let participant = who.id;
        self.remote.insert(session, Guest { room: id.clone(), number, participant });
        lesson.meet(number, session);
        let joined = lesson.apply(now, tracks, Input::Join { session: number, who });
        if joined.is_ok() {
            lesson.listen(now, tracks, participant);
        }
        self.settle(now, tracks, &id);
        joined.map_err(why)
    }

    /// As [`Lessons::ceiling`], for a token that came with a request. A session that came without one
    /// comes into the room by it, unless its holder is there already: nobody listens who is not
    /// seen.
    ///
    /// # Errors
    /// Why the room does not take it.
    pub(crate) fn ceiling_by_request(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        session: SessionKey,
        holder: &Holder,
    ) -> Result<Rc<Ceiling>, &'static str> {
        if !self.remote.contains_key(&session) && !self.is_there(holder) {
            let joined = self.join(now, tracks, session, holder);
            if let Err(reason) = joined {
                self.leave(now, tracks, session);
                return Err(reason);
            }
        }
        Ok(self.ceiling(session, holder))
    }

    fn is_there(&self, holder: &Holder) -> bool {
        let ids = holder.room.parse::<RoomId>().ok().zip(holder.participant.parse().ok());
        let lesson = |(room, id)| self.open.get(&room).map(|lesson| lesson.knows(id));
        ids.and_then(lesson).unwrap_or_default()
    }

    /// What the holder's room leaves of what a token grants; `session` hears of changes. Whoever
    /// is in no open room is outside.
    pub(crate) fn ceiling(&mut self, session: SessionKey, holder: &Holder) -> Rc<Ceiling> {
        let ids = holder.room.parse().ok().zip(holder.participant.parse().ok());
        let Some((room, participant)) = ids else {
            return Rc::default();
        };
        match self.open.get_mut(&room) {
            Some(lesson) => lesson.ceiling(session, participant),
            None => Rc::new(Ceiling::new(Rights::Outside.ceiling(&room, participant))),
        }
    }

    /// The next session that may do something else than before.
    pub(crate) fn poll_review(&mut self) -> Option<SessionKey> {
        self.reviews.pop_front()
    }

    /// A peer's session is gone.
    pub(crate) fn leave(&mut self, now: Instant, tracks: &mut Tracks, session: SessionKey) {
        for lesson in self.open.values_mut() {
            lesson.forget(session);
        }
        self.reviews.retain(|review| *review != session);
        self.closings.forget(session);
        self.settle_closings(now, tracks);
        self.lines.forget(session);
        let Some(Guest { room: id, number, participant }) = self.remote.remove(&session) else {
            return;
        };
        if let Some(lesson) = self.open.get_mut(&id) {
            lesson.part(number);
            // A room that is over has nothing to say to that.
            let _ = lesson.apply(now, tracks, Input::Disconnect { session: number });
            lesson.ask_again_for_uploads(now, tracks, participant);
        }
        self.settle(now, tracks, &id);
    }

    /// Objects came for a room: commands.
    pub(crate) fn hear(&mut self, now: Instant, tracks: &mut Tracks, local: SessionKey) {
        let Some(id) = self.local.get(&local).cloned() else {
            return;
        };
        let in_all: u64 = self.open.values().map(Lesson::content_bytes).sum();
        if let Some(lesson) = self.open.get_mut(&id) {
            let others = in_all.saturating_sub(lesson.content_bytes());
            let most = tracks.limits().bytes_in_all / CONTENT_SHARE;
            lesson.limit_content(most.saturating_sub(others));
            lesson.hear(now, tracks);
        }
        self.settle(now, tracks, &id);
    }

    /// What became of a room's subscription.
    pub(crate) fn told(&mut self, now: Instant, effect: &Effect) {
        let lesson = self.local.get(&effect.session()).and_then(|id| self.open.get_mut(id));
        if let Some(lesson) = lesson {
            lesson.told(now, effect);
        }
    }

    /// The next session that a room wants closed.
    pub(crate) fn poll_close(&mut self) -> Option<(SessionKey, &'static str)> {
        self.closes.pop_front()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        let lessons = self.open.values().filter_map(Lesson::deadline);
        let others = [self.closings.deadline(), self.earlier.deadline(), self.lines.deadline()];
        lessons.chain(others.into_iter().flatten()).min()
    }

    /// Tells rooms how the lines of those are whose turn it is. `look` looks at one session.
    pub(crate) fn look_at_lines(
        &mut self,
        now: Instant,
        tracks: &mut Tracks,
        mut look: impl FnMut(SessionKey) -> Option<Look>,
    ) {
        let Self { remote, open, lines, .. } = self;
        let Some(turn) = lines.begin_turn(now, !remote.is_empty()) else {
            return;
        };
        for (session, Guest { room, number, .. }) in remote {
            if !Lines::is_in_turn(turn, *number) {
                continue;
            }
            let Some(lesson) = open.get_mut(room) else {
                continue;
            };
            let line = lesson
                .owner_of(*number)
                .zip(look(*session))
                .and_then(|(owner, look)| lines.take((now, tracks), *session, (room, owner), look));
            if let Some(line) = line {
                // A room that is over has nothing to say to that.
                let _ = lesson.apply(now, tracks, Input::Line { session: *number, line });
            }
        }
    }

    pub(crate) fn expire(&mut self, now: Instant, tracks: &mut Tracks) {
        self.settle_closings(now, tracks);
        self.closings.forget_receipts(now, &self.rooms);
        self.earlier.expire(now);
        let due: Vec<RoomId> = self
            .open
            .iter()
            .filter(|(_, lesson)| lesson.deadline().is_some_and(|at| at <= now))
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            if let Some(lesson) = self.open.get_mut(&id) {
                lesson.expire(now, tracks);
            }
            self.settle(now, tracks, &id);
        }
    }

    /// Measures what is left of rooms that are over.
    fn settle_closings(&mut self, now: Instant, tracks: &Tracks) {
        let Self { closings, open, earlier, rooms, .. } = self;
        closings.settle((now, wall()), (open, earlier), tracks, rooms);
    }

    /// After anything that happened in a room: who is to be closed, how many seats are taken, and
    /// whether the room is over, in which case everything of it goes.
    fn settle(&mut self, now: Instant, tracks: &mut Tracks, id: &RoomId) {
        let Some(lesson) = self.open.get_mut(id) else {
            return;
        };
        self.closes.extend(lesson.take_closes());
        self.reviews.extend(lesson.take_reviews());
        let over = lesson.over();
        let taken = if over.is_some() { 0 } else { lesson.seats_taken() };
        if let Some(configured) = self.rooms.find(id.as_str()) {
            configured.seats.set_taken(taken);
            let bans = lesson.take_bans();
            let moderators = lesson.moderators();
            if over.is_some() {
                configured.door.promise_receipt(lesson.receipt().clone(), now);
            }
            configured.door.follow(lesson.entry(), bans, moderators, over);
        }
        if over.is_some()
            && let Some(lesson) = self.open.remove(id)
        {
            self.local.remove(&lesson.key());
            let closed_at = wall();
            self.closings.begin((now, closed_at), &lesson, lesson.sessions(), tracks);
            let (guests, earlier) = lesson.close((now, closed_at), tracks);
            self.reviews.extend(guests);
            let is_kept = self.earlier.keep(id, earlier);
            let but = if is_kept { " but who was there when" } else { "" };
            tracing::info!("a room closed: everything in it is gone{but}");
        }
    }
}

/// What a session is told that cannot join.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else keeps a session from joining")]
const fn why(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::RoomFull { .. } => "all seats of the room are taken",
        Refusal::RoomLocked => "the room is locked",
        Refusal::Removed => "a moderator removed the participant",
        Refusal::TooFast { .. } => "the participant's device sent too much",
        _ => "the room is closing",
    }
}

/// The namespace of a participant's tracks.
fn participant_fields(room: &RoomId, participant: ParticipantId) -> [String; 2] {
    [room.as_str().to_owned(), participant.to_string()]
}

#[cfg(test)]
mod tests;
