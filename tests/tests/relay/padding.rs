//! Padding is read and thrown away.

use bytes::Bytes;
use mosaik_proto::moqt::{ResetCode, padding_datagram, padding_header};
use mosaik_tests::{PATIENCE, Pair, Path, Relay, eventually, over_all, within};
use web_transport_trait::SendStream;

over_all!(padding_on_streams_and_in_datagrams_changes_nothing);

async fn padding_on_streams_and_in_datagrams_changes_nothing(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let wire = &pair.publisher.wire;
    for len in [0, 5, 1_000] {
        wire.send_datagram(padding_datagram(len))?;
    }
    // More than the relay's windows hold: it is really read.
    if let Some(mut padding) = wire.pad(24 << 20) {
        let mut left = 1;
        eventually("the relay took all padding", PATIENCE, || {
            left = padding.write().unwrap_or(u64::MAX);
            left == 0
        })
        .await?;
        let taken_back = wire.pad(1 << 30).ok_or_else(|| anyhow::anyhow!("no stream"))?;
        taken_back.cancel();
    } else {
        let mut stream = wire.open_uni().await?;
        stream.write_chunk(padding_header()).await?;
        for _ in 0..24 {
            within("taking padding", stream.write_chunk(Bytes::from(vec![0; 1 << 20]))).await??;
        }
        stream.finish()?;
        let mut taken_back = wire.open_uni().await?;
        taken_back.write_chunk(padding_header()).await?;
        taken_back.reset(ResetCode::Cancelled.get());
    }
    pair.track.single(1, b"beside it").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"beside it"[..]);
    Ok(())
}
