//! Waiting for what is expected, never longer than its deadline.

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, bail};

/// How long a test waits for what it expects. Loopback needs milliseconds; this is for machines
/// that do something else at the same time.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// What `future` gives, if it does so within [`PATIENCE`].
///
/// # Errors
/// Names `what` when it does not come in time.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(PATIENCE, future).await.with_context(|| format!("{what}: too late"))
}

/// Waits until `condition` holds.
///
/// # Errors
/// Names `what` when it does not hold within `deadline`.
pub async fn eventually(
    what: &str,
    deadline: Duration,
    mut condition: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    let end = tokio::time::Instant::now() + deadline;
    let mut look = tokio::time::interval(LOOK);
    while !condition() {
        if tokio::time::Instant::now() > end {
            bail!("{what}: not within {deadline:?}");
        }
        look.tick().await;
    }
    Ok(())
}
