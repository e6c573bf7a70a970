//! What must come of what was accepted, kept apart from the room and from what it says.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::room::ParticipantId;
use serde_json::{Value, json};

use crate::boards::Boards;

#[derive(Default)]
pub(crate) struct Ledger {
    hands: Vec<Value>,
    /// The newest accepted ballot of each person, by poll.
    ballots: BTreeMap<u64, BTreeMap<ParticipantId, Value>>,
    said: BTreeSet<String>,
    /// What was drawn.
    pub(crate) boards: Boards,
}

impl Ledger {
    /// A command was done for the first time.
    pub(crate) fn done(&mut self, from: ParticipantId, command: &Value) {
        let act = &command["act"];
        let own = json!(from);
        match (command["kind"].as_str().unwrap(), act["kind"].as_str().unwrap_or_default()) {
            ("say", _) if command["to"]["kind"] == "everyone" => {
                self.said.insert(command["text"].as_str().unwrap().to_owned());
            }
            ("hand", "raise") if !self.hands.contains(&own) => self.hands.push(own),
            ("hand", "lower") => self.hands.retain(|id| *id != own),
            ("hand", "lowerOf" | "callOn") => self.hands.retain(|id| *id != act["id"]),
            ("hand", "lowerAll") => self.hands.clear(),
            ("board", _) => self.boards.done(act),
            ("poll", "vote") => {
                let poll = self.ballots.entry(act["id"].as_u64().unwrap()).or_default();
                poll.insert(from, act["ballot"].clone());
            }
            _ => {}
        }
    }

    pub(crate) fn left(&mut self, id: ParticipantId) {
        self.hands.retain(|other| *other != json!(id));
    }

    pub(crate) fn check_hands(&self, state: &Value) {
        let raised = state["hands"]["raised"].as_array().unwrap().iter();
        let raised: Vec<Value> = raised.map(|hand| hand["id"].clone()).collect();
        assert_eq!(raised, self.hands, "hands are out of order");
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
            let has = |ballot: &&Value| {
                ballot["chosen"].as_array().is_some_and(|chosen| chosen.contains(&json!(place)))
            };
            assert_eq!(*counted, ballots.values().filter(has).count(), "{poll}: {tally}");
        }
        for (what, all) in [("text", "texts"), ("number", "numbers")] {
            let written = ballots.values().filter_map(|ballot| ballot[what].as_str());
            let counted = tally[all].as_array().unwrap().iter().filter_map(Value::as_str);
            let (mut written, mut counted): (Vec<_>, Vec<_>) =
                (written.collect(), counted.collect());
            written.sort_unstable();
            counted.sort_unstable();
            assert_eq!(counted, written, "{poll}: {tally}");
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
}
