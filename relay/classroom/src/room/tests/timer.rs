//! The timer, as people live it.

use serde_json::json;

use super::*;

fn timer(act: &Value) -> Value {
    json!({ "kind": "timer", "act": act })
}

#[test]
fn a_late_joiner_learns_when_a_countdown_ends_and_what_time_it_is() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    assert_eq!(lesson.snapshot("timer"), Value::Null);
    let form = json!({ "kind": "countdown", "seconds": 300 });
    let start = timer(&json!({ "kind": "start", "form": form }));
    assert_eq!(lesson.ask(0, &start), Value::Null);
    lesson.join(2, 1);
    let clock = json!({ "kind": "runs", "zeroAt": 1_795_000_300_000_u64 });
    assert_eq!(lesson.snapshot("timer"), json!({ "form": form, "clock": clock }));
    assert_eq!(lesson.inboxes[&id(1)][0]["at"], 1_795_000_000_000_u64);
    let revision = lesson.reader.revision;
    let resume = timer(&json!({ "kind": "resume" }));
    assert_eq!(lesson.ask(0, &resume), Value::Null);
    assert_eq!(lesson.reader.revision, revision, "it runs already: nobody is told");
    assert_eq!(lesson.ask(0, &timer(&json!({ "kind": "end" }))), Value::Null);
    assert_eq!(lesson.snapshot("timer"), Value::Null);
}

#[test]
fn pupils_have_no_hand_in_the_timer_and_times_have_a_bound() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let start = |seconds: u32| {
        let form = json!({ "kind": "countdown", "seconds": seconds });
        timer(&json!({ "kind": "start", "form": form }))
    };
    assert_eq!(lesson.ask(0, &timer(&json!({ "kind": "pause" }))), "notThere");
    assert_eq!(lesson.ask(0, &start(10_801)), "malformed");
    assert_eq!(lesson.ask(0, &start(10_800)), Value::Null);
    for act in ["pause", "resume", "addMinute", "end"] {
        assert_eq!(lesson.ask(1, &timer(&json!({ "kind": act }))), "notAllowed", "{act}");
    }
    assert_eq!(lesson.ask(1, &start(60)), "notAllowed");
}
