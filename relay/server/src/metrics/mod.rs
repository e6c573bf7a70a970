//! How the server does, in numbers: nothing about persons, nothing about contents.

mod process;
mod text;

use std::collections::HashMap;
use std::time::Duration;

use mosaik_media::Counts;
use mosaik_media::layering::Reason;
use mosaik_proto::moqt::SessionCode;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

pub(crate) use process::resident_bytes as memory_bytes;
pub use process::thread_cpu;
pub use text::write;

use crate::relay::Way;

/// How long the media thread has to say how it does. It answers between two turns.
const ANSWER_DEADLINE: Duration = Duration::from_secs(2);

/// Questions that wait for the media thread; further ones are not asked.
const QUESTIONS_MAX: usize = 8;

/// One moment of the media thread.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Open sessions.
    pub(crate) sessions: Vec<(Way, usize)>,
    pub(crate) sessions_begun: u64,
    /// By the code that the peer was told; without one the peer went by itself.
    pub(crate) sessions_ended: HashMap<Option<SessionCode>, u64>,
    /// People in each open room.
    pub(crate) rooms: Vec<usize>,
    pub(crate) tracks: usize,
    pub(crate) subscriptions: usize,
    pub(crate) cached_bytes: u64,
    pub(crate) counts: Counts,
    /// Sessions with switching tracks, by why they get less than they wish.
    pub(crate) limited: HashMap<Reason, usize>,
    /// Padding that was handed to transports.
    pub(crate) padded_bytes: u64,
    pub(crate) turns: Turns,
    /// CPU time of the media thread.
    pub(crate) media_cpu: Duration,
}

/// How long the turns took in which sessions were served: a histogram.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns {
    counts: [u64; Self::BOUNDS.len() + 1],
    sum: Duration,
}

impl Turns {
    /// The buckets' upper bounds; what is longer has a bucket of its own.
    const BOUNDS: [Duration; 8] = [
        Duration::from_micros(100),
        Duration::from_micros(500),
        Duration::from_millis(1),
        Duration::from_millis(5),
        Duration::from_millis(20),
        Duration::from_millis(50),
        Duration::from_millis(100),
        Duration::from_millis(500),
    ];

    /// A turn took `time`.
    pub(crate) fn count(&mut self, time: Duration) {
        let bucket = Self::BOUNDS.iter().position(|bound| time <= *bound);
        if let Some(count) = self.counts.get_mut(bucket.unwrap_or(Self::BOUNDS.len())) {
            *count += 1;
        }
        self.sum += time;
    }
}

/// Where the media thread is asked; what comes out of the other end wants a [`Snapshot`] each.
#[derive(Debug)]
pub struct Snapshots(mpsc::Sender<oneshot::Sender<Snapshot>>);

impl Snapshots {
    /// A way to ask, and where the questions arrive.
    pub fn new() -> (Self, mpsc::Receiver<oneshot::Sender<Snapshot>>) {
        let (questions, asked) = mpsc::channel(QUESTIONS_MAX);
        (Self(questions), asked)
    }

    /// How things stand now; `None` when the media thread does not answer in time.
    pub(crate) async fn take(&self) -> Option<Snapshot> {
        let (answer, answered) = oneshot::channel();
        self.0.try_send(answer).ok()?;
        timeout(ANSWER_DEADLINE, answered).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_counted_once_and_the_longest_too() {
        let mut turns = Turns::default();
        for micros in [0, 100, 101, 3_000, 900_000] {
            turns.count(Duration::from_micros(micros));
        }
        assert_eq!(turns.counts, [2, 1, 0, 1, 0, 0, 0, 0, 1]);
        assert_eq!(turns.sum, Duration::from_micros(903_201));
    }

    #[tokio::test(start_paused = true)]
    async fn a_thread_that_does_not_answer_is_not_waited_for() {
        let (snapshots, asked) = Snapshots::new();
        assert!(snapshots.take().await.is_none());
        drop(asked);
        assert!(snapshots.take().await.is_none());
    }
}
