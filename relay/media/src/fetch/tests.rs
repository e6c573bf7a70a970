//! Fetches: what they tell, what they cost, and how they end.

use mosaik_proto::moqt::{FetchPart, Gap, ObjectWriter, Properties, RequestCode, SubgroupDecoder};
use proptest::prelude::*;

use super::world::{Ended, Objects, Told, World, header, in_order, object_parts, span};
use super::*;
use crate::effect::{Effect, Refused};
use crate::egress::{Due, Egress};
use crate::tracks::SubgroupStart;
use crate::{Limits, SubgroupEnd};

/// What a fetch of a span told is true: nothing that exists was passed over or told not to.
fn check(span: &Span, told: &[Told], all: &Objects) -> Result<(), TestCaseError> {
    let key = |at: (u64, u64)| match span.order {
        GroupOrder::Ascending => at,
        GroupOrder::Descending => (u64::MAX - at.0, at.1),
    };
    let mut expected = in_order(all, span).into_iter().peekable();
    let mut before = None;
    for next in told {
        let at = match next {
            Told::Object(at, _) | Told::Gap(_, at) => *at,
        };
        prop_assert!(before < Some(key(at)), "{:?} is out of order", next);
        before = Some(key(at));
        match next {
            Told::Object(at, payload) => {
                prop_assert_eq!(expected.next(), Some((*at, payload.clone())));
            }
            Told::Gap(Gap::NonExistent, _) => {
                let passed = expected.peek().is_some_and(|(other, _)| key(*other) <= key(at));
                prop_assert!(!passed, "{:?} passes over {:?}", next, expected.peek());
            }
            Told::Gap(Gap::Unknown, _) => {
                while expected.next_if(|(other, _)| key(*other) <= key(at)).is_some() {}
            }
        }
    }
    prop_assert_eq!(expected.next(), None, "the end passes over an object");
    Ok(())
}

#[test]
fn a_fetch_takes_no_more_memory_than_its_bounds() {
    let mut world = World::new(Limits::default());
    let payload = vec![7_u8; 100 << 10];
    world.publish(1, 0, &(0..20).map(|id| (id, &payload[..])).collect::<Vec<_>>(), true);
    let span = span((1, 0), (1, 19), GroupOrder::Ascending);
    world.fetch(2, &span);
    for _ in 0..30 {
        world.flush(1000);
        let most = world.tracks.fetches.values().map(|fetch| fetch.out_bytes).max();
        assert!(most.is_some_and(|most| most <= (64 << 10) + (100 << 10) + 100), "{most:?}");
    }
}

#[test]
fn a_publisher_is_held_back_while_its_objects_are_not_taken() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(0, b"x")], true);
    let span = span((1, 0), (5, 0), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(0);
    let fills = world.fills();
    let [(key, asked)] = &fills[..] else { panic!("one FETCH: {fills:?}") };
    assert_eq!((asked.start, asked.last), (span.start, Location::new(4, u64::MAX)));
    let payload = vec![7_u8; 100 << 10];
    let mut taken = 0;
    while world.tracks.filled(world.now, *key, object_parts(Location::new(1, taken), &payload))
        == Filled::GoOn
    {
        taken += 1;
    }
    assert_eq!(taken, 2, "256 KiB are ready");
    let read_on = |effect: &Effect| matches!(effect, Effect::ReadOn { .. }).then_some(());
    world.flush(50 << 10);
    assert!(world.take(read_on).is_empty());
    world.flush(usize::MAX);
    assert_eq!(world.take(read_on).len(), 1, "there is room again");
}

#[test]
fn a_subscriber_that_takes_nothing_loses_its_fetch() {
    let mut world = World::new(Limits::default());
    world.publish(1, 0, &[(0, b"abcdef"), (1, b"ghi")], true);
    let span = span((1, 0), (1, 1), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(2);
    let deadline = world.tracks.deadline().expect("something is ready");
    assert_eq!(deadline, world.now + Limits::default().fetch_stall_max);
    world.now = deadline;
    world.tracks.expire(world.now);
    world.flush(0);
    assert_eq!(world.stream(2, span.order).1, Ended::Reset(ResetCode::TooFarBehind));
    assert!(world.tracks.fetches.is_empty() && world.tracks.deadline().is_none());
}

#[test]
fn a_publisher_that_gives_nothing_is_waited_for_no_longer_than_asked() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(0, b"x")], true);
    let span = span((4, 0), (5, 0), GroupOrder::Ascending);
    world.fetch_within(2, &span, Some(Duration::from_millis(300)));
    world.flush(usize::MAX);
    assert_eq!(world.fills().len(), 1);
    world.now += Duration::from_millis(300);
    assert_eq!(world.tracks.deadline(), Some(world.now));
    world.tracks.expire(world.now);
    world.flush(usize::MAX);
    let cancelled = world.take(|effect| matches!(effect, Effect::CancelFill { .. }).then_some(()));
    assert_eq!(cancelled.len(), 1);
    let (told, end) = world.stream(2, span.order);
    let unknown = Told::Gap(Gap::Unknown, (4, u64::MAX));
    assert_eq!(told, [unknown, Told::Object((5, 0), b"x".to_vec())]);
    assert_eq!(end, Ended::Whole);
}

#[test]
fn a_fetch_that_does_not_wait_asks_nobody() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(1, b"x")], true);
    let span = span((5, 0), (5, 9), GroupOrder::Ascending);
    world.fetch_within(2, &span, Some(Duration::ZERO));
    world.flush(usize::MAX);
    assert!(world.fills().is_empty());
    let unknown = Told::Gap(Gap::Unknown, (5, 0));
    assert_eq!(world.stream(2, span.order).0, [unknown, Told::Object((5, 1), b"x".to_vec())]);
    assert_eq!(world.answers(), [Location::new(5, 1)]);
}

#[test]
fn an_object_that_a_publisher_leaves_half_breaks_the_fetch() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(0, b"x")], true);
    let span = span((4, 0), (5, 0), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(usize::MAX);
    let (key, _) = world.fills()[0];
    let [head, _] = object_parts(Location::new(4, 0), b"whole");
    let half = FetchPart::Payload(Bytes::from_static(b"wh"));
    assert_eq!(world.tracks.filled(world.now, key, [head, half]), Filled::GoOn);
    world.flush(usize::MAX);
    world.tracks.close_session(world.now, world.publisher);
    world.flush(usize::MAX);
    assert_eq!(world.stream(2, span.order).1, Ended::Reset(ResetCode::UnknownObjectStatus));
    assert!(world.tracks.fetches.is_empty());
}

#[test]
fn what_a_publisher_was_not_asked_for_is_not_passed_on() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(0, b"x")], true);
    let span = span((4, 0), (5, 0), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(usize::MAX);
    let (key, _) = world.fills()[0];
    let parts = object_parts(Location::new(5, 0), b"forged");
    assert_eq!(world.tracks.filled(world.now, key, parts), Filled::Stop);
    world.flush(usize::MAX);
    let unknown = Told::Gap(Gap::Unknown, (4, u64::MAX));
    let told = world.stream(2, span.order).0;
    assert_eq!(told, [unknown, Told::Object((5, 0), b"x".to_vec())]);
}

#[test]
fn a_track_that_nobody_wants_now_is_fetched_from_its_publisher() {
    let mut world = World::new(Limits::default());
    let request = RequestKey { session: world.subscriber, id: 0 };
    world.tracks.cancel_request(request);
    world.settle();
    let all: Objects = [((3, 0), b"a".to_vec()), ((3, 1), b"b".to_vec())].into();
    let asked = span((0, 0), (9, u64::MAX), GroupOrder::Ascending);
    world.fetch(2, &asked);
    world.flush(usize::MAX);
    assert!(world.answers().is_empty(), "only the publisher knows where the track ends");
    let (key, filled) = world.fills()[0];
    assert_eq!(filled, asked);
    world.fill(key, &Span { last: Location::new(3, 1), ..filled }, &all);
    world.flush(usize::MAX);
    assert_eq!(world.answers(), [Location::new(3, 1)]);
    let (told, end) = world.stream(2, asked.order);
    assert_eq!(told.len(), 2);
    assert_eq!(end, Ended::Whole);

    world.fetch(4, &asked);
    world.flush(usize::MAX);
    let (key, _) = world.fills()[0];
    let refused = Refused { code: RequestCode::InvalidRange, reason: "" };
    world.tracks.fill_answered(key, Err(refused));
    world.settle();
    assert_eq!(world.refusals(), [RequestCode::InvalidRange]);
    assert!(world.tracks.fetches.is_empty() && world.tracks.track_count() == 0);
}

#[test]
fn what_is_not_to_be_had_does_not_keep_from_asking_for_the_rest() {
    let mut world = World::new(Limits::default());
    world.publish(5, 0, &[(2, b"x")], true);
    let span = span((4, 0), (5, 2), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(usize::MAX);
    let (key, asked) = world.fills()[0];
    assert_eq!(asked.last, Location::new(4, u64::MAX));
    let refused = Refused { code: RequestCode::DoesNotExist, reason: "" };
    world.tracks.fill_answered(key, Err(refused));
    world.flush(usize::MAX);
    let (key, asked) = world.fills()[0];
    assert_eq!((asked.start, asked.last), (Location::new(5, 0), Location::new(5, 1)));
    let all: Objects = [((5, 1), b"w".to_vec())].into();
    world.fill(key, &asked, &all);
    world.flush(usize::MAX);
    let expected = [
        Told::Gap(Gap::Unknown, (4, u64::MAX)),
        Told::Object((5, 1), b"w".to_vec()),
        Told::Object((5, 2), b"x".to_vec()),
    ];
    assert_eq!(world.stream(2, span.order), (expected.to_vec(), Ended::Whole));
}

#[test]
fn an_object_that_others_overtook_is_waited_for() {
    let mut world = World::new(Limits::default());
    let begin = SubgroupStart::default();
    let base = world.open(5, 0, begin).unwrap();
    world.append(base, &[(0, b"a")]);
    world.publish(5, 1, &[(2, b"c")], false);
    let span = span((5, 0), (5, 2), GroupOrder::Ascending);
    for id in [2, 4] {
        world.fetch(id, &span);
    }
    world.flush(usize::MAX);
    let first = Told::Object((5, 0), b"a".to_vec());
    assert_eq!(world.stream(2, span.order), (vec![first.clone()], Ended::Not));
    assert!(world.fills().is_empty(), "its publisher is about to send it");
    world.now += Duration::from_millis(100);
    let mut writer = ObjectWriter::after(false, 0);
    let rest = writer.write(1, &Properties::default(), b"b");
    let mut decoder = SubgroupDecoder::new(&header());
    decoder.push(ObjectWriter::new(false).write(0, &Properties::default(), b"a")).unwrap();
    world.tracks.append(world.now, base, decoder.push(rest).unwrap()).unwrap();
    world.flush(usize::MAX);
    let all = [first, Told::Object((5, 1), b"b".to_vec()), Told::Object((5, 2), b"c".to_vec())];
    for id in [2, 4] {
        assert_eq!(world.stream(id, span.order), (all.to_vec(), Ended::Whole));
    }
}

#[test]
fn an_object_that_is_too_late_is_missing() {
    let mut world = World::new(Limits::default());
    let begin = SubgroupStart::default();
    let base = world.open(5, 0, begin).unwrap();
    world.append(base, &[(0, b"a")]);
    world.publish(5, 1, &[(2, b"c")], false);
    let span = span((5, 0), (5, 2), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(usize::MAX);
    let until = world.tracks.deadline().unwrap();
    assert!(until < world.now + Duration::from_secs(1));
    world.now = until;
    world.tracks.expire(world.now);
    world.flush(usize::MAX);
    let (_, asked) = world.fills()[0];
    assert_eq!((asked.start, asked.last), (Location::new(5, 1), Location::new(5, 1)));
}

#[test]
fn an_object_under_way_is_waited_for_and_broken_off_with_its_stream() {
    let mut world = World::new(Limits::default());
    let begin = SubgroupStart::default();
    let base = world.open(5, 0, begin).unwrap();
    world.append_wire(base, &[0, 1, b'a', 0, 4, b'h', b'a']);
    let span = span((5, 0), (5, 1), GroupOrder::Ascending);
    world.fetch_within(2, &span, Some(Duration::ZERO));
    world.flush(usize::MAX);
    let first = Told::Object((5, 0), b"a".to_vec());
    assert_eq!(world.stream(2, span.order), (vec![first.clone()], Ended::Not));
    world.tracks.end_subgroup(world.now, base, SubgroupEnd::Reset(ResetCode::Cancelled));
    world.flush(usize::MAX);
    let all = vec![first, Told::Gap(Gap::Unknown, (5, 1))];
    assert_eq!(world.stream(2, span.order), (all, Ended::Whole));
}

#[test]
fn objects_that_may_not_be_kept_so_long_are_not_served() {
    let mut world = World::new(Limits::default());
    let properties = TrackProperties::default().with_max_cache_duration_ms(1000);
    world.tracks.tracks.get_mut(world.track.0).expect("it is there").properties = properties;
    world.publish(5, 0, &[(0, b"old")], true);
    world.now += Duration::from_millis(1001);
    world.publish(6, 0, &[(0, b"new")], true);
    let span = span((5, 0), (6, 0), GroupOrder::Ascending);
    world.fetch_within(2, &span, Some(Duration::ZERO));
    world.flush(usize::MAX);
    let unknown = Told::Gap(Gap::Unknown, (5, 0));
    let told = vec![unknown, Told::Object((6, 0), b"new".to_vec())];
    assert_eq!(world.stream(2, span.order), (told, Ended::Whole));
}

#[test]
fn a_malformed_track_ends_its_fetches() {
    let mut world = World::new(Limits::default());
    let begin = SubgroupStart::default();
    let base = world.open(5, 0, begin).unwrap();
    // Object 0, and object 1 with status END_OF_GROUP.
    world.append_wire(base, &[0, 1, b'a', 0, 0, 3]);
    let span = span((5, 0), (5, 1), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(1);
    let mut decoder = SubgroupDecoder::new(&header());
    decoder.push(Bytes::from_static(&[0, 1, b'a', 0, 0, 3])).unwrap();
    let more = decoder.push(Bytes::from_static(&[0, 1, b'z', 0, 1, b'z'])).unwrap();
    world.tracks.append(world.now, base, more).unwrap_err();
    world.flush(usize::MAX);
    assert_eq!(world.stream(2, span.order).1, Ended::Reset(ResetCode::MalformedTrack));
}

#[test]
fn live_objects_go_before_a_fetch_of_the_same_priority() {
    let mut world = World::new(Limits::default());
    let payload = vec![7_u8; 90 << 10];
    world.publish(1, 0, &[(0, &payload[..])], true);
    world.flush(usize::MAX);
    let span = span((1, 0), (1, 0), GroupOrder::Ascending);
    world.fetch(2, &span);
    world.flush(1);
    world.publish(2, 0, &[(0, b"live")], true);
    let mut egress = Egress::begin(&mut world.tracks, world.subscriber, world.now);
    let mut order = Vec::new();
    while let Some(due) = egress.next() {
        match due {
            Due::More { slices, .. } => {
                let bytes = slices.iter().map(Bytes::len).sum();
                order.push(bytes);
                egress.wrote(bytes);
            }
            Due::Open { .. } | Due::Reorder { .. } | Due::Finish { .. } => {}
            other @ (Due::Reset { .. } | Due::Datagram { .. }) => panic!("nothing ends: {other:?}"),
        }
    }
    assert!(order[0] < 100 && order[1] > 90_000, "{order:?}");
}

#[test]
fn a_session_has_a_bounded_number_of_fetches() {
    let mut world = World::new(Limits { fetches_per_session: 2, ..Limits::default() });
    world.publish(5, 0, &[(0, b"x")], true);
    let span = span((5, 0), (5, 0), GroupOrder::Ascending);
    for id in [2, 4, 6] {
        world.fetch(id, &span);
    }
    assert_eq!(world.refusals(), [RequestCode::ExcessiveLoad]);
    world.flush(usize::MAX);
    world.fetch(8, &span);
    assert!(world.refusals().is_empty(), "those before are over");
}

proptest! {
    /// The log has some of the objects that there are, and drops groups; the publisher has all of
    /// them and answers, or not.
    #[test]
    fn whatever_the_log_has_every_object_is_told_once_and_nothing_is_denied(
        there_is in prop::collection::btree_map((1_u64..6, 0_u64..5), prop::collection::vec(any::<u8>(), 0..9), 1..20),
        kept in prop::collection::vec(any::<bool>(), 20),
        ends in prop::collection::vec(any::<bool>(), 6),
        from in (0_u64..6, 0_u64..5),
        last in (0_u64..7, prop_oneof![0_u64..6, Just(u64::MAX)]),
        is_descending: bool,
        is_filled: bool,
        write in 1_usize..60,
    ) {
        let mut world = World::new(Limits { groups_per_track: 4, ..Limits::default() });
        let held: Objects = there_is.clone().into_iter().zip(kept).filter(|(_, kept)| *kept)
            .map(|(object, _)| object).collect();
        for group in 1..6 {
            let newest = there_is.range((group, 0)..(group + 1, 0)).next_back().map(|(at, _)| at.1);
            for subgroup in 0..2 {
                let mine: Vec<(u64, &[u8])> = held.iter()
                    .filter(|((g, o), _)| *g == group && o % 2 == subgroup)
                    .map(|((_, object), payload)| (*object, &payload[..])).collect();
                let has_last = mine.last().map(|(object, _)| *object) == newest;
                let is_end = has_last && ends[usize::try_from(group).unwrap()];
                if !mine.is_empty() {
                    world.publish(group, subgroup, &mine, is_end);
                }
            }
        }
        let order = if is_descending { GroupOrder::Descending } else { GroupOrder::Ascending };
        let mut asked = span(from, last, order);
        prop_assume!(asked.start <= asked.last);
        world.fetch(2, &asked);
        let largest = held.keys().next_back().map(|(group, object)| Location::new(*group, *object));
        let Some(largest) = largest.filter(|largest| asked.start <= *largest) else {
            prop_assert_eq!(world.refusals(), [RequestCode::InvalidRange]);
            return Ok(());
        };
        asked.last = asked.last.min(largest);
        prop_assert_eq!(world.answers(), [asked.last]);
        for _ in 0..2000 {
            world.flush(write);
            for (key, span) in world.fills() {
                if is_filled {
                    world.fill(key, &span, &there_is);
                } else {
                    let refused = Refused { code: RequestCode::NotSupported, reason: "" };
                    world.tracks.fill_answered(key, Err(refused));
                    world.settle();
                }
            }
            if world.tracks.fetches.is_empty() {
                break;
            }
        }
        let (told, end) = world.stream(2, order);
        prop_assert_eq!(end, Ended::Whole, "{:?}", told);
        check(&asked, &told, &there_is)?;
        let unknown = told.iter().filter(|told| matches!(told, Told::Gap(Gap::Unknown, _))).count();
        prop_assert!(!is_filled || unknown == 0, "the publisher was not asked: {:?}", told);
        // What the log has is told even where nobody answers.
        let kept = world.tracks.tracks.get(world.track.0).unwrap().groups.front().unwrap().id;
        for (at, _) in in_order(&held, &asked).iter().filter(|(at, _)| at.0 >= kept) {
            let is_told = told.iter().any(|told| matches!(told, Told::Object(other, _) if other == at));
            prop_assert!(is_told, "{:?} is in the log and was not told: {:?}", at, told);
        }
    }
}

#[test]
fn a_fetch_and_the_subscription_that_it_joins_bring_each_object_once() {
    let mut world = World::new(Limits::default());
    world.publish(4, 0, &[(0, b"a"), (1, b"b")], true);
    world.publish(5, 0, &[(0, b"c"), (1, b"d")], true);
    world.subscriber = world.tracks.open_session();
    let joined = RequestKey { session: world.subscriber, id: 0 };
    world.tracks.subscribe(world.now, &crate::SubscribeRequest::new(joined, world::name()));
    let request = RequestKey { session: world.subscriber, id: 2 };
    let order = GroupOrder::Ascending;
    let terms = FetchTerms { request, priority: 128, order, fill_timeout: None };
    world.tracks.join(world.now, &terms, joined, JoinStart::Before(1));
    world.settle();
    world.flush(usize::MAX);
    let (told, ended) = world.stream(2, order);
    let wanted = [
        Told::Object((4, 0), b"a".to_vec()),
        Told::Object((4, 1), b"b".to_vec()),
        Told::Gap(Gap::NonExistent, (4, u64::MAX)),
        Told::Gap(Gap::Unknown, (5, 1)),
    ];
    assert_eq!((&told[..], ended), (&wanted[..], Ended::Whole), "group 5 is the subscription's");
}
