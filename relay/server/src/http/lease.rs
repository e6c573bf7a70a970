//! Until when a connection may last.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// The time that a connection has left; every request carries it. An answer that goes on for longer
/// than others asks for more.
#[derive(Debug, Clone)]
pub(crate) struct Lease(watch::Sender<Instant>);

impl Lease {
    pub(crate) fn new(time: Duration) -> Self {
        Self(watch::Sender::new(Instant::now() + time))
    }

    /// From now on it has at least `time`.
    pub(crate) fn extend(&self, time: Duration) {
        self.0.send_modify(|until| *until = (*until).max(Instant::now() + time));
    }

    /// Waits until it is over.
    pub(crate) async fn over(&self) {
        let mut changes = self.0.subscribe();
        loop {
            let until = *changes.borrow_and_update();
            tokio::select! {
                () = sleep_until(until) => return,
                // The sender is here, so that it is a change and not the end.
                _ = changes.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_lasts_as_long_as_its_longest_answer_may() {
        let lease = Lease::new(Duration::from_secs(5));
        let asked = lease.clone();
        let begun = Instant::now();
        tokio::join!(lease.over(), async {
            sleep_until(begun + Duration::from_secs(4)).await;
            asked.extend(Duration::from_mins(1));
            asked.extend(Duration::from_secs(1));
        });
        assert_eq!(begun.elapsed(), Duration::from_secs(64));
    }
}
