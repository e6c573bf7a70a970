//! Consent holds for tracks and for what is written: what was not agreed to cannot be had by hand,
//! and what is taken back ends at once.

use std::time::Duration;

use mosaik_proto::moqt::{Parameters, RequestCode, TrackProperties};
use mosaik_proto::room::{Agreed, Consent, Role};
use mosaik_tests::{Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track};
use serde_json::{Value, json};

use crate::person::Person;

over_all!(
    a_publish_by_hand_of_what_was_not_agreed_to_is_refused,
    what_is_taken_back_falls_silent_within_a_second
);

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
