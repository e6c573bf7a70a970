//! The receipt: for those who led the room, with what it held and what was measured afterwards.

use std::time::Duration;

use anyhow::Context;
use mosaik_tests::{Client, Member, Path, Process, within};
use serde_json::{Value, json};

#[tokio::test]
async fn the_receipt_of_a_closed_room_is_for_its_moderators_and_says_what_was_left()
-> anyhow::Result<()> {
    let home = std::env::temp_dir().join(format!("mosaik-receipt-{}", std::process::id()));
    std::fs::create_dir_all(&home)?;
    let server = Process::start(&Process::build()?, &home, &[])?;
    let mut teacher = enter(&server, true).await?;
    let mut student = enter(&server, false).await?;
    student.get(json!({ "kind": "say", "text": "Guten Morgen" })).await?;
    let page = json!({ "kind": "addPage" });
    teacher.get(json!({ "kind": "board", "act": page })).await?;
    let deck = json!({ "kind": "open", "key": 1, "name": "Atome.pdf", "length": 1 });
    teacher.get(json!({ "kind": "slides", "act": deck })).await?;
    let file = json!({ "kind": "offer", "key": 2, "name": "Arbeit.txt", "size": 9 });
    teacher.get(json!({ "kind": "file", "act": file })).await?;
    teacher.put(json!({ "kind": "endRoom" })).await?;
    let last = |object: &Value| object.get("kind") == Some(&json!("closed"));
    let told = teacher.inbox.hear("the last word", last).await?;
    let unknowing = student.inbox.hear("the last word", last).await?;
    assert_eq!(unknowing.get("receipt"), Some(&Value::Null), "a student has no receipt");
    let secret = told.get("receipt").and_then(Value::as_str).context("no secret")?.to_owned();
    drop((teacher, student));

    let receipt = within("the receipt", async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        loop {
            look.tick().await;
            let answer = server.post("/api/receipt", &json!({ "secret": secret })).await?;
            if answer.get("held").is_some() {
                return anyhow::Ok(answer);
            }
        }
    })
    .await??;
    assert_eq!(receipt.get("room"), Some(&json!("demo")));
    let held = receipt.get("held").and_then(Value::as_array).context("nothing held")?;
    assert_eq!(held.len(), 11);
    for part in held {
        let of = |key: &str| part.get(key).and_then(Value::as_u64).unwrap_or(u64::MAX);
        let kind = part.get("kind").and_then(Value::as_str).unwrap_or_default();
        let had_none = ["private", "polls", "notes", "log"].contains(&kind);
        assert_eq!(of("before") == 0, had_none, "{part}");
        assert_eq!(of("after"), 0, "{part}");
    }
    let unknown = server.post("/api/receipt", &json!({ "secret": "x" })).await?;
    assert_eq!(unknown.get("error"), Some(&json!("notFound")));
    server.stop().await?;
    std::fs::remove_dir_all(&home)?;
    Ok(())
}

async fn enter(server: &Process, leads: bool) -> anyhow::Result<Member> {
    let link = if leads { server.teacher() } else { server.students() };
    let joined = server.join(link, "Kim").await?;
    let dialer = server.dialer(&joined);
    let client = Client::join(dialer.dial(Path::Quic).await?, &joined.token).await?;
    Member::enter(client, "demo", &joined.participant).await
}
