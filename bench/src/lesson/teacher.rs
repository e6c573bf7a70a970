//! A teacher without a camera: publishes what the relay asks for and nothing else, straight to it.

use std::time::{Duration, SystemTime};

use anyhow::Context;
use bytes::BytesMut;
use mosaik_proto::loc;
use mosaik_proto::moqt::{
    ControlMessage, Datagram, GroupId, Location, ObjectStatus, Properties, RequestOk,
    SubgroupHeader,
};
use mosaik_tests::{Client, Path, PublishedTrack, SubgroupWriter};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::frames::{Frame, Frames, Track};
use super::namespace;
use crate::load::{Kind, Target};
use crate::micros;

/// Publishes until it is dropped.
pub struct Teacher {
    task: JoinHandle<anyhow::Result<()>>,
}

impl Teacher {
    /// Announces the namespace; each track begins when the relay asks for it.
    ///
    /// # Errors
    /// When the relay does not take it.
    pub async fn start(target: &Target, seed: u64) -> anyhow::Result<Self> {
        let mut client = target.session(&target.dialer().apart(), Path::Quic).await?;
        client.announce(&namespace()).await.context("the teacher's namespace")?;
        // The other relay does not forward datagrams: speech has a stream there.
        let has_datagrams = target.kind() == Kind::Mosaik;
        Ok(Self { task: tokio::spawn(teach(client, seed, has_datagrams)) })
    }

    /// Whether it publishes no more.
    pub fn has_ended(&self) -> bool {
        self.task.is_finished()
    }
}

impl Drop for Teacher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn teach(mut client: Client, seed: u64, has_datagrams: bool) -> anyhow::Result<()> {
    let names = Track::ALL.map(Track::name);
    let mut publishing = JoinSet::new();
    for alias in 1.. {
        let asked = client.asked_at_leisure(&names).await?;
        let is_asked = |track: &Track| asked.subscribe.name.track == track.name().as_bytes();
        let track = Track::ALL.into_iter().find(is_asked).context("a track that nobody has")?;
        // The relay may have taken it back by now.
        let Ok(published) = asked.accept(alias, track.properties()).await else { continue };
        publishing.spawn(async move {
            // Whatever ends it, it is not wanted any more.
            let _ = publish(published, track, seed, has_datagrams).await;
        });
        while publishing.try_join_next().is_some() {}
    }
    Ok(())
}

/// Publishes until the relay takes its SUBSCRIBE back. Objects are captured at whole multiples of
/// the track's interval, whoever publishes when.
async fn publish(
    mut published: PublishedTrack,
    track: Track,
    seed: u64,
    has_datagrams: bool,
) -> anyhow::Result<()> {
    let in_datagrams = has_datagrams && track == Track::Mic;
    let (interval, now) = (track.interval(), micros());
    // What is shown all the time is there at once.
    let first = if track == Track::Slides { now } else { (now / interval + 1) * interval };
    let begin = Instant::now() + Duration::from_micros(first - now);
    let mut pace = interval_at(begin, Duration::from_micros(interval));
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut frames = Frames::new(track, seed);
    let mut group = Group::default();
    let mut captured = first;
    loop {
        tokio::select! {
            message = published.request.next_at_leisure() => match message? {
                Some(ControlMessage::RequestUpdate(update)) => {
                    let ok = ControlMessage::RequestOk(RequestOk::default());
                    published.request.say(&ok).await?;
                    let wanted = update.parameters.new_group_request;
                    if wanted.is_some_and(|wanted| wanted > group.id) {
                        frames.begin_group();
                    }
                }
                _ => return Ok(()),
            },
            _ = pace.tick() => {
                let frame = frames.next_frame();
                if frame.object == 0 {
                    let layers = if in_datagrams { 0 } else { track.layers() };
                    group = group.next(&published, layers).await?;
                }
                let (properties, payload) = content(track, frame, captured);
                if in_datagrams {
                    published.datagram(&datagram(group.id, frame, &properties, payload))?;
                } else {
                    group.write(frame, &properties, &payload).await;
                }
                captured += interval;
            }
        }
    }
}

/// A group under way: a stream for each temporal layer.
#[derive(Default)]
struct Group {
    id: GroupId,
    layers: Vec<SubgroupWriter>,
}

impl Group {
    async fn next(self, published: &PublishedTrack, count: u64) -> anyhow::Result<Self> {
        let id = unix_micros() / 1_000;
        let id = id.max(self.id + 1);
        for layer in self.layers {
            // The relay may have stopped it.
            let _ = layer.finish();
        }
        let mut layers = Vec::new();
        for subgroup in 0..count {
            let header = SubgroupHeader { has_properties: true, ..published.header(id, subgroup) };
            layers.push(published.subgroup(&header).await?);
        }
        Ok(Self { id, layers })
    }

    async fn write(&mut self, frame: Frame, properties: &Properties, payload: &[u8]) {
        let layer = usize::try_from(frame.subgroup).ok().and_then(|at| self.layers.get_mut(at));
        if let Some(layer) = layer {
            // Whoever does not want a layer any more has stopped it; the others go on.
            let _ = layer.object_with(frame.object, properties, payload).await;
        }
    }
}

/// What a frame is, with when it was captured and sent.
fn content(track: Track, frame: Frame, captured: u64) -> (Properties, Vec<u8>) {
    let mut payload = captured.to_be_bytes().to_vec();
    payload.extend(micros().to_be_bytes());
    payload.resize(frame.bytes, 0x5A);
    let properties = match track {
        Track::Cam(rendition) if frame.object == 0 => {
            loc::with_rendition(loc::captured_at(unix_micros()), rendition.name())
        }
        Track::Mic | Track::Cam(_) => loc::captured_at(unix_micros()),
        Track::State | Track::Slides => Properties::default(),
    };
    (properties, payload)
}

fn datagram(group: GroupId, frame: Frame, properties: &Properties, payload: Vec<u8>) -> Datagram {
    let mut pairs = BytesMut::new();
    properties.encode(&mut pairs);
    Datagram {
        track_alias: 0,
        location: Location::new(group, frame.object),
        priority: None,
        end_of_group: false,
        properties: pairs.freeze(),
        status: ObjectStatus::Normal,
        payload: payload.into(),
    }
}

fn unix_micros() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
