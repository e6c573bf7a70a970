//! What is too old is not sent: OBJECT_DELIVERY_TIMEOUT and SUBGROUP_DELIVERY_TIMEOUT.

use std::time::{Duration, Instant};

use mosaik_proto::moqt::{Parameters, ResetCode, Setup, TrackProperties};
use mosaik_tests::{
    Client, PATIENCE, Path, Piece, PublishedTrack, Relay, Subscription, eventually, open_track,
    over_all,
};

over_all!(
    an_object_that_waited_too_long_is_not_sent,
    the_subscribers_timeout_counts_when_it_is_the_smaller_one,
    a_timeout_of_zero_is_none,
    a_finished_subgroup_that_does_not_arrive_in_time_is_reset,
    a_timeout_can_be_set_later
);

/// What the slow subscriber takes before it reads.
const WINDOW: u32 = 16 << 10;

/// Objects that do not fit into the window.
static LARGE: [u8; 64 << 10] = [0x5A; 64 << 10];

/// Objects of one group.
const OBJECTS: u64 = 8;

/// A publisher, and a subscriber that reads nothing on its own.
struct Slow {
    track: PublishedTrack,
    subscriber: Client,
    subscription: Subscription,
    _publisher: Client,
    _relay: Relay,
}

impl Slow {
    async fn new(
        path: Path,
        properties: TrackProperties,
        asked: Parameters,
    ) -> anyhow::Result<Self> {
        let relay = Relay::public()?;
        let publisher = relay.visit(path).await?;
        let name = open_track(&["a"], "t");
        let track = PublishedTrack::offer(&publisher, name.clone(), 1, properties).await?;
        let wire = relay.dialer().with_receive_window(WINDOW).dial(path).await?;
        let subscriber = Client::set_up(wire, Setup::default()).await?;
        let subscription = subscriber.subscribe(&name, asked).await?;
        Ok(Self { track, subscriber, subscription, _publisher: publisher, _relay: relay })
    }

    /// Publishes a whole group, waits until it is `age` old, reads what comes of it, and says how
    /// many objects that were and how it ended.
    async fn read_at(&mut self, age: Duration) -> anyhow::Result<(u64, Piece)> {
        let mut writer = self.track.group(1).await?;
        for id in 0..OBJECTS {
            writer.object(id, &LARGE).await?;
        }
        writer.finish_and_wait().await?;
        let begun = Instant::now();
        eventually("the objects are old", PATIENCE, || begun.elapsed() > age).await?;
        let mut reader = self.subscription.subgroup().await?;
        let mut objects = 0;
        loop {
            match reader.next().await? {
                Piece::Object(_) => objects += 1,
                end => return Ok((objects, end)),
            }
        }
    }
}

const TIMED_OUT: Piece = Piece::Reset(Some(ResetCode::DeliveryTimeout.get()));

const OLD: Duration = Duration::from_millis(300);

fn object_timeout(ms: u64) -> Parameters {
    Parameters { object_delivery_timeout: Some(ms), ..Parameters::default() }
}

fn subgroup_timeout(ms: u64) -> Parameters {
    Parameters { subgroup_delivery_timeout: Some(ms), ..Parameters::default() }
}

async fn an_object_that_waited_too_long_is_not_sent(path: Path) -> anyhow::Result<()> {
    let properties = TrackProperties::default().with_object_delivery_timeout_ms(100);
    let mut slow = Slow::new(path, properties, Parameters::default()).await?;
    let (objects, end) = slow.read_at(OLD).await?;
    assert_eq!(end, TIMED_OUT);
    assert!(objects < OBJECTS, "all of them came");
    Ok(())
}

async fn the_subscribers_timeout_counts_when_it_is_the_smaller_one(
    path: Path,
) -> anyhow::Result<()> {
    let properties = TrackProperties::default().with_object_delivery_timeout_ms(60_000);
    let mut slow = Slow::new(path, properties.clone(), object_timeout(100)).await?;
    assert_eq!(slow.read_at(OLD).await?.1, TIMED_OUT);
    let mut slow = Slow::new(path, properties, object_timeout(90_000)).await?;
    assert_eq!(slow.read_at(OLD).await?, (OBJECTS, Piece::End));
    Ok(())
}

async fn a_timeout_of_zero_is_none(path: Path) -> anyhow::Result<()> {
    let properties = TrackProperties::default()
        .with_object_delivery_timeout_ms(0)
        .with_subgroup_delivery_timeout_ms(0);
    let zero = Parameters { subgroup_delivery_timeout: Some(0), ..object_timeout(0) };
    let mut slow = Slow::new(path, properties, zero).await?;
    assert_eq!(slow.read_at(OLD).await?, (OBJECTS, Piece::End));
    Ok(())
}

async fn a_finished_subgroup_that_does_not_arrive_in_time_is_reset(
    path: Path,
) -> anyhow::Result<()> {
    let mut slow = Slow::new(path, TrackProperties::default(), subgroup_timeout(100)).await?;
    assert_eq!(slow.read_at(OLD).await?.1, TIMED_OUT);
    let properties = TrackProperties::default().with_subgroup_delivery_timeout_ms(100);
    let mut slow = Slow::new(path, properties, subgroup_timeout(60_000)).await?;
    assert_eq!(slow.read_at(OLD).await?.1, TIMED_OUT);
    Ok(())
}

async fn a_timeout_can_be_set_later(path: Path) -> anyhow::Result<()> {
    let mut slow = Slow::new(path, TrackProperties::default(), Parameters::default()).await?;
    slow.subscription.update(&slow.subscriber, object_timeout(100)).await?;
    assert_eq!(slow.read_at(OLD).await?.1, TIMED_OUT);
    Ok(())
}
