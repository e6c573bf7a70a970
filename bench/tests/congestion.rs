//! What the relay's congestion controller promises, in simulated time: a promise that is broken is
//! broken each time.

use anyhow::Context;
use mosaik_bench::median;
use mosaik_bench::simulated::{Controlled, Credentials, Outcome, Scenario};

const SEEDS: u8 = 3;

/// What became of a scenario in some worlds.
struct Outcomes(Vec<Outcome>);

impl Outcomes {
    fn of(name: &str, controlled: Controlled) -> anyhow::Result<Self> {
        let all = Scenario::all();
        let scenario = all.iter().find(|it| it.name == name).context("no such scenario")?;
        let credentials = Credentials::new()?;
        let worlds = (1..=SEEDS).map(|seed| Outcome::of(scenario, controlled, &credentials, seed));
        Ok(Self(worlds.collect::<Result<_, _>>()?))
    }

    fn of_ours(name: &str) -> anyhow::Result<Self> {
        Self::of(name, Controlled::Ours)
    }

    fn median(&self, figure: impl Fn(&Outcome) -> f64) -> f64 {
        median(self.0.iter().map(figure))
    }

    fn picture(&self) -> f64 {
        self.median(Outcome::total)
    }
}

#[test]
fn speech_waits_a_third_as_long_as_with_cubic_and_the_picture_loses_nothing() -> anyhow::Result<()>
{
    let ours = Outcomes::of_ours("500k")?;
    let cubic = Outcomes::of("500k", Controlled::Cubic)?;
    let [waits, waits_cubic] = [&ours, &cubic].map(|it| it.median(|it| it.speech_p95_ms));
    assert!(waits * 3.0 < waits_cubic, "{waits} ms, with CUBIC {waits_cubic} ms");
    let [shown, shown_cubic] = [&ours, &cubic].map(Outcomes::picture);
    assert!(shown > 0.95 * shown_cubic, "{shown} bit/s, with CUBIC {shown_cubic}");
    Ok(())
}

#[test]
fn fewer_acknowledgements_change_little() -> anyhow::Result<()> {
    let few = Outcomes::of("500k", Controlled::OursFewAcks)?;
    let waits = few.median(|it| it.speech_p95_ms);
    assert!(waits < 200.0, "{waits} ms");
    assert!(few.picture() > 400_000.0, "{} bit/s", few.picture());
    Ok(())
}

#[test]
fn the_queue_stays_short_for_minutes() -> anyhow::Result<()> {
    let long = Outcomes::of_ours("1M long")?;
    let queue = long.median(|it| it.queue_p95_ms);
    assert!(queue < 60.0, "{queue} ms");
    assert!(long.picture() > 850_000.0, "{} bit/s", long.picture());
    Ok(())
}

#[test]
fn a_line_that_loses_two_of_a_hundred_is_used_and_its_queue_short() -> anyhow::Result<()> {
    let lossy = Outcomes::of_ours("dsl-1m")?;
    let queue = lossy.median(|it| it.queue_p95_ms);
    assert!(queue <= 60.0, "{queue} ms");
    // Beside 66 kbit/s of speech and 3 % of headers.
    assert!(lossy.picture() > 740_000.0, "{} bit/s", lossy.picture());
    Ok(())
}

#[test]
fn on_the_weakest_line_there_is_still_a_picture() -> anyhow::Result<()> {
    let floor = Outcomes::of_ours("floor-200k")?;
    assert!(floor.picture() > 95_000.0, "{} bit/s", floor.picture());
    Ok(())
}

#[test]
fn what_is_small_enough_is_never_held_back() -> anyhow::Result<()> {
    let easy = Outcomes::of_ours("6M, picture of 2M")?;
    assert!(easy.picture() > 1_980_000.0, "{} bit/s", easy.picture());
    let waits = easy.median(|it| it.speech_p95_ms);
    assert!(waits < 30.0, "{waits} ms");
    Ok(())
}

#[test]
fn beside_a_download_it_gets_at_least_half_of_what_cubic_gets_there() -> anyhow::Result<()> {
    for name in ["3M beside, 100 ms", "3M beside, 300 ms"] {
        let ours = Outcomes::of_ours(name)?.picture();
        let cubic = Outcomes::of(name, Controlled::Cubic)?.picture();
        assert!((0.5 * cubic..2.0 * cubic).contains(&ours), "{name}: {ours} bit/s of {cubic}");
    }
    Ok(())
}

#[test]
fn after_a_download_the_queue_is_short_again() -> anyhow::Result<()> {
    let after = Outcomes::of_ours("3M, a download was there")?;
    let waits = after.median(|it| it.speech_p50_ms);
    assert!(waits < 80.0, "{waits} ms");
    Ok(())
}

#[test]
fn three_of_a_kind_share_a_line_and_none_waits() -> anyhow::Result<()> {
    let three = Outcomes::of_ours("4M, three")?;
    let waits = three.median(|it| it.speech_p95_ms);
    assert!(waits < 150.0, "{waits} ms");
    let shares = |it: &Outcome| {
        let least = it.picture.iter().copied().fold(f64::INFINITY, f64::min);
        least / it.picture.iter().copied().fold(0.0, f64::max)
    };
    let fair = three.median(shares);
    assert!(fair > 0.6, "{fair}");
    Ok(())
}

#[test]
fn a_line_that_is_back_is_used_within_a_second() -> anyhow::Result<()> {
    for name in ["outage-10s", "step-3m-400k-3m"] {
        let back = Outcomes::of_ours(name)?.median(|it| it.back_ms.unwrap_or(f64::INFINITY));
        assert!(back <= 1_000.0, "{name}: {back} ms");
    }
    Ok(())
}
