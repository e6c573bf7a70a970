//! A relay, a publisher and a fetching subscriber, with time and the transport as values.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one effect among all")]

use std::collections::BTreeMap;

use mosaik_proto::moqt::{
    FetchDecoder, FetchHead, FetchPart, Gap, Namespace, ObjectWriter, Parts, Properties,
    RequestCode, SubgroupDecoder, SubgroupHeader, decode_fetch_header,
};

use super::*;
use crate::effect::Effect;
use crate::egress::{Due, Egress};
use crate::subscription::SubscribeRequest;
use crate::tracks::{SubgroupStart, Tracks};
use crate::{Limits, Rejected, SubgroupEnd, SubgroupKey};

/// Objects of a track by group and ID, with their payloads.
pub(super) type Objects = BTreeMap<(u64, u64), Vec<u8>>;

/// What a fetch's stream brought, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Object((u64, u64), Vec<u8>),
    Gap(Gap, (u64, u64)),
}

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Not,
    Whole,
    Reset(ResetCode),
}

pub(super) fn name() -> FullTrackName {
    FullTrackName::new(Namespace::of(&["room", "teacher"]), "cam")
}

#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

/// A relay, a publisher of one track and a subscriber that also fetches.
pub(super) struct World {
    pub(super) tracks: Tracks,
    pub(super) now: Instant,
    pub(super) publisher: SessionKey,
    pub(super) subscriber: SessionKey,
    pub(super) track: TrackKey,
    effects: Vec<Effect>,
    wire: BTreeMap<LaneId, Vec<u8>>,
    ended: BTreeMap<LaneId, Ended>,
}

impl World {
    pub(super) fn new(limits: Limits) -> Self {
        let mut tracks = Tracks::new(limits);
        let (publisher, subscriber) = (tracks.open_session(), tracks.open_session());
        let now = start();
        let announcement = RequestKey { session: publisher, id: 0 };
        tracks.announce(now, announcement, name().namespace).unwrap();
        let request = RequestKey { session: subscriber, id: 0 };
        tracks.subscribe(now, &SubscribeRequest::new(request, name()));
        let track = match tracks.poll_effect() {
            Some(Effect::SubscribeUpstream { track, .. }) => track,
            other => panic!("SUBSCRIBE goes upstream: {other:?}"),
        };
        tracks.upstream_answered(now, publisher, track, Ok((TrackProperties::default(), None)));
        let (wire, ended) = (BTreeMap::new(), BTreeMap::new());
        let mut world =
            Self { tracks, now, publisher, subscriber, track, effects: Vec::new(), wire, ended };
        world.settle();
        world
    }

    pub(super) fn settle(&mut self) {
        while let Some(effect) = self.tracks.poll_effect() {
            if let Effect::ResetLanes { lanes, .. } = &effect {
                self.ended
                    .extend(lanes.iter().map(|lane| (*lane, Ended::Reset(ResetCode::Cancelled))));
            }
            self.effects.push(effect);
        }
    }

    /// The publisher sends objects of one subgroup, whose group may end with them.
    pub(super) fn publish(
        &mut self,
        group: u64,
        subgroup: u64,
        objects: &[(u64, &[u8])],
        is_end: bool,
    ) {
        let start = SubgroupStart { end_of_group: is_end, ..SubgroupStart::default() };
        let Ok(key) = self.open(group, subgroup, start) else {
            return;
        };
        self.append(key, objects);
        self.tracks.end_subgroup(self.now, key, SubgroupEnd::Finished);
    }

    pub(super) fn open(
        &mut self,
        group: u64,
        subgroup: u64,
        start: SubgroupStart,
    ) -> Result<SubgroupKey, Rejected> {
        let begun = (self.now, self.publisher);
        self.tracks.open_subgroup(begun, self.track, (group, subgroup), start)
    }

    /// The first objects of a subgroup come.
    pub(super) fn append(&mut self, key: SubgroupKey, objects: &[(u64, &[u8])]) {
        let mut writer = ObjectWriter::new(false);
        let wire: Vec<u8> = objects
            .iter()
            .flat_map(|(id, payload)| writer.write(*id, &Properties::default(), payload))
            .collect();
        self.append_wire(key, &wire);
    }

    /// The first bytes of a subgroup come.
    pub(super) fn append_wire(&mut self, key: SubgroupKey, wire: &[u8]) {
        let parts = parts_of(wire);
        self.tracks.append(self.now, key, parts).unwrap();
    }

    pub(super) fn fetch(&mut self, id: u64, span: &Span) {
        self.fetch_within(id, span, None);
    }

    pub(super) fn fetch_within(&mut self, id: u64, span: &Span, fill_timeout: Option<Duration>) {
        let request = RequestKey { session: self.subscriber, id };
        let terms = FetchTerms { request, priority: 128, order: span.order, fill_timeout };
        self.tracks.fetch(self.now, &terms, name(), (span.start, span.last));
        self.settle();
    }

    /// One flush of the subscriber's session, whose transport takes `bytes` of each write.
    pub(super) fn flush(&mut self, bytes: usize) {
        self.tracks.take_due();
        let mut egress = Egress::begin(&mut self.tracks, self.subscriber, self.now);
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, header, .. } => {
                    self.wire.insert(lane, header.to_vec());
                }
                Due::More { lane, slices, .. } => {
                    let all = slices.concat();
                    let taken = all.get(..bytes).unwrap_or(&all);
                    self.wire.get_mut(&lane).unwrap().extend_from_slice(taken);
                    egress.wrote(taken.len());
                }
                Due::Finish { lane, .. } => {
                    self.ended.insert(lane, Ended::Whole);
                }
                Due::Reset { lane, code } => {
                    self.ended.insert(lane, Ended::Reset(code));
                }
                Due::Datagram { .. } => egress.sent(),
                Due::Reorder { .. } => {}
            }
        }
        drop(egress);
        self.settle();
    }

    /// The stream of a fetch, and how it ended.
    pub(super) fn stream(&self, id: u64, order: GroupOrder) -> (Vec<Told>, Ended) {
        for (lane, wire) in &self.wire {
            let mut rest = &wire[..];
            if decode_fetch_header(&mut rest) == Ok(Some(id)) {
                return (told(order, rest), self.ended.get(lane).copied().unwrap_or(Ended::Not));
            }
        }
        (Vec::new(), Ended::Not)
    }

    /// The effects of one kind since the last call.
    pub(super) fn take<T>(&mut self, pick: impl Fn(&Effect) -> Option<T>) -> Vec<T> {
        let picked = self.effects.iter().filter_map(&pick).collect();
        self.effects.retain(|effect| pick(effect).is_none());
        picked
    }

    pub(super) fn fills(&mut self) -> Vec<(FillKey, Span)> {
        self.take(|effect| match effect {
            Effect::Fill { fill, start, last, order, .. } => {
                Some((*fill, Span { start: *start, last: *last, order: *order }))
            }
            _ => None,
        })
    }

    pub(super) fn answers(&mut self) -> Vec<Location> {
        self.take(|effect| match effect {
            Effect::FetchOk { last, .. } => Some(*last),
            _ => None,
        })
    }

    pub(super) fn refusals(&mut self) -> Vec<RequestCode> {
        self.take(|effect| match effect {
            Effect::Refused { refused, .. } => Some(refused.code),
            _ => None,
        })
    }

    /// The publisher answers a FETCH of the relay from all that there is.
    pub(super) fn fill(&mut self, key: FillKey, span: &Span, all: &Objects) {
        let answer = FillAnswer {
            last: span.last,
            is_end_of_track: false,
            properties: TrackProperties::default(),
        };
        self.tracks.fill_answered(key, Ok(answer));
        for ((group, object), payload) in in_order(all, span) {
            let parts = object_parts(Location::new(group, object), &payload);
            self.tracks.filled(self.now, key, parts);
        }
        self.tracks.fill_ended(key, Ok(()));
        self.settle();
    }
}

/// Of subgroups whose objects have no properties.
pub(super) const fn header() -> SubgroupHeader {
    SubgroupHeader {
        track_alias: 0,
        group: 0,
        subgroup: Some(0),
        priority: None,
        has_properties: false,
        end_of_group: false,
        first_object: false,
    }
}

fn parts_of(wire: &[u8]) -> Parts {
    SubgroupDecoder::new(&header()).push(Bytes::copy_from_slice(wire)).unwrap()
}

pub(super) fn object_parts(location: Location, payload: &[u8]) -> [FetchPart; 2] {
    let head = FetchHead {
        location,
        subgroup: Some(0),
        priority: 128,
        properties: Bytes::new(),
        payload_len: u64::try_from(payload.len()).unwrap(),
    };
    [FetchPart::Head(head), FetchPart::Payload(Bytes::copy_from_slice(payload))]
}

fn told(order: GroupOrder, wire: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    for part in FetchDecoder::new(order).push(Bytes::copy_from_slice(wire)).unwrap() {
        match part {
            FetchPart::Head(head) => {
                told.push(Told::Object((head.location.group, head.location.object), Vec::new()));
            }
            FetchPart::Payload(bytes) => match told.last_mut() {
                Some(Told::Object(_, payload)) => payload.extend_from_slice(&bytes),
                other => panic!("a payload behind {other:?}"),
            },
            FetchPart::Gap(gap, last) => told.push(Told::Gap(gap, (last.group, last.object))),
        }
    }
    told
}

/// The objects of a span in its order.
pub(super) fn in_order(all: &Objects, span: &Span) -> Vec<((u64, u64), Vec<u8>)> {
    let is_in = |at: &(u64, u64)| (span.start..=span.last).contains(&Location::new(at.0, at.1));
    let mut objects: Vec<_> =
        all.iter().filter(|(at, _)| is_in(at)).map(|(at, bytes)| (*at, bytes.clone())).collect();
    if span.order == GroupOrder::Descending {
        objects.sort_by_key(|((group, object), _)| (u64::MAX - group, *object));
    }
    objects
}

pub(super) fn span(start: (u64, u64), last: (u64, u64), order: GroupOrder) -> Span {
    let location = |(group, object)| Location::new(group, object);
    Span { start: location(start), last: location(last), order }
}
