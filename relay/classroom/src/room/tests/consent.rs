//! Consent, as the person, the class and the teacher live it.

use mosaik_proto::rights::Rights;
use mosaik_proto::room::Agreed;
use serde_json::json;

use super::*;

const TEACHER: u64 = 1;
const STUDENT: u64 = 2;
const OTHER: u64 = 3;

fn join(lesson: &mut Lesson, number: u64, role: Role, consent: Consent) {
    let who = Newcomer { consent, ..who(number, role) };
    let effects = lesson.room.apply(lesson.now, 1_000, Input::Join { session: number, who });
    lesson.take(effects.unwrap());
}

/// A teacher, somebody who agreed to nothing, and somebody who agreed to all.
fn class() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    join(&mut lesson, TEACHER, Role::Moderator, Consent::ALL);
    join(&mut lesson, STUDENT, Role::Viewer, Consent::UNSTATED);
    join(&mut lesson, OTHER, Role::Viewer, Consent::ALL);
    lesson
}

/// The code with which a command is refused.
fn ask(lesson: &mut Lesson, who: u64, number: u64, command: &Value) -> Option<String> {
    let bytes = json!({ "number": number, "command": command }).to_string().into_bytes();
    lesson.now += Duration::from_secs(2);
    let input = Input::Command { from: id(who), bytes };
    let effects = lesson.room.apply(lesson.now, 1_000, input).unwrap();
    lesson.take(effects);
    let answer = lesson.inboxes[&id(who)].iter().rev().find(|object| object["number"] == number);
    assert!(answer.is_some(), "no answer");
    answer.and_then(|answer| answer["refusal"]["code"].as_str()).map(str::to_owned)
}

fn consent(seen: bool, heard: bool, read: bool) -> Value {
    let agreed = json!({ "seen": seen, "heard": heard, "read": read });
    json!({ "kind": "consent", "agreed": agreed, "texts": "2026-09" })
}

fn may(lesson: &Lesson, who: u64) -> [bool; 3] {
    match lesson.room.rights_of(id(who)) {
        Rights::Inside(inside) => [inside.microphone, inside.camera, inside.screen],
        Rights::Outside => panic!("{who} is outside"),
    }
}

#[test]
fn who_agrees_to_nothing_takes_part_and_reaches_only_the_teacher() {
    let mut lesson = class();
    assert_eq!(may(&lesson, STUDENT), [false; 3]);
    let to_other = json!({ "kind": "say", "text": "a", "to": { "kind": "one", "id": id(OTHER) } });
    let lock = json!({ "kind": "lead", "act": { "kind": "setLock", "lock": "privateChat", "locked": false } });
    assert_eq!(ask(&mut lesson, TEACHER, 1, &lock), None);
    for (number, command, refusal) in [
        (1, json!({ "kind": "say", "text": "a" }), Some("notAgreed")),
        (2, to_other, Some("notAgreed")),
        (3, json!({ "kind": "setSources", "mic": true, "cam": false }), Some("notAgreed")),
        (4, json!({ "kind": "setSources", "mic": false, "cam": true }), Some("notAgreed")),
        (
            5,
            json!({ "kind": "chat", "act": { "kind": "typing", "to": { "kind": "everyone" } } }),
            Some("notAgreed"),
        ),
        (6, json!({ "kind": "say", "text": "a", "to": { "kind": "moderators" } }), None),
        (7, json!({ "kind": "hand", "act": { "kind": "raise" } }), None),
        (8, json!({ "kind": "sign", "act": { "kind": "status", "status": "agree" } }), None),
        (9, json!({ "kind": "setSources", "mic": false, "cam": false }), None),
        // The room locks screens for viewers from the start, and no consent says anything of them.
        (
            10,
            json!({ "kind": "setSources", "mic": false, "cam": false, "screen": true }),
            Some("locked"),
        ),
    ] {
        assert_eq!(ask(&mut lesson, STUDENT, number, &command).as_deref(), refusal, "{command}");
    }
}

#[test]
fn what_is_agreed_to_holds_at_once_and_what_is_taken_back_ends_at_once() {
    let mut lesson = class();
    assert_eq!(ask(&mut lesson, STUDENT, 1, &consent(true, true, true)), None);
    // The screen is locked for viewers from the start.
    assert_eq!(may(&lesson, STUDENT), [true, true, false]);
    let on = json!({ "kind": "setSources", "mic": true, "cam": true });
    assert_eq!(ask(&mut lesson, STUDENT, 2, &on), None);
    assert_eq!(ask(&mut lesson, STUDENT, 3, &json!({ "kind": "say", "text": "mine" })), None);
    assert_eq!(ask(&mut lesson, OTHER, 1, &json!({ "kind": "say", "text": "theirs" })), None);

    assert_eq!(ask(&mut lesson, STUDENT, 4, &consent(false, true, true)), None);
    assert_eq!(may(&lesson, STUDENT), [true, false, false]);
    let shown = &lesson.reader.participants[&id(STUDENT).to_string()];
    assert_eq!((&shown["mic"], &shown["cam"]), (&json!(true), &json!(false)));
    assert_eq!(lesson.room.chat.messages().len(), 2);

    assert_eq!(ask(&mut lesson, STUDENT, 5, &consent(false, false, false)), None);
    assert_eq!(lesson.reader.participants[&id(STUDENT).to_string()]["mic"], json!(false));
    let left: Vec<String> =
        lesson.room.chat.messages().iter().map(|kept| kept.text.as_str().to_owned()).collect();
    assert_eq!(left, ["theirs"]);
}

#[test]
fn the_person_and_the_teacher_know_it_and_nobody_else() {
    let mut lesson = class();
    ask(&mut lesson, STUDENT, 1, &consent(false, true, false));
    let told = |lesson: &Lesson, who: u64| {
        let about = json!(id(STUDENT));
        let is_it = |object: &&Value| object["kind"] == "consent" && object["of"]["id"] == about;
        lesson.inboxes[&id(who)].iter().rev().find(is_it).cloned()
    };
    for who in [TEACHER, STUDENT] {
        let of = told(&lesson, who).unwrap();
        assert_eq!(of["of"]["consent"]["agreed"]["heard"], true);
        assert_eq!(of["of"]["consent"]["texts"], "2026-09");
    }
    assert_eq!(told(&lesson, OTHER), None);
    let whole = String::from_utf8(lesson.room.snapshot()).unwrap();
    assert!(!whole.contains("2026-09") && !whole.contains("agreed"), "{whole}");
    join(&mut lesson, OTHER, Role::Viewer, Consent::ALL);
    let snapshot = lesson.inboxes[&id(OTHER)].iter().rev().find(|one| one["kind"] == "snapshot");
    let consents = snapshot.unwrap()["consents"].as_array().unwrap().clone();
    assert_eq!(consents.len(), 1, "{consents:?}");
}

#[test]
fn nobody_agrees_to_more_than_their_parents_did() {
    let mut lesson = Lesson::new(Limits::default());
    let most = Agreed { heard: true, ..Agreed::NONE };
    join(&mut lesson, STUDENT, Role::Viewer, Consent { most, ..Consent::UNSTATED });
    assert_eq!(
        ask(&mut lesson, STUDENT, 1, &consent(true, true, false)).as_deref(),
        Some("notAllowed")
    );
    assert_eq!(may(&lesson, STUDENT), [false; 3]);
    assert_eq!(ask(&mut lesson, STUDENT, 2, &consent(false, true, false)), None);
    assert_eq!(may(&lesson, STUDENT), [true, false, false]);
}

#[test]
fn a_token_of_before_does_not_bring_back_what_was_taken_back() {
    let mut lesson = class();
    assert_eq!(ask(&mut lesson, OTHER, 1, &consent(false, false, false)), None);
    join(&mut lesson, OTHER, Role::Viewer, Consent::ALL);
    assert_eq!(may(&lesson, OTHER), [false; 3]);
}

/// Shapes that a late joiner finds on a board.
fn drawn(lesson: &Lesson, board: &str) -> Vec<String> {
    let mut shapes: Vec<String> = Vec::new();
    for object in &lesson.boards[board] {
        for op in object["ops"].as_array().into_iter().flatten() {
            let id = op["id"].as_str().unwrap().to_owned();
            shapes.retain(|shape| *shape != id);
            shapes.extend((op["kind"] == "put").then_some(id));
        }
    }
    shapes
}

#[test]
fn who_is_no_longer_to_be_read_is_gone_from_boards_and_files_also_where_nobody_sees_who_drew() {
    let mut lesson = class();
    let act = |act: Value| json!({ "kind": "board", "act": act });
    let draw = |who: u64, board: &str| {
        let shape = format!("{}.1", id(who));
        act(json!({ "kind": "draw", "board": board, "ops": [
            { "kind": "put", "id": shape, "shape": "t00CC words" }
        ] }))
    };
    let free = |lock: &str| json!({ "kind": "lead", "act": { "kind": "setLock", "lock": lock, "locked": false } });
    for (number, command) in [
        (1, free("whiteboard")),
        (2, act(json!({ "kind": "addPage" }))),
        (3, draw(TEACHER, "page/1")),
        (4, act(json!({ "kind": "setOwn", "open": true }))),
    ] {
        assert_eq!(ask(&mut lesson, TEACHER, number, &command), None, "{command}");
    }
    let own = format!("own/{}", id(OTHER));
    assert_eq!(ask(&mut lesson, OTHER, 1, &draw(OTHER, "page/1")), None);
    assert_eq!(ask(&mut lesson, OTHER, 2, &draw(OTHER, &own)), None);
    let show = act(json!({ "kind": "showOwn", "of": id(OTHER), "named": false }));
    assert_eq!(ask(&mut lesson, TEACHER, 5, &show), None);
    assert_eq!(drawn(&lesson, "page/1").len(), 2);
    let copied = unread(&lesson, "page/2");
    assert_eq!(copied, 1, "the copy is empty");

    assert_eq!(ask(&mut lesson, OTHER, 3, &consent(true, true, false)), None);
    let left = json!(lesson.boards["page/1"]).to_string();
    assert_eq!(unread(&lesson, "page/1"), 1, "{left}");
    assert!(!left.contains(&id(OTHER).to_string()), "who comes late is sent it: {left}");
    assert_eq!(unread(&lesson, "page/2"), 0, "drawn by nobody, but it was their hand");
    assert_eq!(drawn(&lesson, &own).len(), 1, "those who lead alone see it");
    assert_eq!(ask(&mut lesson, OTHER, 4, &draw(OTHER, "page/1")), Some("notAgreed".to_owned()));
}

/// How many shapes the snapshot and what followed leave on a board.
fn unread(lesson: &Lesson, board: &str) -> usize {
    let objects = &lesson.boards[board];
    let put = objects.iter().flat_map(|object| object["shapes"].as_array().into_iter().flatten());
    let gone = objects.iter().flat_map(|object| object["ops"].as_array().into_iter().flatten());
    put.count() - gone.filter(|op| op["kind"] == "remove").count()
}
