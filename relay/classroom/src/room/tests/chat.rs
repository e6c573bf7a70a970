//! The chat, as people live it: who reads what, and who may change it.

use serde_json::json;

use super::*;

fn say(text: &str, to: &Value) -> Value {
    json!({ "kind": "say", "text": text, "to": to })
}

fn act(act: &Value) -> Value {
    json!({ "kind": "chat", "act": act })
}

fn one(number: u64) -> Value {
    json!({ "kind": "one", "id": id(number) })
}

/// Two moderators (0 and 10) and pupils from 1 on.
fn class() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    for number in [0, 1, 2, 3] {
        lesson.join(number + 1, number);
    }
    lesson.apply(Input::Join { session: 10, who: who(10, Role::Moderator) }).unwrap();
    lesson
}

/// Texts of private messages that someone's page has, by what the inbox said.
fn inbox(lesson: &Lesson, of: u64) -> Vec<String> {
    let mut messages: Vec<Value> = Vec::new();
    for object in &lesson.inboxes[&id(of)] {
        match object["kind"].as_str().unwrap() {
            "snapshot" => messages = object["messages"].as_array().unwrap().clone(),
            "said" => messages.push(object["message"].clone()),
            "chat" if object["change"]["kind"] == "deleted" => {
                messages.retain(|message| message["id"] != object["change"]["id"]);
            }
            "chat" if object["change"]["kind"] == "edited" => {
                let mut edited = messages.iter_mut();
                let edited = edited.find(|message| message["id"] == object["change"]["id"]);
                edited.unwrap()["text"] = object["change"]["text"].clone();
            }
            _ => {}
        }
    }
    messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

fn newest(lesson: &Lesson, of: u64) -> Value {
    let said = lesson.inboxes[&id(of)].iter().rev().find(|object| object["kind"] == "said");
    said.unwrap()["message"]["id"].clone()
}

#[test]
fn a_private_message_is_in_the_inboxes_of_those_concerned_and_nowhere_else() {
    let mut lesson = class();
    let moderators = json!({ "kind": "moderators" });
    assert_eq!(lesson.ask(1, &say("Mir ist schlecht", &moderators)), Value::Null);
    assert_eq!(lesson.ask(0, &say("Geh kurz raus", &one(1))), Value::Null);
    assert_eq!(inbox(&lesson, 1), ["Mir ist schlecht", "Geh kurz raus"]);
    assert_eq!(inbox(&lesson, 0), ["Mir ist schlecht", "Geh kurz raus"]);
    assert_eq!(inbox(&lesson, 10), ["Mir ist schlecht"]);
    assert!(inbox(&lesson, 2).is_empty() && inbox(&lesson, 3).is_empty());
    let state: Vec<u8> = lesson.group.concat();
    let state = String::from_utf8(state).unwrap();
    assert!(!state.contains("schlecht") && !state.contains("raus"), "private words on `state`");
}

#[test]
fn private_messages_are_back_after_a_reconnect_and_after_a_long_absence() {
    let mut lesson = class();
    lesson.ask(1, &say("Frage", &json!({ "kind": "moderators" })));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.ask(0, &say("Antwort", &one(1)));
    lesson.pass(Duration::from_secs(5));
    lesson.join(20, 1);
    assert_eq!(inbox(&lesson, 1), ["Frage", "Antwort"]);
    lesson.apply(Input::Disconnect { session: 20 }).unwrap();
    lesson.pass(Duration::from_mins(1));
    lesson.join(21, 1);
    assert_eq!(inbox(&lesson, 1), ["Frage", "Antwort"]);
    // Who comes anew with another name does not get what was said to others.
    lesson.join(22, 4);
    assert!(inbox(&lesson, 4).is_empty());
}

#[test]
fn pupils_write_privately_to_moderators_only_unless_the_room_allows_more() {
    let mut lesson = class();
    assert_eq!(lesson.ask(1, &say("psst", &one(2))), "locked");
    assert_eq!(lesson.ask(1, &act(&json!({ "kind": "typing", "to": one(2) }))), "locked");
    assert_eq!(lesson.ask(1, &say("psst", &one(0))), Value::Null);
    assert_eq!(lesson.ask(1, &say("psst", &one(99))), "notThere");
    assert_eq!(lesson.ask(1, &say("psst", &one(1))), "notThere");
    lesson.room.settings.locks = Locks::NONE;
    assert_eq!(lesson.ask(1, &say("jetzt", &one(2))), Value::Null);
    assert_eq!(inbox(&lesson, 2), ["jetzt"]);
    // What was said before the lock holds again is no way around it.
    lesson.room.settings.locks = Locks::of(&[Lock::PrivateChat]);
    lesson.pass(Duration::from_mins(1));
    let id = lesson.room.private.of(id(1)).unwrap().messages().last().unwrap().id;
    let edit = json!({ "kind": "edit", "id": id, "private": true, "text": "geheim" });
    assert_eq!(lesson.ask(1, &act(&edit)), "locked");
    let react = json!({ "kind": "react", "id": id, "private": true, "reaction": "heart" });
    assert_eq!(lesson.ask(2, &act(&react)), "locked");
    assert_eq!(inbox(&lesson, 2), ["jetzt"]);
    assert_eq!(lesson.ask(1, &say("Frage", &json!({ "kind": "moderators" }))), Value::Null);
}

#[test]
fn only_the_author_changes_a_message_and_only_moderators_delete_for_others() {
    let mut lesson = class();
    lesson.ask(1, &say("Hallo", &json!({ "kind": "everyone" })));
    let edit = act(&json!({ "kind": "edit", "id": 1, "private": false, "text": "gefälscht" }));
    let delete = act(&json!({ "kind": "delete", "id": 1, "private": false }));
    for other in [0, 2] {
        assert_eq!(lesson.ask(other, &edit), "notAllowed");
    }
    assert_eq!(lesson.ask(2, &delete), "notAllowed");
    let own = act(&json!({ "kind": "edit", "id": 1, "private": false, "text": "Hallo!" }));
    assert_eq!(lesson.ask(1, &own), Value::Null);
    assert_eq!(lesson.snapshot("chat")[0]["text"], "Hallo!");
    assert_eq!(lesson.snapshot("chat")[0]["edited"], true);
    let long = json!({ "kind": "edit", "id": 1, "private": false, "text": "x".repeat(2_001) });
    assert_eq!(lesson.ask(1, &act(&long)), "textTooLong");
    assert_eq!(lesson.ask(0, &delete), Value::Null);
    assert_eq!(lesson.snapshot("chat"), json!([]));
    assert_eq!(lesson.ask(1, &own), "notThere");
}

#[test]
fn nobody_reaches_private_messages_of_others_by_their_id() {
    let mut lesson = class();
    lesson.ask(1, &say("geheim", &json!({ "kind": "moderators" })));
    let secret = newest(&lesson, 1);
    for way in [
        json!({ "kind": "delete", "id": secret, "private": true }),
        json!({ "kind": "edit", "id": secret, "private": true, "text": "x" }),
        json!({ "kind": "react", "id": secret, "private": true, "reaction": "heart" }),
        json!({ "kind": "delete", "id": secret, "private": false }),
    ] {
        assert_eq!(lesson.ask(2, &act(&way)), "notThere", "{way}");
    }
    // A public reply to it does not show it.
    let reply = json!({ "kind": "say", "text": "dazu", "replyTo": secret });
    assert_eq!(lesson.ask(2, &reply), Value::Null);
    assert_eq!(lesson.snapshot("chat")[0]["replyTo"], Value::Null);
    let edit = act(&json!({ "kind": "edit", "id": secret, "private": true, "text": "geändert" }));
    assert_eq!(lesson.ask(1, &edit), Value::Null);
    assert_eq!(inbox(&lesson, 10), ["geändert"]);
    let delete = act(&json!({ "kind": "delete", "id": secret, "private": true }));
    assert_eq!(lesson.ask(0, &delete), Value::Null);
    assert!(inbox(&lesson, 1).is_empty() && inbox(&lesson, 10).is_empty());
}

#[test]
fn pins_and_clearing_are_for_moderators_and_pins_have_a_bound() {
    let mut lesson = class();
    for number in 0..8 {
        lesson.ask(0, &say(&format!("Punkt {number}"), &json!({ "kind": "everyone" })));
    }
    let pin = |id: u64| act(&json!({ "kind": "pin", "id": id, "pinned": true }));
    assert_eq!(lesson.ask(1, &pin(1)), "notAllowed");
    assert_eq!(lesson.ask(1, &act(&json!({ "kind": "clear" }))), "notAllowed");
    for id in 1..=5 {
        assert_eq!(lesson.ask(0, &pin(id)), Value::Null);
    }
    assert_eq!(lesson.ask(0, &pin(6)), "full");
    assert_eq!(lesson.ask(0, &act(&json!({ "kind": "clear" }))), Value::Null);
    assert_eq!(lesson.snapshot("chat"), json!([]));
    lesson.ask(0, &say("neu", &json!({ "kind": "everyone" })));
    assert_eq!(lesson.snapshot("chat")[0]["id"], 9, "a number is not used twice");
}

#[test]
fn writing_is_told_and_kept_nowhere() {
    let mut lesson = class();
    let before = lesson.room.snapshot().len();
    assert_eq!(lesson.ask(1, &act(&json!({ "kind": "typing", "to": one(0) }))), Value::Null);
    let typing = json!({ "kind": "chat", "change": { "kind": "typing", "by": id(1) } });
    assert_eq!(lesson.last_answer(0), &typing);
    assert!(
        !lesson.inboxes[&id(10)].contains(&typing) && !lesson.inboxes[&id(1)].contains(&typing)
    );
    let revision = lesson.reader.revision;
    let public = json!({ "kind": "typing", "to": { "kind": "everyone" } });
    assert_eq!(lesson.ask(1, &act(&public)), Value::Null);
    assert_eq!(lesson.reader.revision, revision + 1);
    assert_eq!(lesson.room.snapshot().len(), before);
}

/// What a newcomer is sent of `state`, with names and without.
fn sent_to_newcomers(lesson: &Lesson) -> String {
    let named: Vec<Value> =
        lesson.group.iter().map(|object| serde_json::from_slice(object).unwrap()).collect();
    json!([named, lesson.nameless]).to_string()
}

#[test]
fn what_was_taken_back_is_sent_to_nobody_who_comes_or_comes_back_later() {
    let lock = |locked: bool| json!({ "kind": "lead", "act": { "kind": "setLock", "lock": "othersNames", "locked": locked } });
    for kind in ["delete", "edit", "clear"] {
        for comes_back in [false, true] {
            let mut lesson = class();
            assert_eq!(lesson.ask(0, &lock(true)), Value::Null);
            assert_eq!(
                lesson.ask(1, &say("Gemeinheit", &json!({ "kind": "everyone" }))),
                Value::Null
            );
            let groups_before = sent_to_newcomers(&lesson);
            assert_eq!(groups_before.matches("Gemeinheit").count(), 2, "{groups_before}");
            let (who, change) = match kind {
                "delete" => (0, json!({ "kind": "delete", "id": 1, "private": false })),
                "edit" => {
                    (1, json!({ "kind": "edit", "id": 1, "private": false, "text": "Nichts" }))
                }
                _ => (0, json!({ "kind": "clear" })),
            };
            assert_eq!(lesson.ask(who, &act(&change)), Value::Null, "{kind}");
            if comes_back {
                lesson.apply(Input::Disconnect { session: 3 }).unwrap();
                lesson.join(20, 2);
            } else {
                lesson.join(20, 9);
            }
            let sent = sent_to_newcomers(&lesson);
            assert!(!sent.contains("Gemeinheit"), "{kind}: {sent}");
            assert_eq!(
                lesson.late_joiner(),
                Reader { chat: lesson.late_joiner().chat, ..lesson.reader.clone() }
            );
        }
    }
}

#[test]
fn a_presenter_who_was_removed_is_still_known_by_name_where_viewers_are_not() {
    let mut lesson = class();
    let lead = |act: &Value| json!({ "kind": "lead", "act": act });
    let promote = lead(&json!({ "kind": "setRole", "id": id(1), "role": "presenter" }));
    let lock = lead(&json!({ "kind": "setLock", "lock": "othersNames", "locked": true }));
    let everyone = json!({ "kind": "everyone" });
    for (who, command) in [
        (0, promote),
        (0, lock),
        (1, say("Referat", &everyone)),
        (2, say("Frage", &everyone)),
        (0, json!({ "kind": "door", "act": { "kind": "remove", "id": id(1), "ban": true } })),
        (0, act(&json!({ "kind": "delete", "id": 2, "private": false }))),
        (2, say("Noch eine", &everyone)),
    ] {
        assert_eq!(lesson.ask(who, &command), Value::Null, "{command}");
    }
    lesson.join(20, 9);
    let chat = lesson.nameless[0]["state"]["chat"].as_array().unwrap();
    let names: Vec<(&str, bool)> = chat
        .iter()
        .map(|message| {
            (
                message["text"].as_str().unwrap(),
                message["name"] == who(1, Role::Viewer).name.as_str(),
            )
        })
        .collect();
    assert_eq!(names, [("Referat", true), ("Noch eine", false)]);
}
