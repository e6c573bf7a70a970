//! The door: the waiting room, letting in and sending away.

use std::time::Instant;

use mosaik_proto::room::{
    BadText, CloseReason, DoorAct, DoorNews, DoorSnapshot, Entry, InboxObject, LoggedAct,
    Participant, ParticipantId, Place, RawText, Refusal, Role, RoomEvent, RoomSettings,
    TEXT_CHARS_MAX, UnixMillis, WaitingPerson, seats_for,
};

use super::admission::too_fast;
use super::telling::Known;
use super::texts::refused;
use super::{Asked, Newcomer, Room};
use crate::door::Answer;
use crate::effect::{Effect, Effects};
use crate::roster::{Seat, SessionNumber};

/// Those who were in and are remembered: as many times as there are seats.
const KNOWN_PER_SEAT: usize = 4;

impl Room {
    /// Who may come in.
    pub const fn entry(&self) -> Entry {
        self.settings.entry
    }

    /// Someone comes who has no place yet.
    pub(super) fn arrive(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        session: SessionNumber,
        who: Newcomer,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let answer = self.door.answer(now, (who.id, who.role), self.settings.entry);
        let consent = who.consent.clone();
        let seat = Seat::new(self.participant(wall, who), consent, session);
        match answer {
            Answer::In => self.enter(seat, effects),
            Answer::Wait => self.wait(seat, effects),
            Answer::Locked => Err(Refusal::RoomLocked),
            Answer::Banned => Err(Refusal::Removed),
            Answer::Away(wait) => Err(too_fast(wait)),
        }
    }

    /// Whoever was here before keeps role and locks.
    fn participant(&self, wall: UnixMillis, who: Newcomer) -> Participant {
        let known = self.door.who_comes_back(who.id);
        Participant {
            id: who.id,
            name: who.name,
            role: known.map_or(who.role, |known| known.role),
            present: true,
            mic: false,
            cam: false,
            joined_at: wall,
            locked: known.map(|known| known.locked).unwrap_or_default(),
            freed: known.map(|known| known.freed).unwrap_or_default(),
        }
    }

    fn enter(&mut self, seat: Seat, effects: &mut Effects) -> Result<(), Refusal> {
        let max = self.limits.participants;
        if self.roster.len() >= seats_for(seat.participant.role, max) {
            return Err(Refusal::RoomFull { max });
        }
        let participant = seat.participant.clone();
        let id = participant.id;
        self.remember(&seat);
        let is_read = seat.consent.agreed.read;
        self.spare_newcomer_what_was_retracted(effects);
        self.roster.take_seat(seat);
        self.begin_record(id);
        self.attend(id);
        self.event(RoomEvent::Joined { participant }, effects);
        if !is_read {
            // Who was here before and agrees no longer takes back what they wrote then.
            self.withdraw(id, effects);
        }
        self.tell_leaders_consent(id, effects);
        self.enter_breakout(id, effects);
        self.give_board(id, effects);
        if self.nameless().contains(&id) {
            self.begin_nameless(Known::NotAll, effects);
        }
        effects.push(Effect::ReviewRights);
        Ok(())
    }

    /// Whoever was in may come back as what they were.
    pub(super) fn remember(&mut self, seat: &Seat) {
        let most = self.limits.participants.saturating_mul(KNOWN_PER_SEAT);
        self.door.remember(&seat.participant, seat.consent.agreed.read, most);
    }

    fn wait(&mut self, seat: Seat, effects: &mut Effects) -> Result<(), Refusal> {
        let max = self.limits.waiting;
        if self.door.waiting.len() >= max {
            return Err(Refusal::RoomFull { max });
        }
        let id = seat.participant.id;
        let person = waiting(&seat.participant);
        self.door.waiting.take_seat(seat);
        self.begin_record(id);
        self.tell_moderators(&DoorNews::Waits { person }, effects);
        Ok(())
    }

    pub(super) fn door(
        &mut self,
        asked: Asked,
        act: &DoorAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        match act {
            DoorAct::SetEntry { entry } => {
                let settings = RoomSettings { entry: *entry, ..self.settings };
                if settings != self.settings {
                    self.note(LoggedAct::EntrySet, asked, None);
                }
                self.change_settings(settings, effects);
                if *entry == Entry::Open {
                    // Who finds no seat goes on waiting; the entry is set either way.
                    let _ = self.admit_all(asked.wall, effects);
                }
            }
            DoorAct::Admit { id } => {
                self.let_in(asked.wall, *id, effects)?;
                self.note(LoggedAct::LetIn, asked, Some(*id));
            }
            DoorAct::AdmitAll {} => {
                self.admit_all(asked.wall, effects)?;
                self.note(LoggedAct::AllLetIn, asked, None);
            }
            DoorAct::TurnAway { id } => {
                if self.door.waiting.seat(*id).is_none() {
                    return Err(Refusal::NotThere);
                }
                self.note(LoggedAct::TurnedAway, asked, Some(*id));
                self.send_away(*id, CloseReason::TurnedAway, effects);
            }
            DoorAct::TellWaiting { text } => self.tell_waiting(text, effects)?,
            DoorAct::Remove { id, ban } => self.remove(asked, *id, *ban, effects)?,
        }
        Ok(())
    }

    fn let_in(
        &mut self,
        wall: UnixMillis,
        id: ParticipantId,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let max = self.limits.participants;
        if self.door.waiting.seat(id).is_none() {
            return Err(Refusal::NotThere);
        }
        if self.roster.len() >= max {
            return Err(Refusal::RoomFull { max });
        }
        if let Some(mut seat) = self.door.waiting.leave(id) {
            seat.participant.joined_at = wall;
            self.enter(seat, effects)?;
            self.tell_moderators(&DoorNews::WaitsNoMore { id }, effects);
            self.tell(id, &InboxObject::Door { news: DoorNews::LetIn {} }, effects);
        }
        Ok(())
    }

    /// Who finds no seat goes on waiting, and whoever let them in is told.
    fn admit_all(&mut self, wall: UnixMillis, effects: &mut Effects) -> Result<(), Refusal> {
        let ids: Vec<ParticipantId> = self.door.waiting.people().map(|person| person.id).collect();
        ids.into_iter().try_for_each(|id| self.let_in(wall, id, effects))
    }

    fn tell_waiting(&mut self, text: &RawText, effects: &mut Effects) -> Result<(), Refusal> {
        let text = match text.as_str().parse() {
            Ok(text) => Some(text),
            Err(BadText::Empty) => None,
            Err(bad) => return Err(refused(bad, TEXT_CHARS_MAX)),
        };
        self.door.notice.clone_from(&text);
        let news = DoorNews::Notice { text };
        let waiting: Vec<ParticipantId> =
            self.door.waiting.people().map(|person| person.id).collect();
        for id in waiting {
            self.tell(id, &InboxObject::Door { news: news.clone() }, effects);
        }
        self.tell_moderators(&news, effects);
        Ok(())
    }

    fn remove(
        &mut self,
        asked: Asked,
        id: ParticipantId,
        is_ban: bool,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        if id == asked.from {
            return Err(Refusal::NotAllowed);
        }
        if self.roster.seat(id).is_none() {
            return Err(Refusal::NotThere);
        }
        let act = if is_ban { LoggedAct::Banned } else { LoggedAct::Removed };
        self.note(act, asked, Some(id));
        self.attendance.leave(self.moment(), id);
        self.send_away(id, CloseReason::Removed, effects);
        self.door.estrange(id);
        self.breakouts.take_away(id);
        if is_ban {
            self.door.ban(id, self.limits.bans);
            effects.push(Effect::Ban(id));
        }
        Ok(())
    }

    /// Ends every session of someone who is in or waits.
    pub(super) fn send_away(
        &mut self,
        id: ParticipantId,
        reason: CloseReason,
        effects: &mut Effects,
    ) {
        let session = self.anywhere(id).and_then(|seat| seat.session);
        self.tell(id, &InboxObject::closed(reason), effects);
        effects.extend(session.map(|session| Effect::Close(session, reason)));
        self.leave(id, effects);
    }

    /// Someone does not wait any more.
    pub(super) fn stop_waiting(&mut self, id: ParticipantId, effects: &mut Effects) {
        if let Some(seat) = self.door.waiting.leave(id) {
            let replaced = seat.replaced.map(|(session, _)| session);
            effects.extend(replaced.map(|session| Effect::Close(session, CloseReason::Replaced)));
            effects.push(Effect::EndInbox(id));
            self.tell_moderators(&DoorNews::WaitsNoMore { id }, effects);
        }
    }

    /// Those whose seat in the waiting room is no longer kept.
    pub(super) fn expire_waiting(&mut self, now: Instant, effects: &mut Effects) {
        for id in self.door.waiting.overdue(now) {
            self.stop_waiting(id, effects);
        }
    }

    /// What an inbox's snapshot says of the door.
    pub(super) fn door_snapshot(&self, id: ParticipantId) -> DoorSnapshot {
        let person = self.roster.participant(id);
        let is_moderator = person.is_some_and(|person| person.role == Role::Moderator);
        let place = if person.is_some() { Place::Inside } else { Place::Waiting };
        let people = self.door.waiting.people().filter(|_| is_moderator);
        DoorSnapshot {
            place,
            notice: self.door.notice.clone().filter(|_| is_moderator || place == Place::Waiting),
            waiting: people.map(waiting).collect(),
        }
    }

    fn tell_moderators(&mut self, news: &DoorNews, effects: &mut Effects) {
        let is_one = |person: &&Participant| person.role == Role::Moderator;
        let ids: Vec<ParticipantId> =
            self.roster.people().filter(is_one).map(|person| person.id).collect();
        for id in ids {
            self.tell(id, &InboxObject::Door { news: news.clone() }, effects);
        }
    }
}

fn waiting(person: &Participant) -> WaitingPerson {
    WaitingPerson { id: person.id, name: person.name.clone(), since: person.joined_at }
}
