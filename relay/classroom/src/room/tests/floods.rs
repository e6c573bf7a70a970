//! Floods, as whoever sends them and the others live them.

use serde_json::json;

use super::*;

const NOT_ALLOWED: &[u8] = br#"{"number":NUMBER,"command":{"kind":"endRoom"}}"#;
const TOO_FAST: &[u8] =
    br#"{"number":NUMBER,"command":{"kind":"sign","act":{"kind":"react","reaction":"party"}}}"#;

/// A pupil's device sends as fast as it can, of each sort that is refused; the class goes on.
#[test]
fn whoever_floods_the_room_is_told_then_slowed_then_removed_and_the_others_notice_nothing() {
    let react = sign(&json!({ "kind": "react", "reaction": "party" }));
    let floods: [&[u8]; 4] =
        [b"x", br#"{"number":NUMBER,"command":{"kind":"nothing"}}"#, NOT_ALLOWED, TOO_FAST];
    for flood in floods {
        let mut lesson = class_of(3);
        let rooms = lesson.reader.revision;
        let mut sent = 0_u64;
        while lesson.closed.is_empty() {
            sent += 1;
            assert!(sent < 1_000, "nothing stops {}", String::from_utf8_lossy(flood));
            let object = String::from_utf8_lossy(flood).replace("NUMBER", &sent.to_string());
            lesson.command(1, object.into_bytes());
            if sent == 120 {
                // Slowed down: what was allowed is refused too, with a time to wait.
                let object =
                    json!({ "number": sent + 1, "command": { "kind": "say", "text": "x" } });
                lesson.command(1, object.to_string().into_bytes());
                let refusal = &lesson.last_answer(1)["refusal"];
                assert_eq!(refusal["code"], "tooFast");
                assert!(refusal["retryAfterMs"].as_u64().unwrap() > 1_000, "{refusal}");
                sent += 1;
            }
            if sent.is_multiple_of(50) {
                assert_eq!(lesson.ask(2, &react), Value::Null, "somebody else is slowed down");
                lesson.pass(Duration::from_secs(1));
            }
        }
        assert_eq!(lesson.closed, [(2, CloseReason::Flooding)]);
        assert!(sent > 200, "removed after {sent}");
        let heard = lesson.reader.revision - rooms;
        assert!(heard < 40, "{heard} events of a flood");
        let back = || Input::Join { session: 9, who: who(1, Role::Viewer) };
        assert!(matches!(lesson.apply(back()), Err(Refusal::TooFast { .. })));
        lesson.pass(Duration::from_mins(1));
        lesson.apply(back()).unwrap();
    }
}

#[test]
fn a_moderator_who_floods_the_room_is_slowed_and_stays() {
    let mut lesson = class_of(1);
    for _ in 0..1_000 {
        lesson.command(0, b"x".to_vec());
    }
    assert_eq!(lesson.closed, []);
    assert_eq!(lesson.ask(0, &sign(&json!({ "kind": "react", "reaction": "party" }))), "tooFast");
    lesson.pass(Duration::from_secs(5));
    assert_eq!(lesson.ask(0, &sign(&json!({ "kind": "react", "reaction": "party" }))), Value::Null);
}

#[test]
fn what_a_class_does_too_fast_together_removes_nobody() {
    let mut lesson = class_within(Limits { signs: crowd(), ..Limits::default() }, 3);
    let react = sign(&json!({ "kind": "react", "reaction": "party" }));
    for _ in 0..400 {
        for pupil in 1..=3 {
            lesson.ask(pupil, &react);
        }
    }
    assert_eq!(lesson.closed, []);
    assert_eq!(lesson.ask(1, &json!({ "kind": "say", "text": "x" })), Value::Null, "slowed down");
}

/// All together may do less than each of them alone.
const fn crowd() -> Pace {
    Pace::alike(Rate::new(3, 60_000), Rate::new(1, 60_000))
}
