//! Packets that the line loses by chance, alone or in bursts.

use rand::Rng;

/// How packets are lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// None is.
    None,
    /// Each with this probability, whatever became of the one before it.
    Independent(f64),
    /// In bursts.
    Bursts(GilbertElliott),
}

/// A line that is good or bad for some packets at a time (Gilbert 1960, Elliott 1963). All are
/// probabilities for one packet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GilbertElliott {
    /// That a good line is bad for the next packet.
    pub to_bad: f64,
    /// That a bad line is good for the next packet.
    pub to_good: f64,
    /// That a good line loses it.
    pub lost_in_good: f64,
    /// That a bad line loses it.
    pub lost_in_bad: f64,
}

impl GilbertElliott {
    /// Loses `share` of all packets in bursts of `burst` packets on average: everything while the
    /// line is bad, nothing while it is good (Gilbert's simple model).
    ///
    /// In the long run the line is bad for `to_bad / (to_bad + to_good)` of the packets, and a
    /// burst has `1 / to_good` of them.
    pub fn simple(share: f64, burst: f64) -> Self {
        let to_good = 1.0 / burst;
        let to_bad = to_good * share / (1.0 - share);
        Self { to_bad, to_good, lost_in_good: 0.0, lost_in_bad: 1.0 }
    }
}

/// Decides over one packet after the other.
#[derive(Debug)]
pub(crate) struct Losing<R> {
    loss: Loss,
    is_bad: bool,
    rng: R,
}

impl<R: Rng> Losing<R> {
    pub(crate) const fn new(loss: Loss, rng: R) -> Self {
        Self { loss, is_bad: false, rng }
    }

    /// Whether the next packet is lost.
    pub(crate) fn is_next_lost(&mut self) -> bool {
        match self.loss {
            Loss::None => false,
            Loss::Independent(share) => self.rng.random_bool(share.clamp(0.0, 1.0)),
            Loss::Bursts(line) => {
                let change = if self.is_bad { line.to_good } else { line.to_bad };
                self.is_bad ^= self.rng.random_bool(change.clamp(0.0, 1.0));
                let lost = if self.is_bad { line.lost_in_bad } else { line.lost_in_good };
                self.rng.random_bool(lost.clamp(0.0, 1.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    const PACKETS: usize = 400_000;

    /// Share of lost packets, and how many are lost at a time.
    fn measure(loss: Loss, seed: u64) -> (f64, f64) {
        let mut losing = Losing::new(loss, ChaCha8Rng::seed_from_u64(seed));
        let fates: Vec<bool> = (0..PACKETS).map(|_| losing.is_next_lost()).collect();
        let lost = fates.iter().filter(|lost| **lost).count();
        let bursts = fates.chunk_by(|one, next| one == next).filter(|run| run[0]).count();
        (ratio(lost, PACKETS), ratio(lost, bursts))
    }

    #[expect(clippy::cast_precision_loss, reason = "both are small")]
    fn ratio(part: usize, whole: usize) -> f64 {
        part as f64 / whole as f64
    }

    #[test]
    fn independent_loss_has_its_share_and_no_bursts_beyond_chance() {
        let (share, burst) = measure(Loss::Independent(0.02), 1);
        assert!((share - 0.02).abs() < 0.001, "{share}");
        // A run of a geometric sequence: 1 / (1 - share).
        assert!((burst - 1.0 / 0.98).abs() < 0.02, "{burst}");
    }

    #[test]
    fn bursts_have_the_share_and_the_length_that_were_asked_for() {
        for (share, length) in [(0.01, 3.0), (0.03, 8.0), (0.2, 20.0)] {
            let loss = Loss::Bursts(GilbertElliott::simple(share, length));
            let (lost, burst) = measure(loss, 7);
            assert!((lost / share - 1.0).abs() < 0.1, "{lost} instead of {share}");
            assert!((burst / length - 1.0).abs() < 0.1, "{burst} instead of {length}");
        }
    }

    #[test]
    fn a_bad_line_need_not_lose_everything() {
        let line =
            GilbertElliott { to_bad: 0.01, to_good: 0.1, lost_in_good: 0.001, lost_in_bad: 0.3 };
        let bad = 0.01 / 0.11;
        let expected = bad * 0.3 + (1.0 - bad) * 0.001;
        let (share, _) = measure(Loss::Bursts(line), 3);
        assert!((share / expected - 1.0).abs() < 0.1, "{share} instead of {expected}");
    }
}
