//! Nobody holds a place in the relay by being silent, and there are only so many places.

use bytes::Bytes;
use mosaik_proto::moqt::SessionCode;
use mosaik_tests::{Client, Path, Relay, STUDENT, over_all};
use web_transport_trait::SendStream as _;

over_all!(
    a_peer_without_setup_is_ended,
    a_request_stream_without_a_request_ends_its_session,
    a_data_stream_without_a_header_ends_its_session,
    an_object_that_stops_half_way_ends_its_session,
    sessions_beyond_the_limit_are_refused_until_one_ends
);

async fn a_peer_without_setup_is_ended(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let wire = relay.dialer().dial(path).await?;
    // A control stream that begins and goes no further.
    let mut stream = wire.open_uni().await?;
    stream.write_chunk(Bytes::from_static(&[0xAF])).await?;
    let code = match wire.closed().await {
        mosaik_transport::TransportError::Closed { code, .. } => SessionCode::from_wire(code),
        other => anyhow::bail!("lost: {other}"),
    };
    assert_eq!(code, Some(SessionCode::ControlMessageTimeout));
    Ok(())
}

async fn a_request_stream_without_a_request_ends_its_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let client = relay.join(path, STUDENT).await?;
    let mut request = client.open_request().await?;
    request.write(Bytes::from_static(&[0x03, 0x00])).await?;
    assert_eq!(client.closed().await?, SessionCode::ControlMessageTimeout);
    Ok(())
}

async fn a_data_stream_without_a_header_ends_its_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let client = relay.join(path, STUDENT).await?;
    let mut stream = client.wire.open_uni().await?;
    stream.write_chunk(Bytes::from_static(&[0x14, 0x01])).await?;
    assert_eq!(client.closed().await?, SessionCode::DataStreamTimeout);
    Ok(())
}

async fn an_object_that_stops_half_way_ends_its_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let pair = mosaik_tests::Pair::plain(&relay, path).await?;
    let header = pair.track.header(1, 0);
    let mut writer = pair.track.subgroup(&header).await?;
    writer.write(Bytes::from_static(&[0, 6, b'a', b'b', b'c'])).await?;
    assert_eq!(pair.publisher.closed().await?, SessionCode::DataStreamTimeout);
    Ok(())
}

async fn sessions_beyond_the_limit_are_refused_until_one_ends(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start_with(&[("sessions", "2")])?;
    let first = relay.join(path, "00000000000000a1").await?;
    let _second = relay.join(path, "00000000000000a2").await?;
    assert!(relay.dialer().dial(path).await.is_err(), "a third session was let in");
    first.leave();
    let deadline = tokio::time::Instant::now() + mosaik_tests::PATIENCE;
    loop {
        let token = relay.token("00000000000000a3", mosaik_proto::room::Role::Viewer)?;
        if let Ok(wire) = relay.dialer().dial(path).await {
            Client::join(wire, &token).await?;
            return Ok(());
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "the place did not become free");
    }
}
