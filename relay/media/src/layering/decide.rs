//! One session's memory between two decisions.

use std::time::{Duration, Instant};

use smallvec::SmallVec;

use super::allocate::{Cap, Queue};
use super::budget::{self, Gauge};
use super::held::Held;
use super::link::Estimate;
use super::probe::{Outcome, Prober};
use super::{Grant, Link, Wish};

/// Why a session gets less than it wishes, to be told to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reason {
    /// It gets all that it wishes.
    #[default]
    Satisfied,
    /// More may fit: that is being tried, or waits for its turn.
    Rising,
    /// The line carries no more: that was tried.
    Line,
    /// The line is congested: it was reduced, or nothing better is tried now.
    Congested,
    /// Not even the lowest level of all fits: some pictures are not sent.
    Paused,
    /// No picture fits: speech and control only.
    SpeechOnly,
}

/// What is sent until the next decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// One for each wish, in the order of the wishes.
    pub grants: SmallVec<[Grant; 4]>,
    /// Bits a second of padding to add on top until the next decision, behind everything else.
    pub probe: Option<u64>,
    /// Why it is less than wished.
    pub reason: Reason,
    /// When to decide again at the latest; earlier is welcome when a wish or the line changes.
    pub next: Instant,
}

/// How often a session is decided.
const INTERVAL: Duration = Duration::from_millis(100);

/// The same while a probe fills the line.
const INTERVAL_PROBING: Duration = Duration::from_millis(50);

/// An improvement that had to be taken back within this time was one too many, unless the line has
/// fallen to less than [`FALLEN`] percent since.
const REGRET: Duration = Duration::from_secs(30);
const FALLEN: u64 = 33;

/// After the first of them nothing is improved for so long, after the second twice as long: two
/// switches a minute at most.
const REGRET_WAIT: Duration = Duration::from_secs(30);
const REGRET_WAIT_MAX: Duration = Duration::from_mins(2);

/// Who made room for others leaves it to them for so long.
const YIELD_WAIT: Duration = Duration::from_secs(30);

/// One session's memory between two decisions: hysteresis, probing, back-off.
#[derive(Debug, Clone, Default)]
pub struct Layering {
    estimate: Estimate,
    gauge: Gauge,
    prober: Prober,
    held: Held,
    /// Bits a second that the last decision had sent, padding too.
    offered: u64,
    /// Something else is wished than before, and was not decided yet.
    is_new_wish: bool,
    /// When something was improved, and the capacity that was counted on.
    improved: Option<(Instant, u64)>,
    /// Improvements in a row that were taken back.
    regrets: u32,
    /// Nothing is improved before this time.
    not_before: Option<Instant>,
    /// Nothing passes.
    is_silent: bool,
    /// What the line was taken for when nothing was wrong.
    sound: Option<u64>,
}

impl Layering {
    /// Of a session whose line is not known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Chooses what is sent of each of `wishes` from `now` on.
    ///
    /// `link` is what the transport knows of the line. `reserved` is bits a second of all that is
    /// not layered: speech, control, fixed tracks; padding is not in it. Call it about ten times a
    /// second.
    ///
    /// A rendition begins with its key frame. Until that of a lower one comes, the caller sends the
    /// base layer of the present one if it takes no more than was granted, and else nothing.
    pub fn decide(
        &mut self,
        now: Instant,
        link: &Link,
        reserved: u64,
        wishes: &[Wish],
    ) -> Decision {
        let waiting = wishes.iter().filter_map(|wish| wish.oldest_waiting).max();
        let waiting = waiting.unwrap_or_default();
        self.listen(now, link);
        let has_trouble = Gauge::has_trouble(link, waiting);
        if self.estimate.observe(now, link, self.offered, has_trouble) {
            // What had to be taken back was too much for another line than this one.
            if self.prober.hope(now) {
                (self.not_before, self.regrets) = (None, 0);
            }
        }
        self.gauge.observe(now, link, waiting, self.held.bitrate().saturating_add(reserved));
        self.is_new_wish |= self.held.recall(wishes);
        let mut queue = Queue::of(wishes);
        queue.hold(|index| self.held.level(index));
        queue.keep();
        let held = queue.held();
        let drains = budget::may_stay(self.estimate.lately(), reserved, held);
        let must_yield = held > 0 && self.gauge.must_yield(now, held);
        if must_yield {
            self.not_before = self.not_before.max(Some(now + YIELD_WAIT));
        }
        let is_congested = must_yield || (held > 0 && self.gauge.is_congested(now, drains));
        if is_congested {
            // What is delivered is what the line carries, and less is sent if that is too little. A
            // queue that stays though it is enough, and one of several sessions, cost one step.
            let is_unexplained = must_yield || (drains && Gauge::is_queued(link));
            let kept = held.saturating_add(budget::reserve(reserved));
            self.estimate.limit(now, if is_unexplained { kept } else { self.estimate.lately() });
        }
        if is_congested || !budget::may_stay(self.estimate.capacity(), reserved, held) {
            self.reduce(now, link, waiting, reserved, &mut queue);
        } else {
            self.improve(now, link, waiting, reserved, &mut queue);
        }
        let grants = queue.grants(wishes);
        self.held.keep(wishes, &grants);
        self.conclude(now, reserved, wishes, grants)
    }

    /// A line on which nothing passed is one that nothing is known of: who has lost all pictures
    /// begins again when it is back, as a session does, but not above what it had.
    fn listen(&mut self, now: Instant, link: &Link) {
        if link.is_silent {
            self.is_silent = true;
            self.gauge.hold();
            self.prober.stop(now);
        } else if std::mem::take(&mut self.is_silent) && self.held.bitrate() == 0 {
            self.estimate = Estimate::of(self.sound);
            self.gauge = Gauge::default();
            self.prober = Prober::default();
            (self.improved, self.not_before) = (None, None);
        } else if self.gauge.is_clear(now) {
            self.sound = Some(self.estimate.capacity());
        }
    }

    fn reduce(
        &mut self,
        now: Instant,
        link: &Link,
        waiting: Duration,
        reserved: u64,
        queue: &mut Queue<'_>,
    ) {
        let held = queue.held();
        let budget = budget::spendable(self.estimate.capacity(), reserved);
        let is_reduced = queue.serve(budget, Cap::Held) < held;
        self.gauge.reduced(now, link.queue, waiting);
        self.prober.stop(now);
        if !is_reduced {
            return;
        }
        let capacity = self.estimate.capacity();
        let is_regretted = |(at, before): (Instant, u64)| {
            let is_lately = now.saturating_duration_since(at) < REGRET;
            is_lately && capacity > budget::percent(before, FALLEN)
        };
        if self.improved.take().is_some_and(is_regretted) {
            let wait = REGRET_WAIT.saturating_mul(1 << self.regrets.min(8)).min(REGRET_WAIT_MAX);
            self.regrets = self.regrets.saturating_add(1);
            self.not_before = Some(now + wait);
        } else {
            self.regrets = 0;
        }
    }

    fn improve(
        &mut self,
        now: Instant,
        link: &Link,
        waiting: Duration,
        reserved: u64,
        queue: &mut Queue<'_>,
    ) {
        let held = queue.held();
        let outcome = self.prober.observe(now, link, self.estimate.lately(), waiting);
        match outcome {
            Outcome::Reached(rate) => self.estimate.reach(now, rate),
            Outcome::Full if self.estimate.is_full() => {
                let kept = budget::needed(held, reserved);
                self.estimate.limit(now, self.estimate.lately().max(kept));
            }
            Outcome::Full | Outcome::Open => {}
        }
        let trusted = self.estimate.trusted(now);
        let budget = budget::spendable(trusted, reserved);
        // A line that is full takes one key frame in, and the rest when it is clear again.
        let step = queue.better(held).filter(|_| outcome == Outcome::Full);
        let is_better =
            queue.serve(step.map_or(budget, |step| step.min(budget)), Cap::Wished) > held;
        match outcome {
            Outcome::Full if !is_better => self.prober.failed(now),
            Outcome::Full => {
                self.prober.filled(now);
                self.gauge.hold();
            }
            Outcome::Reached(_) => self.prober.succeeded(),
            Outcome::Open => {}
        }
        // From nothing there is no further down: whoever sees no picture at all does not wait.
        let is_free = held == 0 || self.not_before.is_none_or(|time| now >= time);
        let is_clear = is_free && self.gauge.is_clear(now);
        let is_proven = is_free && outcome != Outcome::Open;
        let is_wished = self.is_new_wish && !self.gauge.is_strained();
        if is_wished || (is_better && (is_clear || is_proven) && !self.prober.is_running()) {
            self.is_new_wish = false;
            if is_better && !is_wished {
                self.improved = Some((now, trusted));
            }
            return;
        }
        let above = budget.max(held);
        if let Some(next) = queue.better(above).filter(|_| is_clear && !is_better) {
            let sent = held.saturating_add(budget::reserve(reserved));
            // Who has had to take something back climbs one level at a time: others may share the
            // line, and what is free for one of them is not free for all.
            let is_careful = self.regrets > 0;
            // Whoever sees nothing has the first picture before it is known what else fits.
            let aim = if is_careful || held == 0 { next } else { queue.wished() };
            self.prober.begin(now, sent, budget::needed(aim, reserved), is_careful);
        }
        queue.keep();
    }

    fn conclude(
        &mut self,
        now: Instant,
        reserved: u64,
        wishes: &[Wish],
        grants: SmallVec<[Grant; 4]>,
    ) -> Decision {
        let sent = self.held.bitrate().saturating_add(reserved);
        let probe = self.prober.padding(sent);
        self.offered = sent.saturating_add(probe.unwrap_or_default());
        let reason = self.reason(wishes, &grants);
        let interval = if self.prober.is_running() { INTERVAL_PROBING } else { INTERVAL };
        Decision { grants, probe, reason, next: now + interval }
    }

    fn reason(&self, wishes: &[Wish], grants: &[Grant]) -> Reason {
        let wished = wishes.iter().zip(grants).filter(|(wish, _)| !wish.levels.is_empty());
        let mut most = Reason::Satisfied;
        let mut is_any = false;
        for (wish, grant) in wished {
            is_any |= grant.level.is_some();
            let best = wish.levels.iter().map(|level| level.bitrate).max();
            let level = grant.level.and_then(|level| wish.levels.get(usize::from(level)));
            let reason = match level {
                None => Reason::Paused,
                Some(level) if Some(level.bitrate) == best => Reason::Satisfied,
                Some(_) if self.gauge.is_strained() => Reason::Congested,
                Some(_) if self.prober.is_refused() || self.not_before.is_some() => Reason::Line,
                Some(_) => Reason::Rising,
            };
            most = most.max(reason);
        }
        if most == Reason::Paused && !is_any { Reason::SpeechOnly } else { most }
    }
}
