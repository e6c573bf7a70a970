//! The relay does not wait for the end of what it forwards.

use bytes::Bytes;
use mosaik_tests::{Pair, Path, Relay, over_all};

over_all!(the_first_half_of_an_object_arrives_before_the_second_was_sent);

async fn the_first_half_of_an_object_arrives_before_the_second_was_sent(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let header = pair.track.header(1, 0);
    let mut writer = pair.track.subgroup(&header).await?;
    // Object 0 of 6 bytes, of which three are there.
    writer.write(Bytes::from_static(&[0, 6, b'a', b'b', b'c'])).await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.beginning(3).await?, &b"abc"[..]);
    writer.write(Bytes::from_static(b"def")).await?;
    assert_eq!(reader.object().await?.payload, &b"abcdef"[..]);
    Ok(())
}
