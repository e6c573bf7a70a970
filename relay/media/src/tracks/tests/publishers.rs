//! Streams that break off and go on: with their publisher, or with another one of the same track.

use super::*;
use crate::Rejected;

impl World {
    /// One more publisher of `cam`, which serves it too.
    fn second_publisher(&mut self) -> SessionKey {
        let session = self.tracks.open_session();
        let request = RequestKey { session, id: 0 };
        self.tracks.announce(self.now, request, name().namespace).unwrap();
        self.settle();
        session
    }

    fn try_open(&mut self, publisher: SessionKey, offset: u64) -> Result<Stream, Rejected> {
        let track = self.track.expect("someone subscribed");
        let start = SubgroupStart { first_object: true, offset, ..SubgroupStart::default() };
        let begun = (self.now, publisher);
        let key = self.tracks.open_subgroup(begun, track, (10, 0), start)?;
        let writer = ObjectWriter::new(false);
        Ok(Stream { key, writer, decoder: SubgroupDecoder::new(&header()) })
    }

    /// The objects that a session has in the order in which they came, and how its streams ended.
    fn came(&self, session: SessionKey) -> (Vec<u64>, Vec<Option<Result<(), ResetCode>>>) {
        let lanes = self.received.get(&session).into_iter().flat_map(BTreeMap::values);
        let objects = lanes.clone().flat_map(|lane| lane.objects.iter().map(|(id, _)| *id));
        (objects.collect(), lanes.map(|lane| lane.end).collect())
    }

    fn end(&mut self, stream: &Stream, end: SubgroupEnd) {
        self.tracks.end_subgroup(self.now, stream.key, end);
    }
}

const fn header() -> SubgroupHeader {
    SubgroupHeader::beginning(0, 10, 0)
}

const BROKEN_OFF: SubgroupEnd = SubgroupEnd::Reset(ResetCode::Cancelled);

#[test]
fn a_group_that_its_publisher_breaks_off_and_goes_on_with_arrives_once() {
    let mut world = World::new();
    let session = world.subscriber();
    let mut first = world.open(10, 0);
    for id in 0..3 {
        world.write(&mut first, id, b"before");
    }
    world.flush(ALL);
    world.end(&first, BROKEN_OFF);
    let mut second = world.open(10, 0);
    for id in 3..6 {
        world.write(&mut second, id, b"behind");
    }
    world.end(&second, SubgroupEnd::Finished);
    world.flush(ALL);
    let ends = vec![Some(Err(ResetCode::Cancelled)), Some(Ok(()))];
    assert_eq!(world.came(session), ((0..6).collect(), ends));
    let again = world.try_open(world.publisher, 0).err();
    assert_eq!(again, Some(Rejected::Duplicate), "what is whole begins again");
}

#[test]
fn a_publisher_that_is_lost_leaves_no_stream_open_though_another_one_stays() {
    let mut world = World::new();
    let session = world.subscriber();
    world.second_publisher();
    let mut stream = world.open(10, 0);
    world.write(&mut stream, 0, b"picture");
    world.flush(ALL);
    world.tracks.close_session(world.now, world.publisher);
    world.flush(ALL);
    assert_eq!(world.came(session), (vec![0], vec![Some(Err(ResetCode::SessionClosed))]));
}

#[test]
fn another_publisher_goes_on_where_a_lost_one_broke_off() {
    let mut world = World::new();
    let session = world.subscriber();
    let other = world.second_publisher();
    let mut lost = world.open(10, 0);
    for id in 0..3 {
        world.write(&mut lost, id, &[1; 100]);
    }
    // Half an object, which nobody will have whole on this stream.
    let wire = lost.writer.write(3, &Properties::default(), &[1; 100]);
    let parts = lost.decoder.push(wire.slice(..50)).unwrap();
    world.tracks.append(world.now, lost.key, parts).unwrap();
    world.flush(ALL);
    assert_eq!(world.try_open(other, 0).err(), Some(Rejected::Spare));
    world.tracks.close_session(world.now, world.publisher);
    let mut spare = world.try_open(other, 0).expect("nobody else brings it");
    for id in 0..6 {
        world.write(&mut spare, id, &[1; 100]);
    }
    world.end(&spare, SubgroupEnd::Finished);
    let late = world.subscriber();
    world.flush(ALL);
    let ends = vec![Some(Err(ResetCode::SessionClosed)), Some(Ok(()))];
    assert_eq!(world.came(session), ((0..6).collect(), ends));
    assert_eq!(world.came(late), ((0..6).collect(), vec![Some(Ok(()))]));
}

#[test]
fn who_takes_over_in_the_middle_of_a_stream_begins_with_a_whole_object() {
    let mut world = World::new();
    let session = world.subscriber();
    let other = world.second_publisher();
    let mut lost = world.open(10, 0);
    world.write(&mut lost, 0, b"picture");
    world.flush(ALL);
    // The other one's stream is read beside it, until it is needed.
    let mut decoder = SubgroupDecoder::new(&header());
    let mut writer = ObjectWriter::new(false);
    let mut push = |id: u64| {
        let wire = writer.write(id, &Properties::default(), b"picture");
        decoder.push(wire).unwrap()
    };
    push(0);
    push(1);
    world.tracks.close_session(world.now, world.publisher);
    let parts = push(2);
    let spare = world.try_open(other, parts.objects[0].start).expect("it is needed");
    world.tracks.append(world.now, spare.key, parts).unwrap();
    world.tracks.append(world.now, spare.key, push(3)).unwrap();
    world.end(&spare, SubgroupEnd::Finished);
    world.flush(ALL);
    assert_eq!(world.came(session).0, [0, 2, 3]);
}

#[test]
fn a_publisher_that_begins_anew_has_given_up_its_stream_before() {
    let mut world = World::new();
    let session = world.subscriber();
    let mut first = world.open(10, 0);
    world.write(&mut first, 0, b"picture");
    world.flush(ALL);
    let mut second = world.open(10, 0);
    world.write(&mut second, 1, b"picture");
    world.flush(ALL);
    let parts = first.decoder.push(first.writer.write(1, &Properties::default(), b"late")).unwrap();
    let late = world.tracks.append(world.now, first.key, parts);
    assert_eq!(late, Err(Rejected::Gone), "one stream goes on behind its end");
    world.flush(ALL);
    assert_eq!(world.came(session), (vec![0, 1], vec![Some(Err(ResetCode::Cancelled)), None]));
}

#[test]
fn a_subgroup_that_a_subscriber_stopped_does_not_come_on_another_stream() {
    let mut world = World::new();
    let session = world.subscriber();
    let mut first = world.open(10, 0);
    world.write(&mut first, 0, b"picture");
    world.flush(ALL);
    world.write(&mut first, 1, b"picture");
    world.tracks.take_due();
    let mut egress = Egress::begin(&mut world.tracks, session, world.now);
    assert!(matches!(egress.next(), Some(Due::More { .. })));
    egress.stopped();
    drop(egress);
    world.end(&first, BROKEN_OFF);
    let mut second = world.open(10, 0);
    world.write(&mut second, 2, b"picture");
    world.flush(ALL);
    assert_eq!(world.came(session), (vec![0], vec![None]));
}

#[test]
fn streams_that_were_broken_off_are_not_kept_without_end() {
    let mut world = World::new();
    let session = world.subscriber();
    for id in 0..100 {
        let mut stream = world.open(10, 0);
        world.write(&mut stream, id, &[0; 1_000]);
        world.flush(ALL);
        world.end(&stream, BROKEN_OFF);
    }
    assert_eq!(world.came(session).0, (0..100).collect::<Vec<_>>());
    assert!(world.tracks.cached_bytes() < 5_000, "{} bytes", world.tracks.cached_bytes());
    let lanes = world.tracks.subscriptions.values().map(|state| state.lanes.len()).max();
    assert!(lanes < Some(9), "{lanes:?} streams are remembered");
}
