//! Hands and signs.

use mosaik_proto::room::Role;
use mosaik_tests::{Member, Path, Relay, STUDENT, TEACHER, over_all};
use serde_json::{Value, json};

over_all!(
    a_student_is_called_on_and_answers,
    a_student_leads_nobody,
    signs_that_make_no_sense_are_refused
);

fn hand(act: &Value) -> Value {
    json!({ "kind": "hand", "act": act })
}

fn sign(act: &Value) -> Value {
    json!({ "kind": "sign", "act": act })
}

async fn a_student_is_called_on_and_answers(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    student.get(hand(&json!({ "kind": "raise" }))).await?;
    let raised = teacher.event("hand").await?;
    assert_eq!(raised.pointer("/change/hand/id"), Some(&json!(STUDENT)));
    teacher.get(hand(&json!({ "kind": "callOn", "id": STUDENT }))).await?;
    student.event("hand").await?;
    let called = student.event("hand").await?;
    let change = json!({ "kind": "calledOn", "id": STUDENT });
    assert_eq!(called.get("change"), Some(&change));
    student.get(hand(&json!({ "kind": "answer", "speaks": true }))).await?;
    teacher.event("hand").await?;
    let answered = teacher.event("hand").await?;
    let change = json!({ "kind": "answered", "id": STUDENT, "speaks": true });
    assert_eq!(answered.get("change"), Some(&change));
    Ok(())
}

async fn a_student_leads_nobody(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    teacher.get(hand(&json!({ "kind": "raise" }))).await?;
    for command in [
        hand(&json!({ "kind": "lowerOf", "id": TEACHER })),
        hand(&json!({ "kind": "lowerAll" })),
        hand(&json!({ "kind": "callOn", "id": TEACHER })),
        hand(&json!({ "kind": "pick" })),
        hand(&json!({ "kind": "askCamera", "id": TEACHER })),
        sign(&json!({ "kind": "clearStatuses" })),
    ] {
        let refusal = student.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some("notAllowed"), "{command}");
    }
    // The hand is still up: lowering it is told.
    teacher.get(hand(&json!({ "kind": "lower" }))).await?;
    teacher.event("hand").await?;
    let lowered = teacher.event("hand").await?;
    assert_eq!(lowered.pointer("/change/kind"), Some(&json!("lowered")));
    Ok(())
}

async fn signs_that_make_no_sense_are_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    for (command, code) in [
        (hand(&json!({ "kind": "callOn", "id": "00000000000000ff" })), "notThere"),
        (hand(&json!({ "kind": "callOn", "id": "somebody" })), "malformed"),
        (hand(&json!({ "kind": "pick" })), "notThere"),
        (sign(&json!({ "kind": "status", "status": "asleep" })), "malformed"),
        (sign(&json!({ "kind": "react", "reaction": "<img>" })), "malformed"),
        (sign(&json!({ "kind": "react", "reaction": "heart", "id": TEACHER })), "malformed"),
    ] {
        let refusal = teacher.ask(command.clone()).await?;
        assert_eq!(refusal.as_deref(), Some(code), "{command}");
    }
    let mut refused = None;
    for _ in 0..40 {
        let reaction = sign(&json!({ "kind": "react", "reaction": "heart" }));
        refused = refused.or(teacher.ask(reaction).await?);
    }
    assert_eq!(refused.as_deref(), Some("tooFast"), "nothing stops a flood of reactions");
    Ok(())
}
