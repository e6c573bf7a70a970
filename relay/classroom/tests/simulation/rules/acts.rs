//! What an accepted command changes of who may do what.

use mosaik_proto::room::{ParticipantId, Role};
use serde_json::Value;

use super::{Rules, locks};

impl Rules {
    /// A command was done.
    pub(crate) fn done(&mut self, from: ParticipantId, command: &Value) {
        let act = &command["act"];
        match command["kind"].as_str().unwrap() {
            "setSources" => {
                let person = self.people.get_mut(&from).unwrap();
                let had_mic = person.on[0];
                person.on = ["mic", "cam", "screen"].map(|what| command[what] == true);
                if had_mic && !person.on[0] {
                    self.end_floor(from);
                }
            }
            "consent" => self.agrees(from, &command["agreed"]),
            "leave" => self.left(from),
            "lead" => self.lead(act),
            "door" => self.door(act),
            "hand" => self.hand(from, act),
            "breakout" => self.breakout(from, act),
            "board" if act["kind"] == "setOwn" => self.own_boards_open = act["open"] == true,
            "chat" if act["kind"] == "delete" && act["private"] == true => {
                self.private.delete(act["id"].as_u64().unwrap());
            }
            _ => {}
        }
        self.settle();
    }

    fn agrees(&mut self, from: ParticipantId, agreed: &Value) {
        let person = self.people.get_mut(&from).unwrap();
        let was_read = person.agreed[2];
        person.agreed = ["seen", "heard", "read"].map(|medium| agreed[medium] == true);
        if person.agreed[2] {
            self.withdrawn.remove(&from);
        } else if was_read {
            self.withdraw(from);
        }
    }

    fn lead(&mut self, act: &Value) {
        match act["kind"].as_str().unwrap() {
            "setRole" => {
                let role = serde_json::from_value(act["role"].clone()).unwrap();
                self.people.get_mut(&id_in(act)).unwrap().role = role;
                let is_led = self.people.values().any(|person| person.role == Role::Moderator);
                assert!(is_led, "nobody leads who asked for that");
            }
            "setLock" => {
                let lock = act["lock"].as_str().unwrap();
                let is_locked = act["locked"] == true;
                let (with, without) = (self.locks.with(lock), self.locks.without(lock));
                self.locks = if is_locked { with } else { without };
                if lock == "microphone" && is_locked {
                    self.end_floors();
                }
            }
            "setPersonLock" => {
                let lock = act["lock"].as_str().unwrap();
                let id = id_in(act);
                if lock == "microphone" {
                    // From here on it is as was said now.
                    self.floor.remove(&id);
                }
                let person = self.people.get_mut(&id).unwrap();
                person.locked = person.locked.without(lock);
                person.freed = person.freed.without(lock);
                match act["state"].as_str().unwrap() {
                    "locked" => person.locked = person.locked.with(lock),
                    "free" => person.freed = person.freed.with(lock),
                    _ => {}
                }
            }
            "usePreset" => {
                let (locks, entry) = locks::preset(act["preset"].as_str().unwrap());
                self.locks = locks;
                if let Some(entry) = entry {
                    self.entry = entry.into();
                }
                if locks.has("microphone") {
                    self.end_floors();
                }
            }
            _ => {}
        }
    }

    /// Microphones are locked anew: calls are over.
    fn end_floors(&mut self) {
        for id in self.floor.keys().copied().collect::<Vec<_>>() {
            self.asked.remove(&id);
            self.end_floor(id);
        }
    }

    fn door(&mut self, act: &Value) {
        match act["kind"].as_str().unwrap() {
            "setEntry" => {
                self.entry = act["entry"].as_str().unwrap().into();
                if self.entry == "open" {
                    self.admit_all();
                }
            }
            "admit" => self.admit(id_in(act)),
            "admitAll" => self.admit_all(),
            "turnAway" => self.left(id_in(act)),
            "remove" => self.removed(id_in(act), act["ban"] == true),
            _ => {}
        }
    }

    fn hand(&mut self, from: ParticipantId, act: &Value) {
        match act["kind"].as_str().unwrap() {
            "callOn" => {
                let id = id_in(act);
                self.asked.insert(id);
                if self.has_lock(id, "microphone") {
                    let person = self.people.get_mut(&id).unwrap();
                    self.floor.insert(id, person.locked.has("microphone"));
                    person.locked = person.locked.without("microphone");
                    person.freed = person.freed.with("microphone");
                }
            }
            "answer" => {
                let was_asked = self.asked.remove(&from);
                if act["speaks"] == false && was_asked {
                    self.end_floor(from);
                }
            }
            _ => {}
        }
    }

    fn breakout(&mut self, from: ParticipantId, act: &Value) {
        let roles = &self.people;
        let leads = |id| roles.get(&id).is_some_and(|other| other.role == Role::Moderator);
        let to = act["breakout"].as_u64();
        let places = &mut self.places;
        match act["kind"].as_str().unwrap() {
            "open" => {
                let dealt: Vec<ParticipantId> =
                    roles.keys().copied().filter(|id| !leads(*id)).collect();
                places.open(act, &dealt);
            }
            "close" if act["seconds"] == 0 => places.close(),
            "assign" => places.go(id_in(act), to, leads),
            "choose" | "lookIn" => places.go(from, to, leads),
            "takeAside" => places.take_aside([from, id_in(act)], leads),
            "endAside" => {
                let aside = places.aside(from).expect("nobody talks aside who ended that");
                places.end_aside(aside, leads);
            }
            "broadcast" if act["on"] == true => places.voice = Some(from),
            "broadcast" if places.voice == Some(from) => places.voice = None,
            _ => {}
        }
    }
}

pub(super) fn id_in(act: &Value) -> ParticipantId {
    act["id"].as_str().unwrap().parse().unwrap()
}
