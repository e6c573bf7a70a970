//! What made-up lessons found, each as the shortest lesson that has it.

use bytes::Bytes;
use serde_json::json;

use super::*;

const TEACHER: u64 = 0;
const STUDENT: u64 = 1;

fn class() -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    lesson.join(1, TEACHER);
    lesson.join(2, STUDENT);
    lesson
}

fn set_role(lesson: &mut Lesson, role: &str) {
    let act = json!({ "kind": "setRole", "id": id(STUDENT), "role": role });
    assert!(lesson.ask(TEACHER, &json!({ "kind": "lead", "act": act })).is_null());
}

#[test]
fn who_presents_no_more_can_still_take_their_slides_away() {
    let mut lesson = class();
    set_role(&mut lesson, "presenter");
    let open = json!({ "kind": "open", "key": 7, "name": "Atome.pdf", "length": 2 });
    assert!(lesson.ask(STUDENT, &json!({ "kind": "slides", "act": open })).is_null());
    let page: [&[u8]; 2] = [
        br#"{"kind":"page","page":0,"form":"small","size":8,"pixels":[4,3]}"#,
        b"\x89PNG\r\n\x1a\n",
    ];
    for (object, bytes) in (0..).zip(page) {
        let bytes = Bytes::from_static(bytes);
        lesson
            .apply(Input::Upload { from: id(STUDENT), key: 7, place: (0, object), bytes })
            .unwrap();
    }
    set_role(&mut lesson, "viewer");
    let remove = json!({ "kind": "slides", "act": { "kind": "remove", "deck": 1 } });
    assert_eq!(lesson.snapshot("slides")["decks"].as_array().unwrap().len(), 1);
    assert!(lesson.ask(STUDENT, &remove).is_null());
    assert_eq!(lesson.snapshot("slides")["decks"], json!([]));
}
