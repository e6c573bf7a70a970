//! Subscribers that do not read, or hardly.

use std::time::Duration;

use bytes::Bytes;
use mosaik_proto::moqt::{AuthToken, ControlMessage, DoneCode, Parameters, SessionCode, Setup};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Pair, Path, Relay, Subscription, TEACHER, open, over_all, track, within,
};
use tokio::time::interval;

over_all!(
    who_reads_nothing_is_ended,
    who_reads_nothing_of_any_group_loses_the_subscription,
    who_has_room_and_reads_nothing_of_any_group_is_ended,
    who_reads_next_to_nothing_loses_the_subscription,
    who_leaves_answers_unread_is_ended
);

/// More than what is on its way to a session, in one group.
static LARGE: [u8; 256 << 10] = [0x5A; 256 << 10];

/// A relay that waits a second for readers.
fn impatient() -> anyhow::Result<Relay> {
    Relay::start_with(&[("reader_timeout", "1")])
}

/// Somebody whose transport takes `window` bytes before they are read.
async fn reader(relay: &Relay, path: Path, window: u32) -> anyhow::Result<Client> {
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    Client::join(relay.dialer().with_receive_window(window).dial(path).await?, &token).await
}

/// Publishes group after group, which `pair`'s subscriber reads.
async fn lesson(pair: &mut Pair) -> anyhow::Result<()> {
    let mut ticks = interval(Duration::from_millis(50));
    for group in 1.. {
        ticks.tick().await;
        pair.track.single(group, &LARGE).await?;
        assert_eq!(pair.subscription.first_object().await?.payload.len(), LARGE.len());
    }
    Ok(())
}

/// Publishes objects of one group that never ends, and `pair`'s subscriber reads them.
async fn long_group(pair: &mut Pair) -> anyhow::Result<()> {
    let mut ticks = interval(Duration::from_millis(50));
    let mut writer = pair.track.group(1).await?;
    let mut reader = None;
    for id in 0.. {
        ticks.tick().await;
        writer.object(id, &LARGE[..40_000]).await?;
        if reader.is_none() {
            reader = Some(pair.subscription.subgroup().await?);
        }
        if let Some(reader) = &mut reader {
            assert_eq!(reader.object().await?.payload.len(), 40_000);
        }
    }
    Ok(())
}

async fn who_reads_nothing_is_ended(path: Path) -> anyhow::Result<()> {
    let relay = impatient()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let unread = reader(&relay, path, 16 << 10).await?;
    // The stream that comes is taken from the transport, and never read.
    let _subscription = unread.subscribe(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let code = tokio::select! {
        code = unread.closed() => code?,
        taught = long_group(&mut pair) => {
            taught?;
            anyhow::bail!("the lesson ended");
        }
    };
    assert_eq!(code, SessionCode::ControlMessageTimeout);
    Ok(())
}

/// Publishes groups of 120 kB in four objects, one in each `pace`, which `pair`'s subscriber reads.
async fn groups(pair: &mut Pair, pace: Duration) -> anyhow::Result<()> {
    let mut ticks = interval(pace);
    for group in 1.. {
        let mut writer = pair.track.group(group).await?;
        for id in 0..4 {
            ticks.tick().await;
            writer.object(id, &LARGE[..30_000]).await?;
        }
        writer.finish()?;
        assert_eq!(pair.subscription.first_object().await?.payload.len(), 30_000);
    }
    Ok(())
}

/// A viewer who takes `window` bytes and never reads anything.
async fn deaf(relay: &Relay, path: Path, window: u32) -> anyhow::Result<Client> {
    let wire = relay.dialer().with_receive_window(window).dial(path).await?;
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    let tokens = vec![AuthToken::value(Bytes::from(token))];
    Client::begin_deaf(wire, Setup { tokens, ..Setup::default() }).await
}

async fn who_reads_nothing_of_any_group_loses_the_subscription(path: Path) -> anyhow::Result<()> {
    let relay = impatient()?;
    let mut pair = Pair::plain(&relay, path).await?;
    // Each group that is given up makes room for so much of the next one: something always moves.
    let deaf = deaf(&relay, path, 8 << 10).await?;
    let mut request = deaf.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let ending = async {
        let answer = request.next_at_leisure().await?;
        anyhow::ensure!(matches!(answer, Some(ControlMessage::SubscribeOk(_))), "{answer:?}");
        request.next_at_leisure().await
    };
    // What it does not take and that it takes nothing are noticed after the same time: it loses the
    // subscription, or the session with it.
    let done = tokio::select! {
        biased;
        code = deaf.closed() => {
            assert_eq!(code?, SessionCode::ControlMessageTimeout);
            return Ok(());
        }
        done = within("PUBLISH_DONE", ending) => done??,
        taught = groups(&mut pair, Duration::from_millis(50)) => {
            taught?;
            anyhow::bail!("the lesson ended");
        }
    };
    assert_too_far_behind(done)
}

async fn who_has_room_and_reads_nothing_of_any_group_is_ended(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start_with(&[("reader_timeout", "3")])?;
    let mut pair = Pair::plain(&relay, path).await?;
    // What a group that is given up makes room for is half of the next one.
    let deaf = deaf(&relay, path, 64 << 10).await?;
    let _request = deaf.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let code = tokio::select! {
        code = deaf.closed() => code?,
        taught = groups(&mut pair, Duration::from_millis(250)) => {
            taught?;
            anyhow::bail!("the lesson ended");
        }
    };
    assert_eq!(code, SessionCode::ControlMessageTimeout);
    Ok(())
}

/// What next to nothing is read of ends like this.
fn assert_too_far_behind(done: Option<ControlMessage>) -> anyhow::Result<()> {
    match done {
        Some(ControlMessage::PublishDone(done)) => {
            assert_eq!(DoneCode::from_wire(done.code), Some(DoneCode::TooFarBehind));
            Ok(())
        }
        other => anyhow::bail!("PUBLISH_DONE was expected: {other:?}"),
    }
}

async fn who_reads_next_to_nothing_loses_the_subscription(path: Path) -> anyhow::Result<()> {
    let relay = impatient()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let slow = reader(&relay, path, 16 << 10).await?;
    let Subscription { mut request, mut subgroups, .. } =
        slow.subscribe(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    // A little of each stream, so that something always moves.
    let reading = async {
        let mut begun = Vec::new();
        while let Some(mut subgroup) = subgroups.recv().await {
            // Most are given up before this much of them is here.
            let _ = subgroup.beginning(1_000).await;
            begun.push(subgroup);
        }
        anyhow::bail!("the session ended")
    };
    let done = tokio::select! {
        done = within("PUBLISH_DONE", request.next_at_leisure()) => done??,
        taught = lesson(&mut pair) => {
            taught?;
            anyhow::bail!("the lesson ended");
        }
        read = reading => return read,
    };
    assert_too_far_behind(done)
}

async fn who_leaves_answers_unread_is_ended(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start_with(&[
        ("reader_timeout", "1"),
        ("session_requests", "10000"),
        ("public_namespace", mosaik_tests::PUBLIC),
    ])?;
    let dialer = relay.dialer().with_receive_window(16 << 10);
    let listener = Client::set_up(dialer.dial(path).await?, Setup::default()).await?;
    let mut listening = listener.listen(&open(&[])).await?;
    listening.accepted().await?;
    // What comes and goes from here on is news that is never read.
    let publisher = relay.visit(path).await?;
    let long = "x".repeat(4_000);
    let come_and_go = async {
        loop {
            let mut announced = publisher.ask_to_announce(&open(&[&long])).await?;
            announced.accepted().await?;
            announced.cancel();
        }
    };
    let code = tokio::select! {
        code = listener.closed() => code?,
        ended = come_and_go => {
            let ended: anyhow::Result<()> = ended;
            ended?;
            anyhow::bail!("the publisher ended");
        }
    };
    assert_eq!(code, SessionCode::ControlMessageTimeout);
    Ok(())
}
