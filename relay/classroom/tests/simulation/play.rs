//! One lesson out of a seed: up to fifty pages, lines that are cut, commands that come twice.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use mosaik_classroom::{ContentEffect, Effect, Effects, Input, Newcomer, Room, Wake};
use mosaik_proto::room::{
    Consent, Limits, LineLoss, LinePath, LinePicture, LineQuality, LineReason, LineSpeech,
    ParticipantId, Role,
};
use serde_json::Value;

use crate::apart::check_rights;
use crate::boards::Boards;
use crate::client::Client;
use crate::ledger::{Ledger, tags};
use crate::model::View;
use crate::notebook::Notebook;
use crate::random::Random;
use crate::sum::Sum;
use crate::uploads::Upload;
use crate::wishes::wish;

pub(crate) struct World {
    room: Room,
    now: Instant,
    pub(crate) random: Random,
    pub(crate) clients: Vec<Client>,
    /// The current group of `state`, as a late joiner reads it.
    group: Vec<Rc<Value>>,
    /// What `state` says now.
    view: View,
    /// The current group of `notes`.
    notes: Vec<Rc<Value>>,
    ledger: Ledger,
    /// What those see who read the whiteboards' tracks.
    boards: Boards,
    answers: BTreeMap<(ParticipantId, u64), bool>,
    /// So many of the clients, the first ones, are moderators.
    pub(crate) leads: usize,
    next_session: u64,
    /// Gives each text a name of its own.
    pub(crate) texts: u64,
    /// The keys of uploads rise.
    pub(crate) uploads: u32,
    /// Uploads that the room asks for.
    sending: Vec<Upload>,
    sum: Sum,
}

/// Plays the lesson of this seed and checks what came of it.
pub(crate) fn play(seed: u64) -> Sum {
    let mut world = World::new(seed);
    let steps = 50 + world.random.below(150);
    for _ in 0..steps {
        world.step();
    }
    world.settle();
    world.check();
    world.sum
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let limits = Limits {
            state_slack: 200,
            private_kept: 100_000,
            private_bytes_kept: 1 << 30,
            unattended_grace: Duration::from_hours(24),
            ..Limits::default()
        };
        let now = start();
        let (mut room, effects) = Room::open(now, "demo".parse().unwrap(), "Demo".into(), limits);
        room.seed(random.number());
        // Most lessons are small: there more happens to each.
        let most = if random.percent(10) { 49 } else { 12 };
        let people = 2 + random.below(most);
        let leads = 1 + random.below(people.min(3));
        let role = |index| if index < leads { Role::Moderator } else { Role::Viewer };
        let clients = (0..people).map(|index| Client::new(index as u64, role(index))).collect();
        let mut world = Self {
            room,
            now,
            random,
            clients,
            group: Vec::new(),
            view: View::default(),
            notes: Vec::new(),
            ledger: Ledger::default(),
            boards: Boards::default(),
            answers: BTreeMap::new(),
            leads,
            next_session: 1,
            texts: 0,
            uploads: 0,
            sending: Vec::new(),
            sum: Sum::default(),
        };
        world.take(effects);
        for index in 0..people {
            world.join(index);
        }
        world
    }

    fn step(&mut self) {
        let most = if self.random.percent(25) { self.leads } else { self.clients.len() };
        let who = self.random.below(most);
        match self.random.below(100) {
            0..55 => {
                let command = wish(self, who);
                self.clients[who].ask(command);
            }
            55..60 if self.clients[who].is_here() => self.cut(who),
            60..72 if !self.clients[who].is_here() => self.join(who),
            // A page that changes its way: a second session without the end of the first.
            72..74 => self.join(who),
            74..80 => {
                let which = self.random.below(64);
                self.clients[who].repeat(which);
            }
            80..84 => self.change_line(who),
            _ => {
                let millis = self.random.number() % 700;
                self.pass(Duration::from_millis(millis));
            }
        }
        for _ in 0..2 {
            self.send();
        }
        if self.random.percent(1) {
            self.pass(Duration::from_secs(20));
        }
        // Lines of different people deliver in any order.
        for _ in 0..3 {
            let other = self.random.below(self.clients.len());
            let most = self.random.below(6);
            self.deliver(other, most);
            self.clients[other].read(most);
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

    /// The next object of an upload reaches the room.
    fn send(&mut self) {
        if self.sending.is_empty() {
            return;
        }
        let which = self.random.below(self.sending.len());
        let input = self.sending[which].next();
        self.sum.uploads += 1;
        self.apply(input);
    }

    fn join(&mut self, who: usize) {
        let session = self.next_session;
        self.next_session += 1;
        let Client { id, role, .. } = self.clients[who];
        let name = format!("P{id}").parse().unwrap();
        let newcomer = Newcomer { id, name, role, consent: Consent::ALL };
        let (state, notes) = (self.group.clone(), self.notes.clone());
        // The page reads the groups that there are, and then what the join itself says.
        self.clients[who].connected(session, &state, &notes);
        self.ledger.came(id, role);
        self.apply(Input::Join { session, who: newcomer });
    }

    fn cut(&mut self, who: usize) {
        self.sum.cuts += 1;
        // Some of what was written is with the room before the line is cut.
        let most = self.random.below(4);
        self.deliver(who, most);
        if let Some(session) = self.clients[who].session {
            self.clients[who].cut();
            self.apply(Input::Disconnect { session });
        }
    }

    /// The relay has looked at somebody's line.
    fn change_line(&mut self, who: usize) {
        let Some(session) = self.clients[who].session else {
            return;
        };
        let line = LineQuality {
            path: LinePath::WebTransport,
            delay_ms: 10 * u32::try_from(self.random.below(10)).unwrap(),
            loss: LineLoss::None,
            picture: LinePicture::Reduced,
            reason: LineReason::LineFull,
            speech: LineSpeech::NotWanted,
        };
        self.apply(Input::Line { session, line });
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        let effects = self.room.expire(self.now);
        self.take(effects);
    }

    /// The room gets up to `most` commands of someone.
    fn deliver(&mut self, who: usize, most: usize) {
        for _ in 0..most {
            let Some((number, command)) = self.clients[who].line.pop_front() else {
                return;
            };
            let from = self.clients[who].id;
            let object = serde_json::json!({ "number": number, "command": command });
            let bytes = object.to_string().into_bytes();
            if !self.answers.contains_key(&(from, number)) {
                self.ledger.expect(&self.view, from, &command);
            }
            let answer = self.apply(Input::Command { from, bytes });
            if let Some((answered, is_done)) = answer.filter(|(answered, _)| *answered == number) {
                self.note((from, answered), is_done, &command);
            }
        }
    }

    /// A command has one answer for ever, and is done once.
    fn note(&mut self, which: (ParticipantId, u64), is_done: bool, command: &Value) {
        if let Some(before) = self.answers.insert(which, is_done) {
            assert_eq!(before, is_done, "another answer to {command}");
            self.sum.repeated += 1;
            return;
        }
        if is_done {
            self.ledger.done(&self.view, which.0, command);
            self.sum.done += 1;
            self.sum.private += usize::from(tags(&command.to_string()).next().is_some());
            self.sum.votes += usize::from(command["act"]["kind"] == "vote");
            self.sum.moves += usize::from(command["kind"] == "breakout");
            self.sum.in_breakouts += usize::from(command["to"]["kind"] == "breakout");
            self.sum.drawn += usize::from(command["act"]["kind"] == "draw");
            self.sum.written += usize::from(command["act"]["kind"] == "write");
        } else {
            self.sum.refused += 1;
        }
    }

    fn apply(&mut self, input: Input) -> Option<(u64, bool)> {
        // People see time pass; two messages have no time in common, so their order is known.
        self.now += Duration::from_millis(1);
        let wall = 1_795_000_000_000 + self.next_session;
        let effects = self.room.apply(self.now, wall, input).unwrap();
        self.take(effects)
    }

    /// Does what the room wants; the answer to a command, if there was one.
    fn take(&mut self, effects: Effects) -> Option<(u64, bool)> {
        let mut answer = None;
        let is_reviewed = effects.contains(&Effect::ReviewRights);
        for effect in effects {
            match effect {
                Effect::BeginState(object, known) => self.begin_state(&object, known),
                Effect::State(object) => self.state(&object),
                Effect::BeginNotes(object) => self.note_down(&object, true),
                Effect::Notes(object) => self.note_down(&object, false),
                Effect::BeginInbox(to, object) | Effect::Inbox(to, object) => {
                    let text = String::from_utf8(object).unwrap();
                    self.ledger.check_inbox(to, &text);
                    let object: Value = serde_json::from_str(&text).unwrap();
                    self.check_lines(to, &object);
                    let is_done = object["kind"] == "acknowledged";
                    if is_done || object["kind"] == "refused" {
                        answer = object["number"].as_u64().map(|number| (number, is_done));
                    }
                    self.post(to, Rc::new(object));
                }
                Effect::EndInbox(of) => {
                    self.ledger.left(of);
                    self.clients.iter_mut().filter(|client| client.id == of).for_each(Client::cut);
                }
                Effect::Close(session, _) => {
                    let closed = |client: &&mut Client| client.session == Some(session);
                    self.clients.iter_mut().filter(closed).for_each(Client::cut);
                }
                Effect::BeginBoard(id, object, _) => self.boards.begin(id, &object),
                Effect::Board(id, object) => self.boards.follow(id, &object),
                Effect::EndBoard(id) => self.boards.end(id),
                // What a track without names has is told by the room's own tests.
                Effect::BeginNameless(..) | Effect::Nameless(_) | Effect::ReviewRights => {}
                Effect::Ban(_) => panic!("nobody banned anybody"),
                Effect::Over(_) => panic!("nobody ended the lesson"),
                Effect::Content(effect) => self.follow_upload(&effect),
            }
        }
        if is_reviewed {
            check_rights(&self.room, &self.view);
        }
        answer
    }

    /// Others' lines are for moderators.
    fn check_lines(&mut self, to: ParticipantId, object: &Value) {
        if object["lines"].as_array().is_some_and(|lines| !lines.is_empty()) {
            self.sum.lines += 1;
            assert_eq!(self.ledger.seats.get(&to), Some(&Role::Moderator), "{to} sees lines");
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
        self.group.push(Rc::clone(&object));
        for client in self.clients.iter_mut().filter(|client| client.is_here()) {
            client.state_line.push_back(Rc::clone(&object));
        }
    }

    fn note_down(&mut self, object: &[u8], begins: bool) {
        let object = Rc::new(serde_json::from_slice(object).unwrap());
        if begins {
            self.notes.clear();
        }
        self.notes.push(Rc::clone(&object));
        for client in self.clients.iter_mut().filter(|client| client.is_here()) {
            client.notes_line.push_back(Rc::clone(&object));
        }
    }

    fn post(&mut self, to: ParticipantId, object: Rc<Value>) {
        let here = |client: &&mut Client| client.id == to && client.is_here();
        if let Some(client) = self.clients.iter_mut().find(here) {
            client.inbox_line.push_back(object);
        }
    }

    /// Everyone is connected, everything arrives.
    fn settle(&mut self) {
        for who in 0..self.clients.len() {
            if !self.clients[who].is_here() {
                self.join(who);
            }
        }
        for _ in 0..100 {
            for who in 0..self.clients.len() {
                self.deliver(who, 100);
                self.clients[who].read(100_000);
            }
            self.pass(Duration::from_secs(1));
            let waits = [Wake::Lines, Wake::Replaced];
            let is_told = self.room.deadline().is_none_or(|next| !waits.contains(&next.why));
            let is_quiet = is_told && self.clients.iter().all(Client::is_quiet);
            let is_answered = self.clients.iter().filter(|c| c.is_here()).all(|c| c.waits() == 0);
            if is_quiet && is_answered {
                return;
            }
        }
        panic!("the lesson does not come to rest");
    }

    fn check(&mut self) {
        let snapshot: Value = serde_json::from_slice(&self.room.snapshot()).unwrap();
        let mut whole = View::default();
        whole.read(&snapshot);
        let state = whole.in_order();
        for client in self.clients.iter().filter(|client| client.is_here()) {
            assert_eq!(client.view.revision, whole.revision, "{} knows less", client.id);
            let known = client.view.in_order();
            for (of, is) in state.as_object().unwrap() {
                assert_eq!(known[of], *is, "{} knows something else of {of}", client.id);
            }
        }
        self.check_notes();
        self.ledger.check_hands(&state);
        self.ledger.check_chat(&state);
        self.ledger.check_agreed(&state);
        self.ledger.boards.check(&self.boards);
        for who in 0..self.clients.len() {
            self.check_inbox(who, &state);
        }
    }

    /// Everyone has the notes that somebody has who comes late.
    fn check_notes(&self) {
        let mut late = Notebook::new(1_000);
        self.notes.iter().for_each(|object| late.read(object));
        let wanted = late.text();
        for client in self.clients.iter().filter(|client| client.is_here()) {
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
        assert_eq!(known.messages, fresh.messages, "{} reads something else", client.id);
        self.ledger.check_consents(client.id, client.role, &fresh.consents);
        self.ledger.check_consents(client.id, client.role, &known.consents);
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
            if client.role == Role::Moderator {
                let count = of(&fresh.counts, poll);
                self.ledger.check_poll(poll, &count);
                let heard = of(&known.counts, poll);
                assert!(heard == count || poll["votes"] == 0, "{heard} is not {count}");
            } else {
                assert!(fresh.counts.is_empty(), "a viewer sees counts");
            }
        }
    }
}

fn read_state(object: &[u8]) -> Rc<Value> {
    let text = std::str::from_utf8(object).unwrap();
    assert_eq!(tags(text).next(), None, "private words on `state`");
    Rc::new(serde_json::from_str(text).unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has to begin somewhere; the room never looks"
)]
fn start() -> Instant {
    Instant::now()
}
