//! How a fetch ends before everything was told, and what does not end it.

use mosaik_proto::moqt::{Location, Parameters, ResetCode, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Fetched, PATIENCE, Pair, Path, Relay, TEACHER, over_all, room, track, within,
};

use super::{ALL, Told, objects, told, whole_group};

over_all!(
    a_cancelled_fetch_takes_its_stream_and_the_publishers_with_it,
    a_stopped_stream_takes_its_request_with_it,
    a_request_that_says_nothing_more_is_served,
    a_priority_may_change_and_nothing_else_does,
    who_does_not_read_loses_the_fetch_and_nothing_else
);

/// What one who reads slowly takes before it reads.
const WINDOW: u32 = 16 << 10;

static LARGE: [u8; 64 << 10] = [0x5A; 64 << 10];

/// A session of someone who takes little at a time.
async fn slow(relay: &Relay, path: Path) -> anyhow::Result<Client> {
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    Client::join(relay.dialer().with_receive_window(WINDOW).dial(path).await?, &token).await
}

/// Publishes a group that is more than a slow reader takes.
async fn large_group(pair: &mut Pair, group: u64) -> anyhow::Result<()> {
    let mut writer = pair.track.group(group).await?;
    for object in 0..8 {
        writer.object(object, &LARGE).await?;
    }
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    for _ in 0..8 {
        reader.object().await?;
    }
    Ok(())
}

async fn a_cancelled_fetch_takes_its_stream_and_the_publishers_with_it(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    teacher.answer_fetches();
    let student = relay.join(path, "00000000000000bb").await?;
    let name = track(TEACHER, "screen/high");
    let mut past = student.fetch_range(&name, ALL, Parameters::default()).await?;
    let mut asked = teacher.asked_to_fetch().await?;
    asked.accept(Location::new(3, 9), TrackProperties::default()).await?;
    let mut sender = asked.stream().await?;
    sender.object(Location::new(3, 0), super::payload(3, 0).as_bytes()).await?;
    past.accepted().await?;
    let mut reader = past.objects().await?;
    assert_eq!(told(&[reader.next().await?]), [Told::Object(3, 0)]);
    past.request.cancel();
    assert_eq!(reader.next().await?, Fetched::Reset(Some(ResetCode::Cancelled.get())));
    sender.stopped().await?;
    assert!(asked.request.next().await?.is_none(), "the relay's own request is still there");
    Ok(())
}

async fn a_stopped_stream_takes_its_request_with_it(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    large_group(&mut pair, 1).await?;
    let slow = slow(&relay, path).await?;
    let range = (Location::new(1, 0), Location::new(1, 7));
    let name = track(TEACHER, "cam/mid");
    let mut past = slow.fetch_range(&name, range, Parameters::default()).await?;
    past.accepted().await?;
    past.objects().await?.stop(ResetCode::Cancelled.get());
    assert!(past.request.next().await?.is_none());
    // There is room for another one, which is served.
    let mut again = slow.fetch_range(&name, range, Parameters::default()).await?;
    assert_eq!(again.all().await?.1.len(), 9);
    Ok(())
}

async fn a_request_that_says_nothing_more_is_served(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    large_group(&mut pair, 1).await?;
    let slow = slow(&relay, path).await?;
    let range = (Location::new(1, 0), Location::new(1, 7));
    let name = track(TEACHER, "cam/mid");
    let mut past = slow.fetch_range(&name, range, Parameters::default()).await?;
    past.request.finish()?;
    past.request.heard_out().await?;
    assert_eq!(past.all().await?.1.len(), 9);
    Ok(())
}

async fn a_priority_may_change_and_nothing_else_does(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    large_group(&mut pair, 1).await?;
    let slow = slow(&relay, path).await?;
    let range = (Location::new(1, 0), Location::new(1, 7));
    let name = track(TEACHER, "cam/mid");
    let mut past = slow.fetch_range(&name, range, Parameters::default()).await?;
    past.accepted().await?;
    let urgent = Parameters { subscriber_priority: Some(3), ..Parameters::default() };
    past.request.ask_to_update(&slow, urgent).await?;
    past.request.accepted().await?;
    let all = past.objects().await?.all().await?;
    assert_eq!(all.len(), 9);
    assert_eq!(all.last(), Some(&Fetched::End));
    Ok(())
}

async fn who_does_not_read_loses_the_fetch_and_nothing_else(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    large_group(&mut pair, 1).await?;
    let slow = slow(&relay, path).await?;
    let range = (Location::new(1, 0), Location::new(1, 7));
    let name = track(TEACHER, "cam/mid");
    let mut past = slow.fetch_range(&name, range, Parameters::default()).await?;
    past.accepted().await?;
    let mut unread = past.objects().await?;
    // Its time is 10 s, which is most of what one wait may take.
    let given_up = within("a reset", unread.given_up()).await??;
    assert_eq!(given_up, Some(ResetCode::TooFarBehind.get()), "within {PATIENCE:?}");
    whole_group(&mut pair, 2, 1).await?;
    let next = (Location::new(2, 0), ALL.1);
    let mut past = slow.fetch_range(&name, next, Parameters::default()).await?;
    assert_eq!(told(&past.all().await?.1), [objects(&[2], 1), vec![Told::End]].concat());
    Ok(())
}
