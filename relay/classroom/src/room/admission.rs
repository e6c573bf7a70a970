//! Whether a command may be obeyed: the one place where rights and rates are checked, and what
//! becomes of whoever goes on sending what is refused.

use std::time::Duration;

use mosaik_proto::room::{CloseReason, Command, LoggedAct, Medium, Rate, Refusal, Role};

use super::{Asked, Room};
use crate::effect::Effects;
use crate::permission::{Act, lock_of, may};

impl Room {
    /// # Errors
    /// Why it may not be.
    pub(super) fn admit(
        &mut self,
        asked: Asked,
        command: &Command,
        effects: &mut Effects,
    ) -> Result<(), Refusal> {
        let act = Act::of(command);
        if act == Act::Leave && self.door.waiting.seat(asked.from).is_some() {
            // Who waits may do nothing else, and this only once.
            return Ok(());
        }
        let checked = self.check(asked, command, act);
        let (role, rate) = checked.inspect_err(|_| self.note_flood(asked, effects))?;
        let (sort, pace) = act.pace(&self.limits);
        if role != Role::Moderator {
            // Viewers together have a rate, so that a class cannot keep its teacher from acting.
            let wait = self.paces.wait(asked.now, sort, pace.room);
            if !wait.is_zero() {
                return Err(too_fast(wait));
            }
            self.paces.take(asked.now, sort, pace.room);
        }
        // What all did too fast together takes nothing of one's own rate.
        if let Some(seat) = self.roster.seat(asked.from) {
            seat.paces.take(asked.now, sort, rate);
        }
        Ok(())
    }

    /// What depends on this person alone; gives their role and their rate.
    fn check(
        &mut self,
        asked: Asked,
        command: &Command,
        act: Act,
    ) -> Result<(Role, Rate), Refusal> {
        let locks = self.locks_on(asked.from).ok_or(Refusal::NotAllowed)?;
        let seat = self.roster.seat(asked.from).ok_or(Refusal::NotAllowed)?;
        let (role, agreed) = (seat.participant.role, seat.consent.agreed);
        let slowed = seat.flood.wait(asked.now);
        if !slowed.is_zero() {
            return Err(too_fast(slowed));
        }
        if !may(role, act) {
            return Err(Refusal::NotAllowed);
        }
        let lock = lock_of(command);
        if let Some(lock) = lock.filter(|lock| locks.has(*lock)) {
            return Err(Refusal::Locked { lock });
        }
        if let Some(medium) = lock.and_then(Medium::of).filter(|medium| !agreed.has(*medium)) {
            return Err(Refusal::NotAgreed { medium });
        }
        let (sort, pace) = act.pace(&self.limits);
        let rate = match role {
            Role::Moderator => pace.moderator,
            Role::Presenter | Role::Viewer => pace.viewer,
        };
        let wait = seat.paces.wait(asked.now, sort, rate);
        if !wait.is_zero() {
            return Err(too_fast(wait));
        }
        Ok((role, rate))
    }

    /// Somebody's own fault was refused once more: told, then slowed, then removed. What a whole
    /// class does too fast together is nobody's.
    pub(super) fn note_flood(&mut self, asked: Asked, effects: &mut Effects) {
        let limits = self.limits.flood;
        let Some(seat) = self.anywhere(asked.from) else {
            return;
        };
        let is_too_much = seat.flood.note(asked.now, &limits);
        if !is_too_much || seat.participant.role == Role::Moderator {
            return;
        }
        self.note(LoggedAct::Flooded, asked, None);
        self.attendance.leave(self.moment(), asked.from);
        self.send_away(asked.from, CloseReason::Flooding, effects);
        self.door.send_away_until(asked.from, asked.now + limits.away, self.limits.bans);
    }
}

/// At least a millisecond: whoever waits none would send again at once.
pub(super) fn too_fast(wait: Duration) -> Refusal {
    let retry_after_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
    Refusal::TooFast { retry_after_ms }
}
