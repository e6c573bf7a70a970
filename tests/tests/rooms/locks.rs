//! Locks hold for tracks: of the microphone, of cameras, and for who has a second token.

use std::time::Duration;

use anyhow::Context;
use mosaik_proto::moqt::{
    AuthToken, ControlMessage, DoneCode, Parameters, RequestCode, TrackProperties, TrackStatus,
};
use mosaik_proto::room::Role;
use mosaik_tests::{Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track, within};
use serde_json::json;

use crate::person::Person;

over_all!(
    a_microphone_that_is_locked_falls_silent_at_once,
    a_publish_by_hand_of_what_is_locked_is_refused_and_one_that_runs_is_ended,
    cameras_of_other_viewers_are_not_to_be_had_by_hand
);

const OTHER_STUDENT: &str = "00000000000000cc";

/// From the teacher's command to the silence.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn class(relay: &Relay, path: Path) -> anyhow::Result<(Person, Person)> {
    let teacher = Person::join(relay, path, TEACHER, Role::Moderator).await?;
    Ok((teacher, Person::join(relay, path, STUDENT, Role::Viewer).await?))
}

async fn a_microphone_that_is_locked_falls_silent_at_once(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, mut student) = class(&relay, path).await?;
    let name = track(STUDENT, "mic");
    let asking = teacher.client.ask_for(&name, Parameters::default()).await?;
    let asked = student.client.asked_for("mic").await?;
    let mut mic = asked.accept(1, TrackProperties::default()).await?;
    let mut heard = teacher.client.established(asking).await?;
    let mut group = mic.group(1).await?;
    group.object(0, b"before").await?;
    assert_eq!(heard.first_object().await?.payload, b"before"[..]);

    let begun = tokio::time::Instant::now();
    teacher.lock("microphone", true).await?;
    assert_eq!(heard.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    mic.cancelled().await?;
    assert!(begun.elapsed() < AT_ONCE, "{:?}", begun.elapsed());

    // Who sends on is not heard, whatever it is called; and is not even asked.
    let _ = group.object(1, b"after").await;
    let _ = mic.single(2, b"after").await;
    assert_eq!(teacher.is_refused(&name).await?, RequestCode::Unauthorized);
    assert!(heard.try_subgroup().is_none());

    teacher.lock("microphone", false).await?;
    let asking = teacher.client.ask_for(&name, Parameters::default()).await?;
    let mic = student.client.asked_for("mic").await?.accept(2, TrackProperties::default()).await?;
    let mut heard = teacher.client.established(asking).await?;
    mic.single(3, b"again").await?;
    assert_eq!(heard.first_object().await?.payload, b"again"[..]);
    Ok(())
}

async fn a_publish_by_hand_of_what_is_locked_is_refused_and_one_that_runs_is_ended(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = class(&relay, path).await?;
    let properties = TrackProperties::default();
    let mut running =
        PublishedTrack::offer(&student.client, track(STUDENT, "mic"), 5, properties).await?;
    teacher.lead(json!({ "kind": "usePreset", "preset": "lecture" })).await?;
    running.cancelled().await?;
    for name in ["mic", "cam/low", "cam", "screen/low"] {
        let mut request = student.ask_to_publish(name, 6).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    student.ask_to_publish("catalog", 7).await?.accepted().await?;
    // A second token of the same participant opens nothing more.
    let token = relay.token(STUDENT, Role::Moderator)?;
    let tokens = vec![AuthToken::value(token.into_bytes())];
    let message = mosaik_proto::moqt::Publish {
        request_id: student.client.next_id(),
        name: track(STUDENT, "mic"),
        track_alias: 8,
        parameters: Parameters { tokens, ..Parameters::default() },
        properties: TrackProperties::default(),
    };
    let mut request = student.client.request(&ControlMessage::Publish(message)).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);

    let present = json!({ "kind": "setRole", "id": STUDENT, "role": "presenter" });
    teacher.lead(present).await?;
    student.ask_to_publish("mic", 9).await?.accepted().await?;
    Ok(())
}

async fn cameras_of_other_viewers_are_not_to_be_had_by_hand(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = class(&relay, path).await?;
    let other = Person::join(&relay, path, OTHER_STUDENT, Role::Viewer).await?;
    let properties = TrackProperties::default();
    let mut offers = Vec::new();
    for (person, id) in [(&other, OTHER_STUDENT), (&teacher, TEACHER)] {
        for (alias, name) in [(1, "cam/low"), (2, "mic")] {
            let name = track(id, name);
            let offered = PublishedTrack::offer(&person.client, name, alias, properties.clone());
            offers.push(offered.await?);
        }
    }
    let camera = track(OTHER_STUDENT, "cam/low");
    let mut seen = student.client.subscribe(&camera, Parameters::default()).await?;
    let mut shown =
        student.client.subscribe(&track(TEACHER, "cam/low"), Parameters::default()).await?;
    teacher.lock("othersCameras", true).await?;
    assert_eq!(seen.done().await?.code, u64::from(DoneCode::Unauthorized.get()));
    for name in ["cam/low", "cam"] {
        let name = track(OTHER_STUDENT, name);
        assert_eq!(student.is_refused(&name).await?, RequestCode::Unauthorized, "{name}");
        let (request_id, parameters) = (student.client.next_id(), Parameters::default());
        let status = TrackStatus { request_id, name, parameters };
        let mut asked = student.client.request(&ControlMessage::TrackStatus(status)).await?;
        assert_eq!(asked.refused().await?.0, RequestCode::Unauthorized);
    }
    // Speech goes on, the teacher is seen, and the teacher sees everyone.
    student.client.subscribe(&track(OTHER_STUDENT, "mic"), Parameters::default()).await?;
    teacher.client.subscribe(&camera, Parameters::default()).await?;
    let offered = offers.get(2).context("the teacher's camera")?;
    offered.single(1, b"teacher").await?;
    assert_eq!(within("the teacher", shown.first_object()).await??.payload, b"teacher"[..]);
    Ok(())
}
