//! Roles, locks and the door, as moderators, viewers and those who wait live them.

use std::collections::BTreeMap;
use std::time::Duration;

use mosaik_proto::rights::{Inside, Rights};
use serde_json::{Value, json};

use super::tests::start;
use super::*;

const TEACHER: u64 = 0xaa;
const STUDENT: u64 = 0xbb;
const OTHER: u64 = 0xcc;

fn id(number: u64) -> ParticipantId {
    ParticipantId::new(number)
}

fn newcomer(number: u64, role: Role) -> Newcomer {
    Newcomer {
        id: id(number),
        name: format!("P{number:x}").parse().unwrap(),
        role,
        consent: Consent::ALL,
    }
}

/// A room, what it told whom, and how far everyone has counted.
struct Class {
    room: Room,
    now: Instant,
    numbers: BTreeMap<u64, u64>,
    sessions: u64,
    state: Vec<Value>,
    nameless: Vec<Value>,
    inboxes: BTreeMap<ParticipantId, Vec<Value>>,
    closed: Vec<(SessionNumber, CloseReason)>,
    bans: Vec<ParticipantId>,
    is_over: bool,
}

impl Class {
    fn open(limits: Limits) -> Self {
        let now = start();
        let (room, effects) = Room::open(now, "demo".parse().unwrap(), "Demo".into(), limits);
        let mut class = Self {
            room,
            now,
            numbers: BTreeMap::new(),
            sessions: 0,
            state: Vec::new(),
            nameless: Vec::new(),
            inboxes: BTreeMap::new(),
            closed: Vec::new(),
            bans: Vec::new(),
            is_over: false,
        };
        class.take(effects);
        class
    }

    /// A teacher and a student.
    fn begun() -> Self {
        let mut class = Self::open(Limits::default());
        class.join(TEACHER, Role::Moderator).unwrap();
        class.join(STUDENT, Role::Viewer).unwrap();
        class
    }

    fn take(&mut self, effects: Effects) {
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
        for effect in effects {
            match effect {
                Effect::BeginState(object, _) | Effect::State(object) => {
                    self.state.push(read(&object));
                }
                Effect::BeginNameless(object, _) | Effect::Nameless(object) => {
                    self.nameless.push(read(&object));
                }
                Effect::BeginInbox(to, object) | Effect::Inbox(to, object) => {
                    self.inboxes.entry(to).or_default().push(read(&object));
                }
                Effect::Close(session, reason) => self.closed.push((session, reason)),
                Effect::Ban(banned) => self.bans.push(banned),
                Effect::Over(_) => self.is_over = true,
                Effect::EndInbox(_)
                | Effect::BeginBoard(..)
                | Effect::Board(..)
                | Effect::EndBoard(_)
                | Effect::ReviewRights
                | Effect::BeginNotes(_)
                | Effect::Notes(_)
                | Effect::Content(_) => {}
            }
        }
    }

    /// Gives the session.
    fn join(&mut self, who: u64, role: Role) -> Result<SessionNumber, Refusal> {
        self.sessions += 1;
        let who = newcomer(who, role);
        let session = self.sessions;
        let effects = self.room.apply(self.now, 1_000, Input::Join { session, who })?;
        self.take(effects);
        Ok(session)
    }

    /// What a command is answered: `None` for yes, else the code.
    fn ask(&mut self, who: u64, command: &Value) -> Option<String> {
        let number = self.numbers.entry(who).or_default();
        *number += 1;
        let object = json!({ "number": number, "command": command });
        let input = Input::Command { from: id(who), bytes: object.to_string().into_bytes() };
        let number = *number;
        self.now += Duration::from_millis(200);
        let Ok(effects) = self.room.apply(self.now, 1_000, input) else {
            panic!("the room is over");
        };
        self.take(effects);
        let inbox = self.inboxes.get(&id(who)).map_or(&[][..], Vec::as_slice);
        let answer = inbox.iter().rev().find(|object| object["number"] == number);
        // Leaving is answered with the end.
        assert!(answer.is_some() || inbox.last().is_some_and(|last| last["kind"] == "closed"));
        answer.and_then(|answer| answer["refusal"]["code"].as_str()).map(str::to_owned)
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it can be written in place")]
    fn lead(&mut self, who: u64, act: Value) -> Option<String> {
        self.ask(who, &json!({ "kind": "lead", "act": act }))
    }

    #[expect(clippy::needless_pass_by_value, reason = "so that it can be written in place")]
    fn door(&mut self, who: u64, act: Value) -> Option<String> {
        self.ask(who, &json!({ "kind": "door", "act": act }))
    }

    fn inside(&self, who: u64) -> Inside {
        match self.room.rights_of(id(who)) {
            Rights::Inside(inside) => inside,
            Rights::Outside => panic!("{who:x} is outside"),
        }
    }

    fn last(&self, who: u64) -> &Value {
        self.inboxes.get(&id(who)).and_then(|inbox| inbox.last()).unwrap()
    }

    fn heard(&self, who: u64, kind: &str) -> usize {
        let inbox = self.inboxes.get(&id(who)).into_iter().flatten();
        inbox.filter(|object| object["news"]["kind"] == kind).count()
    }
}

fn hex(number: u64) -> String {
    id(number).to_string()
}

#[test]
fn only_moderators_lead_and_one_is_always_left() {
    let mut class = Class::begun();
    for act in [
        json!({ "kind": "setRole", "id": hex(STUDENT), "role": "moderator" }),
        json!({ "kind": "setLock", "lock": "microphone", "locked": false }),
        json!({ "kind": "usePreset", "preset": "oneToOne" }),
        json!({ "kind": "setLayout", "layout": "gallery" }),
    ] {
        assert_eq!(class.lead(STUDENT, act).as_deref(), Some("notAllowed"));
    }
    for act in [
        json!({ "kind": "setEntry", "entry": "open" }),
        json!({ "kind": "admitAll" }),
        json!({ "kind": "remove", "id": hex(TEACHER), "ban": true }),
    ] {
        assert_eq!(class.door(STUDENT, act).as_deref(), Some("notAllowed"));
    }
    let role = |who, role| json!({ "kind": "setRole", "id": hex(who), "role": role });
    assert_eq!(class.lead(TEACHER, role(TEACHER, "viewer")).as_deref(), Some("lastModerator"));
    assert_eq!(class.lead(TEACHER, role(OTHER, "viewer")).as_deref(), Some("notThere"));
    assert_eq!(class.lead(TEACHER, role(STUDENT, "moderator")), None);
    assert_eq!(class.lead(TEACHER, role(TEACHER, "viewer")), None);
    assert_eq!(class.lead(TEACHER, role(TEACHER, "moderator")).as_deref(), Some("notAllowed"));
    assert_eq!(class.lead(STUDENT, role(TEACHER, "presenter")), None);
}

#[test]
fn a_lock_holds_from_its_acknowledgement_on_and_not_for_who_leads_or_presents() {
    let mut class = Class::begun();
    let sources = json!({ "kind": "setSources", "mic": true, "cam": true });
    assert_eq!(class.ask(STUDENT, &sources), None);
    assert_eq!(class.lead(TEACHER, json!({ "kind": "usePreset", "preset": "lecture" })), None);
    let student = class.inside(STUDENT);
    assert!(!student.microphone && !student.camera && !student.screen && student.names);
    assert_eq!(class.inside(TEACHER), Inside::ALL);
    // What was on is off, and everyone knows.
    let off = json!({ "kind": "sources", "id": hex(STUDENT), "mic": false, "cam": false });
    assert!(class.state.iter().any(|object| object["event"] == off));
    assert_eq!(class.ask(STUDENT, &sources).as_deref(), Some("locked"));
    let say = json!({ "kind": "say", "text": "hier" });
    assert_eq!(class.ask(STUDENT, &say), None);
    let chat = json!({ "kind": "setLock", "lock": "publicChat", "locked": true });
    assert_eq!(class.lead(TEACHER, chat), None);
    assert_eq!(class.ask(STUDENT, &say).as_deref(), Some("locked"));
    assert_eq!(class.ask(TEACHER, &say), None);
    let present = json!({ "kind": "setRole", "id": hex(STUDENT), "role": "presenter" });
    assert_eq!(class.lead(TEACHER, present), None);
    let presenter = Inside { own_boards: false, ..Inside::ALL };
    assert_eq!(class.inside(STUDENT), presenter, "others' own boards are for moderators");
    assert_eq!(class.ask(STUDENT, &sources), None);
}

#[test]
fn a_screen_ends_when_it_is_locked_or_its_sharer_goes_and_the_one_before_has_the_stage() {
    let mut class = Class::begun();
    let share = json!({ "kind": "setSources", "mic": false, "cam": false, "screen": true });
    let sharing = |class: &Class| {
        let event = class.state.iter().rev().find(|object| object["event"]["kind"] == "sharing");
        event.map(|object| object["event"]["sharing"].clone()).unwrap_or_default()
    };
    assert_eq!(class.ask(STUDENT, &share).as_deref(), Some("locked"));
    let open = json!({ "kind": "setLock", "lock": "screen", "locked": false });
    assert_eq!(class.lead(TEACHER, open), None);
    assert_eq!(class.ask(TEACHER, &share), None);
    assert_eq!(class.ask(STUDENT, &share), None);
    let both = json!({ "screens": [hex(TEACHER), hex(STUDENT)], "onStage": true });
    assert_eq!(sharing(&class), both);
    let page = json!({ "kind": "board", "act": { "kind": "addPage" } });
    assert_eq!(class.ask(TEACHER, &page), None);
    assert_eq!(sharing(&class)["onStage"], false, "the board is newer");
    let none = json!({ "kind": "board", "act": { "kind": "show", "board": null } });
    assert_eq!(class.ask(TEACHER, &none), None);
    assert_eq!(sharing(&class), both);
    let close = json!({ "kind": "setLock", "lock": "screen", "locked": true });
    assert_eq!(class.lead(TEACHER, close), None);
    let one = json!({ "screens": [hex(TEACHER)], "onStage": true });
    assert_eq!(sharing(&class), one, "locks hold for viewers");
    let snapshot: Value = serde_json::from_slice(&class.room.snapshot()).unwrap();
    assert_eq!(snapshot["state"]["sharing"], one);
    assert_eq!(class.ask(TEACHER, &json!({ "kind": "leave" })), None);
    assert_eq!(sharing(&class), json!({ "screens": [], "onStage": false }));
}

#[test]
fn one_person_can_be_locked_or_freed_whatever_the_room_says() {
    let mut class = Class::begun();
    let mine = |state| json!({ "kind": "setPersonLock", "id": hex(STUDENT), "lock": "microphone", "state": state });
    let all = |locked| json!({ "kind": "setLock", "lock": "microphone", "locked": locked });
    for (act, may_speak) in [
        (mine("locked"), false),
        (all(true), false),
        (mine("free"), true),
        (mine("asRoom"), false),
        (all(false), true),
    ] {
        assert_eq!(class.lead(TEACHER, act.clone()), None);
        assert_eq!(class.inside(STUDENT).microphone, may_speak, "{act}");
    }
    assert_eq!(class.lead(TEACHER, mine("locked")), None);
    let present = json!({ "kind": "setRole", "id": hex(STUDENT), "role": "presenter" });
    assert_eq!(class.lead(TEACHER, present), None);
    assert!(!class.inside(STUDENT).microphone, "a lock on a person outlives a promotion");
}

#[test]
fn a_layout_for_all_is_told_once_and_outlives_a_preset() {
    let mut class = Class::begun();
    let set = |layout| json!({ "kind": "setLayout", "layout": layout });
    for act in [set("speaker"), json!({ "kind": "usePreset", "preset": "lecture" })] {
        assert_eq!(class.lead(TEACHER, act), None);
        assert_eq!(class.state.last().unwrap()["event"]["change"]["settings"]["layout"], "speaker");
    }
    let told = class.state.len();
    assert_eq!(class.lead(TEACHER, set("speaker")), None);
    assert_eq!(class.state.len(), told, "what is so already is told to nobody");
    assert_eq!(class.lead(TEACHER, set("cinema")).as_deref(), Some("malformed"));
    assert_eq!(class.lead(TEACHER, json!({ "kind": "setLayout", "layout": null })), None);
    let settings = &class.state.last().unwrap()["event"]["change"]["settings"];
    assert_eq!(settings["layout"], Value::Null);
}

#[test]
fn cameras_of_other_viewers_are_hidden_and_those_of_leaders_are_not() {
    let mut class = Class::begun();
    class.join(OTHER, Role::Viewer).unwrap();
    let act = json!({ "kind": "setLock", "lock": "othersCameras", "locked": true });
    assert_eq!(class.lead(TEACHER, act), None);
    assert_eq!(class.inside(STUDENT).cameras.as_deref(), Some(&[id(TEACHER)][..]));
    assert_eq!(class.inside(TEACHER).cameras, None);
    let present = json!({ "kind": "setRole", "id": hex(OTHER), "role": "presenter" });
    assert_eq!(class.lead(TEACHER, present), None);
    assert_eq!(class.inside(STUDENT).cameras.as_deref(), Some(&[id(TEACHER), id(OTHER)][..]));
}

#[test]
fn who_may_not_know_names_reads_a_track_in_which_no_viewer_has_one() {
    let mut class = Class::begun();
    class.join(OTHER, Role::Viewer).unwrap();
    class.ask(OTHER, &json!({ "kind": "say", "text": "vorher" }));
    assert!(class.nameless.is_empty(), "nobody reads it");
    let act = json!({ "kind": "setLock", "lock": "othersNames", "locked": true });
    assert_eq!(class.lead(TEACHER, act), None);
    let student = class.inside(STUDENT);
    assert!(!student.names && student.cameras.is_some(), "a face is more than a name");
    class.ask(OTHER, &json!({ "kind": "say", "text": "nachher" }));
    class.join(0xdd, Role::Viewer).unwrap();
    let told = serde_json::to_string(&class.nameless).unwrap();
    assert!(told.contains("vorher") && told.contains("nachher") && told.contains("Paa"));
    for name in ["Pbb", "Pcc", "Pdd"] {
        assert!(!told.contains(name), "{name} is told");
    }
    // From here on one of them presents, and has a name.
    let present = json!({ "kind": "setRole", "id": hex(OTHER), "role": "presenter" });
    assert_eq!(class.lead(TEACHER, present), None);
    let newest = class.nameless.last().unwrap();
    assert_eq!(newest["kind"], "snapshot");
    assert!(newest.to_string().contains("Pcc") && !newest.to_string().contains("Pbb"));
    // Whoever may know names again begins with a snapshot that has them.
    let count = class.state.len();
    let free = json!({ "kind": "setLock", "lock": "othersNames", "locked": false });
    assert_eq!(class.lead(TEACHER, free), None);
    let snapshot = class.state.iter().skip(count).find(|object| object["kind"] == "snapshot");
    assert!(snapshot.unwrap().to_string().contains("Pbb"));
}

#[test]
fn a_private_message_has_its_name_as_soon_as_its_reader_may_know_it() {
    let mut class = Class::begun();
    class.join(OTHER, Role::Viewer).unwrap();
    for (lock, locked) in [("privateChat", false), ("othersNames", true)] {
        let act = json!({ "kind": "setLock", "lock": lock, "locked": locked });
        assert_eq!(class.lead(TEACHER, act), None);
    }
    let to = json!({ "kind": "one", "id": hex(STUDENT) });
    class.ask(OTHER, &json!({ "kind": "say", "text": "leise", "to": to }));
    let name = |class: &Class| {
        let inbox = class.inboxes[&id(STUDENT)].iter();
        let newest = inbox.rev().find(|object| object["kind"] == "snapshot").unwrap();
        newest["messages"][0]["name"].clone()
    };
    for (role, known) in [("presenter", "Pcc"), ("viewer", "")] {
        let act = json!({ "kind": "setRole", "id": hex(OTHER), "role": role });
        assert_eq!(class.lead(TEACHER, act), None);
        assert_eq!(name(&class), known, "a {role}'s");
    }
    for (state, known) in [("free", "Pcc"), ("locked", "")] {
        let lock = json!({ "kind": "setPersonLock", "id": hex(STUDENT), "lock": "othersNames", "state": state });
        assert_eq!(class.lead(TEACHER, lock), None);
        assert_eq!(name(&class), known, "{state}");
    }
    let present = json!({ "kind": "setRole", "id": hex(OTHER), "role": "presenter" });
    assert_eq!(class.lead(TEACHER, present), None);
    class.ask(OTHER, &json!({ "kind": "leave" }));
    class.join(STUDENT, Role::Viewer).unwrap();
    assert_eq!(name(&class), "Pcc", "who is gone is what they were");
}

#[test]
fn a_student_knocks_and_is_let_in() {
    let mut class = Class::open(Limits::default());
    class.join(TEACHER, Role::Moderator).unwrap();
    assert_eq!(class.door(TEACHER, json!({ "kind": "setEntry", "entry": "ask" })), None);
    let seats = class.room.seats_taken();
    class.join(STUDENT, Role::Viewer).unwrap();
    assert_eq!(class.room.seats_taken(), seats, "who waits has no seat");
    assert_eq!(class.room.rights_of(id(STUDENT)), Rights::Outside);
    assert_eq!(class.last(STUDENT)["door"]["place"], "waiting");
    assert_eq!(class.heard(TEACHER, "waits"), 1);
    assert!(!class.state.iter().any(|object| object.to_string().contains("Pbb")));
    // Who waits is heard in nothing but leaving.
    for command in [
        json!({ "kind": "say", "text": "hallo" }),
        json!({ "kind": "setSources", "mic": true, "cam": false }),
        json!({ "kind": "door", "act": { "kind": "admit", "id": hex(STUDENT) } }),
    ] {
        assert_eq!(class.ask(STUDENT, &command).as_deref(), Some("notAllowed"));
    }
    assert_eq!(class.door(TEACHER, json!({ "kind": "tellWaiting", "text": "Gleich!" })), None);
    assert_eq!(class.last(STUDENT)["news"]["text"], "Gleich!");
    assert_eq!(
        class.door(TEACHER, json!({ "kind": "admit", "id": hex(OTHER) })).as_deref(),
        Some("notThere")
    );
    assert_eq!(class.door(TEACHER, json!({ "kind": "admit", "id": hex(STUDENT) })), None);
    assert_eq!(class.heard(STUDENT, "letIn"), 1);
    assert_eq!(class.heard(TEACHER, "waitsNoMore"), 1);
    assert!(!class.inside(STUDENT).screen);
    // Whoever was in comes back without knocking.
    let session = class.join(STUDENT, Role::Viewer).unwrap();
    let effects = class.room.apply(class.now, 1_000, Input::Disconnect { session }).unwrap();
    class.take(effects);
    let late = class.now + Duration::from_mins(1);
    let effects = class.room.expire(late);
    class.take(effects);
    class.join(STUDENT, Role::Viewer).unwrap();
    assert_eq!(class.last(STUDENT)["door"]["place"], "inside");
}

#[test]
fn the_waiting_room_has_a_bound_and_a_full_room_lets_nobody_in() {
    let limits = Limits { participants: 2, waiting: 2, ..Limits::default() };
    let mut class = Class::open(limits);
    class.join(TEACHER, Role::Moderator).unwrap();
    class.door(TEACHER, json!({ "kind": "setEntry", "entry": "ask" }));
    class.join(1, Role::Viewer).unwrap();
    class.join(2, Role::Viewer).unwrap();
    assert_eq!(class.join(3, Role::Viewer), Err(Refusal::RoomFull { max: 2 }));
    let refused = class.door(TEACHER, json!({ "kind": "admitAll" }));
    assert_eq!(refused.as_deref(), Some("roomFull"), "who waits on is told of nobody");
    assert_eq!(class.room.seats_taken(), 2);
    let admit = json!({ "kind": "admit", "id": hex(2) });
    assert_eq!(class.door(TEACHER, admit).as_deref(), Some("roomFull"));
    assert_eq!(class.door(TEACHER, json!({ "kind": "turnAway", "id": hex(2) })), None);
    assert!(class.closed.iter().any(|(_, reason)| *reason == CloseReason::TurnedAway));
    assert_eq!(class.ask(1, &json!({ "kind": "say", "text": "da" })), None);
    assert!(class.join(4, Role::Moderator).is_ok(), "a class keeps its teacher out");
}

#[test]
fn a_locked_room_lets_in_who_was_there_and_who_leads_and_nobody_else() {
    let mut class = Class::begun();
    assert_eq!(class.door(TEACHER, json!({ "kind": "setEntry", "entry": "closed" })), None);
    assert_eq!(class.join(OTHER, Role::Viewer), Err(Refusal::RoomLocked));
    assert!(class.join(STUDENT, Role::Viewer).is_ok());
    assert!(class.join(0xab, Role::Moderator).is_ok());
}

#[test]
fn a_ban_bans_whatever_token_comes_and_a_removal_without_one_makes_a_stranger() {
    let mut class = Class::begun();
    let session = class.join(OTHER, Role::Viewer).unwrap();
    let moved = class.join(OTHER, Role::Viewer).unwrap();
    let remove = |who, ban| json!({ "kind": "remove", "id": hex(who), "ban": ban });
    assert_eq!(class.door(TEACHER, remove(TEACHER, true)).as_deref(), Some("notAllowed"));
    assert_eq!(class.door(TEACHER, remove(OTHER, true)), None);
    assert_eq!(class.bans, [id(OTHER)]);
    let mut ended: Vec<u64> = class.closed.iter().map(|(session, _)| *session).collect();
    ended.sort_unstable();
    assert_eq!(ended, [session, moved], "every session of theirs ends");
    assert_eq!(class.room.rights_of(id(OTHER)), Rights::Outside);
    for role in [Role::Viewer, Role::Presenter, Role::Moderator] {
        assert_eq!(class.join(OTHER, role), Err(Refusal::Removed));
    }
    assert_eq!(class.door(TEACHER, remove(STUDENT, false)), None);
    class.door(TEACHER, json!({ "kind": "setEntry", "entry": "ask" }));
    class.join(STUDENT, Role::Viewer).unwrap();
    assert_eq!(class.last(STUDENT)["door"]["place"], "waiting");
}

#[test]
fn roles_and_locks_outlive_a_long_absence() {
    let mut class = Class::begun();
    class.join(OTHER, Role::Moderator).unwrap();
    class.lead(TEACHER, json!({ "kind": "setRole", "id": hex(OTHER), "role": "viewer" }));
    let act =
        json!({ "kind": "setPersonLock", "id": hex(OTHER), "lock": "camera", "state": "locked" });
    assert_eq!(class.lead(TEACHER, act), None);
    assert_eq!(class.ask(OTHER, &json!({ "kind": "leave" })), None);
    class.join(OTHER, Role::Moderator).unwrap();
    assert_eq!(
        class.lead(OTHER, json!({ "kind": "usePreset", "preset": "test" })).as_deref(),
        Some("notAllowed")
    );
    assert!(!class.inside(OTHER).camera);
}

#[test]
fn a_room_whose_moderators_are_gone_ends_in_time_and_says_so_before() {
    let mut class = Class::begun();
    let grace = Limits::default().unattended_grace;
    assert_eq!(class.ask(TEACHER, &json!({ "kind": "leave" })), None);
    let ends = 1_000 + u64::try_from(grace.as_millis()).unwrap();
    let warning = json!({ "kind": "lead", "change": { "kind": "unattended", "endsAt": ends } });
    assert_eq!(class.state.last().unwrap()["event"], warning);
    class.join(TEACHER, Role::Moderator).unwrap();
    let none = json!({ "kind": "lead", "change": { "kind": "unattended", "endsAt": null } });
    assert_eq!(class.state.last().unwrap()["event"], none);
    class.ask(TEACHER, &json!({ "kind": "leave" }));
    let deadline = class.room.deadline().unwrap();
    assert_eq!((deadline.at, deadline.why), (class.now + grace, Wake::Unattended));
    let effects = class.room.expire(deadline.at);
    class.take(effects);
    assert!(class.is_over);
    assert_eq!(
        class.state.last().unwrap()["event"],
        json!({ "kind": "ended", "reason": "unattended" })
    );
}

#[test]
fn students_who_come_before_their_teacher_are_not_sent_home() {
    let mut class = Class::open(Limits::default());
    class.join(STUDENT, Role::Viewer).unwrap();
    assert_eq!(class.room.deadline(), None);
}
