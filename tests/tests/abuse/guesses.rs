//! Guesses at what opens a room: thousands of wrong secrets by HTTP, and wrong tokens in sessions.

use std::fs;

use anyhow::Context;
use bytes::Bytes;
use mosaik_proto::moqt::{AuthToken, SessionCode, Setup};
use mosaik_tests::{Client, Path, Process, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Guesses by HTTP, and how many connections they come by.
const GUESSES: usize = 10_000;
const CONNECTIONS: usize = 20;

/// Of these so many are told that they are wrong: five at once and one each twelve seconds (`FAILURES` of the rooms),
/// with time for a slow machine. All others are told to wait.
const TOLD_MAX: usize = 50;

/// Sessions with a wrong token, on each transport.
const SESSIONS: usize = 30;

/// What the server's memory may grow by: buffers and stacks that it keeps for the next. A hundred bytes kept of each
/// guess would be a MiB, a kilobyte ten.
const GROWTH_MAX: u64 = 16 << 10;

#[tokio::test]
async fn ten_thousand_guesses_open_nothing_cost_little_and_keep_nobody_out() -> anyhow::Result<()> {
    let home = std::env::temp_dir().join(format!("mosaik-guesses-{}", std::process::id()));
    fs::create_dir_all(&home)?;
    let server = Process::start(&Process::build()?, &home, &[])?;
    // What a first join and a first refusal take, they take once.
    let joined = server.join(server.students(), "Kim").await?;
    guess(&server, 0, 200).await?;
    let before = resident(server.id())?;

    let mut told = 0;
    for connection in 1..=CONNECTIONS {
        told += guess(&server, connection, GUESSES / CONNECTIONS).await?;
    }
    assert!(told <= TOLD_MAX, "{told} of {GUESSES} were told that they are wrong");
    let dialer = server.dialer(&joined);
    for path in [Path::Quic, Path::WebTransport, Path::WebSocket] {
        for number in 0..SESSIONS {
            let wrong = Bytes::from(format!("v4.public.{number}"));
            let setup = Setup { tokens: vec![AuthToken::value(wrong)], ..Setup::default() };
            let client = Client::begin(dialer.dial(path).await?, setup).await?;
            assert_eq!(client.closed().await?, SessionCode::Unauthorized);
        }
    }
    let grown = resident(server.id())?.saturating_sub(before);
    assert!(grown <= GROWTH_MAX, "{grown} KiB more than before");

    // From the same address whoever has the link comes in, at once.
    let right = server.join(server.teacher(), "Lehrkraft").await?;
    Client::join(dialer.dial(Path::Quic).await?, &right.token).await?;
    server.stop().await?;
    fs::remove_dir_all(&home)?;
    Ok(())
}

/// So many wrong secrets one after the other on one connection; how many were answered as wrong. The others are told to
/// wait, and none is answered otherwise.
async fn guess(server: &Process, series: usize, count: usize) -> anyhow::Result<usize> {
    let mut stream = BufReader::new(TcpStream::connect(server.address()).await?);
    let mut wrong = 0;
    for number in 0..count {
        let body = format!(
            r#"{{"room":"demo","secret":"guess-{series}-{number}-of-what-opens-it","name":"Eve"}}"#
        );
        let request = format!(
            "POST /api/join HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        match within("an answer", status(&mut stream)).await?? {
            403 => wrong += 1,
            429 => {}
            other => anyhow::bail!("a guess was answered with {other}"),
        }
    }
    Ok(wrong)
}

/// Reads one answer; gives its status.
async fn status(stream: &mut BufReader<TcpStream>) -> anyhow::Result<u16> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head)?.to_ascii_lowercase();
    let length = head.split("content-length: ").nth(1).context("no length")?;
    let length: usize = length.lines().next().unwrap_or_default().trim().parse()?;
    stream.read_exact(&mut vec![0; length]).await?;
    Ok(head.split(' ').nth(1).context("no status")?.parse()?)
}

/// What a process has of the memory, in KiB.
fn resident(process: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
