//! Breakouts, as people live them: who is where, who hears and reads whom, and the way back.

use std::collections::{BTreeMap, BTreeSet};

use mosaik_proto::rights::Rights;
use serde_json::json;

use super::*;

fn act(act: &Value) -> Value {
    json!({ "kind": "breakout", "act": act })
}

fn open(count: u32, how: &str, minutes: Option<u32>) -> Value {
    act(&json!({ "kind": "open", "count": count, "how": how, "minutes": minutes }))
}

fn assign(number: u64, breakout: &Value) -> Value {
    act(&json!({ "kind": "assign", "id": id(number), "breakout": breakout }))
}

fn look_in(breakout: &Value) -> Value {
    act(&json!({ "kind": "lookIn", "breakout": breakout }))
}

fn say_there(text: &str, breakout: &Value) -> Value {
    json!({ "kind": "say", "text": text, "to": { "kind": "breakout", "id": breakout } })
}

/// A teacher (0) and pupils from 1 on.
fn class(pupils: u64) -> Lesson {
    let mut lesson = Lesson::new(Limits::default());
    for number in 0..=pupils {
        lesson.join(number + 1, number);
    }
    lesson
}

impl Lesson {
    /// The IDs of the groups.
    fn groups(&self) -> Vec<Value> {
        let list = self.snapshot("breakouts")["list"].clone();
        let groups = list.as_array().unwrap().iter().filter(|breakout| breakout["number"] != 0);
        groups.map(|group| group["id"].clone()).collect()
    }

    fn place(&self, number: u64) -> Value {
        let places = self.snapshot("breakouts")["places"].clone();
        let mut places = places.as_array().unwrap().iter();
        let place = places.find(|place| place["id"] == json!(id(number)));
        place.map_or(Value::Null, |place| place["breakout"].clone())
    }

    /// Whom someone hears.
    fn company(&self, number: u64) -> BTreeSet<ParticipantId> {
        let company = match self.room.rights_of(id(number)) {
            Rights::Inside(inside) => inside.company,
            Rights::Outside => panic!("P{number} is outside"),
        };
        company.map_or_else(|| self.everyone(), |ids| ids.iter().copied().collect())
    }

    fn everyone(&self) -> BTreeSet<ParticipantId> {
        self.room.roster.people().map(|person| person.id).collect()
    }

    /// Texts of private messages that were told someone.
    fn told(&self, number: u64) -> Vec<String> {
        let objects = self.inboxes[&id(number)].iter();
        let texts = objects.filter_map(|object| object["message"]["text"].as_str());
        texts.map(ToOwned::to_owned).collect()
    }
}

fn ids(numbers: &[u64]) -> BTreeSet<ParticipantId> {
    numbers.iter().map(|number| id(*number)).collect()
}

#[test]
fn chance_makes_groups_of_one_size_and_newcomers_go_where_the_fewest_are() {
    let mut lesson = class(7);
    assert_eq!(lesson.ask(0, &open(3, "random", None)), Value::Null);
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for number in 1..=7 {
        *sizes.entry(lesson.place(number).to_string()).or_default() += 1;
    }
    assert!(!sizes.contains_key("null"), "someone is in no group");
    assert_eq!(sizes.values().copied().collect::<BTreeSet<_>>(), BTreeSet::from([2, 3]));
    assert_eq!(lesson.place(0), Value::Null, "the teacher stays in the main room");
    for number in 8..=9 {
        lesson.join(number + 1, number);
        *sizes.entry(lesson.place(number).to_string()).or_default() += 1;
    }
    assert_eq!(sizes.values().copied().collect::<Vec<_>>(), [3, 3, 3]);
}

#[test]
fn people_of_a_group_hear_each_other_and_nobody_else() {
    let mut lesson = class(4);
    assert_eq!(lesson.company(1), lesson.everyone(), "everyone is together");
    lesson.ask(0, &open(2, "manual", None));
    let groups = lesson.groups();
    for (number, group) in [(1, 0), (2, 0), (3, 1)] {
        assert_eq!(lesson.ask(0, &assign(number, &groups[group])), Value::Null);
    }
    assert_eq!(lesson.company(1), ids(&[1, 2]));
    assert_eq!(lesson.company(3), ids(&[3]));
    assert_eq!(lesson.company(4), ids(&[0, 4]), "who is in no group stays with the teacher");
    assert_eq!(lesson.ask(0, &look_in(&groups[1])), Value::Null);
    assert_eq!(lesson.company(0), ids(&[0, 3]));
    assert_eq!(lesson.company(3), ids(&[0, 3]), "who looks in is heard");
    assert_eq!(lesson.company(1), ids(&[1, 2]));
    assert_eq!(lesson.ask(0, &look_in(&Value::Null)), Value::Null);
    assert_eq!(lesson.company(0), ids(&[0, 4]));
    assert_eq!(lesson.ask(0, &act(&json!({ "kind": "close", "seconds": 0 }))), Value::Null);
    assert_eq!(lesson.company(1), lesson.everyone());
    assert_eq!(lesson.snapshot("breakouts")["how"], Value::Null);
}

#[test]
fn what_is_said_in_a_group_is_read_there_alone() {
    let mut lesson = class(4);
    lesson.ask(0, &open(2, "manual", None));
    let groups = lesson.groups();
    for (number, group) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        lesson.ask(0, &assign(number, &groups[group]));
    }
    assert_eq!(lesson.ask(1, &say_there("Eins", &groups[0])), Value::Null);
    assert_eq!(lesson.told(2), ["Eins"]);
    assert!(lesson.told(3).is_empty() && lesson.told(0).is_empty());
    assert_eq!(lesson.ask(1, &say_there("Spion", &groups[1])), "notAllowed");
    assert_eq!(lesson.ask(0, &say_there("Spion", &groups[1])), "notAllowed");
    // Nor is there a way to others by words to all or to one.
    lesson.room.settings.locks = Locks::NONE;
    assert_eq!(lesson.ask(1, &json!({ "kind": "say", "text": "Alle" })), "notAllowed");
    let to = json!({ "kind": "one", "id": id(3) });
    assert_eq!(lesson.ask(1, &json!({ "kind": "say", "text": "Du", "to": to })), "notAllowed");
    let to = json!({ "kind": "moderators" });
    assert_eq!(lesson.ask(1, &json!({ "kind": "say", "text": "Hilfe", "to": to })), Value::Null);
    assert_eq!(lesson.told(0), ["Hilfe"]);
    // Who looks in reads what is said from then on.
    lesson.ask(0, &look_in(&groups[0]));
    lesson.pass(Duration::from_mins(1));
    assert_eq!(lesson.ask(2, &say_there("Zwei", &groups[0])), Value::Null);
    assert_eq!(lesson.told(0), ["Hilfe", "Zwei"]);
    assert!(!String::from_utf8(lesson.group.concat()).unwrap().contains("Eins"), "on `state`");
}

#[test]
fn nobody_reaches_a_group_that_they_left_by_changing_what_they_said() {
    let mut lesson = class(3);
    lesson.ask(0, &open(2, "manual", None));
    let groups = lesson.groups();
    for number in 1..=3 {
        lesson.ask(0, &assign(number, &groups[0]));
    }
    lesson.ask(1, &say_there("früher", &groups[0]));
    lesson.ask(2, &say_there("auch", &groups[0]));
    lesson.ask(0, &assign(1, &groups[1]));
    let mine = lesson.inboxes[&id(1)].clone();
    let named = |text: &str| {
        let said = mine.iter().find(|object| object["message"]["text"] == text).unwrap();
        said["message"]["id"].clone()
    };
    let chat = |act: Value| json!({ "kind": "chat", "act": act });
    let (own, theirs) = (named("früher"), named("auch"));
    let edit = json!({ "kind": "edit", "id": own, "private": true, "text": "Nachricht" });
    assert_eq!(lesson.ask(1, &chat(edit)), "notAllowed");
    let react = json!({ "kind": "react", "id": theirs, "private": true, "reaction": "heart" });
    assert_eq!(lesson.ask(1, &chat(react)), "notAllowed");
    // What those who are there change is told those who are there.
    let edit = json!({ "kind": "edit", "id": theirs, "private": true, "text": "danach" });
    assert_eq!(lesson.ask(2, &chat(edit)), Value::Null);
    let knows = |lesson: &Lesson, number: u64| {
        lesson.inboxes[&id(number)].iter().any(|object| object.to_string().contains("danach"))
    };
    assert!(knows(&lesson, 3) && !knows(&lesson, 1));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.join(20, 1);
    assert!(!knows(&lesson, 1), "a reconnect tells what was changed");
    let delete = json!({ "kind": "delete", "id": theirs, "private": true });
    assert_eq!(lesson.ask(2, &chat(delete)), Value::Null);
    assert!(lesson.room.private.readers(theirs.as_u64().unwrap()).is_empty());
}

#[test]
fn who_comes_back_is_in_the_same_group_and_a_stranger_is_not() {
    let mut lesson = class(3);
    lesson.ask(0, &open(2, "choice", None));
    let groups = lesson.groups();
    let choose = |group: &Value| act(&json!({ "kind": "choose", "breakout": group }));
    assert_eq!(lesson.ask(1, &choose(&groups[1])), Value::Null);
    assert_eq!(lesson.ask(2, &choose(&json!(77))), "notThere");
    assert_eq!(lesson.ask(0, &choose(&groups[1])), "notAllowed");
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.pass(Duration::from_secs(5));
    lesson.join(20, 1);
    assert_eq!(lesson.place(1), groups[1]);
    lesson.apply(Input::Disconnect { session: 20 }).unwrap();
    lesson.pass(Duration::from_mins(1));
    assert_eq!(lesson.place(1), Value::Null);
    lesson.join(21, 1);
    assert_eq!(lesson.place(1), groups[1]);
    lesson.join(22, 4);
    assert_eq!(lesson.place(4), Value::Null, "newcomers choose themselves");
    let remove = json!({ "kind": "remove", "id": id(1), "ban": false });
    assert_eq!(lesson.ask(0, &json!({ "kind": "door", "act": remove })), Value::Null);
    lesson.join(23, 1);
    assert_eq!(lesson.place(1), Value::Null, "who was removed is a stranger");
}

#[test]
fn groups_end_by_the_rooms_clock_and_everything_is_as_before() {
    let mut lesson = class(3);
    lesson.ask(1, &json!({ "kind": "hand", "act": { "kind": "raise" } }));
    lesson.ask(2, &json!({ "kind": "say", "text": "vorher" }));
    lesson.ask(0, &open(2, "random", Some(10)));
    assert_eq!(lesson.snapshot("breakouts")["endsAt"], 1_795_000_600_000_u64);
    let extend = act(&json!({ "kind": "extend", "minutes": 5 }));
    assert_eq!(lesson.ask(0, &extend), Value::Null);
    assert_eq!(lesson.snapshot("breakouts")["endsAt"], 1_795_000_900_000_u64);
    assert_eq!(lesson.room.deadline().map(|deadline| deadline.why), Some(Wake::Breakouts));
    // With a warning they end earlier, and never later.
    let close = |seconds: u32| act(&json!({ "kind": "close", "seconds": seconds }));
    assert_eq!(lesson.ask(0, &close(60)), Value::Null);
    assert_eq!(lesson.ask(0, &close(90)), Value::Null);
    assert_eq!(lesson.snapshot("breakouts")["endsAt"], 1_795_000_060_000_u64);
    lesson.pass(Duration::from_secs(59));
    assert_ne!(lesson.place(1), Value::Null);
    lesson.pass(Duration::from_secs(1));
    for number in 1..=3 {
        assert_eq!(lesson.place(number), Value::Null);
        assert_eq!(lesson.company(number), lesson.everyone());
    }
    assert_eq!(lesson.snapshot("breakouts")["how"], Value::Null);
    assert_eq!(lesson.snapshot("hands")["raised"][0]["id"], json!(id(1)));
    assert_eq!(lesson.snapshot("chat")[0]["text"], "vorher");
    assert_eq!(lesson.ask(0, &extend), "notThere");
    assert_eq!(lesson.ask(0, &close(0)), Value::Null, "it is so already");
}

#[test]
fn a_group_calls_once_and_the_call_ends_when_someone_looks_in_or_the_caller_goes() {
    let mut lesson = class(3);
    let call = |wanted: bool| act(&json!({ "kind": "callHelp", "wanted": wanted }));
    assert_eq!(lesson.ask(1, &call(true)), "notThere", "the teacher is here");
    lesson.ask(0, &open(2, "manual", None));
    let groups = lesson.groups();
    for number in 1..=3 {
        lesson.ask(0, &assign(number, &groups[0]));
    }
    assert_eq!(lesson.ask(0, &call(true)), "notAllowed");
    let calls = |lesson: &Lesson| lesson.snapshot("breakouts")["calls"].as_array().unwrap().len();
    assert_eq!(lesson.ask(1, &call(true)), Value::Null);
    assert_eq!(lesson.ask(2, &call(true)), Value::Null);
    assert_eq!(calls(&lesson), 1);
    lesson.ask(0, &look_in(&groups[0]));
    assert_eq!(calls(&lesson), 0);
    lesson.pass(Duration::from_mins(1));
    lesson.ask(1, &call(true));
    lesson.ask(2, &call(false));
    assert_eq!(calls(&lesson), 0, "anyone of the group takes it back");
    lesson.ask(1, &call(true));
    lesson.ask(0, &assign(1, &groups[1]));
    assert_eq!(calls(&lesson), 0);
    lesson.ask(2, &call(true));
    lesson.ask(0, &act(&json!({ "kind": "answerCall", "breakout": groups[0] })));
    assert_eq!(calls(&lesson), 0);
}

#[test]
fn one_voice_is_heard_everywhere_until_it_is_switched_off_or_does_not_lead() {
    let mut lesson = class(2);
    let voice = |on: bool| act(&json!({ "kind": "broadcast", "on": on }));
    let heard = |lesson: &Lesson| match lesson.room.rights_of(id(1)) {
        Rights::Inside(inside) => inside.announcer,
        Rights::Outside => None,
    };
    assert_eq!(lesson.ask(0, &voice(true)), "notThere", "everyone hears everyone");
    lesson.ask(0, &open(2, "random", None));
    assert_eq!(lesson.ask(1, &voice(true)), "notAllowed");
    assert_eq!(lesson.ask(0, &voice(true)), Value::Null);
    assert_eq!(heard(&lesson), Some(id(0)));
    assert_eq!(lesson.ask(0, &voice(false)), Value::Null);
    assert_eq!(heard(&lesson), None);
    lesson.ask(0, &voice(true));
    // What is said aside is for one.
    lesson.ask(0, &act(&json!({ "kind": "takeAside", "id": id(1) })));
    assert_eq!(heard(&lesson), None);
    assert_eq!(lesson.ask(0, &voice(true)), "notThere");
    lesson.ask(0, &act(&json!({ "kind": "endAside" })));
    lesson.pass(Duration::from_mins(1));
    lesson.ask(0, &voice(true));
    lesson.apply(Input::Join { session: 30, who: who(9, Role::Moderator) }).unwrap();
    let role = json!({ "kind": "setRole", "id": id(0), "role": "viewer" });
    assert_eq!(lesson.ask(9, &json!({ "kind": "lead", "act": role })), Value::Null);
    assert_eq!(heard(&lesson), None);
}

#[test]
fn two_talk_aside_without_groups_and_both_go_back_to_where_they_were() {
    let mut lesson = class(3);
    let aside = |number: u64| act(&json!({ "kind": "takeAside", "id": id(number) }));
    let end = act(&json!({ "kind": "endAside" }));
    assert_eq!(lesson.ask(1, &aside(2)), "notAllowed");
    assert_eq!(lesson.ask(0, &aside(0)), "notAllowed");
    assert_eq!(lesson.ask(0, &aside(77)), "notThere");
    assert_eq!(lesson.ask(1, &end), "notThere");
    assert_eq!(lesson.ask(0, &aside(1)), Value::Null);
    assert_eq!(lesson.company(0), ids(&[0, 1]));
    assert_eq!(lesson.company(2), ids(&[2, 3]));
    let place = lesson.place(1);
    assert_eq!(lesson.ask(1, &say_there("leise", &place)), Value::Null);
    assert_eq!(lesson.told(0), ["leise"]);
    lesson.apply(Input::Join { session: 30, who: who(9, Role::Moderator) }).unwrap();
    assert_eq!(lesson.ask(9, &look_in(&place)), "notThere", "nobody looks into that");
    assert_eq!(lesson.ask(1, &end), Value::Null);
    assert_eq!(lesson.company(1), lesson.everyone());
    assert_eq!(lesson.snapshot("breakouts")["list"], json!([]));
    // Out of a group, and back into it.
    lesson.ask(0, &open(2, "manual", None));
    let groups = lesson.groups();
    lesson.ask(0, &assign(2, &groups[1]));
    lesson.ask(0, &aside(2));
    lesson.ask(0, &end);
    assert_eq!(lesson.place(2), groups[1]);
    // Who is left alone goes back too, and so does who is with somebody else then.
    lesson.ask(0, &aside(2));
    lesson.apply(Input::Disconnect { session: 3 }).unwrap();
    lesson.pass(Duration::from_mins(1));
    assert_eq!((lesson.place(0), lesson.groups().len()), (Value::Null, 2));
    lesson.ask(0, &aside(1));
    lesson.ask(0, &aside(3));
    assert_eq!(lesson.place(1), Value::Null);
    assert_eq!(lesson.company(3), ids(&[0, 3]));
}

#[test]
fn groups_have_bounds_and_pupils_no_hand_in_them() {
    let mut lesson = class(2);
    for (count, minutes) in [(0, None), (17, None), (2, Some(0)), (2, Some(181))] {
        assert_eq!(lesson.ask(0, &open(count, "random", minutes)), "malformed");
    }
    assert_eq!(lesson.ask(0, &open(16, "random", Some(180))), Value::Null);
    let group = lesson.groups()[3].clone();
    let rename = |name: &str| act(&json!({ "kind": "rename", "breakout": group, "name": name }));
    assert_eq!(lesson.ask(0, &rename(&"x".repeat(61))), "malformed");
    assert_eq!(lesson.ask(0, &rename("Die Füchse")), Value::Null);
    assert_eq!(lesson.snapshot("breakouts")["list"][3]["name"], "Die Füchse");
    assert_eq!(lesson.ask(0, &rename(" ")), Value::Null);
    assert_eq!(lesson.snapshot("breakouts")["list"][3]["name"], Value::Null);
    for refused in [
        open(2, "random", None),
        assign(2, &group),
        look_in(&group),
        rename("Wir"),
        act(&json!({ "kind": "tell", "text": "Hört mal" })),
        act(&json!({ "kind": "close", "seconds": 0 })),
        act(&json!({ "kind": "extend", "minutes": 1 })),
        act(&json!({ "kind": "takeAside", "id": id(2) })),
        act(&json!({ "kind": "choose", "breakout": group })),
    ] {
        assert_eq!(lesson.ask(1, &refused), "notAllowed", "{refused}");
    }
    assert_eq!(lesson.ask(0, &assign(0, &group)), "notAllowed");
    let tell = |text: &str| act(&json!({ "kind": "tell", "text": text }));
    assert_eq!(lesson.ask(0, &tell(" ")), "textEmpty");
    assert_eq!(lesson.ask(0, &tell(&"x".repeat(2_001))), "textTooLong");
    assert_eq!(lesson.ask(0, &tell("Noch fünf Minuten")), Value::Null);
    assert_eq!(lesson.snapshot("breakouts")["notice"]["text"], "Noch fünf Minuten");
    assert_eq!(lesson.ask(0, &act(&json!({ "kind": "close", "seconds": 301 }))), "malformed");
    let again = lesson.groups();
    lesson.ask(0, &open(2, "random", None));
    assert!(lesson.groups().iter().all(|group| !again.contains(group)), "an ID is used once");
}
