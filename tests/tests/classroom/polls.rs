//! Polls: who may vote when, and what nobody gets to know.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(
    only_moderators_learn_what_was_answered_until_it_is_shown,
    votes_that_may_not_be_are_refused
);

const OTHER: &str = "00000000000000c1";

fn act(act: &Value) -> Value {
    json!({ "kind": "poll", "act": act })
}

fn open(anonymous: bool) -> Value {
    let form = json!({ "kind": "yesNo" });
    let poll = json!({ "question": "Klar?", "form": form, "anonymous": anonymous });
    act(&json!({ "kind": "open", "poll": poll }))
}

fn vote(id: u64, place: u8, key: Option<&str>) -> Value {
    let ballot = json!({ "kind": "choices", "chosen": [place] });
    act(&json!({ "kind": "vote", "id": id, "ballot": ballot, "key": key }))
}

async fn only_moderators_learn_what_was_answered_until_it_is_shown(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    teacher.get(open(false)).await?;
    student.get(vote(1, 0, None)).await?;
    student.get(vote(1, 1, None)).await?;
    teacher.get(act(&json!({ "kind": "close", "id": 1 }))).await?;
    let mut counted = teacher.heard.iter().rev();
    let counted = counted.find(|object| object.get("kind") == Some(&json!("counted")));
    let counted = counted.cloned().unwrap_or_default();
    assert_eq!(counted.pointer("/count/tally/counts"), Some(&json!([0, 1])));
    assert_eq!(counted.pointer("/count/ballots/0/id"), Some(&json!(STUDENT)));
    teacher.get(act(&json!({ "kind": "publish", "id": 1 }))).await?;
    loop {
        let event = other.event("poll").await?;
        if event.pointer("/change/kind") == Some(&json!("published")) {
            assert_eq!(event.pointer("/change/results/counts"), Some(&json!([0, 1])));
            break;
        }
        assert!(!event.to_string().contains("counts\":[0,1]"), "too early: {event}");
    }
    other.get(json!({ "kind": "setSources", "mic": false, "cam": false })).await?;
    let is_count = |object: &Value| object.get("kind") == Some(&json!("counted"));
    assert!(!other.heard.iter().any(is_count), "a student sees what others answered");
    Ok(())
}

async fn votes_that_may_not_be_are_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    teacher.get(open(false)).await?;
    teacher.get(open(true)).await?;
    let (mine, another) = ("0".repeat(32), "1".repeat(32));
    other.get(vote(2, 0, Some(&another))).await?;
    student.get(vote(2, 0, Some(&mine))).await?;
    for (command, code) in [
        (open(false), "notAllowed"),
        (act(&json!({ "kind": "close", "id": 1 })), "notAllowed"),
        (act(&json!({ "kind": "publish", "id": 1 })), "notAllowed"),
        (act(&json!({ "kind": "remove", "id": 1 })), "notAllowed"),
        (vote(1, 2, None), "malformed"),
        (vote(2, 1, None), "malformed"),
        (vote(2, 1, Some("short")), "malformed"),
        (vote(2, 1, Some(&"2".repeat(32))), "votedAlready"),
        (vote(3, 1, None), "notThere"),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    assert_eq!(teacher.ask(vote(1, 0, None)).await?.as_deref(), Some("notAllowed"));
    let publish = act(&json!({ "kind": "publish", "id": 2 }));
    assert_eq!(teacher.ask(publish).await?.as_deref(), Some("tooFew"), "two answers name people");
    teacher.get(act(&json!({ "kind": "close", "id": 1 }))).await?;
    assert_eq!(student.ask(vote(1, 0, None)).await?.as_deref(), Some("pollClosed"));
    Ok(())
}
