//! Whether somebody may ask for something now: by role, lock, consent and place. What else may be wrong with
//! a command, that it comes too often or is about what is gone, is not looked at here.

use std::collections::BTreeSet;

use mosaik_proto::room::{ParticipantId, Role};
use serde_json::{Value, json};

use super::Rules;
use super::acts::id_in;

/// Why a command is refused, as far as these rules know.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// With any of these it must not be done.
    surely: Vec<String>,
    /// With these it may be refused: docs/protocol.md does not say.
    perhaps: Vec<String>,
}

impl Verdict {
    pub(crate) fn forbids(&self) -> bool {
        !self.surely.is_empty()
    }

    /// `refusal`: what the room says, null where it did what was asked.
    pub(crate) fn check(&self, from: ParticipantId, command: &Value, refusal: &Value) {
        let about = |what: &str| refusal[what].as_str().unwrap_or_default().to_owned();
        let reason = match refusal["code"].as_str() {
            None => {
                return assert!(!self.forbids(), "{from} did {command} in spite of {self:?}");
            }
            Some("notAllowed") => "notAllowed".to_owned(),
            Some("locked") => format!("locked {}", about("lock")),
            Some("notAgreed") => format!("notAgreed {}", about("medium")),
            Some(_) => return,
        };
        let is_known = self.surely.contains(&reason) || self.perhaps.contains(&reason);
        assert!(is_known, "{from} may do {command}: no {refusal}, but {self:?}");
    }

    fn not_allowed(&mut self, is_so: bool) {
        self.surely.extend(is_so.then(|| "notAllowed".to_owned()));
    }
}

/// Who may do it, by the table of commands.
fn is_for(role: Role, command: &Value) -> bool {
    let leads = role == Role::Moderator;
    let presents = leads || role == Role::Presenter;
    let act = command["act"]["kind"].as_str().unwrap_or_default();
    match (command["kind"].as_str().unwrap(), act) {
        ("endRoom" | "lead" | "door" | "timer" | "report" | "attendance", _)
        | ("chat", "pin" | "clear")
        | ("hand", "lowerOf" | "lowerAll" | "callOn" | "pick")
        | ("sign", "clearStatuses")
        | ("board", "setOwn" | "showOwn")
        | ("notes", "clear") => leads,
        ("poll", act) => (act == "vote") != leads,
        ("breakout", "endAside") => true,
        ("breakout", act) => matches!(act, "choose" | "callHelp" | "askAside") != leads,
        ("caption", _)
        | ("slides", "open" | "show" | "hide")
        | ("board", "addPage" | "removePage" | "clear" | "show") => presents,
        _ => true,
    }
}

impl Rules {
    /// Before a command is done: whether it may be.
    pub(crate) fn verdict(&self, from: ParticipantId, command: &Value, state: &Value) -> Verdict {
        let mut verdict = Verdict::default();
        let Some(person) = self.people.get(&from) else {
            // Who waits may leave.
            verdict.not_allowed(command["kind"] != "leave");
            return verdict;
        };
        verdict.not_allowed(!is_for(person.role, command));
        let act = &command["act"];
        match command["kind"].as_str().unwrap() {
            "setSources" => self.judge_sources(from, command, &mut verdict),
            "say" => self.judge_words(from, &command["to"], &mut verdict),
            "chat" => self.judge_chat(from, act, state, &mut verdict),
            "caption" => {
                self.must_be_read(from, &mut verdict);
                verdict.not_allowed(self.places.of(from).is_some());
            }
            "consent" => {
                let agreed = ["seen", "heard", "read"].map(|what| command["agreed"][what] == true);
                let is_more = agreed.iter().zip(person.most).any(|(agreed, most)| *agreed && !most);
                verdict.not_allowed(is_more);
            }
            "board" => self.judge_drawing(from, act, &mut verdict),
            "notes" if act["kind"] != "clear" => self.judge_lock(from, "notes", &mut verdict),
            "file" if act["kind"] == "offer" => self.judge_lock(from, "files", &mut verdict),
            "file" | "slides" if act["kind"] == "remove" => {
                let things = [&state["slides"]["decks"], &state["files"]];
                let (things, id) = if command["kind"] == "file" {
                    (things[1], &act["id"])
                } else {
                    (things[0], &act["deck"])
                };
                let thing = things.as_array().unwrap().iter().find(|thing| thing["id"] == *id);
                let is_others = thing.is_some_and(|thing| thing["by"] != json!(from));
                verdict.not_allowed(is_others && !self.leads(from));
                verdict.perhaps.extend(thing.is_none().then(|| "notAllowed".to_owned()));
            }
            "door" if act["kind"] == "remove" => verdict.not_allowed(id_in(act) == from),
            "breakout" => match act["kind"].as_str().unwrap() {
                "choose" => {
                    let is_chosen = self.places.how.as_deref() == Some("choice");
                    verdict.not_allowed(!is_chosen || self.places.aside(from).is_some());
                }
                "assign" => verdict.not_allowed(self.leads(id_in(act))),
                "takeAside" => verdict.not_allowed(id_in(act) == from),
                _ => {}
            },
            _ => {}
        }
        verdict
    }

    fn judge_sources(&self, from: ParticipantId, command: &Value, verdict: &mut Verdict) {
        let [seen, heard, _] = self.agreed(from).unwrap_or_default();
        let sources = [
            ("mic", "microphone", (heard, "heard")),
            ("cam", "camera", (seen, "seen")),
            ("screen", "screen", (true, "")),
        ];
        for (_, lock, (agrees, medium)) in
            sources.into_iter().filter(|source| command[source.0] == true)
        {
            verdict.surely.extend(self.has_lock(from, lock).then(|| format!("locked {lock}")));
            verdict.surely.extend((!agrees).then(|| format!("notAgreed {medium}")));
        }
    }

    /// What is locked, and is read by more than those who lead.
    fn judge_lock(&self, from: ParticipantId, lock: &str, verdict: &mut Verdict) {
        verdict.surely.extend(self.has_lock(from, lock).then(|| format!("locked {lock}")));
        self.must_be_read(from, verdict);
    }

    fn must_be_read(&self, from: ParticipantId, verdict: &mut Verdict) {
        verdict.surely.extend((!self.is_read(from)).then(|| "notAgreed read".to_owned()));
    }

    /// Something is written to these people.
    fn judge_words(&self, from: ParticipantId, to: &Value, verdict: &mut Verdict) {
        let place = self.places.of(from);
        match to["kind"].as_str().unwrap() {
            "everyone" => {
                verdict.not_allowed(place.is_some() && !self.leads(from));
                self.judge_lock(from, "publicChat", verdict);
            }
            "breakout" => {
                verdict.not_allowed(place.is_none() || place != to["id"].as_u64());
                self.judge_lock(from, "publicChat", verdict);
            }
            "one" => {
                let other = id_in(to);
                // Who is not there is told apart, and who leads can always be written to.
                if other != from && matches!(self.role(other), Some(Role::Viewer | Role::Presenter))
                {
                    verdict.not_allowed(!self.leads(from) && self.places.of(other) != place);
                    self.judge_lock(from, "privateChat", verdict);
                }
            }
            _ => {}
        }
    }

    fn judge_chat(&self, from: ParticipantId, act: &Value, state: &Value, verdict: &mut Verdict) {
        let kind = act["kind"].as_str().unwrap();
        if kind == "typing" {
            return self.judge_words(from, &act["to"], verdict);
        }
        if !matches!(kind, "edit" | "react" | "delete") {
            return;
        }
        let is_private = act["private"] == true;
        let (author, to) = if is_private {
            let found = self.private.find(act["id"].as_u64().unwrap(), from);
            (found.map(|found| found.author), found.map(|found| found.to.clone()))
        } else {
            if kind != "delete" {
                self.judge_lock(from, "publicChat", verdict);
            }
            let mut all = state["chat"].as_array().unwrap().iter();
            let found = all.find(|message| message["id"] == act["id"]);
            let author = found.map(|found| found["author"].as_str().unwrap().parse().unwrap());
            (author, found.map(|found| found["to"].clone()))
        };
        let Some((author, to)) = author.zip(to) else {
            return;
        };
        let is_own = author == from;
        match kind {
            "delete" => return verdict.not_allowed(!is_own && !self.leads(from)),
            "edit" => verdict.not_allowed(!is_own),
            _ => {}
        }
        // To react is to write to the author, in a breakout to all who are there.
        let is_to_all = is_own || to["kind"] == "breakout";
        let to = if is_to_all { to } else { json!({ "kind": "one", "id": author }) };
        if is_private {
            self.judge_words(from, &to, verdict);
        } else if self.places.are_apart() {
            // Whether one may react to what was said to everyone while one is not with everyone.
            verdict.perhaps.push("notAllowed".to_owned());
        }
    }

    fn judge_drawing(&self, from: ParticipantId, act: &Value, verdict: &mut Verdict) {
        let kind = act["kind"].as_str().unwrap();
        let board = act["board"].as_str().unwrap_or_default();
        let draws = matches!(kind, "draw" | "point");
        if kind == "showGroup" {
            verdict
                .surely
                .extend(self.has_lock(from, "whiteboard").then(|| "locked whiteboard".to_owned()));
            verdict.perhaps.push("notAgreed read".to_owned());
        }
        if !draws && kind != "clear" {
            return;
        }
        let (own, group) = (board.strip_prefix("own/"), board.strip_prefix("group/"));
        if let Some(of) = own {
            let is_own = of == from.to_string();
            verdict.not_allowed(!self.leads(from) && !is_own);
            let is_closed = !self.leads(from) && is_own && !self.own_boards_open;
            verdict.surely.extend(is_closed.then(|| "locked whiteboard".to_owned()));
        } else if draws {
            self.judge_lock(from, "whiteboard", verdict);
        }
        if let Some(group) = group {
            let is_there = self.places.group(from).is_some_and(|own| own.to_string() == group);
            verdict.not_allowed(!is_there);
        }
        if kind == "draw" && self.role(from) == Some(Role::Viewer) {
            let own = format!("{from}.");
            let mut ids = act["ops"].as_array().unwrap().iter().map(|op| op["id"].as_str());
            verdict.not_allowed(ids.any(|id| !id.unwrap().starts_with(&own)));
        }
    }

    /// Before something is written in private: who may read it, if it is.
    pub(crate) fn expect(&mut self, from: ParticipantId, command: &Value) {
        let act = &command["act"];
        if command["kind"] == "say" {
            let to = &command["to"];
            let mut readers: BTreeSet<ParticipantId> = match to["kind"].as_str().unwrap() {
                "everyone" => return,
                "moderators" => self.people.keys().copied().filter(|id| self.leads(*id)).collect(),
                "breakout" => self.places.people(to["id"].as_u64().unwrap()),
                _ => BTreeSet::from([id_in(to)]),
            };
            readers.insert(from);
            self.private.expect(command["text"].as_str().unwrap(), &readers);
        }
        if act["kind"] == "edit" && act["private"] == true {
            let id = act["id"].as_u64().unwrap();
            let mut readers = self.private.readers(id);
            // What is changed of a word in a breakout is for who is there still.
            let to = self.private.find(id, from).map(|message| &message.to);
            if let Some(breakout) = to.filter(|to| to["kind"] == "breakout") {
                let breakout = breakout["id"].as_u64();
                readers.retain(|reader| self.places.of(*reader) == breakout);
            }
            self.private.expect(act["text"].as_str().unwrap(), &readers);
        }
    }
}
