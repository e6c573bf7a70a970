//! What a subscriber of a switching track gets of a publisher's renditions.

#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one effect among all")]

use std::collections::BTreeSet;

use mosaik_proto::moqt::{DoneCode, Location, RequestCode, ResetCode, TrackProperties};

use super::world::{End, HIGH, LOW, MID, World, name, start};
use super::*;
use crate::effect::Effect;
use crate::layering::Level;
use crate::{Change, FetchTerms, JoinStart, RequestKey};

const ALL: usize = usize::MAX;
const CUT: End = Some(Err(ResetCode::Cancelled));
const WHOLE: End = Some(Ok(()));

#[test]
fn a_switching_track_is_served_out_of_the_rendition_that_is_granted() {
    let (mut world, _) = World::watching(&[LOW, MID, HIGH], 1);
    assert_eq!(world.asked(), [MID]);
    let mut stream = world.begin(MID, 10);
    world.flush(ALL);
    world.write(&mut stream, 1);
    world.finish(&stream);
    world.begin(MID, 20);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, WHOLE), (20, 0, None)]);
    assert!(world.streams.values().all(|stream| stream.alias == 0), "the alias of SUBSCRIBE_OK");
}

#[test]
fn a_better_rendition_takes_over_with_a_later_group_and_the_old_group_ends() {
    let (mut world, key) = World::watching(&[LOW, MID], 0);
    let mut low = world.begin(LOW, 10);
    world.flush(ALL);
    world.grant(key, Some((1, 2)));
    assert_eq!(world.asked(), [LOW, MID], "the old one goes on until the new one can begin");
    // Not above what was begun.
    let early = world.begin(MID, 10);
    world.finish(&early);
    world.write(&mut low, 1);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, None)]);
    world.begin(MID, 11);
    world.flush(ALL);
    // Once the first picture is out, nothing more of the old group is needed.
    world.write(&mut low, 2);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, CUT), (11, 0, None)]);
    assert_eq!(world.asked(), [MID]);
    assert_eq!((world.tracks.counts().switches_up, world.tracks.counts().switches_down), (1, 0));
}

#[test]
fn a_group_that_has_ended_is_delivered_whole_when_a_better_one_takes_over() {
    let (mut world, key) = World::watching(&[LOW, MID], 0);
    let mut low = world.begin(LOW, 10);
    world.write(&mut low, 1);
    world.write(&mut low, 2);
    world.finish(&low);
    world.flush(500);
    world.grant(key, Some((1, 2)));
    world.begin(MID, 11);
    world.flush(ALL);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, WHOLE), (11, 0, None)]);
    assert_eq!(world.asked(), [MID]);
}

#[test]
fn what_is_too_dear_is_reset_at_once_when_a_cheaper_one_takes_over() {
    let (mut world, key) = World::watching(&[LOW, HIGH], 3);
    let mut high = world.begin(HIGH, 10);
    for id in 1..20 {
        world.write(&mut high, id);
    }
    world.finish(&high);
    world.flush(5_000);
    world.grant(key, Some((0, 2)));
    world.begin(LOW, 11);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, CUT), (11, 0, None)]);
    assert_eq!(world.tracks.counts().switches_down, 1);
    world.flush(ALL);
    assert_eq!(world.asked(), [LOW]);
}

#[test]
fn a_cheap_base_layer_goes_on_until_the_cheaper_one_takes_over_and_is_then_reset_too() {
    let (mut world, key) = World::watching(&[LOW, HIGH], 3);
    let mut before = world.begin(HIGH, 10);
    for id in 1..13 {
        world.now += Duration::from_millis(100);
        world.write(&mut before, id);
        world.flush(ALL);
    }
    world.finish(&before);
    let mut high = world.begin(HIGH, 11);
    for id in 1..4 {
        world.write(&mut high, id);
    }
    world.finish(&high);
    world.flush(1_500);
    world.grant(key, Some((0, 2)));
    assert_eq!(world.seen(), [(10, 0, WHOLE), (11, 0, None)]);
    world.begin(LOW, 12);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, WHOLE), (11, 0, CUT), (12, 0, None)]);
}

#[test]
fn layers_are_dropped_as_a_whole_and_come_back_with_the_next_group() {
    let (mut world, key) = World::watching(&[MID], 1);
    world.properties = TrackProperties::default();
    let mut layers = [0, 1, 2].map(|subgroup| world.open(MID, 10, subgroup));
    for (id, layer) in (0..).zip([0, 2, 1, 2]) {
        world.write(&mut layers[layer], id);
    }
    world.flush(ALL);
    world.grant(key, Some((1, 1)));
    assert_eq!(world.seen(), [(10, 0, None), (10, 1, None), (10, 2, CUT)]);
    world.grant(key, Some((1, 0)));
    assert_eq!(world.seen(), [(10, 0, None), (10, 1, CUT), (10, 2, CUT)]);
    world.grant(key, Some((1, 2)));
    for (id, layer) in (4..).zip([0, 2, 1, 2]) {
        world.write(&mut layers[layer], id);
    }
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, None), (10, 1, CUT), (10, 2, CUT)]);
    let bytes: Vec<usize> = world.streams.values().map(|stream| stream.bytes / 1_000).collect();
    assert_eq!(bytes, [2, 1, 2]);

    world.grant(key, Some((1, 1)));
    let mut next = [0, 1, 2].map(|subgroup| world.open(MID, 20, subgroup));
    for (id, layer) in (0..).zip([0, 2, 1, 2]) {
        world.write(&mut next[layer], id);
    }
    world.flush(ALL);
    assert_eq!(world.seen()[3..], [(20, 0, None), (20, 1, None)]);
}

#[test]
fn while_a_cheaper_one_is_awaited_the_dearer_one_costs_no_more() {
    let (mut world, key) = World::watching(&[LOW, MID], 1);
    let mut layers = [0, 1].map(|subgroup| world.open(MID, 10, subgroup));
    world.write(&mut layers[0], 0);
    world.now += Duration::from_secs(1);
    world.write(&mut layers[1], 1);
    world.flush(ALL);
    world.grant(key, Some((0, 2)));
    assert_eq!(world.seen(), [(10, 0, None), (10, 1, CUT)]);
    world.write(&mut layers[0], 2);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, None), (10, 1, CUT)]);
    // And none if that is too much.
    let dear = Level { rendition: 0, temporal: 2, bitrate: 1_000 };
    world.tracks.grant(world.now, key, Some(dear));
    world.settle();
    assert_eq!(world.seen(), [(10, 0, CUT), (10, 1, CUT)]);
    world.begin(MID, 20);
    world.flush(ALL);
    assert_eq!(world.seen().len(), 2);
    world.begin(LOW, 21);
    world.flush(ALL);
    assert_eq!(world.seen()[2..], [(21, 0, None)]);
}

#[test]
fn a_base_layer_that_is_a_little_dearer_is_no_reason_for_a_freeze() {
    let (mut world, key) = World::watching(&[LOW, MID], 1);
    let mut base = world.open(MID, 10, 0);
    for id in 0..22 {
        world.write(&mut base, id);
        world.flush(ALL);
        world.now += Duration::from_millis(100);
    }
    let wishes = world.tracks.wishes(world.now, world.subscriber);
    let whole = wishes[0].levels.iter().find(|level| level.rendition == 1).unwrap().bitrate;
    for (percent, end) in [(70, None), (60, CUT)] {
        let bitrate = whole * percent / 100;
        let level = Level { rendition: 0, temporal: 2, bitrate };
        world.tracks.grant(world.now, key, Some(level));
        world.settle();
        assert_eq!(world.seen(), [(10, 0, end)], "{percent} %");
    }
}

#[test]
fn half_of_a_better_rendition_goes_on_before_its_layers_are_measured() {
    let (mut world, key) = World::watching(&[MID, HIGH], 1);
    let mut layers = [0, 1, 2].map(|subgroup| world.open(MID, 10, subgroup));
    // The base layer has half of the bytes: half of the pictures then cost more than `cam/upper`.
    for id in 0..24 {
        world.write(&mut layers[[0, 2, 1, 0][id % 4]], id.try_into().unwrap());
        world.now += Duration::from_millis(100);
    }
    world.flush(ALL);
    world.grant(key, Some((3, 1)));
    world.begin(HIGH, 20);
    world.flush(ALL);
    let wishes = world.tracks.wishes(world.now, world.subscriber);
    let is_half = |level: &&Level| (level.rendition, level.temporal) == (3, 1);
    assert!(wishes[0].levels.iter().any(|level| is_half(&level)), "{:?}", wishes[0].levels);
}

#[test]
fn going_down_a_key_frame_is_asked_for_at_once_and_going_up_later() {
    let (mut world, key) = World::watching(&[LOW, MID, HIGH], 1);
    world.properties = world.properties.clone().with_dynamic_groups();
    world.begin(MID, 10);
    world.flush(ALL);
    world.grant(key, Some((0, 2)));
    assert_eq!(world.new_groups, [(LOW.to_owned(), 11)]);
    world.grant(key, Some((3, 2)));
    assert_eq!(world.new_groups.len(), 1);
    assert_eq!(world.asked(), [HIGH, MID], "one target at a time");
    world.now += Duration::from_millis(1_100);
    world.grant(key, Some((3, 2)));
    assert_eq!(world.new_groups[1..], [(HIGH.to_owned(), 11)]);
    world.grant(key, Some((3, 2)));
    assert_eq!(world.new_groups.len(), 2, "asked for twice");
}

#[test]
fn a_rendition_that_is_not_there_is_left_out_and_asked_for_later() {
    let (mut world, key) = World::watching(&[LOW, MID], 0);
    world.begin(LOW, 10);
    world.flush(ALL);
    let renditions = |world: &World| {
        let wishes = world.tracks.wishes(world.now, world.subscriber);
        let levels = wishes.iter().flat_map(|wish| &wish.levels);
        levels.map(|level| level.rendition).collect::<BTreeSet<u8>>()
    };
    assert_eq!(renditions(&world), BTreeSet::from([0, 1, 2, 3]));
    world.grant(key, Some((3, 2)));
    assert_eq!(renditions(&world), BTreeSet::from([0, 1, 2]));
    world.now += Duration::from_secs(10);
    assert_eq!(renditions(&world), BTreeSet::from([0, 1, 2, 3]));
    assert_eq!(world.asked(), [LOW], "the one that is sent goes on");
}

#[test]
fn a_rendition_that_its_publisher_ends_is_followed_by_another_at_once() {
    let (mut world, key) = World::watching(&[LOW, MID], 1);
    world.begin(MID, 10);
    world.flush(ALL);
    let (now, publisher, mid) = (world.now, world.publisher, world.asked[MID]);
    world.tracks.take_undecided();
    world.tracks.upstream_done(now, publisher, mid, DoneCode::TrackEnded);
    world.asked.remove(MID);
    assert_eq!(world.tracks.take_undecided(), [world.subscriber]);
    let wishes = world.tracks.wishes(now, world.subscriber);
    assert!(wishes[0].levels.iter().all(|level| level.rendition != 1), "{wishes:?}");
    world.grant(key, Some((0, 2)));
    world.begin(LOW, 11);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, CUT), (11, 0, None)]);
    world.grant(key, Some((3, 2)));
    world.grant(key, Some((0, 2)));
    assert!(world.tracks.has_wishes(world.subscriber));
}

#[test]
fn without_any_rendition_there_is_no_track() {
    let mut world = World::new(&[]);
    world.subscribe();
    for _ in 0..4 {
        let wishes = world.tracks.wishes(world.now, world.subscriber);
        let level = wishes.first().and_then(|wish| wish.levels.last());
        world.grant_all(level.map(|level| (level.rendition, 2)));
    }
    let refused = world.effects.iter().find_map(|effect| match effect {
        Effect::Refused { request, refused } if *request == world.request() => Some(refused.code),
        _ => None,
    });
    assert_eq!(refused, Some(RequestCode::DoesNotExist));
    assert_eq!(world.tracks.subscription_count(), 0);
    world.tracks.close_session(world.now, world.subscriber);
    world.tracks.close_session(world.now, world.publisher);
    world.tracks.take_due();
    assert!(world.tracks.is_empty());
}

#[test]
fn a_publisher_with_a_track_of_this_name_has_it_served_as_any() {
    let mut world = World::new(&["cam", LOW]);
    world.subscribe();
    assert!(world.established().is_some());
    assert!(!world.tracks.has_wishes(world.subscriber));
    assert_eq!(world.asked(), ["cam"]);
    world.begin("cam", 10);
    world.flush(ALL);
    assert_eq!(world.seen(), [(10, 0, None)]);
}

#[test]
fn nothing_is_asked_of_the_publisher_while_nothing_is_granted() {
    let (mut world, key) = World::watching(&[LOW], 0);
    world.begin(LOW, 10);
    world.flush(ALL);
    world.grant(key, None);
    assert_eq!(world.seen(), [(10, 0, CUT)]);
    assert!(world.asked().is_empty());
    world.grant(key, Some((0, 2)));
    world.begin(LOW, 9);
    world.flush(ALL);
    assert_eq!(world.seen().len(), 1, "an older group");
    world.begin(LOW, 12);
    world.flush(ALL);
    assert_eq!(world.seen()[1..], [(12, 0, None)]);
}

#[test]
fn the_height_and_the_forward_state_can_be_changed() {
    let (mut world, key) = World::watching(&[LOW, MID, HIGH], 3);
    let best = |world: &World| {
        let wishes = world.tracks.wishes(world.now, world.subscriber);
        wishes.first().and_then(|wish| wish.levels.last().map(|level| level.rendition))
    };
    let update = |world: &mut World, change: Change| {
        world.tracks.update(world.now, key, &change).unwrap();
        world.settle();
        assert_eq!(world.tracks.take_undecided(), [world.subscriber]);
    };
    world.tracks.take_undecided();
    assert_eq!(best(&world), Some(3));
    for (height, rendition) in
        [(300, Some(1)), (90, Some(0)), (0, None), (500, Some(2)), (720, Some(3))]
    {
        update(&mut world, Change { picture_height: Some(height), ..Change::default() });
        assert_eq!(best(&world), rendition, "{height}");
    }
    update(&mut world, Change { forward: Some(false), ..Change::default() });
    assert_eq!(best(&world), None);
    assert!(world.asked().is_empty());
    update(&mut world, Change { forward: Some(true), ..Change::default() });
    assert_eq!(best(&world), Some(3));
}

#[test]
fn a_switching_track_has_no_past() {
    let (mut world, _) = World::watching(&[LOW], 0);
    world.begin(LOW, 10);
    let terms = |id| FetchTerms {
        request: RequestKey { session: world.subscriber, id },
        priority: 128,
        order: mosaik_proto::moqt::GroupOrder::Ascending,
        fill_timeout: None,
    };
    let (alone, joining) = (terms(4), terms(6));
    let all = (Location::START, Location::new(10, 5));
    world.tracks.fetch(world.now, &alone, name("cam"), all);
    world.tracks.join(world.now, &joining, world.request(), JoinStart::Before(0));
    world.settle();
    for id in [4, 6] {
        let code = world.effects.iter().find_map(|effect| match effect {
            Effect::Refused { request, refused } if request.id == id => Some(refused.code),
            _ => None,
        });
        assert_eq!(code, Some(RequestCode::NotSupported), "{id}");
    }
}

#[test]
fn a_publisher_that_comes_back_is_asked_again_and_one_that_does_not_ends_the_track() {
    let (mut world, key) = World::watching(&[LOW], 0);
    world.begin(LOW, 10);
    world.flush(ALL);
    for returns in [true, false] {
        let now = world.now;
        world.tracks.close_session(now, world.publisher);
        world.asked.clear();
        world.flush(ALL);
        if returns {
            world.publisher = world.tracks.open_session();
            let request = RequestKey { session: world.publisher, id: 0 };
            world.tracks.announce(now, request, name("").namespace).unwrap();
            world.settle();
            assert_eq!(world.asked(), [LOW]);
            world.begin(LOW, 20);
            world.flush(ALL);
            assert_eq!(world.seen().last(), Some(&(20, 0, None)));
        }
    }
    for _ in 0..40 {
        world.now += Duration::from_millis(500);
        world.tracks.expire(world.now);
        world.grant(key, Some((0, 2)));
        world.flush(ALL);
    }
    let is_done = |effect: &Effect| match effect {
        Effect::Done { request, streams, .. } => *request == world.request() && *streams == 2,
        _ => false,
    };
    assert!(world.effects.iter().any(is_done), "{:?}", world.effects.last());
    assert_eq!(world.tracks.subscription_count(), 0);
}

#[test]
fn a_group_never_gets_a_layer_back() {
    let mut feed = Feed::of(SubscriptionKey(slotmap::DefaultKey::default()));
    assert!(feed.sends(1, 2) && feed.sends(1, 7));
    assert!(feed.limit(1));
    assert!(feed.sends(1, 0) && !feed.sends(1, 1));
    assert!(!feed.limit(2));
    assert!(!feed.sends(1, 1));
    assert!(feed.sends(2, 1) && !feed.sends(2, 2));
    feed.keep_from(2);
    assert_eq!(feed.begun.as_slice(), [(2, 2)]);
}

#[test]
fn a_rendition_that_is_not_there_is_asked_for_again_less_and_less_often() {
    let (mut now, mut switching) = (start(), Switching::new(ladder_of(&name("cam")).unwrap()));
    for seconds in [10, 20, 40, 60, 60] {
        switching.miss(now, 1);
        now += Duration::from_millis(seconds * 1_000 - 1);
        assert!(switching.is_absent(now, 1) && !switching.is_absent(now, 0));
        now += Duration::from_millis(1);
        assert!(!switching.is_absent(now, 1));
    }
    switching.found(1);
    switching.miss(now, 1);
    assert!(!switching.is_absent(now + Duration::from_secs(10), 1));
    assert!(switching.is_absent(now, 4), "there is none beyond the last");
}
