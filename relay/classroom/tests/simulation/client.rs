//! One participant's page: commands with numbers, sent again until they are answered.

use std::collections::VecDeque;
use std::rc::Rc;

use mosaik_proto::room::{Agreed, Consent, ParticipantId, Role};
use serde_json::{Value, json};

use crate::model::{Inbox, View};
use crate::notebook::Notebook;
use crate::random::Random;

pub(crate) struct Client {
    pub(crate) id: ParticipantId,
    /// What the link says.
    pub(crate) role: Role,
    /// What was agreed to at the door.
    pub(crate) consent: Consent,
    /// The session it is connected with.
    pub(crate) session: Option<u64>,
    /// Whether it is in and reads what everyone reads.
    pub(crate) reads: bool,
    /// It was there when the lesson ended.
    pub(crate) heard_the_end: bool,
    next: u64,
    /// Commands without an answer, by number.
    waiting: VecDeque<(u64, Value)>,
    /// Written, and not with the room yet.
    pub(crate) line: VecDeque<(u64, Value)>,
    /// On the way to this page.
    pub(crate) state_line: VecDeque<Rc<Value>>,
    pub(crate) inbox_line: VecDeque<Rc<Value>>,
    pub(crate) notes_line: VecDeque<Rc<Value>>,
    pub(crate) view: View,
    pub(crate) inbox: Inbox,
    pub(crate) notebook: Notebook,
}

impl Client {
    pub(crate) fn new(id: u64, role: Role, random: &mut Random) -> Self {
        Self {
            id: ParticipantId::new(id),
            role,
            consent: consent(random),
            session: None,
            reads: false,
            heard_the_end: false,
            next: 1,
            waiting: VecDeque::new(),
            line: VecDeque::new(),
            state_line: VecDeque::new(),
            inbox_line: VecDeque::new(),
            notes_line: VecDeque::new(),
            view: View::default(),
            inbox: Inbox::default(),
            notebook: Notebook::new(id),
        }
    }

    pub(crate) fn is_here(&self) -> bool {
        self.session.is_some()
    }

    /// Asks the room for something; without a connection it waits.
    pub(crate) fn ask(&mut self, command: Value) {
        let number = self.next;
        self.next += 1;
        self.waiting.push_back((number, command.clone()));
        if self.is_here() {
            self.line.push_back((number, command));
        }
    }

    /// Connected again: everything without an answer goes out once more.
    pub(crate) fn connected(&mut self, session: u64) {
        self.cut();
        self.session = Some(session);
        self.line = self.waiting.clone();
        self.notebook.lose();
    }

    /// It is in, and reads the groups that there are.
    pub(crate) fn enters(&mut self, state: &[Rc<Value>], notes: &[Rc<Value>]) {
        if !self.reads {
            self.reads = true;
            self.state_line = state.iter().cloned().collect();
            self.notes_line = notes.iter().cloned().collect();
        }
    }

    /// The line is cut: what was on the way is lost.
    pub(crate) fn cut(&mut self) {
        self.session = None;
        self.reads = false;
        self.line.clear();
        self.state_line.clear();
        self.inbox_line.clear();
        self.notes_line.clear();
    }

    /// Something that is waiting goes out a second time, behind all others.
    pub(crate) fn repeat(&mut self, which: usize) {
        if self.is_here() && !self.waiting.is_empty() {
            let again = self.waiting[which % self.waiting.len()].clone();
            self.line.push_back(again);
        }
    }

    /// Reads up to `most` objects of each track.
    pub(crate) fn read(&mut self, most: usize) {
        for _ in 0..most {
            if self.is_quiet_here() {
                return;
            }
            if let Some(object) = self.state_line.pop_front() {
                self.view.read(&object);
            }
            if let Some(object) = self.notes_line.pop_front() {
                self.notebook.read(&object);
            }
            if let Some(object) = self.inbox_line.pop_front() {
                self.settle(&object);
                self.inbox.read(&object);
            }
        }
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.line.is_empty() && self.is_quiet_here()
    }

    /// Whether nothing is on the way to this page.
    fn is_quiet_here(&self) -> bool {
        let lines = [&self.state_line, &self.inbox_line, &self.notes_line];
        lines.into_iter().all(VecDeque::is_empty)
    }

    pub(crate) fn waits(&self) -> usize {
        self.waiting.len()
    }

    fn settle(&mut self, object: &Value) {
        let number = &object["number"];
        match object["kind"].as_str().unwrap() {
            "snapshot" => {
                let upto = object["acknowledged"].as_u64().unwrap();
                self.waiting.retain(|(number, _)| *number > upto);
            }
            "acknowledged" | "refused" => {
                assert_ne!(object["refusal"]["code"], "outOfOrder", "a number was left out");
                let is_lost = |(other, command): &(u64, Value)| {
                    json!(other) == *number && command["kind"] == "notes"
                };
                if object["kind"] == "refused" && self.waiting.iter().any(is_lost) {
                    self.notebook.lose();
                }
                self.waiting.retain(|(other, _)| json!(other) != *number);
            }
            _ => {}
        }
    }
}

/// Most agree to all; some to less, and some may not agree to more.
fn consent(random: &mut Random) -> Consent {
    if random.percent(75) {
        return Consent::ALL;
    }
    let mut some = |share| {
        let [seen, heard, read] = [(); 3].map(|()| random.percent(share));
        Agreed { seen, heard, read }
    };
    let (most, agreed) = (some(85), some(60));
    Consent { agreed: agreed.within(most), most, texts: None }
}
