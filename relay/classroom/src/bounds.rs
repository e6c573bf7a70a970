//! How often: a token bucket.

use std::time::{Duration, Instant};

use mosaik_proto::room::Rate;

/// Lets a burst through and then one each interval.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    rate: Rate,
    /// When the bucket is full again.
    full_at: Option<Instant>,
}

impl Bucket {
    pub(crate) const fn new(rate: Rate) -> Self {
        Self { rate, full_at: None }
    }

    /// Takes one, or says how long to wait for it.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        let after = full_at + self.rate.every;
        let most = self.rate.every * self.rate.burst;
        let missing = after.saturating_duration_since(now).saturating_sub(most);
        if missing.is_zero() {
            self.full_at = Some(after);
            Ok(())
        } else {
            Err(missing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_each_interval() {
        let start = crate::room::tests::start();
        let mut bucket = Bucket::new(Rate::new(3, 1_000));
        for _ in 0..3 {
            assert_eq!(bucket.take(start), Ok(()));
        }
        assert_eq!(bucket.take(start), Err(Duration::from_secs(1)));
        let later = start + Duration::from_millis(400);
        assert_eq!(bucket.take(later), Err(Duration::from_millis(600)));
        assert_eq!(bucket.take(start + Duration::from_secs(1)), Ok(()));
        assert_eq!(bucket.take(start + Duration::from_mins(1)), Ok(()));
    }
}
