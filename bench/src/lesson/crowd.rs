//! Many students of one lesson: one of them on a bad line beside others on good ones, and a school
//! behind one line.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use mosaik_link::{Link, LinkSettings, Profile};
use mosaik_tests::{Dialer, Path};
use serde::Serialize;

use super::arrivals::{Arrival, Kind};
use super::checks::Check;
use super::figures::heard_of;
use super::picture;
use super::student::{Picture, Student};
use super::teacher::Teacher;
use crate::load::{Kind as Relay, Programs, Target, VOICE};
use crate::{Percentiles, median, micros, pass};

/// What many students had.
#[derive(Debug, Clone, Serialize)]
pub struct Crowd {
    /// The scenario.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Figures by their names.
    pub figures: Vec<(String, f64)>,
    /// What must hold.
    pub checks: Vec<Check>,
}

/// Joining is over and all lines are known: what is counted begins.
const WARM_UP: Duration = Duration::from_secs(15);

/// Students on good lines beside a bad one.
const GOOD: usize = 29;
const GOOD_RATE: u64 = 10_000_000;
const BAD_RATE: u64 = 100_000;
const ROUND_TRIP: Duration = Duration::from_millis(40);

/// Students in a school.
const SCHOOL: usize = 60;

/// When this is not small the machine was too busy for so many.
const NO_LINE: &str = "ms that speech took without a line, p99";

/// What one student had while it was counted.
#[derive(Debug, Clone, Copy)]
struct Had {
    kbit_s: f64,
    freeze_share: f64,
    gap_share: f64,
}

/// Twenty-nine students on good lines, alone and beside one on a bad line.
///
/// # Errors
/// When the relay or a line does not start.
pub async fn bad_neighbour(programs: &Programs, seconds: u64) -> anyhow::Result<Crowd> {
    let good = Profile::plain(GOOD_RATE, GOOD_RATE, ROUND_TRIP);
    let alone: Vec<Profile> = vec![good; GOOD];
    let bad = Profile::plain(BAD_RATE, BAD_RATE, ROUND_TRIP);
    let beside: Vec<Profile> = alone.iter().cloned().chain([bad]).collect();
    let (alone, late_alone) = lesson(programs, &alone, 1, seconds).await?;
    let (mut beside, late_beside) = lesson(programs, &beside, 1, seconds).await?;
    let bad = beside.pop().context("no student")?;
    let rate = |all: &[Had]| median(all.iter().map(|had| had.kbit_s));
    let frozen = |all: &[Had]| mean(all.iter().map(|had| had.freeze_share));
    let gaps = |all: &[Had]| mean(all.iter().map(|had| had.gap_share));
    let ratio = rate(&beside) / rate(&alone);
    let more_frozen = frozen(&beside) - frozen(&alone);
    Ok(Crowd {
        name: "bad-neighbour",
        about: "29 students on lines of 10 Mbit/s, alone and beside one on a line of 100 kbit/s",
        figures: vec![
            ("kbit/s of the 29 alone".to_owned(), rate(&alone)),
            ("kbit/s of the 29 beside the bad one".to_owned(), rate(&beside)),
            ("share of time frozen alone".to_owned(), frozen(&alone)),
            ("share of time frozen beside the bad one".to_owned(), frozen(&beside)),
            ("share of speech missing alone".to_owned(), gaps(&alone)),
            ("share of speech missing beside the bad one".to_owned(), gaps(&beside)),
            (NO_LINE.to_owned(), late_alone.max(late_beside)),
            ("kbit/s of the bad one".to_owned(), bad.kbit_s),
            ("share of speech missing of the bad one".to_owned(), bad.gap_share),
        ],
        checks: vec![
            Check::at_least("bit rate of the 29, of that alone", Some(ratio), 0.98),
            Check::at_most("more of their time frozen", Some(more_frozen), 0.02),
        ],
    })
}

/// Sixty students behind one line.
///
/// # Errors
/// When the relay or the line does not start.
pub async fn school(programs: &Programs, seconds: u64) -> anyhow::Result<Crowd> {
    let profile = Profile::named("school-100")?;
    let (all, late) = lesson(programs, &[profile], SCHOOL, seconds).await?;
    let index = jain(&all.iter().map(|had| had.kbit_s).collect::<Vec<f64>>());
    let worst = all.iter().map(|had| had.gap_share).fold(0.0, f64::max);
    let least = all.iter().map(|had| had.kbit_s).fold(f64::INFINITY, f64::min);
    Ok(Crowd {
        name: "school",
        about: "60 students behind one line of 100 Mbit/s",
        figures: vec![
            ("Jain's index of picture bit rates".to_owned(), index),
            (NO_LINE.to_owned(), late),
            ("kbit/s of half of them".to_owned(), median(all.iter().map(|had| had.kbit_s))),
            ("kbit/s of the one with the least".to_owned(), least),
            (
                "share of speech missing on average".to_owned(),
                mean(all.iter().map(|it| it.gap_share)),
            ),
            ("the same of the one with the most".to_owned(), worst),
            (
                "share of time frozen on average".to_owned(),
                mean(all.iter().map(|it| it.freeze_share)),
            ),
        ],
        checks: vec![
            Check::at_least("Jain's index", Some(index), 0.95),
            Check::at_most("share of speech missing of anybody", Some(worst), 0.001),
        ],
    })
}

/// A lesson with a line for each of `profiles`, and so many students behind each: what each had, and
/// the p99 in ms of what speech took without a line, which is the machine's and the relay's.
async fn lesson(
    programs: &Programs,
    profiles: &[Profile],
    behind_each: usize,
    seconds: u64,
) -> anyhow::Result<(Vec<Had>, f64)> {
    let target = Arc::new(Target::start(Relay::Mosaik, programs, VOICE).await?);
    let teacher = Teacher::start(&target, 1).await.context("the teacher")?;
    let to = target.dialer().address();
    let (mut links, mut students) = (Vec::new(), Vec::new());
    for (seed, profile) in (1..).zip(profiles) {
        let settings = LinkSettings { seed, ..LinkSettings::new(profile.clone(), to) };
        let link = Link::start_with(&settings)?;
        for _ in 0..behind_each {
            let dialer = Dialer::new(link.address(), vec![programs.certificate.hash()]);
            students.push(Student::join(
                Arc::clone(&target),
                dialer,
                Path::Quic,
                Picture::Switched,
            ));
        }
        links.push(link);
    }
    let near = target.dialer().apart();
    let beside = Student::join(Arc::clone(&target), near, Path::Quic, Picture::None);
    pass(WARM_UP).await;
    let from = micros();
    pass(Duration::from_secs(seconds)).await;
    let until = micros();
    anyhow::ensure!(!teacher.has_ended(), "the teacher's session was lost");
    let all = students.iter().map(|student| had(&student.arrivals(), from, until)).collect();
    let is_counted = |it: &Arrival| it.kind == Kind::Mic && it.sent >= from;
    let without = beside.arrivals().into_iter().filter(is_counted);
    let without = Percentiles::of(without.map(|arrival| arrival.delay()).collect()).at(99);
    Ok((all, f64::from(u32::try_from(without).unwrap_or(u32::MAX)) / 1e3))
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^52")]
fn had(arrivals: &[Arrival], from: u64, until: u64) -> Had {
    let counted =
        arrivals.iter().filter(|it| it.kind == Kind::Cam && (from..until).contains(&it.at));
    let bytes: usize = counted.map(|arrival| arrival.bytes).sum();
    let frozen = picture::freezes(&picture::show(arrivals), from..until);
    let frozen: u64 = frozen.iter().map(|(_, length)| *length).sum();
    let time = (until - from) as f64;
    Had {
        kbit_s: bytes as f64 * 8_000.0 / time,
        freeze_share: frozen as f64 / time,
        gap_share: heard_of(arrivals, from, until).gap_share(),
    }
}

/// Jain's index of fairness: 1 when all have the same, 1/n when one has everything.
fn jain(rates: &[f64]) -> f64 {
    let sum: f64 = rates.iter().sum();
    let squares: f64 = rates.iter().map(|rate| rate * rate).sum();
    let count = f64::from(u32::try_from(rates.len()).unwrap_or(u32::MAX));
    sum * sum / (count * squares)
}

fn mean(figures: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = f64::from(u32::try_from(figures.len()).unwrap_or(u32::MAX));
    figures.sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fairness_is_one_when_all_have_the_same() {
        assert!((jain(&[5.0; 7]) - 1.0).abs() < 1e-9);
        assert!((jain(&[3.0, 0.0, 0.0]) - 1.0 / 3.0).abs() < 1e-9);
    }
}
