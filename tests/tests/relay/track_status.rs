//! TRACK_STATUS: what SUBSCRIBE would be answered, without a subscription.

use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Location, Parameters, RequestCode, SessionCode, TrackProperties,
    TrackStatus,
};
use mosaik_tests::{Client, Path, PublishedTrack, Relay, Request, open, open_track, over_all};

over_all!(
    a_track_that_is_published_says_where_it_stands,
    a_track_that_nobody_asked_for_is_asked_for,
    the_publishers_refusal_is_the_answer,
    nothing_may_follow_the_question
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
