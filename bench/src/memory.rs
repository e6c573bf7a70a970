//! The memory of a process, looked at again and again.

use std::time::Duration;

use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::usage;

/// What a process had at one moment.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Resident {
    /// Seconds since the first look.
    pub seconds: f64,
    /// Bytes of memory.
    pub bytes: u64,
}

/// Looks at the memory of `process` every so often for as long as `window`.
///
/// # Errors
/// When there is no such process any more.
pub async fn watch(
    process: u32,
    every: Duration,
    window: Duration,
) -> anyhow::Result<Vec<Resident>> {
    let begun = Instant::now();
    let mut looks = interval(every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut seen = Vec::new();
    while begun.elapsed() < window {
        looks.tick().await;
        let bytes = usage(process)?.resident_bytes;
        seen.push(Resident { seconds: begun.elapsed().as_secs_f64(), bytes });
    }
    Ok(seen)
}
