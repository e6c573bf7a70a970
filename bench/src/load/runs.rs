//! Measurements one after the other, each with a relay of its own.

use std::io::Write;
use std::time::Duration;

use mosaik_tests::Path;

use super::{Audience, Flow, Kind, Measured, Programs, Source, TRACK, Target, measure};
use crate::{median, pass};

/// Length of one measurement.
pub const WINDOW: Duration = Duration::from_secs(10);

/// Lets joining's work end before a measurement begins.
pub const WARM_UP: Duration = Duration::from_secs(2);

/// How often a comparison is made; the median counts.
pub const ROUNDS: usize = 5;

/// What was measured so far, and with what.
pub struct Runs {
    /// The relays.
    pub programs: Programs,
    /// Everything that was measured, in order.
    pub raw: Vec<Measured>,
}

/// Two sides of one question, measured in turn.
#[derive(Default)]
pub struct Comparison {
    /// What it is about.
    pub ours: Vec<Measured>,
    /// What that is compared with.
    pub theirs: Vec<Measured>,
}

impl Comparison {
    /// Ours by theirs, of the medians.
    pub fn ratio(&self, figure: impl Fn(&Measured) -> f64) -> f64 {
        median(self.ours.iter().map(&figure)) / median(self.theirs.iter().map(&figure))
    }
}

impl Runs {
    /// Nothing yet.
    pub const fn new(programs: Programs) -> Self {
        Self { programs, raw: Vec::new() }
    }

    /// A relay, `count` subscribers that come in over `path`, and one look at them.
    ///
    /// # Errors
    /// When the relay or one of them does not get that far.
    pub async fn once(
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
        self.keep(measured.clone())?;
        Ok(measured)
    }

    /// Two relays, or two ways into one, in turn.
    ///
    /// # Errors
    /// As [`Runs::once`].
    pub async fn compare(
        &mut self,
        ours: (Kind, Path),
        theirs: (Kind, Path),
        flow: Flow,
        count: usize,
    ) -> anyhow::Result<Comparison> {
        let mut comparison = Comparison::default();
        for _ in 0..ROUNDS {
            comparison.theirs.push(self.once(theirs.0, theirs.1, flow, count).await?);
            comparison.ours.push(self.once(ours.0, ours.1, flow, count).await?);
        }
        Ok(comparison)
    }

    /// Prints a measurement and keeps it.
    ///
    /// # Errors
    /// When it cannot be printed.
    pub fn keep(&mut self, measured: Measured) -> std::io::Result<()> {
        print(&measured)?;
        self.raw.push(measured);
        Ok(())
    }
}

/// The publisher, which the floor has built in.
///
/// # Errors
/// When the relay does not take it.
pub async fn source(target: &Target, flow: Flow) -> anyhow::Result<Option<Source>> {
    match target.kind() {
        Kind::Floor(_) => Ok(None),
        Kind::Mosaik | Kind::MoqRelay => {
            Ok(Some(Source::start(target, Path::Quic, &[(TRACK, flow)]).await?))
        }
    }
}

fn print(m: &Measured) -> std::io::Result<()> {
    writeln!(
        std::io::stdout(),
        "{:<21} {:<12} {:>5} × {:>2}/s × {:>5} B  {:>6.0} Mbit/CPU s  {:>7.0} obj/CPU s  \
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
