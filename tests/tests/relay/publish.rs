//! PUBLISH: a track that is offered before anyone asks.

use mosaik_proto::moqt::{
    ControlMessage, DoneCode, Location, Parameters, RequestCode, TrackProperties, TrackStatus,
};
use mosaik_tests::{Path, PublishedTrack, Relay, STUDENT, TEACHER, open_track, over_all, track};

over_all!(
    a_published_track_is_served_without_asking_its_publisher,
    a_track_is_published_once_by_one_session,
    what_two_publishers_send_arrives_once,
    a_publisher_may_subscribe_to_its_own_track
);

async fn a_published_track_is_served_without_asking_its_publisher(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let name = track(TEACHER, "mic");
    let teacher = relay.join(path, TEACHER).await?;
    let properties = TrackProperties::default().with_priority(32);
    let offered = PublishedTrack::offer(&teacher, name.clone(), 3, properties.clone()).await?;
    let mut group = offered.group(1).await?;
    group.object(0, b"before anyone came").await?;

    let student = relay.join(path, STUDENT).await?;
    let mut subscription = student.subscribe(&name, Parameters::default()).await?;
    assert_eq!(subscription.ok.properties, properties);
    let mut reader = subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"before anyone came"[..]);
    group.object(1, b"after").await?;
    assert_eq!(reader.object().await?.payload, &b"after"[..]);

    let message = TrackStatus {
        request_id: student.next_id(),
        name: name.clone(),
        parameters: Parameters::default(),
    };
    let mut status = student.request(&ControlMessage::TrackStatus(message)).await?;
    assert_eq!(status.accepted().await?.parameters.largest, Some(Location::new(1, 1)));

    group.finish()?;
    offered.done(DoneCode::TrackEnded).await?;
    assert_eq!(subscription.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    let mut again = student.ask_for(&name, Parameters::default()).await?;
    assert_eq!(again.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn a_track_is_published_once_by_one_session(path: Path) -> anyhow::Result<()> {
    use mosaik_proto::moqt::Publish;
    let relay = Relay::start()?;
    let name = track(TEACHER, "mic");
    let teacher = relay.join(path, TEACHER).await?;
    let properties = TrackProperties::default();
    let _first = PublishedTrack::offer(&teacher, name.clone(), 3, properties.clone()).await?;
    let message = Publish {
        request_id: teacher.next_id(),
        name,
        track_alias: 4,
        parameters: Parameters::default(),
        properties,
    };
    let mut second = teacher.request(&ControlMessage::Publish(message)).await?;
    assert_eq!(second.refused().await?.0, RequestCode::DuplicateSubscription);
    Ok(())
}

async fn what_two_publishers_send_arrives_once(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let name = open_track(&["a"], "t");
    let (one, other) = (relay.visit(path).await?, relay.visit(path).await?);
    let properties = TrackProperties::default();
    let first = PublishedTrack::offer(&one, name.clone(), 1, properties.clone()).await?;
    let second = PublishedTrack::offer(&other, name.clone(), 2, properties).await?;
    let subscriber = relay.visit(path).await?;
    let mut subscription = subscriber.subscribe(&name, Parameters::default()).await?;
    let mut writer = first.group(1).await?;
    writer.object(0, b"once").await?;
    let mut reader = subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"once"[..]);

    let mut copy = second.group(1).await?;
    copy.object(0, b"once").await?;
    second.single(2, b"only here").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"only here"[..]);
    writer.object(1, b"goes on").await?;
    assert_eq!(reader.object().await?.payload, &b"goes on"[..]);
    writer.finish()?;
    first.done(DoneCode::TrackEnded).await?;
    second.done(DoneCode::TrackEnded).await?;
    assert_eq!(subscription.done().await?.stream_count, 2, "one stream for each group");
    Ok(())
}

async fn a_publisher_may_subscribe_to_its_own_track(path: Path) -> anyhow::Result<()> {
    let relay = Relay::public()?;
    let client = relay.visit(path).await?;
    let name = open_track(&["a"], "t");
    let track = PublishedTrack::offer(&client, name.clone(), 1, TrackProperties::default()).await?;
    let mut own = client.subscribe(&name, Parameters::default()).await?;
    track.single(1, b"echo").await?;
    assert_eq!(own.first_object().await?.payload, &b"echo"[..]);
    Ok(())
}
