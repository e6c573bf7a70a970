//! Trying whether the line carries more, with padding behind everything else.
//!
//! A probe climbs in stages until the line is full or all that is wished would fit; only then
//! pictures get better, once. One that finds the line full is not repeated for 4 s, and when there was
//! room for nothing better the next one for 8, up to 32: each fills the queue for a moment.

use std::time::{Duration, Instant};

use super::Link;
use super::budget::percent;
use super::standing::stands_from;

/// After a probe in vain, and after each reduction.
const WAIT_MIN: Duration = Duration::from_secs(4);
const WAIT_MAX: Duration = Duration::from_secs(32);

/// Percent of the stage before: what a delay-bounded window grows to within a stage.
const CLIMB: u64 = 160;

/// Percent by which the first stage is above what is sent already.
const FIRST_CLIMB: u64 = 200;

/// Bits a second of the first stage at least: what a line is taken for at first.
const FIRST_MIN: u64 = 250_000;

/// A stage must be seen in the delivered rate: the window over which that is measured, and two
/// samples.
const STAGE: Duration = Duration::from_millis(300);

/// The last stage of a careful probe.
const STAGE_CAREFUL: Duration = Duration::from_millis(2_300);

/// A window that grows slowly has so much more time.
const STAGE_MORE: Duration = Duration::from_millis(1_200);

/// Percent of a stage's rate that must arrive: then the line is taken for [`SHOWN`] of it.
const ARRIVES: u64 = 92;
const SHOWN: u64 = 95;

/// Percent by which the rate must have grown in a stage that is limited, or the line is full.
const GROWS: u64 = 110;

/// A queue that a delay-bounded controller does not let build up, and that speech bears.
const QUEUE_MAX: Duration = Duration::from_millis(100);

/// Objects that wait as long as this wait for the padding.
const WAITING_MAX: Duration = Duration::from_millis(200);

/// For how long the rate that is seen may still be that of a probe which is over.
const ECHO: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Copy)]
struct Stage {
    /// Bits a second of everything.
    rate: u64,
    /// The rate with which all that is wished fits.
    top: u64,
    /// For how long the last stage must last.
    last: Duration,
    began: Instant,
    /// What was delivered when it began.
    from: u64,
    /// Padding in the place of media that are not there now: a picture that waits for its key
    /// frame, or shows nothing new.
    missing: u64,
    /// When that was last looked at.
    filled: Instant,
    /// The shortest queue of the stage.
    queue: Duration,
}

/// What became of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// None is running, or it goes on.
    Open,
    /// The line carried all of it: so many bits a second.
    Reached(u64),
    /// It is full.
    Full,
}

/// When to probe, and the probe that is running.
#[derive(Debug, Clone, Default)]
pub(super) struct Prober {
    stage: Option<Stage>,
    /// When the last one was over.
    ended: Option<Instant>,
    /// Probes in vain, one after the other.
    failures: u32,
    not_before: Option<Instant>,
}

impl Prober {
    /// Begins a probe if it is time, from `sent` bits a second until `top` is shown; a careful one
    /// lasts as long as key frames are apart, those of others on the line too.
    pub(super) fn begin(&mut self, now: Instant, sent: u64, top: u64, is_careful: bool) {
        let last = if is_careful { STAGE_CAREFUL } else { STAGE };
        let top = top.saturating_mul(100) / SHOWN + 1;
        if self.stage.is_none() && self.not_before.is_none_or(|time| now >= time) {
            let rate = percent(sent, FIRST_CLIMB).max(FIRST_MIN).min(top);
            let (from, missing) = (sent, 0);
            self.stage = Some(Stage {
                rate,
                top,
                last,
                began: now,
                from,
                missing,
                filled: now,
                queue: Duration::MAX,
            });
        }
    }

    /// Looks at what came of it. `lately` is the delivered rate without its peaks.
    pub(super) fn observe(
        &mut self,
        now: Instant,
        link: &Link,
        lately: u64,
        waiting: Duration,
    ) -> Outcome {
        let Some(stage) = &mut self.stage else { return Outcome::Open };
        let outcome = stage.observe(now, link, lately, waiting);
        if outcome != Outcome::Open {
            self.stage = None;
            self.ended = Some(now);
        }
        outcome
    }

    /// It found room for something better, and no more: that is known now.
    pub(super) fn filled(&mut self, now: Instant) {
        self.failures = 0;
        self.not_before = Some(now + WAIT_MIN);
    }

    /// It found room for something better.
    pub(super) fn succeeded(&mut self) {
        self.failures = 0;
        self.not_before = None;
    }

    /// It did not.
    pub(super) fn failed(&mut self, now: Instant) {
        let wait = WAIT_MIN.saturating_mul(1 << self.failures.min(8)).min(WAIT_MAX);
        self.failures = self.failures.saturating_add(1);
        self.not_before = Some(now + wait);
    }

    /// Pictures were reduced: what the line carries now was just seen.
    pub(super) fn stop(&mut self, now: Instant) {
        if self.stage.take().is_some() {
            self.ended = Some(now);
            self.failed(now);
        }
        let earliest = now + WAIT_MIN;
        self.not_before = self.not_before.max(Some(earliest));
    }

    /// The line has shown that it carries more than before. What a probe shows itself is no news:
    /// else each of them would be the reason for the next. True if it is.
    pub(super) fn hope(&mut self, now: Instant) -> bool {
        let is_by_probe = self.ended.is_some_and(|at| now.saturating_duration_since(at) < ECHO);
        let is_news = self.stage.is_none() && !is_by_probe;
        if is_news {
            self.succeeded();
        }
        is_news
    }

    /// Whether the line has shown that it carries nothing better.
    pub(super) fn is_refused(&self) -> bool {
        self.failures > 0
    }

    pub(super) fn is_running(&self) -> bool {
        self.stage.is_some()
    }

    /// Bits a second of padding above `sent`.
    pub(super) fn padding(&self, sent: u64) -> Option<u64> {
        let stage = self.stage?;
        let padding = stage.rate.saturating_sub(sent).saturating_add(stage.missing);
        (padding > 0).then_some(padding)
    }
}

impl Stage {
    fn observe(&mut self, now: Instant, link: &Link, lately: u64, waiting: Duration) -> Outcome {
        if link.queue > QUEUE_MAX || waiting > WAITING_MAX {
            return Outcome::Full;
        }
        let age = now.saturating_duration_since(self.began);
        self.queue = self.queue.min(link.queue);
        let enough = STAGE + link.round_trip * 2;
        if age < enough {
            return Outcome::Open;
        }
        if self.queue > stands_from(self.rate) {
            return Outcome::Full;
        }
        if lately >= percent(self.rate, ARRIVES) {
            if self.rate >= self.top {
                let is_over = age >= self.last + link.round_trip * 2;
                let shown = Outcome::Reached(percent(self.rate, SHOWN));
                return if is_over { shown } else { Outcome::Open };
            }
            let rate = percent(self.rate, CLIMB).min(self.top);
            *self =
                Self { rate, began: now, from: lately, filled: now, queue: Duration::MAX, ..*self };
            return Outcome::Open;
        }
        if !link.is_limited && now.saturating_duration_since(self.filled) >= enough {
            self.filled = now;
            let missing = self.rate.saturating_sub(lately);
            self.missing = self.missing.saturating_add(missing).min(self.rate);
        }
        let grows = lately >= percent(self.from, GROWS);
        if (link.is_limited && !grows) || age > enough.max(self.last) + STAGE_MORE {
            return Outcome::Full;
        }
        Outcome::Open
    }
}
