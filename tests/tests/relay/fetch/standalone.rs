//! Standalone FETCH of what the log has: whole objects, each once, in the order asked for.

use bytes::BytesMut;
use mosaik_proto::moqt::{
    FetchRange, FullTrackName, Location, Namespace, ObjectId, ObjectStatus, Parameters, Properties,
    RequestCode, SubgroupHeader, TrackProperties,
};
use mosaik_tests::{
    Fetched, LESSON, OTHER, Pair, Path, Piece, Relay, STUDENT, TEACHER, over_all, track,
};

use super::{ALL, Told, descending, last, objects, payload, told, whole_group};

over_all!(
    what_the_log_has_comes_in_the_order_asked_for,
    a_part_of_a_range_is_that_part,
    subgroups_are_merged_with_what_belongs_to_each_object,
    a_status_is_no_object,
    what_an_objects_gaps_name_is_not_told_as_unknown,
    a_range_without_objects_has_a_stream_that_says_so,
    the_end_of_a_track_is_told,
    what_the_room_publishes_is_fetched_too,
    what_cannot_be_fetched_is_refused
);

/// Property types (sections 12.8 and 12.9).
const PRIOR_GROUP_ID_GAP: u64 = 0x3C;
const PRIOR_OBJECT_ID_GAP: u64 = 0x3E;

async fn what_the_log_has_comes_in_the_order_asked_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    for group in 5..8 {
        whole_group(&mut pair, group, 3).await?;
    }
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(5, 0), ALL.1);
    let mut up = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    let (ok, all) = up.all().await?;
    assert_eq!((last(&ok), ok.is_end_of_track), ((7, 2), false));
    assert_eq!(told(&all), [objects(&[5, 6, 7], 3), vec![Told::End]].concat());
    assert!(up.request.next().await?.is_none(), "the request outlives its stream");

    let mut down = pair.subscriber.fetch_range(&name, range, descending()).await?;
    let (ok, all) = down.all().await?;
    assert_eq!(last(&ok), (7, 2));
    assert_eq!(told(&all), [objects(&[7, 6, 5], 3), vec![Told::End]].concat());
    Ok(())
}

async fn a_part_of_a_range_is_that_part(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    for group in 5..8 {
        whole_group(&mut pair, group, 3).await?;
    }
    let name = track(TEACHER, "cam/mid");
    let part = (Location::new(5, 1), Location::new(6, 0));
    let mut fetch = pair.subscriber.fetch_range(&name, part, Parameters::default()).await?;
    let (ok, all) = fetch.all().await?;
    assert_eq!(last(&ok), (6, 0));
    assert_eq!(told(&all), [Told::Object(5, 1), Told::Object(5, 2), Told::Object(6, 0), Told::End]);
    let mut fetch = pair.subscriber.fetch_range(&name, part, descending()).await?;
    assert_eq!(
        told(&fetch.all().await?.1),
        [Told::Object(6, 0), Told::Object(5, 1), Told::Object(5, 2), Told::End]
    );
    let whole = (Location::new(6, 1), Location::new(6, ObjectId::MAX));
    let mut fetch = pair.subscriber.fetch_range(&name, whole, Parameters::default()).await?;
    let (ok, all) = fetch.all().await?;
    assert_eq!(last(&ok), (6, ObjectId::MAX), "a whole group stays one in the answer");
    assert_eq!(told(&all), [Told::Object(6, 1), Told::Object(6, 2), Told::End]);
    Ok(())
}

async fn subgroups_are_merged_with_what_belongs_to_each_object(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let base = SubgroupHeader { priority: Some(10), ..pair.track.header(1, 0) };
    let layer = SubgroupHeader {
        priority: Some(20),
        has_properties: true,
        end_of_group: true,
        ..pair.track.header(1, 4)
    };
    let properties = Properties::default().with_integer(0x10, 77);
    let mut encoded = BytesMut::new();
    properties.encode(&mut encoded);

    let mut writer = pair.track.subgroup(&base).await?;
    for object in [0, 2] {
        writer.object(object, b"base").await?;
    }
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    while reader.next().await? != Piece::End {}
    let mut writer = pair.track.subgroup(&layer).await?;
    for object in [1, 3] {
        writer.object_with(object, &properties, b"").await?;
    }
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    while reader.next().await? != Piece::End {}

    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(1, 0), ALL.1);
    let mut fetch = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    let (_, all) = fetch.all().await?;
    let told = all.iter().map(|fetched| match fetched {
        Fetched::Object(head, bytes) => {
            let is_base = head.location.object.is_multiple_of(2);
            assert_eq!(bytes.is_empty(), !is_base);
            assert_eq!(head.properties, if is_base { &[][..] } else { &encoded });
            Some((head.location.object, head.subgroup, head.priority))
        }
        _ => None,
    });
    let expected = [(0, 0, 10), (1, 4, 20), (2, 0, 10), (3, 4, 20)];
    let expected = expected.map(|(object, subgroup, priority)| (object, Some(subgroup), priority));
    assert_eq!(told.clone().flatten().collect::<Vec<_>>(), expected);
    assert_eq!(told.count(), expected.len() + 1, "there is more than objects and the end");
    Ok(())
}

async fn a_status_is_no_object(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut writer = pair.track.subgroup(&pair.track.header(5, 0)).await?;
    writer.object(0, payload(5, 0).as_bytes()).await?;
    writer.status(1, ObjectStatus::EndOfGroup).await?;
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    while reader.next().await? != Piece::End {}
    whole_group(&mut pair, 6, 1).await?;
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(5, 0), ALL.1);
    let mut fetch = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    assert_eq!(told(&fetch.all().await?.1), [objects(&[5, 6], 1), vec![Told::End]].concat());
    Ok(())
}

async fn what_an_objects_gaps_name_is_not_told_as_unknown(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    whole_group(&mut pair, 5, 1).await?;
    // Neither groups 6 and 7 nor objects 1 and 2 of group 8 will ever be.
    let header =
        SubgroupHeader { has_properties: true, end_of_group: true, ..pair.track.header(8, 0) };
    let mut writer = pair.track.subgroup(&header).await?;
    for (object, gap) in [(0, PRIOR_GROUP_ID_GAP), (3, PRIOR_OBJECT_ID_GAP)] {
        let properties = Properties::default().with_integer(gap, 2);
        writer.object_with(object, &properties, payload(8, object).as_bytes()).await?;
    }
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    while reader.next().await? != Piece::End {}
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(5, 0), ALL.1);
    let (old, new) = ([Told::Object(5, 0)], [Told::Object(8, 0), Told::Object(8, 3)]);
    let mut up = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    assert_eq!(told(&up.all().await?.1), [&old[..], &new, &[Told::End]].concat());
    let mut down = pair.subscriber.fetch_range(&name, range, descending()).await?;
    assert_eq!(told(&down.all().await?.1), [&new[..], &old, &[Told::End]].concat());
    Ok(())
}

async fn a_range_without_objects_has_a_stream_that_says_so(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    whole_group(&mut pair, 5, 2).await?;
    whole_group(&mut pair, 6, 1).await?;
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(5, 2), Location::new(5, 9));
    let mut fetch = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    assert_eq!(told(&fetch.all().await?.1), [Told::End]);
    Ok(())
}

async fn the_end_of_a_track_is_told(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut writer = pair.track.subgroup(&pair.track.header(5, 0)).await?;
    writer.object(0, payload(5, 0).as_bytes()).await?;
    writer.status(1, ObjectStatus::EndOfTrack).await?;
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    while reader.next().await? != Piece::End {}
    let name = track(TEACHER, "cam/mid");
    let from = Location::new(5, 0);
    let mut fetch =
        pair.subscriber.fetch_range(&name, (from, ALL.1), Parameters::default()).await?;
    let (ok, all) = fetch.all().await?;
    assert!(ok.is_end_of_track);
    assert_eq!(told(&all), [Told::Object(5, 0), Told::End]);
    let mut fetch = pair.subscriber.fetch_range(&name, (from, from), Parameters::default()).await?;
    assert!(!fetch.accepted().await?.is_end_of_track, "there is more behind the range");
    Ok(())
}

async fn what_the_room_publishes_is_fetched_too(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    let name = FullTrackName::new(Namespace::of(&[LESSON]), "state");
    let mut live = student.subscribe(&name, Parameters::default()).await?;
    let snapshot = live.first_object().await?;
    let mut fetch = student.fetch_range(&name, ALL, Parameters::default()).await?;
    let (ok, all) = fetch.all().await?;
    assert!(ok.last >= snapshot.location);
    assert_eq!(ok.properties.priority(), 48);
    let all: Vec<_> = all
        .iter()
        .map(|fetched| match fetched {
            Fetched::Object(head, bytes) => Ok(Some((head.location, bytes.clone()))),
            Fetched::End => Ok(None),
            other => Err(anyhow::anyhow!("the room knows all that it published: {other:?}")),
        })
        .collect::<anyhow::Result<_>>()?;
    assert!(all.contains(&Some((snapshot.location, snapshot.payload))));
    let mut down = student.fetch_range(&name, ALL, descending()).await?;
    assert_eq!(down.all().await?.1.len(), all.len());
    Ok(())
}

async fn what_cannot_be_fetched_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let student = &pair.subscriber;
    let name = track(TEACHER, "cam/mid");
    let asked = student.fetch_range(&name, ALL, Parameters::default()).await;
    assert_eq!(asked?.request.refused().await?.0, RequestCode::InvalidRange, "nothing yet");
    whole_group(&mut pair, 5, 2).await?;
    let student = &pair.subscriber;
    for start in [Location::new(5, 2), Location::new(6, 0)] {
        let asked = student.fetch_range(&name, (start, ALL.1), Parameters::default()).await;
        assert_eq!(asked?.request.refused().await?.0, RequestCode::InvalidRange, "{start:?}");
    }
    for (name, code) in [
        (track(TEACHER, "commands"), RequestCode::Unauthorized),
        (track(STUDENT, "mic"), RequestCode::DoesNotExist),
        (FullTrackName::new(Namespace::of(&[OTHER]), "state"), RequestCode::Unauthorized),
        (FullTrackName::new(Namespace::of(&[".session"]), "x"), RequestCode::DoesNotExist),
    ] {
        let asked = student.fetch_range(&name, ALL, Parameters::default()).await;
        assert_eq!(asked?.request.refused().await?.0, code, "{name}");
    }
    for subscription in [1, 2, 4_000] {
        let what = FetchRange::Relative { subscription, groups: 0 };
        let mut asked = student.fetch(what, Parameters::default()).await?;
        let refused = asked.request.refused().await?.0;
        assert_eq!(refused, RequestCode::InvalidJoiningRequestId, "{subscription}");
    }
    // A refusal leaves the session as it was.
    let mut good = student.fetch_range(&name, ALL, Parameters::default()).await?;
    assert_eq!(last(&good.accepted().await?), (5, 1));
    let properties = TrackProperties::default();
    assert_eq!(pair.subscription.ok.properties, properties);
    Ok(())
}
