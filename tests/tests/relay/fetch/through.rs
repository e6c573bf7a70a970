//! What the log has not comes from the publisher, as it comes and no faster than it is taken.

use std::time::Duration;

use bytes::Bytes;
use mosaik_proto::moqt::{
    FetchOk, Gap, Location, ObjectId, Parameters, RequestCode, ResetCode, SessionCode,
    TrackProperties,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Fetched, Pair, Path, Relay, STUDENT, TEACHER, eventually, over_all, room, track,
};

use super::{ALL, Told, descending, last, objects, payload, told, whole_group};

over_all!(
    groups_that_the_relay_dropped_come_from_the_publisher,
    what_nobody_knows_is_told_as_unknown,
    a_track_that_nobody_watches_is_fetched_from_its_publisher,
    a_publisher_is_not_read_faster_than_its_objects_are_taken,
    a_publisher_that_leaves_within_an_object_breaks_the_fetch,
    a_publisher_that_breaks_the_protocol_ends_its_own_session,
    an_answer_that_ends_before_it_starts_ends_its_session,
    a_mandatory_property_is_not_passed_on
);

/// Six groups of which the relay keeps the last three.
async fn long_lesson(relay: &Relay, path: Path) -> anyhow::Result<Pair> {
    let mut pair = Pair::plain(relay, path).await?;
    for group in 1..7 {
        whole_group(&mut pair, group, 2).await?;
    }
    pair.publisher.answer_fetches();
    Ok(pair)
}

async fn groups_that_the_relay_dropped_come_from_the_publisher(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = long_lesson(&relay, path).await?;
    let name = track(TEACHER, "cam/mid");
    for (parameters, groups, dropped) in [
        (Parameters::default(), [1, 2, 3, 4, 5, 6], [1, 2, 3]),
        (descending(), [6, 5, 4, 3, 2, 1], [3, 2, 1]),
    ] {
        let range = (Location::new(1, 0), ALL.1);
        let mut past = pair.subscriber.fetch_range(&name, range, parameters).await?;
        let mut asked = pair.publisher.asked_to_fetch().await?;
        assert_eq!(asked.range()?, (Location::new(1, 0), Location::new(3, ObjectId::MAX)));
        let mut sender = asked.stream().await?;
        for group in dropped {
            for object in 0..2 {
                let at = Location::new(group, object);
                sender.object(at, payload(group, object).as_bytes()).await?;
            }
        }
        sender.finish()?;
        asked.accept(Location::new(3, ObjectId::MAX), TrackProperties::default()).await?;
        let (ok, all) = past.all().await?;
        assert_eq!(last(&ok), (6, 1));
        assert_eq!(told(&all), [objects(&groups, 2), vec![Told::End]].concat());
    }
    Ok(())
}

async fn what_nobody_knows_is_told_as_unknown(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = long_lesson(&relay, path).await?;
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(1, 0), ALL.1);
    let rest = [objects(&[4, 5, 6], 2), vec![Told::End]].concat();
    let unknown = vec![Told::Unknown(3, ObjectId::MAX)];

    let mut past = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    pair.publisher.asked_to_fetch().await?.refuse(RequestCode::NotSupported).await?;
    assert_eq!(told(&past.all().await?.1), [unknown.clone(), rest.clone()].concat());

    // It answers half of it and says that it does not know the rest.
    let mut past = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    let mut asked = pair.publisher.asked_to_fetch().await?;
    asked.accept(Location::new(3, ObjectId::MAX), TrackProperties::default()).await?;
    let mut sender = asked.stream().await?;
    sender.object(Location::new(2, 1), payload(2, 1).as_bytes()).await?;
    sender.gap(Gap::Unknown, Location::new(3, ObjectId::MAX)).await?;
    sender.finish()?;
    let half = vec![Told::Object(2, 1)];
    assert_eq!(told(&past.all().await?.1), [half.clone(), unknown.clone(), rest.clone()].concat());

    // It answers half of it and gives up.
    let mut past = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    let mut asked = pair.publisher.asked_to_fetch().await?;
    asked.accept(Location::new(3, ObjectId::MAX), TrackProperties::default()).await?;
    let mut sender = asked.stream().await?;
    sender.object(Location::new(2, 1), payload(2, 1).as_bytes()).await?;
    past.accepted().await?;
    let mut reader = past.objects().await?;
    assert_eq!(told(&[reader.next().await?]), half);
    sender.reset(ResetCode::InternalError);
    assert_eq!(told(&reader.all().await?), [unknown.clone(), rest.clone()].concat());

    // It says nothing for as long as the subscriber is willing to wait.
    let soon = Parameters { fill_timeout: Some(200), ..Parameters::default() };
    let mut past = pair.subscriber.fetch_range(&name, range, soon).await?;
    let mut asked = pair.publisher.asked_to_fetch().await?;
    assert_eq!(told(&past.all().await?.1), [unknown, rest].concat());
    assert!(asked.request.next().await?.is_none(), "nobody waits for it any more");
    Ok(())
}

/// A teacher who answers FETCH for tracks that nobody is subscribed to, and a student.
async fn two(relay: &Relay, path: Path) -> anyhow::Result<(Client, Client)> {
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    teacher.answer_fetches();
    Ok((teacher, relay.join(path, STUDENT).await?))
}

async fn a_track_that_nobody_watches_is_fetched_from_its_publisher(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = two(&relay, path).await?;
    let name = track(TEACHER, "screen/high");
    let mut past = student.fetch_range(&name, ALL, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    assert_eq!(asked.range()?, ALL);
    let properties = TrackProperties::default().with_priority(77);
    asked.accept(Location::new(3, 1), properties.clone()).await?;
    let FetchOk { last, properties: passed, .. } = past.accepted().await?;
    assert_eq!((last, passed), (Location::new(3, 1), properties));
    let mut sender = asked.stream().await?;
    let mut reader = None;
    for object in 0..2 {
        sender.object(Location::new(3, object), payload(3, object).as_bytes()).await?;
        // Each is passed on before the next one is there.
        if reader.is_none() {
            reader = Some(past.objects().await?);
        }
        if let Some(reader) = &mut reader {
            assert_eq!(told(&[reader.next().await?]), [Told::Object(3, object)]);
        }
    }
    sender.finish()?;
    let end = match &mut reader {
        Some(reader) => reader.next().await?,
        None => anyhow::bail!("nothing was passed on"),
    };
    assert_eq!(end, Fetched::End);

    for code in [RequestCode::InvalidRange, RequestCode::DoesNotExist, RequestCode::Unauthorized] {
        let mut past = student.fetch_range(&name, ALL, Parameters::default()).await?;
        teacher.asked_to_fetch().await?.refuse(code).await?;
        assert_eq!(past.request.refused().await?.0, code);
    }
    Ok(())
}

async fn a_publisher_is_not_read_faster_than_its_objects_are_taken(
    path: Path,
) -> anyhow::Result<()> {
    const OBJECTS: u64 = 64;
    static LARGE: [u8; 256 << 10] = [0x5A; 256 << 10];
    let relay = Relay::start()?;
    let (mut teacher, _) = two(&relay, path).await?;
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    let wire = relay.dialer().with_receive_window(64 << 10).dial(path).await?;
    let slow = Client::join(wire, &token).await?;
    let name = track(TEACHER, "screen/high");
    let mut past = slow.fetch_range(&name, ALL, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    asked.accept(Location::new(1, OBJECTS - 1), TrackProperties::default()).await?;
    past.accepted().await?;
    let mut sender = asked.stream().await?;
    let written = std::cell::Cell::new(0);
    let writing = async {
        for object in 0..OBJECTS {
            sender.object(Location::new(1, object), &LARGE).await?;
            written.set(object + 1);
        }
        sender.finish()
    };
    let reading = async {
        let mut reader = past.objects().await?;
        // 16 MiB are to be sent, and the windows on the way hold less than 6 MiB: one that stood
        // still for a while is held back.
        let mut before = (0, tokio::time::Instant::now());
        eventually("the publisher stands still", Duration::from_secs(9), || {
            if before.0 != written.get() || written.get() == 0 {
                before = (written.get(), tokio::time::Instant::now());
            }
            before.1.elapsed() > Duration::from_millis(500)
        })
        .await?;
        assert!(written.get() < OBJECTS / 2, "{} objects are somewhere", written.get());
        for object in 0..OBJECTS {
            match reader.next().await? {
                Fetched::Object(head, bytes) => {
                    assert_eq!((head.location, &bytes[..]), (Location::new(1, object), &LARGE[..]));
                }
                other => anyhow::bail!("object {object} was expected: {other:?}"),
            }
        }
        assert_eq!(reader.next().await?, Fetched::End);
        Ok(())
    };
    tokio::try_join!(writing, reading)?;
    Ok(())
}

async fn a_publisher_that_leaves_within_an_object_breaks_the_fetch(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = two(&relay, path).await?;
    let name = track(TEACHER, "screen/high");
    let mut past = student.fetch_range(&name, ALL, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    asked.accept(Location::new(3, 1), TrackProperties::default()).await?;
    let mut sender = asked.stream().await?;
    sender.object(Location::new(3, 0), payload(3, 0).as_bytes()).await?;
    sender.begin(Location::new(3, 1), 1000).await?;
    sender.write(Bytes::from_static(b"half")).await?;
    past.accepted().await?;
    let mut reader = past.objects().await?;
    assert_eq!(told(&[reader.next().await?]), [Told::Object(3, 0)]);
    teacher.leave();
    let code = Some(ResetCode::UnknownObjectStatus.get());
    assert_eq!(reader.next().await?, Fetched::Reset(code));
    assert!(past.request.next().await?.is_none());
    Ok(())
}

async fn a_publisher_that_breaks_the_protocol_ends_its_own_session(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = long_lesson(&relay, path).await?;
    let name = track(TEACHER, "cam/mid");
    let range = (Location::new(1, 0), ALL.1);
    let mut past = pair.subscriber.fetch_range(&name, range, Parameters::default()).await?;
    let asked = pair.publisher.asked_to_fetch().await?;
    let mut sender = asked.stream().await?;
    // The first object refers to one before it.
    sender.write(Bytes::from_static(&[0x00, 0])).await?;
    assert_eq!(pair.publisher.closed().await?, SessionCode::ProtocolViolation);
    let rest = [objects(&[4, 5, 6], 2), vec![Told::End]].concat();
    let unknown = vec![Told::Unknown(3, ObjectId::MAX)];
    assert_eq!(told(&past.all().await?.1), [unknown, rest].concat(), "the log is still there");
    Ok(())
}

async fn an_answer_that_ends_before_it_starts_ends_its_session(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = two(&relay, path).await?;
    let name = track(TEACHER, "screen/high");
    let range = (Location::new(3, 1), ALL.1);
    let mut past = student.fetch_range(&name, range, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    asked.accept(Location::new(3, 0), TrackProperties::default()).await?;
    assert_eq!(teacher.closed().await?, SessionCode::ProtocolViolation);
    past.request.refused().await?;
    Ok(())
}

async fn a_mandatory_property_is_not_passed_on(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut teacher, student) = two(&relay, path).await?;
    let name = track(TEACHER, "screen/high");
    let mut past = student.fetch_range(&name, ALL, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    let properties = TrackProperties::default().with_integer(0x4000, 1);
    asked.accept(Location::new(3, 1), properties).await?;
    assert_eq!(past.request.refused().await?.0, RequestCode::UnsupportedExtension);
    assert!(asked.request.next().await?.is_none(), "the relay cancels its own");
    Ok(())
}
