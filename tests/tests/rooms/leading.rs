//! What is for those who lead, asked for by hand by those who do not: refused each time, and nothing changes.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(
    what_is_for_moderators_is_refused_to_everyone_else_and_changes_nothing,
    a_locked_public_chat_takes_nothing_of_a_student
);

const PRESENTER: &str = "00000000000000c1";

/// Acts of moderators alone about a lesson's contents, by the kind of their command; people in them are the student.
fn acts_of_moderators() -> Vec<(&'static str, Vec<Value>)> {
    let of = |kind: &str| json!({ "kind": kind });
    let to = |kind: &str| json!({ "kind": kind, "id": STUDENT });
    let numbered = |kind: &str| json!({ "kind": kind, "id": 1 });
    let poll = json!({ "question": "Ja?", "anonymous": false, "form": { "kind": "text" } });
    let countdown = json!({ "kind": "countdown", "seconds": 60 });
    vec![
        (
            "timer",
            vec![
                json!({ "kind": "start", "form": countdown }),
                of("pause"),
                of("resume"),
                of("addMinute"),
                of("end"),
            ],
        ),
        ("hand", vec![to("lowerOf"), of("lowerAll"), to("callOn"), of("pick")]),
        ("sign", vec![of("clearStatuses")]),
        ("chat", vec![json!({ "kind": "pin", "id": 1, "pinned": true }), of("clear")]),
        (
            "poll",
            vec![
                json!({ "kind": "open", "poll": poll }),
                numbered("close"),
                numbered("publish"),
                numbered("remove"),
            ],
        ),
        (
            "board",
            vec![
                json!({ "kind": "setOwn", "open": true }),
                json!({ "kind": "showOwn", "of": STUDENT, "named": true }),
            ],
        ),
        ("notes", vec![of("clear")]),
        ("attendance", vec![json!({ "kind": "forget", "openedAt": 1 })]),
    ]
}

/// The others: of groups, of roles and locks, of the door.
fn acts_of_leading() -> Vec<(&'static str, Vec<Value>)> {
    let of = |kind: &str| json!({ "kind": kind });
    let to = |kind: &str| json!({ "kind": kind, "id": STUDENT });
    let group = |kind: &str| json!({ "kind": kind, "breakout": 1 });
    vec![
        (
            "breakout",
            vec![
                json!({ "kind": "open", "count": 2, "how": "manual", "minutes": 10 }),
                json!({ "kind": "assign", "id": STUDENT, "breakout": 1 }),
                json!({ "kind": "rename", "breakout": 1, "name": "Wir" }),
                group("lookIn"),
                group("answerCall"),
                json!({ "kind": "extend", "minutes": 5 }),
                json!({ "kind": "tell", "text": "Kommt" }),
                json!({ "kind": "broadcast", "on": true }),
                to("turnDownAside"),
                to("takeAside"),
                json!({ "kind": "close", "seconds": 0 }),
            ],
        ),
        (
            "lead",
            vec![
                json!({ "kind": "setRole", "id": STUDENT, "role": "moderator" }),
                json!({ "kind": "setRole", "id": PRESENTER, "role": "viewer" }),
                json!({ "kind": "setLock", "lock": "publicChat", "locked": true }),
                json!({ "kind": "setPersonLock", "id": STUDENT, "lock": "microphone", "state": "free" }),
                json!({ "kind": "usePreset", "preset": "lecture" }),
                json!({ "kind": "setLayout", "layout": "gallery" }),
            ],
        ),
        (
            "door",
            vec![
                json!({ "kind": "setEntry", "entry": "closed" }),
                to("admit"),
                of("admitAll"),
                to("turnAway"),
                json!({ "kind": "tellWaiting", "text": "Gleich" }),
                json!({ "kind": "remove", "id": STUDENT, "ban": false }),
                json!({ "kind": "remove", "id": PRESENTER, "ban": true }),
            ],
        ),
    ]
}

/// The same as commands, and those that have no act.
fn for_moderators() -> Vec<Value> {
    let acts = acts_of_moderators().into_iter().chain(acts_of_leading());
    let commands = acts.flat_map(|(kind, acts)| {
        acts.into_iter().map(move |act| json!({ "kind": kind, "act": act }))
    });
    let reports = ["attendance", "earlier", "log"].map(|of| json!({ "kind": "report", "of": of }));
    commands.chain(reports).chain([json!({ "kind": "endRoom" })]).collect()
}

/// What a presenter may, and a viewer may not.
fn for_presenters() -> Vec<Value> {
    let board = |act: Value| json!({ "kind": "board", "act": act });
    let slides = |act: Value| json!({ "kind": "slides", "act": act });
    vec![
        board(json!({ "kind": "addPage" })),
        board(json!({ "kind": "show", "board": "page/1" })),
        board(json!({ "kind": "clear", "board": "page/1" })),
        board(json!({ "kind": "removePage", "page": "page/1" })),
        slides(json!({ "kind": "open", "key": 1, "name": "Atome.pdf", "length": 1 })),
        slides(json!({ "kind": "show", "deck": 1, "page": 0 })),
        slides(json!({ "kind": "hide" })),
        json!({ "kind": "caption", "text": "Rot ist", "done": true }),
    ]
}

async fn what_is_for_moderators_is_refused_to_everyone_else_and_changes_nothing(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut presenter = Member::join(&relay, path, PRESENTER, Role::Presenter).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let say = |text: &str| json!({ "kind": "say", "text": text });
    teacher.get(say("before")).await?;
    teacher.event("said").await?;

    for command in for_moderators() {
        for (who, member) in [("student", &mut student), ("presenter", &mut presenter)] {
            let refusal = member.ask(command.clone()).await?;
            assert_eq!(refusal.as_deref(), Some("notAllowed"), "{who}: {command}");
        }
    }
    for command in for_presenters() {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some("notAllowed"), "{command}");
    }
    // Whose deck it is counts, and there is none.
    let remove = json!({ "kind": "slides", "act": { "kind": "remove", "deck": 1 } });
    assert_eq!(student.ask(remove).await?.as_deref(), Some("notThere"));
    let of_others = json!({ "kind": "delete", "id": 1, "private": false });
    let delete = json!({ "kind": "chat", "act": of_others });
    assert_eq!(student.ask(delete).await?.as_deref(), Some("notAllowed"));
    // Nothing happened in between, for anyone.
    teacher.get(say("after")).await?;
    let next = teacher.state.hear("an event", |object| object.get("event").is_some()).await?;
    assert_eq!(next.pointer("/event/message/text"), Some(&json!("after")), "{next}");
    let is_usual = |object: &Value| {
        ["snapshot", "line", "lines", "consent"].iter().any(|kind| object["kind"] == *kind)
    };
    assert!(teacher.heard.iter().all(is_usual), "{:?}", teacher.heard);

    // Who may asks for the same, and is not told that: the list is of what there is.
    for command in for_presenters() {
        assert_eq!(
            presenter.ask(command.clone()).await?.filter(|code| is_no_right(code)),
            None,
            "{command}"
        );
    }
    for command in for_moderators().into_iter().filter(|command| command["kind"] != "endRoom") {
        assert_eq!(
            teacher.ask(command.clone()).await?.filter(|code| is_no_right(code)),
            None,
            "{command}"
        );
    }
    let end = teacher.put(json!({ "kind": "endRoom" })).await?;
    let is_over = |object: &Value| object["number"] == end || object["kind"] == "closed";
    let over = teacher.inbox.hear("the end", is_over).await?;
    assert!(over.get("refusal").is_none(), "{over}");
    Ok(())
}

/// Whether a refusal would be the same for everything that somebody may not do, or says that it is no command.
fn is_no_right(code: &str) -> bool {
    ["notAllowed", "malformed"].contains(&code)
}

async fn a_locked_public_chat_takes_nothing_of_a_student(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let say = |text: &str| json!({ "kind": "say", "text": text });
    let lock = |locked: bool| {
        let act = json!({ "kind": "setLock", "lock": "publicChat", "locked": locked });
        json!({ "kind": "lead", "act": act })
    };
    let edit = json!({ "kind": "edit", "id": 1, "private": false, "text": "locked" });
    let react = json!({ "kind": "react", "id": 1, "private": false, "reaction": "thumbsUp" });
    let typing = json!({ "kind": "typing", "to": { "kind": "everyone" } });
    student.get(say("free")).await?;
    // From the answer on, without any grace.
    teacher.get(lock(true)).await?;
    for command in [say("locked"), chat(&edit), chat(&react), chat(&typing)] {
        assert_eq!(student.ask(command.clone()).await?.as_deref(), Some("locked"), "{command}");
    }
    teacher.get(say("teacher")).await?;
    teacher.get(lock(false)).await?;
    student.get(say("free again")).await?;
    let mut said = Vec::new();
    while said.len() < 3 {
        let event = teacher.event("said").await?;
        said.extend(event.pointer("/message/text").cloned());
    }
    assert_eq!(said, ["free", "teacher", "free again"]);
    Ok(())
}

fn chat(act: &Value) -> Value {
    json!({ "kind": "chat", "act": act })
}
