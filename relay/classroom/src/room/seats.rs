//! Coming and going: seats, sessions, and what a participant sends.

use std::time::Instant;

use mosaik_proto::room::{
    CloseReason, EndReason, InboxObject, Participant, ParticipantId, Refusal, RoomEvent, UnixMillis,
};

use super::{Asked, Newcomer, RECORDS_PER_SEAT, Room};
use crate::answers::Answers;
use crate::attendance::Moment;
use crate::effect::{Effect, Effects};
use crate::roster::{Seat, SessionNumber};

impl Room {
    pub(super) fn join(
        &mut self,
        (now, wall): (Instant, UnixMillis),
        session: SessionNumber,
        who: Newcomer,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let id = who.id;
        let person = (id, who.name.clone(), who.role);
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
            self.roster.take_seat(Seat::new(participant.clone(), session));
            self.begin_record(id);
            self.event(RoomEvent::Joined { participant }, effects);
        }
        let (line_max, kept) = (self.limits.line_trouble_max, self.limits.attendance_kept);
        self.attendance.come(Moment { now, wall }, person, line_max, kept);
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
        let Some(seat) = self.roster.seat_of(session) else {
            return;
        };
        seat.session = None;
        seat.kept_until = Some(until);
        seat.participant.present = false;
        let id = seat.participant.id;
        self.attendance.lose(Moment { now, wall: self.wall }, id);
        self.event(RoomEvent::Presence { id, present: false }, effects);
    }

    pub(super) fn leave(&mut self, id: ParticipantId, effects: &mut Effects) {
        if let Some(seat) = self.roster.leave(id) {
            let replaced = seat.replaced.map(|(session, _)| session);
            effects.extend(replaced.map(|session| Effect::Close(session, CloseReason::Replaced)));
            self.hands.leave(id);
            self.statuses.set(id, None);
            self.event(RoomEvent::Left { id }, effects);
            effects.push(Effect::EndInbox(id));
        }
    }

    pub(super) fn end(&mut self, reason: EndReason, effects: &mut Effects) {
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

    pub(super) fn note_emptiness(&mut self, now: Instant) {
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
                self.private.forget(oldest);
            }
        }
    }

    pub(super) fn set_sources(
        &mut self,
        asked: Asked,
        (mic, cam): (bool, bool),
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        seat.participant.mic = mic;
        seat.participant.cam = cam;
        self.event(RoomEvent::Sources { id: asked.from, mic, cam }, effects);
        Ok(())
    }

    pub(super) fn go(&mut self, asked: Asked, effects: &mut Effects) {
        let session = self.roster.seat(asked.from).and_then(|seat| seat.session);
        self.tell(asked.from, &InboxObject::Closed { reason: CloseReason::Left }, effects);
        effects.extend(session.map(|session| Effect::Close(session, CloseReason::Left)));
        self.attendance.leave(Moment { now: asked.now, wall: asked.wall }, asked.from);
        self.leave(asked.from, effects);
    }
}
