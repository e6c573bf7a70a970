//! Who may come in, and who is known from before.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use mosaik_proto::room::{ChatText, Entry, Locks, Participant, ParticipantId, Role};

use crate::roster::Roster;

/// What a room remembers of someone who was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) role: Role,
    pub(crate) locked: Locks,
    pub(crate) freed: Locks,
    /// Whether they agreed to be read when they were in last.
    pub(crate) is_read: bool,
    /// Whether they are let in as what they were; whoever was sent away comes as a stranger.
    pub(crate) comes_back: bool,
}

/// What becomes of someone who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A seat.
    In,
    /// The waiting room.
    Wait,
    /// Not in.
    Locked,
    /// Removed before.
    Banned,
    /// Not for so long.
    Away(Duration),
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Door {
    /// Those who wait.
    pub(crate) waiting: Roster,
    /// What those are told who wait.
    pub(crate) notice: Option<ChatText>,
    known: BTreeMap<ParticipantId, Known>,
    /// Those of `known` in the order in which they came first.
    known_order: VecDeque<ParticipantId>,
    banned: VecDeque<ParticipantId>,
    /// Those who flooded the room, and until when they cannot come back.
    away: VecDeque<(ParticipantId, Instant)>,
}

impl Door {
    pub(crate) fn answer(
        &self,
        now: Instant,
        (id, role): (ParticipantId, Role),
        entry: Entry,
    ) -> Answer {
        if self.banned.contains(&id) {
            return Answer::Banned;
        }
        if let Some((_, until)) = self.away.iter().find(|(away, until)| *away == id && now < *until)
        {
            return Answer::Away(until.duration_since(now));
        }
        if role == Role::Moderator || self.who_comes_back(id).is_some() {
            return Answer::In;
        }
        match entry {
            Entry::Open => Answer::In,
            Entry::Ask => Answer::Wait,
            Entry::Closed => Answer::Locked,
        }
    }

    /// Notes who is in, as of now; of `most` people, who came first is forgotten first.
    pub(crate) fn remember(&mut self, person: &Participant, is_read: bool, most: usize) {
        let Participant { role, locked, freed, .. } = *person;
        let known = Known { role, locked, freed, is_read, comes_back: true };
        if self.known.insert(person.id, known).is_none() {
            self.known_order.push_back(person.id);
        }
        while self.known_order.len() > most
            && let Some(oldest) = self.known_order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// What someone was when they were in last, who may have been sent away since.
    pub(crate) fn known(&self, id: ParticipantId) -> Option<Known> {
        self.known.get(&id).copied()
    }

    /// The same of those who are let in as what they were.
    pub(crate) fn who_comes_back(&self, id: ParticipantId) -> Option<Known> {
        self.known(id).filter(|known| known.comes_back)
    }

    /// Someone who was sent away is a stranger from here on.
    pub(crate) fn estrange(&mut self, id: ParticipantId) {
        self.known.entry(id).and_modify(|known| known.comes_back = false);
    }

    /// Someone cannot come back; of `most` bans the oldest is forgotten first.
    pub(crate) fn ban(&mut self, id: ParticipantId, most: usize) {
        self.estrange(id);
        self.banned.retain(|banned| *banned != id);
        self.banned.push_back(id);
        while self.banned.len() > most {
            self.banned.pop_front();
        }
    }

    /// Someone cannot come back before `until`; of `most` the one who was sent away first may first.
    pub(crate) fn send_away_until(&mut self, id: ParticipantId, until: Instant, most: usize) {
        self.away.retain(|(away, _)| *away != id);
        self.away.push_back((id, until));
        while self.away.len() > most {
            self.away.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::tests::start;

    fn id(number: u64) -> ParticipantId {
        ParticipantId::new(number)
    }

    fn person(number: u64) -> Participant {
        Participant {
            id: id(number),
            name: "Kim".parse().unwrap(),
            role: Role::Viewer,
            present: true,
            mic: false,
            cam: false,
            joined_at: 0,
            locked: Locks::NONE,
            freed: Locks::NONE,
        }
    }

    #[test]
    fn who_was_in_comes_back_and_who_was_banned_does_not() {
        let mut door = Door::default();
        assert_eq!(door.answer(start(), (id(1), Role::Viewer), Entry::Ask), Answer::Wait);
        assert_eq!(door.answer(start(), (id(1), Role::Viewer), Entry::Closed), Answer::Locked);
        assert_eq!(door.answer(start(), (id(2), Role::Moderator), Entry::Closed), Answer::In);
        door.remember(&person(1), true, 10);
        assert_eq!(door.answer(start(), (id(1), Role::Viewer), Entry::Closed), Answer::In);
        door.estrange(id(1));
        assert_eq!(door.known(id(1)).map(|known| known.role), Some(Role::Viewer));
        assert_eq!(door.answer(start(), (id(1), Role::Viewer), Entry::Ask), Answer::Wait);
        door.ban(id(1), 10);
        assert_eq!(door.answer(start(), (id(1), Role::Viewer), Entry::Open), Answer::Banned);
        assert_eq!(door.answer(start(), (id(1), Role::Moderator), Entry::Open), Answer::Banned);
    }

    #[test]
    fn who_was_sent_away_for_a_while_comes_back_then() {
        let (mut door, now) = (Door::default(), start());
        door.remember(&person(1), true, 10);
        let until = now + Duration::from_mins(1);
        door.send_away_until(id(1), until, 2);
        let answer = |door: &Door, at| door.answer(at, (id(1), Role::Viewer), Entry::Open);
        assert_eq!(answer(&door, now), Answer::Away(Duration::from_mins(1)));
        assert_eq!(answer(&door, until), Answer::In);
        for number in 2..4 {
            door.send_away_until(id(number), until, 2);
        }
        assert_eq!((door.away.len(), answer(&door, now)), (2, Answer::In));
    }

    #[test]
    fn what_is_remembered_is_bounded_and_newcomers_push_out_no_ban() {
        let mut door = Door::default();
        door.ban(id(0), 3);
        for number in 1..100 {
            door.remember(&person(number), true, 4);
            door.remember(&person(number), true, 4);
        }
        assert_eq!((door.known.len(), door.known_order.len()), (4, 4));
        assert_eq!(door.answer(start(), (id(0), Role::Viewer), Entry::Open), Answer::Banned);
        for number in 1..4 {
            door.ban(id(number), 3);
        }
        assert_eq!(door.banned.len(), 3);
    }
}
