//! REDIRECT: a publisher names another track, and whoever asked is told.

use bytes::Bytes;
use mosaik_proto::moqt::{
    FullTrackName, Parameters, Redirect, RequestCode, RequestError, SessionCode, TrackProperties,
};
use mosaik_tests::{Path, Relay, open, open_track, over_all};

over_all!(
    a_subscriber_is_told_the_name_that_the_publisher_gives,
    a_publisher_cannot_send_the_relay_elsewhere
);

fn redirect(uri: &'static [u8], name: &FullTrackName) -> RequestError {
    let connect_uri = Bytes::from_static(uri);
    RequestError {
        code: u64::from(RequestCode::Redirect.get()),
        redirect: Some(Redirect { connect_uri, name: name.clone() }),
        ..RequestError::default()
    }
}

async fn a_subscriber_is_told_the_name_that_the_publisher_gives(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let subscriber = relay.visit(path).await?;
    let other = open_track(&["a"], "new");
    let mut asked = subscriber.ask_for(&open_track(&["a"], "old"), Parameters::default()).await?;
    publisher.next_asked().await?.refuse_with(redirect(b"", &other)).await?;
    let (code, error) = asked.refused().await?;
    assert_eq!(code, RequestCode::Redirect);
    assert_eq!(error.redirect, Some(Redirect { connect_uri: Bytes::new(), name: other.clone() }));

    let asked = subscriber.ask_for(&other, Parameters::default()).await?;
    let track = publisher.next_asked().await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = subscriber.established(asked).await?;
    track.single(1, b"here").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"here"[..]);
    Ok(())
}

async fn a_publisher_cannot_send_the_relay_elsewhere(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let subscriber = relay.visit(path).await?;
    let name = open_track(&["a"], "t");
    let mut asked = subscriber.ask_for(&name, Parameters::default()).await?;
    publisher.next_asked().await?.refuse_with(redirect(b"moqt://else", &name)).await?;
    assert_eq!(publisher.closed().await?, SessionCode::ProtocolViolation);
    // Its subscriber is not blamed: the request waits for another publisher until it is given up.
    let second = relay.visit(path).await?;
    let _track =
        mosaik_tests::PublishedTrack::offer(&second, name, 1, TrackProperties::default()).await?;
    anyhow::ensure!(matches!(
        asked.answer().await?,
        mosaik_proto::moqt::ControlMessage::SubscribeOk(_)
    ));
    Ok(())
}
