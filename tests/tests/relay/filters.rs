//! SUBSCRIPTION_FILTER decides where a subscription begins and ends.

use mosaik_proto::moqt::{Filter, Location, Parameters, RequestCode};
use mosaik_tests::{Client, Pair, Path, Relay, Subscription, TEACHER, over_all, track};

over_all!(
    next_group_start_skips_the_group_under_way,
    largest_object_goes_on_within_the_group_under_way,
    an_absolute_start_in_the_future_waits_for_it,
    a_range_ends_with_its_last_group,
    a_range_that_has_passed_is_refused
);

/// A pair whose subscriber has objects 0 and 1 of group 5, and a late client.
struct UnderWay {
    pair: Pair,
    group: mosaik_tests::SubgroupWriter,
    late: Client,
    _relay: Relay,
}

impl UnderWay {
    async fn new(path: Path) -> anyhow::Result<Self> {
        let relay = Relay::start()?;
        let mut pair = Pair::plain(&relay, path).await?;
        let mut group = pair.track.group(5).await?;
        group.object(0, b"5/0").await?;
        group.object(1, b"5/1").await?;
        let mut reader = pair.subscription.subgroup().await?;
        reader.object().await?;
        reader.object().await?;
        let late = relay.join(path, "00000000000000cc").await?;
        Ok(Self { pair, group, late, _relay: relay })
    }

    async fn subscribe(&self, filter: Filter) -> anyhow::Result<Subscription> {
        let parameters = Parameters { filter: Some(filter), ..Parameters::default() };
        self.late.subscribe(&track(TEACHER, "cam/mid"), parameters).await
    }
}

async fn next_group_start_skips_the_group_under_way(path: Path) -> anyhow::Result<()> {
    let mut there = UnderWay::new(path).await?;
    let mut subscription = there.subscribe(Filter::NextGroupStart).await?;
    there.group.object(2, b"5/2").await?;
    there.pair.track.single(6, b"6/0").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"6/0"[..]);
    Ok(())
}

async fn largest_object_goes_on_within_the_group_under_way(path: Path) -> anyhow::Result<()> {
    let mut there = UnderWay::new(path).await?;
    let mut subscription = there.subscribe(Filter::LargestObject).await?;
    there.group.object(4, b"5/4").await?;
    let mut reader = subscription.subgroup().await?;
    let object = reader.object().await?;
    assert_eq!((object.location, &object.payload[..]), (Location::new(5, 4), &b"5/4"[..]));
    assert!(!reader.header.first_object, "it is not the first one of the subgroup");
    there.group.object(5, b"5/5").await?;
    assert_eq!(reader.object().await?.location, Location::new(5, 5));
    Ok(())
}

async fn an_absolute_start_in_the_future_waits_for_it(path: Path) -> anyhow::Result<()> {
    let there = UnderWay::new(path).await?;
    let mut subscription = there.subscribe(Filter::From(Location::new(7, 1))).await?;
    there.pair.track.single(6, b"6/0").await?;
    let mut group = there.pair.track.group(7).await?;
    for id in 0..3 {
        group.object(id, format!("7/{id}").as_bytes()).await?;
    }
    let mut reader = subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"7/1"[..]);
    assert_eq!(reader.object().await?.payload, &b"7/2"[..]);
    Ok(())
}

async fn a_range_ends_with_its_last_group(path: Path) -> anyhow::Result<()> {
    let mut there = UnderWay::new(path).await?;
    let range = Filter::Range(Location::new(6, 0), 7);
    let mut subscription = there.subscribe(range).await?;
    for group in 6..=8 {
        there.pair.track.single(group, &[u8::try_from(group)?]).await?;
    }
    // Groups are streams, and streams may overtake each other.
    let first = subscription.first_object().await?.location.group;
    let second = subscription.first_object().await?.location.group;
    assert_eq!([first.min(second), first.max(second)], [6, 7]);
    // Who has no range gets group 8; whoever has one would have had it by then as well.
    while there.pair.subscription.first_object().await?.location.group != 8 {}
    assert!(subscription.try_subgroup().is_none(), "there was more than the range");
    Ok(())
}

async fn a_range_that_has_passed_is_refused(path: Path) -> anyhow::Result<()> {
    let there = UnderWay::new(path).await?;
    let parameters =
        Parameters { filter: Some(Filter::Range(Location::new(1, 0), 3)), ..Parameters::default() };
    let mut request = there.late.ask_for(&track(TEACHER, "cam/mid"), parameters).await?;
    assert_eq!(request.refused().await?.0, RequestCode::InvalidRange);
    Ok(())
}
