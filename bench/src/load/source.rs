//! The publisher of the measured tracks.

use std::time::Duration;

use anyhow::Context;
use mosaik_proto::moqt::{Namespace, TrackProperties};
use mosaik_tests::{Client, Path, PublishedTrack};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::MissedTickBehavior;

use super::{Flow, NAMESPACE, Target};

/// Publishes at an even pace from the first subscription on until it is dropped.
pub struct Source {
    task: JoinHandle<anyhow::Result<()>>,
}

impl Source {
    /// Announces the namespace; each track begins when the relay asks for it.
    ///
    /// # Errors
    /// When the relay does not take the publisher.
    pub async fn start(
        target: &Target,
        path: Path,
        tracks: &[(&'static str, Flow)],
    ) -> anyhow::Result<Self> {
        let mut client = target.session(&target.dialer().apart(), path).await?;
        client.announce(&Namespace::of(&[NAMESPACE])).await.context("the publisher's namespace")?;
        Ok(Self { task: tokio::spawn(publish(client, tracks.to_vec())) })
    }

    /// Whether it publishes no more.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }

    /// What the publisher failed with, if it failed.
    ///
    /// # Errors
    /// That.
    pub async fn stop(self) -> anyhow::Result<()> {
        if self.task.is_finished() {
            return self.task.await?;
        }
        self.task.abort();
        Ok(())
    }
}

async fn publish(mut client: Client, tracks: Vec<(&'static str, Flow)>) -> anyhow::Result<()> {
    let names: Vec<&str> = tracks.iter().map(|(name, _)| *name).collect();
    let mut sending = JoinSet::new();
    for alias in 1.. {
        let asked = tokio::select! {
            asked = client.asked_at_leisure(&names) => asked?,
            Some(ended) = sending.join_next() => return ended?,
        };
        let is_asked = |(name, _): &&(&str, Flow)| asked.subscribe.name.track == name.as_bytes();
        let (_, flow) = *tracks.iter().find(is_asked).context("a track that nobody has")?;
        let track = asked.accept(alias, TrackProperties::default()).await?;
        sending.spawn(async move { send(&track, flow).await });
    }
    Ok(())
}

async fn send(track: &PublishedTrack, flow: Flow) -> anyhow::Result<()> {
    let mut pace = tokio::time::interval(Duration::from_secs(1) / flow.objects_per_second);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for group in 1.. {
        let mut writer = track.group(group).await?;
        for object in 0..flow.objects_per_group {
            pace.tick().await;
            let mut payload = crate::micros().to_be_bytes().to_vec();
            payload.resize(flow.object_bytes, 0x5A);
            writer.object(object, &payload).await?;
        }
        writer.finish()?;
    }
    Ok(())
}
