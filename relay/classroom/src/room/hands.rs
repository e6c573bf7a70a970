//! Hands: who wants to speak, who is called on, whom chance picks.

use mosaik_proto::room::{
    HandAct, HandChange, Lock, LoggedAct, Medium, ParticipantId, PersonLock, Refusal, Role,
    RoomEvent,
};

use super::{Asked, RECORDS_PER_SEAT, Room};
use crate::effect::Effects;

impl Room {
    /// What is so already is done and told to nobody.
    pub(super) fn hand(
        &mut self,
        asked: Asked,
        act: &HandAct,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let change = match act {
            HandAct::Raise {} => {
                let raised = self.hands.raise(asked.from, asked.wall);
                raised.map(|hand| HandChange::Raised { hand })
            }
            HandAct::Lower {} => self.lowered(asked.from),
            HandAct::LowerOf { id } => {
                let change = self.lowered(*id);
                if change.is_some() && *id != asked.from {
                    self.note(LoggedAct::HandLowered, asked, Some(*id));
                }
                change
            }
            HandAct::LowerAll {} => {
                let change = self.hands.lower_all().then_some(HandChange::AllLowered {});
                if change.is_some() {
                    self.note(LoggedAct::HandsLowered, asked, None);
                }
                change
            }
            HandAct::CallOn { id } => Some(self.call_on(*id, effects)?),
            HandAct::Answer { speaks } => {
                let change = HandChange::Answered { id: asked.from, speaks: *speaks };
                let was_asked = self.hands.answer(asked.from);
                if was_asked && *speaks {
                    let kept = self.limits.participants.saturating_mul(RECORDS_PER_SEAT);
                    let roster = &self.roster;
                    self.hands.speak(asked.from, kept, |id| roster.has(id));
                } else if was_asked {
                    self.take_floor(asked.from, effects);
                }
                was_asked.then_some(change)
            }
            HandAct::AskCamera { id } => self.ask_camera(*id)?,
            HandAct::AnswerCamera {} => {
                let was_asked = self.hands.answer_camera(asked.from);
                was_asked.then_some(HandChange::CameraAnswered { id: asked.from })
            }
            HandAct::Pick {} => {
                let candidates = self.candidates();
                let picked = self.hands.pick(&candidates, &mut self.chance);
                let (id, is_new_round) = picked.ok_or(Refusal::NotThere)?;
                Some(HandChange::Picked { id, is_new_round })
            }
        };
        if let Some(change) = change {
            self.event(RoomEvent::Hand { change }, effects);
        }
        Ok(())
    }

    fn lowered(&mut self, id: ParticipantId) -> Option<HandChange> {
        self.hands.lower(id).then_some(HandChange::Lowered { id })
    }

    /// Only who is here can be called on.
    fn call_on(&mut self, id: ParticipantId, effects: &mut Effects) -> Result<HandChange, Refusal> {
        if !self.roster.has(id) {
            return Err(Refusal::NotThere);
        }
        self.give_floor(id, effects);
        self.hands.call_on(id);
        Ok(HandChange::CalledOn { id })
    }

    /// Only who may show themselves and agreed to be seen is asked to.
    fn ask_camera(&mut self, id: ParticipantId) -> Result<Option<HandChange>, Refusal> {
        let locks = self.locks_on(id).ok_or(Refusal::NotThere)?;
        if locks.has(Lock::Camera) {
            return Err(Refusal::Locked { lock: Lock::Camera });
        }
        self.check_agreed(id, Medium::Seen)?;
        Ok(self.hands.ask_camera(id).then_some(HandChange::CameraAsked { id }))
    }

    /// Whoever is called on may speak, also where microphones are locked, until theirs is off again.
    fn give_floor(&mut self, id: ParticipantId, effects: &mut Effects) {
        let lock = Lock::Microphone;
        if !self.locks_on(id).is_some_and(|locks| locks.has(lock)) {
            return;
        }
        let is_own = self.roster.participant(id).is_some_and(|person| person.locked.has(lock));
        let before = if is_own { PersonLock::Locked } else { PersonLock::AsRoom };
        if self.set_person_lock(id, (lock, PersonLock::Free), effects).is_ok() {
            self.hands.floor.insert(id, before);
        }
    }

    /// The microphone is locked again as it was.
    pub(super) fn take_floor(&mut self, id: ParticipantId, effects: &mut Effects) {
        if let Some(before) = self.hands.floor.remove(&id) {
            // Whoever is gone has no lock to be set.
            let _ = self.set_person_lock(id, (Lock::Microphone, before), effects);
        }
    }

    /// Microphones are locked anew: nobody speaks by an earlier call, and calls without an answer are over.
    pub(super) fn take_floors(&mut self, effects: &mut Effects) {
        for id in self.hands.floor.keys().copied().collect::<Vec<_>>() {
            if self.hands.answer(id) {
                self.event(RoomEvent::Hand { change: HandChange::CallEnded { id } }, effects);
            }
            self.take_floor(id, effects);
        }
    }

    /// Whom chance may pick: viewers whose connection is there.
    fn candidates(&self) -> Vec<ParticipantId> {
        let people = self.roster.participants().into_iter();
        people
            .filter(|person| person.present && person.role == Role::Viewer)
            .map(|person| person.id)
            .collect()
    }
}
