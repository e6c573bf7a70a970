//! A subscriber that ends its side of a request with FIN has nothing more to say, and keeps what it
//! asked for: STOP_SENDING is what takes a subscription back.

use mosaik_proto::moqt::{Parameters, TrackProperties};
use mosaik_tests::{Path, PublishedTrack, Relay, open, open_track, over_all};

over_all!(
    a_subscription_goes_on_when_its_subscriber_has_nothing_more_to_say,
    an_accepted_offer_goes_on_when_its_subscriber_has_nothing_more_to_say
);

async fn a_subscription_goes_on_when_its_subscriber_has_nothing_more_to_say(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (mut publisher, client) = (relay.visit(path).await?, relay.visit(path).await?);
    publisher.announce(&open(&["a"])).await?;
    let mut waiting = client.ask_for(&open_track(&["a"], "t"), Parameters::default()).await?;
    waiting.finish()?;
    waiting.heard_out().await?;
    let mut track = publisher.next_asked().await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = client.established(waiting).await?;
    track.single(1, b"still wanted").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"still wanted"[..]);
    subscription.cancel();
    track.cancelled().await?;
    Ok(())
}

async fn an_accepted_offer_goes_on_when_its_subscriber_has_nothing_more_to_say(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let (publisher, mut client) = (relay.visit(path).await?, relay.visit(path).await?);
    let mut wish = client.ask_for_tracks(&open(&[]), Parameters::default()).await?;
    wish.accepted().await?;
    let name = open_track(&["a"], "t");
    let track = PublishedTrack::offer(&publisher, name, 1, TrackProperties::default()).await?;
    let mut subscription =
        client.next_offered().await?.accept(&client, Parameters::default()).await?;
    subscription.request.finish()?;
    subscription.request.heard_out().await?;
    track.single(1, b"still wanted").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"still wanted"[..]);
    Ok(())
}
