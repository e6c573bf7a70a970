//! Times in buckets of at most 1.6 % of their value, for percentiles without keeping every value.

use std::time::Duration;

/// Buckets for each doubling of a value.
const STEPS: u64 = 64;

/// How often each time was seen, in microseconds.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    most: Duration,
}

impl Histogram {
    /// Adds one.
    pub fn add(&mut self, time: Duration) {
        let bucket = bucket(micros(time));
        if self.buckets.len() <= bucket {
            self.buckets.resize(bucket + 1, 0);
        }
        if let Some(seen) = self.buckets.get_mut(bucket) {
            *seen += 1;
        }
        self.count += 1;
        self.most = self.most.max(time);
    }

    /// How many were added.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    pub const fn most(&self) -> Duration {
        self.most
    }

    /// The time that `percent` of those added do not exceed, to 1.6 %; zero when there are none.
    pub fn percentile(&self, percent: u64) -> Duration {
        let rank = (self.count * percent).div_ceil(100).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Duration::from_micros(upper(bucket)).min(self.most);
            }
        }
        self.most
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Below `STEPS` each value has its own bucket, above each doubling has `STEPS`.
fn bucket(micros: u64) -> usize {
    let doublings = (micros / STEPS).checked_ilog2().map_or(0, |log| log + 1);
    let shift = doublings.saturating_sub(1);
    let bucket = u64::from(shift) * STEPS + (micros >> shift);
    usize::try_from(bucket).unwrap_or(usize::MAX)
}

/// The largest value of a bucket.
fn upper(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let shift = (bucket / STEPS).saturating_sub(1);
    let mantissa = bucket - shift * STEPS;
    ((mantissa + 1) << shift) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_a_bucket_that_is_no_wider_than_it_says() {
        for micros in (0..100_000).chain([1 << 30, (1 << 40) + 12_345]) {
            let upper = upper(bucket(micros));
            assert!(upper >= micros && upper - micros <= micros / STEPS, "{micros}: {upper}");
            assert!(bucket(micros + 1) >= bucket(micros));
        }
    }

    #[test]
    fn percentiles_are_those_of_the_times() {
        let mut histogram = Histogram::default();
        assert_eq!(histogram.percentile(50), Duration::ZERO);
        for ms in 1..=100 {
            histogram.add(Duration::from_millis(ms));
        }
        for percent in [1, 50, 95, 100] {
            let found = histogram.percentile(percent).as_secs_f64() * 1_000.0;
            let expected = f64::from(u32::try_from(percent).expect("small"));
            assert!(found >= expected && found <= expected * 1.016, "p{percent} is {found}");
        }
        assert_eq!((histogram.count(), histogram.most()), (100, Duration::from_millis(100)));
    }
}
