//! What moderators alone are told, and the timer that everyone is told of.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(attendance_is_told_to_moderators_alone, a_timer_is_told_with_the_time_it_ends);

async fn attendance_is_told_to_moderators_alone(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let report = json!({ "kind": "report", "of": "attendance" });
    assert_eq!(student.ask(report.clone()).await?.as_deref(), Some("notAllowed"));
    teacher.get(report).await?;
    let is_told = |object: &&Value| object.get("kind") == Some(&json!("attendance"));
    let told = teacher.heard.iter().find(is_told).cloned().unwrap_or_default();
    let people = told.get("people").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids: Vec<_> = people.iter().filter_map(|one| one.get("id")).collect();
    assert_eq!(ids, [&json!(TEACHER), &json!(STUDENT)]);
    student.get(json!({ "kind": "setSources", "mic": false, "cam": false })).await?;
    assert!(!student.heard.iter().any(|object| is_told(&object)), "a student reads attendance");
    Ok(())
}

async fn a_timer_is_told_with_the_time_it_ends(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let form = json!({ "kind": "countdown", "seconds": 60 });
    let start = json!({ "kind": "timer", "act": { "kind": "start", "form": form } });
    assert_eq!(student.ask(start.clone()).await?.as_deref(), Some("notAllowed"));
    teacher.get(start).await?;
    let event = student.event("timer").await?;
    let millis = |of: &str| event.pointer(of).and_then(Value::as_u64).unwrap_or_default();
    assert_eq!(millis("/timer/clock/zeroAt"), millis("/at") + 60_000);
    Ok(())
}
