//! Whether a subscriber keeps up with a track at all.

use std::time::{Duration, Instant};

/// A subscriber that takes less than one byte in so many of what is published has nothing of it.
const SHARE_MIN: u64 = 8;

/// What one subscription missed lately. It costs nothing while nothing is missed.
#[derive(Debug, Default)]
pub(crate) struct Behind {
    /// When a group was first given up, and what the track had brought until then.
    since: Option<(Instant, u64)>,
    /// Bytes that the subscriber took since then.
    taken: u64,
    /// Whether a subgroup reached it whole since then.
    has_whole: bool,
}

impl Behind {
    /// The transport took bytes.
    pub(crate) fn took(&mut self, bytes: usize) {
        if self.since.is_some() {
            self.taken = self.taken.saturating_add(bytes as u64);
        }
    }

    /// A subgroup went out whole.
    pub(crate) fn finished(&mut self) {
        self.has_whole |= self.since.is_some();
    }

    /// A subgroup was given up for this subscriber; the track has brought `received` bytes so far.
    /// True if for as long as `patience` nothing went out whole and next to nothing went out at all:
    /// what the subscriber gets is of no use to it, and takes the place of what could be.
    pub(crate) fn gave_up(&mut self, now: Instant, received: u64, patience: Duration) -> bool {
        let (since, before) = *self.since.get_or_insert((now, received));
        if now.saturating_duration_since(since) < patience {
            return false;
        }
        let published = received.saturating_sub(before);
        let is_lost = !self.has_whole && self.taken.saturating_mul(SHARE_MIN) < published;
        *self = Self { since: Some((now, received)), ..Self::default() };
        is_lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
    fn start() -> Instant {
        Instant::now()
    }

    const PATIENCE: Duration = Duration::from_secs(30);

    /// A subscriber of 100 kB a second that takes `taken` of it and gives up two groups a second.
    fn after_a_minute(taken: usize, whole_at: Option<u64>) -> bool {
        let begin = start();
        let mut behind = Behind::default();
        (0..60_u64).any(|second| {
            behind.took(taken);
            if whole_at == Some(second % 30) {
                behind.finished();
            }
            behind.gave_up(begin + Duration::from_secs(second), second * 100_000, PATIENCE)
        })
    }

    #[test]
    fn who_gets_next_to_nothing_is_lost_and_who_gets_a_part_is_not() {
        assert!(after_a_minute(0, None));
        assert!(after_a_minute(1_250, None));
        assert!(!after_a_minute(20_000, None));
    }

    #[test]
    fn a_whole_subgroup_now_and_then_is_enough() {
        assert!(!after_a_minute(1_250, Some(7)));
    }

    #[test]
    fn a_single_loss_long_ago_says_nothing() {
        let begin = start();
        let mut behind = Behind::default();
        assert!(!behind.gave_up(begin, 0, PATIENCE));
        behind.took(900_000);
        assert!(!behind.gave_up(begin + 10 * PATIENCE, 1_000_000, PATIENCE));
        assert!(!behind.gave_up(begin + 10 * PATIENCE, 1_000_000, PATIENCE));
    }
}
