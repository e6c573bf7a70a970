//! Sharing a screen holds to locks and roles for tracks too, and to no consent: it is an act of its own.

use std::time::Duration;

use mosaik_proto::moqt::{DoneCode, Parameters, RequestCode, TrackProperties};
use mosaik_proto::room::{Consent, Role};
use mosaik_tests::{Path, PublishedTrack, Relay, STUDENT, Subscription, TEACHER, over_all, track};
use serde_json::{Value, json};

use crate::person::Person;

over_all!(
    a_screen_ends_within_a_second_when_it_is_locked_or_its_sharer_is_a_viewer_again,
    a_publish_by_hand_of_a_screen_is_refused_without_the_right_whatever_was_agreed_to,
    who_agreed_to_nothing_shares_a_screen_where_the_room_lets_them
);

/// From the teacher's command to the last picture.
const AT_ONCE: Duration = Duration::from_secs(1);

fn shares(screen: bool) -> Value {
    json!({ "kind": "setSources", "mic": false, "cam": false, "screen": screen })
}

fn role(role: &str) -> Value {
    json!({ "kind": "setRole", "id": STUDENT, "role": role })
}

/// A student's screen that the teacher sees.
async fn shown(
    (teacher, student): (&Person, &mut Person),
    alias: u64,
) -> anyhow::Result<(PublishedTrack, Subscription)> {
    assert_eq!(student.ask(shares(true)).await?, None);
    let name = track(STUDENT, "screen/high");
    let properties = TrackProperties::default();
    let screen = PublishedTrack::offer(&student.client, name.clone(), alias, properties).await?;
    let mut seen = teacher.client.subscribe(&name, Parameters::default()).await?;
    screen.single(alias, b"text").await?;
    assert_eq!(seen.first_object().await?.payload, b"text"[..]);
    Ok((screen, seen))
}

async fn a_screen_ends_within_a_second_when_it_is_locked_or_its_sharer_is_a_viewer_again(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let locked = |locked: bool| json!({ "kind": "setLock", "lock": "screen", "locked": locked });
    for (alias, open, close) in
        [(5, locked(false), locked(true)), (6, role("presenter"), role("viewer"))]
    {
        teacher.lead(open).await?;
        let (_screen, mut seen) = shown((&teacher, &mut student), alias).await?;
        let begun = tokio::time::Instant::now();
        teacher.lead(close).await?;
        assert_eq!(seen.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
        assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());
        let again = teacher.is_refused(&track(STUDENT, "screen/high")).await?;
        assert_eq!(again, RequestCode::Unauthorized);
        let mut request = student.ask_to_publish("screen/high", alias + 10).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
        assert_eq!(student.ask(shares(true)).await?.as_deref(), Some("locked"));
    }
    Ok(())
}

async fn a_publish_by_hand_of_a_screen_is_refused_without_the_right_whatever_was_agreed_to(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    // Who agreed to everything, in a room as it begins.
    let student = Person::join(&relay, path, STUDENT, Role::Viewer).await?;
    let names = ["screen", "screen/low", "screen/high"];
    for (alias, name) in (5..).zip(names) {
        let mut request = student.ask_to_publish(name, alias).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    student.ask_to_publish("cam/low", 8).await?.accepted().await?;
    teacher.lead(role("presenter")).await?;
    student.ask_to_publish("screen/high", 9).await?.accepted().await?;
    Ok(())
}

async fn who_agreed_to_nothing_shares_a_screen_where_the_room_lets_them(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Person::join(&relay, path, TEACHER, Role::Moderator).await?;
    let token = relay.token_agreeing(STUDENT, Consent::UNSTATED)?;
    let mut student = Person::join_by(&relay, path, STUDENT, &token).await?;
    teacher.lock("screen", false).await?;
    shown((&teacher, &mut student), 5).await?;
    let mut request = student.ask_to_publish("cam/low", 6).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    Ok(())
}
