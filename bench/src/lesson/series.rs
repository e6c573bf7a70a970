//! How one lesson went over time, for pictures of it.

use std::time::Duration;

use super::arrivals::Kind;
use super::figures::{capacity, heard, seen};
use super::frames::Rendition;
use super::picture;
use super::queue;
use super::run::Run;

/// Values over seconds of the line.
pub(super) type Points = Vec<(f64, f64)>;

/// One lesson over time.
#[derive(Debug, Clone)]
pub struct Series {
    /// Seconds that it lasted.
    pub seconds: f64,
    /// What the line carries, kbit/s.
    pub capacity: Points,
    /// What went over the line, kbit/s.
    pub used: Points,
    /// Pictures that came, kbit/s.
    pub pictures: Points,
    /// 1, 2, 3, 4: low, mid, upper and high are shown from here on.
    pub renditions: Points,
    /// Longest wait in the queue in each tenth of a second, ms.
    pub queue: Points,
    /// From mouth to ear, ms.
    pub mouth_to_ear: Points,
    /// Gaps of speech: when, and how long, in seconds.
    pub gaps: Points,
    /// Freezes of the picture: when, and how long, in seconds.
    pub freezes: Points,
}

/// Queue delays are told in steps of so many milliseconds.
const TENTH: u64 = 100;

impl Series {
    /// Of one lesson.
    pub fn of(run: &Run) -> Self {
        let end = run.line_ms(run.ended);
        let whole = || (0..end / 1_000).map(second);
        let profile = &run.plan.profile;
        let at = |second: f64| capacity(profile, Duration::from_secs_f64(second));
        let shown = seen(run);
        let changes = picture::renditions(&shown).into_iter();
        let spans = |spans: Vec<(u64, u64)>| {
            let point = |(at, length): (u64, u64)| (line(run, at), number(length) / 1e6);
            spans.into_iter().map(point).collect()
        };
        let speech = heard(run);
        let began = shown.first().map_or(run.ended, |picture| picture.at);
        Self {
            seconds: number(end) / 1e3,
            capacity: whole().map(|second| (second, number(at(second)) / 1e3)).collect(),
            used: whole().zip(kilobits(queue::rates(&run.rows, 0..end))).collect(),
            pictures: whole().zip(kilobits(picture_rates(run, end))).collect(),
            renditions: changes.map(|(at, rendition)| (line(run, at), rank(rendition))).collect(),
            queue: queue_delays(run, end),
            mouth_to_ear: speech
                .mouth_to_ear
                .iter()
                .step_by(10)
                .map(|(at, delay)| (line(run, *at), number(*delay) / 1e3))
                .collect(),
            gaps: spans(speech.gaps),
            freezes: spans(picture::freezes(&shown, began..run.ended)),
        }
    }
}

fn queue_delays(run: &Run, end: u64) -> Points {
    let mut delays = vec![0; usize::try_from(end / TENTH).unwrap_or(0)];
    for row in &run.rows {
        let tenth = usize::try_from(row.at_ms / TENTH).unwrap_or(usize::MAX);
        if let Some(delay) = delays.get_mut(tenth) {
            *delay = row.queue_delay_us.max(*delay);
        }
    }
    (0_u64..).zip(delays).map(|(tenth, us)| (number(tenth) / 10.0, number(us) / 1e3)).collect()
}

/// Bits of pictures that came in each second of the line.
fn picture_rates(run: &Run, end: u64) -> Vec<u64> {
    let mut rates = vec![0; usize::try_from(end / 1_000).unwrap_or(0)];
    for arrival in run.arrivals.iter().filter(|arrival| arrival.kind == Kind::Cam) {
        let second = usize::try_from(run.line_ms(arrival.at) / 1_000).unwrap_or(usize::MAX);
        if let Some(rate) = rates.get_mut(second) {
            *rate += arrival.bytes as u64 * 8;
        }
    }
    rates
}

fn kilobits(rates: Vec<u64>) -> impl Iterator<Item = f64> {
    rates.into_iter().map(|rate| number(rate) / 1e3)
}

const fn rank(rendition: Rendition) -> f64 {
    match rendition {
        Rendition::Low => 1.0,
        Rendition::Mid => 2.0,
        Rendition::Upper => 3.0,
        Rendition::High => 4.0,
    }
}

fn second(second: u64) -> f64 {
    number(second)
}

/// Seconds of the line, of the shared clock's microseconds.
fn line(run: &Run, at: u64) -> f64 {
    number(at.saturating_sub(run.line_began)) / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}
