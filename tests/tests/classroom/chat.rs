//! The chat: private words, and who may change what.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(
    private_words_reach_those_concerned_and_are_back_after_a_reconnect,
    a_student_changes_nothing_of_others,
    what_cannot_be_said_is_refused
);

const OTHER: &str = "00000000000000c1";

fn act(act: &Value) -> Value {
    json!({ "kind": "chat", "act": act })
}

/// The ID of the newest private message that someone has heard of.
fn newest(member: &Member) -> Value {
    let mut said = member.heard.iter().rev().filter_map(|object| object.pointer("/message/id"));
    said.next().cloned().unwrap_or_default()
}

async fn private_words_reach_those_concerned_and_are_back_after_a_reconnect(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let to = json!({ "kind": "moderators" });
    student.get(json!({ "kind": "say", "text": "Ich brauche Hilfe", "to": to })).await?;
    // What the others hear of it, they have heard when the next thing is told to all.
    teacher.get(json!({ "kind": "say", "text": "Seite 12" })).await?;
    other.get(json!({ "kind": "setSources", "mic": false, "cam": false })).await?;
    let text = |member: &Member| {
        let objects = member.heard.iter();
        objects.filter(|object| object.to_string().contains("Ich brauche Hilfe")).count()
    };
    assert_eq!((text(&teacher), text(&student), text(&other)), (1, 1, 0));
    let said = other.event("said").await?;
    assert_eq!(said.pointer("/message/text"), Some(&json!("Seite 12")), "on `state`");

    student.client.wire.close(0, "cut");
    let mut back = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let snapshot = back.inbox.next().await?;
    assert_eq!(snapshot.pointer("/messages/0/text"), Some(&json!("Ich brauche Hilfe")));
    Ok(())
}

async fn a_student_changes_nothing_of_others(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let mut other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    teacher.get(json!({ "kind": "say", "text": "Guten Morgen" })).await?;
    let to = json!({ "kind": "moderators" });
    other.get(json!({ "kind": "say", "text": "geheim", "to": to })).await?;
    let secret = newest(&other);
    for (command, code) in [
        (act(&json!({ "kind": "edit", "id": 1, "private": false, "text": "x" })), "notAllowed"),
        (act(&json!({ "kind": "delete", "id": 1, "private": false })), "notAllowed"),
        (act(&json!({ "kind": "pin", "id": 1, "pinned": true })), "notAllowed"),
        (act(&json!({ "kind": "clear" })), "notAllowed"),
        (act(&json!({ "kind": "delete", "id": secret, "private": true })), "notThere"),
        (
            act(&json!({ "kind": "react", "id": secret, "private": true, "reaction": "heart" })),
            "notThere",
        ),
        (json!({ "kind": "say", "text": "psst", "to": { "kind": "one", "id": OTHER } }), "locked"),
        (act(&json!({ "kind": "typing", "to": { "kind": "one", "id": OTHER } })), "locked"),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    Ok(())
}

async fn what_cannot_be_said_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    for (command, code) in [
        (json!({ "kind": "say", "text": " " }), "textEmpty"),
        (json!({ "kind": "say", "text": "x".repeat(2_001) }), "textTooLong"),
        (json!({ "kind": "say", "text": "a", "to": { "kind": "moderators" } }), "notThere"),
        (json!({ "kind": "say", "text": "a", "to": { "kind": "staff" } }), "malformed"),
        (json!({ "kind": "say", "text": "a", "author": TEACHER }), "malformed"),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    let mut refused = None;
    for number in 0..20 {
        refused =
            refused.or(student.ask(json!({ "kind": "say", "text": number.to_string() })).await?);
    }
    assert_eq!(refused.as_deref(), Some("tooFast"), "nothing stops a flood");
    Ok(())
}
