//! A publisher with renditions, a relay and a subscriber, with time and the transport as values.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one effect among all")]

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use mosaik_proto::moqt::{
    FullTrackName, GroupId, Namespace, RequestCode, ResetCode, SubgroupHeader, SubgroupId,
    TrackProperties,
};

use super::*;
use crate::effect::Effect;
use crate::layering::Level;
use crate::published::Stream;
use crate::tracks::Tracks;
use crate::{
    Due, Egress, LaneId, Limits, RequestKey, SessionKey, SubgroupEnd, SubscribeRequest, TrackKey,
};

pub(super) const LOW: &str = "cam/low";
pub(super) const MID: &str = "cam/mid";
pub(super) const HIGH: &str = "cam/high";

#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
pub(super) fn start() -> Instant {
    Instant::now()
}

pub(super) fn name(track: &str) -> FullTrackName {
    FullTrackName::new(Namespace::of(&["room", "teacher"]), track.as_bytes().to_vec())
}

/// How a stream ended, if it has.
pub(super) type End = Option<Result<(), ResetCode>>;

/// A stream that a subscriber received: its group and subgroup, object bytes, and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Received {
    pub(super) group: GroupId,
    pub(super) subgroup: SubgroupId,
    pub(super) alias: u64,
    pub(super) bytes: usize,
    pub(super) end: End,
}

/// A relay, a publisher with some renditions, and a subscriber of its `cam`.
pub(super) struct World {
    pub(super) tracks: Tracks,
    pub(super) now: Instant,
    pub(super) publisher: SessionKey,
    pub(super) subscriber: SessionKey,
    /// What the publisher has, if it is asked.
    pub(super) has: BTreeSet<&'static str>,
    pub(super) properties: TrackProperties,
    /// What it is asked for now.
    pub(super) asked: BTreeMap<String, TrackKey>,
    /// NEW_GROUP_REQUEST that reached it, by track.
    pub(super) new_groups: Vec<(String, u64)>,
    pub(super) effects: Vec<Effect>,
    pub(super) streams: BTreeMap<LaneId, Received>,
}

impl World {
    pub(super) fn new(has: &[&'static str]) -> Self {
        let mut tracks = Tracks::new(Limits::default());
        let (publisher, subscriber) = (tracks.open_session(), tracks.open_session());
        let now = start();
        let request = RequestKey { session: publisher, id: 0 };
        tracks.announce(now, request, name("").namespace).unwrap();
        Self {
            tracks,
            now,
            publisher,
            subscriber,
            has: has.iter().copied().collect(),
            properties: TrackProperties::default().with_object_delivery_timeout_ms(1_000),
            asked: BTreeMap::new(),
            new_groups: Vec::new(),
            effects: Vec::new(),
            streams: BTreeMap::new(),
        }
    }

    pub(super) fn request(&self) -> RequestKey {
        RequestKey { session: self.subscriber, id: 2 }
    }

    /// SUBSCRIBE for `cam`, whatever becomes of it.
    pub(super) fn subscribe(&mut self) {
        let wish = SubscribeRequest::new(self.request(), name("cam"));
        self.tracks.subscribe(self.now, &wish);
        self.settle();
    }

    /// The same, served at the rendition `first` once the publisher has answered.
    pub(super) fn watching(has: &[&'static str], first: u8) -> (Self, SubscriptionKey) {
        let mut world = Self::new(has);
        world.subscribe();
        world.grant_all(Some((first, 2)));
        let key = world.established().expect("there is a rendition");
        world.grant(key, Some((first, 2)));
        (world, key)
    }

    /// Grants to every wish there is.
    pub(super) fn grant_all(&mut self, level: Option<(u8, u8)>) {
        for wish in self.tracks.wishes(self.now, self.subscriber) {
            self.grant(wish.key, level);
        }
    }

    pub(super) fn grant(&mut self, key: SubscriptionKey, level: Option<(u8, u8)>) {
        let level =
            level.map(|(rendition, temporal)| Level { rendition, temporal, bitrate: 100_000 });
        self.tracks.grant(self.now, key, level);
        self.settle();
    }

    pub(super) fn settle(&mut self) {
        while let Some(effect) = self.tracks.poll_effect() {
            match &effect {
                Effect::SubscribeUpstream { session, track, name, new_group } => {
                    let name = String::from_utf8(name.track.to_vec()).unwrap();
                    self.new_groups.extend(new_group.map(|value| (name.clone(), value)));
                    let answer = if self.has.contains(name.as_str()) {
                        self.asked.insert(name, *track);
                        Ok((self.properties.clone(), None))
                    } else {
                        Err(Refused::new(RequestCode::DoesNotExist, "not here"))
                    };
                    self.tracks.upstream_answered(self.now, *session, *track, answer);
                }
                Effect::UpdateUpstream { track, new_group: Some(value), .. } => {
                    let of = self.asked.iter().find(|(_, asked)| *asked == track).unwrap();
                    self.new_groups.push((of.0.clone(), *value));
                }
                Effect::CancelUpstream { track, .. } => self.asked.retain(|_, of| of != track),
                Effect::ResetLanes { lanes, .. } => {
                    for lane in lanes {
                        let end = Some(Err(ResetCode::Cancelled));
                        self.streams.get_mut(lane).unwrap().end = end;
                    }
                }
                _ => {}
            }
            self.effects.push(effect);
        }
    }

    pub(super) fn established(&self) -> Option<SubscriptionKey> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Established { request, subscription, .. } if *request == self.request() => {
                Some(*subscription)
            }
            _ => None,
        })
    }

    pub(super) fn asked(&self) -> Vec<&str> {
        self.asked.keys().map(String::as_str).collect()
    }

    pub(super) fn open(&mut self, track: &str, group: GroupId, subgroup: SubgroupId) -> Stream {
        let track = self.asked[track];
        let begun = (self.now, self.publisher);
        Stream::open(&mut self.tracks, begun, track, (group, subgroup))
    }

    pub(super) fn write(&mut self, stream: &mut Stream, id: u64) {
        stream.write(&mut self.tracks, self.now, id, &[0; 1_000]);
    }

    /// A group with its first object, whose stream goes on.
    pub(super) fn begin(&mut self, track: &str, group: GroupId) -> Stream {
        let mut stream = self.open(track, group, 0);
        self.write(&mut stream, 0);
        stream
    }

    pub(super) fn finish(&mut self, stream: &Stream) {
        self.tracks.end_subgroup(self.now, stream.key, SubgroupEnd::Finished);
    }

    /// The subscriber's transport takes `window` bytes.
    pub(super) fn flush(&mut self, mut window: usize) {
        self.tracks.take_due();
        let mut egress = Egress::begin(&mut self.tracks, self.subscriber, self.now);
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, header, .. } => {
                    let header = SubgroupHeader::decode(&mut &header[..]).unwrap().unwrap();
                    let (group, subgroup) = (header.group, header.subgroup.unwrap());
                    let alias = header.track_alias;
                    let stream = Received { group, subgroup, alias, bytes: 0, end: None };
                    self.streams.insert(lane, stream);
                }
                Due::More { lane, slices, .. } => {
                    let taken = slices.iter().map(Bytes::len).sum::<usize>().min(window);
                    window -= taken;
                    self.streams.get_mut(&lane).unwrap().bytes += taken;
                    egress.wrote(taken);
                }
                Due::Finish { lane, .. } => self.streams.get_mut(&lane).unwrap().end = Some(Ok(())),
                Due::Reset { lane, code } => {
                    self.streams.get_mut(&lane).unwrap().end = Some(Err(code));
                }
                Due::Datagram { .. } => egress.sent(),
                Due::Reorder { .. } => {}
            }
        }
        drop(egress);
        self.settle();
    }

    /// Groups and subgroups of the streams that were opened, with their ends.
    pub(super) fn seen(&self) -> Vec<(GroupId, SubgroupId, End)> {
        self.streams.values().map(|of| (of.group, of.subgroup, of.end)).collect()
    }
}
