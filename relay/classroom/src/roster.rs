//! Who has a seat, in the order in which they came.

use std::time::Instant;

use mosaik_proto::room::{Consent, Participant, ParticipantId, Role};

use crate::bounds::{Bucket, Flood, Paces};
use crate::groups::GroupSize;

/// The driver's number for a session; used once.
pub type SessionNumber = u64;

/// A participant's place in the room.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) participant: Participant,
    /// What the participant agrees to.
    pub(crate) consent: Consent,
    /// The session it is connected with; none while the connection is lost.
    pub(crate) session: Option<SessionNumber>,
    /// The session before, and until when it may go on: a page that moves to another way of
    /// connecting hears and is heard by the old one until the new one carries everything.
    pub(crate) replaced: Option<(SessionNumber, Instant)>,
    /// Until when a lost connection keeps the seat.
    pub(crate) kept_until: Option<Instant>,
    pub(crate) paces: Paces,
    pub(crate) repeats: Bucket,
    pub(crate) flood: Flood,
    pub(crate) inbox: GroupSize,
}

impl Seat {
    pub(crate) fn new(participant: Participant, consent: Consent, session: SessionNumber) -> Self {
        Self {
            participant,
            consent,
            session: Some(session),
            replaced: None,
            kept_until: None,
            paces: Paces::default(),
            repeats: Bucket::default(),
            flood: Flood::default(),
            inbox: GroupSize::default(),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Roster {
    seats: Vec<Seat>,
}

impl Roster {
    pub(crate) fn seat(&mut self, id: ParticipantId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.participant.id == id)
    }

    pub(crate) fn has(&self, id: ParticipantId) -> bool {
        self.seats.iter().any(|seat| seat.participant.id == id)
    }

    pub(crate) fn role(&self, id: ParticipantId) -> Option<Role> {
        let seat = self.seats.iter().find(|seat| seat.participant.id == id);
        seat.map(|seat| seat.participant.role)
    }

    /// What someone agrees to.
    pub(crate) fn consent(&self, id: ParticipantId) -> Option<&Consent> {
        self.consents().find(|(whose, _)| *whose == id).map(|(_, consent)| consent)
    }

    /// What everyone agrees to, in the order in which they came.
    pub(crate) fn consents(&self) -> impl Iterator<Item = (ParticipantId, &Consent)> {
        self.seats.iter().map(|seat| (seat.participant.id, &seat.consent))
    }

    pub(crate) fn seat_of(&mut self, session: SessionNumber) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.session == Some(session))
    }

    pub(crate) fn owner_of(&self, session: SessionNumber) -> Option<ParticipantId> {
        let seat = self.seats.iter().find(|seat| seat.session == Some(session));
        seat.map(|seat| seat.participant.id)
    }

    pub(crate) fn take_seat(&mut self, seat: Seat) {
        self.seats.push(seat);
    }

    pub(crate) fn leave(&mut self, id: ParticipantId) -> Option<Seat> {
        let index = self.seats.iter().position(|seat| seat.participant.id == id)?;
        Some(self.seats.remove(index))
    }

    pub(crate) const fn len(&self) -> usize {
        self.seats.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    pub(crate) fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.people().find(|person| person.id == id)
    }

    /// Everyone, in the order in which they came.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Participant> {
        self.seats.iter().map(|seat| &seat.participant)
    }

    pub(crate) fn participants(&self) -> Vec<Participant> {
        self.seats.iter().map(|seat| seat.participant.clone()).collect()
    }

    /// Sessions that are connected, with whose they are.
    pub(crate) fn sessions(&self) -> Vec<(ParticipantId, SessionNumber)> {
        let connected = |seat: &Seat| Some((seat.participant.id, seat.session?));
        self.seats.iter().filter_map(connected).collect()
    }

    /// Whose seat is no longer kept.
    pub(crate) fn overdue(&self, now: Instant) -> Vec<ParticipantId> {
        let is_over = |seat: &&Seat| seat.kept_until.is_some_and(|until| until <= now);
        self.seats.iter().filter(is_over).map(|seat| seat.participant.id).collect()
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.seats.iter().filter_map(|seat| seat.kept_until).min()
    }

    /// Takes the replaced sessions whose time is over.
    pub(crate) fn take_replaced(&mut self, now: Instant) -> Vec<SessionNumber> {
        let is_over = |replaced: &mut (SessionNumber, Instant)| replaced.1 <= now;
        let seats = self.seats.iter_mut();
        seats
            .filter_map(|seat| seat.replaced.take_if(is_over))
            .map(|(session, _)| session)
            .collect()
    }

    /// When `take_replaced` has something.
    pub(crate) fn replaced_deadline(&self) -> Option<Instant> {
        self.seats.iter().filter_map(|seat| seat.replaced.map(|(_, until)| until)).min()
    }

    /// All sessions that were replaced and go on.
    pub(crate) fn replaced(&self) -> Vec<SessionNumber> {
        self.seats.iter().filter_map(|seat| seat.replaced.map(|(session, _)| session)).collect()
    }

    /// A replaced session ended by itself.
    pub(crate) fn forget_replaced(&mut self, session: SessionNumber) {
        for seat in &mut self.seats {
            seat.replaced.take_if(|(replaced, _)| *replaced == session);
        }
    }
}
