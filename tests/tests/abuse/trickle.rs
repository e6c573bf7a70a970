//! Bytes that come one by one, which keep a place occupied for ever if nobody counts the time.

use bytes::Bytes;
use mosaik_proto::moqt::{ControlMessage, Parameters, SessionCode, Subscribe};
use mosaik_tests::{Client, Pair, Path, Relay, STUDENT, TEACHER, over_all, track};
use tokio::time::{Duration, interval};

over_all!(
    a_request_that_comes_byte_by_byte_is_not_waited_for,
    an_update_that_comes_byte_by_byte_is_not_waited_for,
    an_object_that_comes_byte_by_byte_is_not_waited_for
);

/// How far apart the bytes are: more often than any deadline.
const APART: Duration = Duration::from_secs(1);

/// A SUBSCRIBE that is long enough to last.
fn long_request(client: &Client) -> anyhow::Result<Bytes> {
    let name = track(TEACHER, &"long".repeat(100));
    let request_id = client.next_id();
    let message = Subscribe { request_id, name, parameters: Parameters::default() };
    Ok(ControlMessage::Subscribe(message).encode()?)
}

/// Writes `bytes` one by one until the relay closes the session, and gives its code.
async fn drip(
    client: &Client,
    bytes: Bytes,
    mut write: impl AsyncFnMut(Bytes) -> anyhow::Result<()>,
) -> anyhow::Result<SessionCode> {
    let mut ticks = interval(APART);
    let dripping = async {
        for at in 0..bytes.len() {
            ticks.tick().await;
            // Whether it is taken is seen at the session's end.
            if write(bytes.slice(at..=at)).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        closed = client.closed() => closed,
        () = dripping => anyhow::bail!("there is no end of waiting"),
    }
}

async fn a_request_that_comes_byte_by_byte_is_not_waited_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let client = relay.join(path, STUDENT).await?;
    let mut request = client.open_request().await?;
    let bytes = long_request(&client)?;
    let code = drip(&client, bytes, async |byte| request.write(byte).await).await?;
    assert_eq!(code, SessionCode::ControlMessageTimeout);
    Ok(())
}

async fn an_update_that_comes_byte_by_byte_is_not_waited_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let pair = Pair::plain(&relay, path).await?;
    let bytes = long_request(&pair.subscriber)?;
    let mut request = pair.subscription.request;
    let code = drip(&pair.subscriber, bytes, async |byte| request.write(byte).await).await?;
    assert_eq!(code, SessionCode::ControlMessageTimeout);
    Ok(())
}

async fn an_object_that_comes_byte_by_byte_is_not_waited_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let pair = Pair::plain(&relay, path).await?;
    let mut writer = pair.track.subgroup(&pair.track.header(1, 0)).await?;
    // Object 0 with a payload of 60 bytes.
    let object = Bytes::from([&[0, 60][..], &[7; 60]].concat());
    let code = drip(&pair.publisher, object, async |byte| writer.write(byte).await).await?;
    assert_eq!(code, SessionCode::DataStreamTimeout);
    Ok(())
}
