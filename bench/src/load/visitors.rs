//! Sessions that come and go: they listen a little, take subscriptions back, publish a little, and
//! leave with or without a word.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, Setup, TrackProperties};
use mosaik_tests::{Client, Dialer, Path, Piece, Subscription};
use serde::Serialize;
use tokio::task::JoinSet;

use super::audience::subscribe;
use super::{NAMESPACE, Target};

/// Objects that a visitor hears of each track.
const HEARS: usize = 12;

/// One visit in so many shows a track of its own to a second session.
const SHOWS: u64 = 3;

/// Objects of a visitor's own track, each a group.
const SHOWN: u64 = 3;

/// Payload of each of them.
static SHOWN_PAYLOAD: [u8; 2_000] = [0x5A; 2_000];

/// What visitors have done so far.
#[derive(Debug, Default)]
struct Tally {
    visits: AtomicU64,
    sessions: AtomicU64,
    taken_back: AtomicU64,
    shown: AtomicU64,
}

/// What visitors did.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Passed {
    /// Sessions that came and went.
    pub sessions: u64,
    /// Subscriptions that were taken back.
    pub subscriptions_taken_back: u64,
    /// Tracks that were published for a moment.
    pub tracks: u64,
}

/// Visitors at work, each followed by the next at once.
pub struct Visitors {
    tasks: JoinSet<anyhow::Result<()>>,
    tally: Arc<Tally>,
}

impl Visitors {
    /// As many at a time as there are ways in `paths`, which hear `tracks` one after the other.
    pub fn start(target: &Target, paths: &[Path], tracks: &'static [&'static str]) -> Self {
        let tally = Arc::new(Tally::default());
        let mut tasks = JoinSet::new();
        for path in paths.iter().copied() {
            let (dialer, tally) = (target.dialer().apart(), Arc::clone(&tally));
            tasks.spawn(async move {
                loop {
                    let number = tally.visits.fetch_add(1, Ordering::Relaxed);
                    visit(&dialer, path, number, tracks, &tally)
                        .await
                        .with_context(|| format!("visit {number} over {}", path.name()))?;
                }
            });
        }
        Self { tasks, tally }
    }

    /// What they did so far.
    ///
    /// # Errors
    /// When a visitor did not get what it came for.
    pub async fn passed(&mut self) -> anyhow::Result<Passed> {
        if let Some(failed) = self.tasks.try_join_next() {
            failed??;
        }
        // They go on in the meantime.
        tokio::task::yield_now().await;
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Ok(Passed {
            sessions: read(&self.tally.sessions),
            subscriptions_taken_back: read(&self.tally.taken_back),
            tracks: read(&self.tally.shown),
        })
    }
}

async fn visit(
    dialer: &Dialer,
    path: Path,
    number: u64,
    tracks: &[&str],
    tally: &Tally,
) -> anyhow::Result<()> {
    let mut client = Client::set_up(dialer.dial(path).await?, Setup::default()).await?;
    for track in tracks {
        let mut subscription = subscribe(&client, track).await?;
        hear(&mut subscription, HEARS).await?;
        subscription.cancel();
        tally.taken_back.fetch_add(1, Ordering::Relaxed);
    }
    if number.is_multiple_of(SHOWS) {
        show(dialer, path, number, &mut client).await?;
        tally.shown.fetch_add(1, Ordering::Relaxed);
        tally.sessions.fetch_add(1, Ordering::Relaxed);
    }
    tally.sessions.fetch_add(1, Ordering::Relaxed);
    // Half of them with something still under way.
    let last = if number.is_multiple_of(2) { tracks.first() } else { None };
    match last {
        Some(track) => hear(&mut subscribe(&client, track).await?, 1).await?,
        None => client.leave(),
    }
    Ok(())
}

/// Reads so many objects.
async fn hear(subscription: &mut Subscription, count: usize) -> anyhow::Result<()> {
    let mut left = count;
    while left > 0 {
        let mut group = subscription.subgroup().await?;
        while left > 0 && matches!(group.next().await?, Piece::Object(_)) {
            left -= 1;
        }
    }
    Ok(())
}

/// Publishes a little track of `client`'s own to a second session.
async fn show(dialer: &Dialer, path: Path, number: u64, client: &mut Client) -> anyhow::Result<()> {
    let namespace = Namespace::of(&[NAMESPACE, &format!("visitor-{number}")]);
    client.announce(&namespace).await.context("a visitor's namespace")?;
    let guest = Client::set_up(dialer.dial(path).await?, Setup::default()).await?;
    let request =
        guest.ask_for(&FullTrackName::new(namespace, "own"), Parameters::default()).await?;
    let track = client.asked_for("own").await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = guest.established(request).await?;
    for group in 1..=SHOWN {
        track.single(group, &SHOWN_PAYLOAD).await?;
        subscription.first_object().await.context("a visitor's object")?;
    }
    Ok(())
}
