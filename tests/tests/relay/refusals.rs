//! What this relay does not do or does not take, it says so.

use mosaik_proto::moqt::{Parameters, RequestCode, TrackProperties};
use mosaik_tests::{Path, PublishedTrack, Relay, open, open_track, over_all};

over_all!(
    a_track_with_an_unknown_mandatory_property_is_refused,
    a_session_has_so_many_announcements,
    an_answer_with_properties_where_there_are_none_ends_the_session
);

async fn a_track_with_an_unknown_mandatory_property_is_refused(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::{ControlMessage, Publish};
    let relay = Relay::public()?;
    let mut publisher = relay.visit(path).await?;
    publisher.announce(&open(&["a"])).await?;
    let subscriber = relay.visit(path).await?;
    let mandatory = || TrackProperties::default().with_integer(0x4002, 1);
    let mut asked = subscriber.ask_for(&open_track(&["a"], "t"), Parameters::default()).await?;
    let mut track: PublishedTrack = publisher.next_asked().await?.accept(1, mandatory()).await?;
    assert_eq!(asked.refused().await?.0, RequestCode::UnsupportedExtension);
    track.cancelled().await?;
    let publish = Publish {
        request_id: publisher.next_id(),
        name: open_track(&["a"], "other"),
        track_alias: 2,
        parameters: Parameters::default(),
        properties: mandatory(),
    };
    let mut offered = publisher.request(&ControlMessage::Publish(publish)).await?;
    assert_eq!(offered.refused().await?.0, RequestCode::UnsupportedExtension);
    Ok(())
}

async fn a_session_has_so_many_announcements(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let publisher = relay.visit(path).await?;
    let mut announced = Vec::new();
    for number in 0..16 {
        let mut request = publisher.ask_to_announce(&open(&[&number.to_string()])).await?;
        request.accepted().await?;
        announced.push(request);
    }
    let mut more = publisher.ask_to_announce(&open(&["more"])).await?;
    let (code, error) = more.refused().await?;
    assert_eq!(code, RequestCode::ExcessiveLoad);
    assert!(error.retry_interval > 0, "it may be tried again");
    Ok(())
}

async fn an_answer_with_properties_where_there_are_none_ends_the_session(
    path: Path,
) -> anyhow::Result<()> {
    use mosaik_proto::moqt::{ControlMessage, RequestOk, SessionCode};
    let relay = Relay::public()?;
    let publisher = relay.visit(path).await?;
    let name = open_track(&["a"], "t");
    let _track = PublishedTrack::offer(&publisher, name, 1, TrackProperties::default()).await?;
    let mut subscriber = relay.visit(path).await?;
    let mut wish = subscriber.ask_for_tracks(&open(&["a"]), Parameters::default()).await?;
    wish.accepted().await?;
    let mut offered = subscriber.next_offered().await?.into_request();
    let properties = TrackProperties::default().with_priority(3);
    let ok = RequestOk { parameters: Parameters::default(), properties };
    offered.say(&ControlMessage::RequestOk(ok)).await?;
    assert_eq!(subscriber.closed().await?, SessionCode::ProtocolViolation);
    Ok(())
}
