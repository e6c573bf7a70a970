//! Captions, as people read them.

use serde_json::json;

use super::*;

fn caption(text: &str, done: bool) -> Value {
    json!({ "kind": "caption", "text": text, "done": done })
}

#[test]
fn everyone_reads_a_line_while_it_is_typed() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    for (text, done) in [("Guten", false), ("Guten Morgen", true)] {
        assert_eq!(lesson.ask(0, &caption(text, done)), Value::Null);
        let told = json!({ "kind": "caption", "by": id(0), "text": text, "done": done });
        assert_eq!(unpacked(lesson.group.last().unwrap())["event"], told);
    }
}

#[test]
fn pupils_write_no_captions_and_lines_have_a_bound() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    assert_eq!(lesson.ask(1, &caption("ich", false)), "notAllowed");
    assert_eq!(lesson.ask(0, &caption(&"ü".repeat(200), true)), Value::Null);
    assert_eq!(lesson.ask(0, &caption(&"ü".repeat(201), true)), "textTooLong");
    assert_eq!(lesson.ask(0, &caption("a\nb", true)), "malformed");
    let role =
        json!({ "kind": "lead", "act": { "kind": "setRole", "id": id(1), "role": "presenter" } });
    assert_eq!(lesson.ask(0, &role), Value::Null);
    assert_eq!(lesson.ask(1, &caption("ich", false)), Value::Null);
}

#[test]
fn who_looks_into_a_group_writes_no_captions_for_everyone() {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, 0);
    lesson.join(2, 1);
    let breakout = |act: Value| json!({ "kind": "breakout", "act": act });
    let open = json!({ "kind": "open", "count": 2, "how": "random", "minutes": null });
    assert_eq!(lesson.ask(0, &breakout(open)), Value::Null);
    assert_eq!(lesson.ask(0, &breakout(json!({ "kind": "lookIn", "breakout": 1 }))), Value::Null);
    assert_eq!(lesson.ask(0, &caption("für die Gruppe", true)), "notAllowed");
}
