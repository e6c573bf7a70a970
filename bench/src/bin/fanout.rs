//! Fan-out: one publisher of a camera's size, two hundred subscribers over QUIC, one relay.
//!
//! The relay is the release program in a process of its own, everyone comes in by its links. The
//! payloads carry the time they were sent at, by the one clock of this process.

use std::io::Write;
use std::path::Path as FilePath;
use std::time::{Duration, Instant};

use anyhow::Context;
use mosaik_bench::{Machine, Percentiles, Usage, machine, usage, write};
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, TrackProperties};
use mosaik_tests::{Client, Path, Piece, Process, PublishedTrack, Subscription};
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

const SUBSCRIBERS: usize = 200;
const FRAMES_PER_SECOND: u64 = 30;
const OBJECT_BYTES: usize = 4_000;
const OBJECTS_PER_GROUP: u64 = 60;
const GROUPS: u64 = 10;

/// How long a subscriber waits for what has not come after the last object was sent.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// What was measured, for the JSON file.
#[derive(Debug, Serialize)]
struct Figures {
    machine: Machine,
    subscribers: usize,
    frames_per_second: u64,
    object_bytes: usize,
    objects_per_group: u64,
    seconds: f64,
    relay_cpu_seconds: f64,
    mbit_per_cpu_second: f64,
    objects_per_cpu_second: f64,
    added_latency_p50_ms: f64,
    added_latency_p99_ms: f64,
    rss_per_subscriber_kb: f64,
    objects_delivered: usize,
    objects_lost: usize,
}

/// What went through the relay, and what it used for it.
struct Measured {
    /// Microseconds from sending to having, of every object that arrived.
    latencies: Vec<u64>,
    seconds: f64,
    cpu: Duration,
    bytes_per_subscriber: u64,
}

fn main() -> anyhow::Result<()> {
    let program = std::env::current_exe()?;
    let binary = program.with_file_name("mosaik");
    let machine = machine(&binary).context("`cargo build --release -p mosaik-server` first")?;
    // One thread, so that the relay has the other cores for itself.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = runtime.block_on(measure(&binary))?;
    let figures = figures(machine, measured);
    let path = write("fanout", &figures)?;
    print(&figures)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

async fn measure(binary: &FilePath) -> anyhow::Result<Measured> {
    let flags = ["--participants", "250", "--log", "error"];
    let relay = Process::start(binary, &std::env::temp_dir(), &flags)?;
    let teacher = relay.join(relay.teacher(), "Lehrkraft").await?;
    let dialer = relay.dialer(&teacher);
    let mut publisher = Client::join(dialer.dial(Path::Quic).await?, &teacher.token).await?;
    let namespace = Namespace::of(&["demo", &teacher.participant]);
    publisher.announce(&namespace).await?;
    let name = FullTrackName::new(namespace, &b"cam/mid"[..]);
    let alone = usage(relay.id())?;

    tell("joining, as fast as a room lets people in")?;
    let begun = Instant::now();
    let mut track = None;
    let mut there = Vec::new();
    let mut subscribers = JoinSet::new();
    for _ in 0..SUBSCRIBERS {
        let visitor = relay.join(relay.students(), "Klasse").await?;
        let client = Client::join(dialer.dial(Path::Quic).await?, &visitor.token).await?;
        let request = client.ask_for(&name, Parameters::default()).await?;
        if track.is_none() {
            let properties =
                TrackProperties::default().with_priority(160).with_object_delivery_timeout_ms(1000);
            track = Some(publisher.asked_for("cam/mid").await?.accept(1, properties).await?);
        }
        let subscription = client.established(request).await?;
        subscribers.spawn(receive(subscription, begun));
        there.push(client);
    }
    let track = track.context("nobody subscribed")?;

    tell("sending")?;
    let before = usage(relay.id())?;
    let since = Instant::now();
    send(&track, begun).await?;
    let mut latencies = Vec::new();
    while let Some(received) = subscribers.join_next().await {
        latencies.extend(received??);
    }
    let after: Usage = usage(relay.id())?;
    let seconds = since.elapsed().as_secs_f64();
    drop(there);
    relay.stop().await?;
    let grown = after.resident_bytes.saturating_sub(alone.resident_bytes);
    Ok(Measured {
        latencies,
        seconds,
        cpu: after.cpu.saturating_sub(before.cpu),
        bytes_per_subscriber: grown / u64::try_from(SUBSCRIBERS)?,
    })
}

/// Publishes at an even pace; each payload begins with the time of its sending.
async fn send(track: &PublishedTrack, begun: Instant) -> anyhow::Result<()> {
    let mut pace =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(FRAMES_PER_SECOND)?);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for group in 1..=GROUPS {
        let mut writer = track.group(group).await?;
        for object in 0..OBJECTS_PER_GROUP {
            pace.tick().await;
            let mut payload = micros(begun).to_be_bytes().to_vec();
            payload.resize(OBJECT_BYTES, 0x5A);
            writer.object(object, &payload).await?;
        }
        writer.finish()?;
    }
    Ok(())
}

/// Reads everything of one subscription; gives each object's time under way.
async fn receive(mut subscription: Subscription, begun: Instant) -> anyhow::Result<Vec<u64>> {
    let mut latencies = Vec::new();
    let mut reader = subscription.subgroup_at_leisure().await?;
    loop {
        let is_last = reader.header.group == GROUPS;
        while let Piece::Object(object) = reader.next().await? {
            let sent = object.payload.first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
            latencies.push(micros(begun).saturating_sub(sent.context("a short object")?));
        }
        if is_last {
            return Ok(latencies);
        }
        match tokio::time::timeout(LAST_WAIT, subscription.subgroup_at_leisure()).await {
            Ok(next) => reader = next?,
            // What is missing counts as lost.
            Err(_) => return Ok(latencies),
        }
    }
}

fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
fn figures(machine: Machine, measured: Measured) -> Figures {
    let delivered = measured.latencies.len();
    let expected = SUBSCRIBERS as u64 * GROUPS * OBJECTS_PER_GROUP;
    let lost = usize::try_from(expected).unwrap_or(usize::MAX).saturating_sub(delivered);
    let cpu = measured.cpu.as_secs_f64();
    let latencies = Percentiles::of(measured.latencies);
    let ms = |percent| latencies.at(percent) as f64 / 1_000.0;
    Figures {
        machine,
        subscribers: SUBSCRIBERS,
        frames_per_second: FRAMES_PER_SECOND,
        object_bytes: OBJECT_BYTES,
        objects_per_group: OBJECTS_PER_GROUP,
        seconds: measured.seconds,
        relay_cpu_seconds: cpu,
        mbit_per_cpu_second: (delivered * OBJECT_BYTES * 8) as f64 / 1e6 / cpu,
        objects_per_cpu_second: delivered as f64 / cpu,
        added_latency_p50_ms: ms(50),
        added_latency_p99_ms: ms(99),
        rss_per_subscriber_kb: measured.bytes_per_subscriber as f64 / 1024.0,
        objects_delivered: delivered,
        objects_lost: lost,
    }
}

fn print(figures: &Figures) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let machine = &figures.machine;
    writeln!(out, "fan-out, {} to {} over QUIC", machine.mosaik, figures.subscribers)?;
    writeln!(out, "{} × {}, Linux {}", machine.cores, machine.cpu, machine.kernel)?;
    for (what, value, unit) in [
        ("delivered per relay CPU second", figures.mbit_per_cpu_second, "Mbit"),
        ("objects per relay CPU second", figures.objects_per_cpu_second, ""),
        ("relay CPU", figures.relay_cpu_seconds, "s"),
        ("of", figures.seconds, "s"),
        ("added latency p50", figures.added_latency_p50_ms, "ms"),
        ("added latency p99", figures.added_latency_p99_ms, "ms"),
        ("RSS per subscriber", figures.rss_per_subscriber_kb, "kB"),
    ] {
        writeln!(out, "  {what:<32} {value:>10.1} {unit}")?;
    }
    let (lost, delivered) = (figures.objects_lost, figures.objects_delivered);
    writeln!(out, "  {:<32} {lost:>10} of {}", "objects lost", delivered + lost)
}

fn tell(what: &str) -> std::io::Result<()> {
    writeln!(std::io::stderr(), "{what}")
}
