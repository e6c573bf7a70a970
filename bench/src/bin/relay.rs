//! The relay under load, side by side with moq-relay and with bare QUIC: one load generator, one
//! machine, one run. Prints what it measured and writes `target/bench/relay.json`.
//!
//! `relay RELAY FLOW SUBSCRIBERS` makes a single measurement, for work on the relay.

use std::io::Write;

use anyhow::{Context, bail};
use mosaik_bench::load::{
    Audience, CAMERA, Comparison, Flow, Kind, Measured, Programs, Runs, TRACK, Target, VOICE,
    WARM_UP, WINDOW, measure, source,
};
use mosaik_bench::{Machine, Variant, machine, median, pass, pin_to_other_cores, write};
use mosaik_tests::Path;
use serde::Serialize;

/// What everything is compared with.
const OURS: (Kind, Path) = (Kind::Mosaik, Path::Quic);

/// The core of the measured relay; the load generator has the others.
const CORE: usize = 0;

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
    runs: Runs,
}

fn main() -> anyhow::Result<()> {
    let programs = Programs::find(CORE)?;
    let machine =
        machine(&programs.mosaik).context("`cargo build --release -p mosaik-server` first")?;
    pin_to_other_cores(CORE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut bench = Bench { runs: Runs::new(programs) };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [relay, flow, count] = arguments.as_slice() {
        let (kind, path) = relay_named(relay)?;
        let measuring = bench.runs.once(kind, path, flow_named(flow)?, count.parse()?);
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
        let floor = self.compare(Kind::Floor(Variant::Relay), CALM, 1_000).await?;
        let voice = self.runs.once(OURS.0, OURS.1, VOICE, 1_000).await?;
        let ways = (Kind::Mosaik, Path::WebSocket);
        let socket = self.runs.compare(ways, OURS, CAMERA, 200).await?;
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
            websocket_share_of_quic: socket.ratio(|m| m.mbit_per_cpu_second),
            raw: std::mem::take(&mut self.runs.raw),
        })
    }

    /// Ours and another over native QUIC.
    async fn compare(
        &mut self,
        other: Kind,
        flow: Flow,
        count: usize,
    ) -> anyhow::Result<Comparison> {
        self.runs.compare(OURS, (other, Path::Quic), flow, count).await
    }

    /// More and more subscribers, until what they get comes too late.
    async fn ramp(&mut self) -> anyhow::Result<(usize, bool)> {
        let target = Target::start(Kind::Mosaik, &self.runs.programs, CALM).await?;
        let source = source(&target, CALM).await?;
        let mut audience = Audience::new(Path::Quic, TRACK);
        let mut held = 0;
        while held < RAMP_MAX {
            audience.grow(&target, held + STEP).await?;
            pass(WARM_UP).await;
            let measured = measure(&target, &audience, CALM, WINDOW / 2).await?;
            let is_late = measured.latency_p99_ms > KNEE_MS
                || measured.objects_delivered * 100 < measured.objects_expected * 99;
            let is_bound = measured.generator_cores > GENERATOR_MAX;
            self.runs.keep(measured)?;
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

fn relay_named(name: &str) -> anyhow::Result<(Kind, Path)> {
    Ok(match name {
        "mosaik" => (Kind::Mosaik, Path::Quic),
        "webtransport" => (Kind::Mosaik, Path::WebTransport),
        "websocket" => (Kind::Mosaik, Path::WebSocket),
        "moq-relay" => (Kind::MoqRelay, Path::Quic),
        "floor" => (Kind::Floor(Variant::Relay), Path::Quic),
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
