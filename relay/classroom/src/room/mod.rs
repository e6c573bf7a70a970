//! The room: dispatch and what hangs together.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use mosaik_proto::room::{
    BadText, CloseReason, Command, CommandNumber, DisplayName, EndReason, InboxObject, Limits,
    Malformed, NumberedCommand, Participant, ParticipantId, Refusal, Revision, Role, RoomEvent,
    RoomId, RoomSnapshot, StateObject, TEXT_CHARS_MAX, UnixMillis,
};
use serde::Serialize;

use crate::answers::{Answers, Turn};
use crate::chat::Chat;
use crate::effect::{Effect, Effects};
use crate::groups::GroupSize;
use crate::permission::{Act, may};
use crate::roster::{Roster, Seat, SessionNumber};

/// Records of participants who left, kept so that a late repeat of a command acts once: four
/// times as many as there are seats.
const RECORDS_PER_SEAT: usize = 4;

/// Someone whose token was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Survives reconnects.
    pub id: ParticipantId,
    /// What others see.
    pub name: DisplayName,
    /// What the token says.
    pub role: Role,
}

/// What can happen to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A session came up.
    Join {
        /// The session.
        session: SessionNumber,
        /// Whose it is.
        who: Newcomer,
    },
    /// A session is gone.
    Disconnect {
        /// The session.
        session: SessionNumber,
    },
    /// An object of a participant's `commands` track.
    Command {
        /// Whose track it came on: the namespace says so, the object does not.
        from: ParticipantId,
        /// The object.
        bytes: Vec<u8>,
    },
}

/// Why a room wants to be woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// A lost connection's seat is no longer kept.
    Seat,
    /// Nobody came for so long that the room ends.
    Empty,
    /// A session that was replaced has had its time.
    Replaced,
}

/// When [`Room::expire`] has something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// When.
    pub at: Instant,
    /// What for.
    pub why: Wake,
}

/// See the crate.
#[derive(Debug)]
pub struct Room {
    id: RoomId,
    title: String,
    limits: Limits,
    revision: Revision,
    roster: Roster,
    chat: Chat,
    records: BTreeMap<ParticipantId, Answers>,
    /// In which order the records were begun, to forget the oldest.
    record_order: VecDeque<ParticipantId>,
    group: GroupSize,
    empty_since: Option<Instant>,
    is_over: bool,
}

impl Room {
    /// An empty room and its first effects: the `state` track begins with a snapshot.
    pub fn open(now: Instant, id: RoomId, title: String, limits: Limits) -> (Self, Effects) {
        let mut room = Self {
            id,
            title,
            limits,
            revision: 0,
            roster: Roster::default(),
            chat: Chat::default(),
            records: BTreeMap::new(),
            record_order: VecDeque::new(),
            group: GroupSize::default(),
            empty_since: Some(now),
            is_over: false,
        };
        let mut effects = Effects::new();
        room.begin_state(&mut effects);
        (room, effects)
    }

    /// How many seats are taken.
    pub const fn seats_taken(&self) -> usize {
        self.roster.len()
    }

    /// Takes what happened; `wall` is the time that people see.
    ///
    /// # Errors
    /// [`Refusal::RoomFull`] and [`Refusal::RoomClosing`] for a session that cannot join. What is
    /// wrong with a command is told in the inbox, not here.
    pub fn apply(
        &mut self,
        now: Instant,
        wall: UnixMillis,
        input: Input,
    ) -> Result<Effects, Refusal> {
        let mut effects = Effects::new();
        if self.is_over {
            return Err(Refusal::RoomClosing);
        }
        match input {
            Input::Join { session, who } => self.join((now, wall), session, who, &mut effects)?,
            Input::Disconnect { session } => self.disconnect(now, session, &mut effects),
            Input::Command { from, bytes } => self.hear(now, wall, from, &bytes, &mut effects),
        }
        self.note_emptiness(now);
        Ok(effects)
    }

    /// Does what is due because nothing happened.
    pub fn expire(&mut self, now: Instant) -> Effects {
        let mut effects = Effects::new();
        for id in self.roster.overdue(now) {
            self.leave(id, &mut effects);
        }
        for session in self.roster.take_replaced(now) {
            effects.push(Effect::Close(session, CloseReason::Replaced));
        }
        self.note_emptiness(now);
        let is_empty = self.empty_since.is_some_and(|since| since + self.limits.empty_grace <= now);
        if is_empty && !self.is_over {
            self.end(EndReason::Empty, &mut effects);
        }
        effects
    }

    /// When [`Room::expire`] has something to do next.
    pub fn deadline(&self) -> Option<Deadline> {
        let seat = self.roster.deadline().map(|at| Deadline { at, why: Wake::Seat });
        let empty = self
            .empty_since
            .filter(|_| !self.is_over)
            .map(|since| Deadline { at: since + self.limits.empty_grace, why: Wake::Empty });
        let replaced =
            self.roster.replaced_deadline().map(|at| Deadline { at, why: Wake::Replaced });
        seat.into_iter().chain(empty).chain(replaced).min_by_key(|deadline| deadline.at)
    }

    fn join(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        session: SessionNumber,
        who: Newcomer,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let id = who.id;
        if let Some(seat) = self.roster.seat(id) {
            let before = seat.session.replace(session);
            let until = now + self.limits.handover;
            let earlier = before.and_then(|before| seat.replaced.replace((before, until)));
            seat.kept_until = None;
            let was_present = std::mem::replace(&mut seat.participant.present, true);
            if before.is_some() {
                self.tell(id, &InboxObject::Closed { reason: CloseReason::Replaced }, effects);
            }
            // Two sessions of one participant at a time are a move, three are none.
            effects
                .extend(earlier.map(|(session, _)| Effect::Close(session, CloseReason::Replaced)));
            if !was_present {
                self.event(RoomEvent::Presence { id, present: true }, effects);
            }
        } else {
            let max = self.limits.participants;
            if self.roster.len() >= max {
                return Err(Refusal::RoomFull { max });
            }
            let participant = Participant {
                id,
                name: who.name,
                role: who.role,
                present: true,
                mic: false,
                cam: false,
                joined_at: wall,
            };
            self.roster.take_seat(Seat::new(participant.clone(), session, &self.limits));
            self.begin_record(id);
            self.event(RoomEvent::Joined { participant }, effects);
        }
        self.begin_inbox(id, effects);
        Ok(())
    }

    fn disconnect(&mut self, now: Instant, session: SessionNumber, effects: &mut Effects) {
        let until = now + self.limits.seat_grace;
        self.roster.forget_replaced(session);
        let Some(seat) = self.roster.seat_of(session) else {
            return;
        };
        seat.session = None;
        seat.kept_until = Some(until);
        seat.participant.present = false;
        let id = seat.participant.id;
        self.event(RoomEvent::Presence { id, present: false }, effects);
    }

    /// One object of a participant's `commands` track.
    fn hear(
        &mut self,
        now: Instant,
        wall: UnixMillis,
        from: ParticipantId,
        bytes: &[u8],
        effects: &mut Effects,
    ) {
        let (number, command) = match NumberedCommand::decode(bytes) {
            Ok(numbered) => (numbered.number, Ok(numbered.command)),
            Err(Malformed::Numbered(number)) => (number, Err(Refusal::Malformed)),
            Err(Malformed::Unreadable) => return,
        };
        let turn = self.records.get(&from).map(|record| record.turn(number));
        let Some((turn, seat)) = turn.zip(self.roster.seat(from)) else {
            return;
        };
        let outcome = match turn {
            Turn::Next => command.and_then(|command| self.obey(now, wall, from, command, effects)),
            // Whoever repeats faster than a reconnect does gets no more answers.
            Turn::Repeated(_) | Turn::TooEarly { .. } if seat.repeats.take(now).is_err() => return,
            Turn::Repeated(outcome) => outcome,
            Turn::TooEarly { expected } => Err(Refusal::OutOfOrder { expected }),
        };
        if turn == Turn::Next
            && let Some(record) = self.records.get_mut(&from)
        {
            record.note(number, outcome, self.limits.refusals_kept);
        }
        self.answer(from, number, outcome, effects);
    }

    fn obey(
        &mut self,
        now: Instant,
        wall: UnixMillis,
        from: ParticipantId,
        command: Command,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match command {
            Command::Say { text } => self.say(now, wall, from, &text, effects),
            Command::SetSources { mic, cam } => {
                let seat = self.permit(from, Act::OwnSources)?;
                take(&mut seat.commands, now)?;
                seat.participant.mic = mic;
                seat.participant.cam = cam;
                self.event(RoomEvent::Sources { id: from, mic, cam }, effects);
                Ok(())
            }
            Command::Leave {} => {
                let session = self.permit(from, Act::Leave)?.session;
                self.tell(from, &InboxObject::Closed { reason: CloseReason::Left }, effects);
                effects.extend(session.map(|session| Effect::Close(session, CloseReason::Left)));
                self.leave(from, effects);
                Ok(())
            }
            Command::EndRoom {} => {
                self.permit(from, Act::EndRoom)?;
                self.end(EndReason::Moderator, effects);
                Ok(())
            }
        }
    }

    fn say(
        &mut self,
        now: Instant,
        wall: UnixMillis,
        from: ParticipantId,
        text: &str,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let seat = self.permit(from, Act::PublicChat)?;
        let text = text.parse().map_err(|bad| match bad {
            BadText::Empty => Refusal::TextEmpty,
            BadText::TooLong => Refusal::TextTooLong { max: TEXT_CHARS_MAX },
            BadText::Control => Refusal::Malformed,
        })?;
        take(&mut seat.chat, now)?;
        let author = (from, seat.participant.name.clone());
        let kept = (self.limits.chat_kept, self.limits.chat_bytes_kept);
        let message = self.chat.append(author, text, wall, kept);
        self.event(RoomEvent::Said { message }, effects);
        Ok(())
    }

    /// The seat of someone who may do it.
    fn permit(&mut self, id: ParticipantId, act: Act) -> Result<&mut Seat, Refusal> {
        let seat = self.roster.seat(id).ok_or(Refusal::NotAllowed)?;
        if may(seat.participant.role, act) { Ok(seat) } else { Err(Refusal::NotAllowed) }
    }

    fn leave(&mut self, id: ParticipantId, effects: &mut Effects) {
        if let Some(seat) = self.roster.leave(id) {
            let replaced = seat.replaced.map(|(session, _)| session);
            effects.extend(replaced.map(|session| Effect::Close(session, CloseReason::Replaced)));
            self.event(RoomEvent::Left { id }, effects);
            effects.push(Effect::EndInbox(id));
        }
    }

    fn end(&mut self, reason: EndReason, effects: &mut Effects) {
        self.event(RoomEvent::Ended { reason }, effects);
        for (id, session) in self.roster.sessions() {
            self.tell(id, &InboxObject::Closed { reason: CloseReason::Ended }, effects);
            effects.push(Effect::Close(session, CloseReason::Ended));
        }
        for session in self.roster.replaced() {
            effects.push(Effect::Close(session, CloseReason::Ended));
        }
        effects.push(Effect::Over);
        self.is_over = true;
    }

    fn note_emptiness(&mut self, now: Instant) {
        self.empty_since =
            if self.roster.is_empty() { self.empty_since.or(Some(now)) } else { None };
    }

    fn begin_record(&mut self, id: ParticipantId) {
        if self.records.contains_key(&id) {
            return;
        }
        self.records.insert(id, Answers::default());
        self.record_order.push_back(id);
        let most = self.limits.participants.saturating_mul(RECORDS_PER_SEAT);
        while self.record_order.len() > most {
            let Some(oldest) = self.record_order.pop_front() else {
                return;
            };
            if self.roster.seat(oldest).is_some() {
                self.record_order.push_back(oldest);
            } else {
                self.records.remove(&oldest);
            }
        }
    }

    fn answer(
        &mut self,
        to: ParticipantId,
        number: CommandNumber,
        outcome: Result<(), Refusal>,
        effects: &mut Effects,
    ) {
        let object = match outcome {
            Ok(()) => InboxObject::Acknowledged { number },
            Err(refusal) => InboxObject::Refused { number, refusal },
        };
        self.tell(to, &object, effects);
    }

    /// Puts an object into an inbox, or begins the inbox anew when it has grown too large.
    fn tell(&mut self, to: ParticipantId, object: &InboxObject, effects: &mut Effects) {
        let Some(seat) = self.roster.seat(to) else {
            return;
        };
        let bytes = encode(object);
        let is_answer = !matches!(object, InboxObject::Closed { .. });
        if seat.inbox.is_outgrown_by(bytes.len()) && is_answer {
            self.begin_inbox(to, effects);
        } else {
            effects.push(Effect::Inbox(to, bytes));
        }
    }

    fn begin_inbox(&mut self, to: ParticipantId, effects: &mut Effects) {
        let record = self.records.get(&to).cloned().unwrap_or_default();
        let snapshot = encode(&InboxObject::Snapshot {
            acknowledged: record.acknowledged(),
            refused: record.refused(),
        });
        if let Some(seat) = self.roster.seat(to) {
            seat.inbox.begin(snapshot.len());
            effects.push(Effect::BeginInbox(to, snapshot));
        }
    }

    /// Tells everyone what happened.
    fn event(&mut self, event: RoomEvent, effects: &mut Effects) {
        self.revision = self.revision.saturating_add(1);
        let revision = self.revision;
        let bytes = encode(&StateObject::Event { revision, event });
        let is_outgrown = self.group.is_outgrown_by(bytes.len());
        // Even the event that ends a group is told as one: not all of it is in a snapshot.
        effects.push(Effect::State(bytes));
        if is_outgrown {
            self.begin_state(effects);
        }
    }

    fn begin_state(&mut self, effects: &mut Effects) {
        let snapshot = encode(&StateObject::Snapshot {
            revision: self.revision,
            state: RoomSnapshot {
                room: self.id.as_str(),
                title: &self.title,
                participants: self.roster.participants(),
                chat: self.chat.messages(),
            },
        });
        self.group.begin(snapshot.len());
        effects.push(Effect::BeginState(snapshot));
    }
}

fn take(bucket: &mut crate::bounds::Bucket, now: Instant) -> Result<(), Refusal> {
    bucket.take(now).map_err(|wait| Refusal::TooFast {
        retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1),
    })
}

fn encode(object: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(object).expect("objects of a room have text keys and finite numbers")
}

#[cfg(test)]
pub(crate) mod tests;
