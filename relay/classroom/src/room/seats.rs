//! Coming and going: seats, sessions, and what a participant sends.

use std::time::Instant;

use mosaik_proto::room::{
    CloseReason, EndReason, InboxObject, Lock, Medium, ParticipantId, Refusal, Role, RoomEvent,
    UnixMillis,
};

use super::{Asked, Newcomer, RECORDS_PER_SEAT, Room};
use crate::answers::Answers;
use crate::attendance::Moment;
use crate::effect::{Effect, Effects};
use crate::roster::{Seat, SessionNumber};

/// What someone sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sending {
    pub(super) mic: bool,
    pub(super) cam: bool,
    pub(super) screen: bool,
}

impl Room {
    pub(super) fn join(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        session: SessionNumber,
        who: Newcomer,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let id = who.id;
        let is_in = self.roster.seat(id).is_some();
        let until = now + self.limits.handover;
        if is_in {
            self.attend(id);
            self.spare_newcomer_what_was_retracted(effects);
        }
        if let Some(seat) = self.anywhere(id) {
            let before = seat.session.replace(session);
            let earlier = before.and_then(|before| seat.replaced.replace((before, until)));
            seat.kept_until = None;
            let was_present = std::mem::replace(&mut seat.participant.present, true);
            if before.is_some() {
                self.tell(id, &InboxObject::closed(CloseReason::Replaced), effects);
            }
            // Two sessions of one participant at a time are a move, three are none.
            effects
                .extend(earlier.map(|(session, _)| Effect::Close(session, CloseReason::Replaced)));
            if is_in && !was_present {
                self.event(RoomEvent::Presence { id, present: true }, effects);
            }
        } else {
            self.arrive((now, wall), session, who, effects)?;
        }
        self.begin_inbox(id, effects);
        Ok(())
    }

    pub(super) fn disconnect(
        &mut self,
        now: Instant,
        session: SessionNumber,
        effects: &mut Effects,
    ) {
        let until = now + self.limits.seat_grace;
        self.roster.forget_replaced(session);
        self.door.waiting.forget_replaced(session);
        let seat = self.roster.seat_of(session);
        let Some(seat) = seat.or_else(|| self.door.waiting.seat_of(session)) else {
            return;
        };
        seat.session = None;
        seat.kept_until = Some(until);
        seat.participant.present = false;
        let id = seat.participant.id;
        if self.roster.seat(id).is_none() {
            return;
        }
        self.attendance.lose(self.moment(), id);
        self.lines.forget(id);
        self.event(RoomEvent::Presence { id, present: false }, effects);
    }

    /// When what is done now happens.
    pub(super) const fn moment(&self) -> Moment {
        let (now, wall) = self.clock;
        Moment { now, wall }
    }

    /// Someone who is in is connected.
    pub(super) fn attend(&mut self, id: ParticipantId) {
        let moment = self.moment();
        let (line_max, kept) = (self.limits.line_trouble_max, self.limits.attendance_kept);
        if let Some(person) = self.roster.participant(id) {
            let person = (id, person.name.clone(), person.role);
            self.attendance.come(moment, person, line_max, kept);
        }
    }

    /// The seat of someone who is in or waits.
    pub(super) fn anywhere(&mut self, id: ParticipantId) -> Option<&mut Seat> {
        self.roster.seat(id).or_else(|| self.door.waiting.seat(id))
    }

    pub(super) fn leave(&mut self, id: ParticipantId, effects: &mut Effects) {
        self.stop_waiting(id, effects);
        self.take_floor(id, effects);
        if let Some(seat) = self.roster.leave(id) {
            self.remember(&seat);
            let replaced = seat.replaced.map(|(session, _)| session);
            effects.extend(replaced.map(|session| Effect::Close(session, CloseReason::Replaced)));
            self.leave_breakout(id, seat.participant.role);
            self.forget_uploads(id, effects);
            if self.screens.set(id, false) {
                self.sharing_changed(effects);
            }
            self.hands.leave(id);
            self.statuses.set(id, None);
            self.lines.forget(id);
            self.event(RoomEvent::Left { id }, effects);
            effects.push(Effect::EndInbox(id));
            effects.push(Effect::ReviewRights);
        }
    }

    pub(super) fn end(&mut self, reason: EndReason, effects: &mut Effects) {
        self.event(RoomEvent::Ended { reason }, effects);
        let waiting = self.door.waiting.sessions();
        for (id, session) in self.roster.sessions().into_iter().chain(waiting) {
            let leads = self.roster.role(id) == Some(Role::Moderator);
            let receipt = self.receipt.clone().filter(|_| leads);
            let reason = CloseReason::Ended;
            self.tell(id, &InboxObject::Closed { reason, receipt }, effects);
            effects.push(Effect::Close(session, CloseReason::Ended));
        }
        for session in self.roster.replaced().into_iter().chain(self.door.waiting.replaced()) {
            effects.push(Effect::Close(session, CloseReason::Ended));
        }
        effects.push(Effect::Over(reason));
        self.is_over = true;
    }

    pub(super) fn note_emptiness(&mut self, now: Instant) {
        self.empty_since = if self.is_deserted() { self.empty_since.or(Some(now)) } else { None };
    }

    /// Whether nobody is in or waits.
    fn is_deserted(&self) -> bool {
        self.roster.is_empty() && self.door.waiting.is_empty()
    }

    pub(super) fn begin_record(&mut self, id: ParticipantId) {
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
            if self.anywhere(oldest).is_some() {
                self.record_order.push_back(oldest);
            } else {
                self.records.remove(&oldest);
                self.private.forget(oldest);
            }
        }
    }

    pub(super) fn set_sources(
        &mut self,
        asked: Asked,
        sending: Sending,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let locks = self.locks_on(asked.from).ok_or(Refusal::NotAllowed)?;
        let Sending { mic, cam, screen } = sending;
        let sources = [(mic, Lock::Microphone), (cam, Lock::Camera), (screen, Lock::Screen)];
        for (_, lock) in sources.into_iter().filter(|(is_on, _)| *is_on) {
            if locks.has(lock) {
                return Err(Refusal::Locked { lock });
            }
            if let Some(medium) = Medium::of(lock) {
                self.check_agreed(asked.from, medium)?;
            }
        }
        self.note_sources(asked.from, sending, effects);
        Ok(())
    }

    pub(super) fn note_sources(
        &mut self,
        id: ParticipantId,
        Sending { mic, cam, screen }: Sending,
        effects: &mut Effects,
    ) {
        if let Some(seat) = self.roster.seat(id) {
            let had_mic = std::mem::replace(&mut seat.participant.mic, mic);
            let had_cam = std::mem::replace(&mut seat.participant.cam, cam);
            let is_shared_anew = self.screens.set(id, screen);
            if !is_shared_anew || (had_mic, had_cam) != (mic, cam) {
                self.event(RoomEvent::Sources { id, mic, cam }, effects);
            }
            if is_shared_anew {
                self.sharing_changed(effects);
            }
            if had_mic && !mic {
                self.take_floor(id, effects);
            }
        }
    }

    pub(super) fn go(&mut self, asked: Asked, effects: &mut Effects) {
        let session = self.anywhere(asked.from).and_then(|seat| seat.session);
        self.tell(asked.from, &InboxObject::closed(CloseReason::Left), effects);
        effects.extend(session.map(|session| Effect::Close(session, CloseReason::Left)));
        self.attendance.leave(self.moment(), asked.from);
        self.leave(asked.from, effects);
    }
}
