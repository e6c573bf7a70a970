//! What a room's door says of those who ask for a token: the room itself decides when they come.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use mosaik_proto::room::{EndReason, Entry, ParticipantId, ReceiptSecret};

use super::receipts::KEPT;

/// Why someone gets no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// Nobody new may come in.
    #[error("the room is locked")]
    Locked,
    /// A moderator removed this participant.
    #[error("the participant was removed")]
    Removed,
}

#[derive(Debug, Default)]
struct State {
    entry: Entry,
    /// As many as the room remembers.
    banned: BTreeSet<ParticipantId>,
    /// Those who lead the room now.
    moderators: BTreeSet<ParticipantId>,
    /// Lessons that were ended: by those who led them, or since they were gone for too long.
    ended: u64,
    promised: Option<Promised>,
}

/// By what those who led a lesson that is over get its receipt, if its last words did not reach them.
#[derive(Debug)]
struct Promised {
    leaders: BTreeSet<ParticipantId>,
    secret: ReceiptSecret,
    until: Instant,
}

impl State {
    /// As it is when so many more lessons were ended.
    fn anew(&mut self, more: u64) -> Self {
        let ended = self.ended.saturating_add(more);
        Self { ended, promised: self.promised.take(), ..Self::default() }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub struct Door(Mutex<State>);

impl Door {
    /// What the room says since something happened in it; when it is over it says nothing more.
    pub(crate) fn follow(
        &self,
        entry: Entry,
        bans: Vec<ParticipantId>,
        moderators: BTreeSet<ParticipantId>,
        over: Option<EndReason>,
    ) {
        if over.is_some_and(|reason| reason != EndReason::Empty) {
            self.end();
            return;
        }
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if over.is_some() {
            // Whoever comes back into a room that only nobody was in goes on where they were.
            *state = state.anew(0);
        } else {
            state.entry = entry;
            state.banned.extend(bans);
            state.moderators = moderators;
        }
    }

    /// The lesson was ended: what is good for it opens no other.
    pub fn end(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = state.anew(1);
    }

    /// The lesson is about to be over: those who lead it now get its receipt by `secret`.
    pub(crate) fn promise_receipt(&self, secret: ReceiptSecret, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let leaders = state.moderators.clone();
        state.promised = Some(Promised { leaders, secret, until: now + KEPT });
    }

    /// By what a participant gets the receipt of a lesson that was ended, if they led it.
    pub(crate) fn receipt(
        &self,
        participant: ParticipantId,
        lesson: u64,
        now: Instant,
    ) -> Option<ReceiptSecret> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_last = lesson.checked_add(1) == Some(state.ended);
        state
            .promised
            .as_ref()
            .filter(|promised| is_last && now < promised.until)
            .filter(|promised| promised.leaders.contains(&participant))
            .map(|promised| promised.secret.clone())
    }

    /// Which lesson of the room it is, or would be: tokens of one before do not open it.
    pub fn lesson(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ended
    }

    /// Whether a participant leads the room now.
    pub fn is_led_by(&self, participant: ParticipantId) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.moderators.contains(&participant)
    }

    /// Whether a viewer may come who was never there.
    ///
    /// # Errors
    /// [`Shut::Locked`].
    pub fn check_newcomer(&self) -> Result<(), Shut> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.entry == Entry::Closed { Err(Shut::Locked) } else { Ok(()) }
    }

    /// Whether a participant may come back.
    ///
    /// # Errors
    /// [`Shut::Removed`].
    pub fn check_return(&self, participant: ParticipantId) -> Result<(), Shut> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.banned.contains(&participant) { Err(Shut::Removed) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_follows_its_room_and_forgets_with_it() {
        let door = Door::default();
        let [one, other] = [1, 2].map(ParticipantId::new);
        door.follow(Entry::Closed, vec![one], BTreeSet::from([other]), None);
        assert!(door.is_led_by(other) && !door.is_led_by(one));
        assert_eq!(door.check_newcomer(), Err(Shut::Locked));
        assert_eq!(door.check_return(one), Err(Shut::Removed));
        assert_eq!(door.check_return(other), Ok(()));
        door.follow(Entry::Ask, vec![], BTreeSet::new(), None);
        assert!(!door.is_led_by(other));
        assert_eq!((door.check_newcomer(), door.check_return(one)), (Ok(()), Err(Shut::Removed)));
        door.follow(Entry::Closed, vec![], BTreeSet::new(), Some(EndReason::Empty));
        assert_eq!((door.check_newcomer(), door.check_return(one)), (Ok(()), Ok(())));
        assert_eq!(door.lesson(), 0);
        for reason in [EndReason::Moderator, EndReason::Unattended] {
            door.follow(Entry::Open, vec![], BTreeSet::new(), Some(reason));
        }
        assert_eq!(door.lesson(), 2);
    }

    #[test]
    fn those_who_led_a_lesson_get_its_receipt_when_they_ask_what_became_of_it() {
        let door = Door::default();
        let [one, other] = [1, 2].map(ParticipantId::new);
        let (now, secret) = (Instant::now(), ReceiptSecret::new("abc".to_owned()));
        door.follow(Entry::Open, vec![], BTreeSet::from([one]), None);
        door.promise_receipt(secret.clone(), now);
        assert_eq!(door.receipt(one, 0, now), None, "it goes on");
        door.follow(Entry::Open, vec![], BTreeSet::new(), Some(EndReason::Moderator));
        assert_eq!(door.receipt(one, 0, now), Some(secret));
        assert_eq!(door.receipt(other, 0, now), None, "a pupil");
        assert_eq!(door.receipt(one, 1, now), None, "the lesson that follows");
        assert_eq!(door.receipt(one, 0, now + KEPT), None);
        door.end();
        assert_eq!(door.receipt(one, 0, now), None, "another lesson was ended since");
    }
}
