//! One request to a server on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the server has for its answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// Largest answer that is read.
const BYTES_MAX: u64 = 1 << 20;

/// The text of `/metrics`.
pub(super) async fn metrics(address: SocketAddr) -> anyhow::Result<String> {
    timeout(DEADLINE, exchange(address))
        .await
        .with_context(|| format!("the server at {address} did not answer in time"))?
}

async fn exchange(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await.with_context(|| {
        format!("no server answers at {address}. Is it running? --port names another port")
    })?;
    // HTTP/1.0, so that the answer comes in one piece and ends with the connection.
    let request = format!("GET /metrics HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(BYTES_MAX).read_to_string(&mut answer).await?;
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        bail!("what answers at {address} is no web server");
    };
    let status = head.split_ascii_whitespace().nth(1).unwrap_or_default();
    if status != "200" {
        bail!("the server at {address} has no metrics (status {status}); is it a Mosaik?");
    }
    Ok(body.to_owned())
}
