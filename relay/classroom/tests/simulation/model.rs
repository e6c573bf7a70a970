//! What a plain reader makes of the room's objects: snapshot ∘ events, by docs/protocol.md alone.

use serde_json::{Value, json};

/// What someone knows who reads `state`.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    pub(crate) revision: u64,
    pub(crate) state: Value,
}

impl View {
    pub(crate) fn read(&mut self, object: &Value) {
        let revision = object["revision"].as_u64().unwrap();
        if object["kind"] == "snapshot" {
            // One of the same revision may be read with other names: it counts.
            if self.state.is_null() || revision >= self.revision {
                *self = Self { revision, state: object["state"].clone() };
            }
            return;
        }
        // After a reconnect the group's beginning is read again.
        if revision <= self.revision {
            return;
        }
        assert_eq!(revision, self.revision + 1, "a revision was left out");
        self.revision = revision;
        let event = &object["event"];
        let state = &mut self.state;
        match event["kind"].as_str().unwrap() {
            "joined" => list(&mut state["participants"]).push(event["participant"].clone()),
            "presence" => {
                set(&mut state["participants"], &event["id"], &[("present", &event["present"])]);
            }
            "sources" => set(
                &mut state["participants"],
                &event["id"],
                &[("mic", &event["mic"]), ("cam", &event["cam"])],
            ),
            "left" => left(state, &event["id"]),
            "said" => list(&mut state["chat"]).push(event["message"].clone()),
            "chat" => chat(list(&mut state["chat"]), &event["change"]),
            "poll" => poll(&mut state["polls"], &event["change"]),
            "hand" => hand(&mut state["hands"], &event["change"]),
            "sign" => sign(&mut state["statuses"], &event["change"]),
            "lead" => lead(state, &event["change"]),
            "slides" => slides(&mut state["slides"], &event["change"]),
            "file" => file(list(&mut state["files"]), &event["change"]),
            "timer" => state["timer"] = event["timer"].clone(),
            "breakout" => breakout(&mut state["breakouts"], &event["change"]),
            "boards" => state["boards"] = event["boards"].clone(),
            "sharing" => state["sharing"] = event["sharing"].clone(),
            "ended" | "caption" => {}
            other => panic!("unknown event {other}"),
        }
    }

    /// The state with lists that have no order of their own in one order.
    pub(crate) fn in_order(&self) -> Value {
        let mut state = self.state.clone();
        let by_id = |list: &mut Vec<Value>| list.sort_by_key(|entry| entry["id"].to_string());
        by_id(list(&mut state["statuses"]));
        by_id(list(&mut state["hands"]["called"]));
        by_id(list(&mut state["breakouts"]["places"]));
        state
    }
}

fn slides(slides: &mut Value, change: &Value) {
    let deck = &change["deck"];
    match change["kind"].as_str().unwrap() {
        "opened" => list(&mut slides["decks"]).push(deck.clone()),
        "page" => {
            let decks = list(&mut slides["decks"]).iter_mut();
            let of = decks.filter(|held| held["id"] == *deck);
            of.for_each(|held| list(&mut held["pages"]).push(change["size"].clone()));
        }
        "complete" => set(&mut slides["decks"], deck, &[("isComing", &Value::Bool(false))]),
        "shown" => slides["shown"] = change["shown"].clone(),
        "removed" => {
            list(&mut slides["decks"]).retain(|held| held["id"] != *deck);
            if slides["shown"]["deck"] == *deck {
                slides["shown"] = Value::Null;
            }
        }
        other => panic!("unknown change {other}"),
    }
}

fn file(files: &mut Vec<Value>, change: &Value) {
    match change["kind"].as_str().unwrap() {
        "added" => files.push(change["file"].clone()),
        "removed" => files.retain(|file| file["id"] != change["id"]),
        other => panic!("unknown change {other}"),
    }
}

fn lead(state: &mut Value, change: &Value) {
    match change["kind"].as_str().unwrap() {
        "role" => set(&mut state["participants"], &change["id"], &[("role", &change["role"])]),
        "settings" => state["settings"] = change["settings"].clone(),
        "personLocks" => set(
            &mut state["participants"],
            &change["id"],
            &[("locked", &change["locked"]), ("freed", &change["freed"])],
        ),
        "unattended" => state["endsAt"] = change["endsAt"].clone(),
        other => panic!("unknown change {other}"),
    }
}

/// What someone knows who reads the own inbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inbox {
    pub(crate) messages: Vec<Value>,
    pub(crate) votes: Vec<Value>,
    pub(crate) counts: Vec<Value>,
    pub(crate) consents: Vec<Value>,
    /// How the own line is.
    pub(crate) line: Value,
    /// How others' lines are.
    pub(crate) lines: Vec<Value>,
    /// Who would like to talk aside.
    pub(crate) asides: Vec<Value>,
}

impl Inbox {
    pub(crate) fn read(&mut self, object: &Value) {
        match object["kind"].as_str().unwrap() {
            "snapshot" => {
                let all = |of: &str| object[of].as_array().unwrap().clone();
                *self = Self {
                    messages: all("messages"),
                    votes: all("votes"),
                    counts: all("counts"),
                    consents: all("consents"),
                    line: object["line"].clone(),
                    lines: all("lines"),
                    asides: all("asides"),
                };
            }
            "said" => self.messages.push(object["message"].clone()),
            "chat" => chat(&mut self.messages, &object["change"]),
            "voted" => put(&mut self.votes, &object["vote"]),
            "counted" => put(&mut self.counts, &object["count"]),
            "consent" => put(&mut self.consents, &object["of"]),
            "aside" => match object["change"]["kind"].as_str().unwrap() {
                "wished" => put(&mut self.asides, &object["change"]["wish"]),
                _ => self.asides.retain(|wish| wish["id"] != object["change"]["id"]),
            },
            "line" => self.line = object["line"].clone(),
            "lines" => {
                let changed = object["lines"].as_array().unwrap().iter();
                changed.for_each(|line| put(&mut self.lines, line));
            }
            _ => {}
        }
    }
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().unwrap()
}

/// Replaces the entry with the same id, or adds one.
fn put(list: &mut Vec<Value>, entry: &Value) {
    list.retain(|other| other["id"] != entry["id"]);
    list.push(entry.clone());
}

fn set(entries: &mut Value, id: &Value, fields: &[(&str, &Value)]) {
    let entry = list(entries).iter_mut().find(|entry| entry["id"] == *id).unwrap();
    for (name, value) in fields {
        entry[*name] = (*value).clone();
    }
}

fn without(entries: &mut Value, id: &Value) {
    list(entries).retain(|entry| entry["id"] != *id && entry != id);
}

fn left(state: &mut Value, id: &Value) {
    for of in ["participants", "statuses"] {
        without(&mut state[of], id);
    }
    without(&mut state["breakouts"]["places"], id);
    list(&mut state["breakouts"]["calls"]).retain(|call| call["by"] != *id);
    for of in ["raised", "asked", "picked", "cameras"] {
        without(&mut state["hands"][of], id);
    }
}

fn chat(messages: &mut Vec<Value>, change: &Value) {
    let id = &change["id"];
    let kind = change["kind"].as_str().unwrap();
    match kind {
        "deleted" => messages.retain(|message| message["id"] != *id),
        "cleared" => messages.clear(),
        "withdrawn" => messages.retain(|message| message["author"] != change["author"]),
        "typing" => {}
        _ => {
            let message = messages.iter_mut().find(|message| message["id"] == *id).unwrap();
            match kind {
                "edited" => {
                    message["text"] = change["text"].clone();
                    message["edited"] = json!(true);
                }
                "pinned" => message["pinned"] = change["pinned"].clone(),
                "reacted" => {
                    let reactions = list(&mut message["reactions"]);
                    reactions.retain(|other| other["id"] != change["by"]);
                    if !change["reaction"].is_null() {
                        let reaction = &change["reaction"];
                        reactions.push(json!({ "id": change["by"], "reaction": reaction }));
                    }
                }
                other => panic!("unknown change {other}"),
            }
        }
    }
}

fn poll(polls: &mut Value, change: &Value) {
    let id = &change["id"];
    match change["kind"].as_str().unwrap() {
        "opened" => list(polls).push(change["poll"].clone()),
        "votes" => set(polls, id, &[("votes", &change["votes"])]),
        "closed" => {
            set(polls, id, &[("votes", &change["votes"]), ("stage", &json!("closed"))]);
        }
        "published" => set(polls, id, &[("results", &change["results"])]),
        "removed" => without(polls, id),
        other => panic!("unknown change {other}"),
    }
}

fn hand(hands: &mut Value, change: &Value) {
    let id = &change["id"];
    match change["kind"].as_str().unwrap() {
        "raised" => list(&mut hands["raised"]).push(change["hand"].clone()),
        "lowered" => without(&mut hands["raised"], id),
        "allLowered" => hands["raised"] = json!([]),
        "calledOn" => {
            without(&mut hands["raised"], id);
            let asked = list(&mut hands["asked"]);
            if !asked.contains(id) {
                asked.push(id.clone());
            }
        }
        "answered" => {
            without(&mut hands["asked"], id);
            if change["speaks"] == true {
                let called = list(&mut hands["called"]);
                let before = called.iter().find(|called| called["id"] == *id);
                let times = before.map_or(0, |before| before["times"].as_u64().unwrap());
                put(called, &json!({ "id": id, "times": times + 1 }));
            }
        }
        "callEnded" => without(&mut hands["asked"], id),
        "cameraAsked" => list(&mut hands["cameras"]).push(id.clone()),
        "cameraAnswered" => without(&mut hands["cameras"], id),
        "picked" => {
            if change["isNewRound"] == true {
                hands["picked"] = json!([]);
            }
            list(&mut hands["picked"]).push(id.clone());
        }
        other => panic!("unknown change {other}"),
    }
}

fn breakout(breakouts: &mut Value, change: &Value) {
    let id = &change["id"];
    match change["kind"].as_str().unwrap() {
        "set" => *breakouts = change["breakouts"].clone(),
        "moved" => {
            without(&mut breakouts["places"], id);
            list(&mut breakouts["calls"]).retain(|call| call["by"] != *id);
            if !change["breakout"].is_null() {
                let place = json!({ "id": id, "breakout": change["breakout"] });
                list(&mut breakouts["places"]).push(place);
            }
        }
        "begun" => list(&mut breakouts["list"]).push(change["breakout"].clone()),
        "gone" => without(&mut breakouts["list"], id),
        "named" => set(&mut breakouts["list"], id, &[("name", &change["name"])]),
        "ends" => breakouts["endsAt"] = change["endsAt"].clone(),
        "called" => list(&mut breakouts["calls"]).push(change["call"].clone()),
        "answered" => {
            list(&mut breakouts["calls"]).retain(|call| call["breakout"] != change["breakout"]);
        }
        "told" => breakouts["notice"] = change["notice"].clone(),
        "voice" => breakouts["voice"] = change["by"].clone(),
        other => panic!("unknown change {other}"),
    }
}

fn sign(statuses: &mut Value, change: &Value) {
    match change["kind"].as_str().unwrap() {
        "status" => {
            without(statuses, &change["id"]);
            if !change["status"].is_null() {
                let status = json!({ "id": change["id"], "status": change["status"] });
                list(statuses).push(status);
            }
        }
        "statusesCleared" => *statuses = json!([]),
        "reacted" => {}
        other => panic!("unknown change {other}"),
    }
}
