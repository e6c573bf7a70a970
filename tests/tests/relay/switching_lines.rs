//! What a line carries decides which rendition of a switching track is sent, and speech comes first.

use std::time::Duration;

use mosaik_link::{Link, Profile, QueueSettings};
use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Camera, Client, Dialer, Path, RENDITIONS, Relay, STUDENT, TEACHER, Viewer, metrics, room,
    track, within,
};

/// Room for the low rendition and a voice, and for nothing better.
const WEAK: u64 = 300_000;

/// What waits for it.
const QUEUE: Duration = Duration::from_millis(300);

const ROUND_TRIP: Duration = Duration::from_millis(40);

/// Towards the relay it is no bottleneck.
const UPWARDS: u64 = 10_000_000;

/// Words that are said while pictures go out, a tenth of a second each.
const WORDS: u64 = 40;
const WORD: [u8; 400] = [7; 400];

/// Another student, on a good line.
const OTHER_STUDENT: &str = "00000000000000cc";

/// A student behind a line that carries `rate` bits a second.
async fn student_behind(relay: &Relay, path: Path, rate: u64) -> anyhow::Result<(Link, Client)> {
    let server = relay.server();
    let mut profile = Profile::plain(UPWARDS, rate, ROUND_TRIP);
    profile.down.queue = QueueSettings::drop_tail(rate, QUEUE);
    let link = Link::start(profile, server.address())?;
    let dialer = Dialer::new(link.address(), server.certificates().hashes());
    let token = relay.token(STUDENT, Role::Viewer)?;
    let student = Client::join(dialer.dial(path).await?, &token).await?;
    Ok((link, student))
}

#[tokio::test]
async fn on_a_weak_line_the_low_rendition_comes_and_speech_goes_on_over_quic() -> anyhow::Result<()>
{
    on_a_weak_line_the_low_rendition_comes_and_speech_goes_on(Path::Quic).await
}

#[tokio::test]
async fn on_a_weak_line_the_low_rendition_comes_and_speech_goes_on_over_webtransport()
-> anyhow::Result<()> {
    on_a_weak_line_the_low_rendition_comes_and_speech_goes_on(Path::WebTransport).await
}

async fn on_a_weak_line_the_low_rendition_comes_and_speech_goes_on(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let (_link, student) = student_behind(&relay, path, WEAK).await?;
    let asked = student.ask_for(&track(TEACHER, "mic"), Parameters::default()).await?;
    let properties = TrackProperties::default().with_priority(32);
    let voice = teacher.asked_for("mic").await?.accept(100, properties).await?;
    let mut listening = student.established(asked).await?;
    let mut camera = Camera::start(teacher, &RENDITIONS);
    let mut viewer = Viewer::of(&student, &track(TEACHER, "cam"), Some(720)).await?;

    let mut words = voice.group(1).await?;
    words.object(0, &WORD).await?;
    let mut heard = listening.subgroup().await?;
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    for id in 0..WORDS {
        if id > 0 {
            tick.tick().await;
            words.object(id, &WORD).await?;
        }
        assert_eq!(within("a word", heard.object()).await??.location.object, id);
    }
    viewer.group_of("low").await?;
    camera.is_asked_for(&["cam/low"]).await?;
    viewer.group_of("low").await?;
    Ok(())
}

#[tokio::test]
async fn two_on_different_lines_have_different_renditions_and_no_other_is_filmed()
-> anyhow::Result<()> {
    let (relay, path) = (Relay::start()?, Path::WebTransport);
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let mut camera = Camera::start(teacher, &RENDITIONS);
    let cam = track(TEACHER, "cam");
    let (_link, weak) = student_behind(&relay, path, WEAK).await?;
    let mut weak_viewer = Viewer::of(&weak, &cam, Some(720)).await?;
    let strong = relay.join(path, OTHER_STUDENT).await?;
    let mut strong_viewer = Viewer::of(&strong, &cam, Some(720)).await?;
    strong_viewer.group_of("high").await?;
    weak_viewer.group_of("low").await?;
    camera.is_asked_for(&["cam/high", "cam/low"]).await?;
    strong_viewer.group_of("high").await?;
    weak_viewer.group_of("low").await?;
    let told = metrics(&relay).await?;
    assert!(told.sum("mosaik_switching_sessions") > 1.0, "both are counted");
    Ok(())
}
