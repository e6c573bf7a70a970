//! Whoever has a weak line is told why the picture is smaller, and so is who leads.

use std::time::Duration;

use mosaik_link::{Link, Profile, QueueSettings};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Camera, Client, Dialer, LESSON, Member, Path, RENDITIONS, Relay, STUDENT, TEACHER, Viewer,
    room, track,
};
use serde_json::{Value, json};

/// Room for the second rendition of the camera at most, of four.
const WEAK: u64 = 500_000;

/// What waits for it.
const QUEUE: Duration = Duration::from_millis(300);

const ROUND_TRIP: Duration = Duration::from_millis(40);

/// Towards the relay it is no bottleneck.
const UPWARDS: u64 = 10_000_000;

/// Another student, whose camera is on.
const FILMED: &str = "00000000000000cc";

#[tokio::test]
async fn a_student_on_a_weak_line_and_the_teacher_know_why_the_picture_is_reduced_over_quic()
-> anyhow::Result<()> {
    a_student_on_a_weak_line_and_the_teacher_know_why_the_picture_is_reduced(Path::Quic).await
}

#[tokio::test]
async fn a_student_on_a_weak_line_and_the_teacher_know_why_the_picture_is_reduced_over_websocket()
-> anyhow::Result<()> {
    a_student_on_a_weak_line_and_the_teacher_know_why_the_picture_is_reduced(Path::WebSocket).await
}

async fn a_student_on_a_weak_line_and_the_teacher_know_why_the_picture_is_reduced(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut filmed = relay.join(path, FILMED).await?;
    filmed.announce(&room(FILMED)).await?;
    let _camera = Camera::start(filmed, &RENDITIONS);
    let (_link, mut student) = student_behind(&relay, path).await?;
    let _viewer = Viewer::of(&student.client, &track(FILMED, "cam"), Some(720)).await?;

    let is_reduced = |line: &Value| line.get("picture") == Some(&json!("reduced"));
    let has_reason = |line: &Value| line.get("reason") == Some(&json!("lineFull"));
    let own = |object: &Value| object.get("line").cloned().unwrap_or_default();
    let why = |object: &Value| is_reduced(&own(object)) && has_reason(&own(object));
    let told = student.inbox.hear("a smaller picture, and why", why).await?;
    let delay_ms = told.pointer("/line/delayMs").and_then(Value::as_u64).unwrap_or_default();
    assert!(delay_ms >= 40, "{told}");

    let is_theirs = |object: &Value| {
        let lines = object.get("lines").and_then(Value::as_array);
        lines.into_iter().flatten().any(|of| {
            let line = of.get("line").cloned().unwrap_or_default();
            of.get("id") == Some(&json!(STUDENT)) && is_reduced(&line) && has_reason(&line)
        })
    };
    teacher.inbox.hear("the student's line", is_theirs).await?;
    Ok(())
}

/// A student behind a line that carries [`WEAK`] bits a second.
async fn student_behind(relay: &Relay, path: Path) -> anyhow::Result<(Link, Member)> {
    let server = relay.server();
    let mut profile = Profile::plain(UPWARDS, WEAK, ROUND_TRIP);
    profile.down.queue = QueueSettings::drop_tail(WEAK, QUEUE);
    let link = Link::start(profile, server.address())?;
    let dialer = Dialer::new(link.address(), server.certificates().hashes());
    let token = relay.token(STUDENT, Role::Viewer)?;
    let client = Client::join(dialer.dial(path).await?, &token).await?;
    Ok((link, Member::enter(client, LESSON, STUDENT).await?))
}
