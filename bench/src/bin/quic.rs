//! What each of the relay's QUIC settings is worth: bare QUIC with all of them, and with one changed.
//! Prints a table and writes `target/bench/quic.json`.
//!
//! `quic relay without-gso` measures only these.

use std::io::Write;

use anyhow::Context;
use mosaik_bench::load::{CAMERA, Kind, Measured, Programs, ROUNDS, Runs};
use mosaik_bench::{Machine, Variant, machine, median, pin_to_other_cores, write};
use mosaik_tests::Path;
use serde::Serialize;

/// The core of what is measured; the load generator has the others.
const CORE: usize = 0;

/// A class of a year group.
const SUBSCRIBERS: usize = 200;

#[derive(Serialize)]
struct Figures {
    machine: Machine,
    variants: Vec<Row>,
    raw: Vec<Measured>,
}

/// Medians of one variant, and as shares of the relay's own settings.
#[derive(Serialize)]
struct Row {
    variant: Variant,
    objects_per_cpu_second: f64,
    ratio_objects_per_cpu_second: f64,
    rss_per_subscriber_kb: f64,
    latency_p99_ms: f64,
}

fn main() -> anyhow::Result<()> {
    let programs = Programs::find(CORE)?;
    let machine = machine(&programs.mosaik).context("`make bench-quic` builds what is needed")?;
    pin_to_other_cores(CORE)?;
    let named: Vec<_> = std::env::args()
        .skip(1)
        .map(|name| Variant::named(&name))
        .collect::<anyhow::Result<_>>()?;
    let variants = if named.is_empty() { Variant::ALL.to_vec() } else { named };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut runs = Runs::new(programs);
    runtime.block_on(measure(&mut runs, &variants))?;
    let variants = rows(&runs.raw, &variants);
    print(&variants)?;
    let path = write("quic", &Figures { machine, variants, raw: runs.raw })?;
    writeln!(std::io::stdout(), "{}", path.display())?;
    Ok(())
}

/// All variants in turn, several times: what else the machine does meets all of them.
async fn measure(runs: &mut Runs, variants: &[Variant]) -> anyhow::Result<()> {
    for _ in 0..ROUNDS {
        for variant in variants {
            runs.once(Kind::Floor(*variant), Path::Quic, CAMERA, SUBSCRIBERS).await?;
        }
    }
    Ok(())
}

/// Ratios are to the first one's figures.
fn rows(raw: &[Measured], variants: &[Variant]) -> Vec<Row> {
    let of = |variant: Variant, figure: fn(&Measured) -> f64| {
        let name = Kind::Floor(variant).name();
        median(raw.iter().filter(|measured| measured.relay == name).map(figure))
    };
    let objects = |measured: &Measured| measured.objects_per_cpu_second;
    let usual = variants.first().map_or(f64::NAN, |first| of(*first, objects));
    variants
        .iter()
        .map(|&variant| Row {
            variant,
            objects_per_cpu_second: of(variant, objects),
            ratio_objects_per_cpu_second: of(variant, objects) / usual,
            rss_per_subscriber_kb: of(variant, |measured| measured.rss_per_subscriber_kb),
            latency_p99_ms: of(variant, |measured| measured.latency_p99_ms),
        })
        .collect()
}

fn print(rows: &[Row]) -> std::io::Result<()> {
    let out = &mut std::io::stdout();
    writeln!(out)?;
    for row in rows {
        writeln!(
            out,
            "  {:<22} {:>7.0} objects/CPU s  {:>5.2} ×  {:>6.1} kB each  p99 {:>6.1} ms",
            row.variant.name(),
            row.objects_per_cpu_second,
            row.ratio_objects_per_cpu_second,
            row.rss_per_subscriber_kb,
            row.latency_p99_ms,
        )?;
    }
    Ok(())
}
