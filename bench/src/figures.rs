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
    fn percentiles_are_samples() {
        let percentiles = Percentiles::of((1..=200).rev().collect());
        assert_eq!((percentiles.at(50), percentiles.at(99), percentiles.at(100)), (100, 198, 200));
        assert_eq!(Percentiles::of(vec![7]).at(50), 7);
        assert_eq!(Percentiles::of(Vec::new()).at(99), 0);
    }
}
