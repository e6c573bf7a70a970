//! Asking for a talk aside: who knows of it, and when it is over.

use serde_json::json;

use super::*;

fn act(act: &Value) -> Value {
    json!({ "kind": "breakout", "act": act })
}

fn ask(wanted: bool) -> Value {
    act(&json!({ "kind": "askAside", "wanted": wanted }))
}

/// Two teachers (0 and 9) and pupils 1 and 2.
fn class() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    for number in 0..=2 {
        lesson.join(number + 1, number);
    }
    lesson.apply(Input::Join { session: 9, who: who(9, Role::Moderator) }).unwrap();
    lesson
}

impl Lesson {
    /// Who would like to talk aside, as far as someone knows.
    fn wishes(&self, reader: u64) -> Vec<Value> {
        let mut wishes = Vec::new();
        for object in &self.inboxes[&id(reader)] {
            match object["kind"].as_str().unwrap() {
                "snapshot" => wishes.clone_from(object["asides"].as_array().unwrap()),
                "aside" if object["change"]["kind"] == "wished" => {
                    wishes.push(object["change"]["wish"].clone());
                }
                "aside" => wishes.retain(|wish| wish["id"] != object["change"]["id"]),
                _ => {}
            }
        }
        wishes.into_iter().map(|wish| wish["id"].clone()).collect()
    }
}

#[test]
fn a_pupil_asks_for_a_talk_and_teachers_alone_know_until_one_of_them_begins_it() {
    let mut lesson = class();
    assert_eq!(lesson.ask(0, &ask(true)), "notAllowed", "who leads begins it");
    for _ in 0..2 {
        assert_eq!(lesson.ask(1, &ask(true)), Value::Null);
    }
    assert_eq!(lesson.ask(2, &ask(true)), Value::Null);
    for teacher in [0, 9] {
        assert_eq!(lesson.wishes(teacher), [json!(id(1)), json!(id(2))]);
    }
    assert_eq!((lesson.wishes(1), lesson.wishes(2)), (vec![json!(id(1))], vec![json!(id(2))]));
    assert!(!lesson.snapshot("breakouts").to_string().contains(&id(1).to_string()));
    // A reconnect brings it again.
    lesson.join(20, 1);
    assert_eq!(lesson.wishes(1), [json!(id(1))]);
    let begin = act(&json!({ "kind": "takeAside", "id": id(1) }));
    assert_eq!(lesson.ask(9, &begin), Value::Null);
    assert_eq!(lesson.wishes(0), [json!(id(2))]);
    assert_eq!(lesson.wishes(1), Vec::<Value>::new());
    assert_eq!(lesson.ask(1, &ask(true)), "notThere", "it is so already");
}

#[test]
fn a_wish_is_taken_back_turned_down_and_ends_with_whoever_goes_or_leads() {
    let mut lesson = class();
    let down = |pupil: u64| act(&json!({ "kind": "turnDownAside", "id": id(pupil) }));
    lesson.ask(1, &ask(true));
    assert_eq!(lesson.ask(2, &down(1)), "notAllowed");
    assert_eq!(lesson.ask(1, &ask(false)), Value::Null);
    assert_eq!(lesson.wishes(0), Vec::<Value>::new());
    lesson.ask(1, &ask(true));
    assert_eq!(lesson.ask(0, &down(1)), Value::Null);
    assert_eq!(lesson.ask(0, &down(1)), Value::Null, "it is so already");
    assert_eq!((lesson.wishes(1), lesson.wishes(9)), (Vec::new(), Vec::new()));
    lesson.ask(1, &ask(true));
    lesson.ask(2, &ask(true));
    let role = json!({ "kind": "setRole", "id": id(2), "role": "moderator" });
    assert_eq!(lesson.ask(0, &json!({ "kind": "lead", "act": role })), Value::Null);
    assert_eq!((lesson.wishes(0), lesson.wishes(2)), (vec![json!(id(1))], vec![json!(id(1))]));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    assert_eq!(lesson.wishes(0), [json!(id(1))], "a lost line is no leave");
    lesson.pass(Duration::from_mins(1));
    assert_eq!(lesson.wishes(0), Vec::<Value>::new());
}
