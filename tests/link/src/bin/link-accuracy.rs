//! How exact the line is on this machine: rate, delay and cost, with real sockets.

use std::io::Write;
use std::net::{Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use mosaik_link::{Histogram, Link, LinkError, Profile, QueueSettings};
use socket2::SockRef;

/// Payload of a packet that has 1,250 bytes on the line, and its bits there.
const PAYLOAD: usize = 1_222;
const BITS: u64 = 10_000;

/// How long each rate is measured.
const TIME: Duration = Duration::from_secs(5);

/// How much of the line waits in its queue, so that it is never idle.
const AHEAD: Duration = Duration::from_millis(400);

/// How long a packet is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Packets that are sent alone.
const ALONE: u32 = 200;

const ROUND_TRIP: Duration = Duration::from_millis(40);

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Link(#[from] LinkError),
    #[error("{0}")]
    Socket(#[from] std::io::Error),
}

fn main() -> Result<(), Failure> {
    let mut out = std::io::stdout();
    writeln!(out, "A full line, {TIME:?} each; lateness of departures against the schedule:")?;
    writeln!(out, "  Mbit/s  rate error %  late p50 ms  p99 ms  max ms  CPU %")?;
    for mbit in [1, 20, 100] {
        let (error, stats) = full(mbit * 1_000_000)?;
        let cpu = 100.0 * stats.cpu_seconds / stats.seconds;
        writeln!(
            out,
            "  {mbit:>6}  {error:>12.3}  {:>11.3}  {:>6.3}  {:>6.3}  {cpu:>5.1}",
            stats.late_p50_ms, stats.late_p99_ms, stats.late_max_ms
        )?;
    }
    let late = alone()?;
    let [p50, p99, most] = [late.percentile(50), late.percentile(99), late.most()];
    writeln!(out, "A packet alone at 20 Mbit/s, later than the line takes, socket to socket:")?;
    writeln!(out, "  p50 {p50:?}, p99 {p99:?}, max {most:?}")?;
    Ok(())
}

/// A line with room for all that is sent ahead.
fn line(rate: u64) -> Profile {
    let mut profile = Profile::plain(rate, rate, ROUND_TRIP);
    profile.up.queue = QueueSettings::drop_tail(rate, 2 * AHEAD);
    profile
}

fn socket() -> Result<UdpSocket, Failure> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    SockRef::from(&socket).set_recv_buffer_size(8 << 20)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

/// By how many percent a full line is faster than it should be, and what it says of itself.
#[expect(clippy::cast_precision_loss, reason = "a count of packets")]
fn full(rate: u64) -> Result<(f64, mosaik_link::LinkStats), Failure> {
    let (server, client) = (socket()?, socket()?);
    let link = Link::start(line(rate), server.local_addr()?)?;
    client.connect(link.address())?;
    let packet = Duration::from_secs(1) / u32::try_from(rate / BITS).unwrap_or(u32::MAX);
    let ahead = AHEAD.as_nanos() / packet.as_nanos();
    let mut payload = [0; PAYLOAD];
    let (mut sent, mut received, mut began) = (0, 0, None);
    let mut last = Instant::now();
    while began.is_none_or(|began: Instant| began.elapsed() < TIME) {
        while sent - received < ahead {
            client.send(&payload)?;
            sent += 1;
        }
        server.recv(&mut payload)?;
        received += 1;
        last = Instant::now();
        // While the first are sent this thread is late for what arrives.
        if received == ahead {
            began = Some(last);
        }
    }
    let seconds = began.map_or(0.0, |began| last.duration_since(began).as_secs_f64());
    let measured = (received - ahead) as f64 * BITS as f64 / seconds;
    Ok(((measured / rate as f64 - 1.0) * 100.0, link.stats()?))
}

/// How much later than the line takes packets are that have it for themselves.
fn alone() -> Result<Histogram, Failure> {
    let (server, client) = (socket()?, socket()?);
    let link = Link::start(line(20_000_000), server.local_addr()?)?;
    client.connect(link.address())?;
    let takes = ROUND_TRIP / 2 + Duration::from_micros(500);
    let mut late = Histogram::default();
    for _ in 0..ALONE {
        let sent = Instant::now();
        client.send(&[0; PAYLOAD])?;
        server.recv(&mut [0; PAYLOAD])?;
        late.add(sent.elapsed().saturating_sub(takes));
    }
    Ok(late)
}
