//! Lines, as people live them.

use mosaik_proto::room::{LineLoss, LinePath, LinePicture, LineReason, LineSpeech};
use serde_json::json;

use super::*;

const TWO_SECONDS: Duration = Duration::from_secs(2);

fn line(delay_ms: u32) -> LineQuality {
    LineQuality {
        path: LinePath::WebTransport,
        delay_ms,
        loss: LineLoss::None,
        picture: LinePicture::Full,
        reason: LineReason::None,
        speech: LineSpeech::NotWanted,
    }
}

impl Lesson {
    fn line(&mut self, session: u64, delay_ms: u32) {
        self.apply(Input::Line { session, line: line(delay_ms) }).unwrap();
    }

    fn told_of_lines(&self, to: u64, kind: &str) -> Vec<&Value> {
        self.inboxes[&id(to)].iter().filter(|object| object["kind"] == kind).collect()
    }
}

/// A moderator and two viewers, each with the session of the number after theirs.
fn lesson() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    for number in 0..3 {
        lesson.join(number + 1, number);
    }
    lesson
}

#[test]
fn who_has_a_line_is_told_at_once_and_moderators_together_every_two_seconds() {
    let mut lesson = lesson();
    lesson.line(2, 40);
    lesson.line(3, 50);
    lesson.line(2, 60);
    assert_eq!(lesson.told_of_lines(1, "line").len(), 2);
    assert_eq!(lesson.told_of_lines(1, "line")[1]["line"]["delayMs"], 60);
    assert!(lesson.told_of_lines(0, "lines").is_empty(), "too early");
    assert_eq!(lesson.room.deadline().map(|deadline| deadline.why), Some(Wake::Lines));
    lesson.pass(TWO_SECONDS);
    let told = lesson.told_of_lines(0, "lines");
    assert_eq!(told.len(), 1);
    let of = |number: u64, delay_ms: u32| json!({ "id": id(number), "line": line(delay_ms) });
    assert_eq!(told[0]["lines"], json!([of(1, 60), of(2, 50)]));
    lesson.pass(TWO_SECONDS);
    assert_eq!(lesson.told_of_lines(0, "lines").len(), 1, "nothing has changed");
    assert_eq!(lesson.room.deadline(), None);
}

#[test]
fn a_line_that_is_as_it_was_is_told_to_nobody() {
    let mut lesson = lesson();
    lesson.line(2, 40);
    lesson.pass(TWO_SECONDS);
    lesson.line(2, 40);
    lesson.pass(TWO_SECONDS);
    assert_eq!(
        (lesson.told_of_lines(1, "line").len(), lesson.told_of_lines(0, "lines").len()),
        (1, 1)
    );
}

#[test]
fn viewers_learn_nothing_of_other_lines() {
    let mut lesson = lesson();
    lesson.line(1, 20);
    lesson.line(2, 40);
    lesson.pass(TWO_SECONDS);
    lesson.join(4, 2);
    assert!(
        lesson.told_of_lines(2, "lines").is_empty() && lesson.told_of_lines(2, "line").is_empty()
    );
    let snapshot = lesson.told_of_lines(2, "snapshot")[0];
    assert_eq!((&snapshot["line"], &snapshot["lines"]), (&Value::Null, &json!([])));
    let state = String::from_utf8(lesson.room.snapshot()).unwrap();
    assert!(!state.contains("delayMs"), "{state}");
}

#[test]
fn a_moderator_who_comes_later_or_becomes_one_knows_all_lines() {
    let mut lesson = lesson();
    lesson.line(2, 40);
    let lead = json!({ "kind": "setRole", "id": id(2), "role": "moderator" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": lead })), Value::Null);
    lesson.join(4, 0);
    for moderator in [0, 2] {
        let snapshot = lesson.told_of_lines(moderator, "snapshot")[0];
        assert_eq!(snapshot["lines"], json!([{ "id": id(1), "line": line(40) }]));
    }
    let own = lesson.told_of_lines(1, "snapshot")[0];
    assert_eq!(own["line"], Value::Null, "it was told behind the snapshot");
}

#[test]
fn a_line_is_forgotten_with_its_connection_and_one_that_was_replaced_says_nothing() {
    let mut lesson = lesson();
    lesson.line(2, 40);
    lesson.pass(TWO_SECONDS);
    lesson.join(4, 1);
    lesson.line(2, 900);
    assert_eq!(lesson.inboxes[&id(1)][0]["line"]["delayMs"], 40, "the way before");
    assert!(lesson.told_of_lines(1, "line").is_empty());
    lesson.apply(Input::Disconnect { session: 4 }).unwrap();
    lesson.join(5, 1);
    assert_eq!(lesson.inboxes[&id(1)][0]["line"], Value::Null);
    lesson.line(5, 70);
    lesson.command(1, command(1, "leave"));
    lesson.pass(TWO_SECONDS);
    lesson.join(6, 0);
    assert_eq!(lesson.inboxes[&id(0)][0]["lines"], json!([]));
    assert_eq!(lesson.told_of_lines(0, "lines").len(), 0, "who left has no line to tell");
}
