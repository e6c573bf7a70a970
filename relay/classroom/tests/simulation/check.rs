//! In the end everyone knows what the room knows, and what was accepted is what there is.

use serde_json::{Value, json};

use crate::model::View;
use crate::notebook::Notebook;
use crate::play::World;

impl World {
    pub(crate) fn check(&mut self) {
        let snapshot: Value = serde_json::from_slice(&self.room.snapshot()).unwrap();
        let mut whole = View::default();
        whole.read(&snapshot);
        let state = whole.in_order();
        for client in self.clients.iter().filter(|client| client.reads) {
            check_view(&client.view, &whole, &state);
        }
        if self.rules.are_some_nameless() {
            check_view(&self.nameless, &whole, &self.without_names(&state));
        }
        self.check_notes();
        self.ledger.check_hands(&state);
        self.ledger.check_chat(&state);
        self.check_agreed(&state);
        self.ledger.boards.check(&self.boards);
        for who in 0..self.clients.len() {
            self.check_inbox(who, &state);
        }
    }

    /// What is known to those who may not know the names of viewers.
    fn without_names(&self, state: &Value) -> Value {
        let mut state = state.clone();
        for person in state["participants"].as_array_mut().unwrap() {
            if person["role"] == "viewer" {
                person["name"] = json!("");
            }
        }
        let read = self.nameless.state["chat"].as_array().unwrap().iter();
        for (message, read) in state["chat"].as_array_mut().unwrap().iter_mut().zip(read) {
            let author = message["author"].as_str().unwrap().parse().unwrap();
            if self.rules.was_sent_away(author) {
                message["name"] = read["name"].clone();
            } else if !self.rules.is_named(author) {
                message["name"] = json!("");
            }
        }
        for page in state["boards"]["pages"].as_array_mut().unwrap() {
            page["from"] = Value::Null;
        }
        state
    }

    /// Messages without the names of those who were sent away: who knows no names of viewers may have read theirs
    /// before they were strangers, or reads it now that they are back.
    fn with_sure_names(&self, messages: &[Value]) -> Vec<Value> {
        let mut messages = messages.to_vec();
        for message in &mut messages {
            if self.rules.was_sent_away(message["author"].as_str().unwrap().parse().unwrap()) {
                message["name"] = Value::Null;
            }
        }
        messages
    }

    /// What someone wrote who did not want to be read any more is not there.
    fn check_agreed(&self, state: &Value) {
        for message in state["chat"].as_array().unwrap() {
            let author = message["author"].as_str().unwrap().parse().unwrap();
            assert!(!self.rules.has_withdrawn(author), "{message}");
        }
    }

    /// Everyone has the notes that somebody has who comes late.
    fn check_notes(&self) {
        let mut late = Notebook::new(1_000);
        self.notes.iter().for_each(|object| late.read(object));
        let wanted = late.text();
        for client in self.clients.iter().filter(|client| client.reads) {
            assert_eq!(client.notebook.text(), wanted, "{} has other notes", client.id);
        }
    }

    /// What a page has heard in its inbox is what a reconnect would bring.
    fn check_inbox(&mut self, who: usize, state: &Value) {
        if !self.clients[who].is_here() {
            return;
        }
        let known = self.clients[who].inbox.clone();
        self.join(who);
        self.clients[who].read(100_000);
        let client = &self.clients[who];
        let fresh = &client.inbox;
        let [heard, told] = [&known, fresh].map(|inbox| self.with_sure_names(&inbox.messages));
        assert_eq!(heard, told, "{} reads something else", client.id);
        self.rules.private.check_box(client.id, &fresh.messages);
        self.check_consents(who, &fresh.consents);
        self.check_consents(who, &known.consents);
        assert_eq!(known.line, fresh.line, "{} knows another line of theirs", client.id);
        for line in &fresh.lines {
            assert!(known.lines.contains(line), "{} was not told of {line}", client.id);
        }
        let polls = state["polls"].as_array().unwrap();
        let of = |list: &[Value], poll: &Value| {
            list.iter().find(|entry| entry["id"] == poll["id"]).cloned().unwrap_or_default()
        };
        for poll in polls {
            assert_eq!(of(&known.votes, poll), of(&fresh.votes, poll));
            if self.rules.leads(client.id) {
                let count = of(&fresh.counts, poll);
                self.ledger.check_poll(poll, &count);
                let heard = of(&known.counts, poll);
                assert!(heard == count || poll["votes"] == 0, "{heard} is not {count}");
            }
        }
    }

    /// What is told of consent is what was agreed to last, to those who may know it.
    fn check_consents(&self, who: usize, told: &[Value]) {
        let of = self.clients[who].id;
        let is_told = |id, agreed: [bool; 3]| {
            let [seen, heard, read] = agreed;
            let agreed = json!({ "seen": seen, "heard": heard, "read": read });
            let of_all = told.iter().filter(|one| one["id"] == json!(id));
            assert!(of_all.map(|one| &one["consent"]["agreed"]).eq([&agreed]), "{of}: {id}");
        };
        is_told(of, self.rules.agreed(of).unwrap());
        if self.rules.leads(of) {
            self.rules.all_agreed().for_each(|(id, agreed)| is_told(id, agreed));
        } else {
            assert_eq!(told.len(), 1, "{of} knows what others agree to");
        }
    }
}

fn check_view(view: &View, whole: &View, state: &Value) {
    assert_eq!(view.revision, whole.revision, "somebody knows less");
    let known = view.in_order();
    for (of, is) in state.as_object().unwrap() {
        assert_eq!(known[of], *is, "somebody knows something else of {of}");
    }
}
