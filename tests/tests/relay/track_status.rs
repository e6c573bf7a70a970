//! TRACK_STATUS: what SUBSCRIBE would be answered, without a subscription.

use bytes::Bytes;
use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Location, Parameters, Redirect, RequestCode, RequestError,
    SessionCode, TrackProperties, TrackStatus,
};
use mosaik_tests::{
    Client, Path, PublishedTrack, Relay, Request, metrics, open, open_track, over_all, within,
};

over_all!(
    a_track_that_is_published_says_where_it_stands,
    a_track_that_nobody_asked_for_is_asked_for,
    the_publishers_refusal_is_the_answer,
    nothing_may_follow_the_question,
    a_question_that_ends_with_fin_is_answered,
    a_question_and_a_subscription_are_not_in_each_others_way,
    a_question_is_told_where_to_ask_instead
);

async fn ask(client: &Client, name: &FullTrackName) -> anyhow::Result<Request> {
    let (request_id, name) = (client.next_id(), name.clone());
    let message = TrackStatus { request_id, name, parameters: Parameters::default() };
    client.request(&ControlMessage::TrackStatus(message)).await
}

async fn a_track_that_is_published_says_where_it_stands(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    let name = open_track(&["a"], "t");
    let largest = Some(Location::new(8, 1));
    let asked = Parameters { largest, ..Parameters::default() };
    let properties = TrackProperties::default().with_priority(7);
    let offer = PublishedTrack::offer_with(&publisher, name.clone(), 1, asked, properties.clone());
    let _track = offer.await?;
    let mut status = ask(&client, &name).await?;
    let ok = status.accepted().await?;
    assert_eq!((ok.parameters.largest, ok.properties), (largest, properties));
    assert!(status.next().await?.is_none(), "the stream goes on");
    let mut none = ask(&client, &open_track(&["a"], "other")).await?;
    assert_eq!(none.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn a_track_that_nobody_asked_for_is_asked_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut status = ask(&client, &open_track(&["a"], "t")).await?;
    let asked = publisher.next_asked().await?;
    let largest = Some(Location::new(3, 4));
    let answer = Parameters { largest, ..Parameters::default() };
    let properties = TrackProperties::default().with_dynamic_groups();
    let mut track = asked.accept_with(1, answer, properties.clone()).await?;
    let ok = status.accepted().await?;
    assert_eq!((ok.parameters.largest, ok.properties), (largest, properties));
    // It was for the answer alone.
    track.cancelled().await?;
    Ok(())
}

async fn the_publishers_refusal_is_the_answer(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut status = ask(&client, &open_track(&["a"], "t")).await?;
    publisher.next_asked().await?.refuse().await?;
    assert_eq!(status.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn nothing_may_follow_the_question(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut status = ask(&client, &open_track(&["a"], "t")).await?;
    let _unanswered = publisher.next_asked().await?;
    status.ask_to_update(&client, Parameters::default()).await?;
    assert_eq!(client.closed().await?, SessionCode::ProtocolViolation);
    Ok(())
}

async fn a_question_that_ends_with_fin_is_answered(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut status = ask(&client, &open_track(&["a"], "t")).await?;
    status.finish()?;
    status.heard_out().await?;
    let _track = publisher.next_asked().await?.accept(1, TrackProperties::default()).await?;
    status.accepted().await?;
    Ok(())
}

async fn a_question_and_a_subscription_are_not_in_each_others_way(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let name = open_track(&["a"], "t");
    let mut before = ask(&client, &name).await?;
    let asked = publisher.next_asked().await?;
    let waiting = client.ask_for(&name, Parameters::default()).await?;
    let mut beside = ask(&client, &name).await?;
    // The publisher's answer is for all three, and so must not come before them.
    let all_came = async {
        while metrics(&relay).await?.sum("mosaik_subscriptions") < 3.0 {}
        anyhow::Ok(())
    };
    within("three requests", all_came).await??;
    let track = asked.accept(1, TrackProperties::default()).await?;
    before.accepted().await?;
    beside.accepted().await?;
    let mut subscription = client.established(waiting).await?;
    track.single(1, b"for the subscription").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"for the subscription"[..]);
    Ok(())
}

async fn a_question_is_told_where_to_ask_instead(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut status = ask(&client, &open_track(&["a"], "old")).await?;
    let redirect = Redirect { connect_uri: Bytes::new(), name: open_track(&["a"], "new") };
    let error = RequestError {
        code: u64::from(RequestCode::Redirect.get()),
        redirect: Some(redirect.clone()),
        ..RequestError::default()
    };
    publisher.next_asked().await?.refuse_with(error).await?;
    let (code, error) = status.refused().await?;
    assert_eq!((code, error.redirect), (RequestCode::Redirect, Some(redirect)));
    Ok(())
}
