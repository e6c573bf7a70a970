//! A group whose stream breaks off goes on elsewhere: with its publisher, or with another one.

use mosaik_proto::moqt::{Parameters, ResetCode, TrackProperties};
use mosaik_tests::{Pair, Path, Piece, PublishedTrack, Relay, open_track, over_all};

over_all!(
    a_publisher_goes_on_with_a_group_whose_stream_it_reset,
    another_publisher_brings_the_rest_of_a_group
);

async fn a_publisher_goes_on_with_a_group_whose_stream_it_reset(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut first = pair.track.group(10).await?;
    first.object(0, b"before").await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"before"[..]);
    first.reset(ResetCode::Cancelled);
    assert_eq!(reader.next().await?, Piece::Reset(Some(ResetCode::Cancelled.get())));

    let mut second = pair.track.group(10).await?;
    second.object(1, b"behind").await?;
    second.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    let object = reader.object().await?;
    assert_eq!((object.location.group, object.location.object), (10, 1));
    assert_eq!(reader.next().await?, Piece::End);
    Ok(())
}

async fn another_publisher_brings_the_rest_of_a_group(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let name = open_track(&["a"], "t");
    let (one, two) = (relay.visit(path).await?, relay.visit(path).await?);
    let properties = TrackProperties::default;
    let of_one = PublishedTrack::offer(&one, name.clone(), 1, properties()).await?;
    let of_two = PublishedTrack::offer(&two, name.clone(), 1, properties()).await?;
    let subscriber = relay.visit(path).await?;
    let mut subscription = subscriber.subscribe(&name, Parameters::default()).await?;
    let mut lost = of_one.group(10).await?;
    lost.object(0, b"a").await?;
    let mut reader = subscription.subgroup().await?;
    assert_eq!(reader.object().await?.location.object, 0);
    let mut spare = of_two.group(10).await?;
    spare.object(0, b"a").await?;
    spare.object(1, b"b").await?;

    one.leave();
    assert!(matches!(reader.next().await?, Piece::Reset(_)), "half a group was finished");
    spare.object(2, b"c").await?;
    spare.finish()?;
    let mut reader = subscription.subgroup().await?;
    // What was read of it while the first one was there is lost with that one.
    let mut objects = Vec::new();
    loop {
        match reader.next().await? {
            Piece::Object(object) => objects.push(object.location.object),
            end => {
                assert_eq!(end, Piece::End);
                break;
            }
        }
    }
    assert!(matches!(objects[..], [1, 2] | [2]), "{objects:?}");
    Ok(())
}
