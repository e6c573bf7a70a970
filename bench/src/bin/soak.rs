//! The real relay at full load for a while, with people who come and go all the time: its memory must
//! stay as it was. Prints each minute and the sum, writes `target/bench/soak.json`, and fails when
//! memory moved by more than [`FLAT`].
//!
//! `SOAK_MINUTES` says how long it lasts behind the minute in which everyone joins; ten is the figure.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, ensure};
use mosaik_bench::load::{
    Audience, CAMERA, Flow, Kind, Passed, Programs, Source, TRACK, Target, VOICE, Visitors,
};
use mosaik_bench::{
    Machine, Percentiles, Resident, machine, median, pin_to_other_cores, slope, usage, watch, write,
};
use mosaik_tests::{Path, metrics_at};
use serde::Serialize;

/// The core of the relay; everybody else has the others.
const CORE: usize = 0;

/// Minutes that are measured if nobody says otherwise.
const MINUTES: u32 = 10;

const MINUTE: Duration = Duration::from_mins(1);

/// How often memory is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// The share of its memory that a relay may move by from its second minute to its last.
const FLAT: f64 = 0.02;

/// The second track.
const SPOKEN: &str = "voice";

/// Groups are short, so that many pass through memory.
const PICTURES: Flow = Flow { objects_per_group: 10, ..CAMERA };
const SPEECH: Flow = Flow { objects_per_group: 10, ..VOICE };

/// Who stays: on which way, for which track, how many.
const AUDIENCES: [(Path, &str, usize); 6] = [
    (Path::Quic, TRACK, 140),
    (Path::WebTransport, TRACK, 30),
    (Path::WebSocket, TRACK, 30),
    (Path::Quic, SPOKEN, 60),
    (Path::WebTransport, SPOKEN, 20),
    (Path::WebSocket, SPOKEN, 20),
];

/// Who comes and goes: as many at a time.
const VISITORS: [Path; 6] = [
    Path::Quic,
    Path::WebTransport,
    Path::WebSocket,
    Path::Quic,
    Path::WebTransport,
    Path::WebSocket,
];

/// What the relay held and did at one moment, by its own count.
#[derive(Debug, Clone, Copy, Serialize)]
struct Count {
    sessions: f64,
    sessions_begun: f64,
    tracks: f64,
    subscriptions: f64,
    cached_bytes: f64,
    objects_received: f64,
    bytes_sent: f64,
    streams_opened: f64,
    groups_dropped: f64,
}

/// One minute; the first one is when everyone joins.
#[derive(Debug, Serialize)]
struct Minute {
    number: u32,
    rss_megabytes: f64,
    latency_p50_ms: f64,
    latency_p99_ms: f64,
    lost_percent: f64,
    relay_cores: f64,
    generator_cores: f64,
    count: Count,
}

#[derive(Serialize)]
struct Figures {
    machine: Machine,
    minutes_measured: u32,
    subscribers: usize,
    rss_second_minute_megabytes: f64,
    rss_last_minute_megabytes: f64,
    /// From the second minute to the last one.
    rss_change_percent: f64,
    rss_slope_kilobytes_per_minute: f64,
    is_flat: bool,
    /// Groups that were dropped from memory for newer ones.
    groups_passed: f64,
    objects_passed: f64,
    objects_sent_megabytes: f64,
    sessions_passed: f64,
    visitors: Passed,
    minutes: Vec<Minute>,
    rss: Vec<Resident>,
}

fn main() -> anyhow::Result<()> {
    let minutes = match std::env::var("SOAK_MINUTES") {
        Ok(minutes) => minutes.parse().context("SOAK_MINUTES is no number")?,
        Err(_) => MINUTES,
    };
    ensure!(minutes >= 2, "SOAK_MINUTES: a second minute and a last one are compared");
    let programs = Programs::find(CORE)?;
    let machine =
        machine(&programs.mosaik).context("`cargo build --release -p mosaik-server` first")?;
    pin_to_other_cores(CORE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(soak(machine, &programs, minutes))?;
    let path = write("soak", &figures)?;
    print(&figures)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    ensure!(figures.is_flat, "memory moved by more than {:.0} %", FLAT * 100.0);
    Ok(())
}

async fn soak(machine: Machine, programs: &Programs, minutes: u32) -> anyhow::Result<Figures> {
    let target = Target::start(Kind::Mosaik, programs, PICTURES).await?;
    let tracks = [(TRACK, PICTURES), (SPOKEN, SPEECH)];
    let source = Source::start(&target, Path::Quic, &tracks).await?;
    let mut audiences = Vec::new();
    for (path, track, count) in AUDIENCES {
        let mut audience = Audience::new(path, track);
        audience.grow(&target, count).await?;
        audiences.push(audience);
    }
    let mut visitors = Visitors::start(&target, &VISITORS, &[TRACK, SPOKEN]);
    let begun = count(&target).await?;
    let (mut rss, mut told) = (Vec::new(), Vec::new());
    for minute in 1..=minutes + 1 {
        let (measured, seen) = one_minute(&target, &audiences, minute).await?;
        visitors.passed().await?;
        row(&measured)?;
        told.push(measured);
        let offset = f64::from(minute - 1) * MINUTE.as_secs_f64();
        rss.extend(seen.iter().map(|seen| Resident { seconds: seen.seconds + offset, ..*seen }));
    }
    let passed = visitors.passed().await?;
    source.stop().await?;
    let last = told.last().context("no minute")?.count;
    let second = told.get(1).context("no second minute")?.rss_megabytes;
    let at_last = told.last().map_or(f64::NAN, |minute| minute.rss_megabytes);
    let change = at_last / second - 1.0;
    Ok(Figures {
        machine,
        minutes_measured: minutes,
        subscribers: audiences.iter().map(Audience::len).sum(),
        rss_second_minute_megabytes: second,
        rss_last_minute_megabytes: at_last,
        rss_change_percent: change * 100.0,
        rss_slope_kilobytes_per_minute: growth(&rss),
        is_flat: change.abs() <= FLAT,
        groups_passed: last.groups_dropped - begun.groups_dropped,
        objects_passed: last.objects_received - begun.objects_received,
        objects_sent_megabytes: (last.bytes_sent - begun.bytes_sent) / 1e6,
        sessions_passed: last.sessions_begun,
        visitors: passed,
        minutes: told,
        rss,
    })
}

/// Kilobytes a minute, from the second minute on.
fn growth(rss: &[Resident]) -> f64 {
    let behind = rss.iter().filter(|resident| resident.seconds >= MINUTE.as_secs_f64());
    let points: Vec<(f64, f64)> =
        behind.map(|resident| (resident.seconds / 60.0, megabytes(*resident) * 1024.0)).collect();
    slope(&points)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
fn megabytes(resident: Resident) -> f64 {
    resident.bytes as f64 / f64::from(1 << 20)
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
async fn one_minute(
    target: &Target,
    audiences: &[Audience],
    number: u32,
) -> anyhow::Result<(Minute, Vec<Resident>)> {
    let own = std::process::id();
    for audience in audiences {
        audience.take();
    }
    let (relay_before, own_before) = (usage(target.id())?, usage(own)?);
    let begun = mosaik_bench::micros();
    let rss = watch(target.id(), LOOK, MINUTE).await?;
    let seconds = (mosaik_bench::micros() - begun) as f64 / 1e6;
    let cores = |after: mosaik_bench::Usage, before: mosaik_bench::Usage| {
        after.cpu.saturating_sub(before.cpu).as_secs_f64() / seconds
    };
    let seen: Vec<u64> =
        audiences.iter().flat_map(Audience::take).map(|seen| seen.latency).collect();
    let expected = AUDIENCES.iter().map(|(_, track, count)| {
        let flow = if *track == TRACK { PICTURES } else { SPEECH };
        f64::from(flow.objects_per_second) * seconds * *count as f64
    });
    // What is under way at the beginning stands for what is at the end.
    let lost = 1.0 - seen.len() as f64 / expected.sum::<f64>();
    let latencies = Percentiles::of(seen);
    let told = Minute {
        number,
        rss_megabytes: median(rss.iter().map(|resident| megabytes(*resident))),
        latency_p50_ms: latencies.at(50) as f64 / 1e3,
        latency_p99_ms: latencies.at(99) as f64 / 1e3,
        lost_percent: lost.max(0.0) * 100.0,
        relay_cores: cores(usage(target.id())?, relay_before),
        generator_cores: cores(usage(own)?, own_before),
        count: count(target).await?,
    };
    Ok((told, rss))
}

async fn count(target: &Target) -> anyhow::Result<Count> {
    let read = metrics_at(target.dialer().address()).await.context("the relay's numbers")?;
    Ok(Count {
        sessions: read.sum("mosaik_sessions"),
        sessions_begun: read.sum("mosaik_sessions_begun_total"),
        tracks: read.sum("mosaik_tracks"),
        subscriptions: read.sum("mosaik_subscriptions"),
        cached_bytes: read.sum("mosaik_cached_bytes"),
        objects_received: read.sum("mosaik_objects_received_total"),
        bytes_sent: read.sum("mosaik_sent_bytes_total"),
        streams_opened: read.sum("mosaik_streams_opened_total"),
        groups_dropped: read.sum("mosaik_groups_dropped_total"),
    })
}

fn row(m: &Minute) -> std::io::Result<()> {
    writeln!(
        std::io::stdout(),
        "minute {:>2}  {:>6.1} MB  p50 {:>5.1} ms  p99 {:>6.1} ms  {:>4.2} % lost  {:.2} cores  \
         (generator {:.2})  {:.0} sessions of {:.0}  {:.0} subscriptions  {:.0} tracks  {:.0} kB of \
         objects  {:.0} groups passed",
        m.number,
        m.rss_megabytes,
        m.latency_p50_ms,
        m.latency_p99_ms,
        m.lost_percent,
        m.relay_cores,
        m.generator_cores,
        m.count.sessions,
        m.count.sessions_begun,
        m.count.subscriptions,
        m.count.tracks,
        m.count.cached_bytes / 1024.0,
        m.count.groups_dropped,
    )
}

fn print(figures: &Figures) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let f = figures;
    writeln!(out, "\n{}, {} × {}", f.machine.mosaik, f.machine.cores, f.machine.cpu)?;
    writeln!(
        out,
        "  memory, second minute and last   {:>8.1} MB  {:>8.1} MB  ({:+.2} %, {})",
        f.rss_second_minute_megabytes,
        f.rss_last_minute_megabytes,
        f.rss_change_percent,
        if f.is_flat { "flat" } else { "not flat" },
    )?;
    writeln!(
        out,
        "  slope                            {:>8.1} kB a minute",
        f.rss_slope_kilobytes_per_minute
    )?;
    writeln!(
        out,
        "  passed                           {:.0} groups, {:.0} objects, {:.0} MB sent, {:.0} sessions",
        f.groups_passed, f.objects_passed, f.objects_sent_megabytes, f.sessions_passed,
    )?;
    writeln!(
        out,
        "  visitors                         {} sessions, {} subscriptions taken back, {} tracks",
        f.visitors.sessions, f.visitors.subscriptions_taken_back, f.visitors.tracks,
    )
}
