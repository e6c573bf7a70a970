//! What a publisher sends is what a subscriber gets.

use bytes::BytesMut;
use mosaik_proto::moqt::{
    Location, ObjectStatus, Properties, PropertyValue, SubgroupHeader, TrackProperties,
};
use mosaik_tests::{Pair, Path, Piece, Relay, STUDENT, TEACHER, over_all};

over_all!(
    objects_arrive_byte_for_byte_with_their_properties,
    the_tracks_properties_reach_the_subscriber,
    every_subgroup_of_a_group_arrives_on_a_stream_of_its_own,
    an_object_of_a_mebibyte_arrives_whole,
    statuses_and_ends_of_groups_arrive,
    a_subgroup_that_is_given_up_is_given_up_for_the_subscriber,
    a_subgroup_may_take_its_id_from_its_first_object
);

async fn objects_arrive_byte_for_byte_with_their_properties(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut immutable = BytesMut::new();
    Properties::default().with_integer(0x3F_FFF0, 7).encode(&mut immutable);
    let properties = Properties::default()
        .with_integer(0x10, 1_795_000_000_000_000)
        .with(0x0B, PropertyValue::Bytes(immutable.freeze()))
        .with(0x3F_FFF1, PropertyValue::Bytes(vec![0xAB; 300].into()))
        .with_integer(0x3F_FFFE, u64::MAX);
    let mut encoded = BytesMut::new();
    properties.encode(&mut encoded);
    let payloads = [&b"first"[..], b"", &[0xFF; 5000]];

    let mut group = pair.track.group(41).await?;
    for (id, payload) in (0_u64..).zip(payloads) {
        group.object_with(id * 3, &properties, payload).await?;
    }
    group.finish()?;

    let mut subgroup = pair.subscription.subgroup().await?;
    for (id, payload) in (0_u64..).zip(payloads) {
        let object = subgroup.object().await?;
        assert_eq!(object.location, Location::new(41, id * 3));
        assert_eq!(object.properties, encoded);
        assert_eq!(object.payload, payload);
        assert_eq!(object.status, ObjectStatus::Normal);
    }
    assert_eq!(subgroup.next().await?, Piece::End);
    Ok(())
}

async fn the_tracks_properties_reach_the_subscriber(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let properties = TrackProperties::default()
        .with_priority(160)
        .with_object_delivery_timeout_ms(1000)
        .with_integer(0x3F_FFF0, 99);
    let people = (TEACHER, STUDENT);
    let pair = Pair::of(&relay, path, people, properties.clone()).await?;
    assert_eq!(pair.subscription.ok.properties, properties);
    Ok(())
}

async fn every_subgroup_of_a_group_arrives_on_a_stream_of_its_own(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    for subgroup in [0, 1, 7] {
        let header = SubgroupHeader { priority: Some(9), ..pair.track.header(5, subgroup) };
        let mut writer = pair.track.subgroup(&header).await?;
        writer.object(subgroup, format!("subgroup {subgroup}").as_bytes()).await?;
        writer.finish()?;
    }
    let mut seen = Vec::new();
    for _ in 0..3 {
        let mut reader = pair.subscription.subgroup().await?;
        let object = reader.object().await?;
        assert_eq!(reader.header.priority, Some(9));
        assert_eq!(object.payload, format!("subgroup {}", object.subgroup));
        assert_eq!(object.location, Location::new(5, object.subgroup));
        assert_eq!(reader.next().await?, Piece::End);
        seen.push(object.subgroup);
    }
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 7]);
    Ok(())
}

async fn an_object_of_a_mebibyte_arrives_whole(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let payload: Vec<u8> = (0..1_u32 << 18).flat_map(u32::to_le_bytes).collect();
    let mut group = pair.track.group(1).await?;
    let writing = async {
        group.object(0, &payload).await?;
        group.object(1, b"after it").await
    };
    let reading = async {
        let mut subgroup = pair.subscription.subgroup().await?;
        anyhow::Ok((subgroup.object().await?, subgroup.object().await?))
    };
    let ((), (large, small)) = tokio::try_join!(writing, reading)?;
    assert!(large.payload == payload, "the payload changed on its way");
    assert_eq!(small.payload, &b"after it"[..]);
    Ok(())
}

async fn statuses_and_ends_of_groups_arrive(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let header = SubgroupHeader { end_of_group: true, ..pair.track.header(3, 0) };
    let mut writer = pair.track.subgroup(&header).await?;
    writer.object(0, b"last").await?;
    writer.status(1, ObjectStatus::EndOfGroup).await?;
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    assert!(reader.header.end_of_group && reader.header.first_object);
    assert_eq!(reader.object().await?.payload, &b"last"[..]);
    assert_eq!(reader.object().await?.status, ObjectStatus::EndOfGroup);
    assert_eq!(reader.next().await?, Piece::End);
    Ok(())
}

async fn a_subgroup_that_is_given_up_is_given_up_for_the_subscriber(
    path: Path,
) -> anyhow::Result<()> {
    use mosaik_proto::moqt::ResetCode;
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut group = pair.track.group(1).await?;
    group.object(0, b"one").await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"one"[..]);
    group.reset(ResetCode::DeliveryTimeout);
    assert_eq!(reader.next().await?, Piece::Reset(Some(ResetCode::DeliveryTimeout.get())));
    pair.track.single(2, b"next").await?;
    assert_eq!(pair.subscription.first_object().await?.payload, &b"next"[..]);
    Ok(())
}

async fn a_subgroup_may_take_its_id_from_its_first_object(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let header = SubgroupHeader { subgroup: None, ..pair.track.header(1, 0) };
    let mut writer = pair.track.subgroup(&header).await?;
    writer.object(12, b"twelve").await?;
    let object = pair.subscription.first_object().await?;
    assert_eq!((object.subgroup, object.location), (12, Location::new(1, 12)));
    Ok(())
}
