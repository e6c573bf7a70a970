//! How many bits a line carries in a second, and how that changes over time.

use std::time::Duration;

use crate::trace::Trace;

const NANOS_PER_SECOND: u128 = 1_000_000_000;

/// The rate of a line over time, in pieces in which it is constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// When each piece begins and its bits per second. The first begins at zero.
    pieces: Vec<(Duration, u64)>,
    /// After which time the pieces begin again; without one the last piece has no end.
    period: Option<Duration>,
}

impl Rate {
    /// Always the same.
    pub fn constant(bits_per_second: u64) -> Self {
        Self { pieces: vec![(Duration::ZERO, bits_per_second)], period: None }
    }

    /// So fast that nothing ever waits.
    pub fn unlimited() -> Self {
        Self::constant(u64::MAX)
    }

    /// `first` bits per second, then from each of these times on another rate.
    #[must_use]
    pub fn steps(first: u64, later: &[(Duration, u64)]) -> Self {
        let mut pieces = vec![(Duration::ZERO, first)];
        pieces.extend_from_slice(later);
        pieces.sort_by_key(|(from, _)| *from);
        Self { pieces, period: None }
    }

    /// As recorded, again and again.
    pub fn trace(trace: &Trace) -> Self {
        let starts = (0..).map(|slot: u32| trace.slot() * slot);
        let pieces = starts.zip(trace.rates().iter().copied()).collect();
        Self { pieces, period: Some(trace.length()) }
    }

    /// Bits per second at `at`.
    pub fn at(&self, at: Duration) -> u64 {
        self.piece(at).0
    }

    /// When the last of `bits` has left that begin to leave at `start`; never if the rate stays
    /// zero. Rounded up to the nanosecond.
    pub fn finish(&self, start: Duration, bits: u64) -> Option<Duration> {
        // In bits times nanoseconds per second, so that nothing is lost at the end of a piece.
        let mut left = u128::from(bits) * NANOS_PER_SECOND;
        let mut at = start;
        if self.period.is_some() && self.pieces.iter().all(|(_, rate)| *rate == 0) {
            return None;
        }
        loop {
            let (rate, end) = self.piece(at);
            if let Some(end) = end {
                let carried = end.saturating_sub(at).as_nanos() * u128::from(rate);
                if carried < left {
                    left -= carried;
                    at = end;
                    continue;
                }
            } else if rate == 0 {
                return None;
            }
            let nanos = left.div_ceil(u128::from(rate));
            return Some(at + Duration::from_nanos(u64::try_from(nanos).ok()?));
        }
    }

    /// The rate at `at`, and when it ends.
    fn piece(&self, at: Duration) -> (u64, Option<Duration>) {
        let (round, within) = match self.period {
            Some(period) => {
                let within = Duration::from_nanos_u128(at.as_nanos() % period.as_nanos());
                (at.saturating_sub(within), within)
            }
            None => (Duration::ZERO, at),
        };
        let next = self.pieces.partition_point(|(from, _)| *from <= within);
        let rate = next.checked_sub(1).and_then(|index| self.pieces.get(index));
        let end = self.pieces.get(next).map(|(from, _)| *from).or(self.period);
        (rate.map_or(0, |(_, rate)| *rate), end.map(|end| round + end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_packet_takes_its_bits_divided_by_the_rate() {
        let rate = Rate::constant(1_000_000);
        assert_eq!(rate.finish(5 * MS, 8 * 1_250), Some(15 * MS));
    }

    #[test]
    fn a_packet_on_the_way_at_a_step_is_carried_by_both_rates() {
        let rate = Rate::steps(1_000_000, &[(10 * MS, 100_000)]);
        // 5,000 bits before the step, 5,000 after it at a tenth of the rate.
        assert_eq!(rate.finish(5 * MS, 10_000), Some(60 * MS));
        assert_eq!((rate.at(9 * MS), rate.at(10 * MS)), (1_000_000, 100_000));
    }

    #[test]
    fn a_trace_begins_again_when_it_is_over() {
        let trace = Trace::from_rates(100 * MS, vec![1_000_000, 0]).expect("a trace");
        let rate = Rate::trace(&trace);
        assert_eq!(rate.at(250 * MS), 1_000_000);
        // 100,000 bits in each 200 ms; the last bit leaves when the piece does.
        assert_eq!(rate.finish(Duration::ZERO, 300_000), Some(500 * MS));
    }

    #[test]
    fn what_waits_for_a_dead_line_waits_forever() {
        assert_eq!(Rate::constant(0).finish(Duration::ZERO, 1), None);
        assert_eq!(Rate::steps(8, &[(10 * MS, 0)]).finish(Duration::ZERO, 1), None);
    }
}
