//! Objects in datagrams: what goes through, and how speech fares on lines of any kind.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::{Bytes, BytesMut};
use mosaik_link::{Link, LinkSettings, Loss, Outage, Profile};
use mosaik_proto::moqt::{
    Datagram, Location, ObjectStatus, Parameters, Properties, TrackProperties,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    Client, Dialer, Pair, Path, PublishedTrack, Relay, STUDENT, Subscription, TEACHER, metrics,
    over_all, room, track, within,
};
use tokio::time::{MissedTickBehavior, interval};

over_all!(
    datagrams_go_through_with_their_properties_and_status,
    who_floods_a_listener_with_datagrams_silences_nobody,
);

async fn datagrams_go_through_with_their_properties_and_status(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut properties = BytesMut::new();
    Properties::default().with_integer(0x10, 1_795_000_000_000_000).encode(&mut properties);
    let normal = Datagram {
        track_alias: pair.track.alias,
        location: Location::new(3, 9),
        priority: Some(32),
        end_of_group: false,
        properties: properties.freeze(),
        status: ObjectStatus::Normal,
        payload: Bytes::from_static(&[0x5A; 900]),
    };
    let end = Datagram {
        location: Location::new(30, 10),
        priority: None,
        properties: Bytes::new(),
        status: ObjectStatus::EndOfGroup,
        payload: Bytes::new(),
        ..normal.clone()
    };
    let alias = pair.subscription.ok.track_alias;
    for mut sent in [normal, end] {
        // A datagram may be lost even on loopback: others follow until one is there, each in a group
        // of its own since none is forwarded twice.
        let received = loop {
            sent.location.group += 1;
            pair.track.datagram(&sent)?;
            let patience = Duration::from_millis(500);
            let received = tokio::time::timeout(patience, pair.subscription.datagram()).await;
            if let Ok(received) = received {
                let received = received?;
                if received.location == sent.location {
                    break received;
                }
            }
        };
        assert_eq!(received, Datagram { track_alias: alias, ..sent });
    }
    Ok(())
}

/// How long a frame of speech is.
const FRAME: Duration = Duration::from_millis(20);

/// Frames in a group.
const GROUP: u64 = 50;

/// Nobody is heard to have said what is older.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(1);

/// A teacher who speaks, and a student behind a line who listens.
struct Lesson {
    relay: Relay,
    link: Link,
    teacher: Client,
    voice: PublishedTrack,
    student: Client,
    heard: Subscription,
}

impl Lesson {
    async fn over(profile: Profile, path: Path) -> anyhow::Result<Self> {
        let relay = Relay::start()?;
        let to = relay.server().address();
        let link = Link::start_with(&LinkSettings { seed: 7, ..LinkSettings::new(profile, to) })?;
        let mut teacher = relay.join(path, TEACHER).await?;
        teacher.announce(&room(TEACHER)).await?;
        let dialer = Dialer::new(link.address(), relay.server().certificates().hashes());
        let token = relay.token(STUDENT, Role::Viewer)?;
        let student = Client::join(dialer.dial(path).await?, &token).await?;
        let asked = student.ask_for(&track(TEACHER, "mic"), Parameters::default()).await?;
        let voice = teacher.asked_for("mic").await?.accept(1, properties()).await?;
        let heard = student.established(asked).await?;
        Ok(Self { relay, link, teacher, voice, student, heard })
    }
}

fn properties() -> TrackProperties {
    let millis = u64::try_from(DELIVERY_TIMEOUT.as_millis()).unwrap_or(u64::MAX);
    TrackProperties::default().with_priority(32).with_object_delivery_timeout_ms(millis)
}

fn word(number: u64, bytes: usize) -> Datagram {
    Datagram {
        track_alias: 0,
        location: Location::new(1 + number / GROUP, number % GROUP),
        priority: None,
        end_of_group: false,
        properties: Bytes::new(),
        status: ObjectStatus::Normal,
        payload: vec![0x5A; bytes].into(),
    }
}

/// Which word it is.
const fn number(datagram: &Datagram) -> u64 {
    (datagram.location.group - 1) * GROUP + datagram.location.object
}

/// Says `words`, one each 20 ms, and hands each of the listener's arrivals to `hear`.
async fn say(
    voice: &PublishedTrack,
    heard: &mut Subscription,
    words: std::ops::Range<u64>,
    mut hear: impl FnMut(u64),
) -> anyhow::Result<()> {
    let mut pace = interval(FRAME);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for id in words {
        pace.tick().await;
        voice.datagram(&word(id, 80))?;
        while let Some(datagram) = heard.try_datagram() {
            hear(number(&datagram));
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_a_line_loses_is_repeated_over_quic() -> anyhow::Result<()> {
    what_a_line_loses_is_repeated(Path::Quic).await
}

#[tokio::test]
async fn what_a_line_loses_is_repeated_over_webtransport() -> anyhow::Result<()> {
    what_a_line_loses_is_repeated(Path::WebTransport).await
}

async fn what_a_line_loses_is_repeated(path: Path) -> anyhow::Result<()> {
    let mut line = Profile::plain(10_000_000, 10_000_000, Duration::from_millis(30));
    line.down.loss = Loss::Independent(0.05);
    let lesson = Lesson::over(line, path).await?;
    let Lesson { relay, link, voice, mut heard, student: _student, teacher: _teacher } = lesson;
    // As long as it takes until the relay has seen what is lost.
    let mut said = 0;
    let mut came: BTreeMap<u64, u32> = BTreeMap::new();
    let mut count = |id| *came.entry(id).or_default() += 1;
    while metrics(&relay).await?.sum("mosaik_datagrams_repeated_total") < 100.0 {
        assert!(said < 3_000, "nothing is repeated");
        say(&voice, &mut heard, said..said + 50, &mut count).await?;
        said += 50;
    }
    let repeated_from = said;
    say(&voice, &mut heard, said..said + 500, &mut count).await?;
    said += 500;
    assert!(link.stats()?.down.drops.line > 10, "nothing was lost: {:?}", link.stats()?);
    assert!(came.values().all(|times| *times <= 3), "more often than twice again");
    assert!(came.values().any(|times| *times > 1), "nothing came again");
    // The last ones may be under way.
    let missing = (repeated_from..said - 20).filter(|id| !came.contains_key(id)).count();
    // Without repeats it would be 24.
    assert!(missing <= 5, "{missing} words are missing");
    Ok(())
}

#[tokio::test]
async fn what_is_said_in_an_outage_is_not_heard_when_it_has_passed_over_quic() -> anyhow::Result<()>
{
    what_is_said_in_an_outage_is_not_heard_when_it_has_passed(Path::Quic).await
}

#[tokio::test]
async fn what_is_said_in_an_outage_is_not_heard_when_it_has_passed_over_webtransport()
-> anyhow::Result<()> {
    what_is_said_in_an_outage_is_not_heard_when_it_has_passed(Path::WebTransport).await
}

#[tokio::test]
async fn what_is_said_in_an_outage_is_not_heard_when_it_has_passed_over_a_websocket()
-> anyhow::Result<()> {
    what_is_said_in_an_outage_is_not_heard_when_it_has_passed(Path::WebSocket).await
}

async fn what_is_said_in_an_outage_is_not_heard_when_it_has_passed(
    path: Path,
) -> anyhow::Result<()> {
    let mut line = Profile::plain(1_000_000, 1_000_000, Duration::from_millis(30));
    let (from, until) = (Duration::from_secs(4), Duration::from_secs(10));
    line.down.outages.push(Outage { from, until });
    line.up.outages.push(Outage { from, until });
    let began = Instant::now();
    let lesson = Lesson::over(line, path).await?;
    let Lesson { relay: _relay, link: _link, voice, mut heard, student, teacher } = lesson;
    let mut said: Vec<Instant> = Vec::new();
    let mut stale = 0;
    let mut is_back = false;
    let mut pace = interval(FRAME);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for id in 0.. {
        pace.tick().await;
        said.push(Instant::now());
        voice.datagram(&word(id, 80))?;
        while let Some(datagram) = heard.try_datagram() {
            let at = said.get(usize::try_from(number(&datagram))?).context("nobody said that")?;
            let age = at.elapsed();
            is_back |= began.elapsed() > until;
            // It may be handed over when it is as old as it may be, and is under way then.
            stale += u32::from(is_back && age > 2 * DELIVERY_TIMEOUT);
        }
        if is_back && began.elapsed() > until + Duration::from_secs(3) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(40), "the line never came back");
    }
    drop((student, teacher));
    // What TCP was given before the silence was noticed nobody can take back.
    let most = if path == Path::WebSocket { TAKEN_BY_TCP } else { 0 };
    assert!(stale <= most, "{stale} words are stale");
    Ok(())
}

/// Words of two thirds of a second.
const TAKEN_BY_TCP: u32 = 33;

const GUEST: &str = "00000000000000cc";

/// Datagrams that someone floods a track with: more than the line carries.
const FLOOD: usize = 1_000;
const FLOOD_APART: Duration = Duration::from_millis(3);

async fn who_floods_a_listener_with_datagrams_silences_nobody(path: Path) -> anyhow::Result<()> {
    let line = Profile::plain(1_000_000, 1_000_000, Duration::from_millis(30));
    let lesson = Lesson::over(line, path).await?;
    let Lesson { relay, link: _link, voice, student, mut heard, mut teacher } = lesson;
    let mut guest = relay.join(path, GUEST).await?;
    guest.announce(&room(GUEST)).await?;
    let asked = student.ask_for(&track(GUEST, "mic"), Parameters::default()).await?;
    let loud = guest.asked_for("mic").await?.accept(2, properties()).await?;
    let _noise = student.established(asked).await?;
    let flood = tokio::spawn(async move {
        let mut pace = interval(FLOOD_APART);
        for id in 0.. {
            pace.tick().await;
            if loud.datagram(&word(id, FLOOD)).is_err() {
                break;
            }
        }
    });
    let mut came = BTreeSet::new();
    say(&voice, &mut heard, 0..300, |id| _ = came.insert(id)).await?;
    assert!(came.len() > 240, "{} of 300 words", came.len());
    // A stream has its share of the line, too.
    let asked = student.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let slides = teacher.asked_for("cam/mid").await?.accept(3, TrackProperties::default()).await?;
    let mut shown = student.established(asked).await?;
    slides.single(1, b"a picture").await?;
    assert_eq!(within("a picture", shown.first_object()).await??.payload, &b"a picture"[..]);
    flood.abort();
    Ok(())
}

#[tokio::test]
async fn frames_share_a_packet_on_a_thin_line() -> anyhow::Result<()> {
    let line = Profile::plain(1_000_000, 200_000, Duration::from_millis(60));
    let lesson = Lesson::over(line, Path::Quic).await?;
    let Lesson { relay: _relay, link, voice, student, mut heard, mut teacher } = lesson;
    // A picture fills the line, so that the relay learns what it carries.
    let asked = student.ask_for(&track(TEACHER, "cam/mid"), Parameters::default()).await?;
    let slides = teacher.asked_for("cam/mid").await?.accept(3, TrackProperties::default()).await?;
    let mut shown = student.established(asked).await?;
    let image = vec![0x5A; 100_000];
    let (sending, mut last) = (slides.single(1, &image), 0);
    let picture = async { shown.first_object().await };
    let speaking = say(&voice, &mut heard, 0..200, |id| last = id);
    let (sent, picture, said) = tokio::join!(sending, picture, speaking);
    sent?;
    said?;
    assert_eq!(picture?.payload, image);
    assert!(last > 150, "no word behind {last} was heard");
    // Nothing but speech from here on: two frames a packet.
    let packets = || anyhow::Ok(link.stats()?.down.sent_packets);
    let before = packets()?;
    say(&voice, &mut heard, 200..300, |_| {}).await?;
    let sent = packets()? - before;
    assert!(sent < 80, "{sent} packets for 100 words");
    Ok(())
}
