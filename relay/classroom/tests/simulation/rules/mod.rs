//! The room's rules, written a second time from docs/protocol.md and without the room: out of the commands
//! that were accepted it follows who is what, and says what may be asked (`verdict`), who may publish and
//! subscribe to what (`tracks`), and who may read what (`private`).

mod acts;
pub(crate) mod locks;
mod places;
mod private;
mod tracks;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::{Consent, ParticipantId, Role};
use serde_json::{Value, json};

pub(crate) use locks::Locks;
use places::Places;
use private::Private;
pub(crate) use private::tags;
pub(crate) use tracks::Standing;
pub(crate) use verdict::Verdict;

/// Someone who is in or waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) role: Role,
    locked: Locks,
    freed: Locks,
    /// To be seen, heard and read.
    agreed: [bool; 3],
    most: [bool; 3],
    /// Microphone, camera and screen.
    on: [bool; 3],
}

/// How a microphone was locked before it was freed for who was called on.
type IsOwnLock = bool;

/// What becomes of who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    In,
    Waits,
    Locked,
    Banned,
}

#[derive(Default)]
pub(crate) struct Rules {
    people: BTreeMap<ParticipantId, Person>,
    waiting: BTreeMap<ParticipantId, Person>,
    /// What those were who left.
    known: BTreeMap<ParticipantId, Person>,
    banned: BTreeSet<ParticipantId>,
    /// Those who were ever sent away.
    sent_away: BTreeSet<ParticipantId>,
    locks: Locks,
    entry: String,
    own_boards_open: bool,
    pub(crate) places: Places,
    floor: BTreeMap<ParticipantId, IsOwnLock>,
    asked: BTreeSet<ParticipantId>,
    pub(crate) private: Private,
    /// Those who were sent away and have not been let in again.
    estranged: BTreeSet<ParticipantId>,
    /// Those who do not want to be read any more.
    withdrawn: BTreeSet<ParticipantId>,
    was_led: bool,
}

impl Rules {
    pub(crate) fn new() -> Self {
        let (locks, _) = locks::preset("discussion");
        Self { locks, entry: "open".into(), ..Self::default() }
    }

    pub(crate) fn role(&self, id: ParticipantId) -> Option<Role> {
        self.people.get(&id).map(|person| person.role)
    }

    /// What someone is, or was when they left or were sent away.
    fn role_of_any(&self, id: ParticipantId) -> Role {
        let person = self.people.get(&id).or_else(|| self.known.get(&id));
        person.map_or(Role::Viewer, |person| person.role)
    }

    pub(crate) fn leads(&self, id: ParticipantId) -> bool {
        self.role(id) == Some(Role::Moderator)
    }

    pub(crate) fn waits(&self, id: ParticipantId) -> bool {
        self.waiting.contains_key(&id)
    }

    pub(crate) fn is_deserted(&self) -> bool {
        self.people.is_empty() && self.waiting.is_empty()
    }

    pub(crate) fn is_banned(&self, id: ParticipantId) -> bool {
        self.banned.contains(&id)
    }

    pub(crate) fn was_sent_away(&self, id: ParticipantId) -> bool {
        self.sent_away.contains(&id)
    }

    /// Whether it was led once, and is not now.
    pub(crate) fn is_unattended(&self) -> bool {
        self.was_led && !self.people.is_empty() && !self.people.keys().any(|id| self.leads(*id))
    }

    pub(crate) fn is_nameless(&self, id: ParticipantId) -> bool {
        self.has_lock(id, "othersNames")
    }

    /// Whether someone may speak because they were called on.
    pub(crate) fn has_floor(&self, id: ParticipantId) -> bool {
        self.floor.contains_key(&id)
    }

    pub(crate) fn are_some_nameless(&self) -> bool {
        self.people.keys().any(|id| self.is_nameless(*id))
    }

    /// Whether someone's name is to be had everywhere.
    pub(crate) fn is_named(&self, id: ParticipantId) -> bool {
        self.role_of_any(id) != Role::Viewer
    }

    /// Whether a lock holds for someone.
    fn has_lock(&self, id: ParticipantId, lock: &str) -> bool {
        self.people.get(&id).is_some_and(|person| match person.role {
            Role::Moderator => false,
            Role::Presenter => person.locked.has(lock),
            Role::Viewer => self.locks.except(person.freed).and(person.locked).has(lock),
        })
    }

    /// What someone agrees to who is in or waits: to be seen, heard and read.
    pub(crate) fn agreed(&self, id: ParticipantId) -> Option<[bool; 3]> {
        self.people.get(&id).or_else(|| self.waiting.get(&id)).map(|person| person.agreed)
    }

    /// What those agree to who are in.
    pub(crate) fn all_agreed(&self) -> impl Iterator<Item = (ParticipantId, [bool; 3])> {
        self.people.iter().map(|(id, person)| (*id, person.agreed))
    }

    /// Whether someone took back what they wrote, and has written nothing since.
    pub(crate) fn has_withdrawn(&self, id: ParticipantId) -> bool {
        self.withdrawn.contains(&id)
    }

    /// All of those.
    pub(crate) fn withdrawn(&self) -> impl Iterator<Item = ParticipantId> {
        self.withdrawn.iter().copied()
    }

    fn is_read(&self, id: ParticipantId) -> bool {
        self.people.get(&id).is_some_and(|person| person.agreed[2])
    }

    /// What becomes of someone who is about to come.
    pub(crate) fn answer(&self, id: ParticipantId, role: Role) -> Answer {
        if self.people.contains_key(&id) {
            return Answer::In;
        }
        if self.waits(id) {
            return Answer::Waits;
        }
        if self.is_banned(id) {
            return Answer::Banned;
        }
        match self.entry.as_str() {
            _ if role == Role::Moderator || self.comes_back(id).is_some() => Answer::In,
            "open" => Answer::In,
            "ask" => Answer::Waits,
            _ => Answer::Locked,
        }
    }

    /// Whoever has a seat keeps what they agreed to; whoever comes anew says it at the door.
    pub(crate) fn came(&mut self, id: ParticipantId, role: Role, consent: &Consent) {
        let answer = self.answer(id, role);
        if self.people.contains_key(&id) || self.waits(id) {
            return;
        }
        let all = |agreed: &mosaik_proto::room::Agreed| [agreed.seen, agreed.heard, agreed.read];
        let mut person = Person {
            role,
            locked: Locks::default(),
            freed: Locks::default(),
            agreed: all(&consent.agreed),
            most: all(&consent.most),
            on: [false; 3],
        };
        if let Some(known) = self.comes_back(id) {
            (person.role, person.locked, person.freed) = (known.role, known.locked, known.freed);
        }
        if person.agreed[2] {
            self.withdrawn.remove(&id);
        }
        if answer == Answer::In {
            self.enter(id, person);
        } else {
            self.waiting.insert(id, person);
        }
        self.settle();
    }

    /// Who is let in as what they were.
    fn comes_back(&self, id: ParticipantId) -> Option<&Person> {
        self.known.get(&id).filter(|_| !self.estranged.contains(&id))
    }

    fn enter(&mut self, id: ParticipantId, person: Person) {
        self.estranged.remove(&id);
        if !person.agreed[2] {
            self.withdraw(id);
        }
        self.people.insert(id, person);
        self.places.enter(id, person.role == Role::Moderator);
    }

    /// Nobody but those who lead reads any more what someone wrote.
    fn withdraw(&mut self, id: ParticipantId) {
        self.withdrawn.insert(id);
        let roles = &self.people;
        let leads = |id| roles.get(&id).is_some_and(|other| other.role == Role::Moderator);
        self.private.withdraw(id, leads);
    }

    fn admit(&mut self, id: ParticipantId) {
        if let Some(person) = self.waiting.remove(&id) {
            self.enter(id, person);
        }
    }

    fn admit_all(&mut self) {
        while let Some(id) = self.waiting.keys().next().copied() {
            self.admit(id);
        }
    }

    /// Someone has no seat any more, whatever for.
    pub(crate) fn left(&mut self, id: ParticipantId) {
        self.waiting.remove(&id);
        self.end_floor(id);
        let leads = self.leads(id);
        if let Some(person) = self.people.remove(&id) {
            self.known.insert(id, person);
            self.asked.remove(&id);
            self.places.leave(id, leads);
        }
        self.settle();
    }

    /// Someone was sent away, and is a stranger from here on.
    pub(crate) fn removed(&mut self, id: ParticipantId, is_ban: bool) {
        self.left(id);
        self.estranged.insert(id);
        self.sent_away.insert(id);
        self.places.forget(id);
        if is_ban {
            self.banned.insert(id);
        }
    }

    fn end_floor(&mut self, id: ParticipantId) {
        let Some(is_own) = self.floor.remove(&id) else {
            return;
        };
        if let Some(person) = self.people.get_mut(&id) {
            person.freed = person.freed.without("microphone");
            if is_own {
                person.locked = person.locked.with("microphone");
            }
        }
    }

    /// What somebody may not do from here on is off; nobody talks aside alone.
    fn settle(&mut self) {
        let ids: Vec<ParticipantId> = self.people.keys().copied().collect();
        for id in ids {
            let may = self.may_send(id);
            let person = self.people.get_mut(&id).unwrap();
            let had_mic = person.on[0];
            for (on, may) in person.on.iter_mut().zip(may) {
                *on &= may;
            }
            if had_mic && !person.on[0] {
                self.end_floor(id);
            }
        }
        let roles = &self.people;
        let leads = |id| roles.get(&id).is_some_and(|person| person.role == Role::Moderator);
        self.places.settle(leads);
        self.was_led |= self.people.values().any(|person| person.role == Role::Moderator);
    }

    /// Whether someone may send microphone, camera and screen.
    fn may_send(&self, id: ParticipantId) -> [bool; 3] {
        let [seen, heard, _] = self.agreed(id).unwrap_or_default();
        let is_free = |lock| !self.has_lock(id, lock);
        [heard && is_free("microphone"), seen && is_free("camera"), is_free("screen")]
    }

    /// Time has passed: groups may have come to their end.
    pub(crate) fn waited(&mut self, told: &Value) {
        if self.places.how.is_some() && told["breakouts"]["how"].is_null() {
            self.places.close();
        }
        self.settle();
    }

    /// `state` says what these rules say.
    pub(crate) fn agree(&mut self, state: &Value) {
        self.settle();
        let settings = &state["settings"];
        assert_eq!(Locks::told(&settings["locks"]), self.locks, "other locks");
        assert_eq!(settings["entry"], json!(self.entry), "another door");
        let told = state["participants"].as_array().unwrap();
        assert_eq!(told.len(), self.people.len(), "others are in");
        for one in told {
            let id: ParticipantId = one["id"].as_str().unwrap().parse().unwrap();
            let person = self.people.get(&id).expect("someone is in who is not");
            assert_eq!(one["role"], json!(person.role), "{id} is something else");
            assert_eq!(Locks::told(&one["locked"]), person.locked, "locked for {id}");
            assert_eq!(Locks::told(&one["freed"]), person.freed, "free for {id}");
            let is_shared = state["sharing"]["screens"].as_array().unwrap().contains(&one["id"]);
            let on = [one["mic"] == true, one["cam"] == true, is_shared];
            assert_eq!(on, person.on, "{id} sends something else");
        }
        assert_eq!(state["endsAt"].is_null(), !self.is_unattended(), "led or not");
        self.places.agree(&state["breakouts"]);
    }
}
