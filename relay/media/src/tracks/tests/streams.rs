//! What comes out of streams is what went into them.

use proptest::prelude::*;

use super::*;

proptest! {
    /// Whatever the windows, cuts and joins: what a subscriber has of a group is a prefix of what
    /// was published in it from the subscriber's start on, byte for byte.
    #[test]
    fn what_a_subscriber_has_of_a_subgroup_is_what_was_published(
        steps in prop::collection::vec((0_u8..6, 1_usize..4_000), 1..150)
    ) {
        let mut world = World::new();
        let mut sessions = vec![world.subscriber()];
        let mut group = 1_000;
        let mut stream = world.open(group, 0);
        let mut published: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::from([(group, Vec::new())]);
        for (step, size) in steps {
            match step {
                0 | 1 => {
                    let objects = published.get_mut(&group).unwrap();
                    let payload = vec![u8::try_from(objects.len() % 251).unwrap(); size];
                    let id = u64::try_from(objects.len()).unwrap();
                    objects.push(payload.clone());
                    world.write(&mut stream, id, &payload);
                }
                2 => {
                    world.tracks.end_subgroup(world.now, stream.key, SubgroupEnd::Finished);
                    group += 1_000;
                    stream = world.open(group, 0);
                    published.insert(group, Vec::new());
                }
                3 if sessions.len() < 6 => {
                    let session = world.subscriber();
                    sessions.push(session);
                }
                4 => world.now += Duration::from_millis(300),
                _ => {
                    let due = world.tracks.take_due();
                    for session in due {
                        world.flush_one(session, size);
                    }
                    world.settle();
                    // What did not fit stays due for the next flush.
                    for session in sessions.clone() {
                        world.flush_one(session, size / 2);
                    }
                }
            }
        }
        for lanes in world.received.values() {
            for received in lanes.values() {
                let all = &published[&received.header.unwrap().group];
                for (id, payload) in &received.objects {
                    prop_assert_eq!(Some(payload), all.get(usize::try_from(*id).unwrap()));
                }
                if received.end == Some(Ok(())) {
                    let last = received.objects.last().map_or(0, |(id, _)| id + 1);
                    prop_assert_eq!(last, u64::try_from(all.len()).unwrap());
                }
            }
        }
    }
}
