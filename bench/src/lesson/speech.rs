//! How speech sounds: arrivals played out by an adaptive jitter buffer, without a clock.
//!
//! Frames of 20 ms are played a delay after they were captured. The delay follows a target, as the page's
//! does (`web/src/media/jitter/`): what 98 % of the frames of the last five seconds needed, and a frame
//! more; what repeats of lost frames needed lately, and those that were a little too late; and more for a while after nothing was left to play.
//! It grows by playing slower and shrinks by playing faster, so little that nobody hears it. A frame that is not there at its time
//! is a gap. When nothing is there the gap is waited through, which makes the delay larger; when
//! later frames are there the missing one is given up, and behind a long gap what is missing is
//! jumped over.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use crate::Percentiles;

/// Microseconds of one frame.
pub(super) const FRAME: u64 = 20_000;

/// What capturing a frame and playing it out cost besides: a frame and a sound device.
const BESIDES: u64 = FRAME + 20_000;

/// Frames of this time make the target.
const WINDOW: u64 = 5_000_000;

/// The share of frames that the target waits for, in percent.
const COVERED: usize = 98;

const TARGET_MIN: u64 = 40_000;

/// For how long it counts how late a frame came, be it a repeat or in order; up to when a repeat is
/// waited for, and how far beyond the target one that comes in order.
const LATE: u64 = 15_000_000;
const REPEAT_MAX: u64 = 400_000;
const LATE_MAX: u64 = 2 * FRAME;

/// What is held on top each time when nothing is left to play, and at most.
const DRY_STEP: u64 = FRAME;
const DRY_MAX: u64 = 200_000;

/// By how much of that is less held each second.
const DRY_SHRINK: u64 = 12_000;

/// Beyond this nobody talks with each other: what comes later is not waited for.
const TARGET_MAX: u64 = 1_000_000;

/// How far above the target waiting may bring the delay: beyond it the listener stays with the present.
const WAITED_MAX: u64 = 500_000;

/// What is held at first, before anything is known of the line.
const HELD_AT_FIRST: u64 = 60_000;

/// Most that the delay rises in a frame that is played: 10 % slower.
const STRETCH: u64 = FRAME / 10;

/// Most that it falls: 2.5 % faster.
const SQUEEZE: u64 = FRAME / 40;

/// How a listener heard it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Speech {
    /// Microseconds that were played.
    pub played: u64,
    /// Gaps: when each began, by the shared clock, and its length in microseconds.
    pub gaps: Vec<(u64, u64)>,
    /// Microseconds from mouth to ear of each frame that was heard, with when it was heard.
    pub mouth_to_ear: Vec<(u64, u64)>,
}

impl Speech {
    /// Share of time in which there was nothing to hear.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of minutes, far below 2^52")]
    pub(super) fn gap_share(&self) -> f64 {
        let gaps: u64 = self.gaps.iter().map(|(_, length)| *length).sum();
        gaps as f64 / (self.played + gaps).max(1) as f64
    }

    /// The longest gap in microseconds.
    pub(super) fn gap_max(&self) -> u64 {
        self.gaps.iter().map(|(_, length)| *length).max().unwrap_or(0)
    }

    /// Microseconds from mouth to ear that `percent` of the frames heard did not exceed.
    pub(super) fn mouth_to_ear(&self, percent: usize) -> u64 {
        Percentiles::of(self.mouth_to_ear.iter().map(|(_, delay)| *delay).collect()).at(percent)
    }

    /// What was heard from `at` on.
    pub(super) fn from(&self, at: u64) -> Self {
        let later =
            |of: &[(u64, u64)]| of.iter().copied().filter(|(begin, _)| *begin >= at).collect();
        let mouth_to_ear: Vec<(u64, u64)> = later(&self.mouth_to_ear);
        let played = mouth_to_ear.len() as u64 * FRAME;
        Self { played, gaps: later(&self.gaps), mouth_to_ear }
    }

    /// For how long there was nothing to hear just before `at`.
    fn gap_until(&self, at: u64) -> u64 {
        let last = self.gaps.last().filter(|(begin, length)| begin + length == at);
        last.map_or(0, |(_, length)| *length)
    }

    fn gap(&mut self, at: u64) {
        match self.gaps.last_mut() {
            Some((begin, length)) if *begin + *length == at => *length += FRAME,
            _ => self.gaps.push((at, FRAME)),
        }
    }
}

/// Plays the frames captured within `captured`, a range of the shared clock. `arrived` has when each
/// frame came, by when it was captured; both in microseconds, captures at whole multiples of
/// [`FRAME`].
pub(super) fn play(arrived: &BTreeMap<u64, u64>, captured: Range<u64>) -> Speech {
    let mut speech = Speech::default();
    let begin = captured.start.next_multiple_of(FRAME);
    let Some((first, came)) = arrived.range(begin..captured.end).next() else {
        let mut at = begin;
        while at < captured.end {
            speech.gap(at);
            at += FRAME;
        }
        return speech;
    };
    let mut target = Target::of(arrived);
    let mut delay = (came.saturating_sub(*first) + HELD_AT_FIRST).min(TARGET_MAX);
    let mut frame = begin;
    while frame < captured.end {
        let now = frame + delay;
        let wanted = target.at(now);
        if arrived.get(&frame).is_some_and(|at| *at <= now) {
            speech.played += FRAME;
            speech.mouth_to_ear.push((now, delay + BESIDES));
            delay = if wanted > delay {
                (delay + STRETCH).min(wanted)
            } else {
                delay.saturating_sub(SQUEEZE).max(wanted)
            };
            frame += FRAME;
        } else {
            let is_given_up = target.newest > Some(frame);
            if !is_given_up && speech.gap_until(now) == FRAME {
                target.ran_dry(now);
            }
            if is_given_up && speech.gap_until(now) > 0 && delay >= wanted + FRAME {
                // Nobody hears how much is jumped over while there is nothing to hear.
                (frame, delay) = (frame + FRAME, delay - FRAME);
                continue;
            }
            speech.gap(now);
            let waits = !is_given_up && delay + FRAME <= wanted + WAITED_MAX;
            if waits || wanted > delay {
                delay += FRAME;
            } else {
                frame += FRAME;
            }
        }
    }
    speech
}

/// The delay that is aimed at.
struct Target {
    /// When frames came and how long they took, the earliest first.
    coming: VecDeque<(u64, u64)>,
    lately: VecDeque<(u64, u64)>,
    /// When the newest of those that came was captured.
    newest: Option<u64>,
    /// When frames came that are to be waited for, and how long they took: behind later ones, or a
    /// little beyond the target.
    late: VecDeque<(u64, u64)>,
    /// What was given last.
    given: u64,
    /// What was held on top, and since when.
    dry: (u64, u64),
}

impl Target {
    fn of(arrived: &BTreeMap<u64, u64>) -> Self {
        let mut coming: Vec<(u64, u64)> =
            arrived.iter().map(|(captured, at)| (*at, at.saturating_sub(*captured))).collect();
        coming.sort_unstable();
        Self {
            coming: coming.into(),
            lately: VecDeque::new(),
            newest: None,
            late: VecDeque::new(),
            given: TARGET_MAX,
            dry: (0, 0),
        }
    }

    /// Nothing was left to play.
    fn ran_dry(&mut self, now: u64) {
        self.dry = ((self.held_on_top(now) + DRY_STEP).min(DRY_MAX), now);
    }

    fn held_on_top(&self, now: u64) -> u64 {
        let (held, since) = self.dry;
        held.saturating_sub(now.saturating_sub(since) * DRY_SHRINK / 1_000_000)
    }

    /// At `now`, which never goes back.
    fn at(&mut self, now: u64) -> u64 {
        while let Some(came) = self.coming.front().copied().filter(|(at, _)| *at <= now) {
            self.coming.pop_front();
            let captured = came.0.saturating_sub(came.1);
            let is_waited_for = if self.newest > Some(captured) {
                came.1 <= REPEAT_MAX
            } else {
                (self.given + 1..=self.given + LATE_MAX).contains(&came.1)
            };
            if is_waited_for {
                self.late.push_back(came);
            }
            self.newest = self.newest.max(Some(captured));
            self.lately.push_back(came);
        }
        while self.late.front().is_some_and(|(at, _)| at + LATE < now) {
            self.late.pop_front();
        }
        while self.lately.front().is_some_and(|(at, _)| at + WINDOW < now) {
            self.lately.pop_front();
        }
        let delays = self.lately.iter().map(|(_, delay)| *delay).filter(|it| *it <= TARGET_MAX);
        let covered = Percentiles::of(delays.collect()).at(COVERED);
        let late = self.late.iter().map(|(_, delay)| delay + FRAME / 2).max().unwrap_or(0);
        let wanted = (covered + FRAME + self.held_on_top(now)).max(late);
        self.given = wanted.clamp(TARGET_MIN, TARGET_MAX);
        self.given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: u64 = 1_000;
    const SECOND: u64 = 1_000 * MS;

    /// Ten seconds of frames, each with what `delay` says that it took in ms, if it came.
    fn heard(delay: impl Fn(u64) -> Option<u64>) -> Speech {
        let frames = (0..500).filter_map(|n| Some((n * FRAME, n * FRAME + delay(n)? * MS)));
        play(&frames.collect(), 0..10 * SECOND)
    }

    #[test]
    fn on_a_steady_line_nothing_is_missing_and_the_delay_becomes_small() {
        let speech = heard(|_| Some(30));
        assert_eq!((speech.played, speech.gaps.as_slice()), (10 * SECOND, &[][..]));
        // 30 ms on the way, a frame of safety, and a frame and a device besides.
        assert_eq!(speech.mouth_to_ear(5), 90 * MS);
        assert_eq!(speech.mouth_to_ear.first(), Some(&(90 * MS, 130 * MS)));
    }

    #[test]
    fn a_lost_frame_is_a_gap_of_its_length() {
        let speech = heard(|n| (n != 250 && n != 251 && n != 300).then_some(30));
        let lengths: Vec<u64> = speech.gaps.iter().map(|(_, length)| *length).collect();
        assert_eq!(lengths, [40 * MS, 20 * MS]);
        assert_eq!(speech.gap_max(), 40 * MS);
        assert!((speech.gap_share() - 0.006).abs() < 1e-9, "{}", speech.gap_share());
    }

    #[test]
    fn a_line_that_becomes_slow_is_waited_for_once_and_then_heard_later() {
        let speech = heard(|n| Some(if n < 250 { 30 } else { 330 }));
        let gaps: u64 = speech.gaps.iter().map(|(_, length)| *length).sum();
        // What the line is slower by, and a frame before the target has followed.
        assert!((280 * MS..=300 * MS).contains(&gaps), "{:?}", speech.gaps);
        assert_eq!(speech.gaps.first(), Some(&(250 * FRAME + 50 * MS, 280 * MS)));
        assert!(speech.mouth_to_ear(95) >= 370 * MS);
    }

    #[test]
    fn one_frame_in_a_hundred_that_is_far_too_late_is_given_up_and_does_not_delay_the_others() {
        let speech = heard(|n| Some(if n % 100 == 99 { 450 } else { 30 }));
        assert_eq!(speech.gaps.len(), 5);
        assert!(speech.mouth_to_ear(50) < 110 * MS);
    }

    #[test]
    fn what_is_repeated_a_frame_later_is_missed_once_and_then_waited_for() {
        let speech = heard(|n| Some(if n % 40 == 39 { 65 } else { 30 }));
        assert!(speech.gaps.len() <= 1, "{:?}", speech.gaps);
        assert!(speech.mouth_to_ear(95) <= 125 * MS);
    }

    #[test]
    fn a_queue_that_is_there_every_two_seconds_is_missed_once() {
        let speech = heard(|n| Some(if n % 100 == 99 { 70 } else { 30 }));
        assert_eq!(speech.gaps.len(), 1, "{:?}", speech.gaps);
        assert!(speech.mouth_to_ear(95) <= 125 * MS);
    }

    #[test]
    fn a_silent_line_is_one_gap() {
        let speech = heard(|n| (!(200..400).contains(&n)).then_some(30));
        assert_eq!(speech.gaps.len(), 1);
        assert_eq!(speech.gap_max(), 4 * SECOND);
        assert_eq!(heard(|_| None).gap_max(), 10 * SECOND);
    }
}
