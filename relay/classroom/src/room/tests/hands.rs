//! Hands and signs, as people live them.

use serde_json::json;

use super::*;

fn hand(act: &Value) -> Value {
    json!({ "kind": "hand", "act": act })
}

#[test]
fn hands_stay_in_their_order_and_who_is_called_on_is_asked_and_counted_when_they_speak() {
    let mut lesson = class_of(3);
    for pupil in [2, 3, 1] {
        assert_eq!(lesson.ask(pupil, &hand(&json!({ "kind": "raise" }))), Value::Null);
    }
    assert_eq!(lesson.ask(2, &hand(&json!({ "kind": "raise" }))), Value::Null, "twice is no fault");
    let called = hand(&json!({ "kind": "callOn", "id": id(3) }));
    assert_eq!(lesson.ask(0, &called), Value::Null);
    let hands = lesson.snapshot("hands");
    let raised: Vec<&Value> =
        hands["raised"].as_array().unwrap().iter().map(|hand| &hand["id"]).collect();
    assert_eq!(raised, [&json!(id(2)), &json!(id(1))]);
    assert_eq!(hands["asked"], json!([id(3)]));
    assert_eq!(lesson.ask(3, &hand(&json!({ "kind": "answer", "speaks": false }))), Value::Null);
    assert_eq!(lesson.snapshot("hands")["asked"], json!([]));
    assert_eq!(lesson.snapshot("hands")["called"], json!([]), "who declines has not spoken");
    lesson.ask(0, &called);
    lesson.ask(3, &hand(&json!({ "kind": "answer", "speaks": true })));
    assert_eq!(lesson.snapshot("hands")["called"], json!([{ "id": id(3), "times": 1 }]));
    assert_eq!(lesson.reader.participants[&id(3).to_string()]["mic"], false, "nobody else's");
}

#[test]
fn a_hand_survives_a_reconnect_and_goes_with_its_person() {
    let mut lesson = class_of(1);
    lesson.ask(1, &hand(&json!({ "kind": "raise" })));
    lesson.ask(1, &sign(&json!({ "kind": "status", "status": "needHelp" })));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.pass(Duration::from_secs(5));
    assert_eq!(lesson.snapshot("hands")["raised"].as_array().unwrap().len(), 1);
    lesson.pass(Duration::from_secs(11));
    assert_eq!(lesson.snapshot("hands")["raised"], json!([]));
    assert_eq!(lesson.snapshot("statuses"), json!([]));
}

#[test]
fn pupils_do_not_lead() {
    let mut lesson = class_of(2);
    lesson.ask(2, &hand(&json!({ "kind": "raise" })));
    for act in [
        hand(&json!({ "kind": "lowerOf", "id": id(2) })),
        hand(&json!({ "kind": "lowerAll" })),
        hand(&json!({ "kind": "callOn", "id": id(2) })),
        hand(&json!({ "kind": "pick" })),
        sign(&json!({ "kind": "clearStatuses" })),
    ] {
        assert_eq!(lesson.ask(1, &act), "notAllowed", "{act}");
    }
    assert_eq!(lesson.snapshot("hands")["raised"].as_array().unwrap().len(), 1);
}

#[test]
fn chance_picks_only_pupils_who_are_there_and_each_once() {
    let mut lesson = class_of(3);
    lesson.room.seed(42);
    lesson.apply(Input::Disconnect { session: 3 }).unwrap();
    for _ in 0..2 {
        assert_eq!(lesson.ask(0, &hand(&json!({ "kind": "pick" }))), Value::Null);
    }
    let picked = lesson.snapshot("hands")["picked"].clone();
    let mut picked: Vec<String> = serde_json::from_value(picked).unwrap();
    picked.sort_unstable();
    assert_eq!(picked, [id(1).to_string(), id(3).to_string()]);
    lesson.ask(0, &hand(&json!({ "kind": "pick" })));
    assert_eq!(lesson.snapshot("hands")["picked"].as_array().unwrap().len(), 1, "a new round");
}

#[test]
fn a_reaction_is_told_and_kept_nowhere() {
    let mut lesson = class_of(1);
    let before = lesson.reader.revision;
    lesson.ask(1, &sign(&json!({ "kind": "react", "reaction": "heart" })));
    assert_eq!(lesson.reader.revision, before + 1);
    assert!(!String::from_utf8(lesson.room.snapshot()).unwrap().contains("heart"));
}

#[test]
fn a_class_that_floods_the_room_does_not_keep_its_teacher_from_acting() {
    let mut lesson = class_of(60);
    for _ in 0..5 {
        for pupil in 1..=60 {
            lesson.ask(pupil, &sign(&json!({ "kind": "react", "reaction": "party" })));
        }
    }
    let late = sign(&json!({ "kind": "react", "reaction": "party" }));
    assert_eq!(lesson.ask(60, &late), "tooFast");
    assert_eq!(lesson.ask(0, &late), Value::Null);
}

#[test]
fn who_is_called_on_in_a_lecture_may_speak_until_the_microphone_is_off_again() {
    let mut lesson = class_of(2);
    let lecture = json!({ "kind": "usePreset", "preset": "lecture" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lecture })), Value::Null);
    let mic = |mic: bool| json!({ "kind": "setSources", "mic": mic, "cam": false });
    let call = |pupil: u64| hand(&json!({ "kind": "callOn", "id": id(pupil) }));
    let answer = |speaks: bool| hand(&json!({ "kind": "answer", "speaks": speaks }));
    assert_eq!(lesson.ask(1, &mic(true)), "locked");
    assert_eq!(lesson.ask(0, &call(1)), Value::Null);
    assert_eq!(lesson.ask(1, &answer(true)), Value::Null);
    assert_eq!(lesson.ask(1, &mic(true)), Value::Null);
    assert_eq!(lesson.ask(2, &mic(true)), "locked", "the others listen");
    assert_eq!(lesson.ask(1, &mic(false)), Value::Null);
    assert_eq!(lesson.ask(1, &mic(true)), "locked", "the turn is over");
    // Who does not want to speak is as before.
    lesson.pass(Duration::from_mins(1));
    assert_eq!(lesson.ask(0, &call(1)), Value::Null);
    assert_eq!(lesson.ask(1, &answer(false)), Value::Null);
    assert_eq!(lesson.ask(1, &mic(true)), "locked");
    // A lock for one person is that again afterwards, and what the teacher sets in between stays.
    let lock = |state: &str| {
        let act =
            json!({ "kind": "setPersonLock", "id": id(2), "lock": "microphone", "state": state });
        json!({ "kind": "lead", "act": act })
    };
    assert_eq!(lesson.ask(0, &lock("locked")), Value::Null);
    assert_eq!(lesson.ask(0, &call(2)), Value::Null);
    assert_eq!(lesson.ask(2, &mic(true)), Value::Null);
    assert_eq!(lesson.ask(0, &lock("locked")), Value::Null);
    assert_eq!(lesson.reader.participants[&id(2).to_string()]["mic"], false, "silenced at once");
    assert_eq!(lesson.ask(2, &mic(true)), "locked");
    assert_eq!(lesson.ask(0, &call(2)), Value::Null);
    lesson.apply(Input::Disconnect { session: 3 }).unwrap();
    lesson.pass(Duration::from_mins(1));
    lesson.join(30, 2);
    assert_eq!(lesson.ask(2, &mic(true)), "locked", "who comes again has no turn");
}

#[test]
fn locking_microphones_anew_ends_what_calls_had_freed() {
    let lock = json!({ "kind": "setLock", "lock": "microphone", "locked": true });
    let test = json!({ "kind": "usePreset", "preset": "test" });
    let mic = json!({ "kind": "setSources", "mic": true, "cam": false });
    for act in [lock, test] {
        let mut lesson = class_of(2);
        let lecture = json!({ "kind": "usePreset", "preset": "lecture" });
        lesson.ask(0, &json!({ "kind": "lead", "act": lecture }));
        for pupil in [1, 2] {
            lesson.ask(0, &hand(&json!({ "kind": "callOn", "id": id(pupil) })));
        }
        lesson.ask(1, &hand(&json!({ "kind": "answer", "speaks": true })));
        assert_eq!(lesson.ask(1, &mic), Value::Null);
        assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": act })), Value::Null, "{act}");
        assert_eq!(lesson.reader.participants[&id(1).to_string()]["mic"], false, "{act}");
        assert_eq!(lesson.snapshot("hands")["asked"], json!([]), "{act}");
        for pupil in [1, 2] {
            assert_eq!(lesson.ask(pupil, &mic), "locked", "{act}");
        }
        lesson.ask(0, &hand(&json!({ "kind": "callOn", "id": id(2) })));
        assert_eq!(lesson.ask(2, &mic), Value::Null, "called on again");
    }
}

#[test]
fn somebody_is_asked_to_show_themselves_and_nobody_does_it_for_them() {
    let mut lesson = class_of(1);
    let ask = hand(&json!({ "kind": "askCamera", "id": id(1) }));
    assert_eq!(lesson.ask(1, &ask), "notAllowed");
    assert_eq!(lesson.ask(0, &ask), Value::Null);
    assert_eq!(lesson.ask(0, &ask), Value::Null, "twice is no fault");
    assert_eq!(lesson.snapshot("hands")["cameras"], json!([id(1)]));
    assert_eq!(lesson.reader.participants[&id(1).to_string()]["cam"], false);
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.join(3, 1);
    assert_eq!(lesson.snapshot("hands")["cameras"], json!([id(1)]), "a reconnect forgets it");
    assert_eq!(lesson.ask(1, &hand(&json!({ "kind": "answerCamera" }))), Value::Null);
    assert_eq!(lesson.snapshot("hands")["cameras"], json!([]));
    let lock = json!({ "kind": "setLock", "lock": "camera", "locked": true });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lock })), Value::Null);
    assert_eq!(lesson.ask(0, &ask), "locked");
    let gone = hand(&json!({ "kind": "askCamera", "id": id(9) }));
    assert_eq!(lesson.ask(0, &gone), "notThere");
}
