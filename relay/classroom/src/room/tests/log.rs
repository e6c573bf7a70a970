//! The log of what moderators did.

use serde_json::json;

use super::*;

fn log(lesson: &mut Lesson) -> Vec<Value> {
    let report = json!({ "kind": "report", "of": "log" });
    assert_eq!(lesson.ask(0, &report), Value::Null);
    let told = lesson.inboxes[&id(0)].iter().rev().find(|object| object["kind"] == "log");
    told.expect("a log")["entries"].as_array().unwrap().clone()
}

#[test]
fn a_moderator_reads_who_did_what_to_whom_also_of_those_who_left() {
    let mut lesson = Lesson::new(Limits::default());
    for number in 0..3 {
        lesson.join(number + 1, number);
    }
    let hand = |act: &Value| json!({ "kind": "hand", "act": act });
    let chat = |act: &Value| json!({ "kind": "chat", "act": act });
    let delete = |id: u64| chat(&json!({ "kind": "delete", "id": id, "private": false }));
    lesson.ask(1, &json!({ "kind": "say", "text": "Quatsch" }));
    lesson.ask(1, &json!({ "kind": "say", "text": "Mist" }));
    lesson.ask(2, &hand(&json!({ "kind": "raise" })));
    assert_eq!(lesson.ask(0, &delete(1)), Value::Null);
    assert_eq!(lesson.ask(1, &delete(2)), Value::Null, "the own message");
    let lower = hand(&json!({ "kind": "lowerOf", "id": id(2) }));
    assert_eq!(lesson.ask(0, &lower), Value::Null);
    assert_eq!(lesson.ask(0, &lower), Value::Null, "lowered already");
    lesson.command(2, command(2, "leave"));
    assert_eq!(lesson.ask(0, &json!({ "kind": "say", "text": "Weiter" })), Value::Null);
    assert_eq!(lesson.ask(0, &chat(&json!({ "kind": "clear" }))), Value::Null);
    let layout = json!({ "kind": "setLayout", "layout": "gallery" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": layout })), Value::Null);
    let entries = log(&mut lesson);
    let told: Vec<_> = entries.iter().map(|one| [&one["act"], &one["whom"]["name"]]).collect();
    assert_eq!(
        told,
        [
            [&json!("messageDeleted"), &json!("P1")],
            [&json!("handLowered"), &json!("P2")],
            [&json!("chatCleared"), &Value::Null],
            [&json!("layoutSet"), &Value::Null],
        ]
    );
    assert!(entries.iter().all(|one| one["by"] == json!({ "id": id(0), "name": "P0" })));
}

#[test]
fn the_log_is_for_moderators_and_has_a_bound() {
    let mut lesson = Lesson::new(Limits { log_kept: 3, ..Limits::default() });
    lesson.join(1, 0);
    lesson.join(2, 1);
    assert_eq!(lesson.ask(1, &json!({ "kind": "report", "of": "log" })), "notAllowed");
    for _ in 0..5 {
        lesson.ask(1, &json!({ "kind": "say", "text": "hallo" }));
        lesson.ask(0, &json!({ "kind": "chat", "act": { "kind": "clear" } }));
        lesson.pass(Duration::from_secs(2));
    }
    assert_eq!(log(&mut lesson).len(), 3);
}
