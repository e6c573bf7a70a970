//! What must come of what was accepted, kept apart from the room and from what it says.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::{ParticipantId, Role};
use serde_json::{Value, json};

#[derive(Default)]
pub(crate) struct Ledger {
    /// Everyone with a seat.
    pub(crate) seats: BTreeMap<ParticipantId, Role>,
    hands: Vec<Value>,
    /// What everyone with a seat agrees to.
    agreed: BTreeMap<ParticipantId, Value>,
    /// The newest accepted ballot of each person, by poll.
    ballots: BTreeMap<u64, BTreeMap<ParticipantId, Value>>,
    /// Who may read each private text.
    readers: BTreeMap<String, BTreeSet<ParticipantId>>,
    said: BTreeSet<String>,
}

impl Ledger {
    /// A command was done for the first time.
    pub(crate) fn done(&mut self, from: ParticipantId, command: &Value) {
        let act = &command["act"];
        let own = json!(from);
        match (command["kind"].as_str().unwrap(), act["kind"].as_str().unwrap_or_default()) {
            ("say", _) => {
                let is_read = self.agreed[&from]["read"] == true;
                assert!(is_read || command["to"]["kind"] != "everyone", "{from} is read");
                self.say(from, command);
            }
            ("consent", _) => drop(self.agreed.insert(from, command["agreed"].clone())),
            ("hand", "raise") if !self.hands.contains(&own) => self.hands.push(own),
            ("hand", "lower") => self.hands.retain(|id| *id != own),
            ("hand", "lowerOf" | "callOn") => self.hands.retain(|id| *id != act["id"]),
            ("hand", "lowerAll") => self.hands.clear(),
            ("poll", "vote") => {
                let poll = self.ballots.entry(act["id"].as_u64().unwrap()).or_default();
                poll.insert(from, act["ballot"].clone());
            }
            _ => {}
        }
    }

    /// Whoever has a seat keeps what they agreed to; whoever comes anew agrees to everything.
    pub(crate) fn came(&mut self, id: ParticipantId, role: Role) {
        self.seats.insert(id, role);
        let all = json!({ "seen": true, "heard": true, "read": true });
        self.agreed.entry(id).or_insert(all);
    }

    pub(crate) fn left(&mut self, id: ParticipantId) {
        self.seats.remove(&id);
        self.agreed.remove(&id);
        self.hands.retain(|other| *other != json!(id));
    }

    /// An object goes into someone's inbox: no private word in it is for others alone.
    pub(crate) fn check_inbox(&self, of: ParticipantId, object: &str) {
        for tag in tags(object) {
            let readers = self.readers.get(&tag).expect("a private text that nobody said");
            assert!(readers.contains(&of), "{of} reads {tag}");
        }
    }

    pub(crate) fn check_hands(&self, state: &Value) {
        let raised = state["hands"]["raised"].as_array().unwrap().iter();
        let raised: Vec<Value> = raised.map(|hand| hand["id"].clone()).collect();
        assert_eq!(raised, self.hands, "hands are out of order");
    }

    /// What is told of consent is what was agreed to last, to those who may know it; and nobody who
    /// is not to be read, seen or heard is.
    pub(crate) fn check_consents(&self, of: ParticipantId, role: Role, told: &[Value]) {
        let of_all = told.iter().map(|one| (one["id"].clone(), one["consent"]["agreed"].clone()));
        let told: BTreeMap<String, Value> =
            of_all.map(|(id, agreed)| (id.as_str().unwrap().to_owned(), agreed)).collect();
        let known = self.agreed.iter().filter(|(id, _)| role == Role::Moderator || **id == of);
        for (id, agreed) in known {
            assert_eq!(told.get(&id.to_string()), Some(agreed), "{of} knows something else");
        }
        assert!(role == Role::Moderator || told.len() == 1, "{of} knows what others agree to");
    }

    pub(crate) fn check_agreed(&self, state: &Value) {
        let agrees = |id: &Value, to: &str| {
            let id = id.as_str().unwrap().parse().unwrap();
            self.agreed.get(&id).is_none_or(|agreed| agreed[to] == true)
        };
        for message in state["chat"].as_array().unwrap() {
            assert!(agrees(&message["author"], "read"), "{message}");
        }
        for person in state["participants"].as_array().unwrap() {
            assert!(person["mic"] == false || agrees(&person["id"], "heard"), "{person}");
            assert!(person["cam"] == false || agrees(&person["id"], "seen"), "{person}");
        }
    }

    /// The sums of a poll are those of the newest ballots of all who voted.
    pub(crate) fn check_poll(&self, poll: &Value, count: &Value) {
        let none = BTreeMap::new();
        let ballots = self.ballots.get(&poll["id"].as_u64().unwrap()).unwrap_or(&none);
        assert_eq!(poll["votes"], ballots.len(), "votes of {poll}");
        if poll["anonymous"] == true && ballots.len() < 3 {
            assert!(count["tally"].is_null(), "so few answers name people");
            return;
        }
        let tally = &count["tally"];
        for (place, counted) in tally["counts"].as_array().unwrap().iter().enumerate() {
            let has =
                |ballot: &&Value| ballot["chosen"].as_array().unwrap().contains(&json!(place));
            assert_eq!(*counted, ballots.values().filter(has).count(), "{poll}: {tally}");
        }
        assert_eq!(tally["votes"], ballots.len());
        let named = if poll["anonymous"] == true { 0 } else { ballots.len() };
        assert_eq!(count["ballots"].as_array().unwrap().len(), named);
    }

    /// Everything that was said to all is there once, unless it was deleted.
    pub(crate) fn check_chat(&self, state: &Value) {
        let mut seen = BTreeSet::new();
        for message in state["chat"].as_array().unwrap() {
            let text = message["text"].as_str().unwrap().to_owned();
            let is_edited = message["edited"] == true;
            assert!(is_edited || self.said.contains(&text), "nobody said {text}");
            assert!(is_edited || seen.insert(text), "said twice");
        }
    }

    fn say(&mut self, from: ParticipantId, command: &Value) {
        let text = command["text"].as_str().unwrap().to_owned();
        let to = &command["to"];
        let others: Vec<ParticipantId> = match to["kind"].as_str().unwrap() {
            "everyone" => {
                self.said.insert(text);
                return;
            }
            "moderators" => {
                let leads = self.seats.iter().filter(|(_, role)| **role == Role::Moderator);
                leads.map(|(id, _)| *id).collect()
            }
            _ => vec![to["id"].as_str().unwrap().parse().unwrap()],
        };
        self.readers.entry(text).or_default().extend(others.into_iter().chain([from]));
    }

    /// Before a command is done: who may read what it says, if it is.
    pub(crate) fn expect(&mut self, from: ParticipantId, command: &Value) {
        if command["kind"] == "say" && command["to"]["kind"] != "everyone" {
            self.say(from, command);
        }
    }
}

/// Private texts are `<n:from>`, each once.
pub(crate) fn tags(object: &str) -> impl Iterator<Item = String> {
    object.split('<').skip(1).filter_map(|rest| Some(format!("<{}>", rest.split_once('>')?.0)))
}
