//! What a room's door says of those who ask for a token: the room itself decides when they come.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use mosaik_proto::room::{EndReason, Entry, ParticipantId};

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
            *state = State { ended: state.ended, ..State::default() };
        } else {
            state.entry = entry;
            state.banned.extend(bans);
            state.moderators = moderators;
        }
    }

    /// The lesson was ended: what is good for it opens no other.
    pub fn end(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *state = State { ended: state.ended.saturating_add(1), ..State::default() };
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
}
