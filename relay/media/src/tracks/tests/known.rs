//! What a group says again is left out for whoever has it.

use super::*;

/// A group that ends, and one that begins with an object of so many bytes that whoever has the first one knows.
fn follow(world: &mut World, before: &Stream, group: u64, bytes: usize) -> Stream {
    world.tracks.end_subgroup(world.now, before.key, SubgroupEnd::Finished);
    let start = SubgroupStart { first_object: true, known_below: 1, ..SubgroupStart::default() };
    let begun = (world.now, world.publisher);
    let track = world.track.expect("someone subscribed");
    let mut next = Stream::open_as(&mut world.tracks, begun, track, (group, 0), start);
    world.write(&mut next, 0, &vec![1; bytes]);
    next
}

#[test]
fn who_has_a_group_is_not_told_it_again() {
    let mut world = World::new();
    let early = world.subscriber();
    let mut first = world.open(10, 0);
    world.write(&mut first, 0, b"snapshot");
    world.flush(ALL);
    world.write(&mut first, 1, b"event");
    let mut second = follow(&mut world, &first, 11, 1_000);
    let late = world.subscriber();
    world.flush(ALL);
    assert_eq!(world.objects(early), BTreeMap::from([(10, vec![0, 1])]), "nothing is new");
    world.write(&mut second, 1, b"event");
    world.flush(ALL);
    let mut third = follow(&mut world, &second, 12, 1_000);
    world.write(&mut third, 1, b"event");
    world.flush(ALL);
    let known = BTreeMap::from([(10, vec![0, 1]), (11, vec![1]), (12, vec![1])]);
    assert_eq!(world.objects(early), known);
    assert_eq!(world.objects(late), BTreeMap::from([(11, vec![0, 1]), (12, vec![1])]));
    let is_first = |received: &Received| received.header.unwrap().first_object;
    let headers: Vec<bool> = world.received[&early].values().map(is_first).collect();
    assert_eq!(headers, [true, false, false]);
}

#[test]
fn who_is_far_behind_is_told_it_and_who_is_nearly_there_is_not() {
    for (left_out, snapshot) in [(true, 3_000), (false, 1_000)] {
        let mut world = World::new();
        let slow = world.subscriber();
        let mut first = world.open(10, 0);
        for id in 0..3 {
            world.write(&mut first, id, &[0; 1_000]);
        }
        // Two of them and the beginning of the third are not on their way.
        world.flush(500);
        let mut second = follow(&mut world, &first, 11, snapshot);
        world.write(&mut second, 1, b"event");
        world.flush(ALL);
        let next = if left_out { vec![1] } else { vec![0, 1] };
        assert_eq!(world.objects(slow), BTreeMap::from([(10, vec![0, 1, 2]), (11, next)]));
    }
}

#[test]
fn it_is_told_where_a_group_is_missing_or_was_cut() {
    let mut world = World::new();
    let (gap, cut) = (world.subscriber(), world.subscriber());
    let mut first = world.open(10, 0);
    world.write(&mut first, 0, b"snapshot");
    world.flush(ALL);
    let mut later = follow(&mut world, &first, 12, 1_000);
    world.write(&mut later, 1, b"event");
    world.flush(ALL);
    assert_eq!(world.objects(gap), BTreeMap::from([(10, vec![0]), (12, vec![0, 1])]));
    let mut next = follow(&mut world, &later, 13, 1_000);
    world.write(&mut next, 1, b"event");
    let mut egress = Egress::begin(&mut world.tracks, cut, world.now);
    while let Some(due) = egress.next() {
        match due {
            Due::More { .. } => egress.stopped(),
            Due::Finish { lane, .. } => {
                world.received.get_mut(&cut).unwrap().get_mut(&lane).unwrap().end = Some(Ok(()));
            }
            _ => {}
        }
    }
    drop(egress);
    let mut last = follow(&mut world, &next, 14, 1_000);
    world.write(&mut last, 1, b"event");
    world.flush(ALL);
    assert_eq!(world.objects(cut)[&14], [0, 1], "it stopped the one before");
    assert_eq!((&world.objects(gap)[&13], &world.objects(gap)[&14]), (&vec![1], &vec![1]));
}
