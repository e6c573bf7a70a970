//! The relay's core with time, peers and transports as values.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one effect among all")]

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use mosaik_proto::moqt::{
    DoneCode, Filter, GroupOrder, Location, ObjectStatus, ObjectWriter, Properties, ResetCode,
    SubgroupDecoder, SubgroupHeader, SubgroupId, TrackProperties,
};
use mosaik_proto::token::Grants;

mod asking;
mod bounds;
mod datagrams;
mod known;
mod malformed;
mod order;
mod publishers;
mod streams;

use super::*;
use crate::published::Stream;
use crate::{AnnounceRefusal, Change, Due, Egress, LaneId, SubgroupEnd};

#[expect(clippy::disallowed_methods, reason = "a test has to begin somewhere")]
fn start() -> Instant {
    Instant::now()
}

/// What a subscriber received on one stream.
#[derive(Debug, Default, Clone, PartialEq)]
struct Received {
    header: Option<SubgroupHeader>,
    objects: Vec<(u64, Vec<u8>)>,
    end: Option<Result<(), ResetCode>>,
    wire: Vec<u8>,
}

impl Received {
    /// Decodes all objects that are whole.
    fn decode(&mut self) {
        let Some(header) = self.header else { return };
        let mut decoder = SubgroupDecoder::new(&header);
        let parts = decoder.push(Bytes::from(self.wire.clone())).expect("what we send is valid");
        let payload = |from: u64, to: u64| {
            self.wire[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()].to_vec()
        };
        let len = u64::try_from(self.wire.len()).unwrap();
        let whole = parts.objects.iter().filter(|mark| mark.end <= len);
        self.objects = whole.map(|mark| (mark.id, payload(mark.payload_at, mark.end))).collect();
    }
}

/// A relay with one publisher of track `cam` and any number of subscribers.
struct World {
    tracks: Tracks,
    now: Instant,
    publisher: SessionKey,
    track: Option<TrackKey>,
    effects: Vec<Effect>,
    received: BTreeMap<SessionKey, BTreeMap<LaneId, Received>>,
    next_request: u64,
}

fn name() -> FullTrackName {
    FullTrackName::new(Namespace::of(&["room", "teacher"]), "cam")
}

impl World {
    fn new() -> Self {
        let mut tracks = Tracks::new(Limits::default());
        let publisher = tracks.open_session();
        let now = start();
        let request = RequestKey { session: publisher, id: 0 };
        tracks.announce(now, request, name().namespace).unwrap();
        Self {
            tracks,
            now,
            publisher,
            track: None,
            effects: Vec::new(),
            received: BTreeMap::new(),
            next_request: 0,
        }
    }

    /// Answers what the relay asks of publishers, as a willing one does.
    fn settle(&mut self) {
        while let Some(effect) = self.tracks.poll_effect() {
            if let Effect::SubscribeUpstream { session, track, .. } = effect {
                self.track = Some(track);
                let properties = TrackProperties::default().with_object_delivery_timeout_ms(1_000);
                let answer = Ok((properties, None));
                self.tracks.upstream_answered(self.now, session, track, answer);
            }
            self.effects.push(effect);
        }
    }

    fn subscribe(
        &mut self,
        session: SessionKey,
        filter: Option<Filter>,
    ) -> Option<SubscriptionKey> {
        self.next_request += 2;
        let request = RequestKey { session, id: self.next_request };
        let wish = SubscribeRequest { filter, ..SubscribeRequest::new(request, name()) };
        self.tracks.subscribe(self.now, &wish);
        self.settle();
        self.effects.iter().find_map(|effect| match effect {
            Effect::Established { request: answered, subscription, .. } if *answered == request => {
                Some(*subscription)
            }
            _ => None,
        })
    }

    fn subscriber(&mut self) -> SessionKey {
        let session = self.tracks.open_session();
        self.subscribe(session, None).expect("a willing publisher is there");
        session
    }

    fn open(&mut self, group: u64, subgroup: SubgroupId) -> Stream {
        let track = self.track.expect("someone subscribed");
        let begun = (self.now, self.publisher);
        Stream::open(&mut self.tracks, begun, track, (group, subgroup))
    }

    fn write(&mut self, stream: &mut Stream, id: u64, payload: &[u8]) {
        stream.write(&mut self.tracks, self.now, id, payload);
    }

    /// Flushes everyone who is due; each session's transport takes at most `window` bytes.
    fn flush(&mut self, window: usize) {
        for session in self.tracks.take_due() {
            self.flush_one(session, window);
        }
        self.settle();
    }

    fn flush_one(&mut self, session: SessionKey, mut window: usize) {
        let lanes = self.received.entry(session).or_default();
        let mut egress = Egress::begin(&mut self.tracks, session, self.now);
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, header, .. } => {
                    let mut rest = &header[..];
                    let header = SubgroupHeader::decode(&mut rest).unwrap();
                    let wire = rest.to_vec();
                    lanes.insert(lane, Received { header, wire, ..Received::default() });
                }
                Due::More { lane, slices, .. } => {
                    let all = slices.concat();
                    let taken = all.len().min(window);
                    window -= taken;
                    lanes.get_mut(&lane).unwrap().wire.extend_from_slice(&all[..taken]);
                    egress.wrote(taken);
                }
                Due::Finish { lane, .. } => lanes.get_mut(&lane).unwrap().end = Some(Ok(())),
                Due::Reset { lane, code } => lanes.get_mut(&lane).unwrap().end = Some(Err(code)),
                Due::Datagram { .. } => egress.sent(),
                Due::Reorder { .. } => {}
            }
        }
        drop(egress);
        lanes.values_mut().for_each(Received::decode);
    }

    /// IDs of the objects that a session has, by group.
    fn objects(&self, session: SessionKey) -> BTreeMap<u64, Vec<u64>> {
        let mut groups: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for received in self.received.get(&session).into_iter().flat_map(BTreeMap::values) {
            let group = received.header.unwrap().group;
            groups.entry(group).or_default().extend(received.objects.iter().map(|(id, _)| *id));
        }
        groups
    }
}

const ALL: usize = usize::MAX;

#[test]
fn a_late_joiner_starts_at_the_newest_groups_first_object() {
    let mut world = World::new();
    let early = world.subscriber();
    for group in [10, 20] {
        let mut stream = world.open(group, 0);
        for id in 0..3 {
            world.write(&mut stream, id, b"picture");
        }
    }
    let late = world.subscriber();
    world.flush(ALL);
    assert_eq!(world.objects(early), BTreeMap::from([(10, vec![0, 1, 2]), (20, vec![0, 1, 2])]));
    assert_eq!(world.objects(late), BTreeMap::from([(20, vec![0, 1, 2])]));
}

#[test]
fn filters_begin_where_they_say() {
    for (filter, wanted) in [
        (Filter::LargestObject, BTreeMap::from([(10, vec![3]), (20, vec![0])])),
        (Filter::NextGroupStart, BTreeMap::from([(20, vec![0])])),
        (Filter::From(Location::new(10, 2)), BTreeMap::from([(10, vec![2, 3]), (20, vec![0])])),
        (Filter::Range(Location::START, 10), BTreeMap::from([(10, vec![0, 1, 2, 3])])),
    ] {
        let mut world = World::new();
        world.subscriber();
        let mut stream = world.open(10, 0);
        for id in 0..3 {
            world.write(&mut stream, id, b"picture");
        }
        let session = world.tracks.open_session();
        world.subscribe(session, Some(filter)).unwrap();
        world.write(&mut stream, 3, b"picture");
        let mut next = world.open(20, 0);
        world.write(&mut next, 0, b"picture");
        world.flush(ALL);
        assert_eq!(world.objects(session), wanted, "{filter:?}");
    }
}

#[test]
fn an_object_is_forwarded_while_it_is_still_arriving() {
    let mut world = World::new();
    let session = world.subscriber();
    let stream = world.open(10, 0);
    let wire = ObjectWriter::new(false).write(0, &Properties::default(), &[7; 1_000]);
    let mut decoder = stream.decoder;
    for half in [wire.slice(..400), wire.slice(400..)] {
        let parts = decoder.push(half.clone()).unwrap();
        world.tracks.append(world.now, stream.key, parts).unwrap();
        world.flush(ALL);
        let bytes = world.received[&session].values().map(|lane| lane.wire.len()).sum::<usize>();
        assert!(bytes == 400 || bytes == wire.len(), "{bytes} bytes were forwarded");
    }
    assert_eq!(world.objects(session), BTreeMap::from([(10, vec![0])]));
}

#[test]
fn a_subscription_that_becomes_urgent_overtakes_on_the_streams_that_are_open() {
    let mut world = World::new();
    let session = world.tracks.open_session();
    let key = world.subscribe(session, None).unwrap();
    let mut stream = world.open(10, 0);
    world.write(&mut stream, 0, &[0; 100]);
    let order_of = |world: &mut World| {
        let mut egress = Egress::begin(&mut world.tracks, session, world.now);
        let mut orders = Vec::new();
        while let Some(due) = egress.next() {
            match due {
                Due::Open { order, .. } | Due::Reorder { order, .. } => orders.push(order),
                Due::More { slices, .. } => egress.wrote(slices.iter().map(Bytes::len).sum()),
                _ => {}
            }
        }
        orders
    };
    let [before] = order_of(&mut world)[..] else { panic!("one stream is opened") };
    let urgent = Change { priority: Some(3), ..Change::default() };
    world.tracks.update(world.now, key, &urgent).unwrap();
    let [after] = order_of(&mut world)[..] else { panic!("one stream moves") };
    assert!(after > before);
    world.write(&mut stream, 1, &[0; 100]);
    assert!(order_of(&mut world).is_empty(), "told twice");
}

#[test]
fn one_upstream_subscription_serves_all_and_ends_with_the_last() {
    let mut world = World::new();
    let sessions: Vec<SessionKey> = (0..5).map(|_| world.subscriber()).collect();
    let is_ask = |effect: &&Effect| matches!(effect, Effect::SubscribeUpstream { .. });
    assert_eq!(world.effects.iter().filter(is_ask).count(), 1);
    let cancelled = |world: &World| {
        world.effects.iter().any(|effect| matches!(effect, Effect::CancelUpstream { .. }))
    };
    for session in sessions {
        assert!(!cancelled(&world), "cancelled while someone was subscribed");
        world.tracks.close_session(world.now, session);
        world.settle();
    }
    assert!(cancelled(&world));
    assert_eq!((world.tracks.track_count(), world.tracks.subscription_count()), (0, 0));
}

#[test]
fn a_reader_that_fell_behind_skips_to_the_newest_group_and_the_others_notice_nothing() {
    let mut world = World::new();
    let (slow, fast) = (world.subscriber(), world.subscriber());
    let mut first = world.open(10, 0);
    for id in 0..10 {
        world.write(&mut first, id, &[0; 1_000]);
    }
    let due = world.tracks.take_due();
    assert_eq!(due.len(), 2);
    world.flush_one(slow, 1_500);
    world.flush_one(fast, ALL);
    world.now += Duration::from_secs(2);
    let mut second = world.open(20, 0);
    world.write(&mut second, 0, b"key frame");
    world.flush(ALL);
    let ends: Vec<_> = world.received[&slow].values().map(|lane| lane.end).collect();
    assert_eq!(ends, [Some(Err(ResetCode::DeliveryTimeout)), None]);
    assert_eq!(world.objects(slow), BTreeMap::from([(10, vec![0]), (20, vec![0])]));
    let all: Vec<u64> = (0..10).collect();
    assert_eq!(world.objects(fast), BTreeMap::from([(10, all), (20, vec![0])]));
}

#[test]
fn subscriptions_outlive_a_lost_publisher_who_comes_back() {
    let mut world = World::new();
    let session = world.subscriber();
    let mut stream = world.open(10, 0);
    world.write(&mut stream, 0, b"before");
    world.flush(ALL);
    world.tracks.close_session(world.now, world.publisher);
    world.now += Duration::from_secs(10);
    world.tracks.expire(world.now);
    world.flush(ALL);
    assert_eq!(
        world.received[&session].values().map(|lane| lane.end).collect::<Vec<_>>(),
        [Some(Err(ResetCode::SessionClosed))]
    );
    let publisher = world.tracks.open_session();
    let request = RequestKey { session: publisher, id: 0 };
    world.tracks.announce(world.now, request, name().namespace).unwrap();
    world.settle();
    let mut stream = world.open(11, 0);
    world.write(&mut stream, 0, b"after");
    world.flush(ALL);
    assert_eq!(world.objects(session), BTreeMap::from([(10, vec![0]), (11, vec![0])]));
}

#[test]
fn subscriptions_end_when_a_lost_publisher_stays_away() {
    let mut world = World::new();
    world.subscriber();
    world.tracks.close_session(world.now, world.publisher);
    while let Some(until) = world.tracks.deadline() {
        assert!(until > world.now, "a wait that is over is waited for");
        world.now = until;
        world.tracks.expire(world.now);
        world.flush(ALL);
    }
    let done = |effect: &Effect| matches!(effect, Effect::Done { code: DoneCode::TrackEnded, .. });
    assert!(world.effects.iter().any(done));
    assert_eq!((world.tracks.track_count(), world.tracks.subscription_count()), (0, 0));
}

#[test]
fn a_track_that_ended_leaves_nothing_to_its_successor() {
    let mut world = World::new();
    let local = world.tracks.open_session();
    let state = FullTrackName::new(Namespace::of(&["room"]), "state");
    let publish = |world: &mut World| {
        let name = state.clone();
        let properties = TrackProperties::default();
        world.tracks.publish_local(world.now, local, name, properties).unwrap()
    };
    let before = publish(&mut world);
    world.track = Some(before);
    let mut stream = world.open(10, 0);
    world.write(&mut stream, 0, b"secret");
    let session = world.tracks.open_session();
    let ask = SubscribeRequest::new(RequestKey { session, id: 0 }, state.clone());
    world.tracks.subscribe(world.now, &ask);
    world.tracks.end_local(world.now, local, before);
    let after = publish(&mut world);
    assert_ne!(before, after);
    assert_eq!(world.tracks.status(&state).unwrap().0, None);
    world.flush(ALL);
    world.now = world.tracks.deadline().expect("late objects are waited for");
    world.tracks.expire(world.now);
    world.settle();
    assert_eq!(world.tracks.track_count(), 1, "the old track is still there");
}

#[test]
fn waiting_for_a_publisher_ends_with_the_rendezvous() {
    let mut tracks = Tracks::new(Limits::default());
    let session = tracks.open_session();
    let now = start();
    let ask = |id, rendezvous| SubscribeRequest {
        rendezvous,
        ..SubscribeRequest::new(RequestKey { session, id }, name())
    };
    tracks.subscribe(now, &ask(0, Duration::ZERO));
    let code = |effect| match effect {
        Some(Effect::Refused { refused, .. }) => Some(refused.code),
        _ => None,
    };
    assert_eq!(code(tracks.poll_effect()), Some(RequestCode::DoesNotExist));
    tracks.subscribe(now, &ask(2, Duration::from_secs(5)));
    assert_eq!(tracks.poll_effect(), None);
    assert_eq!(tracks.deadline(), Some(now + Duration::from_secs(5)));
    tracks.expire(now + Duration::from_secs(5));
    assert_eq!(code(tracks.poll_effect()), Some(RequestCode::Timeout));
    assert_eq!(tracks.track_count(), 0);
}

#[test]
fn listeners_learn_of_namespaces_that_come_and_go() {
    let mut world = World::new();
    let session = world.tracks.open_session();
    let request = RequestKey { session, id: 0 };
    let grants = Grants::for_visitor(&[vec!["room".to_owned()]]);
    let grant = |prefix: &[&str]| grants.may_subscribe_namespace(Namespace::of(prefix)).unwrap();
    world.tracks.listen(request, grant(&["room"])).unwrap();
    let overlap = RequestKey { session, id: 2 };
    let refused = world.tracks.listen(overlap, grant(&["room", "x"]));
    assert_eq!(refused, Err(AnnounceRefusal::Overlap));
    world.tracks.close_session(world.now, world.publisher);
    world.settle();
    let suffix = Namespace::of(&["teacher"]);
    let told: Vec<(Namespace, bool)> = world
        .effects
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Namespace { suffix, present, .. } => Some((suffix, present)),
            _ => None,
        })
        .collect();
    assert_eq!(told, [(suffix.clone(), true), (suffix, false)]);
}
