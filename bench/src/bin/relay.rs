//! The relay under load, side by side with moq-relay and with bare QUIC: one load generator, one
//! machine, one run. Prints what it measured and writes `target/bench/relay.json`.
//!
//! `relay RELAY FLOW SUBSCRIBERS` makes a single measurement, for work on the relay.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use mosaik_bench::load::{
    Audience, CAMERA, Flow, Kind, Measured, Programs, Source, TRACK, Target, VOICE, measure,
};
use mosaik_bench::{Machine, machine, median, pass, pin_to_other_cores, write};
use mosaik_tests::Path;
use serde::Serialize;

/// The core of the measured relay; the load generator has the others.
const CORE: usize = 0;

/// Length of one measurement.
const WINDOW: Duration = Duration::from_secs(10);

/// Lets joining's work end before a measurement begins.
const WARM_UP: Duration = Duration::from_secs(2);

/// How often a comparison is made; the median counts.
const ROUNDS: usize = 3;

const LARGE: Flow = Flow { objects_per_second: 30, object_bytes: 16_000, objects_per_group: 60 };
const CALM: Flow = Flow { objects_per_second: 15, object_bytes: 8_000, objects_per_group: 30 };

/// The knee: beyond this p99 a lesson is no longer one.
const KNEE_MS: f64 = 200.0;

/// Subscribers that a step of the ramp adds.
const STEP: usize = 200;

/// Where the ramp ends at the latest.
const RAMP_MAX: usize = 4_000;

/// Beyond this share of a core the load generator may be what is slow.
const GENERATOR_MAX: f64 = 0.97;

#[derive(Serialize)]
struct Figures {
    machine: Machine,
    ratio_objects_per_cpu_s_4000b: f64,
    ratio_objects_per_cpu_s_16000b: f64,
    share_of_quinn_floor_1000_subs: f64,
    voice_1000_listeners_cores: f64,
    subscribers_at_knee_per_core: usize,
    /// Whether the ramp ended because the load generator had no core left, and not at the knee.
    knee_is_a_lower_bound: bool,
    rss_per_subscriber_kb: f64,
    ratio_latency_p99: f64,
    websocket_share_of_quic: f64,
    raw: Vec<Measured>,
}

struct Bench {
    programs: Programs,
    raw: Vec<Measured>,
}

fn main() -> anyhow::Result<()> {
    let programs = Programs::find(CORE)?;
    let machine =
        machine(&programs.mosaik).context("`cargo build --release -p mosaik-server` first")?;
    pin_to_other_cores(CORE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut bench = Bench { programs, raw: Vec::new() };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [relay, flow, count] = arguments.as_slice() {
        let (kind, path) = relay_named(relay)?;
        let measuring = bench.once(kind, path, flow_named(flow)?, count.parse()?);
        return runtime.block_on(measuring).map(drop);
    }
    let figures = runtime.block_on(bench.run(machine))?;
    let path = write("relay", &figures)?;
    print(&figures)?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

impl Bench {
    async fn run(&mut self, machine: Machine) -> anyhow::Result<Figures> {
        let camera = self.compare(Kind::MoqRelay, CAMERA, 200).await?;
        let large = self.compare(Kind::MoqRelay, LARGE, 200).await?;
        let floor = self.compare(Kind::Floor, CALM, 1_000).await?;
        let voice = self.once(Kind::Mosaik, Path::Quic, VOICE, 1_000).await?;
        let (socket, quic) = self.compare_ways(Path::WebSocket, CAMERA, 200).await?;
        let (knee, is_bound) = self.ramp().await?;
        Ok(Figures {
            machine,
            ratio_objects_per_cpu_s_4000b: camera.ratio(|m| m.objects_per_cpu_second),
            ratio_objects_per_cpu_s_16000b: large.ratio(|m| m.objects_per_cpu_second),
            share_of_quinn_floor_1000_subs: floor.ratio(|m| m.mbit_per_cpu_second),
            voice_1000_listeners_cores: voice.relay_cores,
            subscribers_at_knee_per_core: knee,
            knee_is_a_lower_bound: is_bound,
            rss_per_subscriber_kb: median(floor.ours.iter().map(|m| m.rss_per_subscriber_kb)),
            ratio_latency_p99: camera.ratio(|m| m.latency_p99_ms),
            websocket_share_of_quic: Comparison { ours: socket, theirs: quic }
                .ratio(|m| m.mbit_per_cpu_second),
            raw: std::mem::take(&mut self.raw),
        })
    }

    /// Ours and another, in turn.
    async fn compare(
        &mut self,
        other: Kind,
        flow: Flow,
        count: usize,
    ) -> anyhow::Result<Comparison> {
        let mut comparison = Comparison { ours: Vec::new(), theirs: Vec::new() };
        for _ in 0..ROUNDS {
            comparison.theirs.push(self.once(other, Path::Quic, flow, count).await?);
            comparison.ours.push(self.once(Kind::Mosaik, Path::Quic, flow, count).await?);
        }
        Ok(comparison)
    }

    /// One of our ways in and native QUIC, in turn.
    async fn compare_ways(
        &mut self,
        way: Path,
        flow: Flow,
        count: usize,
    ) -> anyhow::Result<(Vec<Measured>, Vec<Measured>)> {
        let (mut theirs, mut quic) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            quic.push(self.once(Kind::Mosaik, Path::Quic, flow, count).await?);
            theirs.push(self.once(Kind::Mosaik, way, flow, count).await?);
        }
        Ok((theirs, quic))
    }

    async fn once(
        &mut self,
        kind: Kind,
        path: Path,
        flow: Flow,
        count: usize,
    ) -> anyhow::Result<Measured> {
        let target = Target::start(kind, &self.programs, flow).await?;
        let source = source(&target, flow).await?;
        let mut audience = Audience::new(path, TRACK);
        audience.grow(&target, count).await?;
        pass(WARM_UP).await;
        let measured = measure(&target, &audience, flow, WINDOW).await?;
        if let Some(source) = source {
            source.stop().await?;
        }
        row(&measured)?;
        self.raw.push(measured.clone());
        Ok(measured)
    }

    /// More and more subscribers, until what they get comes too late.
    async fn ramp(&mut self) -> anyhow::Result<(usize, bool)> {
        let target = Target::start(Kind::Mosaik, &self.programs, CALM).await?;
        let source = source(&target, CALM).await?;
        let mut audience = Audience::new(Path::Quic, TRACK);
        let mut held = 0;
        while held < RAMP_MAX {
            audience.grow(&target, held + STEP).await?;
            pass(WARM_UP).await;
            let measured = measure(&target, &audience, CALM, WINDOW / 2).await?;
            row(&measured)?;
            let is_late = measured.latency_p99_ms > KNEE_MS
                || measured.objects_delivered * 100 < measured.objects_expected * 99;
            let is_bound = measured.generator_cores > GENERATOR_MAX;
            self.raw.push(measured);
            if is_late {
                return Ok((held, is_bound));
            }
            held += STEP;
        }
        if let Some(source) = source {
            source.stop().await?;
        }
        Ok((held, true))
    }
}

/// The publisher, which the floor has built in.
async fn source(target: &Target, flow: Flow) -> anyhow::Result<Option<Source>> {
    match target.kind() {
        Kind::Floor => Ok(None),
        Kind::Mosaik | Kind::MoqRelay => {
            Ok(Some(Source::start(target, Path::Quic, &[(TRACK, flow)]).await?))
        }
    }
}

fn relay_named(name: &str) -> anyhow::Result<(Kind, Path)> {
    Ok(match name {
        "mosaik" => (Kind::Mosaik, Path::Quic),
        "webtransport" => (Kind::Mosaik, Path::WebTransport),
        "websocket" => (Kind::Mosaik, Path::WebSocket),
        "moq-relay" => (Kind::MoqRelay, Path::Quic),
        "floor" => (Kind::Floor, Path::Quic),
        _ => bail!("mosaik, webtransport, websocket, moq-relay or floor, not {name}"),
    })
}

fn flow_named(name: &str) -> anyhow::Result<Flow> {
    Ok(match name {
        "camera" => CAMERA,
        "large" => LARGE,
        "calm" => CALM,
        "voice" => VOICE,
        _ => bail!("camera, large, calm or voice, not {name}"),
    })
}

struct Comparison {
    ours: Vec<Measured>,
    theirs: Vec<Measured>,
}

impl Comparison {
    /// Ours by theirs, of the medians.
    fn ratio(&self, figure: impl Fn(&Measured) -> f64) -> f64 {
        median(self.ours.iter().map(&figure)) / median(self.theirs.iter().map(&figure))
    }
}

fn row(measured: &Measured) -> std::io::Result<()> {
    let m = measured;
    writeln!(
        std::io::stdout(),
        "{:<10} {:<12} {:>5} × {:>2}/s × {:>5} B  {:>6.0} Mbit/CPU s  {:>7.0} obj/CPU s  \
         {:>5.2} cores  p50 {:>6.1} ms  p99 {:>6.1} ms  {:>5.1} kB each  {:>5.1} % lost  \
         (generator {:.2})",
        m.relay,
        m.transport,
        m.subscribers,
        m.flow.objects_per_second,
        m.flow.object_bytes,
        m.mbit_per_cpu_second,
        m.objects_per_cpu_second,
        m.relay_cores,
        m.latency_p50_ms,
        m.latency_p99_ms,
        m.rss_per_subscriber_kb,
        m.lost_percent(),
        m.generator_cores,
    )
}

fn print(figures: &Figures) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    let f = figures;
    writeln!(out, "\n{}, {} × {}", f.machine.mosaik, f.machine.cores, f.machine.cpu)?;
    let bound = if f.knee_is_a_lower_bound { " or more" } else { "" };
    writeln!(
        out,
        "  4,000 B, objects per CPU s, of moq-relay's   {:>8.2} ×",
        f.ratio_objects_per_cpu_s_4000b
    )?;
    writeln!(
        out,
        "  16,000 B, the same                           {:>8.2} ×",
        f.ratio_objects_per_cpu_s_16000b
    )?;
    writeln!(out, "  p99 of added latency, of moq-relay's         {:>8.2} ×", f.ratio_latency_p99)?;
    writeln!(
        out,
        "  Mbit per CPU s, of bare quinn's              {:>8.2} ×",
        f.share_of_quinn_floor_1000_subs
    )?;
    writeln!(
        out,
        "  over WebSockets, of QUIC's Mbit per CPU s    {:>8.2} ×",
        f.websocket_share_of_quic
    )?;
    writeln!(
        out,
        "  1,000 listeners of a voice                   {:>8.2} cores",
        f.voice_1000_listeners_cores
    )?;
    writeln!(
        out,
        "  subscribers before p99 passes 200 ms         {:>8}{bound}",
        f.subscribers_at_knee_per_core
    )?;
    writeln!(
        out,
        "  memory per subscriber                        {:>8.1} kB",
        f.rss_per_subscriber_kb
    )
}
