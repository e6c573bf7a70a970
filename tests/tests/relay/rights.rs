//! A token's holder gets what docs/protocol.md grants, and nothing else.

use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, Parameters, Publish, RequestCode, TrackProperties,
    TrackStatus,
};
use mosaik_tests::{LESSON, OTHER, Path, Relay, STUDENT, TEACHER, over_all, room, track};

over_all!(
    a_viewer_cannot_publish_for_the_teacher,
    a_viewer_cannot_read_what_is_not_for_them,
    a_refused_request_leaves_the_session_as_it_was,
    a_refusal_is_not_overtaken_by_a_stop
);

fn named(fields: &[&str], track: &str) -> FullTrackName {
    FullTrackName::new(Namespace::of(fields), track.as_bytes().to_vec())
}

async fn a_viewer_cannot_publish_for_the_teacher(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    for namespace in
        [&[LESSON, TEACHER][..], &[LESSON], &[OTHER, STUDENT], &[LESSON, STUDENT, "more"], &[]]
    {
        let mut request = student.ask_to_announce(&Namespace::of(namespace)).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{namespace:?}");
    }
    for name in [
        track(TEACHER, "cam/mid"),
        track(TEACHER, "commands"),
        track(STUDENT, "anything"),
        named(&[LESSON], "state"),
        named(&[LESSON], "inbox/00000000000000bb"),
        named(&[OTHER, STUDENT], "mic"),
    ] {
        let message = Publish {
            request_id: student.next_id(),
            name: name.clone(),
            track_alias: 1,
            parameters: Parameters::default(),
            properties: TrackProperties::default(),
        };
        let mut request = student.request(&ControlMessage::Publish(message)).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    Ok(())
}

async fn a_viewer_cannot_read_what_is_not_for_them(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    for name in [
        named(&[OTHER, TEACHER], "cam/mid"),
        named(&[OTHER], "state"),
        named(&[LESSON], &format!("inbox/{TEACHER}")),
        named(&[LESSON], "inbox/"),
        named(&[LESSON], "states"),
        track(TEACHER, "commands"),
        track(STUDENT, "commands"),
        track(TEACHER, "mic2"),
        named(&[], "state"),
        named(&[LESSON, TEACHER, "more"], "mic"),
    ] {
        let mut request = student.ask_for(&name, Parameters::default()).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
        let message = TrackStatus {
            request_id: student.next_id(),
            name: name.clone(),
            parameters: Parameters::default(),
        };
        let mut request = student.request(&ControlMessage::TrackStatus(message)).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name}");
    }
    for reserved in [".session", "."] {
        let mut request = student.ask_for(&named(&[reserved], "x"), Parameters::default()).await?;
        assert_eq!(request.refused().await?.0, RequestCode::DoesNotExist, "{reserved}");
    }
    Ok(())
}

async fn a_refused_request_leaves_the_session_as_it_was(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut student = relay.join(path, STUDENT).await?;
    let mut refused = student.ask_to_announce(&room(TEACHER)).await?;
    assert_eq!(refused.refused().await?.0, RequestCode::Unauthorized);
    student.announce(&room(STUDENT)).await?;
    let own = student.ask_for(&track(STUDENT, "mic"), Parameters::default()).await?;
    let asked = student.asked_for("mic").await?;
    let _track = asked.accept(1, TrackProperties::default()).await?;
    student.established(own).await?;
    Ok(())
}

/// For a peer that hears STOP_SENDING first, the request was cancelled without an answer.
async fn a_refusal_is_not_overtaken_by_a_stop(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    let unknown = track(TEACHER, "mic");
    let mut request = student.ask_for(&unknown, Parameters::default()).await?;
    assert_eq!(request.refused().await?.0, RequestCode::DoesNotExist);
    assert!(request.next().await?.is_none());
    request.finish()?;
    request.heard_out().await
}
