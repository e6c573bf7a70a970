//! Lines: everyone is told of the own one, moderators of all, and nobody gets more around the page.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(lines_are_told_to_whose_they_are_and_to_moderators_alone);

/// How somebody's line is, if this tells it to moderators.
fn line_of<'a>(object: &'a Value, id: &str) -> Option<&'a Value> {
    let lines = object.get("lines").and_then(Value::as_array)?;
    let of = lines.iter().find(|line| line.get("id") == Some(&json!(id)))?;
    of.get("line")
}

async fn lines_are_told_to_whose_they_are_and_to_moderators_alone(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let is_told = |object: &Value| line_of(object, STUDENT).is_some();
    let told = teacher.inbox.hear("the student's line", is_told).await?;
    let way = match path {
        Path::Quic => "quic",
        Path::WebTransport => "webTransport",
        Path::WebSocket => "webSocket",
    };
    let line = line_of(&told, STUDENT).cloned().unwrap_or_default();
    assert_eq!(line.get("path"), Some(&json!(way)));
    assert_eq!(line.get("picture"), Some(&json!("notWanted")));
    for command in [
        json!({ "kind": "report", "of": "lines" }),
        json!({ "kind": "line", "line": line }),
        json!({ "kind": "lines" }),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some("malformed"), "{command}");
    }
    let own = student.heard.iter().find(|object| object.get("kind") == Some(&json!("line")));
    assert_eq!(own.and_then(|object| object.pointer("/line/path")), Some(&json!(way)));
    for object in &student.heard {
        let lines = object.get("lines").and_then(Value::as_array);
        assert!(lines.is_none_or(Vec::is_empty), "a student sees lines: {object}");
    }
    Ok(())
}
