//! Figures: percentiles, and JSON files beside the build.

use std::path::PathBuf;

use anyhow::Context;
use serde::Serialize;

/// Sorted samples.
#[derive(Debug)]
pub struct Percentiles(Vec<u64>);

impl Percentiles {
    /// Of these samples, in any order.
    pub fn of(mut samples: Vec<u64>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    /// The sample that `percent` of all are not above; 0 without samples.
    pub fn at(&self, percent: usize) -> u64 {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }
}

/// The middle one of some figures; not a number without any.
pub fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// By how much y grows for each x, by least squares; not a number without two different x.
#[expect(clippy::cast_precision_loss, reason = "a count of samples, far below 2^52")]
pub fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let products = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>();
    let squares = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum::<f64>();
    products / squares
}

/// Writes `figures` to `<target>/bench/<name>.json` and says where that is.
///
/// # Errors
/// When it cannot be written.
pub fn write(name: &str, figures: &impl Serialize) -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(|profile| profile.parent()).context("no target")?;
    let directory = target.join("bench");
    std::fs::create_dir_all(&directory)?;
    let path = directory.join(format!("{name}.json"));
    std::fs::write(&path, serde_json::to_vec_pretty(figures)?)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_the_growth_for_each_step_and_noise_around_it_is_none() {
        let grows: Vec<_> = (0..10).map(|x| (f64::from(x), 5.0 + 3.0 * f64::from(x))).collect();
        assert!((slope(&grows) - 3.0).abs() < 1e-9);
        let steady = [(0.0, 7.0), (1.0, 9.0), (2.0, 9.0), (3.0, 7.0)];
        assert!(slope(&steady).abs() < 1e-9);
        assert!(slope(&[(1.0, 1.0)]).is_nan());
    }

    #[test]
    fn percentiles_are_samples() {
        let percentiles = Percentiles::of((1..=200).rev().collect());
        assert_eq!((percentiles.at(50), percentiles.at(99), percentiles.at(100)), (100, 198, 200));
        assert_eq!(Percentiles::of(vec![7]).at(50), 7);
        assert_eq!(Percentiles::of(Vec::new()).at(99), 0);
    }
}
