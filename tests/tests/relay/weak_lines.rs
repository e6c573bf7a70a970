//! Sessions over lines that lose packets, and over lines whose address changes.

use std::time::Duration;

use mosaik_link::{Link, Profile};
use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Dialer, Pair, Path, Piece, Relay, STUDENT, TEACHER, over_all, room, track, within,
};

over_all!(a_weak_line_brings_every_picture_whole_and_in_order);

/// Two seconds of `dsl-1m`.
const PICTURES: u64 = 60;
static PICTURE: [u8; 4 << 10] = [0x5A; 4 << 10];

/// A student behind `link`.
async fn student(relay: &Relay, link: &Link, path: Path) -> anyhow::Result<Client> {
    let dialer = Dialer::new(link.address(), relay.server().certificates().hashes());
    Client::join(dialer.dial(path).await?, &relay.token(STUDENT, Role::Viewer)?).await
}

/// A teacher on a good line, whose camera a student behind `link` has.
async fn pair(relay: &Relay, link: &Link, path: Path) -> anyhow::Result<Pair> {
    let mut publisher = relay.join(path, TEACHER).await?;
    publisher.announce(&room(TEACHER)).await?;
    let subscriber = student(relay, link, path).await?;
    let asked = subscriber.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let asked_for = publisher.asked_for("cam/mid").await?;
    let track = asked_for.accept(1, TrackProperties::default()).await?;
    let subscription = subscriber.established(asked).await?;
    Ok(Pair { publisher, track, subscriber, subscription })
}

async fn a_weak_line_brings_every_picture_whole_and_in_order(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let link = Link::start(Profile::named("dsl-1m")?, relay.server().address())?;
    let Pair {
        track: camera,
        subscription: mut watching,
        publisher: _teacher,
        subscriber: _student,
    } = pair(&relay, &link, path).await?;

    let mut pictures = camera.group(1).await?;
    for id in 0..PICTURES {
        pictures.object(id, &PICTURE).await?;
    }
    pictures.finish()?;
    let mut seen = watching.subgroup().await?;
    for id in 0..PICTURES {
        let picture = seen.object().await?;
        assert_eq!((picture.location.object, picture.payload.as_ref()), (id, &PICTURE[..]));
    }
    assert_eq!(seen.next().await?, Piece::End);
    let down = link.stats()?.down;
    assert!(down.sent_bytes > PICTURES * u64::try_from(PICTURE.len())?, "another way: {down:?}");
    assert!(down.drops.line > 0, "nothing was lost: {down:?}");
    Ok(())
}

#[tokio::test]
async fn a_session_over_quic_lives_on_when_its_address_changes() -> anyhow::Result<()> {
    a_session_lives_on_when_its_address_changes(Path::Quic).await
}

#[tokio::test]
async fn a_session_over_webtransport_lives_on_when_its_address_changes() -> anyhow::Result<()> {
    a_session_lives_on_when_its_address_changes(Path::WebTransport).await
}

async fn a_session_lives_on_when_its_address_changes(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let line = Profile::plain(5_000_000, 5_000_000, Duration::from_millis(20));
    let link = Link::start(line, relay.server().address())?;
    let Pair {
        track: camera,
        subscription: mut watching,
        publisher: mut teacher,
        subscriber: student,
    } = pair(&relay, &link, path).await?;
    let mut group = camera.group(1).await?;
    group.object(0, b"before").await?;
    let mut seen = watching.subgroup().await?;
    assert_eq!(seen.object().await?.payload, &b"before"[..]);

    for (change, alias) in [(1, 2), (2, 3)] {
        link.rebind()?;
        // What the relay sends to the old address vanishes. It learns of the new one from whatever
        // the student says next, here that it wants another track.
        let name = format!("cam/{change}");
        let asked = student.ask_for(&track(TEACHER, &name), Parameters::default()).await?;
        let asked_for = within("the question", teacher.asked_for(&name)).await??;
        let _other = asked_for.accept(alias, TrackProperties::default()).await?;
        within("the answer", student.established(asked)).await??;
        group.object(change, b"after").await?;
        assert_eq!(seen.object().await?.payload, &b"after"[..]);
    }
    assert_eq!(link.stats()?.udp_clients, 1, "it came as somebody else");
    Ok(())
}
