//! Congestion controllers side by side, in simulated time.
//!
//! `congestion [--only NAME] [--by CONTROLLER] [--seeds COUNT]`

use std::io::Write;

use anyhow::Context;
use mosaik_bench::simulated::{Controlled, Credentials, Outcome, Scenario};
use mosaik_bench::{median, write};
use serde::Serialize;

/// Worlds that each figure is the median of.
const SEEDS: u8 = 3;

/// A line of the table.
#[derive(Debug, Serialize)]
struct Row {
    scenario: &'static str,
    controller: Controlled,
    outcomes: Vec<Outcome>,
}

impl Row {
    fn of(&self, figure: impl Fn(&Outcome) -> f64) -> f64 {
        median(self.outcomes.iter().map(figure))
    }

    fn print(&self, out: &mut impl Write) -> std::io::Result<()> {
        let rates = self.outcomes.first().map_or(0, |it| it.picture.len());
        let rate = |index: usize| {
            let rate = self.of(|it| it.picture.get(index).copied().unwrap_or_default());
            format!("{:.0}", rate / 1e3)
        };
        let rates = (0..rates.min(4)).map(rate).collect::<Vec<_>>().join(" ");
        let download = self.of(|it| it.download) / 1e3;
        let back = self.of(|it| it.back_ms.unwrap_or(f64::NAN));
        writeln!(
            out,
            "{:<26}{:<15}{:>6.0}{:>6.0} ms{:>6.1} %{:>7.0} ms{:>7.0} ms{:>7.0}  {rates} / {download:.0} kbit/s{}",
            self.scenario,
            self.controller.name(),
            self.of(|it| it.speech_p50_ms),
            self.of(|it| it.speech_p95_ms),
            self.of(|it| it.late) * 100.0,
            self.of(|it| it.silence_ms),
            self.of(|it| it.queue_p95_ms),
            self.of(|it| f64::from(u32::try_from(it.overflowed).unwrap_or(u32::MAX))),
            if back.is_nan() { String::new() } else { format!("  back after {back:.0} ms") },
        )
    }
}

/// What follows `flag` among the arguments.
fn argument(flag: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != flag).nth(1)
}

fn main() -> anyhow::Result<()> {
    let only = argument("--only").unwrap_or_default();
    let by = argument("--by");
    let seeds = argument("--seeds").map_or(Ok(SEEDS), |count| count.parse())?;
    let credentials = Credentials::new().context("no certificate")?;
    let out = &mut std::io::stdout().lock();
    writeln!(out, "{:<41}speech p50 p95   late silence  queue p95   full  picture / download", "")?;
    let mut rows = Vec::new();
    for scenario in Scenario::all().iter().filter(|it| it.name.contains(&only)) {
        for controller in Controlled::ALL {
            if by.as_ref().is_some_and(|by| by != controller.name()) {
                continue;
            }
            let worlds =
                (1..=seeds).map(|seed| Outcome::of(scenario, controller, &credentials, seed));
            let outcomes = worlds.collect::<Result<_, _>>()?;
            let row = Row { scenario: scenario.name, controller, outcomes };
            row.print(out)?;
            rows.push(row);
        }
    }
    let path = write("congestion", &rows)?;
    writeln!(out, "\n{}", path.display())?;
    Ok(())
}
