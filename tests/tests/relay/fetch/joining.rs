//! Joining FETCH: it and its subscription bring every object once, whatever is published meanwhile.

use mosaik_proto::moqt::{
    ControlMessage, FetchRange, Filter, Location, ObjectId, Parameters, Properties, RequestCode,
    Subscribe, TrackProperties,
};
use mosaik_tests::{
    Client, FetchRequest, Pair, Path, Piece, Relay, Request, STUDENT, Subscription, TEACHER,
    over_all, room, track,
};

use super::{Told, descending, last, objects, payload, told, whole_group};

over_all!(
    what_was_published_before_and_after_comes_once,
    newest_groups_come_first_where_that_is_asked_for,
    a_subscription_that_begins_earlier_brings_its_part,
    a_join_waits_for_its_subscription,
    a_join_may_overtake_its_subscription,
    what_cannot_be_joined_is_refused
);

/// A late joiner.
const LATE: &str = "00000000000000cc";

/// SUBSCRIBE whose request ID is known.
async fn ask(client: &Client, request_id: u64, parameters: Parameters) -> anyhow::Result<Request> {
    let name = track(TEACHER, "cam/mid");
    client.request(&ControlMessage::Subscribe(Subscribe { request_id, name, parameters })).await
}

fn from_largest() -> Parameters {
    Parameters { filter: Some(Filter::LargestObject), ..Parameters::default() }
}

/// Groups 5 to 7 whole, and the first three objects of group 8, which goes on.
async fn lesson(relay: &Relay, path: Path) -> anyhow::Result<(Pair, mosaik_tests::SubgroupWriter)> {
    let mut pair = Pair::plain(relay, path).await?;
    for group in 5..8 {
        whole_group(&mut pair, group, 2).await?;
    }
    let mut writer = pair.track.subgroup(&pair.track.header(8, 0)).await?;
    for object in 0..3 {
        writer.object(object, payload(8, object).as_bytes()).await?;
    }
    let mut reader = pair.subscription.subgroup().await?;
    for _ in 0..3 {
        reader.object().await?;
    }
    Ok((pair, writer))
}

async fn what_was_published_before_and_after_comes_once(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (mut pair, mut writer) = lesson(&relay, path).await?;
    let late = relay.join(path, LATE).await?;
    let id = late.next_id();
    let request = ask(&late, id, from_largest()).await?;
    let mut live = late.established(request).await?;
    assert_eq!(live.ok.parameters.largest, Some(Location::new(8, 2)));

    // The lesson goes on between the two requests, and after them.
    writer.object(3, payload(8, 3).as_bytes()).await?;
    let first = live.first_object().await?;
    assert_eq!(first.location, Location::new(8, 3));
    let what = FetchRange::Relative { subscription: id, groups: 1 };
    let mut past = late.fetch(what, Parameters::default()).await?;
    writer.object(4, payload(8, 4).as_bytes()).await?;
    writer.finish()?;
    whole_group(&mut pair, 9, 2).await?;

    let (ok, all) = past.all().await?;
    assert_eq!(last(&ok), (8, 2), "the past ends where the subscription began");
    let past = [objects(&[7], 2), objects(&[8], 3), vec![Told::End]].concat();
    assert_eq!(told(&all), past);
    let mut next = live.subgroup().await?;
    assert_eq!(next.header.group, 9);
    assert_eq!(next.object().await?.location, Location::new(9, 0));
    Ok(())
}

async fn newest_groups_come_first_where_that_is_asked_for(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (_pair, _writer) = lesson(&relay, path).await?;
    let late = relay.join(path, LATE).await?;
    let id = late.next_id();
    let request = ask(&late, id, from_largest()).await?;
    let _live = late.established(request).await?;
    let what = FetchRange::Absolute { subscription: id, group: 7 };
    let mut past = late.fetch(what, descending()).await?;
    let expected = [objects(&[8], 3), objects(&[7], 2), vec![Told::End]].concat();
    assert_eq!(told(&past.all().await?.1), expected);
    Ok(())
}

/// Without a filter a subscription begins with the newest group, which the fetch then leaves to it.
async fn a_subscription_that_begins_earlier_brings_its_part(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (_pair, _writer) = lesson(&relay, path).await?;
    let late = relay.join(path, LATE).await?;
    let id = late.next_id();
    let request = ask(&late, id, Parameters::default()).await?;
    let mut live = late.established(request).await?;
    let what = FetchRange::Relative { subscription: id, groups: 1 };
    let mut up = late.fetch(what.clone(), Parameters::default()).await?;
    let (ok, all) = up.all().await?;
    assert_eq!(last(&ok), (8, 2));
    let left_out = Told::Unknown(8, 2);
    // That group 7 has no more is known, so it is told apart.
    let rest = vec![Told::Absent(7, ObjectId::MAX), left_out, Told::End];
    assert_eq!(told(&all), [objects(&[7], 2), rest].concat());
    let mut down = late.fetch(what, descending()).await?;
    let expected = [vec![left_out], objects(&[7], 2), vec![Told::End]].concat();
    assert_eq!(told(&down.all().await?.1), expected);
    let mut newest = live.subgroup().await?;
    for object in 0..3 {
        assert_eq!(newest.object().await?.location, Location::new(8, object));
    }
    Ok(())
}

/// Everything that a fetch through to the publisher brings, which answers with two objects.
async fn through(
    teacher: &mut Client,
    past: &mut FetchRequest,
) -> anyhow::Result<(Location, Location)> {
    let mut asked = teacher.asked_to_fetch().await?;
    let (start, end) = asked.range()?;
    asked.accept(end, TrackProperties::default()).await?;
    let mut sender = asked.stream().await?;
    for object in 0..2 {
        sender.object(Location::new(3, object), payload(3, object).as_bytes()).await?;
    }
    sender.finish()?;
    let (ok, all) = past.all().await?;
    assert_eq!(last(&ok), (3, 1));
    assert_eq!(told(&all), [objects(&[3], 2), vec![Told::End]].concat());
    Ok((start, end))
}

async fn a_join_waits_for_its_subscription(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    teacher.answer_fetches();
    let student = relay.join(path, STUDENT).await?;
    let id = student.next_id();
    let request = ask(&student, id, from_largest()).await?;
    let asked = teacher.asked_for("cam/mid").await?;
    let what = FetchRange::Relative { subscription: id, groups: 1 };
    let mut past = student.fetch(what, Parameters::default()).await?;
    let largest = Parameters { largest: Some(Location::new(3, 1)), ..Parameters::default() };
    let published = asked.accept_with(7, largest, TrackProperties::default()).await?;
    let mut live = student.established(request).await?;
    let (start, end) = through(&mut teacher, &mut past).await?;
    assert_eq!((start, end), (Location::new(2, 0), Location::new(3, 1)));
    let mut writer = published.group(3).await?;
    writer.object_with(2, &Properties::default(), b"new").await?;
    assert_eq!(live.first_object().await?.location, Location::new(3, 2));
    Ok(())
}

/// The two travel on streams of their own.
async fn a_join_may_overtake_its_subscription(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let (_pair, _writer) = lesson(&relay, path).await?;
    let late = relay.join(path, LATE).await?;
    let id = late.next_id();
    let what = FetchRange::Relative { subscription: id, groups: 0 };
    let mut past = late.fetch(what, Parameters::default()).await?;
    let request = ask(&late, id, from_largest()).await?;
    let _live: Subscription = late.established(request).await?;
    assert_eq!(told(&past.all().await?.1), [objects(&[8], 3), vec![Told::End]].concat());
    Ok(())
}

async fn what_cannot_be_joined_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let late = relay.join(path, LATE).await?;
    let id = late.next_id();
    let request = ask(&late, id, Parameters { forward: Some(false), ..from_largest() }).await?;
    let mut live = late.established(request).await?;
    let refused = async |what: FetchRange| {
        let mut past = late.fetch(what, Parameters::default()).await?;
        anyhow::Ok(past.request.refused().await?.0)
    };
    let relative = FetchRange::Relative { subscription: id, groups: 0 };
    assert_eq!(refused(relative.clone()).await?, RequestCode::InvalidRange, "Forward State 0");
    let forward = Parameters { forward: Some(true), ..Parameters::default() };
    live.update(&late, forward.clone()).await?;
    assert_eq!(refused(relative.clone()).await?, RequestCode::InvalidRange, "nothing to join");

    whole_group(&mut pair, 5, 2).await?;
    live.update(&late, Parameters { forward: Some(false), ..Parameters::default() }).await?;
    let ok = live.update(&late, forward).await?;
    assert_eq!(ok.parameters.largest, Some(Location::new(5, 1)));
    let beyond = FetchRange::Absolute { subscription: id, group: 6 };
    assert_eq!(refused(beyond).await?, RequestCode::InvalidRange, "behind where it joined");
    let mut past = late.fetch(relative.clone(), Parameters::default()).await?;
    assert_eq!(last(&past.accepted().await?), (5, 1), "it joined when it was resumed");

    live.cancel();
    let mut gone = refused(relative.clone()).await?;
    while gone != RequestCode::InvalidJoiningRequestId {
        // The cancellation travels on a stream of its own.
        assert_eq!(gone, RequestCode::InvalidRange);
        gone = refused(relative.clone()).await?;
    }
    let mut writer = pair.track.group(6).await?;
    writer.object(0, b"on").await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert!(matches!(reader.next().await?, Piece::Object(_)), "the others go on");
    Ok(())
}
