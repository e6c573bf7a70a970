//! What a room leaves of the rights that tokens grant, for each participant, and the sessions that
//! hear of changes.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use mosaik_media::SessionKey;
use mosaik_proto::rights::Rights;
use mosaik_proto::room::{ParticipantId, RoomId};
use mosaik_proto::token::Grants;

/// What one participant may do at most, at this moment. Whoever holds it sees it change.
#[derive(Debug, Default)]
pub(crate) struct Ceiling(RefCell<Rc<Grants>>);

impl Ceiling {
    pub(super) fn new(grants: Grants) -> Self {
        Self(RefCell::new(Rc::new(grants)))
    }

    /// The rights as they are now.
    pub(crate) fn grants(&self) -> Rc<Grants> {
        Rc::clone(&self.0.borrow())
    }

    /// True if it is another one than before.
    fn change_to(&self, grants: Grants) -> bool {
        let is_new = **self.0.borrow() != grants;
        if is_new {
            *self.0.borrow_mut() = Rc::new(grants);
        }
        is_new
    }
}

/// Those of one room. A ceiling is there as long as a session follows it.
#[derive(Debug, Default)]
pub(super) struct Ceilings(BTreeMap<ParticipantId, (Rc<Ceiling>, BTreeSet<SessionKey>)>);

impl Ceilings {
    /// The ceiling of `participant`, which `session` follows from here on.
    pub(super) fn follow(
        &mut self,
        room: &RoomId,
        participant: ParticipantId,
        session: SessionKey,
        rights: &Rights,
    ) -> Rc<Ceiling> {
        let (ceiling, followers) = self.0.entry(participant).or_insert_with(|| {
            (Rc::new(Ceiling::new(rights.ceiling(room, participant))), BTreeSet::new())
        });
        followers.insert(session);
        Rc::clone(ceiling)
    }

    /// A session is gone.
    pub(super) fn forget(&mut self, session: SessionKey) {
        self.0.retain(|_, (_, followers)| !followers.remove(&session) || !followers.is_empty());
    }

    /// Looks at all of them again, and gives the sessions for which something is different.
    pub(super) fn review(
        &self,
        room: &RoomId,
        rights: impl Fn(ParticipantId) -> Rights,
    ) -> BTreeSet<SessionKey> {
        let mut told = BTreeSet::new();
        for (participant, (ceiling, followers)) in &self.0 {
            if ceiling.change_to(rights(*participant).ceiling(room, *participant)) {
                told.extend(followers.iter().copied());
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use mosaik_media::{Limits, Tracks};
    use mosaik_proto::rights::Inside;

    use super::*;

    #[test]
    fn only_sessions_whose_rights_changed_hear_of_it_and_nothing_stays_of_those_that_went() {
        let mut tracks = Tracks::new(Limits::default());
        let [one, other] = [tracks.open_session(), tracks.open_session()];
        let [mine, theirs] = [ParticipantId::new(1), ParticipantId::new(2)];
        let room: RoomId = "demo".parse().unwrap();
        let mut ceilings = Ceilings::default();
        let all = Rights::Inside(Inside::ALL);
        let ceiling = ceilings.follow(&room, mine, one, &all);
        ceilings.follow(&room, theirs, other, &all);
        let narrow = |id| if id == mine { Rights::Outside } else { all.clone() };
        assert_eq!(ceilings.review(&room, narrow), BTreeSet::from([one]));
        assert_eq!(*ceiling.grants(), Rights::Outside.ceiling(&room, mine));
        assert_eq!(ceilings.review(&room, narrow), BTreeSet::new());
        ceilings.forget(one);
        ceilings.forget(other);
        assert!(ceilings.0.is_empty());
    }
}
