//! What the line carries, as far as it was seen.
//!
//! Only a full line tells what it carries: while the congestion window bounds what is sent, the
//! delivered rate is the line's. A session that has little to say shows a lower bound, so nothing
//! falls because little was sent. The queue alone does not tell a full line (a controller that
//! bounds the delay keeps it short; somebody else may fill it), nor does the window alone (each key
//! frame fills it for a moment): what falls must be seen together with waiting objects or a queue
//! that grows, or for most of a second.

use std::time::{Duration, Instant};

use super::Link;

/// What a line is taken for before anything was seen of it: speech and the lowest rendition. More
/// would flood the worst lines at once, and a better one shows itself within two seconds.
const AT_FIRST: u64 = 250_000;

/// Samples closer than this show the same packets again.
const SAMPLES_APART: Duration = Duration::from_millis(45);

/// Milliseconds from one to the next.
const SAMPLE_MS: u64 = 100;

/// Samples of a full line in a row without any trouble, after which it carries less than was
/// thought: a key frame fills the window for a shorter time.
const FULL_LONG: usize = 8;

/// Samples of a full line in a row that count where objects wait: in the first of them may still be
/// what was sent before.
const FULL_SHORT: usize = 3;

/// A queue of this length that takes in more than it lets out is one of a full line, though the
/// window has room: a window that was large before the line fell does not bound anything.
const QUEUE_LONG: Duration = Duration::from_millis(120);

/// Above this share of packets a controller makes its window smaller, and below this queue that says
/// nothing of the line: several packets that a radio lost one after the other.
const LOSSY: f64 = 0.05;
const QUEUE_SHORT: Duration = Duration::from_millis(40);

/// Bits of ten packets and of twenty: fewer make no rate that is lower, or higher, than was thought.
/// On 150 kbit/s three packets come in 200 ms, or four.
const ENOUGH_FOR_LESS: u64 = 100_000;
const ENOUGH_FOR_MORE: u64 = 200_000;

/// For how long what was seen counts fully: lines in trains and shared radios change within seconds.
const FRESH: Duration = Duration::from_secs(10);

/// When only half of it is trusted.
const STALE: Duration = Duration::from_mins(1);

/// The line's capacity, in bits a second of everything that is sent.
#[derive(Debug, Clone)]
pub(super) struct Estimate {
    capacity: u64,
    /// The most that passed in a moment since that fell.
    peak: u64,
    /// When the line last showed that it carries this.
    shown: Option<Instant>,
    sampled: Option<Instant>,
    /// The last rates, newest first.
    last: [u64; FULL_LONG],
    /// How many of them in a row are of a full line.
    full: usize,
}

impl Default for Estimate {
    fn default() -> Self {
        Self {
            capacity: AT_FIRST,
            peak: 0,
            shown: None,
            sampled: None,
            last: [0; FULL_LONG],
            full: 0,
        }
    }
}

impl Estimate {
    /// Of a line that was taken for `before` when it last carried anything.
    pub(super) fn of(before: Option<u64>) -> Self {
        let capacity = before.map_or(AT_FIRST, |before| before.min(AT_FIRST));
        Self { capacity, ..Self::default() }
    }

    /// Looks at the line. `offered` is bits a second that were to be sent since the last time, and
    /// `has_trouble` whether objects wait long or the queue is long. True if for a moment more passed
    /// than ever since the line last fell: it may carry more than is known.
    pub(super) fn observe(
        &mut self,
        now: Instant,
        link: &Link,
        offered: u64,
        has_trouble: bool,
    ) -> bool {
        let is_early = |before| now.saturating_duration_since(before) < SAMPLES_APART;
        if self.sampled.is_some_and(is_early) {
            return false;
        }
        self.sampled = Some(now);
        self.last.rotate_right(1);
        self.last[0] = link.delivered;
        let is_short = link.delivered < offered.saturating_mul(85) / 100;
        let is_full = link.is_limited || (link.queue > QUEUE_LONG && is_short);
        self.full = if is_full { (self.full + 1).min(FULL_LONG) } else { 0 };
        let lately = self.lately();
        let known = self.peak.max(self.capacity);
        self.peak = self.peak.max(lately);
        self.raise(now, lately);
        let is_by_loss = link.loss > LOSSY && link.queue < QUEUE_SHORT && link.delivered > 0;
        self.lower(now, has_trouble && !is_by_loss, link.delivered < offered / 2);
        lately > known.saturating_add(known / 10)
    }

    /// A key frame shows what passes in a moment. On a line that others share that is no rate to
    /// count on; what passes for most of a second is.
    fn raise(&mut self, now: Instant, lately: u64) {
        let shown = self.mean(FULL_LONG).min(lately);
        if shown >= self.capacity.saturating_mul(95) / 100 {
            self.capacity = self.capacity.max(shown);
            self.shown = Some(now);
        }
    }

    fn lower(&mut self, now: Instant, has_trouble: bool, is_far_below: bool) {
        let samples = self.enough(ENOUGH_FOR_LESS);
        let needed = match (has_trouble, is_far_below) {
            (true, true) => FULL_SHORT - 1,
            (true, false) => FULL_SHORT.max(samples),
            (false, _) => FULL_LONG,
        };
        if self.full < needed {
            return;
        }
        // In trouble the newest count, else the best: a window that breathes is no smaller line.
        let carried = match (has_trouble, is_far_below) {
            (true, false) if samples > 2 => self.mean(samples),
            (true, _) => self.last[0].max(self.last[1]),
            (false, _) => self.last.iter().max().copied().unwrap_or_default(),
        };
        if carried < self.capacity {
            self.capacity = carried;
            self.peak = carried;
            self.shown = Some(now);
        }
    }

    /// It was tried, and the line carries this at least.
    pub(super) fn reach(&mut self, now: Instant, least: u64) {
        self.capacity = self.capacity.max(least);
        self.shown = Some(now);
    }

    /// It was tried, and the line carries this at most.
    pub(super) fn limit(&mut self, now: Instant, most: u64) {
        if most < self.capacity {
            self.capacity = most;
            self.shown = Some(now);
        }
    }

    /// The rate now without its peaks: of the last two samples the lower one, and where these are
    /// a few packets, the mean of more.
    pub(super) fn lately(&self) -> u64 {
        match self.enough(ENOUGH_FOR_MORE) {
            0..=2 => self.last[0].min(self.last[1]),
            enough => self.mean(enough),
        }
    }

    /// How many samples hold so many bits.
    fn enough(&self, bits: u64) -> usize {
        let sample = self.last[0].max(self.last[1]).saturating_mul(SAMPLE_MS) / 1_000;
        let enough = bits.checked_div(sample).unwrap_or(u64::MAX);
        usize::try_from(enough).unwrap_or(FULL_LONG).clamp(2, FULL_LONG)
    }

    fn mean(&self, samples: usize) -> u64 {
        let sum = self.last.iter().take(samples).copied().fold(0, u64::saturating_add);
        sum / u64::try_from(samples).unwrap_or(u64::MAX).max(1)
    }

    /// Whether the line is full now.
    pub(super) fn is_full(&self) -> bool {
        self.full >= FULL_SHORT
    }

    /// What the line carries as far as is known: what is sent may stay below this.
    pub(super) fn capacity(&self) -> u64 {
        self.capacity
    }

    /// What may be counted on for more: what was seen long ago is half true.
    pub(super) fn trusted(&self, now: Instant) -> u64 {
        let age = self.shown.map_or(Duration::ZERO, |shown| now.saturating_duration_since(shown));
        let span = STALE.saturating_sub(FRESH).as_millis().max(1);
        let over = age.saturating_sub(FRESH).as_millis().min(span);
        let lost = u128::from(self.capacity) * over / span / 2;
        self.capacity.saturating_sub(u64::try_from(lost).unwrap_or(u64::MAX))
    }
}
