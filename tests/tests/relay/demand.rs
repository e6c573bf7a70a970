//! A publisher sends objects while somebody wants them, and begins a group when somebody needs one.

use mosaik_proto::moqt::{DoneCode, Filter, Location, Parameters, TrackProperties};
use mosaik_tests::{Client, Path, PublishedTrack, Relay, Subscription, open, open_track, over_all};

over_all!(
    an_offered_track_is_quiet_until_somebody_wants_it,
    a_track_that_was_asked_for_is_paused_when_nobody_wants_objects,
    a_track_is_offered_while_a_subscriber_waits_for_it,
    an_offer_takes_the_place_of_a_request_under_way,
    a_publisher_that_says_everything_at_once_keeps_its_track,
    a_new_group_is_asked_for_once_and_again_when_it_came,
    a_new_group_is_asked_for_with_the_first_subscription,
    a_subscriber_with_nothing_to_start_from_has_a_group_begun,
    a_track_without_dynamic_groups_is_not_asked_for_any,
    a_subscription_that_expires_is_extended
);

fn forward(forward: bool) -> Parameters {
    Parameters { forward: Some(forward), ..Parameters::default() }
}

fn new_group(value: u64) -> Parameters {
    Parameters { new_group_request: Some(value), ..Parameters::default() }
}

/// A publisher with its namespace announced, and a subscriber.
async fn two(relay: &Relay, path: Path) -> anyhow::Result<(Client, Client)> {
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    Ok((publisher, relay.visit(path).await?))
}

/// An offered track, and the forward state that its publisher got.
async fn offer(
    publisher: &Client,
    asked: Parameters,
    properties: TrackProperties,
) -> anyhow::Result<(PublishedTrack, Option<bool>)> {
    let name = open_track(&["a"], "t");
    let (track, ok) = PublishedTrack::offer_with(publisher, name, 1, asked, properties).await?;
    Ok((track, ok.forward))
}

/// A track that a subscriber asked for, and its publisher was asked for with `asked`.
async fn asked_for(
    publisher: &mut Client,
    subscriber: &Client,
    asked: Parameters,
    properties: TrackProperties,
) -> anyhow::Result<(PublishedTrack, Subscription, Parameters)> {
    let waiting = subscriber.ask_for(&open_track(&["a"], "t"), asked).await?;
    let request = publisher.next_asked().await?;
    let told = request.subscribe.parameters.clone();
    let track = request.accept(1, properties).await?;
    Ok((track, subscriber.established(waiting).await?, told))
}

async fn an_offered_track_is_quiet_until_somebody_wants_it(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, first) = two(&relay, path).await?;
    for asked in [true, false] {
        let (track, told) = offer(&publisher, forward(asked), TrackProperties::default()).await?;
        assert_eq!(told, Some(false), "nobody wants it yet");
        track.done(DoneCode::TrackEnded).await?;
    }
    let (mut track, _) = offer(&publisher, forward(false), TrackProperties::default()).await?;
    let name = open_track(&["a"], "t");
    let mut one = first.subscribe(&name, forward(false)).await?;
    let mut two = one_more(&relay, path).await?;
    assert_eq!(track.updated(Parameters::default()).await?, forward(true));
    track.single(1, b"wanted").await?;
    assert_eq!(two.1.first_object().await?.payload, &b"wanted"[..]);

    // It goes on while one of them wants it.
    one.update(&first, forward(true)).await?;
    two.1.update(&two.0, forward(false)).await?;
    one.update(&first, forward(false)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, forward(false));
    two.1.update(&two.0, forward(true)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, forward(true));
    two.1.cancel();
    assert_eq!(track.updated(Parameters::default()).await?, forward(false));
    Ok(())
}

/// One more subscriber, with the default forward state.
async fn one_more(relay: &Relay, path: Path) -> anyhow::Result<(Client, Subscription)> {
    let client = relay.visit(path).await?;
    let subscription = client.subscribe(&open_track(&["a"], "t"), Parameters::default()).await?;
    Ok((client, subscription))
}

async fn a_track_that_was_asked_for_is_paused_when_nobody_wants_objects(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let properties = TrackProperties::default();
    let (mut track, mut subscription, told) =
        asked_for(&mut publisher, &subscriber, forward(false), properties).await?;
    assert_eq!(told.forward, Some(true), "a publisher may refuse what is not forwarded");
    subscription.update(&subscriber, forward(true)).await?;
    subscription.update(&subscriber, forward(false)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, forward(false));
    let ok = subscription.update(&subscriber, forward(true)).await?;
    assert_eq!(ok.parameters.largest, None, "nothing was published yet");
    assert_eq!(track.updated(Parameters::default()).await?, forward(true));
    track.single(7, b"again").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"again"[..]);
    Ok(())
}

async fn a_track_is_offered_while_a_subscriber_waits_for_it(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, subscriber) = (relay.visit(path).await?, relay.visit(path).await?);
    let waits = Parameters { rendezvous_timeout: Some(10_000), ..Parameters::default() };
    let name = open_track(&["a"], "t");
    let waiting = subscriber.ask_for(&name, waits).await?;
    // Requests are read in any order: this one is answered when the other one is known.
    let mut second = subscriber.ask_for(&name, Parameters::default()).await?;
    let (code, _) = second.refused().await?;
    assert_eq!(code, mosaik_proto::moqt::RequestCode::DuplicateSubscription);
    let asked = Parameters { largest: Some(Location::new(4, 2)), ..Parameters::default() };
    let (_track, told) = offer(&publisher, asked, TrackProperties::default()).await?;
    assert_eq!(told, Some(true));
    let subscription = subscriber.established(waiting).await?;
    assert_eq!(subscription.ok.parameters.largest, Some(Location::new(4, 2)));
    Ok(())
}

async fn an_offer_takes_the_place_of_a_request_under_way(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let name = open_track(&["a"], "t");
    let waiting = subscriber.ask_for(&name, Parameters::default()).await?;
    let mut asked = publisher.next_asked().await?.into_request();
    let (track, told) = offer(&publisher, forward(true), TrackProperties::default()).await?;
    assert_eq!(told, Some(true));
    assert!(asked.next().await?.is_none(), "the request still stands");
    let mut subscription = subscriber.established(waiting).await?;
    track.single(1, b"offered").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"offered"[..]);
    Ok(())
}

async fn a_publisher_that_says_everything_at_once_keeps_its_track(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    for round in 0..20_u8 {
        let fields = [format!("round-{round}")];
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let (namespace, name) = (open(&fields), open_track(&fields, "t"));
        let subscriber = relay.visit(path).await?;
        let rendezvous = Parameters { rendezvous_timeout: Some(20_000), ..Parameters::default() };
        let waiting = subscriber.ask_for(&name, rendezvous).await?;
        let publisher = relay.visit(path).await?;
        let properties = TrackProperties::default();
        // The relay is about to ask for the track when it is told that it gets it.
        let (announced, track) = tokio::join!(
            publisher.ask_to_announce(&namespace),
            PublishedTrack::offer(&publisher, name, 1, properties)
        );
        let (_announced, track) = (announced?, track?);
        let mut subscription = subscriber.established(waiting).await?;
        track.single(1, &[round]).await?;
        assert_eq!(subscription.first_object().await?.payload, &[round][..], "round {round}");
        track.done(DoneCode::TrackEnded).await?;
    }
    Ok(())
}

async fn a_new_group_is_asked_for_once_and_again_when_it_came(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let dynamic = TrackProperties::default().with_dynamic_groups();
    let (mut track, mut subscription, _) =
        asked_for(&mut publisher, &subscriber, Parameters::default(), dynamic).await?;
    track.single(5, b"5").await?;
    subscription.first_object().await?;

    // Group 5 is here, so 5 asks for nothing; the same wish is passed on once.
    for value in [5, 6, 6, 0] {
        subscription.update(&subscriber, new_group(value)).await?;
    }
    assert_eq!(track.updated(Parameters::default()).await?, new_group(6));
    track.single(6, b"6").await?;
    subscription.first_object().await?;
    subscription.update(&subscriber, new_group(0)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, new_group(0));
    Ok(())
}

async fn a_new_group_is_asked_for_with_the_first_subscription(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let dynamic = TrackProperties::default().with_dynamic_groups();
    let filter = Some(Filter::NextGroupStart);
    let asked = Parameters { filter, ..new_group(0) };
    let (mut track, _subscription, told) =
        asked_for(&mut publisher, &subscriber, asked, dynamic).await?;
    assert_eq!(told.new_group_request, Some(0));
    // The publisher was asked already: what it hears next is another wish.
    let second = relay.visit(path).await?;
    let name = open_track(&["a"], "t");
    let _second = second.subscribe(&name, new_group(0)).await?;
    let third = relay.visit(path).await?;
    let _third = third.subscribe(&name, new_group(9)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, new_group(9));
    Ok(())
}

async fn a_subscriber_with_nothing_to_start_from_has_a_group_begun(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, subscriber) = two(&relay, path).await?;
    let asked = Parameters { largest: Some(Location::new(11, 3)), ..Parameters::default() };
    let dynamic = TrackProperties::default().with_dynamic_groups();
    let (mut track, _) = offer(&publisher, asked, dynamic).await?;
    let name = open_track(&["a"], "t");
    let mut subscription = subscriber.subscribe(&name, Parameters::default()).await?;
    assert_eq!(subscription.ok.properties, TrackProperties::default().with_dynamic_groups());
    let mut told = track.updated(Parameters::default()).await?;
    if told.new_group_request.is_none() {
        told.new_group_request = track.updated(Parameters::default()).await?.new_group_request;
    }
    assert_eq!(told, Parameters { forward: Some(true), ..new_group(12) });
    track.single(12, b"begun").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"begun"[..]);
    Ok(())
}

async fn a_track_without_dynamic_groups_is_not_asked_for_any(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let (mut track, mut subscription, _) =
        asked_for(&mut publisher, &subscriber, Parameters::default(), TrackProperties::default())
            .await?;
    subscription.update(&subscriber, new_group(0)).await?;
    subscription.update(&subscriber, forward(false)).await?;
    assert_eq!(track.updated(Parameters::default()).await?, forward(false));
    Ok(())
}

async fn a_subscription_that_expires_is_extended(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, subscriber) = two(&relay, path).await?;
    let waiting = subscriber.ask_for(&open_track(&["a"], "t"), Parameters::default()).await?;
    let soon = || Parameters { expires: Some(800), ..Parameters::default() };
    let asked = publisher.next_asked().await?;
    let mut track = asked.accept_with(1, soon(), TrackProperties::default()).await?;
    let mut subscription = subscriber.established(waiting).await?;
    for _ in 0..2 {
        assert_eq!(track.updated(soon()).await?, Parameters::default());
    }
    track.done(DoneCode::Expired).await?;
    // What expired was the relay's subscription, not the subscriber's.
    assert_eq!(subscription.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    Ok(())
}
