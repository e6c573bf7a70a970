//! A publisher is asked once for a track, however many want it, and told when nobody does.

use mosaik_proto::moqt::{DoneCode, Parameters, TrackProperties};
use mosaik_tests::{Pair, Path, Relay, TEACHER, over_all, track};

over_all!(
    one_subscription_upstream_serves_all_and_ends_with_the_last,
    the_end_of_a_track_reaches_its_subscribers_after_its_objects,
    a_refusal_of_the_publisher_reaches_the_subscriber,
    a_publisher_that_goes_away_does_not_send_its_subscribers_away
);

async fn one_subscription_upstream_serves_all_and_ends_with_the_last(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut others = Vec::new();
    for number in 0..8 {
        let client = relay.join(path, &format!("00000000000001{number:02x}")).await?;
        let name = track(TEACHER, "cam/mid");
        let subscription = client.subscribe(&name, Parameters::default()).await?;
        others.push((client, subscription));
    }
    pair.track.single(1, b"for all").await?;
    for (_, subscription) in &mut others {
        assert_eq!(subscription.first_object().await?.payload, &b"for all"[..]);
    }
    assert_eq!(pair.subscription.first_object().await?.payload, &b"for all"[..]);

    // The next thing the publisher is asked for is another track: there was no second SUBSCRIBE
    // for this one, which would have come first.
    let mic = track(TEACHER, "mic");
    let waiting = pair.subscriber.ask_for(&mic, Parameters::default()).await?;
    let _mic = loop {
        let asked = pair.publisher.next_asked().await?;
        assert_ne!(asked.subscribe.name.track, &b"cam/mid"[..], "asked twice");
        if asked.subscribe.name == mic {
            break asked.accept(8, TrackProperties::default()).await?;
        }
        asked.refuse().await?;
    };
    pair.subscriber.established(waiting).await?;

    // Whether one cancels or loses its session, the others go on.
    pair.subscription.cancel();
    let (client, mut last) = others.remove(0);
    for (client, subscription) in others {
        drop(subscription);
        client.leave();
    }
    pair.track.single(2, b"for one").await?;
    assert_eq!(last.first_object().await?.payload, &b"for one"[..]);
    last.cancel();
    pair.track.cancelled().await?;
    client.leave();
    Ok(())
}

async fn the_end_of_a_track_reaches_its_subscribers_after_its_objects(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    pair.track.single(1, b"last words").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"last words"[..]);
    pair.track.done(DoneCode::TrackEnded).await?;
    let done = pair.subscription.done().await?;
    assert_eq!(done.code, u64::from(DoneCode::TrackEnded.get()));
    assert_eq!(done.stream_count, 1);
    Ok(())
}

async fn a_refusal_of_the_publisher_reaches_the_subscriber(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::RequestCode;
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let request =
        pair.subscriber.ask_for(&track(TEACHER, "cam/high"), Parameters::default()).await?;
    pair.publisher.asked_for("cam/high").await?.refuse().await?;
    let mut request = request;
    assert_eq!(request.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn a_publisher_that_goes_away_does_not_send_its_subscribers_away(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    for code in [DoneCode::GoingAway, DoneCode::TooFarBehind, DoneCode::Unauthorized] {
        let mut pair = Pair::plain(&relay, path).await?;
        pair.track.done(code).await?;
        let told = DoneCode::from_wire(pair.subscription.done().await?.code);
        let of_theirs = [Some(DoneCode::TrackEnded), Some(DoneCode::InternalError)];
        anyhow::ensure!(of_theirs.contains(&told), "{code:?} was told as {told:?}");
    }
    Ok(())
}
