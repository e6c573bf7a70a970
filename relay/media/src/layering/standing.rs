//! A queue that never gets empty: the line is full of several sessions, each of which sends what it
//! was granted when there was room.
//!
//! None of them sees that it takes more than its share: the window bounds nobody, and what each
//! sends arrives. So all yield to such a queue, the faster the sooner, one step at a time; the queue
//! is gone before it is the turn of the slower ones, and both end up with the same. The times are
//! spread, so that not all of one speed yield at once.

use std::time::{Duration, Instant};

/// Bits of two packets: a queue that is never shorter than these take at a session's own rate
/// stands. So the faster session sees it first.
const PACKETS: u64 = 24_000;

/// What threads and radios cause without any queue, and a delay that speech bears.
const STANDS_MIN: Duration = Duration::from_millis(8);
const STANDS_MAX: Duration = Duration::from_millis(60);

/// From which length on the shortest queue of a while stands, for a session that sends `bitrate`.
pub(super) fn stands_from(bitrate: u64) -> Duration {
    let millis = PACKETS.saturating_mul(1_000) / bitrate.max(1);
    Duration::from_millis(millis).clamp(STANDS_MIN, STANDS_MAX)
}

/// Longer than key frames are apart from each other.
const SPAN: Duration = Duration::from_millis(2_500);
const PARTS: usize = 5;

/// For how long a queue must stand until a session of a megabit a second yields, and the bounds.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_MIN: Duration = Duration::from_secs(1);
const PATIENCE_MAX: Duration = Duration::from_secs(20);
const MEGABIT: u64 = 1_000_000;

/// The shortest queue of the last while.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// When the newest part began, and the shortest queue of each, the newest first.
    began: Option<Instant>,
    parts: [Duration; PARTS],
    since: Option<Instant>,
    /// Differs from session to session: what they carried.
    spread: u64,
}

impl Standing {
    pub(super) fn observe(&mut self, now: Instant, queue: Duration, delivered: u64, bitrate: u64) {
        let part = SPAN / u32::try_from(PARTS).unwrap_or(1);
        let began = *self.began.get_or_insert(now);
        if now.saturating_duration_since(began) >= part {
            self.began = Some(now);
            self.parts.rotate_right(1);
            self.parts[0] = queue;
        }
        self.parts[0] = self.parts[0].min(queue);
        self.spread = self.spread.rotate_left(5) ^ delivered;
        let stands = self.parts.iter().all(|shortest| *shortest > stands_from(bitrate));
        self.since = stands.then(|| self.since.unwrap_or(now));
    }

    /// Whether the line has had no room for a while.
    pub(super) fn is_there(&self) -> bool {
        self.since.is_some()
    }

    /// Whether it is the turn of a session that sends `bitrate`.
    pub(super) fn is_due(&self, now: Instant, bitrate: u64) -> bool {
        let Some(since) = self.since else { return false };
        let times = u32::try_from(MEGABIT.saturating_mul(100) / bitrate.max(1)).unwrap_or(u32::MAX);
        let patience = PATIENCE.saturating_mul(times) / 100;
        let patience = patience.clamp(PATIENCE_MIN, PATIENCE_MAX);
        let spread = u32::try_from(self.spread.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56);
        let patience = patience + patience * spread.unwrap_or_default() / 256;
        now.saturating_duration_since(since) >= patience
    }

    /// It yielded: what is there now must stand anew.
    pub(super) fn restart(&mut self) {
        self.since = None;
        self.parts = [Duration::ZERO; PARTS];
    }
}
