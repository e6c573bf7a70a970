//! Round-trip time of a TCP sender and its retransmission timeout (RFC 6298).

use std::time::Duration;

/// Before anything was measured (RFC 6298, section 2.1).
const FIRST_TIMEOUT: Duration = Duration::from_secs(1);

/// RFC 6298 asks for a second; this is what Linux does (TCP_RTO_MIN).
const LEAST_TIMEOUT: Duration = Duration::from_millis(200);

/// RFC 6298, section 2.5, and Linux' TCP_RTO_MAX.
const MOST_TIMEOUT: Duration = Duration::from_mins(2);

/// What is known of a round trip.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rtt {
    /// Smoothed, and how much it varies.
    measured: Option<(Duration, Duration)>,
    /// Timeouts since something was acknowledged.
    timeouts: u32,
}

impl Rtt {
    pub(crate) fn add(&mut self, rtt: Duration) {
        self.timeouts = 0;
        self.measured = Some(match self.measured {
            None => (rtt, rtt / 2),
            Some((smoothed, varies)) => {
                ((smoothed * 7 + rtt) / 8, (varies * 3 + smoothed.abs_diff(rtt)) / 4)
            }
        });
    }

    pub(crate) const fn timed_out(&mut self) {
        self.timeouts += 1;
    }

    pub(crate) fn smoothed(&self) -> Duration {
        self.measured.map_or(FIRST_TIMEOUT, |(smoothed, _)| smoothed)
    }

    /// After how long without acknowledgement the last segment is sent again, once (RFC 8985,
    /// section 7.2).
    pub(crate) fn probe(&self) -> Option<Duration> {
        let (smoothed, _) = self.measured.filter(|_| self.timeouts == 0)?;
        Some(smoothed * 2)
    }

    /// After how long without acknowledgement everything counts as lost; doubled each time.
    pub(crate) fn timeout(&self) -> Duration {
        let timeout = self
            .measured
            .map_or(FIRST_TIMEOUT, |(smoothed, varies)| smoothed + (varies * 4).max(LEAST_TIMEOUT));
        timeout.saturating_mul(1 << self.timeouts.min(10)).min(MOST_TIMEOUT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timeout_follows_the_round_trip_and_doubles_without_answer() {
        let mut rtt = Rtt::default();
        assert_eq!(rtt.timeout(), FIRST_TIMEOUT);
        for _ in 0..50 {
            rtt.add(Duration::from_millis(50));
        }
        assert_eq!(rtt.smoothed(), Duration::from_millis(50));
        assert_eq!(rtt.timeout(), Duration::from_millis(250));
        rtt.timed_out();
        rtt.timed_out();
        assert_eq!(rtt.timeout(), Duration::from_secs(1));
        (0..20).for_each(|_| rtt.timed_out());
        assert_eq!(rtt.timeout(), MOST_TIMEOUT);
        rtt.add(Duration::from_millis(50));
        assert!(rtt.timeout() < Duration::from_secs(1));
    }
}
