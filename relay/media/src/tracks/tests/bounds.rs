//! What a session may make the relay hold, and what becomes of who takes nothing.

use super::*;

impl World {
    /// A group of 16 kB, whole.
    fn group(&mut self, group: u64) {
        let mut stream = self.open(group, 0);
        for id in 0..4 {
            self.write(&mut stream, id, &[0x5A; 4_096]);
        }
        self.tracks.end_subgroup(self.now, stream.key, SubgroupEnd::Finished);
    }

    fn done(&self, session: SessionKey) -> Option<DoneCode> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Done { request, code, .. } if request.session == session => Some(*code),
            _ => None,
        })
    }
}

#[test]
fn who_takes_next_to_nothing_loses_the_subscription_and_who_takes_a_part_keeps_it() {
    let mut world = World::new();
    let windows = [0, 300, 8_000, ALL];
    let sessions = windows.map(|_| world.subscriber());
    let begun = world.now;
    for group in 1..=90 {
        world.now += Duration::from_millis(500);
        world.group(group);
        for (session, window) in sessions.into_iter().zip(windows) {
            world.flush_one(session, window);
        }
        world.tracks.expire(world.now);
        world.settle();
        let waited = world.now - begun;
        let ended = world.done(sessions[0]).is_some();
        assert!(!ended || waited > world.tracks.limits.behind_max, "ended after {waited:?}");
    }
    let done = sessions.map(|session| world.done(session));
    assert_eq!(done, [Some(DoneCode::TooFarBehind), Some(DoneCode::TooFarBehind), None, None]);
    assert_eq!(world.objects(sessions[3]).len(), 90);
}

#[test]
fn all_tracks_together_keep_no_more_than_they_may() {
    let mut world = World::new();
    world.tracks.limits.bytes_in_all = 40 << 10;
    world.subscriber();
    for group in 1..=2 {
        world.group(group);
    }
    let two = world.tracks.cached_bytes();
    assert!(two > 32 << 10 && two <= 40 << 10, "{two}");
    world.group(3);
    let newest = world.tracks.cached_bytes();
    assert!((16 << 10..32 << 10).contains(&newest), "{newest}");

    // A group that alone is more than all may be is cut.
    let mut stream = world.open(4, 0);
    for id in 0..9 {
        world.write(&mut stream, id, &[0; 4_096]);
    }
    let wire = stream.writer.write(9, &Properties::default(), &[0; 4_096]);
    let parts = stream.decoder.push(wire).unwrap();
    assert_eq!(world.tracks.append(world.now, stream.key, parts), Err(crate::Rejected::Overflow));

    // What is gone is not counted.
    world.tracks.close_session(world.now, world.publisher);
    world.now += world.tracks.limits.publisher_grace * 2;
    world.tracks.expire(world.now);
    world.flush(ALL);
    world.now += Duration::from_mins(1);
    world.tracks.expire(world.now);
    assert_eq!((world.tracks.track_count(), world.tracks.cached_bytes()), (0, 0));
}

#[test]
fn a_session_publishes_as_many_tracks_as_it_may() {
    let mut world = World::new();
    world.tracks.limits.tracks_per_session = 3;
    let publish = |world: &mut World, track: &str| {
        let name = FullTrackName::new(name().namespace, track.as_bytes().to_vec());
        let properties = TrackProperties::default();
        world.tracks.publish(world.now, world.publisher, name, properties, None)
    };
    for track in ["one", "two", "three"] {
        publish(&mut world, track).unwrap();
    }
    assert_eq!(publish(&mut world, "four"), Err(Refused::TOO_MANY_TRACKS));
    let room = world.tracks.open_session();
    for track in 0..100 {
        let name = FullTrackName::new(Namespace::of(&["room"]), format!("inbox/{track}"));
        let published =
            world.tracks.publish_local(world.now, room, name, TrackProperties::default());
        assert!(published.is_ok(), "a room has more people than a person has tracks");
    }
}

/// Publishes a track in `namespace` and writes groups of 4 kB to it; false if one is not taken.
fn fill(world: &mut World, namespace: &[&str], groups: u64) -> bool {
    let session = world.tracks.open_session();
    let name = FullTrackName::new(Namespace::of(namespace), "t");
    let properties = TrackProperties::default();
    let track = world.tracks.publish(world.now, session, name, properties, None).unwrap();
    world.track = Some(track);
    for group in 0..groups {
        let mut stream = world.open(group, 0);
        let wire = stream.writer.write(0, &Properties::default(), &[0x5A; 4_096]);
        let parts = stream.decoder.push(wire).unwrap();
        if world.tracks.append(world.now, stream.key, parts) == Err(crate::Rejected::Overflow) {
            return false;
        }
    }
    true
}

#[test]
fn one_room_cannot_take_the_memory_that_another_needs() {
    let mut world = World::new();
    world.tracks.limits.bytes_per_root = 20 << 10;
    for student in ["a", "b", "c", "d"] {
        assert!(fill(&mut world, &["loud", student], 1));
    }
    assert!(!fill(&mut world, &["loud", "e"], 1));
    // One piece goes beyond it, of the stream that is cut for it.
    let loud = world.tracks.cached_bytes();
    assert!(loud <= (20 << 10) + 4_096 + 256, "{loud}");
    assert!(fill(&mut world, &["quiet", "a"], 3));
}

#[test]
fn one_student_cannot_take_the_memory_that_the_others_need() {
    let mut world = World::new();
    world.tracks.limits.bytes_per_namespace = 10 << 10;
    // The newest group stays, and the one before it goes.
    assert!(fill(&mut world, &["room", "loud"], 20));
    assert!(world.tracks.cached_bytes() <= 10 << 10, "{}", world.tracks.cached_bytes());
    assert!(fill(&mut world, &["room", "quiet"], 2));
    let both = world.tracks.cached_bytes();
    assert!(both > 12 << 10, "the quiet one has two groups: {both}");
}

#[test]
fn an_object_that_is_larger_than_one_may_be_costs_its_stream() {
    let mut world = World::new();
    world.tracks.limits.bytes_per_object = 4_095;
    assert!(!fill(&mut world, &["room", "a"], 1));
    world.tracks.limits.bytes_per_object = 4_096;
    assert!(fill(&mut world, &["room", "b"], 1));
}

#[test]
fn tiny_pieces_cost_what_they_need_and_not_their_bytes_alone() {
    let mut world = World::new();
    world.tracks.limits.bytes_per_group = 1_000_000;
    world.subscriber();
    let mut stream = world.open(1, 0);
    let wire = stream.writer.write(0, &Properties::default(), &vec![0; 100_000]);
    let mut taken = 0;
    for byte in 0..wire.len() {
        let parts = stream.decoder.push(wire.slice(byte..=byte)).unwrap();
        if world.tracks.append(world.now, stream.key, parts).is_err() {
            break;
        }
        taken += 1;
    }
    // A piece is at least its place in the log and a buffer of its own.
    let place = size_of::<crate::group::Chunk>() + 2 * size_of::<usize>();
    assert!(taken * place < 1_000_000, "{taken} pieces of a byte are kept");
}
