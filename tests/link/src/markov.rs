//! Rates of a mobile line that are made up: a Markov chain between kinds of reception, and a
//! fading within each. How the traces of this crate were made.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::trace::{SLOT, Trace, TraceError};

/// A kind of reception.
#[derive(Debug, Clone, Copy)]
pub struct Reception {
    /// Median rate in it.
    pub kbit_per_second: f64,
    /// How long it lasts on average, in seconds.
    pub lasts: f64,
    /// What follows, by index and probability; together one.
    pub then: &'static [(usize, f64)],
}

/// A mobile line.
#[derive(Debug, Clone, Copy)]
pub struct Mobile {
    /// The kinds of reception; it begins with the first.
    pub receptions: &'static [Reception],
    /// Standard deviation of the logarithm of the rate within one.
    pub fading: f64,
    /// How much of the fading is still there after 100 ms.
    pub memory: f64,
}

/// A phone in a train: good cells, fair ones, poor ones, and nothing for a moment between two of
/// them.
///
/// Made to have what was measured for the AT&T LTE recording of 2016 in Mahimahi: 4.5 Mbit/s on
/// average, 0.35 Mbit/s in the worst twentieth of the time. How long receptions last is assumed.
pub const TRAIN_DOWN: Mobile = Mobile {
    receptions: &[
        Reception { kbit_per_second: 8_500.0, lasts: 8.0, then: &[(1, 1.0)] },
        Reception { kbit_per_second: 3_500.0, lasts: 8.0, then: &[(0, 0.6), (2, 0.4)] },
        Reception { kbit_per_second: 700.0, lasts: 5.0, then: &[(1, 0.6), (3, 0.4)] },
        Reception { kbit_per_second: 0.0, lasts: 0.8, then: &[(2, 1.0)] },
    ],
    fading: 0.35,
    memory: 0.8,
};

/// The same train upwards: 0.84 Mbit/s on average, as in the same recording.
pub const TRAIN_UP: Mobile = Mobile {
    receptions: &[
        Reception { kbit_per_second: 1_500.0, lasts: 8.0, then: &[(1, 1.0)] },
        Reception { kbit_per_second: 700.0, lasts: 8.0, then: &[(0, 0.6), (2, 0.4)] },
        Reception { kbit_per_second: 200.0, lasts: 5.0, then: &[(1, 0.6), (3, 0.4)] },
        Reception { kbit_per_second: 0.0, lasts: 0.8, then: &[(2, 1.0)] },
    ],
    fading: 0.35,
    memory: 0.8,
};

/// A phone at the edge of a cell of 10 MHz: 600 kbit/s on average, as ITU-R M.2134 asks for the
/// worst twentieth of users in a town (0.06 bit/s/Hz). The shape is assumed.
pub const EDGE_DOWN: Mobile = Mobile {
    receptions: &[
        Reception { kbit_per_second: 700.0, lasts: 6.0, then: &[(1, 0.5), (2, 0.5)] },
        Reception { kbit_per_second: 1_100.0, lasts: 4.0, then: &[(0, 1.0)] },
        Reception { kbit_per_second: 250.0, lasts: 4.0, then: &[(0, 0.8), (3, 0.2)] },
        Reception { kbit_per_second: 0.0, lasts: 0.5, then: &[(2, 1.0)] },
    ],
    fading: 0.3,
    memory: 0.7,
};

/// The same upwards: 300 kbit/s on average (0.03 bit/s/Hz).
pub const EDGE_UP: Mobile = Mobile {
    receptions: &[
        Reception { kbit_per_second: 350.0, lasts: 6.0, then: &[(1, 0.5), (2, 0.5)] },
        Reception { kbit_per_second: 500.0, lasts: 4.0, then: &[(0, 1.0)] },
        Reception { kbit_per_second: 120.0, lasts: 4.0, then: &[(0, 0.8), (3, 0.2)] },
        Reception { kbit_per_second: 0.0, lasts: 0.5, then: &[(2, 1.0)] },
    ],
    fading: 0.3,
    memory: 0.7,
};

impl Mobile {
    /// `slots` tenths of a second of it, in whole kbit/s.
    ///
    /// # Errors
    /// When there are none, or too many.
    pub fn generate(&self, slots: usize, seed: u64) -> Result<Trace, TraceError> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (mut state, mut fading) = (0, 0.0);
        let rates = (0..slots).map(|_| {
            let Some(reception) = self.receptions.get(state) else { return 0 };
            fading = self.memory * fading
                + (1.0 - self.memory * self.memory).sqrt() * self.fading * normal(&mut rng);
            let kbits = reception.kbit_per_second * fading.exp();
            let leaves = SLOT.as_secs_f64() / reception.lasts;
            if rng.random_bool(leaves.min(1.0)) {
                state = next(reception, rng.random());
            }
            whole(kbits) * 1_000
        });
        Trace::from_rates(SLOT, rates.collect())
    }
}

fn next(reception: &Reception, mut chance: f64) -> usize {
    let mut following = 0;
    for (state, probability) in reception.then {
        following = *state;
        chance -= probability;
        if chance < 0.0 {
            break;
        }
    }
    following
}

/// Normally distributed, as nearly as twelve dice are: the same on every machine.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive rate")]
const fn whole(kbits: f64) -> u64 {
    kbits.round() as u64
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const SLOTS: usize = 1_800;

    /// File, model, seed, mean and worst twentieth in kbit/s. The seed is the one of the first
    /// hundred that comes nearest to these figures; both directions have the same, so that
    /// reception is good and poor for both at a time.
    const TRACES: [(&str, Mobile, u64, u64, u64); 4] = [
        ("lte-train.down", TRAIN_DOWN, 100, 4_500, 350),
        ("lte-train.up", TRAIN_UP, 100, 840, 100),
        ("lte-cell-edge.down", EDGE_DOWN, 53, 600, 150),
        ("lte-cell-edge.up", EDGE_UP, 53, 300, 75),
    ];

    fn within(found: u64, wanted: u64, percent: u64) -> bool {
        found.abs_diff(wanted) * 100 <= wanted * percent
    }

    #[test]
    fn the_traces_are_what_the_models_make_and_have_their_figures() {
        for (name, model, seed, mean, worst) in TRACES {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("traces").join(name);
            let trace = model.generate(SLOTS, seed).expect("a trace");
            let text = format!(
                "# kbit/s in each 100 ms, made by src/markov.rs with seed {seed}\n{}",
                trace.to_text()
            );
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, &text).expect("written");
            }
            let mut rates = trace.rates().to_vec();
            rates.sort_unstable();
            let found = rates.iter().sum::<u64>() / 1_000 / SLOTS as u64;
            let low = rates[SLOTS / 20] / 1_000;
            assert!(within(found, mean, 5), "{name}: {found} kbit/s on average");
            assert!(within(low, worst, 20), "{name}: {low} kbit/s in the worst twentieth");
            assert_eq!(std::fs::read_to_string(&path).expect("a trace"), text, "{name}");
        }
    }
}
