//! The publisher of the measured track.

use std::time::Duration;

use anyhow::Context;
use mosaik_proto::moqt::{Namespace, TrackProperties};
use mosaik_tests::{Client, Path, PublishedTrack};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::{Flow, NAMESPACE, TRACK, Target};

/// Publishes at an even pace from the first subscription on until it is dropped.
pub struct Source {
    task: JoinHandle<anyhow::Result<()>>,
}

impl Source {
    /// Announces the namespace; the track begins when the relay asks for it.
    ///
    /// # Errors
    /// When the relay does not take the publisher.
    pub async fn start(target: &Target, path: Path, flow: Flow) -> anyhow::Result<Self> {
        let mut client = target.session(&target.dialer().apart(), path).await?;
        client.announce(&Namespace::of(&[NAMESPACE])).await.context("the publisher's namespace")?;
        Ok(Self { task: tokio::spawn(publish(client, flow)) })
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

async fn publish(mut client: Client, flow: Flow) -> anyhow::Result<()> {
    let asked = client.asked_at_leisure(TRACK).await?;
    let track = asked.accept(1, TrackProperties::default()).await?;
    send(&track, flow).await
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
