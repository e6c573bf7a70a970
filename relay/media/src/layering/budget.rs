//! How much of what the line carries may be spent, and how congested the line is.

use std::time::{Duration, Instant};

use super::Link;
use super::standing::Standing;

/// Percent of the capacity that may be spent on more: the rest takes key frames in, which are four
/// times the mean.
const SPENDABLE: u64 = 85;

/// Percent of the capacity up to which what is sent may stay: a band between this and
/// [`SPENDABLE`], so that a rate which is measured anew ten times a second switches nothing.
const KEPT: u64 = 95;

/// Bits a second that are always kept free for one voice and control: somebody may begin to speak
/// at any moment (Opus 24 kbit/s and its packets).
const RESERVE_MIN: u64 = 32_000;

/// For how long nothing must be wrong before more is tried.
pub(super) const CLEAR_FOR: Duration = Duration::from_secs(2);

/// The same for a session that has just begun: it begins low, and nobody waits for a picture.
const CLEAR_AT_FIRST: Duration = Duration::from_millis(500);

/// Bits a second for pictures on a line of this capacity.
pub(super) fn spendable(capacity: u64, reserved: u64) -> u64 {
    percent(capacity, SPENDABLE).saturating_sub(reserve(reserved))
}

/// Bits a second that the line must carry, so that there are `bitrate` for pictures.
pub(super) fn needed(bitrate: u64, reserved: u64) -> u64 {
    let total = bitrate.saturating_add(reserve(reserved));
    (total.saturating_mul(100) / SPENDABLE).saturating_add(1)
}

/// Whether pictures of this bit rate may stay on a line of this capacity.
pub(super) fn may_stay(capacity: u64, reserved: u64, bitrate: u64) -> bool {
    bitrate == 0 || bitrate.saturating_add(reserve(reserved)) <= percent(capacity, KEPT)
}

/// Bits a second for everything that is no picture.
pub(super) fn reserve(reserved: u64) -> u64 {
    reserved.max(RESERVE_MIN)
}

pub(super) fn percent(value: u64, share: u64) -> u64 {
    value.saturating_mul(share) / 100
}

/// How congested the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Congestion {
    #[default]
    Clear,
    /// No more than now.
    Strained,
    /// Less than now.
    Congested,
    /// Less than now, at once.
    Severe,
}

/// What says that a line is congested: from where on, and for how long.
struct Signs {
    congestion: Congestion,
    queue: Duration,
    waiting: Duration,
    loss: f64,
    dwell: Duration,
}

/// A key frame takes half a second on a line that it just fits, and no sign may stand for it: what
/// is shorter than a dwell time is left to the estimate, which sees whether the line carries less.
const SIGNS: [Signs; 3] = [
    Signs {
        congestion: Congestion::Strained,
        queue: Duration::from_millis(60),
        waiting: Duration::from_millis(100),
        // Radios lose a few percent without being full.
        loss: 0.1,
        dwell: Duration::from_millis(600),
    },
    Signs {
        congestion: Congestion::Congested,
        queue: Duration::from_millis(120),
        waiting: Duration::from_millis(200),
        loss: f64::INFINITY,
        dwell: Duration::from_millis(800),
    },
    Signs {
        congestion: Congestion::Severe,
        queue: Duration::from_millis(350),
        waiting: Duration::from_millis(450),
        loss: f64::INFINITY,
        dwell: Duration::from_millis(300),
    },
];

/// Percent of the queue that are still there some time after we gave way: it is not ours.
const FOREIGN: u32 = 70;

/// A queue of ours is gone by then: half a second of it, on a line that we fill to 85 %.
const DRAINED: Duration = Duration::from_secs(2);

/// By how much longer signs may stand while what waits gets less: after a probe and a key frame there
/// is half a second too much on the line, of which a fifth of its rate is left for it.
const DRAINING: u32 = 8;

/// What waits when pictures are reduced is not held against the lower level for so long: a lower
/// rendition begins with its next key frame, which comes within two seconds.
const GRACE: Duration = Duration::from_millis(2_500);

/// How congested the line has been lately.
#[derive(Debug, Clone, Default)]
pub(super) struct Gauge {
    began: Option<Instant>,
    /// Since when each of [`SIGNS`] is there.
    since: [Option<Instant>; 3],
    congestion: Congestion,
    clear_since: Option<Instant>,
    standing: Standing,
    /// No sign counts before this time.
    quiet_until: Option<Instant>,
    /// When pictures were reduced, and the queue then.
    reduced: Option<(Instant, Duration)>,
    /// The queue is somebody else's: to give way does not make it shorter.
    is_foreign: bool,
}

impl Gauge {
    /// Looks at the line and at the age of the oldest object that waits.
    pub(super) fn observe(&mut self, now: Instant, link: &Link, waiting: Duration, sent: u64) {
        self.began.get_or_insert(now);
        self.congestion = Congestion::Clear;
        for (signs, since) in SIGNS.iter().zip(&mut self.since) {
            let counts = !self.is_foreign || signs.congestion == Congestion::Strained;
            let is_there = (link.queue > signs.queue && counts)
                || waiting > signs.waiting
                || link.loss > signs.loss;
            let from = self.quiet_until.map_or(now, |until| until.max(now));
            *since = is_there.then(|| since.unwrap_or(from));
            if since.is_some_and(|since| now.saturating_duration_since(since) >= signs.dwell) {
                self.congestion = signs.congestion;
            }
        }
        self.standing.observe(now, link.queue, link.delivered, sent);
        if self.congestion == Congestion::Clear && !self.standing.is_there() {
            self.clear_since.get_or_insert(now);
            self.is_foreign &= self.since[0].is_some();
        } else {
            self.clear_since = None;
        }
    }

    /// Nothing passes, so that nothing waits says nothing; or the line was just filled on purpose.
    pub(super) const fn hold(&mut self) {
        self.clear_since = None;
    }

    /// Whether something is wrong right now, for however short a time.
    pub(super) fn has_trouble(link: &Link, waiting: Duration) -> bool {
        let congested = &SIGNS[1];
        link.queue > congested.queue || waiting > congested.waiting
    }

    /// Whether what is wrong is the queue, and not only what waits before it.
    pub(super) fn is_queued(link: &Link) -> bool {
        link.queue > SIGNS[1].queue
    }

    /// Whether less must be sent, whatever the line is thought to carry. Where it is seen to carry
    /// more than is sent (`drains`), what waits gets less by itself: that has more time.
    pub(super) fn is_congested(&self, now: Instant, drains: bool) -> bool {
        let times = if drains { DRAINING } else { 1 };
        let stands = |(signs, since): (&Signs, &Option<Instant>)| {
            let stood = since.map(|since| now.saturating_duration_since(since));
            stood.is_some_and(|stood| stood >= signs.dwell * times)
        };
        SIGNS.iter().zip(&self.since).skip(1).any(stands)
    }

    /// Whether a session that sends `bitrate` has to make room for others on its line.
    pub(super) fn must_yield(&self, now: Instant, bitrate: u64) -> bool {
        !self.is_foreign && self.standing.is_due(now, bitrate)
    }

    pub(super) fn is_strained(&self) -> bool {
        self.congestion >= Congestion::Strained
    }

    /// Whether nothing has been wrong for long enough to try more.
    pub(super) fn is_clear(&self, now: Instant) -> bool {
        let is_new = self.began == self.clear_since;
        let enough = if is_new { CLEAR_AT_FIRST } else { CLEAR_FOR };
        self.clear_since.is_some_and(|since| now.saturating_duration_since(since) >= enough)
    }

    /// Pictures were reduced: what waits has to go first, then the line is looked at anew.
    pub(super) fn reduced(&mut self, now: Instant, queue: Duration, waiting: Duration) {
        let is_by_queue = waiting <= SIGNS[1].waiting;
        let before = self.reduced.filter(|_| is_by_queue);
        let since = |at| now.saturating_duration_since(at);
        match before {
            Some((at, _)) if since(at) < DRAINED => {}
            Some((_, before)) if queue > before * FOREIGN / 100 => self.is_foreign = true,
            _ => self.reduced = is_by_queue.then_some((now, queue)),
        }
        self.quiet_until = Some(now + GRACE);
        self.standing.restart();
        self.since = [None; 3];
        self.clear_since = None;
    }
}
