//! SUBSCRIBE_TRACKS: every track below a prefix is offered, now and later.

use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Filter, FullTrackName, Location, Namespace, Parameters, RequestCode,
    SessionCode, Setup, TrackProperties,
};
use mosaik_tests::{
    Client, LESSON, Offered, Path, PublishedTrack, Relay, Request, STUDENT, TEACHER, open,
    open_track, over_all, track,
};

over_all!(
    tracks_are_offered_now_and_later_as_far_as_the_token_allows,
    an_accepted_offer_is_a_subscription_on_the_answers_terms,
    an_answer_to_an_offer_says_nothing_of_the_track,
    offers_without_forwarding_send_nothing_until_it_is_switched_on,
    a_refused_offer_costs_nothing_and_a_cancelled_wish_gets_no_more,
    prefixes_of_tracks_may_not_overlap_but_may_equal_those_of_namespaces,
    a_wish_moves_to_another_prefix,
    a_namespace_subscription_moves_to_another_prefix,
    a_track_without_a_stream_for_it_is_named_as_blocked,
    a_subscriber_that_waits_for_a_track_is_not_offered_it,
    goaway_on_an_offered_subscription_does_not_end_it
);

fn lesson() -> Namespace {
    Namespace::of(&[LESSON])
}

/// A track of somebody who needs no token.
fn of(who: &str, name: &str) -> FullTrackName {
    open_track(&[who], name)
}

async fn offer(
    client: &Client,
    name: &FullTrackName,
    alias: u64,
) -> anyhow::Result<PublishedTrack> {
    PublishedTrack::offer(client, name.clone(), alias, TrackProperties::default()).await
}

/// SUBSCRIBE_TRACKS of one publisher's tracks.
async fn want_tracks(
    relay: &Relay,
    path: Path,
    parameters: Parameters,
) -> anyhow::Result<(Client, Request)> {
    let student = relay.visit(path).await?;
    let mut wish = student.ask_for_tracks(&open(&["a"]), parameters).await?;
    wish.accepted().await?;
    Ok((student, wish))
}

/// REQUEST_UPDATE with another prefix.
async fn move_to(client: &Client, wish: &mut Request, prefix: Namespace) -> anyhow::Result<()> {
    let parameters = Parameters { namespace_prefix: Some(prefix), ..Parameters::default() };
    wish.ask_to_update(client, parameters).await
}

async fn tracks_are_offered_now_and_later_as_far_as_the_token_allows(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let teacher = relay.join(path, TEACHER).await?;
    let _mic = offer(&teacher, &track(TEACHER, "mic"), 1).await?;
    let _commands = offer(&teacher, &track(TEACHER, "commands"), 2).await?;

    let mut student = relay.join(path, STUDENT).await?;
    let _own = offer(&student, &track(STUDENT, "mic"), 1).await?;
    let mut wish = student.ask_for_tracks(&lesson(), Parameters::default()).await?;
    wish.accepted().await?;
    let mut offered: Vec<FullTrackName> = Vec::new();
    for _ in 0..4 {
        offered.push(student.next_offered().await?.publish.name);
    }
    let in_room = |name: &str| FullTrackName::new(lesson(), name.as_bytes().to_vec());
    let inbox = in_room(&format!("inbox/{STUDENT}"));
    assert_eq!(offered, [inbox, in_room("notes"), in_room("state"), track(TEACHER, "mic")]);

    // What comes later is offered later, and was preceded by nothing that is not the student's.
    let _camera = offer(&teacher, &track(TEACHER, "cam/mid"), 3).await?;
    assert_eq!(student.next_offered().await?.publish.name, track(TEACHER, "cam/mid"));
    Ok(())
}

async fn an_accepted_offer_is_a_subscription_on_the_answers_terms(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let properties = TrackProperties::default().with_priority(32);
    let name = of("a", "cam/mid");
    let camera = PublishedTrack::offer(&teacher, name.clone(), 5, properties.clone()).await?;
    camera.single(3, b"before").await?;

    let (mut student, _wish) = want_tracks(&relay, path, Parameters::default()).await?;
    let offered = student.next_offered().await?;
    assert_eq!(offered.publish.name, name);
    assert_eq!(offered.publish.properties, properties);
    assert_eq!(offered.publish.request_id % 2, 1, "a server's request IDs are odd");
    assert_ne!(offered.publish.parameters.forward, Some(false));
    let mut again = student.ask_for(&name, Parameters::default()).await?;
    assert_eq!(again.refused().await?.0, RequestCode::DuplicateSubscription);

    let filter = Some(Filter::From(Location::new(5, 0)));
    let terms = Parameters { filter, ..Parameters::default() };
    let mut subscription = offered.accept(&student, terms).await?;
    camera.single(4, b"filtered out").await?;
    camera.single(5, b"passes").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"passes"[..]);

    camera.done(DoneCode::TrackEnded).await?;
    let done = subscription.done().await?;
    assert_eq!(done.code, u64::from(DoneCode::TrackEnded.get()));
    assert_eq!(done.stream_count, 1);
    Ok(())
}

async fn an_answer_to_an_offer_says_nothing_of_the_track(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let _camera = offer(&teacher, &of("a", "cam/mid"), 5).await?;
    let (mut student, _wish) = want_tracks(&relay, path, Parameters::default()).await?;
    let largest = Some(Location::new(5, 0));
    let terms = Parameters { largest, ..Parameters::default() };
    let _subscription = student.next_offered().await?.accept(&student, terms).await?;
    assert_eq!(student.closed().await?, SessionCode::ProtocolViolation);
    Ok(())
}

async fn offers_without_forwarding_send_nothing_until_it_is_switched_on(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let camera = offer(&teacher, &of("a", "cam/mid"), 5).await?;
    let silent = Parameters { forward: Some(false), ..Parameters::default() };
    let (mut student, _wish) = want_tracks(&relay, path, silent.clone()).await?;
    let offered = student.next_offered().await?;
    assert_eq!(offered.publish.parameters.forward, Some(false));
    let mut subscription = offered.accept(&student, silent).await?;
    // When another one has both, so has the relay.
    let witness = relay.visit(path).await?;
    let name = of("a", "cam/mid");
    let mut witnessed = witness.subscribe(&name, Parameters::default()).await?;
    camera.single(1, b"unseen").await?;
    witnessed.first_object().await?;
    camera.single(2, b"newest").await?;
    witnessed.first_object().await?;
    let parameters = Parameters { forward: Some(true), ..Parameters::default() };
    subscription.update(&student, parameters).await?;
    camera.single(3, b"next").await?;
    let first = subscription.first_object().await?.payload;
    assert!(first == b"newest"[..] || first == b"next"[..], "{first:?}");
    Ok(())
}

async fn a_refused_offer_costs_nothing_and_a_cancelled_wish_gets_no_more(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let mic = offer(&teacher, &of("a", "mic"), 1).await?;
    let (mut student, wish) = want_tracks(&relay, path, Parameters::default()).await?;
    student.next_offered().await?.refuse().await?;
    let camera = offer(&teacher, &of("a", "cam/mid"), 2).await?;
    let kept = student.next_offered().await?;
    assert_eq!(kept.track(), "cam/mid");
    let mut kept = kept.accept(&student, Parameters::default()).await?;
    mic.single(1, b"unwanted").await?;
    camera.single(1, b"wanted").await?;
    assert_eq!(kept.first_object().await?.payload, &b"wanted"[..]);

    // A refused track can still be asked for. The wish's end is known to the relay when it has
    // answered whatever was asked after it.
    wish.cancel();
    let mut asked = student.subscribe(&of("a", "mic"), Parameters::default()).await?;
    let _later = offer(&teacher, &of("a", "cam/low"), 3).await?;
    mic.single(2, b"asked for").await?;
    camera.single(2, b"still wanted").await?;
    let spoken = asked.subgroup().await?.object().await?.payload;
    assert!(spoken == b"asked for"[..] || spoken == b"unwanted"[..], "{spoken:?}");
    assert_eq!(kept.first_object().await?.payload, &b"still wanted"[..]);
    assert!(student.try_offered().is_none(), "offered after the wish was taken back");
    Ok(())
}

async fn prefixes_of_tracks_may_not_overlap_but_may_equal_those_of_namespaces(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let student = relay.visit(path).await?;
    let mut namespaces = student.listen(&open(&[])).await?;
    namespaces.accepted().await?;
    let mut wish = student.ask_for_tracks(&open(&[]), Parameters::default()).await?;
    wish.accepted().await?;
    for prefix in [open(&[]), open(&["a"])] {
        let mut second = student.ask_for_tracks(&prefix, Parameters::default()).await?;
        assert_eq!(second.refused().await?.0, RequestCode::PrefixOverlap);
        assert!(second.next().await?.is_none(), "the stream goes on");
    }
    let foreign = Namespace::of(&["other"]);
    let mut foreign = student.ask_for_tracks(&foreign, Parameters::default()).await?;
    assert_eq!(foreign.refused().await?.0, RequestCode::Unauthorized);
    Ok(())
}

async fn a_wish_moves_to_another_prefix(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let camera = offer(&teacher, &of("a", "cam/mid"), 1).await?;
    let guest = relay.visit(path).await?;
    let _mic = offer(&guest, &of("b", "mic"), 1).await?;
    let mut student = relay.visit(path).await?;
    let mut wish = student.ask_for_tracks(&open(&["a"]), Parameters::default()).await?;
    wish.accepted().await?;
    let mut kept = student.next_offered().await?.accept(&student, Parameters::default()).await?;

    move_to(&student, &mut wish, open(&["b"])).await?;
    wish.accepted().await?;
    assert_eq!(student.next_offered().await?.publish.name, of("b", "mic"));
    camera.single(1, b"as before").await?;
    assert_eq!(kept.first_object().await?.payload, &b"as before"[..]);

    move_to(&student, &mut wish, Namespace::of(&["other"])).await?;
    assert_eq!(wish.refused().await?.0, RequestCode::Unauthorized);
    assert!(wish.next().await?.is_none(), "a failed update ends the request");
    Ok(())
}

async fn a_namespace_subscription_moves_to_another_prefix(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::NamespaceSuffix;
    let relay = Relay::public()?;
    let mut teacher = relay.visit(path).await?;
    teacher.announce(&open(&["a"])).await?;
    let student = relay.visit(path).await?;
    let mut listening = student.listen(&open(&[])).await?;
    listening.accepted().await?;
    let there = |suffix: &[&str]| ControlMessage::Namespace(NamespaceSuffix(Namespace::of(suffix)));
    assert_eq!(listening.answer().await?, there(&["a"]));
    move_to(&student, &mut listening, open(&["a"])).await?;
    listening.accepted().await?;
    assert_eq!(listening.answer().await?, there(&[]));
    let mut other = student.listen(&open(&[])).await?;
    assert_eq!(other.refused().await?.0, RequestCode::PrefixOverlap);
    move_to(&student, &mut listening, Namespace::of(&["other"])).await?;
    assert_eq!(listening.refused().await?.0, RequestCode::Unauthorized);
    assert!(listening.next().await?.is_none(), "a failed update ends the request");
    Ok(())
}

async fn a_track_without_a_stream_for_it_is_named_as_blocked(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let _mic = offer(&teacher, &of("a", "mic"), 1).await?;
    let _camera = offer(&teacher, &of("a", "cam/mid"), 2).await?;
    let wire = relay.dialer().with_requests_max(1).dial(path).await?;
    let mut student = Client::set_up(wire, Setup::default()).await?;
    let mut wish = student.ask_for_tracks(&open(&["a"]), Parameters::default()).await?;
    wish.accepted().await?;
    let offered: Offered = student.next_offered().await?;
    assert_eq!(offered.track(), "cam/mid");
    match wish.answer().await? {
        ControlMessage::PublishBlocked(blocked) => {
            assert_eq!((blocked.suffix, &blocked.track[..]), (Namespace::of(&[]), &b"mic"[..]));
        }
        other => anyhow::bail!("PUBLISH_BLOCKED was expected: {other:?}"),
    }
    let mut asked = student.ask_for(&of("a", "mic"), Parameters::default()).await?;
    anyhow::ensure!(matches!(asked.answer().await?, ControlMessage::SubscribeOk(_)));
    Ok(())
}

async fn a_subscriber_that_waits_for_a_track_is_not_offered_it(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut student, _wish) = want_tracks(&relay, path, Parameters::default()).await?;
    let waits = Parameters { rendezvous_timeout: Some(10_000), ..Parameters::default() };
    let waiting = student.ask_for(&of("a", "mic"), waits).await?;
    let probe = student.ask_for(&of("a", "cam/low"), Parameters::default()).await?;
    let mut probe = probe;
    assert_eq!(probe.refused().await?.0, RequestCode::DoesNotExist);
    let teacher = relay.visit(path).await?;
    let _mic = offer(&teacher, &of("a", "mic"), 1).await?;
    let _camera = offer(&teacher, &of("a", "cam/mid"), 2).await?;
    let _subscription = student.established(waiting).await?;
    assert_eq!(student.next_offered().await?.track(), "cam/mid");
    Ok(())
}

async fn goaway_on_an_offered_subscription_does_not_end_it(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::GoAway;
    let relay = Relay::public()?;
    let teacher = relay.visit(path).await?;
    let camera = offer(&teacher, &of("a", "cam/mid"), 1).await?;
    let (mut student, _wish) = want_tracks(&relay, path, Parameters::default()).await?;
    let offered = student.next_offered().await?;
    let mut subscription = offered.accept(&student, Parameters::default()).await?;
    let away = GoAway { timeout: 1_000, ..GoAway::default() };
    subscription.request.say(&ControlMessage::GoAway(away)).await?;
    // An answer to what is said behind it shows that it was read.
    subscription.update(&student, Parameters::default()).await?;
    camera.single(1, b"goes on").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"goes on"[..]);
    Ok(())
}
