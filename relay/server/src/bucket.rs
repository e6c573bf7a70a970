//! Token buckets: how often something may happen. Time is an argument.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// `burst` times at once, then once `each`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) burst: u32,
    pub(crate) each: Duration,
}

/// One bucket, kept as the moment at which it will be full: nothing has to be refilled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    full_at: Instant,
}

impl Bucket {
    pub(crate) const fn full(_rate: Rate, now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes one, or says how long to wait for the next.
    pub(crate) fn take(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.max(now) + rate.each;
        let excess = (full_at - now).saturating_sub(rate.each * rate.burst);
        if excess.is_zero() {
            self.full_at = full_at;
            Ok(())
        } else {
            Err(excess)
        }
    }
}

/// Buckets by key, at most so many. When there is no place, full buckets are forgotten (they are
/// as good as new); if there is none, the one that is nearest to full.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    most: usize,
    by_key: HashMap<K, Bucket>,
}

impl<K: Hash + Eq + Copy> Buckets<K> {
    pub(crate) fn new(rate: Rate, most: usize) -> Self {
        Self { rate, most, by_key: HashMap::new() }
    }

    pub(crate) fn take(&mut self, key: K, now: Instant) -> Result<(), Duration> {
        if self.by_key.len() >= self.most && !self.by_key.contains_key(&key) {
            self.by_key.retain(|_, bucket| bucket.full_at > now);
            if self.by_key.len() >= self.most {
                let nearest = self.by_key.iter().min_by_key(|(_, bucket)| bucket.full_at);
                let nearest = nearest.map(|(key, _)| *key);
                nearest.and_then(|key| self.by_key.remove(&key));
            }
        }
        let rate = self.rate;
        self.by_key.entry(key).or_insert_with(|| Bucket::full(rate, now)).take(rate, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, each: Duration::from_secs(2) };

    #[test]
    fn a_burst_then_one_at_a_time() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, start), Ok(()));
        }
        assert_eq!(bucket.take(RATE, start), Err(Duration::from_secs(2)));
        let later = start + Duration::from_millis(1500);
        assert_eq!(bucket.take(RATE, later), Err(Duration::from_millis(500)));
        assert_eq!(bucket.take(RATE, start + Duration::from_secs(2)), Ok(()));
        assert!(bucket.take(RATE, start + Duration::from_secs(2)).is_err());
        let rested = start + Duration::from_mins(1);
        for _ in 0..3 {
            assert_eq!(bucket.take(RATE, rested), Ok(()));
        }
        assert!(bucket.take(RATE, rested).is_err());
    }

    #[test]
    fn there_are_never_more_buckets_than_allowed() {
        let start = Instant::now();
        let mut buckets = Buckets::new(RATE, 10);
        for key in 0..1000 {
            assert_eq!(buckets.take(key, start), Ok(()));
            assert!(buckets.by_key.len() <= 10);
        }
        // All full again: they all make place.
        assert_eq!(buckets.take(5_000, start + Duration::from_mins(1)), Ok(()));
        assert_eq!(buckets.by_key.len(), 1);
    }
}
