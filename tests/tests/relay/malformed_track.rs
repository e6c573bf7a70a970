//! A track that breaks the rules of tracks ends for its subscribers, and nothing else does.

use mosaik_proto::moqt::{DoneCode, ObjectStatus, Parameters, ResetCode, TrackProperties};
use mosaik_tests::{Pair, Path, Piece, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track};

over_all!(
    a_malformed_track_ends_for_all_its_subscribers_at_once,
    what_is_older_than_a_track_allows_is_not_served
);

async fn a_malformed_track_ends_for_all_its_subscribers_at_once(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut pair = Pair::plain(&relay, path).await?;
    let mut writer = pair.track.subgroup(&pair.track.header(1, 0)).await?;
    writer.object(0, b"good").await?;
    let mut reader = pair.subscription.subgroup().await?;
    reader.object().await?;
    writer.status(1, ObjectStatus::EndOfGroup).await?;
    writer.object(2, b"behind the end").await?;
    assert_eq!(pair.subscription.done().await?.code, u64::from(DoneCode::MalformedTrack.get()));
    loop {
        match reader.next().await? {
            Piece::Object(object) => assert_ne!(object.payload, &b"behind the end"[..]),
            Piece::End => anyhow::bail!("a malformed subgroup was finished"),
            Piece::Reset(code) => {
                let codes = [ResetCode::MalformedTrack, ResetCode::Cancelled].map(ResetCode::get);
                assert!(code.is_some_and(|code| codes.contains(&code)), "{code:?}");
                break;
            }
        }
    }
    // The publisher is left, and its session and other tracks go on.
    pair.track.cancelled().await?;
    let mic = track(TEACHER, "mic");
    let other =
        PublishedTrack::offer(&pair.publisher, mic.clone(), 9, TrackProperties::default()).await?;
    let mut heard = pair.subscriber.subscribe(&mic, Parameters::default()).await?;
    other.single(1, b"fine").await?;
    assert_eq!(heard.first_object().await?.payload, &b"fine"[..]);
    Ok(())
}

async fn what_is_older_than_a_track_allows_is_not_served(path: Path) -> anyhow::Result<()> {
    use std::time::{Duration, Instant};
    let relay = Relay::start()?;
    let properties = TrackProperties::default().with_max_cache_duration_ms(300);
    let mut pair = Pair::of(&relay, path, (TEACHER, STUDENT), properties).await?;
    let mut writer = pair.track.group(1).await?;
    writer.object(0, b"old").await?;
    let mut reader = pair.subscription.subgroup().await?;
    assert_eq!(reader.object().await?.payload, &b"old"[..]);
    let came = Instant::now();
    mosaik_tests::eventually("it is too old", mosaik_tests::PATIENCE, || {
        came.elapsed() > Duration::from_millis(350)
    })
    .await?;
    let late = relay.join(path, "00000000000000cc").await?;
    let name = track(TEACHER, "cam/mid");
    let mut late = late.subscribe(&name, Parameters::default()).await?;
    writer.object(1, b"fresh").await?;
    let object = late.first_object().await?;
    assert_eq!((object.location.object, &object.payload[..]), (1, &b"fresh"[..]));
    Ok(())
}
