//! Tracks that break the rules of tracks (section 2.4.2).

use super::*;
use crate::Rejected;

impl World {
    fn status(&mut self, stream: &mut Stream, id: u64, status: ObjectStatus) {
        let parts = stream.decoder.push(stream.writer.write_status(id, status)).unwrap();
        self.tracks.append(self.now, stream.key, parts).unwrap();
    }

    /// Whether an object ends the track for who subscribes to it.
    fn breaks(&mut self, mut stream: Stream, id: u64) -> bool {
        let wire = stream.writer.write(id, &Properties::default(), b"one too many");
        let parts = stream.decoder.push(wire).unwrap();
        let appended = self.tracks.append(self.now, stream.key, parts);
        self.flush(ALL);
        let is_told =
            |effect: &Effect| matches!(effect, Effect::Done { code: DoneCode::MalformedTrack, .. });
        let is_told = self.effects.iter().any(is_told);
        assert_eq!(appended == Err(Rejected::Malformed), is_told, "{appended:?}");
        let came = self.received.values().flat_map(BTreeMap::values);
        let is_there =
            |lane: &Received| lane.objects.iter().any(|(_, what)| what == b"one too many");
        assert!(!is_told || !came.into_iter().any(is_there), "it was forwarded");
        is_told
    }
}

#[test]
fn an_object_is_in_one_subgroup_only() {
    let mut world = World::new();
    world.subscriber();
    let mut base = world.open(10, 0);
    world.write(&mut base, 0, b"picture");
    let mut layer = world.open(10, 1);
    world.write(&mut layer, 1, b"picture");
    world.write(&mut base, 2, b"picture");
    let mut elsewhere = world.open(11, 1);
    world.write(&mut elsewhere, 2, b"picture");
    assert!(world.breaks(layer, 2), "2 came in both");
}

#[test]
fn nothing_comes_behind_the_end_of_a_group_in_any_subgroup() {
    for is_status in [true, false] {
        let mut world = World::new();
        world.subscriber();
        let track = world.track.unwrap();
        let start = SubgroupStart { end_of_group: !is_status, ..SubgroupStart::default() };
        let begun = (world.now, world.publisher);
        let mut layer = world.open(10, 1);
        let key = world.tracks.open_subgroup(begun, track, (10, 0), start).unwrap();
        let mut base = Stream { key, ..world.open(9, 0) };
        world.write(&mut base, 4, b"picture");
        world.write(&mut layer, 3, b"picture");
        if is_status {
            world.status(&mut base, 5, ObjectStatus::EndOfGroup);
        }
        world.tracks.end_subgroup(world.now, base.key, SubgroupEnd::Finished);
        assert!(world.breaks(layer, 5), "status: {is_status}");
    }
}

#[test]
fn nothing_comes_behind_the_end_of_a_track() {
    for group in [9, 11] {
        let mut world = World::new();
        world.subscriber();
        let other = world.open(group, 0);
        let mut last = world.open(10, 0);
        world.write(&mut last, 0, b"picture");
        world.status(&mut last, 1, ObjectStatus::EndOfTrack);
        assert_eq!(world.breaks(other, 0), group > 10, "group {group}");
    }
}

#[test]
fn a_subgroup_keeps_its_priority() {
    let mut world = World::new();
    world.subscriber();
    let mut first = world.open(10, 0);
    world.write(&mut first, 0, b"picture");
    let track = world.track.unwrap();
    let start = SubgroupStart { priority: Some(7), ..SubgroupStart::default() };
    let begun = (world.now, world.publisher);
    let second = world.tracks.open_subgroup(begun, track, (10, 0), start);
    assert_eq!(second, Err(Rejected::Malformed));
}

#[test]
fn an_object_has_no_properties_that_are_a_tracks_alone() {
    let mut world = World::new();
    world.subscriber();
    let stream = world.open(10, 0);
    let properties = Properties::default().with_integer(0x4000, 1);
    let head = SubgroupHeader { has_properties: true, ..SubgroupHeader::beginning(0, 10, 0) };
    let wire = ObjectWriter::new(true).write(0, &properties, b"picture");
    let parts = SubgroupDecoder::new(&head).push(wire).unwrap();
    assert_eq!(world.tracks.append(world.now, stream.key, parts), Err(Rejected::Malformed));
}
