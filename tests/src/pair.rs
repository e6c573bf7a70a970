//! Two sessions with a track between them, as most tests need them.

use mosaik_proto::moqt::{Parameters, TrackProperties};

use crate::client::Client;
use crate::publisher::PublishedTrack;
use crate::relay::{Relay, room, track};
use crate::subscriber::Subscription;
use crate::wire::Path;

/// A publisher whose track one subscriber has.
pub struct Pair {
    /// Who publishes.
    pub publisher: Client,
    /// What.
    pub track: PublishedTrack,
    /// Who subscribes.
    pub subscriber: Client,
    /// To what.
    pub subscription: Subscription,
}

impl Pair {
    /// The track `cam/mid` of the participant `publisher`, subscribed to by `subscriber`.
    ///
    /// # Errors
    /// When the relay does not bring them together.
    pub async fn of(
        relay: &Relay,
        path: Path,
        (publisher, subscriber): (&str, &str),
        properties: TrackProperties,
    ) -> anyhow::Result<Self> {
        let name = track(publisher, "cam/mid");
        let mut source = relay.join(path, publisher).await?;
        source.announce(&room(publisher)).await?;
        let sink = relay.join(path, subscriber).await?;
        let request = sink.ask_for(&name, Parameters::default()).await?;
        let published = source.asked_for("cam/mid").await?.accept(7, properties).await?;
        let subscription = sink.established(request).await?;
        Ok(Self { publisher: source, track: published, subscriber: sink, subscription })
    }

    /// The same with properties that say nothing.
    ///
    /// # Errors
    /// As [`Pair::of`].
    pub async fn plain(relay: &Relay, path: Path) -> anyhow::Result<Self> {
        Self::of(relay, path, (TEACHER, STUDENT), TrackProperties::default()).await
    }
}

/// The participant who publishes in most tests.
pub const TEACHER: &str = "00000000000000aa";

/// The participant who subscribes in most tests.
pub const STUDENT: &str = "00000000000000bb";
