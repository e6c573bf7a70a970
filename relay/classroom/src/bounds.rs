//! How often: token buckets.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mosaik_proto::room::{FloodLimits, Rate};

/// Commands that share a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sort {
    Chat,
    Typing,
    Captions,
    Sources,
    Consent,
    Rare,
    Signs,
    Votes,
    Drawing,
    Moderation,
    Lead,
    Breakouts,
    Reports,
    Notes,
    NotesCursors,
    Uploads,
    Slides,
}

/// The buckets of one person, or of everyone together.
#[derive(Debug, Default)]
pub(crate) struct Paces(BTreeMap<Sort, Bucket>);

impl Paces {
    /// How long until one more of this sort may come.
    pub(crate) fn wait(&self, now: Instant, sort: Sort, rate: Rate) -> Duration {
        self.0.get(&sort).map_or(Duration::ZERO, |bucket| bucket.wait(now, rate))
    }

    /// One more of this sort has come.
    pub(crate) fn take(&mut self, now: Instant, sort: Sort, rate: Rate) {
        self.0.entry(sort).or_default().take(now, rate);
    }
}

/// Lets a burst through and then one each interval.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bucket {
    /// When the bucket is full again.
    full_at: Option<Instant>,
}

impl Bucket {
    /// How long to wait for the next one.
    fn wait(&self, now: Instant, rate: Rate) -> Duration {
        let after = self.after(now, rate);
        after.saturating_duration_since(now).saturating_sub(rate.every * rate.burst)
    }

    /// Takes one, if it may come now.
    pub(crate) fn take(&mut self, now: Instant, rate: Rate) -> bool {
        let is_free = self.wait(now, rate).is_zero();
        if is_free {
            self.full_at = Some(self.after(now, rate));
        }
        is_free
    }

    /// When the bucket would be full again if one were taken now.
    fn after(&self, now: Instant, rate: Rate) -> Instant {
        self.full_at.map_or(now, |full_at| full_at.max(now)) + rate.every
    }
}

/// What one person sent that was refused at once.
#[derive(Debug, Default)]
pub(crate) struct Flood {
    told: Bucket,
    slowed: Bucket,
    slowed_until: Option<Instant>,
}

impl Flood {
    /// How long this person is slowed down still.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        self.slowed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }

    /// One more was refused; whether it was one too many for somebody who had been slowed down.
    pub(crate) fn note(&mut self, now: Instant, limits: &FloodLimits) -> bool {
        if !self.wait(now).is_zero() {
            return !self.slowed.take(now, limits.slowed);
        }
        if !self.told.take(now, limits.told) {
            self.slowed_until = Some(now + limits.pause);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let start = crate::room::tests::start();
        let rate = Rate::new(3, 1_000);
        let mut bucket = Bucket::default();
        for _ in 0..3 {
            assert!(bucket.take(start, rate));
        }
        assert!(!bucket.take(start, rate));
        assert_eq!(bucket.wait(start, rate), Duration::from_secs(1));
        let later = start + Duration::from_millis(400);
        assert_eq!(bucket.wait(later, rate), Duration::from_millis(600));
        assert!(bucket.take(start + Duration::from_secs(1), rate));
        assert!(bucket.take(start + Duration::from_mins(1), rate));
    }
}
