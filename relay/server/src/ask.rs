//! One request to a server on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the server has for the head of its answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// Largest head of an answer.
const HEAD_BYTES_MAX: u64 = 16 << 10;

/// An answer whose head is here.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP's status.
    pub(crate) status: u16,
    /// The rest, which ends with the connection.
    pub(crate) body: BufReader<TcpStream>,
}

/// Where a server with this port is on this machine.
pub(crate) fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Asks for what is at `path`.
///
/// # Errors
/// When no server answers in time.
pub(crate) async fn get(address: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    timeout(DEADLINE, exchange(address, path))
        .await
        .with_context(|| format!("the server at {address} did not answer in time"))?
}

async fn exchange(address: SocketAddr, path: &str) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(address).await.with_context(|| {
        format!("no server answers at {address}. Is it running? --port names another port")
    })?;
    // HTTP/1.0, so that the body is not in chunks and ends with the connection.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = BufReader::new(stream).take(HEAD_BYTES_MAX);
    let mut first = String::new();
    head.read_line(&mut first).await?;
    let code = first.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
    let Some(status) = code.and_then(|code| code.parse().ok()) else {
        bail!("what answers at {address} is no web server");
    };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line).await? == 0 {
            bail!("the server at {address} broke off its answer");
        }
        if line == "\r\n" {
            return Ok(Answer { status, body: head.into_inner() });
        }
    }
}
