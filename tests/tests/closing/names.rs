//! The names of what was in a room, asked for by whoever comes into it next.

use mosaik_proto::moqt::{FullTrackName, Namespace, RequestCode};
use mosaik_tests::{Client, Feed, Lesson, Mark, Path, Process, within};

/// What is in the lesson: a whiteboard, a file, slides and what is written on them.
const CONTENTS: [&str; 4] = ["board/page/1", "files/1/0", "slides/1/0-small", "slides/1/0-text"];

#[tokio::test]
async fn who_opens_a_room_again_finds_no_track_of_the_lesson_before_under_any_name()
-> anyhow::Result<()> {
    let home = std::env::temp_dir().join(format!("mosaik-names-{}", std::process::id()));
    std::fs::create_dir_all(&home)?;
    let server = Process::start(&Process::build()?, &home, &[])?;
    let marks = Lesson::marks()?;
    let mut lesson = Lesson::hold(&server, &marks).await?;
    // A student sees these pictures while the lesson is on.
    let _camera = lesson.film(|| Ok(())).await?;
    let teacher = lesson.joined.first().map(|one| one.participant.clone()).unwrap_or_default();
    let of_room = CONTENTS.map(|name| FullTrackName::new(Namespace::of(&["demo"]), name));
    let camera = FullTrackName::new(Namespace::of(&["demo", &teacher]), "cam/mid");
    let during = come(&server, Path::Quic).await?;
    for name in &of_room {
        assert_eq!(during.0.try_all(name, None).await?, [None; 3], "{name}");
    }
    assert!(has_any(&during, &marks).await?, "there is nothing to be gone");
    let names: Vec<FullTrackName> = of_room.into_iter().chain([camera.clone()]).collect();

    lesson.end().await?;
    for path in [Path::Quic, Path::WebTransport, Path::WebSocket] {
        let next = come(&server, path).await?;
        for name in &names {
            let told = next.0.try_all(name, None).await?;
            // Whoever sent pictures may be on the way out still: what has gone out of the room is refused all the same.
            let is_refused = |code: &Option<RequestCode>| match code {
                Some(RequestCode::DoesNotExist) => true,
                Some(RequestCode::Unauthorized) => *name == camera,
                _ => false,
            };
            assert!(told.iter().all(is_refused), "{name}: {told:?}");
        }
        assert!(!has_any(&next, &marks).await?, "the state has what was there before");
    }
    // And once its session is gone there is no such track either.
    lesson.teacher.client.closed().await?;
    let (last, _) = come(&server, Path::Quic).await?;
    let gone = within("the camera's end", async {
        while last.try_all(&camera, None).await? != [Some(RequestCode::DoesNotExist); 3] {}
        anyhow::Ok(())
    });
    gone.await??;
    server.stop().await?;
    std::fs::remove_dir_all(&home)?;
    Ok(())
}

/// Somebody who leads, and who that is.
async fn come(server: &Process, path: Path) -> anyhow::Result<(Client, String)> {
    let joined = server.join(server.teacher(), "Kim").await?;
    let client = Client::join(server.dialer(&joined).dial(path).await?, &joined.token).await?;
    Ok((client, joined.participant))
}

/// Whether the room's state has a mark in what it says up to the coming of whoever asks.
async fn has_any((client, id): &(Client, String), marks: &[Mark]) -> anyhow::Result<bool> {
    let mut feed = Feed::of_room(client, "demo", "state").await?;
    let mut is_any = false;
    let came = within("the own coming", async {
        loop {
            let object = feed.next().await?.to_string();
            is_any |= marks.iter().any(|mark| mark.is_in(object.as_bytes()));
            if object.contains(id) {
                return anyhow::Ok(());
            }
        }
    });
    came.await??;
    Ok(is_any)
}
