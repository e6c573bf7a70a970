//! The room as people live it, and a model that every order of things must agree with.

mod any_order;
mod asides;
mod attendance;
mod boards;
mod breakouts;
mod captions;
mod chat;
mod consent;
mod content;
mod floods;
mod found;
mod hands;
mod lines;
mod log;
mod notes;
mod polls;
mod timer;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use mosaik_proto::room::{Lock, Locks, Pace, Rate};

use super::*;

/// Some moment: all others are counted from it.
#[expect(
    clippy::disallowed_methods,
    reason = "a test has to begin somewhere; the room never looks"
)]
pub(crate) fn start() -> Instant {
    Instant::now()
}

fn id(number: u64) -> ParticipantId {
    ParticipantId::new(number)
}

fn who(number: u64, role: Role) -> Newcomer {
    Newcomer {
        id: id(number),
        name: format!("P{number}").parse().unwrap(),
        role,
        consent: Consent::ALL,
    }
}

fn say(number: u64, text: &str) -> Vec<u8> {
    serde_json::json!({ "number": number, "command": { "kind": "say", "text": text } })
        .to_string()
        .into_bytes()
}

fn command(number: u64, kind: &str) -> Vec<u8> {
    serde_json::json!({ "number": number, "command": { "kind": kind } }).to_string().into_bytes()
}

fn unpacked(object: &[u8]) -> Value {
    serde_json::from_slice(&mosaik_proto::room::unpack(object).unwrap()).unwrap()
}

/// What someone knows who reads the `state` track: the newest snapshot and the events after it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Reader {
    revision: u64,
    participants: BTreeMap<String, Value>,
    chat: Vec<Value>,
    ended: bool,
}

impl Reader {
    fn read(&mut self, object: &[u8]) {
        let object: Value = serde_json::from_slice(object).unwrap();
        let revision = object["revision"].as_u64().unwrap();
        if object["kind"] == "snapshot" {
            let people = object["state"]["participants"].as_array().unwrap();
            let by_id =
                |person: &Value| (person["id"].as_str().unwrap().to_owned(), person.clone());
            *self = Self {
                revision,
                participants: people.iter().map(by_id).collect(),
                chat: object["state"]["chat"].as_array().unwrap().clone(),
                ended: false,
            };
            return;
        }
        assert_eq!(revision, self.revision + 1, "a revision was left out");
        self.revision = revision;
        let event = &object["event"];
        let id = event["id"].as_str().unwrap_or_default().to_owned();
        match event["kind"].as_str().unwrap() {
            "joined" => {
                let person = event["participant"].clone();
                self.participants.insert(person["id"].as_str().unwrap().to_owned(), person);
            }
            "presence" => self.change(&id, "present", &event["present"]),
            "left" => drop(self.participants.remove(&id)),
            "sources" => {
                self.change(&id, "mic", &event["mic"]);
                self.change(&id, "cam", &event["cam"]);
            }
            "said" => self.chat.push(event["message"].clone()),
            "ended" => self.ended = true,
            // What the simulation in tests/ follows.
            "hand" | "sign" | "chat" | "poll" | "lead" | "timer" | "breakout" | "boards"
            | "slides" | "file" | "sharing" | "caption" => {}
            other => panic!("unknown event {other}"),
        }
    }

    fn change(&mut self, id: &str, field: &str, value: &Value) {
        self.participants.get_mut(id).unwrap()[field] = value.clone();
    }

    fn texts(&self) -> Vec<&str> {
        self.chat.iter().map(|message| message["text"].as_str().unwrap()).collect()
    }
}

/// A room with someone who has read from the start, and everyone's inbox.
struct Lesson {
    room: Room,
    now: Instant,
    reader: Reader,
    /// The current group of the `state` track, as a late joiner gets it.
    group: Vec<Vec<u8>>,
    /// The same of the track for those who may not know the names of viewers.
    nameless: Vec<Value>,
    inboxes: BTreeMap<ParticipantId, Vec<Value>>,
    /// The current group of each whiteboard's track.
    boards: BTreeMap<String, Vec<Value>>,
    /// The current group of the `notes` track.
    notes: Vec<Value>,
    closed: Vec<(SessionNumber, CloseReason)>,
    /// What the room has the driver do about uploads and content.
    content: content::Kept,
    is_over: bool,
}

impl Lesson {
    fn new(limits: Limits) -> Self {
        let now = start();
        let (room, effects) = Room::open(now, "demo".parse().unwrap(), "Demo".into(), limits);
        let mut lesson = Self {
            room,
            now,
            reader: Reader::default(),
            group: Vec::new(),
            nameless: Vec::new(),
            inboxes: BTreeMap::new(),
            boards: BTreeMap::new(),
            notes: Vec::new(),
            closed: Vec::new(),
            content: content::Kept::default(),
            is_over: false,
        };
        lesson.take(effects);
        lesson
    }

    fn take(&mut self, effects: Effects) {
        for effect in effects {
            match effect {
                Effect::BeginState(object, _) => {
                    // Whoever has read everything learns nothing new from a snapshot.
                    let known = self.reader.clone();
                    self.reader.read(&object);
                    if !self.group.is_empty() {
                        assert_eq!(known.participants, self.reader.participants);
                        assert_eq!(known.revision, self.reader.revision);
                    }
                    self.group = vec![object];
                }
                Effect::State(object) => {
                    self.reader.read(&object);
                    self.group.push(object);
                }
                Effect::BeginInbox(to, object) => {
                    self.inboxes.insert(to, vec![serde_json::from_slice(&object).unwrap()]);
                }
                Effect::Inbox(to, object) => {
                    let inbox = self.inboxes.get_mut(&to).expect("an inbox begins with a snapshot");
                    inbox.push(serde_json::from_slice(&object).unwrap());
                }
                Effect::EndInbox(to) => drop(self.inboxes.remove(&to)),
                Effect::BeginBoard(id, object, _) => {
                    self.boards.insert(id.to_string(), vec![unpacked(&object)]);
                }
                Effect::Board(id, object) => {
                    let board = self.boards.get_mut(&id.to_string()).expect("a board begins");
                    board.push(unpacked(&object));
                }
                Effect::EndBoard(id) => drop(self.boards.remove(&id.to_string())),
                Effect::Close(session, reason) => self.closed.push((session, reason)),
                Effect::BeginNotes(object) => {
                    self.notes = vec![serde_json::from_slice(&object).unwrap()];
                }
                Effect::Notes(object) => {
                    self.notes.push(serde_json::from_slice(&object).unwrap());
                }
                Effect::BeginNameless(object, _) => {
                    self.nameless = vec![serde_json::from_slice(&object).unwrap()];
                }
                Effect::Nameless(object) => {
                    self.nameless.push(serde_json::from_slice(&object).unwrap());
                }
                Effect::ReviewRights | Effect::Ban(_) => {}
                Effect::Over(_) => self.is_over = true,
                Effect::Content(effect) => self.content.take(effect),
            }
        }
    }

    fn apply(&mut self, input: Input) -> Result<(), Refusal> {
        let effects = self.room.apply(self.now, 1_795_000_000_000, input)?;
        self.take(effects);
        Ok(())
    }

    fn join(&mut self, session: u64, number: u64) {
        let role = if number == 0 { Role::Moderator } else { Role::Viewer };
        self.apply(Input::Join { session, who: who(number, role) }).unwrap();
    }

    fn command(&mut self, from: u64, bytes: Vec<u8>) {
        self.apply(Input::Command { from: id(from), bytes }).unwrap();
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        let effects = self.room.expire(self.now);
        self.take(effects);
    }

    fn late_joiner(&self) -> Reader {
        let mut reader = Reader::default();
        self.group.iter().for_each(|object| reader.read(object));
        reader
    }

    /// Says a command with the number that comes next; its refusal's code, or null.
    fn ask(&mut self, from: u64, command: &Value) -> Value {
        let inbox = self.inboxes[&id(from)].iter();
        let answered =
            |object: &Value| object["number"].as_u64().max(object["acknowledged"].as_u64());
        let number = inbox.filter_map(answered).max().unwrap_or(0) + 1;
        let object = serde_json::json!({ "number": number, "command": command });
        self.command(from, object.to_string().into_bytes());
        let mut answers = self.inboxes[&id(from)].iter();
        let answer = answers.find(|object| object["number"] == number).expect("an answer");
        answer["refusal"]["code"].clone()
    }

    /// What a snapshot says of one thing.
    fn snapshot(&self, of: &str) -> Value {
        let object: Value = serde_json::from_slice(&self.room.snapshot()).unwrap();
        object["state"][of].clone()
    }

    fn last_answer(&self, to: u64) -> &Value {
        self.inboxes[&id(to)].last().unwrap()
    }
}

/// A teacher and so many pupils.
fn class_of(pupils: u64) -> Lesson {
    class_within(Limits::default(), pupils)
}

fn class_within(limits: Limits, pupils: u64) -> Lesson {
    let mut lesson = Lesson::new(limits);
    for number in 0..=pupils {
        lesson.join(number + 1, number);
    }
    lesson
}

fn sign(act: &Value) -> Value {
    serde_json::json!({ "kind": "sign", "act": act })
}

#[test]
fn a_message_reaches_everyone_in_one_order_and_is_acknowledged() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    lesson.command(0, say(1, "Guten Morgen"));
    lesson.command(1, say(1, "Hallo"));
    assert_eq!(lesson.reader.texts(), ["Guten Morgen", "Hallo"]);
    assert_eq!(lesson.late_joiner(), lesson.reader);
    let acknowledged = serde_json::json!({ "kind": "acknowledged", "number": 1 });
    assert_eq!(lesson.last_answer(1), &acknowledged);
}

#[test]
fn a_command_sent_again_after_a_reconnect_acts_once() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    lesson.command(1, say(1, "einmal"));
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    lesson.pass(Duration::from_secs(16));
    assert!(lesson.reader.participants.is_empty(), "the seat was kept too long");
    lesson.join(2, 1);
    lesson.command(1, say(1, "einmal"));
    assert_eq!(lesson.reader.texts(), ["einmal"]);
    lesson.command(1, say(3, "zu früh"));
    let expected = serde_json::json!({ "code": "outOfOrder", "expected": 2 });
    assert_eq!(lesson.last_answer(1)["refusal"], expected);
}

#[test]
fn a_lost_connection_keeps_its_seat_for_a_while() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    lesson.pass(Duration::from_secs(14));
    assert_eq!(lesson.reader.participants[&id(1).to_string()]["present"], false);
    lesson.join(2, 1);
    assert_eq!(lesson.reader.participants[&id(1).to_string()]["present"], true);
    assert!(lesson.closed.is_empty());
}

#[test]
fn the_second_session_of_a_participant_replaces_the_first() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    lesson.join(2, 1);
    lesson.pass(Duration::from_secs(4));
    assert!(lesson.closed.is_empty(), "a page that moves still hears by its first session");
    lesson.pass(Duration::from_secs(1));
    assert_eq!(lesson.closed, [(1, CloseReason::Replaced)]);
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    assert_eq!(lesson.reader.participants[&id(1).to_string()]["present"], true);
}

#[test]
fn a_participant_has_no_more_than_two_sessions_at_a_time() {
    let mut lesson = Lesson::new(Limits::default());
    for session in 1..=4 {
        lesson.join(session, 1);
    }
    assert_eq!(lesson.closed, [(1, CloseReason::Replaced), (2, CloseReason::Replaced)]);
}

#[test]
fn a_replaced_session_that_ends_by_itself_is_not_closed_again() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    lesson.join(2, 1);
    lesson.apply(Input::Disconnect { session: 1 }).unwrap();
    lesson.pass(Duration::from_secs(10));
    assert!(lesson.closed.is_empty());
    assert_eq!(lesson.reader.participants[&id(1).to_string()]["present"], true);
}

#[test]
fn a_replaced_session_does_not_outlive_its_participant_or_its_room() {
    for (moderator, kind) in [(1, "leave"), (0, "endRoom")] {
        let mut lesson = Lesson::new(Limits::default());
        lesson.join(1, moderator);
        lesson.join(2, moderator);
        lesson.command(moderator, command(1, kind));
        let sessions: Vec<SessionNumber> =
            lesson.closed.iter().map(|(session, _)| *session).collect();
        assert_eq!(sessions.len(), 2, "{kind}");
        assert!(sessions.contains(&1) && sessions.contains(&2), "{kind}");
    }
}

#[test]
fn a_flood_is_slowed_down_and_the_writer_is_told() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    for number in 1..=6 {
        lesson.command(1, say(number, "hallo"));
    }
    assert_eq!(lesson.reader.chat.len(), 5);
    let refusal = &lesson.last_answer(1)["refusal"];
    assert_eq!(refusal["code"], "tooFast");
    assert_eq!(refusal["retryAfterMs"], 1_000);
}

#[test]
fn only_a_moderator_ends_the_room_and_then_nothing_is_left() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    lesson.command(1, command(1, "endRoom"));
    assert_eq!(lesson.last_answer(1)["refusal"]["code"], "notAllowed");
    lesson.command(0, command(1, "endRoom"));
    assert!(lesson.is_over && lesson.reader.ended);
    assert_eq!(lesson.closed, [(1, CloseReason::Ended), (2, CloseReason::Ended)]);
    let again = Input::Join { session: 3, who: who(2, Role::Viewer) };
    assert_eq!(lesson.apply(again), Err(Refusal::RoomClosing));
}

#[test]
fn an_empty_room_ends_by_itself() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    lesson.command(1, command(1, "leave"));
    assert_eq!(lesson.closed, [(1, CloseReason::Left)]);
    assert_eq!(lesson.room.deadline().map(|deadline| deadline.why), Some(Wake::Empty));
    lesson.pass(Duration::from_secs(299));
    assert!(!lesson.is_over);
    lesson.pass(Duration::from_secs(1));
    assert!(lesson.is_over);
}

#[test]
fn a_full_room_says_so() {
    let mut lesson = Lesson::new(Limits { participants: 2, ..Limits::default() });
    lesson.join(1, 0);
    lesson.join(2, 1);
    let third = Input::Join { session: 3, who: who(2, Role::Viewer) };
    assert_eq!(lesson.apply(third), Err(Refusal::RoomFull { max: 2 }));
    lesson.join(4, 1);
}

#[test]
fn the_snapshot_has_the_newest_messages_within_its_bounds() {
    let unbounded = Rate::new(100_000, 1);
    let limits = Limits {
        chat: Pace { viewer: unbounded, moderator: unbounded, room: unbounded },
        chat_kept: 50,
        chat_bytes_kept: 4_000,
        ..Limits::default()
    };
    let mut lesson = Lesson::new(limits);
    lesson.join(1, 1);
    for number in 1..=2_000 {
        lesson.command(1, say(number, &"x".repeat(100)));
    }
    let late = lesson.late_joiner();
    assert_eq!(late.chat.last(), lesson.reader.chat.last());
    let bytes: usize = lesson.group.iter().map(Vec::len).sum();
    assert!(bytes < 200_000, "a late joiner reads {bytes} bytes");
}
