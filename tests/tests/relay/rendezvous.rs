//! A SUBSCRIBE may come before its publisher.

use mosaik_proto::moqt::{Parameters, RequestCode, TrackProperties};
use mosaik_tests::{Path, Relay, STUDENT, TEACHER, over_all, room, track};

over_all!(
    a_subscription_waits_for_its_publisher_as_long_as_it_says,
    a_wait_that_is_over_ends_with_timeout_and_none_with_does_not_exist
);

async fn a_subscription_waits_for_its_publisher_as_long_as_it_says(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    let parameters = Parameters { rendezvous_timeout: Some(20_000), ..Parameters::default() };
    let waiting = student.ask_for(&track(TEACHER, "mic"), parameters).await?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let track = teacher.asked_for("mic").await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = student.established(waiting).await?;
    track.single(1, b"hello").await?;
    assert_eq!(subscription.first_object().await?.payload, &b"hello"[..]);
    Ok(())
}

async fn a_wait_that_is_over_ends_with_timeout_and_none_with_does_not_exist(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student = relay.join(path, STUDENT).await?;
    let name = track(TEACHER, "mic");
    let mut none = student.ask_for(&name, Parameters::default()).await?;
    let (code, error) = none.refused().await?;
    assert_eq!(code, RequestCode::DoesNotExist);
    // It may be there soon, and not all come again at once.
    assert!((1_001..=2_000).contains(&error.retry_interval), "{}", error.retry_interval);
    let parameters = Parameters { rendezvous_timeout: Some(50), ..Parameters::default() };
    let mut short = student.ask_for(&name, parameters).await?;
    let (code, error) = short.refused().await?;
    assert_eq!(code, RequestCode::Timeout);
    assert!(error.retry_interval > 1_000, "{}", error.retry_interval);
    Ok(())
}
