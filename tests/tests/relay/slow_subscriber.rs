//! Who does not read fast enough skips to the newest group; nobody else notices.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{Parameters, ResetCode, TrackProperties};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, PATIENCE, Pair, Path, Piece, Relay, STUDENT, TEACHER, eventually, over_all, track,
};

over_all!(a_late_group_is_given_up_for_the_newest_one, groups_that_the_relay_dropped_are_given_up);

/// What the slow one takes before it reads: less than one object.
const WINDOW: u32 = 16 << 10;

/// OBJECT_DELIVERY_TIMEOUT of the track.
const TIMEOUT: Duration = Duration::from_millis(500);

/// Objects that do not fit into the window.
static LARGE: [u8; 64 << 10] = [0x5A; 64 << 10];

async fn slow_client(relay: &Relay, path: Path) -> anyhow::Result<Client> {
    let token = relay.token("00000000000000cc", Role::Viewer)?;
    Client::join(relay.dialer().with_receive_window(WINDOW).dial(path).await?, &token).await
}

/// Publishes a group and reads it on the fast side.
async fn whole_group(pair: &mut Pair, group: u64, objects: u64) -> anyhow::Result<()> {
    let mut writer = pair.track.group(group).await?;
    let writing = async {
        for id in 0..objects {
            writer.object(id, &LARGE).await?;
        }
        writer.finish()
    };
    let reading = async {
        let mut reader = pair.subscription.subgroup().await?;
        for _ in 0..objects {
            assert_eq!(reader.object().await?.payload, &LARGE[..]);
        }
        assert_eq!(reader.next().await?, Piece::End, "the fast one was held up");
        anyhow::Ok(())
    };
    tokio::try_join!(writing, reading)?;
    Ok(())
}

async fn a_late_group_is_given_up_for_the_newest_one(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let properties = TrackProperties::default().with_object_delivery_timeout_ms(500);
    let mut pair = Pair::of(&relay, path, (TEACHER, STUDENT), properties).await?;
    let slow = slow_client(&relay, path).await?;
    let mut skipping = slow.subscribe(&track(TEACHER, "cam/mid"), Parameters::default()).await?;

    whole_group(&mut pair, 1, 8).await?;
    let mut old = skipping.subgroup().await?;
    assert_eq!(old.header.group, 1);
    let published = Instant::now();
    eventually("group 1 is late", PATIENCE, || published.elapsed() > TIMEOUT).await?;
    whole_group(&mut pair, 2, 1).await?;
    assert_eq!(old.given_up().await?, Some(ResetCode::DeliveryTimeout.get()));

    let mut newest = skipping.subgroup().await?;
    assert_eq!(newest.header.group, 2);
    assert_eq!(newest.object().await?.payload, &LARGE[..]);
    assert_eq!(newest.next().await?, Piece::End);
    Ok(())
}

async fn groups_that_the_relay_dropped_are_given_up(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let slow = slow_client(&relay, path).await?;
    let mut skipping = slow.subscribe(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    whole_group(&mut pair, 1, 4).await?;
    let mut old = skipping.subgroup().await?;
    assert_eq!(old.header.group, 1);
    // The relay keeps a few groups; with many more of them the first one is gone.
    for group in 2..12 {
        whole_group(&mut pair, group, 1).await?;
    }
    assert_eq!(old.given_up().await?, Some(ResetCode::TooFarBehind.get()));
    loop {
        let mut reader = skipping.subgroup().await?;
        if reader.header.group == 11 {
            assert_eq!(reader.object().await?.payload, &LARGE[..]);
            return Ok(());
        }
        // Read what still comes, so that the window opens again.
        while let Piece::Object(_) = reader.next().await? {}
    }
}
