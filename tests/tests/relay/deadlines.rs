//! Nobody holds a place in the relay by being silent, and there are only so many places.

use bytes::Bytes;
use mosaik_proto::moqt::SessionCode;
use mosaik_tests::{Client, Path, Relay, STUDENT, Wire, metrics, over_all, within};
use mosaik_transport::TransportError;
use web_transport_trait::SendStream as _;

over_all!(
    a_peer_without_setup_is_ended,
    a_request_stream_without_a_request_ends_its_session,
    a_data_stream_without_a_header_ends_its_session,
    an_object_that_stops_half_way_ends_its_session,
    sessions_beyond_the_limit_are_refused_until_one_ends,
    who_says_nothing_holds_no_place_that_others_need
);

/// The code that the relay ends a session with.
async fn ended(wire: &Wire) -> anyhow::Result<Option<SessionCode>> {
    match within("the session's end", wire.closed()).await? {
        TransportError::Closed { code, .. } => Ok(SessionCode::from_wire(code)),
        other => anyhow::bail!("lost: {other}"),
    }
}

/// Nobody is let in: a WebSocket is open before it is told so, and what the client says in the
/// meantime may fail before it has heard why.
async fn is_full(relay: &Relay, path: Path) -> anyhow::Result<()> {
    let Ok(wire) = relay.dialer().dial(path).await else {
        return Ok(());
    };
    match within("the session's end", wire.closed()).await? {
        TransportError::Closed { code, .. } => {
            assert_eq!(SessionCode::from_wire(code), Some(SessionCode::InternalError));
        }
        TransportError::Lost(_) if path == Path::WebSocket => {}
        other => anyhow::bail!("lost: {other}"),
    }
    Ok(())
}

async fn a_peer_without_setup_is_ended(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let wire = relay.dialer().dial(path).await?;
    // A control stream that begins and goes no further.
    let mut stream = wire.open_uni().await?;
    stream.write_chunk(Bytes::from_static(&[0xAF])).await?;
    assert_eq!(ended(&wire).await?, Some(SessionCode::ControlMessageTimeout));
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
    is_full(&relay, path).await?;
    first.leave();
    let deadline = tokio::time::Instant::now() + mosaik_tests::PATIENCE;
    loop {
        let token = relay.token("00000000000000a3", mosaik_proto::room::Role::Viewer)?;
        if let Ok(wire) = relay.dialer().dial(path).await
            && Client::join(wire, &token).await.is_ok()
        {
            return Ok(());
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "the place did not become free");
    }
}

async fn who_says_nothing_holds_no_place_that_others_need(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start_with(&[("sessions", "2")])?;
    let silent = [relay.dialer().dial(path).await?, relay.dialer().dial(path).await?];
    let both = async {
        while metrics(&relay).await?.sum("mosaik_sessions") < 2.0 {}
        anyhow::Ok(())
    };
    within("two silent sessions", both).await??;
    let _first = relay.join(path, "00000000000000a1").await?;
    let _second = relay.join(path, "00000000000000a2").await?;
    for wire in silent {
        assert_eq!(ended(&wire).await?, Some(SessionCode::InternalError));
    }
    // Who came in stays: there is no third place.
    is_full(&relay, path).await
}
