//! How long a packet is on its way after it has left the queue.

use std::time::Duration;

use rand::Rng;

/// Time on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// The same for every packet.
    pub propagation: Duration,
    /// What comes on top of it.
    pub jitter: Option<Jitter>,
}

/// Waiting that differs from packet to packet: exponentially distributed, as waiting for a shared
/// medium is, and bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter {
    /// On average, before it is bounded.
    pub mean: Duration,
    /// At most.
    pub most: Duration,
    /// Whether a packet may overtake an earlier one. If not it waits for that, as behind a link
    /// layer that delivers in order.
    pub reorders: bool,
}

impl Delay {
    /// Without jitter.
    pub const fn fixed(propagation: Duration) -> Self {
        Self { propagation, jitter: None }
    }
}

/// Decides over one packet after the other.
#[derive(Debug)]
pub(crate) struct Delaying<R> {
    delay: Delay,
    last: Duration,
    rng: R,
}

impl<R: Rng> Delaying<R> {
    pub(crate) const fn new(delay: Delay, rng: R) -> Self {
        Self { delay, last: Duration::ZERO, rng }
    }

    /// When a packet arrives whose last bit left at `left`.
    pub(crate) fn arrival(&mut self, left: Duration) -> Duration {
        let due = left + self.delay.propagation;
        let Some(jitter) = self.delay.jitter else { return due };
        // Open at zero, so that the logarithm is finite.
        let chance = 1.0 - self.rng.random::<f64>();
        let waited = jitter.mean.as_secs_f64() * -chance.ln();
        let due = due + jitter.most.min(Duration::try_from_secs_f64(waited).unwrap_or_default());
        if jitter.reorders {
            return due;
        }
        self.last = self.last.max(due);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn arrivals(jitter: Option<Jitter>) -> Vec<(Duration, Duration)> {
        let delay = Delay { propagation: 20 * MS, jitter };
        let mut delaying = Delaying::new(delay, ChaCha8Rng::seed_from_u64(1));
        (0..20_000).map(|left| MS * left).map(|left| (left, delaying.arrival(left))).collect()
    }

    #[test]
    fn without_jitter_every_packet_takes_the_same_time() {
        assert!(arrivals(None).iter().all(|(left, due)| *due == *left + 20 * MS));
    }

    #[test]
    fn jitter_keeps_the_order_unless_it_may_not() {
        for reorders in [false, true] {
            let jitter = Jitter { mean: 4 * MS, most: 40 * MS, reorders };
            let arrivals = arrivals(Some(jitter));
            let is_ordered = arrivals.is_sorted_by_key(|(_, due)| *due);
            assert_eq!(is_ordered, !reorders);
            let bounds = 20 * MS..=60 * MS;
            assert!(arrivals.iter().all(|(left, due)| bounds.contains(&due.saturating_sub(*left))));
        }
    }

    #[test]
    fn jitter_has_its_mean() {
        let arrivals = arrivals(Some(Jitter { mean: 4 * MS, most: 40 * MS, reorders: true }));
        let sum: Duration =
            arrivals.iter().map(|(left, due)| due.saturating_sub(*left + 20 * MS)).sum();
        let mean = sum / u32::try_from(arrivals.len()).expect("few");
        assert!(mean.abs_diff(4 * MS) < MS / 5, "{mean:?}");
    }
}
