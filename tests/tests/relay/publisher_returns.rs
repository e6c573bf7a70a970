//! A publisher whose line was cut comes back, and its subscribers need not do anything.

use std::time::Duration;

use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_tests::{Client, Pair, Path, Piece, Relay, STUDENT, TEACHER, over_all, room, track};

over_all!(
    a_subscription_goes_on_when_its_publisher_comes_back,
    a_publisher_that_falls_silent_is_replaced_by_its_next_session
);

async fn a_subscription_goes_on_when_its_publisher_comes_back(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut group = pair.track.group(10).await?;
    group.object(0, b"before").await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"before"[..]);

    pair.publisher.leave();
    assert!(matches!(reader.next().await?, Piece::Reset(_)), "half a group was finished");

    let mut back = relay.join(path, TEACHER).await?;
    back.announce(&room(TEACHER)).await?;
    let again = back.asked_for("cam/mid").await?.accept(1, TrackProperties::default()).await?;
    again.single(11, b"after").await?;
    let object = pair.subscription.first_object().await?;
    assert_eq!((object.location.group, &object.payload[..]), (11, &b"after"[..]));
    Ok(())
}

/// The publisher lives in a runtime of its own that is simply not driven any more: to the relay it
/// is a line that went dead.
async fn a_publisher_that_falls_silent_is_replaced_by_its_next_session(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start_with(&[("idle_timeout", "5")])?;
    let student = relay.join(path, STUDENT).await?;
    let parameters = Parameters { rendezvous_timeout: Some(20_000), ..Parameters::default() };
    let waiting = student.ask_for(&track(TEACHER, "cam/mid"), parameters).await?;
    let (dialer, token) =
        (relay.dialer().apart(), relay.token(TEACHER, mosaik_proto::room::Role::Moderator)?);
    let dead = std::thread::spawn(move || -> anyhow::Result<_> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let held = runtime.block_on(async {
            let mut teacher = Client::join(dialer.dial(path).await?, &token).await?;
            teacher.announce(&room(TEACHER)).await?;
            let asked = teacher.asked_for("cam/mid").await?;
            let track = asked.accept(1, TrackProperties::default()).await?;
            track.single(1, b"alive").await?;
            // Until the relay has all of it.
            let mut last = track.group(2).await?;
            last.object(0, b"last").await?;
            last.finish_and_wait().await?;
            anyhow::Ok((teacher, track))
        })?;
        Ok((runtime, held))
    });
    let mut subscription = student.established(waiting).await?;
    assert_eq!(subscription.first_object().await?.payload, &b"alive"[..]);
    assert_eq!(subscription.first_object().await?.payload, &b"last"[..]);
    let dead = tokio::task::spawn_blocking(move || dead.join())
        .await?
        .map_err(|_| anyhow::anyhow!("the publisher's thread panicked"))??;

    let mut back = relay.join(path, TEACHER).await?;
    back.announce(&room(TEACHER)).await?;
    let asked = tokio::time::timeout(Duration::from_secs(12), back.asked_for("cam/mid")).await??;
    let again = asked.accept(1, TrackProperties::default()).await?;
    again.single(3, b"back").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"back"[..]);
    std::thread::spawn(move || drop(dead)).join().map_err(|_| anyhow::anyhow!("panicked"))?;
    Ok(())
}
