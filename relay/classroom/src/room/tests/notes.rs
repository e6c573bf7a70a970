//! The notes, as people live them; what an update may say is tested beside the notes.

use mosaik_proto::room::NotesLimits;
use serde_json::json;

use super::*;

/// `M` is a Yjs client; a paragraph with the letter `a`.
const PARAGRAPH: &str = "AQNNAAcBBW5vdGVzAwlwYXJhZ3JhcGgHAE0ABgQATQEBYQA";

fn notes(act: &Value) -> Value {
    json!({ "kind": "notes", "act": act })
}

fn write(edition: &Value, update: &str) -> Value {
    notes(&json!({ "kind": "write", "edition": edition, "update": update }))
}

fn edition(lesson: &Lesson) -> Value {
    lesson.notes[0]["edition"].clone()
}

#[test]
fn what_is_written_reaches_everyone_under_the_name_of_the_track_it_came_on() {
    let mut lesson = Lesson::new(Limits::default());
    assert!(lesson.notes.is_empty());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let open = lesson.notes[0].clone();
    assert_eq!(open["kind"], "document");
    assert_eq!(open["update"], "AAA");
    assert_eq!(open["edition"], 1_795_000_000_000_u64);
    let cursor = json!({ "anchor": "AQ", "head": "AQ" });
    let act = json!({ "kind": "write", "edition": open["edition"], "update": PARAGRAPH, "cursor": cursor });
    assert_eq!(lesson.ask(1, &notes(&act)), Value::Null);
    let told = json!({ "kind": "update", "edition": open["edition"], "by": id(1), "update": PARAGRAPH, "cursor": cursor });
    assert_eq!(lesson.notes[1], told);
    assert_eq!(
        lesson.ask(0, &write(&open["edition"], PARAGRAPH)),
        "notAllowed",
        "by another's hand"
    );
    assert_eq!(lesson.ask(1, &write(&open["edition"], "AQ")), "malformed");
    let forged =
        json!({ "kind": "write", "edition": open["edition"], "update": PARAGRAPH, "by": id(0) });
    assert_eq!(lesson.ask(1, &notes(&forged)), "malformed");
    assert_eq!(lesson.notes.len(), 2);
}

#[test]
fn a_command_that_comes_twice_is_written_once() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 1);
    let command = write(&edition(&lesson), PARAGRAPH);
    let object = json!({ "number": 1, "command": command }).to_string().into_bytes();
    for _ in 0..2 {
        lesson.command(1, object.clone());
        assert_eq!(lesson.last_answer(1), &json!({ "kind": "acknowledged", "number": 1 }));
    }
    assert_eq!(lesson.notes.len(), 2);
}

#[test]
fn a_lock_holds_for_writing_and_for_cursors_at_once_and_leaders_go_on() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let edition = edition(&lesson);
    let lock = |locked| json!({ "kind": "lead", "act": { "kind": "setLock", "lock": "notes", "locked": locked } });
    let point = notes(&json!({ "kind": "point", "edition": edition, "cursor": null }));
    assert_eq!(lesson.ask(0, &lock(true)), Value::Null);
    assert_eq!(lesson.ask(1, &write(&edition, PARAGRAPH)), "locked");
    assert_eq!(lesson.last_answer(1)["refusal"]["lock"], "notes");
    assert_eq!(lesson.ask(1, &point), "locked");
    assert_eq!(lesson.ask(0, &point), Value::Null);
    let free = json!({ "kind": "setPersonLock", "id": id(1), "lock": "notes", "state": "free" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": free })), Value::Null);
    assert_eq!(lesson.ask(1, &write(&edition, PARAGRAPH)), Value::Null);
}

#[test]
fn only_moderators_clear_the_notes_and_what_was_meant_for_the_old_ones_is_refused() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let before = edition(&lesson);
    let clear = notes(&json!({ "kind": "clear" }));
    assert_eq!(lesson.ask(0, &clear), Value::Null);
    assert_eq!(edition(&lesson), before, "they are empty: nobody is told");
    assert_eq!(lesson.ask(1, &write(&before, PARAGRAPH)), Value::Null);
    assert_eq!(lesson.ask(1, &clear), "notAllowed");
    assert_eq!(lesson.ask(0, &clear), Value::Null);
    assert_eq!(lesson.notes.len(), 1);
    assert!(edition(&lesson).as_u64() > before.as_u64());
    assert_eq!(lesson.ask(1, &write(&before, PARAGRAPH)), "notThere");
    assert_eq!(lesson.ask(1, &write(&edition(&lesson), PARAGRAPH)), Value::Null);
}

#[test]
fn a_late_joiner_reads_little_more_than_what_is_there() {
    let free = Rate::new(100_000, 1);
    let pace = Pace { viewer: free, moderator: free, room: free };
    let of_notes = NotesLimits { writing: pace, cursors: pace, ..NotesLimits::default() };
    let mut lesson = Lesson::new(Limits { notes: of_notes, ..Limits::default() });
    lesson.join(1, 1);
    let edition = edition(&lesson);
    assert_eq!(lesson.ask(1, &write(&edition, PARAGRAPH)), Value::Null);
    let place = "A".repeat(42);
    let cursor = json!({ "anchor": place, "head": place });
    let mut number = 1;
    for _ in 0..3_000 {
        number += 1;
        let act = json!({ "kind": "point", "edition": edition, "cursor": cursor });
        let object = json!({ "number": number, "command": notes(&act) });
        lesson.command(1, object.to_string().into_bytes());
    }
    let bytes: usize = lesson.notes.iter().map(|object| object.to_string().len()).sum();
    assert!(bytes < 70_000, "a late joiner reads {bytes} bytes");
    assert_eq!(lesson.notes[0]["kind"], "document");
    assert_ne!(lesson.notes[0]["update"], "AAA");
}
