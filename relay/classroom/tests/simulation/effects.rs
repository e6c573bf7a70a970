//! What the room wants done: what everyone reads, whose session ends, who may do what from now on.

use std::rc::Rc;

use mosaik_classroom::{ContentEffect, Effect, Effects};
use mosaik_proto::room::{CloseReason, EndReason, ParticipantId};
use serde_json::{Value, json};

use crate::client::Client;
use crate::model::View;
use crate::play::{Over, World};
use crate::rules::tags;
use crate::uploads::Upload;

/// The answer to a command in what the room wants: null where it was done. Who leaves gets none.
pub(crate) fn answer(effects: &Effects, to: ParticipantId, number: u64) -> Option<Value> {
    let objects = effects.iter().rev().filter_map(|effect| {
        let Effect::Inbox(whose, object) = effect else {
            return None;
        };
        (*whose == to).then(|| serde_json::from_slice::<Value>(object).unwrap())
    });
    let mut answers = objects.filter(|object| {
        let kinds = ["acknowledged", "refused"].map(Value::from);
        kinds.contains(&object["kind"]) && object["number"] == number
    });
    let has_left = effects.contains(&Effect::EndInbox(to)).then_some(Value::Null);
    answers.next().map(|answer| answer["refusal"].clone()).or(has_left)
}

impl World {
    pub(crate) fn take(&mut self, effects: Effects) {
        let is_reviewed = effects.contains(&Effect::ReviewRights);
        for effect in effects {
            match effect {
                Effect::BeginState(object, known) => self.begin_state(&object, known),
                Effect::State(object) => self.state(&object),
                Effect::BeginNotes(object) => self.note_down(&object, true),
                Effect::Notes(object) => self.note_down(&object, false),
                Effect::BeginInbox(to, object) | Effect::Inbox(to, object) => {
                    self.post(to, object);
                }
                Effect::EndInbox(of) => {
                    self.rules.left(of);
                    self.ledger.left(of);
                    self.clients.iter_mut().filter(|client| client.id == of).for_each(Client::cut);
                    self.gone.push(of);
                }
                Effect::Close(session, reason) => self.close(session, reason),
                Effect::BeginBoard(id, object, _) => self.boards.begin(id, &object),
                Effect::Board(id, object) => self.boards.follow(id, &object),
                Effect::EndBoard(id) => self.boards.end(id),
                Effect::BeginNameless(object, _) | Effect::Nameless(object) => {
                    self.nameless(&object);
                }
                Effect::ReviewRights => {}
                Effect::Ban(id) => assert!(self.rules.is_banned(id), "nobody banned {id}"),
                Effect::Over(reason) => self.over = Some(Over { reason, at: self.now }),
                Effect::Content(effect) => self.follow_upload(&effect),
            }
        }
        for id in std::mem::take(&mut self.gone) {
            let is_open = self.sessions.values().any(|whose| *whose == id);
            assert!(!is_open, "{id} is gone and a session of theirs goes on");
        }
        self.agree(is_reviewed);
    }

    /// Everyone knows, and the relay was told, what the rules say.
    fn agree(&mut self, is_reviewed: bool) {
        if self.over.is_some() {
            return;
        }
        if std::mem::take(&mut self.has_waited) {
            self.rules.waited(&self.view.state);
        }
        self.rules.agree(&self.view.state);
        let is_unattended = self.rules.is_unattended();
        self.unattended_since = is_unattended.then(|| self.unattended_since.unwrap_or(self.now));
        if is_reviewed {
            for client in &self.clients {
                self.rights.insert(client.id, self.room.rights_of(client.id));
            }
        }
        let standing = self.rules.standing();
        if is_reviewed || self.standing.as_ref() != Some(&standing) {
            // Whoever looks at ten of fifty sees in the end what holds for all.
            let each = 1 + self.clients.len() / 15;
            for (id, rights) in &self.rights {
                if self.random.below(each) == 0 {
                    self.rules.check_rights(*id, rights);
                }
            }
            self.standing = Some(standing);
        }
    }

    fn close(&mut self, session: u64, reason: CloseReason) {
        self.sessions.remove(&session);
        let is_over = reason == CloseReason::Ended;
        let closed = |client: &&mut Client| client.session == Some(session);
        for client in self.clients.iter_mut().filter(closed) {
            if is_over {
                // What was said before goes out before.
                client.read(usize::MAX);
                client.heard_the_end = client.reads;
            }
            client.cut();
        }
    }

    fn follow_upload(&mut self, effect: &ContentEffect) {
        match *effect {
            ContentEffect::Receive(from, key) => self.sending.push(Upload::new(from, key)),
            ContentEffect::StopReceiving(from, key) => {
                self.sending.retain(|upload| !upload.is(from, key));
            }
            ContentEffect::ReceiveAgain(..) => panic!("nothing of an upload was left out"),
            // What is kept is told by the room's own tests.
            ContentEffect::Begin(..)
            | ContentEffect::Append(..)
            | ContentEffect::End(_)
            | ContentEffect::Drop(_) => {}
        }
    }

    /// Whoever is here has read the group before: what is known of the new one is for those who come later.
    fn begin_state(&mut self, object: &[u8], known: u64) {
        self.group.clear();
        if known == 0 {
            return self.state(object);
        }
        self.sum.spared += 1;
        self.group.push(read_state(object));
    }

    fn state(&mut self, object: &[u8]) {
        let object = read_state(object);
        self.view.read(&object);
        if object["event"]["kind"] == "ended" {
            self.last_word.clone_from(&object["event"]["reason"]);
        }
        self.group.push(Rc::clone(&object));
        for client in self.clients.iter_mut().filter(|client| client.reads) {
            client.state_line.push_back(Rc::clone(&object));
        }
    }

    /// Who may not know names reads none of viewers.
    fn nameless(&mut self, object: &[u8]) {
        let text = std::str::from_utf8(object).unwrap();
        for id in names(text) {
            assert!(self.rules.is_named(id), "{id} is named to who may not know it");
        }
        self.sum.nameless += 1;
        let object = read_state(object);
        // While nobody reads the track it is not told everything, and then begins anew.
        let follows = object["revision"] == self.nameless.revision + 1;
        if object["kind"] == "event" && !follows {
            self.nameless = View::default();
        } else {
            self.nameless.read(&object);
        }
    }

    fn note_down(&mut self, object: &[u8], begins: bool) {
        let object = Rc::new(serde_json::from_slice(object).unwrap());
        if begins {
            self.notes.clear();
        }
        self.notes.push(Rc::clone(&object));
        for client in self.clients.iter_mut().filter(|client| client.reads) {
            client.notes_line.push_back(Rc::clone(&object));
        }
    }

    /// Something goes into someone's inbox.
    fn post(&mut self, to: ParticipantId, object: Vec<u8>) {
        let text = String::from_utf8(object).unwrap();
        let object: Value = serde_json::from_str(&text).unwrap();
        self.rules.private.check(to, &text, &object);
        if self.rules.is_nameless(to) {
            let known = |id: &ParticipantId| *id == to || self.rules.is_named(*id);
            assert!(names(&text).all(|id| known(&id)), "{to} reads a name in {text}");
        }
        self.check_for_leaders(to, &object);
        if object["reason"] == "removed" && self.rules.role(to).is_some() {
            // Nobody did it but the room: who asks for too much has to go.
            self.rules.removed(to, false);
        }
        let is_in = object["door"]["place"] == "inside" || object["news"]["kind"] == "letIn";
        let (state, notes) = (&self.group, &self.notes);
        let here = |client: &&mut Client| client.id == to && client.is_here();
        if let Some(client) = self.clients.iter_mut().find(here) {
            client.inbox_line.push_back(Rc::new(object));
            if is_in {
                client.enters(state, notes);
            }
        }
    }

    /// What is told to those alone who lead.
    fn check_for_leaders(&mut self, to: ParticipantId, object: &Value) {
        let has = |what: &Value| what.as_array().is_some_and(|list| !list.is_empty());
        self.sum.lines += usize::from(has(&object["lines"]));
        let kind = object["kind"].as_str().unwrap();
        let is_of_others = matches!(kind, "counted" | "attendance" | "log" | "earlier")
            || has(&object["lines"])
            || has(&object["counts"])
            || has(&object["door"]["waiting"])
            || (kind == "consent" && object["of"]["id"] != json!(to));
        assert!(!is_of_others || self.rules.leads(to), "{to} does not lead and reads {object}");
    }

    /// The room has ended for a cause that there was.
    pub(crate) fn check_end(&mut self) {
        let Some(Over { reason, at }) = self.over.take() else {
            panic!("the lesson goes on");
        };
        match reason {
            EndReason::Moderator => assert!(self.is_ended_by_a_moderator, "nobody ended it"),
            EndReason::Empty => assert!(self.rules.is_deserted(), "somebody is here"),
            EndReason::Unattended => {
                assert!(self.rules.is_unattended(), "somebody leads");
                assert!(self.unattended_since.unwrap() + self.grace <= at, "so early");
                self.sum.unattended += 1;
            }
        }
        self.sum.ends += 1;
        assert_eq!(self.last_word, json!(reason), "nobody was told");
        assert!(self.sessions.is_empty(), "a session goes on: {:?}", self.sessions);
        for client in self.clients.iter().filter(|client| client.heard_the_end) {
            assert_eq!(client.view.in_order(), self.view.in_order(), "{} knows less", client.id);
        }
        let wall = self.wall();
        let input = mosaik_classroom::Input::Disconnect { session: 1 };
        assert!(self.room.apply(self.now, wall, input).is_err(), "it goes on");
    }
}

/// Whose names are in a text.
fn names(text: &str) -> impl Iterator<Item = ParticipantId> {
    let all = text.split("\"P").skip(1);
    all.filter_map(|rest| rest.split_once('"')?.0.parse().ok())
}

fn read_state(object: &[u8]) -> Rc<Value> {
    let text = std::str::from_utf8(object).unwrap();
    assert_eq!(tags(text).next(), None, "private words on `state`");
    Rc::new(serde_json::from_str(text).unwrap())
}
