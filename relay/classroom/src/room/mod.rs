//! The room: dispatch and what hangs together.

mod admission;
mod asides;
mod boards;
mod breakouts;
mod captions;
mod chat;
mod consent;
mod content;
mod door;
mod hands;
mod held;
mod leading;
mod lines;
mod log;
mod nameless;
mod notes;
mod polls;
mod reports;
mod seats;
mod sharing;
mod signs;
mod telling;
mod texts;
mod timer;
mod unattended;

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use bytes::Bytes;
use mosaik_proto::room::{
    CloseReason, Command, CommandNumber, Consent, DisplayName, EndReason, InboxObject, Limits,
    LineQuality, LogEntry, Malformed, MessageId, NumberedCommand, ParticipantId, ReceiptSecret,
    Refusal, Revision, Role, RoomId, RoomSettings, UnixMillis, UploadKey,
};

use crate::answers::{Answers, Turn};
use crate::attendance::Attendance;
use crate::boards::Boards;
use crate::bounds::Paces;
use crate::breakouts::Breakouts;
use crate::chance::Chance;
use crate::chat::Chat;
use crate::content::Content;
use crate::door::Door;
use crate::earlier::Earlier;
use crate::effect::{Effect, Effects};
use crate::groups::GroupSize;
use crate::hands::Hands;
use crate::lines::Lines;
use crate::notes::Notes;
use crate::polls::Polls;
use crate::private::Private;
use crate::roster::{Roster, SessionNumber};
use crate::screens::Screens;
use crate::signs::Statuses;
use crate::timer::OneTimer;
pub(crate) use held::size;
use seats::Sending;
use unattended::Unattended;

/// Records of participants who left, kept so that a late repeat of a command acts once: four
/// times as many as there are seats.
const RECORDS_PER_SEAT: usize = 4;

/// Who asks for something, and when; `wall` is the time that people see.
#[derive(Debug, Clone, Copy)]
struct Asked {
    now: Instant,
    wall: UnixMillis,
    from: ParticipantId,
}

/// Someone whose token was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// Survives reconnects.
    pub id: ParticipantId,
    /// What others see.
    pub name: DisplayName,
    /// What the token says.
    pub role: Role,
    /// What was agreed to at the door.
    pub consent: Consent,
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
    /// How the line of a session is by now.
    Line {
        /// The session.
        session: SessionNumber,
        /// How.
        line: LineQuality,
    },
    /// An object of a participant's upload.
    Upload {
        /// Whose it is.
        from: ParticipantId,
        /// Which one.
        key: UploadKey,
        /// Group and object.
        place: (u64, u64),
        /// The object.
        bytes: Bytes,
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
    /// Counts of polls are to be told.
    Counts,
    /// Lines are to be told to moderators.
    Lines,
    /// No moderator came back for so long that the room ends.
    Unattended,
    /// The time of groups is over.
    Breakouts,
    /// Nothing came of an upload for so long that it ends.
    Upload,
    /// Attendance of an earlier lesson is to be forgotten.
    Earlier,
    /// Nobody has drawn on a board for a while.
    Boards,
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
    /// How much was said to everyone.
    said: MessageId,
    private: Private,
    polls: Polls,
    hands: Hands,
    statuses: Statuses,
    timer: OneTimer,
    breakouts: Breakouts,
    boards: Boards,
    notes: Notes,
    lines: Lines,
    content: Content,
    screens: Screens,
    attendance: Attendance,
    /// Who was there in lessons before this one.
    earlier: Earlier,
    /// What moderators did, the oldest first.
    log: VecDeque<LogEntry>,
    chance: Chance,
    /// How often everyone together has asked for something.
    paces: Paces,
    records: BTreeMap<ParticipantId, Answers>,
    /// In which order the records were begun, to forget the oldest.
    record_order: VecDeque<ParticipantId>,
    group: GroupSize,
    settings: RoomSettings,
    door: Door,
    unattended: Unattended,
    nameless_group: GroupSize,
    /// The newest time, and what people saw then.
    clock: (Instant, UnixMillis),
    empty_since: Option<Instant>,
    /// By this moderators get the receipt when the room is over.
    receipt: Option<ReceiptSecret>,
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
            said: 0,
            private: Private::default(),
            polls: Polls::default(),
            hands: Hands::default(),
            statuses: Statuses::default(),
            timer: OneTimer::default(),
            breakouts: Breakouts::default(),
            boards: Boards::default(),
            notes: Notes::default(),
            lines: Lines::default(),
            content: Content::default(),
            screens: Screens::default(),
            attendance: Attendance::default(),
            earlier: Earlier::default(),
            log: VecDeque::new(),
            chance: Chance::default(),
            paces: Paces::default(),
            records: BTreeMap::new(),
            record_order: VecDeque::new(),
            group: GroupSize::default(),
            settings: RoomSettings::default(),
            door: Door::default(),
            unattended: Unattended::default(),
            nameless_group: GroupSize::default(),
            clock: (now, 0),
            empty_since: Some(now),
            receipt: None,
            is_over: false,
        };
        let mut effects = Effects::new();
        room.begin_state(telling::Known::NotAll, &mut effects);
        (room, effects)
    }

    /// Gives the room its chance: with the same seed and the same inputs it does the same.
    pub const fn seed(&mut self, seed: u64) {
        self.chance = Chance::new(seed);
    }

    /// Moderators are told this secret with the room's last word.
    pub fn promise_receipt(&mut self, secret: ReceiptSecret) {
        self.receipt = Some(secret);
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
        self.clock = (now, wall);
        match input {
            Input::Join { session, who } => {
                self.join((now, wall), session, who, &mut effects)?;
                self.open_notes(wall, &mut effects);
            }
            Input::Disconnect { session } => self.disconnect(now, session, &mut effects),
            Input::Command { from, bytes } => {
                self.hear(Asked { now, wall, from }, &bytes, &mut effects);
            }
            Input::Line { session, line } => self.note_line(now, session, line, &mut effects),
            Input::Upload { from, key, place, bytes } => {
                self.take_upload(now, (from, key), place, bytes, &mut effects);
            }
        }
        self.settle_breakouts(&mut effects);
        self.note_moderators(now, &mut effects);
        self.note_emptiness(now);
        Ok(effects)
    }

    /// Does what is due because nothing happened.
    pub fn expire(&mut self, now: Instant) -> Effects {
        let mut effects = Effects::new();
        for id in self.roster.overdue(now) {
            self.leave(id, &mut effects);
        }
        self.expire_waiting(now, &mut effects);
        let mut replaced = self.roster.take_replaced(now);
        replaced.extend(self.door.waiting.take_replaced(now));
        for session in replaced {
            effects.push(Effect::Close(session, CloseReason::Replaced));
        }
        self.tell_counts(now, &mut effects);
        self.expire_breakouts(now, &mut effects);
        self.settle_breakouts(&mut effects);
        self.tell_lines(now, &mut effects);
        self.expire_uploads(now, &mut effects);
        self.renew_boards(now, &mut effects);
        self.earlier.expire(now);
        self.note_moderators(now, &mut effects);
        self.note_emptiness(now);
        let is_empty = self.empty_since.is_some_and(|since| since + self.limits.empty_grace <= now);
        if is_empty && !self.is_over {
            self.end(EndReason::Empty, &mut effects);
        }
        self.expire_unattended(now, &mut effects);
        effects
    }

    /// When [`Room::expire`] has something to do next.
    pub fn deadline(&self) -> Option<Deadline> {
        let rosters = [&self.roster, &self.door.waiting];
        let seats = rosters.into_iter().filter_map(Roster::deadline);
        let seat = seats.min().map(|at| Deadline { at, why: Wake::Seat });
        let unattended = self.unattended.deadline().filter(|_| !self.is_over);
        let unattended = unattended.map(|at| Deadline { at, why: Wake::Unattended });
        let empty = self
            .empty_since
            .filter(|_| !self.is_over)
            .map(|since| Deadline { at: since + self.limits.empty_grace, why: Wake::Empty });
        let counts = self.polls.deadline().map(|at| Deadline { at, why: Wake::Counts });
        let lines = self.lines.deadline().map(|at| Deadline { at, why: Wake::Lines });
        let groups = self.breakouts.ends().filter(|_| !self.is_over);
        let groups = groups.map(|at| Deadline { at, why: Wake::Breakouts });
        let replaced = rosters.into_iter().filter_map(Roster::replaced_deadline);
        let replaced = replaced.min().map(|at| Deadline { at, why: Wake::Replaced });
        let upload = self.content.deadline(self.limits.content.grace);
        let upload = upload.filter(|_| !self.is_over).map(|at| Deadline { at, why: Wake::Upload });
        let earlier = self.earlier.deadline().map(|at| Deadline { at, why: Wake::Earlier });
        let boards = self.boards.deadline().filter(|_| !self.is_over);
        let boards = boards.map(|at| Deadline { at, why: Wake::Boards });
        let waits =
            [seat, empty, replaced, unattended, counts, groups, lines, upload, earlier, boards];
        waits.into_iter().flatten().min_by_key(|deadline| deadline.at)
    }

    /// One object of a participant's `commands` track.
    fn hear(&mut self, asked: Asked, bytes: &[u8], effects: &mut Effects) {
        let Asked { now, from, .. } = asked;
        let (number, command) = match NumberedCommand::decode(bytes) {
            Ok(numbered) => (numbered.number, Ok(numbered.command)),
            Err(Malformed::Numbered(number)) => (number, Err(Refusal::Malformed)),
            Err(Malformed::Unreadable) => {
                self.note_flood(asked, effects);
                return;
            }
        };
        let turn = self.records.get(&from).map(|record| record.turn(number));
        let repeats = self.limits.repeats;
        let Some((turn, seat)) = turn.zip(self.anywhere(from)) else {
            return;
        };
        if turn != Turn::Next && !seat.repeats.take(now, repeats) {
            // Whoever repeats faster than a reconnect does gets no more answers.
            self.note_flood(asked, effects);
            return;
        }
        let outcome = match turn {
            Turn::Next => command
                .inspect_err(|_| self.note_flood(asked, effects))
                .and_then(|command| self.obey(asked, command, effects)),
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

    /// One command, a capability each.
    fn obey(
        &mut self,
        asked: Asked,
        command: Command,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        self.admit(asked, &command, effects)?;
        match command {
            Command::Say { text, to, reply_to } => {
                self.say(asked, (to, reply_to), &text, effects)?;
            }
            Command::SetSources { mic, cam, screen } => {
                self.set_sources(asked, Sending { mic, cam, screen }, effects)?;
            }
            Command::Consent { agreed, texts } => self.consent(asked, (agreed, texts), effects)?,
            Command::Leave {} => self.go(asked, effects),
            Command::EndRoom {} => self.end(EndReason::Moderator, effects),
            Command::Chat { act } => self.chat(asked, &act, effects)?,
            Command::Caption { text, done } => self.caption(asked, (&text, done), effects)?,
            Command::Poll { act } => self.poll(asked, act, effects)?,
            Command::Hand { act } => self.hand(asked, &act, effects)?,
            Command::Sign { act } => self.sign(asked, &act, effects),
            Command::Lead { act } => self.lead(asked, &act, effects)?,
            Command::Door { act } => self.door(asked, &act, effects)?,
            Command::Breakout { act } => self.breakout(asked, &act, effects)?,
            Command::Board { act } => self.board(asked, act, effects)?,
            Command::Timer { act } => self.set_timer(asked, act, effects)?,
            Command::Notes { act } => self.note_down(asked, act, effects)?,
            Command::Slides { act } => self.slides(asked, &act, effects)?,
            Command::File { act } => self.file(asked, &act, effects)?,
            Command::Attendance { act } => self.attendance(asked, &act, effects)?,
            Command::Report { of } => self.report(asked, of, effects),
        }
        Ok(())
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
}

#[cfg(test)]
mod lead_tests;
#[cfg(test)]
pub(crate) mod tests;
