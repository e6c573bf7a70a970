//! Objects in datagrams: who gets them, once.

use mosaik_proto::moqt::Datagram;

use super::*;

impl World {
    fn datagram(&mut self, group: u64, object: u64) {
        let datagram = Datagram {
            track_alias: 0,
            location: Location::new(group, object),
            priority: None,
            end_of_group: false,
            properties: Bytes::new(),
            status: ObjectStatus::Normal,
            payload: Bytes::from_static(b"voice"),
        };
        let track = self.track.expect("someone subscribed");
        self.tracks.datagram(self.now, track, &datagram);
    }

    fn taken(&mut self, session: SessionKey) -> Vec<Location> {
        let mut egress = Egress::begin(&mut self.tracks, session, self.now);
        let mut locations = Vec::new();
        while let Some(due) = egress.next() {
            if let Due::Datagram { bytes, .. } = due {
                egress.sent();
                locations.push(Datagram::decode(bytes).unwrap().unwrap().location);
            }
        }
        locations
    }
}

#[test]
fn what_is_sent_twice_by_one_publisher_or_by_two_arrives_once() {
    let mut world = World::new();
    let session = world.subscriber();
    for object in [0, 1, 0, 2, 1, 2] {
        world.datagram(10, object);
    }
    let wanted = [0, 1, 2].map(|object| Location::new(10, object));
    assert_eq!(world.taken(session), wanted);
    for object in [2, 3] {
        world.datagram(10, object);
    }
    assert_eq!(world.taken(session), [Location::new(10, 3)]);
}

#[test]
fn what_is_older_than_all_that_is_remembered_does_not_arrive_again() {
    let mut world = World::new();
    let session = world.subscriber();
    for object in 0..1_000 {
        world.datagram(10, object);
        assert_eq!(world.taken(session).len(), 1);
    }
    for object in 0..1_000 {
        world.datagram(10, object);
    }
    assert_eq!(world.taken(session), []);
}

#[test]
fn who_pauses_or_narrows_the_filter_gets_nothing_that_waited() {
    let mut world = World::new();
    let session = world.tracks.open_session();
    let key = world.subscribe(session, None).unwrap();
    world.datagram(10, 0);
    world.datagram(11, 0);
    let later = Change { filter: Some(Filter::From(Location::new(11, 0))), ..Change::default() };
    world.tracks.update(world.now, key, &later).unwrap();
    assert_eq!(world.taken(session), [Location::new(11, 0)]);
    world.datagram(11, 1);
    let paused = Change { forward: Some(false), ..Change::default() };
    world.tracks.update(world.now, key, &paused).unwrap();
    assert_eq!(world.taken(session), []);
}

#[test]
fn an_object_does_not_come_both_in_a_datagram_and_on_a_stream() {
    for is_datagram_first in [true, false] {
        let mut world = World::new();
        world.subscriber();
        let mut stream = world.open(10, 0);
        if is_datagram_first {
            world.datagram(10, 0);
            let wire = stream.writer.write(0, &Properties::default(), b"voice");
            let parts = stream.decoder.push(wire).unwrap();
            let appended = world.tracks.append(world.now, stream.key, parts);
            assert_eq!(appended, Err(crate::Rejected::Malformed));
        } else {
            world.write(&mut stream, 0, b"voice");
            world.datagram(10, 0);
        }
        world.settle();
        let is_done =
            |effect: &Effect| matches!(effect, Effect::Done { code: DoneCode::MalformedTrack, .. });
        assert!(world.effects.iter().any(is_done), "datagram first: {is_datagram_first}");
    }
}

#[test]
fn speech_is_missed_when_its_publisher_is_silent_and_not_when_nobody_listens() {
    let mut world = World::new();
    let speech = |world: &World| world.tracks.speech(world.now, &name());
    assert_eq!(speech(&world), Speech::NotWanted);
    let session = world.tracks.open_session();
    let key = world.subscribe(session, None).unwrap();
    assert_eq!(speech(&world), Speech::Missing, "nothing came yet");
    for object in 0..50 {
        world.now += Duration::from_millis(20);
        world.datagram(10, object);
    }
    assert_eq!(speech(&world), Speech::Arrives);
    world.now += Duration::from_secs(1);
    assert_eq!(speech(&world), Speech::Arrives, "a pause of the line");
    world.now += Duration::from_secs(2);
    assert_eq!(speech(&world), Speech::Missing);
    world.tracks.cancel(key);
    assert_eq!(speech(&world), Speech::NotWanted);
}
