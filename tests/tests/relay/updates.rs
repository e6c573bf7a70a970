//! REQUEST_UPDATE: a subscription changes while it goes on.

use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Filter, Location, Parameters, RequestCode, TrackProperties,
};
use mosaik_tests::{Pair, Path, PublishedTrack, Relay, open_track, over_all};

over_all!(
    a_range_is_moved_while_the_track_goes_on,
    a_filter_that_cannot_be_served_ends_the_subscription,
    a_paused_subscription_goes_on_and_says_where_the_track_stands,
    an_update_before_the_answer_counts_and_is_answered_after_it
);

fn filter(filter: Filter) -> Parameters {
    Parameters { filter: Some(filter), ..Parameters::default() }
}

async fn a_range_is_moved_while_the_track_goes_on(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let Pair { track, subscriber, mut subscription, publisher: _publisher } =
        Pair::plain(&relay, path).await?;
    track.single(1, b"1").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"1"[..]);
    let later = Filter::Range(Location::new(4, 0), 5);
    let ok = subscription.update(&subscriber, filter(later)).await?;
    assert_eq!(ok.parameters.largest, Some(Location::new(1, 0)));
    for group in [2_u8, 3, 4] {
        track.single(u64::from(group), &[b'0' + group]).await?;
    }
    assert_eq!(subscription.first_object().await?.payload, &b"4"[..]);

    // The end moves too, and what is beyond it does not come.
    let wider = Filter::Range(Location::new(4, 0), 7);
    subscription.update(&subscriber, filter(wider)).await?;
    for group in [7_u8, 8, 9] {
        track.single(u64::from(group), &[b'0' + group]).await?;
    }
    assert_eq!(subscription.first_object().await?.payload, &b"7"[..]);
    let all = Filter::From(Location::new(9, 0));
    subscription.update(&subscriber, filter(all)).await?;
    assert_eq!(subscription.first_object().await?.payload, &b"9"[..]);
    Ok(())
}

async fn a_filter_that_cannot_be_served_ends_the_subscription(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    pair.track.single(9, b"9").await?;
    pair.subscription.first_object().await?;
    let passed = filter(Filter::Range(Location::new(1, 0), 3));
    pair.subscription.request.ask_to_update(&pair.subscriber, passed).await?;
    assert_eq!(pair.subscription.request.refused().await?.0, RequestCode::InvalidRange);
    let done = pair.subscription.done().await?;
    assert_eq!((done.code, done.stream_count), (u64::from(DoneCode::UpdateFailed.get()), 1));
    pair.track.cancelled().await?;
    Ok(())
}

async fn a_paused_subscription_goes_on_and_says_where_the_track_stands(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let second = relay.join(path, "00000000000000cc").await?;
    let name = mosaik_tests::track(mosaik_tests::TEACHER, "cam/mid");
    let mut witness = second.subscribe(&name, Parameters::default()).await?;
    pair.track.single(1, b"1").await?;
    pair.subscription.first_object().await?;
    witness.first_object().await?;

    let forward = |forward| Parameters { forward: Some(forward), ..Parameters::default() };
    pair.subscription.update(&pair.subscriber, forward(false)).await?;
    for group in [2, 3] {
        pair.track.single(group, b"missed").await?;
        witness.first_object().await?;
    }
    let ok = pair.subscription.update(&pair.subscriber, forward(true)).await?;
    assert_eq!(ok.parameters.largest, Some(Location::new(3, 0)));
    pair.track.single(4, b"4").await?;
    let first = pair.subscription.subgroup().await?;
    assert!(first.header.group >= 3, "group {} was paused", first.header.group);
    Ok(())
}

async fn an_update_before_the_answer_counts_and_is_answered_after_it(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, subscriber) = (relay.visit(path).await?, relay.visit(path).await?);
    let name = open_track(&["a"], "t");
    let waits = Parameters { rendezvous_timeout: Some(10_000), ..Parameters::default() };
    let mut waiting = subscriber.ask_for(&name, waits).await?;
    waiting.ask_to_update(&subscriber, filter(Filter::From(Location::new(5, 0)))).await?;
    // Both were read when a second request for the track is refused.
    let mut second = subscriber.ask_for(&name, Parameters::default()).await?;
    assert_eq!(second.refused().await?.0, RequestCode::DuplicateSubscription);
    let track = PublishedTrack::offer(&publisher, name, 1, TrackProperties::default()).await?;
    let ControlMessage::SubscribeOk(ok) = waiting.answer().await? else {
        anyhow::bail!("SUBSCRIBE_OK comes first");
    };
    waiting.accepted().await?;
    let mut subscription = subscriber.adopt(ok, waiting)?;
    track.single(4, b"4").await?;
    track.single(5, b"5").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"5"[..]);
    Ok(())
}
