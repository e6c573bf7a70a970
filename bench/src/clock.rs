//! One clock for all processes of a measurement.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Microseconds of the system's monotonic clock, the same in every process.
pub fn micros() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or_default();
    let nanos = u64::try_from(now.tv_nsec).unwrap_or_default();
    seconds * 1_000_000 + nanos / 1_000
}

/// Lets time pass while something is measured.
pub async fn pass(time: Duration) {
    tokio::time::sleep_until(tokio::time::Instant::now() + time).await;
}
