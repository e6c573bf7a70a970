//! Who goes first when a transport cannot take everything (section 7.2).

use super::*;

/// One subscriber of `cam`, whose transport takes what each flush is given.
struct Line {
    world: World,
    session: SessionKey,
}

impl Line {
    fn new(order: Option<GroupOrder>) -> Self {
        let mut world = World::new();
        let session = world.tracks.open_session();
        let request = RequestKey { session, id: 0 };
        let wish = SubscribeRequest { order, ..SubscribeRequest::new(request, name()) };
        world.tracks.subscribe(world.now, &wish);
        world.settle();
        Self { world, session }
    }

    /// The groups and subgroups of the streams that are opened in one flush, the first first.
    fn opened(&mut self) -> Vec<(u64, u64)> {
        let mut egress = Egress::begin(&mut self.world.tracks, self.session, self.world.now);
        let mut opened = Vec::new();
        while let Some(due) = egress.next() {
            match due {
                Due::Open { header, .. } => {
                    let header = SubgroupHeader::decode(&mut &header[..]).unwrap().unwrap();
                    opened.push((header.group, header.subgroup.unwrap()));
                }
                Due::More { slices, .. } => egress.wrote(slices.iter().map(Bytes::len).sum()),
                _ => {}
            }
        }
        opened
    }

    fn object(&mut self, group: u64, subgroup: u64) {
        let mut stream = self.world.open(group, subgroup);
        self.world.write(&mut stream, subgroup, b"picture");
    }
}

#[test]
fn groups_go_by_their_ids_even_if_they_come_in_another_order() {
    for (order, wanted) in [
        (GroupOrder::Ascending, [(10, 0), (11, 0), (12, 0)]),
        (GroupOrder::Descending, [(12, 0), (11, 0), (10, 0)]),
    ] {
        let mut line = Line::new(Some(order));
        for group in [12, 10, 11] {
            line.object(group, 0);
        }
        assert_eq!(line.opened(), wanted, "{order:?}");
    }
}

#[test]
fn subgroups_go_by_their_ids_however_large_these_are() {
    let mut line = Line::new(None);
    for subgroup in [900, 17, 400, 16] {
        line.object(10, subgroup);
    }
    assert_eq!(line.opened(), [(10, 16), (10, 17), (10, 400), (10, 900)]);
}

#[test]
fn a_track_never_gets_too_old_for_its_order() {
    let mut line = Line::new(None);
    line.object(0, 0);
    line.opened();
    for pair in 0..3_000 {
        let (first, second) = (2 * pair + 1, 2 * pair + 2);
        line.object(first, 0);
        line.object(second, 0);
        assert_eq!(line.opened(), [(first, 0), (second, 0)]);
    }
}

#[test]
fn a_stream_that_is_open_moves_when_a_newer_group_begins() {
    let mut line = Line::new(Some(GroupOrder::Descending));
    line.object(10, 0);
    line.opened();
    line.object(11, 0);
    let mut egress = Egress::begin(&mut line.world.tracks, line.session, line.world.now);
    let mut orders = Vec::new();
    while let Some(due) = egress.next() {
        match due {
            Due::Open { order, .. } | Due::Reorder { order, .. } => orders.push(order),
            Due::More { slices, .. } => egress.wrote(slices.iter().map(Bytes::len).sum()),
            _ => {}
        }
    }
    let [old, new] = orders[..] else { panic!("one stream moves and one is opened") };
    assert!(new > old, "the older group is as urgent as the newest");
}

/// Bytes that each of two tracks with the same priorities gets of a line that takes 1,000 bytes a
/// flush, where both publish more. The first one is far older.
fn shares() -> [usize; 2] {
    let mut world = World::new();
    let session = world.subscriber();
    let cam = world.track.expect("someone subscribed");
    for group in 0..100 {
        let stream = world.open(group, 0);
        world.tracks.end_subgroup(world.now, stream.key, SubgroupEnd::Finished);
    }
    let other = FullTrackName::new(name().namespace, "other");
    let properties = TrackProperties::default();
    let other = world.tracks.publish(world.now, world.publisher, other, properties, None).unwrap();
    let ask = FullTrackName::new(name().namespace, "other");
    let ask = SubscribeRequest::new(RequestKey { session, id: 90 }, ask);
    world.tracks.subscribe(world.now, &ask);
    while world.tracks.poll_effect().is_some() {}
    let mut streams = [cam, other].map(|track| {
        world.track = Some(track);
        world.open(1_000, 0)
    });
    let mut shares = [0; 2];
    let mut lanes: Vec<(LaneId, usize)> = Vec::new();
    for id in 0..100 {
        for stream in &mut streams {
            world.write(stream, id, &[0; 1_000]);
        }
        let mut budget = 1_000;
        let mut egress = Egress::begin(&mut world.tracks, session, world.now);
        while let Some(due) = egress.next() {
            match due {
                Due::Open { lane, header, .. } => {
                    let header = SubgroupHeader::decode(&mut &header[..]).unwrap().unwrap();
                    lanes.push((lane, usize::from(header.track_alias > 0)));
                }
                Due::More { lane, slices, .. } => {
                    let all: usize = slices.iter().map(Bytes::len).sum();
                    let taken = all.min(budget);
                    budget -= taken;
                    let (_, track) = lanes.iter().find(|(other, _)| *other == lane).unwrap();
                    shares[*track] += taken;
                    egress.wrote(taken);
                }
                _ => {}
            }
        }
    }
    shares
}

#[test]
fn of_two_cameras_with_the_same_priorities_none_waits_for_the_other() {
    let [first, second] = shares();
    assert!(first.min(second) * 4 > first + second, "{first} and {second} bytes");
}
