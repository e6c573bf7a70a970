//! What a relay tells about itself.

use std::net::SocketAddr;

use anyhow::Context;
use mosaik_server::top::Reading;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::relay::Relay;
use crate::wait::within;

/// What `/metrics` says to a program on this machine, with the head of the answer.
///
/// # Errors
/// When there is no answer in time.
pub async fn scrape(relay: &Relay) -> anyhow::Result<String> {
    scrape_at(relay.server().address()).await
}

async fn scrape_at(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /metrics HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    within("the metrics", stream.read_to_string(&mut text)).await?.context("the metrics")?;
    Ok(text)
}

/// The same as numbers.
///
/// # Errors
/// As [`scrape`].
pub async fn metrics(relay: &Relay) -> anyhow::Result<Reading> {
    metrics_at(relay.server().address()).await
}

/// The numbers of the relay at `address`, which may be another process.
///
/// # Errors
/// As [`scrape`].
pub async fn metrics_at(address: SocketAddr) -> anyhow::Result<Reading> {
    Ok(Reading::parse(&scrape_at(address).await?))
}
