//! A publisher and a subscriber who have nothing to do with it.

use std::time::Duration;

use anyhow::{Context, ensure};
use mosaik_proto::moqt::{GroupId, ObjectId};
use mosaik_tests::{Pair, Path, Piece, Relay};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// Between two objects.
const PACE: Duration = Duration::from_millis(5);

/// Objects of a group.
const GROUP: ObjectId = 40;

/// The two, at work until they are asked how it was.
pub(crate) struct Honest {
    stop: watch::Sender<bool>,
    publishing: JoinHandle<anyhow::Result<GroupId>>,
    subscribing: JoinHandle<anyhow::Result<GroupId>>,
    pub(crate) subscriber: mosaik_tests::Client,
    _publisher: mosaik_tests::Client,
}

fn payload(group: GroupId, object: ObjectId) -> Vec<u8> {
    format!("{group}/{object} ").repeat(60).into_bytes()
}

impl Honest {
    pub(crate) async fn begin(relay: &Relay, path: Path) -> anyhow::Result<Self> {
        let Pair { publisher, track, subscriber, mut subscription } =
            Pair::plain(relay, path).await?;
        let (stop, stopping) = watch::channel(false);
        let publishing = tokio::spawn(async move {
            let mut pace = tokio::time::interval(PACE);
            // A burst of groups after a stall would be more than the relay keeps.
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut group = 0;
            while !*stopping.borrow() {
                group += 1;
                let mut writer = track.group(group).await?;
                for object in 0..GROUP {
                    pace.tick().await;
                    writer.object(object, &payload(group, object)).await?;
                }
                writer.finish_and_wait().await?;
            }
            track.done(mosaik_proto::moqt::DoneCode::TrackEnded).await?;
            Ok(group)
        });
        let subscribing = tokio::spawn(async move {
            for group in 1.. {
                let ended = subscription.request.next_at_leisure();
                // The request's end is looked at first only when there is no stream.
                let mut reader = tokio::select! {
                    biased;
                    reader = subscription.subgroups.recv() => reader.context("the session ended")?,
                    _ = ended => return Ok(group - 1),
                };
                ensure!(reader.header.group == group, "group {} for {group}", reader.header.group);
                for object in 0..GROUP {
                    let got = reader.object().await?;
                    ensure!(got.location.object == object, "{:?} for {object}", got.location);
                    ensure!(got.payload == payload(group, object), "{group}/{object} changed");
                }
                ensure!(reader.next().await? == Piece::End, "group {group} did not end");
            }
            Ok(0)
        });
        Ok(Self { stop, publishing, subscribing, subscriber, _publisher: publisher })
    }

    /// How many groups were published and received, after the last one.
    pub(crate) async fn end(self) -> anyhow::Result<(GroupId, GroupId)> {
        self.stop.send_replace(true);
        Ok((self.publishing.await??, self.subscribing.await??))
    }
}
