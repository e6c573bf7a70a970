//! Polls, as people live them: every answer counts once, and nobody learns more than they were told.

use serde_json::json;

use super::*;

fn poll(act: &Value) -> Value {
    json!({ "kind": "poll", "act": act })
}

fn open(form: &Value, anonymous: bool) -> Value {
    let draft = json!({ "question": "Ist Wasser nass?", "form": form, "anonymous": anonymous });
    poll(&json!({ "kind": "open", "poll": draft }))
}

fn choose(id: u64, chosen: &[u8], key: Option<u64>) -> Value {
    let ballot = json!({ "kind": "choices", "chosen": chosen });
    let key = key.map(|key| format!("{key:032x}"));
    poll(&json!({ "kind": "vote", "id": id, "ballot": ballot, "key": key }))
}

fn of(kind: &str, id: u64) -> Value {
    poll(&json!({ "kind": kind, "id": id }))
}

/// What the moderator's page has of a poll.
fn counted(lesson: &Lesson, id: u64) -> Value {
    let objects = lesson.inboxes[&super::id(0)].iter().rev();
    let mut counts = objects.filter(|object| object["kind"] == "counted");
    counts.find(|object| object["count"]["id"] == id).map_or(Value::Null, |o| o["count"].clone())
}

fn everything_told(lesson: &Lesson) -> String {
    let state = String::from_utf8(lesson.group.concat()).unwrap();
    let inboxes: Vec<String> = lesson.inboxes.values().flatten().map(Value::to_string).collect();
    state + &inboxes.concat()
}

#[test]
fn a_vote_may_be_changed_until_the_poll_is_closed_and_counts_once() {
    let mut lesson = class_of(3);
    assert_eq!(lesson.ask(0, &open(&json!({ "kind": "yesNo" }), false)), Value::Null);
    for (pupil, chosen) in [(1, 0), (2, 1), (1, 1), (3, 0), (3, 0)] {
        assert_eq!(lesson.ask(pupil, &choose(1, &[chosen], None)), Value::Null);
    }
    lesson.pass(Duration::from_millis(500));
    let count = counted(&lesson, 1);
    assert_eq!(count["tally"]["counts"], json!([1, 2]));
    assert_eq!(count["tally"]["votes"], 3);
    assert_eq!(count["ballots"].as_array().unwrap().len(), 3);
    assert_eq!(lesson.snapshot("polls")[0]["votes"], 3);
    assert_eq!(lesson.snapshot("polls")[0]["results"], Value::Null, "nobody shall see it yet");
    assert_eq!(lesson.ask(0, &of("close", 1)), Value::Null);
    assert_eq!(lesson.ask(1, &choose(1, &[0], None)), "pollClosed");
    assert_eq!(lesson.ask(0, &of("publish", 1)), Value::Null);
    assert_eq!(lesson.snapshot("polls")[0]["results"]["counts"], json!([1, 2]));
}

#[test]
fn a_vote_is_back_after_a_reconnect_and_one_sent_twice_counts_once() {
    let mut lesson = class_of(2);
    lesson.ask(0, &open(&json!({ "kind": "letters", "count": 4 }), false));
    lesson.ask(1, &choose(1, &[3], None));
    lesson.apply(Input::Disconnect { session: 2 }).unwrap();
    lesson.pass(Duration::from_secs(20));
    lesson.join(9, 1);
    let inbox = &lesson.inboxes[&id(1)][0];
    assert_eq!(inbox["votes"][0]["ballot"], json!({ "kind": "choices", "chosen": [3] }));
    assert_eq!(inbox["counts"], json!([]), "only moderators see counts");
    let again = json!({ "number": 1, "command": choose(1, &[3], None) });
    lesson.command(1, again.to_string().into_bytes());
    lesson.pass(Duration::from_secs(1));
    assert_eq!(counted(&lesson, 1)["tally"]["votes"], 1);
}

#[test]
fn an_anonymous_answer_is_linked_to_nobody_and_can_still_be_changed() {
    let mut lesson = class_of(4);
    lesson.ask(0, &open(&json!({ "kind": "yesNo" }), true));
    assert_eq!(lesson.ask(1, &choose(1, &[0], None)), "malformed", "without a key");
    for pupil in 1..=2 {
        assert_eq!(lesson.ask(pupil, &choose(1, &[0], Some(pupil))), Value::Null);
    }
    lesson.pass(Duration::from_secs(1));
    assert_eq!(counted(&lesson, 1)["tally"], Value::Null, "two answers would name two people");
    assert_eq!(lesson.ask(0, &of("publish", 1)), "tooFew");
    assert_eq!(lesson.ask(3, &choose(1, &[1], Some(3))), Value::Null);
    assert_eq!(lesson.ask(2, &choose(1, &[1], Some(2))), Value::Null, "with the key it changes");
    assert_eq!(lesson.ask(2, &choose(1, &[0], Some(9))), "votedAlready", "a second ballot");
    assert_eq!(lesson.ask(4, &choose(1, &[0], Some(1))), "votedAlready", "another's ballot");
    lesson.pass(Duration::from_secs(1));
    let count = counted(&lesson, 1);
    assert_eq!(count["tally"]["counts"], json!([1, 2]));
    assert_eq!(count["ballots"], json!([]));
    let told = everything_told(&lesson);
    assert!(!told.contains(&format!("{:032x}", 1)), "a key was told to somebody");
    let own = &lesson.inboxes[&id(1)].iter().find(|object| object["kind"] == "voted").unwrap();
    assert_eq!(own["vote"], json!({ "id": 1, "ballot": null }));
}

#[test]
fn answers_that_do_not_fit_the_question_are_refused() {
    let mut lesson = class_of(1);
    let choice =
        |several| json!({ "kind": "choice", "options": ["a", "b", "c"], "several": several });
    let forms = [
        json!({ "kind": "yesNo" }),
        choice(true),
        choice(false),
        json!({ "kind": "number" }),
        json!({ "kind": "text" }),
    ];
    for form in &forms {
        assert_eq!(lesson.ask(0, &open(form, false)), Value::Null);
    }
    for (id, ballot, answer) in [
        (1, json!({ "kind": "choices", "chosen": [2] }), json!("malformed")),
        (1, json!({ "kind": "choices", "chosen": [] }), json!("malformed")),
        (1, json!({ "kind": "text", "text": "ja" }), json!("malformed")),
        (2, json!({ "kind": "choices", "chosen": [0, 0] }), json!("malformed")),
        (2, json!({ "kind": "choices", "chosen": [0, 2] }), Value::Null),
        (3, json!({ "kind": "choices", "chosen": [0, 2] }), json!("malformed")),
        (4, json!({ "kind": "number", "number": "viele" }), json!("malformed")),
        (4, json!({ "kind": "number", "number": "-3,5" }), Value::Null),
        (5, json!({ "kind": "text", "text": " " }), json!("textEmpty")),
        (5, json!({ "kind": "text", "text": "x".repeat(201) }), json!("textTooLong")),
        (6, json!({ "kind": "text", "text": "x" }), json!("notThere")),
    ] {
        let vote = json!({ "kind": "vote", "id": id, "ballot": ballot });
        lesson.pass(Duration::from_secs(1));
        assert_eq!(lesson.ask(1, &poll(&vote)), answer, "{vote}");
    }
    for bad in [
        json!({ "kind": "letters", "count": 7 }),
        json!({ "kind": "letters", "count": 1 }),
        json!({ "kind": "choice", "options": ["a"], "several": false }),
        json!({ "kind": "choice", "options": vec!["a"; 11], "several": false }),
    ] {
        assert_eq!(lesson.ask(0, &open(&bad, false)), "malformed", "{bad}");
    }
}

#[test]
fn pupils_lead_no_polls_and_teachers_do_not_vote() {
    let mut lesson = class_of(1);
    lesson.ask(0, &open(&json!({ "kind": "yesNo" }), false));
    assert_eq!(lesson.ask(1, &open(&json!({ "kind": "yesNo" }), false)), "notAllowed");
    for kind in ["close", "publish", "remove"] {
        assert_eq!(lesson.ask(1, &of(kind, 1)), "notAllowed");
    }
    assert_eq!(lesson.ask(0, &choose(1, &[0], None)), "notAllowed");
    assert_eq!(lesson.snapshot("polls")[0]["stage"], "open");
}

#[test]
fn polls_have_a_bound_and_only_closed_ones_make_room() {
    let mut lesson = Lesson::new(Limits { polls_kept: 3, ..Limits::default() });
    lesson.join(1, 0);
    let yes_no = json!({ "kind": "yesNo" });
    for _ in 0..3 {
        assert_eq!(lesson.ask(0, &open(&yes_no, false)), Value::Null);
    }
    assert_eq!(lesson.ask(0, &open(&yes_no, false)), "full");
    lesson.ask(0, &of("close", 2));
    assert_eq!(lesson.ask(0, &open(&yes_no, false)), Value::Null);
    let polls = lesson.snapshot("polls");
    let ids: Vec<&Value> = polls.as_array().unwrap().iter().map(|poll| &poll["id"]).collect();
    assert_eq!(ids, [1, 3, 4]);
}
