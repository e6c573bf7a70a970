//! Slides and files: what goes from one to the others byte for byte, and what no page would send.

use mosaik_proto::moqt::{
    ControlMessage, FullTrackName, Namespace, Parameters, Publish, RequestCode, TrackProperties,
};
use mosaik_proto::room::Role;
use mosaik_tests::{
    LESSON, Member, OTHER, Path, PublishedTrack, Relay, STUDENT, TEACHER, over_all, track,
};
use serde_json::{Value, json};

over_all!(
    a_file_goes_from_one_to_another_byte_for_byte,
    an_upload_goes_on_though_the_relay_held_on_to_the_line_that_was_lost,
    what_is_not_what_it_is_said_to_be_is_refused,
    nobody_brings_or_takes_what_they_have_no_right_to
);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const HTML: &[u8] = b"<!doctype html><script>alert(1)</script>";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";

fn offer(key: u32, name: &str, size: usize) -> Value {
    let act = json!({ "kind": "offer", "key": key, "name": name, "size": size });
    json!({ "kind": "file", "act": act })
}

fn open(key: u32) -> Value {
    let act = json!({ "kind": "open", "key": key, "name": "Atome.pdf", "length": 1 });
    json!({ "kind": "slides", "act": act })
}

fn part(size: usize) -> Vec<u8> {
    json!({ "kind": "part", "size": size }).to_string().into_bytes()
}

fn page(size: usize) -> Vec<u8> {
    let pixels = [1_280, 720];
    json!({ "kind": "page", "page": 0, "form": "small", "size": size, "pixels": pixels })
        .to_string()
        .into_bytes()
}

fn content(room: &str, name: &str) -> FullTrackName {
    FullTrackName::new(Namespace::of(&[room]), name.as_bytes().to_vec())
}

/// Answers the room's wish for an upload.
async fn asked(member: &mut Member, key: u32) -> anyhow::Result<PublishedTrack> {
    let asked = member.client.asked_for(&format!("upload/{key}")).await?;
    asked.accept(u64::from(key) + 100, TrackProperties::default().with_priority(240)).await
}

/// Sends one piece; what the room does not want any more it may refuse to read.
async fn send(upload: &PublishedTrack, objects: &[&[u8]]) -> anyhow::Result<()> {
    let mut group = upload.subgroup(&upload.header(0, 0)).await?;
    for (id, object) in (0..).zip(objects) {
        if group.object(id, object).await.is_err() {
            return Ok(());
        }
    }
    // The room may have stopped the stream by now.
    let _ = group.finish();
    Ok(())
}

/// The code of the refusal with which an upload ended; empty when it was taken.
async fn over(member: &mut Member, key: u32) -> anyhow::Result<String> {
    let is_it = |object: &Value| {
        object.get("kind") == Some(&json!("uploadOver"))
            && object.pointer("/upload/key") == Some(&json!(key))
    };
    let heard = member.heard.iter().find(|object| is_it(object)).cloned();
    let object = match heard {
        Some(object) => object,
        None => member.inbox.hear("the end of an upload", is_it).await?,
    };
    let code = object.pointer("/upload/refusal/code").and_then(Value::as_str);
    Ok(code.unwrap_or_default().to_owned())
}

async fn a_file_goes_from_one_to_another_byte_for_byte(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    let bytes: Vec<u8> = (0..150_000_u32).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect();
    teacher.get(offer(7, "../Arbeit.txt", bytes.len())).await?;
    let mut upload = asked(&mut teacher, 7).await?;
    let head = part(bytes.len());
    let chunks = bytes.chunks(64 << 10);
    let objects: Vec<&[u8]> = std::iter::once(&head[..]).chain(chunks).collect();
    send(&upload, &objects).await?;
    assert_eq!(over(&mut teacher, 7).await?, "");
    upload.cancelled().await?;
    let added = student.event("file").await?;
    assert_eq!(added.pointer("/change/file/name"), Some(&json!("Arbeit.txt")));
    let name = content(LESSON, "files/1/0");
    let mut fetched = student.client.subscribe(&name, Parameters::default()).await?;
    let mut stream = fetched.subgroup().await?;
    let head: Value = serde_json::from_slice(&stream.object().await?.payload)?;
    assert_eq!(head, json!({ "size": bytes.len(), "kind": "other" }));
    let mut came = Vec::new();
    while came.len() < bytes.len() {
        came.extend_from_slice(&stream.object().await?.payload);
    }
    assert_eq!(came, bytes);
    teacher.get(json!({ "kind": "file", "act": { "kind": "remove", "id": 1 } })).await?;
    fetched.done().await?;
    let mut gone = student.client.ask_for(&name, Parameters::default()).await?;
    assert_eq!(gone.refused().await?.0, RequestCode::DoesNotExist);
    Ok(())
}

/// Whoever comes back may be there before the relay knows that the line before is dead.
async fn an_upload_goes_on_though_the_relay_held_on_to_the_line_that_was_lost(
    path: Path,
) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut lost = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    lost.get(offer(7, "a.txt", 1_200)).await?;
    let upload = asked(&mut lost, 7).await?;
    let objects = [part(1_200), vec![b'x'; 1_200]];
    let mut begun = upload.subgroup(&upload.header(0, 0)).await?;
    begun.object(0, &objects[0]).await?;

    let mut back = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let upload = asked(&mut back, 7).await?;
    send(&upload, &objects.each_ref().map(Vec::as_slice)).await?;
    // Until this is answered the piece is read, and left out: another stream brings it.
    back.get(json!({ "kind": "hand", "act": { "kind": "raise" } })).await?;
    drop((begun, lost));
    let upload = asked(&mut back, 7).await?;
    send(&upload, &objects.each_ref().map(Vec::as_slice)).await?;
    assert_eq!(over(&mut back, 7).await?, "");
    Ok(())
}

async fn what_is_not_what_it_is_said_to_be_is_refused(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let text = vec![b'x'; 700];
    let cases = [
        ("HTML as a picture", offer(1, "a.png", HTML.len()), [part(HTML.len()), HTML.into()]),
        ("HTML as a text", offer(2, "a.txt", HTML.len()), [part(HTML.len()), HTML.into()]),
        ("another size", offer(3, "a.txt", 700), [part(600), text.clone()]),
        ("more than its size", offer(4, "a.txt", 600), [part(600), text]),
        ("SVG as a slide", open(5), [page(SVG.len()), SVG.into()]),
        ("a slide too large", open(6), [page(60_001), PNG.into()]),
    ];
    for (key, (what, command, objects)) in (1..).zip(cases) {
        teacher.get(command).await?;
        let upload = asked(&mut teacher, key).await?;
        send(&upload, &objects.each_ref().map(Vec::as_slice)).await?;
        let code = if key == 6 { "tooLarge" } else { "wrongContent" };
        assert_eq!(over(&mut teacher, key).await?, code, "{what}");
    }
    let too_large = offer(9, "a.zip", 30_000_001);
    assert_eq!(teacher.ask(too_large).await?.as_deref(), Some("tooLarge"));
    for name in ["files/1/0", "files/4/0", "slides/1/0-small"] {
        let name = content(LESSON, name);
        let mut nothing = teacher.client.ask_for(&name, Parameters::default()).await?;
        assert_eq!(nothing.refused().await?.0, RequestCode::DoesNotExist);
    }
    Ok(())
}

async fn nobody_brings_or_takes_what_they_have_no_right_to(path: Path) -> anyhow::Result<()> {
    let relay = Relay::start()?;
    let mut teacher = Member::join(&relay, path, TEACHER, Role::Moderator).await?;
    let mut student = Member::join(&relay, path, STUDENT, Role::Viewer).await?;
    teacher.get(offer(7, "a.txt", 600)).await?;
    let upload = asked(&mut teacher, 7).await?;
    send(&upload, &[&part(600), &[b'x'; 600]]).await?;
    assert_eq!(over(&mut teacher, 7).await?, "");
    assert_eq!(student.ask(offer(1, "a.txt", 600)).await?.as_deref(), Some("locked"));
    assert_eq!(student.ask(open(2)).await?.as_deref(), Some("notAllowed"));
    let turn = json!({ "kind": "slides", "act": { "kind": "show", "deck": 1, "page": 0 } });
    assert_eq!(student.ask(turn).await?.as_deref(), Some("notAllowed"));
    let remove = json!({ "kind": "file", "act": { "kind": "remove", "id": 1 } });
    assert_eq!(student.ask(remove).await?.as_deref(), Some("notAllowed"));
    // An upload that nobody agreed to, one of somebody else, and a file of the room next door.
    let publish = Publish {
        request_id: student.client.next_id(),
        name: track(STUDENT, "upload/1"),
        track_alias: 9,
        parameters: Parameters::default(),
        properties: TrackProperties::default(),
    };
    let mut request = student.client.request(&ControlMessage::Publish(publish)).await?;
    assert_eq!(request.refused().await?.0, RequestCode::Unauthorized);
    for name in [track(TEACHER, "upload/7"), content(OTHER, "files/1/0")] {
        let mut request = student.client.ask_for(&name, Parameters::default()).await?;
        assert_eq!(request.refused().await?.0, RequestCode::Unauthorized, "{name:?}");
    }
    Ok(())
}
