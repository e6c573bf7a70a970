//! The figures of one lesson, and the median of several.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use mosaik_link::{Outage, Profile};
use serde::Serialize;

use super::arrivals::{Arrival, Kind};
use super::browsers::Senses;
use super::frames::Rendition;
use super::picture::{self, Shown};
use super::queue;
use super::run::Run;
use super::speech::{self, Speech};
use crate::{Percentiles, median};

const SECOND: u64 = 1_000_000;

/// What comes in the end may still be under way.
const UNDER_WAY: u64 = SECOND;

/// Joining is over and the line is known: figures of a steady line begin.
const STEADY_AFTER: u64 = 15 * SECOND;

/// After a step the line is not steady for so long.
const UNSTEADY: u64 = 10 * SECOND;

/// Before this nobody knows how much of the line can be used.
const USED_AFTER: u64 = 10 * SECOND;

/// Rates of mobile lines change as often.
const TENTH: Duration = Duration::from_millis(100);

/// After a step down speech has settled when so much of it comes ...
const SETTLED_PERCENT: usize = 95;
/// ... within this time ...
const SETTLED_DELAY: u64 = 200_000;
/// ... for so long.
const SETTLED_FOR: u64 = 2 * SECOND;

/// A better rendition that is shown for so long has come to stay.
const STAYS: u64 = 10 * SECOND;

/// What is at most this old is live.
const LIVE: u64 = 500_000;

/// What a student had of a lesson. What does not apply is `None`; what never came counts as lasting to
/// the end.
#[derive(Debug, Clone, Copy, Default, Serialize)]
#[expect(missing_docs, reason = "their names are the ones of docs/links.md")]
pub struct Figures {
    pub speech_gap_share: Option<f64>,
    pub speech_gap_max_ms: Option<f64>,
    pub mouth_to_ear_p50_ms: Option<f64>,
    pub mouth_to_ear_p95_ms: Option<f64>,
    pub steady_gap_share: Option<f64>,
    pub steady_ear_p95_ms: Option<f64>,
    pub freeze_share: Option<f64>,
    pub freeze_max_ms: Option<f64>,
    pub fps_p50: Option<f64>,
    pub glass_to_glass_p95_ms: Option<f64>,
    pub picture_kbit_s: Option<f64>,
    pub queue_delay_p95_ms: Option<f64>,
    pub line_used_share: Option<f64>,
    pub slide_s: Option<f64>,
    pub slide_max_s: Option<f64>,
    pub chat_p95_ms: Option<f64>,
    pub chat_missing: Option<f64>,
    pub first_picture_s: Option<f64>,
    pub settle_down_s: Option<f64>,
    pub settle_up_s: Option<f64>,
    pub step_gap_max_ms: Option<f64>,
    pub switches_per_minute: Option<f64>,
    pub resume_s: Option<f64>,
    pub live_edge_s: Option<f64>,
    pub sessions: Option<f64>,
    pub line_late_p99_ms: Option<f64>,
    pub teacher_late_p99_ms: Option<f64>,
    pub no_line_delay_p99_ms: Option<f64>,
    pub no_line_delay_max_ms: Option<f64>,
    pub others_cpu_share: Option<f64>,
}

/// The name of each figure with how to get it.
macro_rules! each {
    ($($name:ident),+ $(,)?) => {
        impl Figures {
            /// Every figure by its name, in the order in which they are shown.
            pub fn named(&self) -> Vec<(&'static str, Option<f64>)> {
                vec![$((stringify!($name), self.$name)),+]
            }

            /// The median of each figure, of those lessons that have it.
            pub fn median(of: &[Self]) -> Self {
                let middle = |figure: fn(&Self) -> Option<f64>| {
                    let middle = median(of.iter().filter_map(figure));
                    (!middle.is_nan()).then_some(middle)
                };
                Self { $($name: middle(|figures| figures.$name)),+ }
            }
        }
    };
}

each!(
    speech_gap_share,
    speech_gap_max_ms,
    mouth_to_ear_p50_ms,
    mouth_to_ear_p95_ms,
    steady_gap_share,
    steady_ear_p95_ms,
    freeze_share,
    freeze_max_ms,
    fps_p50,
    glass_to_glass_p95_ms,
    picture_kbit_s,
    queue_delay_p95_ms,
    line_used_share,
    slide_s,
    slide_max_s,
    chat_p95_ms,
    chat_missing,
    first_picture_s,
    settle_down_s,
    settle_up_s,
    step_gap_max_ms,
    switches_per_minute,
    resume_s,
    live_edge_s,
    sessions,
    line_late_p99_ms,
    teacher_late_p99_ms,
    no_line_delay_p99_ms,
    no_line_delay_max_ms,
    others_cpu_share,
);

/// A step of the line's rate, in seconds of the line.
const STEP: &str = "step-3m-400k-3m";
const STEP_DOWN: u64 = 20;
const STEP_UP: u64 = 50;

impl Figures {
    /// Of one lesson.
    pub fn of(run: &Run) -> Self {
        let (shown, speech) = (seen(run), heard(run));
        let steady = speech.from((run.joined + STEADY_AFTER).min(run.ended));
        let began = shown.first().map_or(run.ended, |picture| picture.at);
        // Who sees no picture at all has one that stands still from the beginning.
        let seen = if shown.is_empty() { run.joined } else { began }..run.ended;
        let freezes = picture::freezes(&shown, seen.clone());
        let frozen: u64 = freezes.iter().map(|(_, length)| *length).sum();
        let line = run.line_ms(run.joined)..run.line_ms(run.ended);
        Self {
            speech_gap_share: Some(speech.gap_share()),
            speech_gap_max_ms: Some(ms(speech.gap_max())),
            mouth_to_ear_p50_ms: Some(ms(speech.mouth_to_ear(50))),
            mouth_to_ear_p95_ms: Some(ms(speech.mouth_to_ear(95))),
            steady_gap_share: Some(steady.gap_share()),
            steady_ear_p95_ms: Some(ms(steady.mouth_to_ear(95))),
            freeze_share: Some(share(frozen, seen.end - seen.start)),
            freeze_max_ms: freezes
                .iter()
                .map(|(_, length)| ms(*length))
                .reduce(f64::max)
                .or(Some(0.0)),
            fps_p50: Some(picture::fps(&shown, seen)).filter(|fps| !fps.is_nan()).or(Some(0.0)),
            queue_delay_p95_ms: Some(ms(queue::delay(&run.rows, line, 95))),
            line_used_share: line_used(run, &shown),
            first_picture_s: Some(seconds(began.saturating_sub(run.joined))),
            line_late_p99_ms: Some(run.stats.late_p99_ms),
            switches_per_minute: switches(run, &shown),
            ..Self::of_changes(run, &shown, &speech)
        }
    }

    /// What follows from objects, or what browsers tell instead, which hand objects to nobody.
    fn of_objects(run: &Run) -> Self {
        if let Some(senses) = &run.senses {
            let delays = senses.shown.iter().map(|picture| picture.at - picture.captured).collect();
            return Self {
                glass_to_glass_p95_ms: Some(ms(Percentiles::of(delays).at(95))),
                others_cpu_share: Some(senses.others_cpu_share),
                ..Self::default()
            };
        }
        let (slides, (chat, missing), beside) = (slides(run), chat(run), no_line(run));
        let steps = (run.line_at(STEP_DOWN), run.line_at(STEP_UP));
        let has_steps = run.plan.profile.name == STEP;
        Self {
            picture_kbit_s: Some(picture_rate(run)),
            slide_s: Some(seconds(Percentiles::of(slides.clone()).at(50))),
            slide_max_s: slides.iter().max().map(|longest| seconds(*longest)),
            chat_p95_ms: Some(ms(Percentiles::of(chat).at(95))),
            chat_missing: Some(count(missing)),
            settle_down_s: has_steps.then(|| settled_down(run, steps.0..steps.1)),
            sessions: Some(count(run.sessions)),
            teacher_late_p99_ms: Some(ms(late(run).at(99))),
            no_line_delay_p99_ms: Some(ms(beside.at(99))),
            no_line_delay_max_ms: Some(ms(beside.at(100))),
            ..Self::default()
        }
    }

    /// What follows from what happens to the line, and from objects.
    fn of_changes(run: &Run, shown: &[Shown], speech: &Speech) -> Self {
        let mut figures = Self::of_objects(run);
        if run.plan.profile.name == STEP {
            let (down, up) = (run.line_at(STEP_DOWN), run.line_at(STEP_UP));
            let near = |gap: &&(u64, u64)| (down..down + UNSTEADY).contains(&gap.0);
            let longest = speech.gaps.iter().filter(near).map(|(_, length)| *length).max();
            figures.step_gap_max_ms = Some(ms(longest.unwrap_or(0)));
            figures.settle_up_s = (run.ended > up).then(|| settled_up(shown, up..run.ended));
        }
        if let Some(back) = back_at(run).filter(|back| *back < run.ended) {
            let first = |oldest| first_word(run, back, oldest).unwrap_or(run.ended) - back;
            figures.resume_s = Some(seconds(first(u64::MAX)));
            let live = |it: &&Shown| it.captured >= back && it.at - it.captured <= LIVE;
            let picture = shown.iter().filter(live);
            let picture = picture.map(|it| it.at).min().unwrap_or(run.ended) - back;
            figures.live_edge_s = Some(seconds(first(LIVE).max(picture)));
        }
        figures
    }
}

/// When the line is there again, if it was gone.
fn back_at(run: &Run) -> Option<u64> {
    let until = run.plan.profile.down.outages.first().map(|outage| outage.until.as_secs());
    until.map(|second| run.line_at(second)).or(run.happened)
}

/// When the first word was there that was said after `back`, and was not older than `oldest` by then.
fn first_word(run: &Run, back: u64, oldest: u64) -> Option<u64> {
    if let Some(Senses { speech, .. }) = &run.senses {
        let words = speech.mouth_to_ear.iter();
        let is_it = |(at, delay): &&(u64, u64)| at - delay >= back && *delay <= oldest;
        return words.filter(is_it).map(|(at, _)| *at).min();
    }
    let words = run.arrivals.iter().filter(|it| it.kind == Kind::Mic && it.sent >= back);
    words.filter(|it| it.delay() <= oldest).map(|it| it.at).min()
}

/// The pictures that were seen.
pub(super) fn seen(run: &Run) -> Vec<Shown> {
    run.senses.as_ref().map_or_else(|| picture::show(&run.arrivals), |it| it.shown.clone())
}

/// What was heard from when the first frame came, so that what lies before is nobody's.
pub(super) fn heard(run: &Run) -> Speech {
    let of_arrivals = || heard_of(&run.arrivals, run.joined, run.ended);
    run.senses.as_ref().map_or_else(of_arrivals, |it| it.speech.clone())
}

/// The same of anybody's arrivals, from `from` on at the earliest.
pub(super) fn heard_of(arrivals: &[Arrival], from: u64, until: u64) -> Speech {
    let mic = || arrivals.iter().filter(|arrival| arrival.kind == Kind::Mic);
    let first = mic().map(|arrival| arrival.at).min().unwrap_or(from).max(from);
    let since = mic().filter(|arrival| arrival.captured >= first);
    let arrived = earliest(since, Arrival::in_time);
    speech::play(&arrived, first..until.saturating_sub(UNDER_WAY))
}

/// How much speech was sent behind its time.
fn late(run: &Run) -> Percentiles {
    let mic = run.arrivals.iter().filter(|arrival| arrival.kind == Kind::Mic);
    Percentiles::of(mic.map(|arrival| arrival.sent.saturating_sub(arrival.captured)).collect())
}

/// How long speech took without a line. What came before the listener did is passed over.
fn no_line(run: &Run) -> Percentiles {
    let first = run.beside.iter().map(|arrival| arrival.at).min().unwrap_or(run.ended);
    let live = run.beside.iter().filter(|arrival| arrival.sent >= first);
    let live = live.filter(|arrival| arrival.kind == Kind::Mic);
    Percentiles::of(earliest(live, Arrival::delay).into_values().collect())
}

/// What `of` says of each object, by when it was captured: the least where one came again, by a repeat or
/// by a second session.
fn earliest<'a>(
    arrivals: impl Iterator<Item = &'a Arrival>,
    of: impl Fn(&Arrival) -> u64,
) -> BTreeMap<u64, u64> {
    let mut all = BTreeMap::new();
    for arrival in arrivals {
        let least = all.entry(arrival.captured).or_insert(u64::MAX);
        *least = of(arrival).min(*least);
    }
    all
}

/// Microseconds that each image took.
fn slides(run: &Run) -> Vec<u64> {
    delays(run, Kind::Slides, 10 * SECOND).0
}

/// Microseconds that each message took, and how many never came.
fn chat(run: &Run) -> (Vec<u64>, u64) {
    delays(run, Kind::State, SECOND)
}

/// Of a track with an object each `interval`: how long each took that was captured since the first
/// one came, and how many are missing.
fn delays(run: &Run, kind: Kind, interval: u64) -> (Vec<u64>, u64) {
    let of_kind = run.arrivals.iter().filter(|arrival| arrival.kind == kind);
    let came = earliest(of_kind, Arrival::delay);
    let Some((first, _)) = came.first_key_value() else {
        return (vec![run.ended - run.joined], 1);
    };
    let mut captured = *first;
    let (mut delays, mut missing) = (Vec::new(), 0);
    while captured + 2 * SECOND < run.ended {
        let delay = came.get(&captured).copied();
        missing += u64::from(delay.is_none());
        delays.push(delay.unwrap_or(run.ended - captured));
        captured += interval;
    }
    (delays, missing)
}

/// Bits a second of pictures from the steady time on, in kbit/s.
fn picture_rate(run: &Run) -> f64 {
    let steady = (run.joined + STEADY_AFTER).min(run.ended)..run.ended;
    let of = run.arrivals.iter().filter(|it| it.kind == Kind::Cam && steady.contains(&it.at));
    let bytes: u64 = of.map(|arrival| arrival.bytes as u64).sum();
    count(bytes * 8) / 1_000.0 / seconds(steady.end - steady.start).max(1e-9)
}

/// The share of the line that is used while less than the best is shown.
fn line_used(run: &Run, shown: &[Shown]) -> Option<f64> {
    let from = run.joined + USED_AFTER;
    let rates = queue::rates(&run.rows, run.line_ms(from)..run.line_ms(run.ended));
    let pictures = picture::pictures_per_second(shown, from..run.ended);
    let (mut used, mut could) = (0, 0);
    for ((rate, pictures), at) in rates.iter().zip(pictures).zip((from..).step_by(1_000_000)) {
        let line = Duration::from_micros(at - run.line_began);
        let is_out = |outage: &Outage| line + TENTH * 10 > outage.from && line < outage.until;
        let seen = shown.iter().rev().find(|picture| picture.at < at + SECOND);
        let is_best = seen.is_some_and(|picture| picture.rendition == Rendition::High);
        let is_best = is_best && u64::from(pictures) * 10 >= Rendition::High.fps() * 8;
        if !is_best && !run.plan.profile.down.outages.iter().any(is_out) {
            used += rate;
            could += capacity(&run.plan.profile, line);
        }
    }
    (could > 0).then(|| share(used, could))
}

/// Bits that the line can carry in the second that begins at `line`.
pub(super) fn capacity(profile: &Profile, line: Duration) -> u64 {
    (0..10).map(|tenth| profile.down.rate.at(line + TENTH * tenth) / 10).sum()
}

/// Changes of the rendition a minute while nothing happens to the line.
fn switches(run: &Run, shown: &[Shown]) -> Option<f64> {
    let mut unsteady = Vec::new();
    unsteady.push(run.joined..run.joined + STEADY_AFTER);
    let mut steps: Vec<u64> = back_at(run).into_iter().collect();
    if run.plan.profile.name == STEP {
        steps.extend([STEP_DOWN, STEP_UP].map(|second| run.line_at(second)));
    }
    unsteady.extend(steps.into_iter().map(|step| step..step + UNSTEADY));
    let outages = run.plan.profile.down.outages.iter();
    unsteady.extend(
        outages
            .map(|outage| run.line_at(outage.from.as_secs())..run.line_at(outage.until.as_secs())),
    );
    let is_steady = |at: &u64| !unsteady.iter().any(|time: &Range<u64>| time.contains(at));
    let seconds = (run.joined..run.ended).step_by(1_000_000).filter(is_steady).count() as u64;
    let changes = picture::renditions(shown);
    let switches = changes.iter().skip(1).filter(|(at, _)| is_steady(at)).count() as u64;
    // Of less than a minute it is not known how many a minute has.
    (seconds > 0).then(|| count(switches) * 60.0 / count(seconds.max(60)))
}

/// Seconds until speech comes in time again, and all of it.
fn settled_down(run: &Run, time: Range<u64>) -> f64 {
    let mic = run.arrivals.iter().filter(|arrival| arrival.kind == Kind::Mic);
    let came = earliest(mic, Arrival::delay);
    let end = time.end.min(run.ended);
    let mut from = time.start.next_multiple_of(speech::FRAME);
    while from + SETTLED_FOR < end {
        let frames = (from..from + SETTLED_FOR).step_by(20_000);
        let delays = frames.map(|frame| came.get(&frame).copied().unwrap_or(u64::MAX));
        if Percentiles::of(delays.collect()).at(SETTLED_PERCENT) <= SETTLED_DELAY {
            return seconds(from - time.start);
        }
        from += speech::FRAME;
    }
    seconds(end.saturating_sub(time.start))
}

/// Seconds until the best rendition is shown to stay.
fn settled_up(shown: &[Shown], time: Range<u64>) -> f64 {
    let changes = picture::renditions(shown);
    let nexts = changes.iter().skip(1).map(|(at, _)| *at).chain([time.end]);
    let is_it = |((at, rendition), next): &((u64, Rendition), u64)| {
        let stays = *next >= time.end || next.saturating_sub(time.start.max(*at)) >= STAYS;
        *rendition == Rendition::High && *at < time.end && *next > time.start && stays
    };
    let found = changes.iter().copied().zip(nexts).find(is_it).map(|((at, _), _)| at);
    seconds(found.unwrap_or(time.end).saturating_sub(time.start))
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
const fn count(count: u64) -> f64 {
    count as f64
}

fn ms(micros: u64) -> f64 {
    count(micros) / 1e3
}

fn seconds(micros: u64) -> f64 {
    count(micros) / 1e6
}

fn share(part: u64, whole: u64) -> f64 {
    count(part) / count(whole.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rendition_that_does_not_stay_has_not_settled() {
        let shown: Vec<Shown> = [
            (10, Rendition::High),
            (20, Rendition::Low),
            (52, Rendition::High),
            (55, Rendition::Mid),
            (61, Rendition::High),
        ]
        .into_iter()
        .map(|(at, rendition)| Shown { at: at * SECOND, captured: 0, group: at, rendition })
        .collect();
        let settled = |up, end| settled_up(&shown, up * SECOND..end * SECOND);
        assert!((settled(50, 90) - 11.0).abs() < 1e-9);
        assert!((settled(62, 90) - 0.0).abs() < 1e-9, "it is there already");
        assert!((settled(22, 50) - 28.0).abs() < 1e-9, "it never comes");
    }

    #[test]
    fn the_median_is_of_those_that_have_the_figure() {
        let of = |slide_s| Figures { slide_s, ..Figures::default() };
        let median = Figures::median(&[of(Some(3.0)), of(None), of(Some(1.0)), of(Some(9.0))]);
        assert_eq!((median.slide_s, median.resume_s), (Some(3.0), None));
    }
}
