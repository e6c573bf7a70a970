//! Attendance, as people live it.

use serde_json::json;

use super::*;

fn asked(lesson: &mut Lesson) -> Value {
    let report = json!({ "kind": "report", "of": "attendance" });
    assert_eq!(lesson.ask(0, &report), Value::Null);
    let told = lesson.inboxes[&id(0)].iter().rev();
    told.clone().find(|object| object["kind"] == "attendance").expect("a report").clone()
}

#[test]
fn a_teacher_learns_who_was_there_and_whose_line_was_bad() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    lesson.join(3, 2);
    lesson.pass(Duration::from_mins(10));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.pass(Duration::from_mins(2));
    lesson.join(4, 1);
    lesson.command(2, command(1, "leave"));
    lesson.pass(Duration::from_mins(3));
    let told = asked(&mut lesson);
    let people = told["people"].as_array().unwrap();
    let times: Vec<_> =
        people.iter().map(|one| [&one["hereMs"], &one["lineMs"], &one["absentMs"]]).collect();
    assert_eq!(people.len(), 3);
    assert_eq!(times[0], [900_000, 0, 0], "the teacher");
    assert_eq!(times[1], [780_000, 120_000, 0], "two minutes without a line are no absence");
    assert_eq!(times[2], [720_000, 0, 0], "who left is not there");
    assert_eq!(people[1]["leftAt"], Value::Null);
    assert_eq!(people[2]["leftAt"], 1_795_000_000_000_u64);
}

#[test]
fn attendance_is_for_moderators_and_never_on_state() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let report = json!({ "kind": "report", "of": "attendance" });
    assert_eq!(lesson.ask(1, &report), "notAllowed");
    let (revision, group) = (lesson.reader.revision, lesson.group.len());
    asked(&mut lesson);
    assert_eq!((lesson.reader.revision, lesson.group.len()), (revision, group));
    let heard = |to: u64| lesson.inboxes[&id(to)].iter().any(|one| one["kind"] == "attendance");
    assert!(heard(0) && !heard(1));
}
