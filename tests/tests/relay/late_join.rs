//! Who comes late sees the newest group from its start.

use mosaik_proto::moqt::{Location, Parameters};
use mosaik_tests::{Pair, Path, Relay, TEACHER, over_all, track};

over_all!(a_late_joiner_starts_at_the_newest_groups_first_object);

const LATE: &str = "00000000000000cc";

async fn a_late_joiner_starts_at_the_newest_groups_first_object(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    pair.track.single(1, b"old").await?;
    let mut newest = pair.track.group(2).await?;
    newest.object(0, b"key frame").await?;
    newest.object(1, b"delta 1").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"old"[..]);
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.object().await?.location, Location::new(2, 0));
    assert_eq!(reader.object().await?.location, Location::new(2, 1));

    let late = relay.join(path, LATE).await?;
    let mut subscription =
        late.subscribe(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    assert_eq!(subscription.ok.parameters.largest, Some(Location::new(2, 1)));
    let mut reader = subscription.subgroup().await?;
    let first = reader.object().await?;
    assert_eq!((first.location, &first.payload[..]), (Location::new(2, 0), &b"key frame"[..]));
    assert_eq!(reader.object().await?.payload, &b"delta 1"[..]);
    newest.object(2, b"delta 2").await?;
    assert_eq!(reader.object().await?.payload, &b"delta 2"[..]);
    assert!(reader.header.first_object);
    Ok(())
}
