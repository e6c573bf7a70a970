//! Attendance, as people live it.

use mosaik_proto::room::EarlierLimits;
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

/// A room that opens after one in which `before` was held for ten minutes.
fn next_lesson(days: u8, before: impl Fn(&mut Lesson)) -> Lesson {
    let earlier = EarlierLimits { days, ..EarlierLimits::default() };
    let limits = Limits { earlier, ..Limits::default() };
    let mut first = Lesson::new(limits.clone());
    before(&mut first);
    first.pass(Duration::from_mins(10));
    let kept = first.room.into_earlier(first.now, (5_000, 605_000));
    let mut second = Lesson::new(limits);
    second.now = first.now;
    second.room.begin_after(kept);
    second.join(1, 0);
    second
}

fn earlier(lesson: &mut Lesson) -> Vec<Value> {
    assert_eq!(lesson.ask(0, &json!({ "kind": "report", "of": "earlier" })), Value::Null);
    let told = lesson.inboxes[&id(0)].iter().rev().find(|object| object["kind"] == "earlier");
    told.expect("a report")["lessons"].as_array().unwrap().clone()
}

#[test]
fn a_teacher_reads_who_was_in_the_last_lesson_and_deletes_it() {
    let mut lesson = next_lesson(1, both);
    lesson.join(2, 1);
    let report = json!({ "kind": "report", "of": "earlier" });
    assert_eq!(lesson.ask(1, &report), "notAllowed");
    let lessons = earlier(&mut lesson);
    assert_eq!(lessons.len(), 1);
    assert_eq!([&lessons[0]["openedAt"], &lessons[0]["closedAt"]], [5_000, 605_000]);
    assert_eq!(lessons[0]["keptUntil"], 605_000 + 86_400_000);
    let people = lessons[0]["people"].as_array().unwrap();
    assert_eq!(people.iter().map(|one| &one["hereMs"]).collect::<Vec<_>>(), [600_000, 600_000]);
    assert_eq!(people[1]["leftAt"], 605_000, "nobody is there still");

    let forget = json!({ "kind": "attendance", "act": { "kind": "forget", "openedAt": 5_000 } });
    assert_eq!(lesson.ask(1, &forget), "notAllowed");
    assert_eq!(lesson.ask(0, &forget), Value::Null);
    assert_eq!(lesson.ask(0, &forget), "notThere");
    assert!(earlier(&mut lesson).is_empty());
    lesson.ask(0, &json!({ "kind": "report", "of": "log" }));
    let log = lesson.inboxes[&id(0)].iter().rev().find(|object| object["kind"] == "log");
    assert_eq!(log.unwrap()["entries"][0]["act"], "attendanceForgotten");
}

fn both(lesson: &mut Lesson) {
    lesson.join(1, 0);
    lesson.join(2, 1);
}

#[test]
fn nothing_is_kept_that_nobody_led_where_nobody_came_or_where_no_school_wants_it() {
    assert!(earlier(&mut next_lesson(7, |first| first.join(1, 0))).is_empty(), "a teacher alone");
    assert!(earlier(&mut next_lesson(7, |first| first.join(1, 1))).is_empty(), "a class alone");
    assert!(earlier(&mut next_lesson(0, both)).is_empty(), "by default");
}

#[test]
fn an_open_room_forgets_earlier_lessons_in_time() {
    let mut lesson = next_lesson(1, both);
    lesson.pass(Duration::from_hours(23));
    assert_eq!(earlier(&mut lesson).len(), 1);
    lesson.pass(Duration::from_hours(1));
    assert!(earlier(&mut lesson).is_empty());
}
