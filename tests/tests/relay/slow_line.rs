//! On a slow line pictures wait in the relay, where newer ones can take their place, and speech does
//! not wait for them.

use std::time::Duration;

use mosaik_link::{Link, Profile, QueueSettings};
use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Dialer, Path, Piece, Relay, STUDENT, TEACHER, metrics, room, track, within,
};

/// What the line carries: a voice, and a seventh of the picture.
const BITS_PER_SECOND: u64 = 500_000;

/// What waits for it: 320 ms.
const QUEUE: Duration = Duration::from_millis(320);

/// Towards the relay it is no bottleneck.
const UPWARDS: u64 = 100_000_000;

/// 60 ms of this line as it looks before its queue has filled, what is urgent, and what was said about
/// streams: far below the bytes that may be on their way to a session. Above TCP nobody sees what
/// of it has left the system's memory.
const WAITING_MAX: u64 = 32_000;

/// What the line carries while a word is on its way: a quarter of a second of it, less than a full queue.
const BEFORE_A_WORD_MAX: u64 = 16_000;

/// A picture with the needs of a lesson in high quality: half a megabyte in a burst.
const PICTURES: u64 = 60;
static PICTURE: [u8; 8 << 10] = [0x5A; 8 << 10];

/// Words that are said while the pictures go out.
const SYLLABLES: u64 = 15;
const SYLLABLE: [u8; 80] = [7; 80];

#[tokio::test]
async fn speech_does_not_wait_for_pictures_over_quic() -> anyhow::Result<()> {
    speech_does_not_wait_for_pictures(Path::Quic).await
}

#[tokio::test]
async fn speech_does_not_wait_for_pictures_over_webtransport() -> anyhow::Result<()> {
    speech_does_not_wait_for_pictures(Path::WebTransport).await
}

#[tokio::test]
async fn speech_does_not_wait_for_pictures_over_a_websocket() -> anyhow::Result<()> {
    speech_does_not_wait_for_pictures(Path::WebSocket).await
}

async fn speech_does_not_wait_for_pictures(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let server = relay.server();
    let mut profile = Profile::plain(UPWARDS, BITS_PER_SECOND, Duration::ZERO);
    profile.down.queue = QueueSettings::drop_tail(BITS_PER_SECOND, QUEUE);
    let line = Link::start(profile, server.address())?;
    let slow = Dialer::new(line.address(), server.certificates().hashes());
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let token = relay.token(STUDENT, Role::Viewer)?;
    let student = Client::join(slow.dial(path).await?, &token).await?;

    let asked = student.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let properties = TrackProperties::default().with_priority(160);
    let camera = teacher.asked_for("cam/mid").await?.accept(1, properties).await?;
    let mut watching = student.established(asked).await?;
    let asked = student.ask_for(&track(TEACHER, "mic"), Parameters::default()).await?;
    let properties = TrackProperties::default().with_priority(32);
    let voice = teacher.asked_for("mic").await?.accept(2, properties).await?;
    let mut listening = student.established(asked).await?;

    let before = (handed(&relay).await?, line.stats()?.udp_down_bytes);
    let mut pictures = camera.group(1).await?;
    for id in 0..PICTURES {
        pictures.object(id, &PICTURE).await?;
    }
    pictures.finish()?;
    let mut seen = watching.subgroup().await?;
    let picture = seen.object().await?;
    assert_eq!(picture.payload, &PICTURE[..]);

    // A word every few kilobytes of pictures, heard before the next is said.
    let mut words = voice.group(1).await?;
    words.object(0, &SYLLABLE).await?;
    let mut heard = listening.subgroup().await?;
    let is_seen = path != Path::WebSocket;
    let (mut waited, mut went_before) = (Vec::new(), Vec::new());
    for id in 0..SYLLABLES {
        let said = line.stats()?.down.sent_bytes;
        if id > 0 {
            words.object(id, &SYLLABLE).await?;
        }
        assert_eq!(within("a word", heard.object()).await??.payload, &SYLLABLE[..]);
        went_before.push(line.stats()?.down.sent_bytes - said);
        // What was handed to the transport and has not left the relay.
        let handed = handed(&relay).await? - before.0;
        if is_seen {
            waited.push(handed.saturating_sub(line.stats()?.udp_down_bytes - before.1));
        }
    }
    // One word may be late: a machine that stands still for a while looks like a faster line.
    let is_held = |bytes: &[u64], most| bytes.iter().filter(|bytes| **bytes >= most).count() <= 1;
    assert!(is_held(&went_before, BEFORE_A_WORD_MAX), "went before each word: {went_before:?}");
    assert!(is_held(&waited, WAITING_MAX), "wait below after each word: {waited:?}");
    let all = PICTURES * u64::try_from(PICTURE.len())?;
    assert!(handed(&relay).await? - before.0 < all, "the pictures were over before the words");
    for _ in 1..PICTURES {
        assert_eq!(seen.object().await?.payload, &PICTURE[..]);
    }
    assert_eq!(seen.next().await?, Piece::End, "a picture was lost");
    Ok(())
}

/// Bytes that the relay has handed to its transport.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of bytes")]
async fn handed(relay: &Relay) -> anyhow::Result<u64> {
    Ok(metrics(relay).await?.sum("mosaik_sent_bytes_total") as u64)
}
