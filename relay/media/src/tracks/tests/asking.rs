//! Whom the relay asks for a track, and how much.

use mosaik_proto::moqt::RequestCode;

use super::*;

fn named(track: &str) -> FullTrackName {
    FullTrackName::new(name().namespace, track.as_bytes().to_vec())
}

/// A session whose waiting subscriptions nobody serves.
fn wait_for(world: &mut World, session: SessionKey, names: &[String]) {
    for name in names {
        world.next_request += 2;
        let request = RequestKey { session, id: world.next_request };
        let rendezvous = Duration::from_secs(30);
        let wish = SubscribeRequest { rendezvous, ..SubscribeRequest::new(request, named(name)) };
        world.tracks.subscribe(world.now, &wish);
    }
}

/// The names that publishers were asked for since the last call, with whom.
fn asked(world: &mut World) -> Vec<(SessionKey, TrackKey, String)> {
    let mut asked = Vec::new();
    while let Some(effect) = world.tracks.poll_effect() {
        if let Effect::SubscribeUpstream { session, track, name, .. } = &effect {
            let name = String::from_utf8_lossy(&name.track).into_owned();
            asked.push((*session, *track, name));
        }
        world.effects.push(effect);
    }
    asked
}

#[test]
fn a_publisher_comes_in_though_others_wait_for_more_than_it_can_be_asked_for() {
    let mut world = World::new();
    world.tracks.limits.asked_per_session = 4;
    world.tracks.close_session(world.now, world.publisher);
    let names: Vec<String> = (0..10).map(|number| format!("cam/{number}")).collect();
    let session = world.tracks.open_session();
    wait_for(&mut world, session, &names);
    let publisher = world.tracks.open_session();
    let request = RequestKey { session: publisher, id: 0 };
    world.tracks.announce(world.now, request, name().namespace).unwrap();
    let mut heard = Vec::new();
    loop {
        world.tracks.expire(world.now);
        let asked = asked(&mut world);
        assert!(asked.len() <= 4, "{} at once", asked.len());
        let Some((session, _, _)) = asked.first() else { break };
        assert_eq!(*session, publisher);
        for (session, track, name) in asked {
            heard.push(name);
            let answer = Err(Refused::NO_PUBLISHER);
            world.tracks.upstream_answered(world.now, session, track, answer);
        }
    }
    assert_eq!(heard, names, "each is asked for once");
}

#[test]
fn who_asks_for_more_than_a_publisher_can_be_asked_for_comes_again_or_waits() {
    let mut world = World::new();
    world.tracks.limits.asked_per_session = 1;
    let session = world.tracks.open_session();
    let mut ask = |track: &str, rendezvous| {
        world.next_request += 2;
        let request = RequestKey { session, id: world.next_request };
        let wish = SubscribeRequest { rendezvous, ..SubscribeRequest::new(request, named(track)) };
        world.tracks.subscribe(world.now, &wish);
        request
    };
    ask("one", Duration::ZERO);
    let refused = ask("two", Duration::ZERO);
    ask("three", Duration::from_secs(1));
    let (_, track, first) = asked(&mut world).remove(0);
    assert_eq!(first, "one");
    let code = world.effects.iter().find_map(|effect| match effect {
        Effect::Refused { request, refused: why } if *request == refused => Some(why.code),
        _ => None,
    });
    assert_eq!(code, Some(RequestCode::ExcessiveLoad));
    let answer = Err(Refused::NO_PUBLISHER);
    world.tracks.upstream_answered(world.now, world.publisher, track, answer);
    world.tracks.expire(world.now);
    assert_eq!(asked(&mut world).remove(0).2, "three");
}

#[test]
fn what_others_ask_a_publisher_for_takes_no_place_of_what_it_publishes() {
    let mut world = World::new();
    world.tracks.limits.tracks_per_session = 1;
    let session = world.tracks.open_session();
    wait_for(&mut world, session, &["cam/a".to_owned(), "cam/b".to_owned()]);
    assert_eq!(asked(&mut world).len(), 2);
    let properties = TrackProperties::default;
    let mic = world.tracks.publish(world.now, world.publisher, named("mic"), properties(), None);
    assert!(mic.is_ok(), "{mic:?}");
    let second =
        world.tracks.publish(world.now, world.publisher, named("second"), properties(), None);
    assert_eq!(second, Err(Refused::TOO_MANY_TRACKS));
}

#[test]
fn all_who_may_have_a_track_are_asked_for_it_beside_who_sends_it() {
    let mut world = World::new();
    let sender = world.tracks.open_session();
    world.tracks.publish(world.now, sender, name(), TrackProperties::default(), None).unwrap();
    let session = world.tracks.open_session();
    wait_for(&mut world, session, &["cam".to_owned()]);
    let all = asked(&mut world);
    assert_eq!(all.iter().map(|(session, ..)| *session).collect::<Vec<_>>(), [world.publisher]);
    // Once, however many want it.
    world.tracks.upstream_answered(
        world.now,
        world.publisher,
        all[0].1,
        Err(Refused::NO_PUBLISHER),
    );
    let other = world.tracks.open_session();
    wait_for(&mut world, other, &["cam".to_owned()]);
    assert_eq!(asked(&mut world), []);
}

#[test]
fn an_answer_that_comes_too_late_changes_nothing() {
    let mut world = World::new();
    let session = world.tracks.open_session();
    wait_for(&mut world, session, &["cam".to_owned()]);
    let (_, track, _) = asked(&mut world).remove(0);
    // The session publishes it without having been asked: that is what counts.
    let properties = TrackProperties::default().with_priority(7);
    let published = world.tracks.publish(world.now, world.publisher, name(), properties, None);
    assert_eq!(published, Ok(track));
    assert!(!world.tracks.is_asked(world.publisher, track));
    for answer in [Err(Refused::NO_PUBLISHER), Ok((TrackProperties::default(), None))] {
        world.tracks.upstream_answered(world.now, world.publisher, track, answer);
    }
    let (_, properties) = world.tracks.status(&name()).expect("it is still published");
    assert_eq!(properties.priority(), 7);
}

#[test]
fn a_question_about_a_track_is_no_subscription_to_it() {
    let mut world = World::new();
    let session = world.tracks.open_session();
    for (id, is_question) in [(2, true), (4, true), (6, false), (8, true)] {
        let request = RequestKey { session, id };
        let wish = SubscribeRequest { is_question, ..SubscribeRequest::new(request, name()) };
        world.tracks.subscribe(world.now, &wish);
    }
    world.settle();
    let refused = |effect: &&Effect| matches!(effect, Effect::Refused { .. });
    assert_eq!(world.effects.iter().filter(refused).count(), 0);
    let established = |effect: &&Effect| matches!(effect, Effect::Established { .. });
    assert_eq!(world.effects.iter().filter(established).count(), 4);
}

#[test]
fn a_prefix_with_more_namespaces_than_can_be_told_is_refused() {
    let mut world = World::new();
    world.tracks.limits.namespaces_per_listener = 2;
    for (number, listens) in [(0, true), (1, true), (2, false)] {
        let request = RequestKey { session: world.publisher, id: 100 + 2 * number };
        let namespace = Namespace::of(&["many", &number.to_string()]);
        world.tracks.announce(world.now, request, namespace).unwrap();
        let session = world.tracks.open_session();
        let prefix = Namespace::of(&["many"]);
        let grants = Grants::for_visitor(&[vec!["many".to_owned()]]);
        let grant = grants.may_subscribe_namespace(prefix).unwrap();
        let listened = world.tracks.listen(RequestKey { session, id: 0 }, grant);
        let wanted = if listens { Ok(()) } else { Err(AnnounceRefusal::TooLarge) };
        assert_eq!(listened, wanted, "with {} namespaces", number + 1);
    }
}
