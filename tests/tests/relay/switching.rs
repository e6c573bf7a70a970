//! Switching tracks: `cam` is served out of the renditions that a publisher films.

use mosaik_proto::moqt::{DoneCode, Parameters, RequestCode, SessionCode, TrackProperties};
use mosaik_tests::{
    Camera, Client, Filmed, Path, RENDITIONS, Relay, STUDENT, TEACHER, Viewer, over_all, room,
    track,
};

over_all!(
    the_best_rendition_that_is_tall_enough_is_sent_and_no_other_is_filmed,
    renditions_that_a_publisher_does_not_have_are_left_out,
    a_publisher_that_comes_back_is_watched_on,
    a_publisher_with_a_track_of_this_name_has_it_served_as_any,
    a_height_is_refused_where_nothing_is_shown
);

/// A teacher who films these renditions.
async fn film(relay: &Relay, path: Path, renditions: &'static [Filmed]) -> anyhow::Result<Camera> {
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    Ok(Camera::start(teacher, renditions))
}

fn height(pixels: u16) -> Parameters {
    Parameters { picture_height_max: Some(pixels), ..Parameters::default() }
}

async fn the_best_rendition_that_is_tall_enough_is_sent_and_no_other_is_filmed(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut camera = film(&relay, path, &RENDITIONS).await?;
    let student = relay.join(path, STUDENT).await?;
    let setup = student.going().borrow().setup.clone();
    assert!(setup.is_some_and(|setup| setup.offers_switching));
    let mut viewer = Viewer::of(&student, &track(TEACHER, "cam"), Some(360)).await?;
    viewer.group_of("mid").await?;
    camera.is_asked_for(&["cam/mid"]).await?;
    viewer.subscription.update(&student, height(90)).await?;
    viewer.group_of("low").await?;
    camera.is_asked_for(&["cam/low"]).await?;
    viewer.subscription.update(&student, height(540)).await?;
    viewer.group_of("upper").await?;
    camera.is_asked_for(&["cam/upper"]).await?;
    viewer.subscription.update(&student, height(720)).await?;
    viewer.group_of("high").await?;
    camera.is_asked_for(&["cam/high"]).await?;
    viewer.subscription.update(&student, height(0)).await?;
    camera.is_asked_for(&[]).await?;
    viewer.subscription.update(&student, height(360)).await?;
    viewer.group_of("mid").await?;
    viewer.subscription.cancel();
    camera.is_asked_for(&[]).await
}

async fn renditions_that_a_publisher_does_not_have_are_left_out(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut camera = film(&relay, path, &RENDITIONS[1..2]).await?;
    let student = relay.join(path, STUDENT).await?;
    let cam = track(TEACHER, "cam");
    for pixels in [None, Some(90), Some(1_000)] {
        let mut viewer = Viewer::of(&student, &cam, pixels).await?;
        viewer.group_of("mid").await?;
        camera.is_asked_for(&["cam/mid"]).await?;
        viewer.subscription.cancel();
        camera.is_asked_for(&[]).await?;
    }
    // A publisher without any has no such track.
    let mut screen = student.ask_for(&track(TEACHER, "screen"), Parameters::default()).await?;
    assert_eq!(screen.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

async fn a_publisher_that_comes_back_is_watched_on(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let camera = film(&relay, path, &RENDITIONS).await?;
    let student = relay.join(path, STUDENT).await?;
    let mut viewer = Viewer::of(&student, &track(TEACHER, "cam"), Some(180)).await?;
    viewer.group_of("low").await?;
    camera.leave();
    let mut camera = film(&relay, path, &RENDITIONS).await?;
    camera.is_asked_for(&["cam/low"]).await?;
    for _ in 0..2 {
        viewer.group_of("low").await?;
    }
    viewer.subscription.update(&student, height(360)).await?;
    viewer.group_of("mid").await?;
    Ok(())
}

async fn a_publisher_with_a_track_of_this_name_has_it_served_as_any(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = relay.join(path, TEACHER).await?;
    teacher.announce(&room(TEACHER)).await?;
    let student = relay.join(path, STUDENT).await?;
    let asked = student.ask_for(&track(TEACHER, "cam"), height(90)).await?;
    let cam = teacher.asked_for("cam").await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = student.established(asked).await?;
    cam.single(7, b"any picture").await?;
    let object = subscription.first_object().await?;
    assert_eq!((object.location.group, &object.payload[..]), (7, &b"any picture"[..]));
    cam.done(DoneCode::TrackEnded).await?;
    assert_eq!(subscription.done().await?.code, u64::from(DoneCode::TrackEnded.get()));
    Ok(())
}

async fn a_height_is_refused_where_nothing_is_shown(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let student: Client = relay.join(path, STUDENT).await?;
    let mut listening = student.listen(&mosaik_proto::moqt::Namespace::of(&["lesson"])).await?;
    listening.accepted().await?;
    listening.ask_to_update(&student, height(360)).await?;
    assert_eq!(student.closed().await?, SessionCode::ProtocolViolation);
    Ok(())
}
