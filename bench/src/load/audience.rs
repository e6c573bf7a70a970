//! The subscribers of a measured track.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters};
use mosaik_tests::{Client, Dialer, Path, Piece, Subscription};
use tokio::task::JoinSet;

use super::{NAMESPACE, Target};

/// Subscribers that share a UDP socket: its receive buffer has to hold what the relay sends all of
/// them back to back.
const PER_SOCKET: usize = 50;

/// Sessions that are opened at a time.
const JOINING: usize = 16;

/// One object that a subscriber received.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// When it was sent, in microseconds of the shared clock.
    pub sent_at: u64,
    /// Microseconds until it was here.
    pub latency: u64,
}

/// Subscribers that read everything as soon as it comes.
pub struct Audience {
    path: Path,
    track: &'static str,
    members: Vec<Client>,
    receiving: JoinSet<()>,
    seen: Arc<Mutex<Vec<Seen>>>,
    dialer: Option<Dialer>,
}

impl Audience {
    /// Nobody yet.
    pub fn new(path: Path, track: &'static str) -> Self {
        Self {
            path,
            track,
            members: Vec::new(),
            receiving: JoinSet::new(),
            seen: Arc::default(),
            dialer: None,
        }
    }

    /// More subscribers, until there are `count`.
    ///
    /// # Errors
    /// When the relay refuses one.
    pub async fn grow(&mut self, target: &Target, count: usize) -> anyhow::Result<()> {
        while self.members.len() < count {
            if self.members.len().is_multiple_of(PER_SOCKET) || self.dialer.is_none() {
                self.dialer = Some(target.dialer().apart());
            }
            let dialer = self.dialer.as_ref().context("no dialer")?;
            let room = PER_SOCKET - self.members.len() % PER_SOCKET;
            let next = JOINING.min(room).min(count - self.members.len());
            let joining = (0..next).map(|_| join(target, dialer, self.path, self.track));
            for joined in futures::future::join_all(joining).await {
                let (client, subscription) = joined?;
                self.members.push(client);
                self.receiving.spawn(receive(subscription, Arc::clone(&self.seen)));
            }
        }
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How they came in, for people.
    pub fn transport(&self) -> &'static str {
        self.path.name()
    }

    /// What was received since the last call.
    pub fn take(&self) -> Vec<Seen> {
        mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn join(
    target: &Target,
    dialer: &Dialer,
    path: Path,
    track: &str,
) -> anyhow::Result<(Client, Subscription)> {
    let client = target.session(dialer, path).await?;
    let subscription = subscribe(&client, track).await?;
    Ok((client, subscription))
}

/// A subscription to a measured track.
pub(super) async fn subscribe(client: &Client, track: &str) -> anyhow::Result<Subscription> {
    let name = FullTrackName::new(Namespace::of(&[NAMESPACE]), track.to_owned());
    client.subscribe(&name, Parameters::default()).await.context("subscribing")
}

/// Reads everything of one subscription until the session ends.
async fn receive(mut subscription: Subscription, seen: Arc<Mutex<Vec<Seen>>>) {
    while let Ok(mut reader) = subscription.subgroup_at_leisure().await {
        while let Ok(Piece::Object(object)) = reader.next_at_leisure().await {
            let Some(sent_at) = object.payload.first_chunk().map(|b| u64::from_be_bytes(*b)) else {
                continue;
            };
            let latency = crate::micros().saturating_sub(sent_at);
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(Seen { sent_at, latency });
        }
    }
}
