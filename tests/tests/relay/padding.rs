//! Padding is read and thrown away.

use mosaik_proto::moqt::padding_datagram;
use mosaik_tests::{PATIENCE, Pair, Path, Relay, eventually, over_both};

over_both!(padding_on_streams_and_in_datagrams_changes_nothing);

async fn padding_on_streams_and_in_datagrams_changes_nothing(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let wire = &pair.publisher.wire;
    for len in [0, 5, 1_000] {
        wire.send_datagram(padding_datagram(len))?;
    }
    // More than the relay's windows hold: it is really read.
    let mut padding = wire.pad(24 << 20).ok_or_else(|| anyhow::anyhow!("no stream"))?;
    let mut left = 1;
    eventually("the relay took all padding", PATIENCE, || {
        left = padding.write().unwrap_or(u64::MAX);
        left == 0
    })
    .await?;
    let taken_back = wire.pad(1 << 30).ok_or_else(|| anyhow::anyhow!("no stream"))?;
    taken_back.cancel();
    pair.track.single(1, b"beside it").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"beside it"[..]);
    Ok(())
}
