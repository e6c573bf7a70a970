//! Whatever people do in whatever order: a late joiner knows what everyone knows.

use std::collections::BTreeMap;
use std::time::Duration;

use mosaik_proto::room::{Limits, Role};
use proptest::prelude::*;

use super::{Lesson, command, id, say, who};
use crate::Input;

#[derive(Debug, Clone)]
enum Step {
    Join(u64),
    Cut(u64),
    Say(u64),
    Repeat(u64, u64),
    Sources(u64, bool),
    Leave(u64),
    Pass(u64),
    Garbage(u64, Vec<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    let person = 0_u64..5;
    prop_oneof![
        3 => person.clone().prop_map(Step::Join),
        2 => person.clone().prop_map(Step::Cut),
        6 => person.clone().prop_map(Step::Say),
        2 => (person.clone(), 0_u64..4).prop_map(|(p, back)| Step::Repeat(p, back)),
        2 => (person.clone(), any::<bool>()).prop_map(|(p, on)| Step::Sources(p, on)),
        1 => person.clone().prop_map(Step::Leave),
        2 => (0_u64..20_000).prop_map(Step::Pass),
        1 => (person, any::<Vec<u8>>()).prop_map(|(p, bytes)| Step::Garbage(p, bytes)),
    ]
}

proptest! {
    #[test]
    fn a_late_joiner_knows_what_everyone_knows_and_nothing_is_said_twice(
        steps in prop::collection::vec(step(), 1..120)
    ) {
        let mut lesson = Lesson::new(Limits { participants: 4, ..Limits::default() });
        let mut session_of: BTreeMap<u64, u64> = BTreeMap::new();
        let mut numbers: BTreeMap<u64, u64> = BTreeMap::new();
        for (session, step) in (1_u64..).zip(steps) {
            match step {
                Step::Join(p) => {
                    let who = who(p, if p == 0 { Role::Moderator } else { Role::Viewer });
                    if lesson.apply(Input::Join { session, who }).is_ok() {
                        session_of.insert(p, session);
                    }
                }
                Step::Cut(p) => if let Some(session) = session_of.remove(&p) {
                    lesson.apply(Input::Disconnect { session }).unwrap();
                },
                Step::Say(p) => {
                    // Only who has a seat counts on: without one there is no answer.
                    if lesson.inboxes.contains_key(&id(p)) {
                        let number = numbers.entry(p).or_default();
                        *number += 1;
                        let text = format!("{p}/{number}");
                        lesson.command(p, say(*number, &text));
                    }
                }
                Step::Repeat(p, back) => {
                    let number = numbers.get(&p).copied().unwrap_or(0).saturating_sub(back);
                    if number > 0 {
                        let text = format!("{p}/{number}");
                        lesson.command(p, say(number, &text));
                    }
                }
                Step::Sources(p, on) => if lesson.inboxes.contains_key(&id(p)) {
                    let number = numbers.entry(p).or_default();
                    *number += 1;
                    let bytes = serde_json::json!({
                        "number": number,
                        "command": { "kind": "setSources", "mic": on, "cam": !on }
                    });
                    let bytes = bytes.to_string().into_bytes();
                    lesson.command(p, bytes);
                },
                Step::Leave(p) => if lesson.inboxes.contains_key(&id(p)) {
                    let number = numbers.entry(p).or_default();
                    *number += 1;
                    let bytes = command(*number, "leave");
                    lesson.command(p, bytes);
                    session_of.remove(&p);
                },
                Step::Pass(millis) => lesson.pass(Duration::from_millis(millis)),
                Step::Garbage(p, bytes) => lesson.command(p, bytes),
            }
            prop_assert_eq!(&lesson.late_joiner(), &lesson.reader);
        }
        let mut texts = lesson.reader.texts();
        let said = texts.len();
        texts.sort_unstable();
        texts.dedup();
        prop_assert_eq!(texts.len(), said, "a message was said twice");
    }
}
