//! One lesson out of a seed: up to fifty pages, lines that are cut, commands that come twice.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use mosaik_classroom::{Effect, Effects, Input, Newcomer, Room, Wake};
use mosaik_proto::rights::Rights;
use mosaik_proto::room::{
    EndReason, Limits, LineLoss, LinePath, LinePicture, LineQuality, LineReason, LineSpeech,
    ParticipantId, Refusal, Role,
};
use serde_json::{Value, json};

use crate::boards::Boards;
use crate::client::Client;
use crate::effects::answer;
use crate::ledger::Ledger;
use crate::model::View;
use crate::random::Random;
use crate::rules::{Answer, Rules, Standing, Verdict, tags};
use crate::sum::Sum;
use crate::uploads::Upload;
use crate::wishes::wish;

/// Why the room is over, and since when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Over {
    pub(crate) reason: EndReason,
    pub(crate) at: Instant,
}

pub(crate) struct World {
    pub(crate) room: Room,
    pub(crate) now: Instant,
    pub(crate) random: Random,
    pub(crate) clients: Vec<Client>,
    /// The current group of `state`, as a late joiner reads it.
    pub(crate) group: Vec<Rc<Value>>,
    /// What `state` says now.
    pub(crate) view: View,
    /// What those know who may not know names.
    pub(crate) nameless: View,
    /// The current group of `notes`.
    pub(crate) notes: Vec<Rc<Value>>,
    pub(crate) ledger: Ledger,
    /// Who may do, read, see and hear what, by what was accepted.
    pub(crate) rules: Rules,
    /// What the relay was told that each may do, and what the rules said when it was looked at last.
    pub(crate) rights: BTreeMap<ParticipantId, Rights>,
    pub(crate) standing: Option<Standing>,
    /// Sessions that are open.
    pub(crate) sessions: BTreeMap<u64, ParticipantId>,
    /// Those who have no seat any more, while that is told.
    pub(crate) gone: Vec<ParticipantId>,
    /// What those see who read the whiteboards' tracks.
    pub(crate) boards: Boards,
    answers: BTreeMap<(ParticipantId, u64), bool>,
    /// So many of the clients, the first ones, are moderators.
    pub(crate) leads: usize,
    next_session: u64,
    /// Gives each text a name of its own.
    pub(crate) texts: u64,
    /// The keys of uploads rise.
    pub(crate) uploads: u32,
    /// Uploads that the room asks for.
    pub(crate) sending: Vec<Upload>,
    /// Whoever leads has gone, for a while at least.
    is_abandoned: bool,
    /// Time has passed, and what is due was done.
    pub(crate) has_waited: bool,
    pub(crate) unattended_since: Option<Instant>,
    pub(crate) grace: Duration,
    pub(crate) is_ended_by_a_moderator: bool,
    pub(crate) over: Option<Over>,
    /// Why everyone was told that the room is over.
    pub(crate) last_word: Value,
    pub(crate) sum: Sum,
}

/// Plays the lesson of this seed and checks what came of it.
pub(crate) fn play(seed: u64) -> Sum {
    let mut world = World::new(seed);
    let steps = 60 + world.random.below(180);
    let leaves_at = if world.random.percent(5) { world.random.below(steps) } else { usize::MAX };
    for step in 0..steps {
        world.is_abandoned |= step == leaves_at;
        world.step();
        if world.over.is_some() {
            world.check_end();
            return world.sum;
        }
    }
    world.settle();
    if world.over.is_some() {
        world.check_end();
        return world.sum;
    }
    world.check();
    world.end();
    world.sum
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let grace = Duration::from_secs(if random.percent(20) { 20 } else { 100_000 });
        let limits = Limits {
            state_slack: 200,
            private_kept: 100_000,
            private_bytes_kept: 1 << 30,
            unattended_grace: grace,
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
        let clients =
            (0..people).map(|index| Client::new(index as u64, role(index), &mut random)).collect();
        let mut world = Self {
            room,
            now,
            random,
            clients,
            group: Vec::new(),
            view: View::default(),
            nameless: View::default(),
            notes: Vec::new(),
            ledger: Ledger::default(),
            rules: Rules::new(),
            rights: BTreeMap::new(),
            standing: None,
            sessions: BTreeMap::new(),
            gone: Vec::new(),
            boards: Boards::default(),
            answers: BTreeMap::new(),
            leads,
            next_session: 1,
            texts: 0,
            uploads: 0,
            sending: Vec::new(),
            is_abandoned: false,
            has_waited: false,
            unattended_since: None,
            grace,
            is_ended_by_a_moderator: false,
            over: None,
            last_word: Value::Null,
            sum: Sum::default(),
        };
        world.take(effects);
        world.begin();
        world
    }

    /// Most come at once, some of them to a door where they wait.
    fn begin(&mut self) {
        let knock = json!({ "kind": "door", "act": { "kind": "setEntry", "entry": "ask" } });
        for who in 0..self.clients.len() {
            if who == self.leads && self.random.percent(15) {
                self.clients[0].ask(knock.clone());
                self.deliver(0, 1);
            }
            if who < self.leads || self.random.percent(80) {
                self.join(who);
            }
        }
        if self.random.percent(70) {
            for act in [json!({ "kind": "addPage" }), json!({ "kind": "setOwn", "open": true })] {
                self.clients[0].ask(json!({ "kind": "board", "act": act }));
            }
        }
    }

    fn step(&mut self) {
        let most = if self.random.percent(25) { self.leads } else { self.clients.len() };
        let who = self.random.below(most);
        let is_away = self.is_abandoned && self.is_leader(who);
        match self.random.below(100) {
            _ if is_away && self.clients[who].is_here() => self.cut(who),
            _ if is_away => self.pass(Duration::from_secs(4)),
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

    /// Whether someone leads, or comes as who does.
    fn is_leader(&self, who: usize) -> bool {
        let client = &self.clients[who];
        self.rules.leads(client.id) || client.role == Role::Moderator
    }

    /// The next object of an upload reaches the room.
    fn send(&mut self) {
        if self.sending.is_empty() {
            return;
        }
        let which = self.random.below(self.sending.len());
        let input = self.sending[which].next();
        self.sum.uploads += 1;
        self.enact(input);
    }

    /// Someone comes, and gets in, waits or is turned back as the rules say.
    pub(crate) fn join(&mut self, who: usize) {
        if self.over.is_some() {
            return;
        }
        let session = self.next_session;
        self.next_session += 1;
        let Client { id, role, ref consent, .. } = self.clients[who];
        let consent = consent.clone();
        let name = format!("P{id}").parse().unwrap();
        let answer = self.rules.answer(id, role);
        let newcomer = Newcomer { id, name, role, consent: consent.clone() };
        let result = self.apply(Input::Join { session, who: newcomer });
        match (answer, result) {
            (Answer::In | Answer::Waits, Ok(effects)) => {
                self.clients[who].connected(session);
                self.sessions.insert(session, id);
                self.rights.insert(id, self.room.rights_of(id));
                self.rules.came(id, role, &consent);
                self.sum.waits += usize::from(answer == Answer::Waits);
                self.take(effects);
                self.withdraw();
            }
            (Answer::Locked, Err(Refusal::RoomLocked))
            | (Answer::Banned, Err(Refusal::Removed)) => {
                self.sum.turned_back += 1;
            }
            (answer, result) => panic!("{id} comes: {answer:?}, not {result:?}"),
        }
    }

    fn cut(&mut self, who: usize) {
        self.sum.cuts += 1;
        // Some of what was written is with the room before the line is cut.
        let most = self.random.below(4);
        self.deliver(who, most);
        if let Some(session) = self.clients[who].session {
            self.clients[who].cut();
            self.sessions.remove(&session);
            self.enact(Input::Disconnect { session });
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
        self.enact(Input::Line { session, line });
    }

    fn pass(&mut self, time: Duration) {
        if self.over.is_some() {
            return;
        }
        self.now += time;
        let effects = self.room.expire(self.now);
        self.has_waited = true;
        self.take(effects);
    }

    /// The room gets up to `most` commands of someone.
    fn deliver(&mut self, who: usize, most: usize) {
        for _ in 0..most {
            if self.over.is_some() {
                return;
            }
            let Some((number, command)) = self.clients[who].line.pop_front() else {
                return;
            };
            let from = self.clients[who].id;
            let object = json!({ "number": number, "command": command });
            let bytes = object.to_string().into_bytes();
            let verdict = self.rules.verdict(from, &command, &self.view.state);
            if !self.answers.contains_key(&(from, number)) {
                self.rules.expect(from, &command);
            }
            let effects = self.apply(Input::Command { from, bytes }).unwrap();
            check_who_goes(from, &command, &effects);
            if let Some(refusal) = answer(&effects, from, number) {
                self.note((from, number), &refusal, &command, &verdict);
            }
            self.take(effects);
            self.withdraw();
        }
    }

    /// What those drew goes who took back what they wrote.
    fn withdraw(&mut self) {
        for author in self.rules.withdrawn() {
            self.ledger.boards.withdraw(author);
        }
    }

    /// A command has one answer for ever, is done once, and only if it may be.
    fn note(
        &mut self,
        which: (ParticipantId, u64),
        refusal: &Value,
        command: &Value,
        verdict: &Verdict,
    ) {
        let is_done = refusal.is_null();
        if let Some(before) = self.answers.insert(which, is_done) {
            assert_eq!(before, is_done, "another answer to {command}");
            self.sum.repeated += 1;
            return;
        }
        verdict.check(which.0, command, refusal);
        self.sum.forbidden += usize::from(verdict.forbids());
        if !is_done {
            self.sum.refused += 1;
            return;
        }
        self.rules.done(which.0, command);
        self.ledger.done(which.0, command);
        self.is_ended_by_a_moderator |= command["kind"] == "endRoom";
        let act = &command["act"]["kind"];
        self.sum.done += 1;
        self.sum.private += usize::from(tags(&command.to_string()).next().is_some());
        self.sum.votes += usize::from(act == "vote");
        self.sum.moves += usize::from(command["kind"] == "breakout");
        self.sum.in_breakouts += usize::from(command["to"]["kind"] == "breakout");
        self.sum.drawn += usize::from(act == "draw");
        self.sum.written += usize::from(act == "write");
        self.sum.floors += usize::from(command["mic"] == true && self.rules.has_floor(which.0));
        self.sum.cameras += usize::from(command["cam"] == true);
        self.sum.captions += usize::from(command["kind"] == "caption");
        self.sum.roles += usize::from(act == "setRole");
        self.sum.door += usize::from(command["kind"] == "door");
        self.sum.bans += usize::from(command["act"]["ban"] == true);
    }

    fn apply(&mut self, input: Input) -> Result<Effects, Refusal> {
        // People see time pass; two messages have no time in common, so their order is known.
        self.now += Duration::from_millis(1);
        self.room.apply(self.now, self.wall(), input)
    }

    fn enact(&mut self, input: Input) {
        if self.over.is_none() {
            let effects = self.apply(input).unwrap();
            self.take(effects);
        }
    }

    pub(crate) const fn wall(&self) -> u64 {
        1_795_000_000_000 + self.next_session
    }

    /// Sometimes a moderator ends the lesson that was looked at.
    fn end(&mut self) {
        let leader = (0..self.clients.len()).find(|who| {
            let client = &self.clients[*who];
            client.is_here() && self.rules.leads(client.id)
        });
        if let Some(who) = leader.filter(|_| self.random.percent(30)) {
            self.clients[who].ask(json!({ "kind": "endRoom" }));
            self.deliver(who, 1);
            self.check_end();
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
            if self.over.is_some() {
                return;
            }
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
}

/// Nobody loses a seat by what someone asks for but that person, and whoever is sent away.
fn check_who_goes(from: ParticipantId, command: &Value, effects: &Effects) {
    for effect in effects {
        if let Effect::EndInbox(id) = effect {
            let act = &command["act"];
            let is_sent = matches!(act["kind"].as_str(), Some("remove" | "turnAway"));
            let is_meant = is_sent && act["id"] == json!(id);
            assert!(*id == from || is_meant, "{id} has to go with {command}");
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test has to begin somewhere; the room never looks"
)]
fn start() -> Instant {
    Instant::now()
}
