//! `mosaik qlog`: what QUIC does in the next session that comes to a server on this machine. The
//! trace goes to the standard output, what a person waits for to the standard error output.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};
use tokio::time::timeout;

use crate::ask;
use crate::trace::WAIT_MAX;

/// How long nothing may come: the server has its own bound for the wait, and a session that does
/// nothing still asks its peer for signs of life.
const SILENCE_MAX: Duration = WAIT_MAX.saturating_add(Duration::from_secs(10));

/// Longest line that is looked at. Longer ones are none of the server's messages.
const LINE_BYTES_MAX: usize = 4 << 10;

/// What to trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The server's port on this machine.
    pub port: u16,
}

/// Writes the trace to `out` until the session ends, a bound is reached, or Ctrl+C. What happens is
/// told in `notes`.
///
/// # Errors
/// When no server answers at that port, it has no trace to give, or no session came.
pub fn run(options: Options, out: &mut impl Write, notes: &mut impl Write) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let interrupted = runtime.block_on(async {
        tokio::select! {
            traced = trace(options, out, notes) => traced.map(|()| false),
            interrupted = tokio::signal::ctrl_c() => interrupted.map(|()| true).map_err(Into::into),
        }
    })?;
    if interrupted {
        writeln!(notes, "Ended here; the session goes on.")?;
    }
    Ok(())
}

async fn trace(
    options: Options,
    out: &mut impl Write,
    notes: &mut impl Write,
) -> anyhow::Result<()> {
    let address = ask::local(options.port);
    let answer = ask::get(address, "/qlog").await?;
    match answer.status {
        200 => {}
        409 => bail!(
            "another trace is under way on this server. Wait until it ends, or end it with Ctrl+C \
             where it runs"
        ),
        503 => bail!("the server at {address} has too much to do. Try again in a moment"),
        status => bail!("the server at {address} has no traces (status {status}); is it a Mosaik?"),
    }
    writeln!(
        notes,
        "Waiting for the next session, {} minutes at most: let the person load the page again. \
         Ctrl+C ends the trace.",
        WAIT_MAX.as_secs() / 60
    )?;
    let said = copy(answer.body, out, notes).await?;
    ensure!(
        said > 0,
        "no session came before the wait, or the server, ended. Sessions over WebSockets have no \
         QUIC and are not traced"
    );
    // The first message is of the beginning, the second of the end.
    ensure!(said > 1, "the server ended before the trace did; what came until then is written");
    Ok(())
}

/// Writes what comes, and tells what the server says in it: how many messages it was.
async fn copy(
    mut body: impl AsyncBufRead + Unpin,
    out: &mut impl Write,
    notes: &mut impl Write,
) -> anyhow::Result<usize> {
    let mut line = Vec::new();
    let mut said = 0;
    loop {
        let bytes =
            timeout(SILENCE_MAX, body.fill_buf()).await.context("the server is silent")??;
        if bytes.is_empty() {
            return Ok(said);
        }
        out.write_all(bytes)?;
        out.flush()?;
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if line.len() <= LINE_BYTES_MAX {
                line.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                if let Some(message) = message(&line) {
                    writeln!(notes, "{message}")?;
                    said += 1;
                }
                line.clear();
            }
        }
        let taken = bytes.len();
        body.consume(taken);
    }
}

/// What the server says in a record, if it is one of its messages.
fn message(record: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(record).ok()?.trim_start_matches('\u{1e}');
    // Others are many, and need not be understood.
    if !text.contains("generic:message") {
        return None;
    }
    let record: Value = serde_json::from_str(text).ok()?;
    record.pointer("/data/message")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncWriteExt, BufReader};

    use super::*;

    #[tokio::test]
    async fn a_person_is_told_what_the_server_says_however_it_is_cut() {
        let trace = "\u{1e}{\"qlog_version\":\"0.3\"}\n\
             \u{1e}{\"name\":\"generic:message\",\"data\":{\"message\":\"A session began.\"}}\n\
             \u{1e}{\"name\":\"transport:packet_sent\",\"data\":{}}\n\
             \u{1e}{\"name\":\"generic:message\",\"data\":{\"message\":\"It ended.\"}}\n";
        for size in [1, 7, 4096] {
            let (mut server, client) = tokio::io::duplex(size);
            let (mut out, mut notes) = (Vec::new(), Vec::new());
            let (copied, ()) =
                tokio::join!(copy(BufReader::new(client), &mut out, &mut notes), async {
                    server.write_all(trace.as_bytes()).await.unwrap();
                    drop(server);
                });
            assert_eq!(copied.unwrap(), 2);
            assert_eq!(out, trace.as_bytes());
            assert_eq!(notes, b"A session began.\nIt ended.\n");
        }
    }
}
