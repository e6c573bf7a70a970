//! Floods: somebody's device goes on sending what is refused. It is told, slowed down and removed; the others notice
//! nothing but that somebody left.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all, within};
use serde_json::{Value, json};

over_all!(whoever_floods_the_room_is_removed_and_the_others_go_on);

const OTHER: &str = "00000000000000cc";

/// More than it takes.
const SENT: usize = 2_000;

async fn whoever_floods_the_room_is_removed_and_the_others_go_on(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut other = Member::join(&relay, path, OTHER, Role::Viewer).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let flood = async {
        for _ in 0..SENT {
            // The session may be over by now.
            if student.commands.put(json!({ "kind": "endRoom" })).await.is_err() {
                break;
            }
        }
    };
    within("the flood", flood).await?;
    let is_closed = |object: &Value| object.get("kind") == Some(&json!("closed"));
    let closed = student.inbox.hear("the last word", is_closed).await?;
    assert_eq!(closed.get("reason"), Some(&json!("flooding")));
    let left = teacher.event("left").await?;
    assert_eq!(left.get("id"), Some(&json!(STUDENT)));
    other.get(json!({ "kind": "say", "text": "weiter" })).await?;
    let said = teacher.event("said").await?;
    assert_eq!(said.pointer("/message/text"), Some(&json!("weiter")));
    let again = Member::join(&relay, path, STUDENT, Role::Viewer).await;
    assert!(again.is_err(), "back at once");
    Ok(())
}
