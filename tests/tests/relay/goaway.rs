//! GOAWAY: a relay that ends tells its sessions first, and heeds what they tell it.

use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, DoneCode, GoAway, Parameters, RequestCode, SessionCode, TrackProperties,
};
use mosaik_tests::{
    Client, PATIENCE, Path, Relay, STUDENT, TEACHER, open, open_track, over_all, within,
};

over_all!(
    every_session_is_asked_to_leave_before_the_relay_ends,
    requests_after_goaway_are_refused,
    a_publisher_that_leaves_is_asked_for_nothing_more,
    a_subscription_is_made_again_when_its_publisher_wants_that,
    a_subscription_that_its_publisher_does_not_make_again_ends,
    goaway_on_a_request_comes_once_and_names_no_place
);

fn away() -> GoAway {
    GoAway { new_session_uri: Bytes::new(), timeout: 1_000, request_id: None }
}

async fn every_session_is_asked_to_leave_before_the_relay_ends(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let polite = relay.join(path, STUDENT).await?;
    let stubborn = relay.join(path, TEACHER).await?;
    let mut going = polite.going();
    let stopping = tokio::spawn(relay.stop());
    let away = within("GOAWAY", going.wait_for(|going| going.away.is_some())).await??;
    let away = away.away.clone().unwrap_or_default();
    assert!(away.new_session_uri.is_empty() && away.timeout > 0, "{away:?}");
    polite.leave();
    assert_eq!(stubborn.closed().await?, SessionCode::GoawayTimeout);
    within("the relay's end", stopping).await???;
    Ok(())
}

async fn requests_after_goaway_are_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let client = relay.visit(path).await?;
    let mut processed = client.ask_to_announce(&open(&["a"])).await?;
    processed.accepted().await?;
    let mut going = client.going();
    let stopping = tokio::spawn(relay.stop());
    let away = within("GOAWAY", going.wait_for(|going| going.away.is_some())).await??;
    let first_refused = away.away.as_ref().and_then(|away| away.request_id);
    drop(away);
    assert_eq!(first_refused, Some(2), "the announcement was processed");
    for _ in 0..2 {
        let mut late = client.ask_for(&open_track(&["a"], "t"), Parameters::default()).await?;
        assert_eq!(late.refused().await?.0, RequestCode::GoingAway);
    }
    client.leave();
    within("the relay's end", stopping).await???;
    Ok(())
}

async fn a_publisher_that_leaves_is_asked_for_nothing_more(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let goaway = GoAway { request_id: Some(1), ..away() };
    publisher.say(ControlMessage::GoAway(goaway).encode()?).await?;
    let subscriber = relay.visit(path).await?;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    for number in 0_u32.. {
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "it is still asked");
        let name = open_track(&["a"], &number.to_string());
        let mut asked = subscriber.ask_for(&name, Parameters::default()).await?;
        tokio::select! {
            // GOAWAY is not read yet.
            early = publisher.next_asked() => early?.refuse().await?,
            refused = asked.refused() => {
                let (code, error) = refused?;
                assert_eq!(code, RequestCode::DoesNotExist);
                if error.reason == "the publisher is leaving" {
                    break;
                }
            }
        }
    }
    Ok(())
}

async fn a_subscription_is_made_again_when_its_publisher_wants_that(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let subscriber = relay.visit(path).await?;
    let name = open_track(&["a"], "t");
    let waiting = subscriber.ask_for(&name, Parameters::default()).await?;
    let mut before = publisher.next_asked().await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = subscriber.established(waiting).await?;
    before.single(1, b"before").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"before"[..]);

    before.request.say(&ControlMessage::GoAway(away())).await?;
    let again = publisher.next_asked().await?;
    assert_eq!(again.subscribe.name, name);
    before.cancelled().await?;
    let after = again.accept(2, TrackProperties::default()).await?;
    after.single(2, b"after").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"after"[..]);
    Ok(())
}

async fn a_subscription_that_its_publisher_does_not_make_again_ends(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let subscriber = relay.visit(path).await?;
    let waiting = subscriber.ask_for(&open_track(&["a"], "t"), Parameters::default()).await?;
    let mut track = publisher.next_asked().await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = subscriber.established(waiting).await?;
    track.request.say(&ControlMessage::GoAway(away())).await?;
    publisher.next_asked().await?.refuse().await?;
    assert_eq!(subscription.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    Ok(())
}

async fn goaway_on_a_request_comes_once_and_names_no_place(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let elsewhere = GoAway { new_session_uri: Bytes::from_static(b"moqt://else"), ..away() };
    for messages in [vec![away(), away()], vec![elsewhere]] {
        let client: Client = relay.visit(path).await?;
        let mut request = client.ask_to_announce(&open(&["a"])).await?;
        request.accepted().await?;
        for message in messages {
            request.say(&ControlMessage::GoAway(message)).await?;
        }
        assert_eq!(client.closed().await?, SessionCode::ProtocolViolation);
    }
    Ok(())
}
