//! The load generator: one publisher and many subscribers of one relay, whichever it is.
//!
//! Everyone speaks MoQT draft-18. Payloads begin with the time they were sent at, by a clock that
//! all processes share; what is counted is what was sent within the window of a measurement.

mod audience;
mod offender;
mod runs;
mod source;
mod target;
mod visitors;

pub use audience::{Audience, Seen};
pub use offender::{Offence, Offenders, REQUESTS, Stay};
pub use runs::{Comparison, ROUNDS, Runs, WARM_UP, WINDOW, source};
pub use source::Source;
pub use target::{Kind, Programs, Target};
pub use visitors::{Passed, Visitors};

use std::time::Duration;

use serde::Serialize;

use crate::{Percentiles, Usage, pass, usage};

/// The namespace of the measured track, which anyone may publish in.
pub const NAMESPACE: &str = "bench";

/// The measured track.
pub const TRACK: &str = "load";

/// A camera in its middle size: 960 kbit/s, a key frame every two seconds.
pub const CAMERA: Flow =
    Flow { objects_per_second: 30, object_bytes: 4_000, objects_per_group: 60 };

/// A voice: 48 kbit/s in frames of 20 ms, a stream a second.
pub const VOICE: Flow = Flow { objects_per_second: 50, object_bytes: 120, objects_per_group: 50 };

/// What is published.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Flow {
    /// Objects a second.
    pub objects_per_second: u32,
    /// Bytes of each object's payload; at least the eight of its time.
    pub object_bytes: usize,
    /// Objects of a group, which is one stream.
    pub objects_per_group: u64,
}

impl Flow {
    /// Payload bits a second.
    #[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
    pub fn bits_per_second(&self) -> f64 {
        f64::from(self.objects_per_second) * self.object_bytes as f64 * 8.0
    }
}

/// What a relay did in a window of time.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// Which relay.
    pub relay: &'static str,
    /// How its sessions came in.
    pub transport: &'static str,
    /// How many subscribers it had.
    pub subscribers: usize,
    /// What was published.
    pub flow: Flow,
    /// Length of the window.
    pub seconds: f64,
    /// Objects that subscribers received of those sent in the window.
    pub objects_delivered: usize,
    /// What all of them should have received.
    pub objects_expected: usize,
    /// CPU time of the relay.
    pub relay_cpu_seconds: f64,
    /// The same as a share of one core.
    pub relay_cores: f64,
    /// CPU time of the load generator as a share of one core: beyond 0.95 it is the bottleneck.
    pub generator_cores: f64,
    /// Payload delivered per CPU second of the relay.
    pub mbit_per_cpu_second: f64,
    /// Objects delivered per CPU second of the relay.
    pub objects_per_cpu_second: f64,
    /// Time from publishing to having.
    pub latency_p50_ms: f64,
    /// The same.
    pub latency_p99_ms: f64,
    /// Memory of the relay above what it had without subscribers, for each of them.
    pub rss_per_subscriber_kb: f64,
}

/// Lets the audience listen for `window`, and says what the relay made of it.
///
/// # Errors
/// When a process is gone.
#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
pub async fn measure(
    target: &Target,
    audience: &Audience,
    flow: Flow,
    window: Duration,
) -> anyhow::Result<Measured> {
    let own = std::process::id();
    audience.take();
    let (relay_before, own_before) = (usage(target.id())?, usage(own)?);
    let from = crate::micros();
    pass(window).await;
    let (relay_after, own_after) = (usage(target.id())?, usage(own)?);
    let until = crate::micros();
    // What was sent at the window's end is still under way.
    pass(UNDER_WAY).await;
    let seen = audience.take();
    let latencies: Vec<u64> = seen
        .into_iter()
        .filter(|seen| (from..until).contains(&seen.sent_at))
        .map(|seen| seen.latency)
        .collect();
    let seconds = (until - from) as f64 / 1e6;
    let cpu = cpu_seconds(relay_before, relay_after);
    let delivered = latencies.len();
    let latencies = Percentiles::of(latencies);
    let expected = f64::from(flow.objects_per_second) * seconds * audience.len() as f64;
    let grown = relay_after.resident_bytes.saturating_sub(target.resident_at_start());
    Ok(Measured {
        relay: target.kind().name(),
        transport: audience.transport(),
        subscribers: audience.len(),
        flow,
        seconds,
        objects_delivered: delivered,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        objects_expected: expected.round() as usize,
        relay_cpu_seconds: cpu,
        relay_cores: cpu / seconds,
        generator_cores: cpu_seconds(own_before, own_after) / seconds,
        mbit_per_cpu_second: (delivered * flow.object_bytes * 8) as f64 / 1e6 / cpu,
        objects_per_cpu_second: delivered as f64 / cpu,
        latency_p50_ms: latencies.at(50) as f64 / 1e3,
        latency_p99_ms: latencies.at(99) as f64 / 1e3,
        rss_per_subscriber_kb: grown as f64 / 1024.0 / audience.len().max(1) as f64,
    })
}

/// How long an object may be under way and still count.
const UNDER_WAY: Duration = Duration::from_secs(1);

fn cpu_seconds(before: Usage, after: Usage) -> f64 {
    after.cpu.saturating_sub(before.cpu).as_secs_f64()
}

impl Measured {
    /// Share of the expected objects that did not arrive.
    #[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
    pub fn lost_percent(&self) -> f64 {
        let missing = self.objects_expected.saturating_sub(self.objects_delivered);
        missing as f64 * 100.0 / self.objects_expected.max(1) as f64
    }
}
