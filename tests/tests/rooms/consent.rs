//! Consent holds for tracks and for what is written: what was not agreed to cannot be had by hand,
//! and what is taken back ends at once.

use std::time::Duration;

use mosaik_proto::moqt::{Parameters, RequestCode, TrackProperties};
use mosaik_proto::room::{Agreed, Consent, Role};
use mosaik_tests::{
    Feed, Member, Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track, within,
};
use serde_json::{Value, json};

use crate::person::Person;

over_all!(
    a_publish_by_hand_of_what_was_not_agreed_to_is_refused,
    what_is_taken_back_falls_silent_within_a_second,
    who_is_no_longer_to_be_read_is_gone_for_everyone_within_a_second
);

const LATE: &str = "00000000000000cc";

/// From the person's command to the silence.
const AT_ONCE: Duration = Duration::from_secs(1);

fn consent(seen: bool, heard: bool, read: bool) -> Value {
    let agreed = json!({ "seen": seen, "heard": heard, "read": read });
    json!({ "kind": "consent", "agreed": agreed, "texts": "mosaik-2" })
}

async fn is_refused(student: &Person, name: &str, alias: u64) -> anyhow::Result<()> {
    let mut request = student.ask_to_publish(name, alias).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    Ok(())
}

async fn a_publish_by_hand_of_what_was_not_agreed_to_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let most = Agreed { heard: true, seen: true, read: false };
    let token = relay.token_agreeing(STUDENT, Consent { most, ..Consent::UNSTATED })?;
    let mut student = Person::join_by(&relay, path, STUDENT, &token).await?;
    for (alias, name) in [(5, "cam"), (6, "cam/low"), (8, "mic")] {
        is_refused(&student, name, alias).await?;
    }
    let say = json!({ "kind": "say", "text": "Hallo" });
    assert_eq!(student.ask(say).await?.as_deref(), Some("notAgreed"));
    let on = json!({ "kind": "setSources", "mic": true, "cam": false });
    assert_eq!(student.ask(on).await?.as_deref(), Some("notAgreed"));
    // Parents have not agreed that what this student writes is read.
    assert_eq!(student.ask(consent(true, true, true)).await?.as_deref(), Some("notAllowed"));
    assert_eq!(student.ask(consent(true, false, false)).await?, None);
    student.ask_to_publish("cam/low", 9).await?.accepted().await?;
    is_refused(&student, "mic", 10).await
}

async fn what_is_taken_back_falls_silent_within_a_second(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let properties = TrackProperties::default();
    let mut tracks = Vec::new();
    for (alias, name) in [(5, "mic"), (6, "cam/low")] {
        let name = track(STUDENT, name);
        let offered =
            PublishedTrack::offer(&student.client, name.clone(), alias, properties.clone()).await?;
        let mut shown = teacher.client.subscribe(&name, Parameters::default()).await?;
        offered.single(1, b"before").await?;
        assert_eq!(shown.first_object().await?.payload, b"before"[..]);
        tracks.push((offered, shown));
    }
    let begun = tokio::time::Instant::now();
    assert_eq!(student.ask(consent(false, false, true)).await?, None);
    for (_, shown) in &mut tracks {
        shown.done().await?;
    }
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    for (alias, name) in [(8, "mic"), (9, "cam/low"), (10, "cam")] {
        is_refused(&student, name, alias).await?;
    }
    // A token of before, which says more, brings nothing back.
    let again = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    is_refused(&again, "mic", 12).await
}

/// Chat and a board, as somebody reads them who has done so from the start, and as a late joiner does.
async fn who_is_no_longer_to_be_read_is_gone_for_everyone_within_a_second(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let act = |act: Value| json!({ "kind": "board", "act": act });
    let free = json!({ "kind": "setLock", "lock": "whiteboard", "locked": false });
    teacher.get(json!({ "kind": "lead", "act": free })).await?;
    teacher.get(act(json!({ "kind": "addPage" }))).await?;
    let mut board = Feed::of(&teacher.client, "board/page/1").await?;
    student.get(json!({ "kind": "say", "text": "nicht mehr" })).await?;
    let put = json!({ "kind": "put", "id": format!("{STUDENT}.1"), "shape": "t00CC nicht mehr" });
    let draw = json!({ "kind": "draw", "board": "page/1", "ops": [put] });
    student.get(act(draw.clone())).await?;
    let is_drawn = |object: &Value| object.pointer("/ops/0/kind") == Some(&json!("put"));
    board.hear("the drawing", is_drawn).await?;

    let begun = tokio::time::Instant::now();
    student.get(consent(true, true, false)).await?;
    let is_withdrawn = |object: &Value| {
        object.pointer("/event/change") == Some(&json!({ "kind": "withdrawn", "author": STUDENT }))
    };
    teacher.state.hear("the words to go", is_withdrawn).await?;
    let is_removed = |object: &Value| object.pointer("/ops/0/kind") == Some(&json!("remove"));
    board.hear("the drawing to go", is_removed).await?;
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
    assert_eq!(student.ask(act(draw)).await?.as_deref(), Some("notAgreed"));

    // Who comes late is not even sent it.
    let mut late = Member::join(&relay, path, LATE, Role::Viewer).await?;
    let mut drawn = Feed::of(&late.client, "board/page/1").await?;
    teacher.get(json!({ "kind": "say", "text": "danach" })).await?;
    let put = json!({ "kind": "put", "id": format!("{TEACHER}.1"), "shape": "t00CC danach" });
    teacher.get(act(json!({ "kind": "draw", "board": "page/1", "ops": [put] }))).await?;
    for feed in [&mut late.state, &mut drawn] {
        let sent = sent_before(feed, "danach").await?;
        assert!(!sent.contains("nicht mehr"), "{sent}");
    }
    Ok(())
}

/// All that comes on a track until something has `word`, with that.
async fn sent_before(feed: &mut Feed, word: &str) -> anyhow::Result<String> {
    let mut sent = String::new();
    within(word, async {
        while !sent.contains(word) {
            sent += &feed.next().await?.to_string();
        }
        Ok(sent)
    })
    .await?
}
