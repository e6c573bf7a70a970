//! A lesson at a server of its own process in which a mark stands once in everything that people write.

use anyhow::Context;
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, TrackProperties};
use serde_json::{Value, json};

use crate::canary::Mark;
use crate::client::Client;
use crate::member::{Feed, Member};
use crate::notes::paragraph;
use crate::process::{Joined, Link, Process};
use crate::publisher::PublishedTrack;
use crate::wire::Path;

/// The room of a server that was told of none.
const ROOM: &str = "demo";

/// How a picture begins, for whoever looks what it is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Every kind of text that a lesson has.
pub const KINDS: [&str; 19] = [
    "teacher", "student", "waiting", "public", "edited", "private", "question", "answer", "notice",
    "board", "notes", "file", "bytes", "deck", "slide", "words", "caption", "group", "told",
];

/// A teacher, two students and one who waits.
pub struct Lesson {
    /// Who leads it.
    pub teacher: Member,
    /// What each of them joined with.
    pub joined: Vec<Joined>,
    student: Member,
    _other: Member,
    _waiting: Client,
}

/// What stands where, by its kind.
struct Marks<'a>(&'a [Mark]);

impl Marks<'_> {
    fn of(&self, kind: &str) -> anyhow::Result<&str> {
        let at = KINDS.iter().position(|known| *known == kind);
        at.and_then(|at| self.0.get(at)).map(Mark::as_str).context("no such mark")
    }
}

impl Lesson {
    /// Marks for all [`KINDS`].
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn marks() -> anyhow::Result<Vec<Mark>> {
        KINDS.into_iter().map(Mark::new).collect()
    }

    /// Everyone joins, and writes everything that there is to write: a mark each.
    ///
    /// # Errors
    /// When the server does not let them.
    pub async fn hold(server: &Process, marks: &[Mark]) -> anyhow::Result<Self> {
        let marks = Marks(marks);
        let mut all = Vec::new();
        let mut enter = async |link: &Link, name: &str, path: Path| {
            let joined = server.join(link, name).await?;
            let client =
                Client::join(server.dialer(&joined).dial(path).await?, &joined.token).await?;
            let member = Member::enter(client, ROOM, &joined.participant).await;
            all.push(joined);
            member
        };
        let mut teacher = enter(server.teacher(), marks.of("teacher")?, Path::WebTransport).await?;
        let mut student = enter(server.students(), marks.of("student")?, Path::Quic).await?;
        let mut other = enter(server.students(), "Lou", Path::WebSocket).await?;
        talk(&mut teacher, &mut student, &marks).await?;
        let status = json!({ "kind": "status", "status": "needHelp" });
        other.get(json!({ "kind": "sign", "act": status })).await?;
        draw(&mut teacher, marks.of("board")?).await?;
        note(&mut teacher, marks.of("notes")?).await?;
        share(&mut teacher, marks.of("file")?, marks.of("bytes")?.as_bytes()).await?;
        present(&mut teacher, &marks).await?;
        part(&mut teacher, &marks).await?;
        let door = |act: Value| json!({ "kind": "door", "act": act });
        teacher.get(door(json!({ "kind": "setEntry", "entry": "ask" }))).await?;
        let notice = json!({ "kind": "tellWaiting", "text": marks.of("notice")? });
        teacher.get(door(notice)).await?;
        let joined = server.join(server.students(), marks.of("waiting")?).await?;
        let wire = server.dialer(&joined).dial(Path::Quic).await?;
        let waiting = Client::join(wire, &joined.token).await?;
        all.push(joined);
        // Last, since it is kept nowhere but in the newest group of what everyone hears.
        let line = json!({ "kind": "caption", "text": marks.of("caption")?, "done": true });
        teacher.get(line).await?;
        Ok(Self { teacher, joined: all, student, _other: other, _waiting: waiting })
    }

    /// The teacher's camera, which the student sees; after each of twenty pictures comes a `look`.
    ///
    /// # Errors
    /// When a picture does not come, and those of `look`.
    pub async fn film(
        &mut self,
        mut look: impl FnMut() -> anyhow::Result<()>,
    ) -> anyhow::Result<PublishedTrack> {
        let teacher = &self.joined.first().context("nobody joined")?.participant;
        let name = FullTrackName::new(Namespace::of(&[ROOM, teacher]), &b"cam/mid"[..]);
        let request = self.student.client.ask_for(&name, Parameters::default()).await?;
        let asked = self.teacher.client.asked_for("cam/mid").await?;
        let camera = asked.accept(9, TrackProperties::default()).await?;
        let mut seen = self.student.client.established(request).await?;
        for group in 1..=20 {
            camera.single(group, &vec![0x5A; 50_000]).await?;
            anyhow::ensure!(seen.first_object().await?.payload.len() == 50_000, "another picture");
            look()?;
        }
        Ok(camera)
    }

    /// The teacher ends it for all.
    ///
    /// # Errors
    /// When the room does not say that it is over.
    pub async fn end(&mut self) -> anyhow::Result<()> {
        self.teacher.put(json!({ "kind": "endRoom" })).await?;
        let is_last = |object: &Value| object.get("kind") == Some(&json!("closed"));
        self.teacher.inbox.hear("the room's last word", is_last).await?;
        Ok(())
    }
}

/// Messages to everyone and to the teacher, one that is changed, and a poll.
async fn talk(teacher: &mut Member, student: &mut Member, marks: &Marks<'_>) -> anyhow::Result<()> {
    let public = format!("{}: klasse@example.org", marks.of("public")?);
    teacher.get(json!({ "kind": "say", "text": public })).await?;
    student.get(json!({ "kind": "say", "text": "before" })).await?;
    let edit = json!({ "kind": "edit", "id": 2, "private": false, "text": marks.of("edited")? });
    student.get(json!({ "kind": "chat", "act": edit })).await?;
    let to = json!({ "kind": "moderators" });
    student.get(json!({ "kind": "say", "text": marks.of("private")?, "to": to })).await?;
    let form = json!({ "kind": "text" });
    let poll = json!({ "question": marks.of("question")?, "anonymous": false, "form": form });
    teacher.get(json!({ "kind": "poll", "act": { "kind": "open", "poll": poll } })).await?;
    let ballot = json!({ "kind": "text", "text": marks.of("answer")? });
    let vote = json!({ "kind": "vote", "id": 1, "ballot": ballot });
    student.get(json!({ "kind": "poll", "act": vote })).await
}

/// A text on a whiteboard.
async fn draw(teacher: &mut Member, text: &str) -> anyhow::Result<()> {
    let act = |act: Value| json!({ "kind": "board", "act": act });
    teacher.get(act(json!({ "kind": "addPage" }))).await?;
    let put =
        json!({ "kind": "put", "id": "0000000000000001.1", "shape": format!("t00CC {text}") });
    teacher.get(act(json!({ "kind": "draw", "board": "page/1", "ops": [put] }))).await
}

/// A paragraph of the notes.
async fn note(teacher: &mut Member, text: &str) -> anyhow::Result<()> {
    let mut feed = Feed::of_room(&teacher.client, ROOM, "notes").await?;
    let document = feed.next().await?;
    let edition = document.get("edition").context("no edition")?;
    teacher.get(paragraph(edition, 1, text)).await
}

/// A small text file.
async fn share(teacher: &mut Member, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let act =
        json!({ "kind": "offer", "key": 1, "name": format!("{name}.txt"), "size": bytes.len() });
    teacher.get(json!({ "kind": "file", "act": act })).await?;
    let upload = asked(teacher, 1).await?;
    send(&upload, 0, (&json!({ "kind": "part", "size": bytes.len() }), bytes)).await?;
    let added = teacher.event("file").await?;
    anyhow::ensure!(added.pointer("/change/file/size") == Some(&json!(bytes.len())), "{added}");
    Ok(())
}

/// A page of slides: a picture and what is written on it.
async fn present(teacher: &mut Member, marks: &Marks<'_>) -> anyhow::Result<()> {
    let name = format!("{}.pdf", marks.of("deck")?);
    let open = json!({ "kind": "open", "key": 2, "name": name, "length": 1 });
    teacher.get(json!({ "kind": "slides", "act": open })).await?;
    let upload = asked(teacher, 2).await?;
    let picture = [PNG, marks.of("slide")?.as_bytes()].concat();
    let words = json!([[marks.of("words")?, 62, 480, 210, 38]]).to_string().into_bytes();
    let forms = [("small", picture, [1_280, 720]), ("text", words, [0, 0])];
    for (group, (form, bytes, pixels)) in (0..).zip(forms) {
        let size = bytes.len();
        let head =
            json!({ "kind": "page", "page": 0, "form": form, "size": size, "pixels": pixels });
        send(&upload, group, (&head, &bytes)).await?;
        // Streams overtake each other.
        let next = json!({ "group": group + 1, "object": 0 });
        let is_taken = |object: &Value| object.pointer("/upload/next") == Some(&next);
        teacher.inbox.hear("a page", is_taken).await?;
    }
    send(&upload, 2, (&json!({ "kind": "end" }), &[])).await?;
    let is_over = |object: &Value| object.get("kind") == Some(&json!("uploadOver"));
    let over = teacher.inbox.hear("the deck", is_over).await?;
    anyhow::ensure!(over.pointer("/upload/refusal") == Some(&Value::Null), "{over}");
    Ok(())
}

/// Groups, one of which has a name, and a word to all of them.
async fn part(teacher: &mut Member, marks: &Marks<'_>) -> anyhow::Result<()> {
    let act = |act: Value| json!({ "kind": "breakout", "act": act });
    let open = json!({ "kind": "open", "count": 2, "how": "manual", "minutes": null });
    teacher.get(act(open)).await?;
    let opened = teacher.event("breakout").await?;
    let first = opened.pointer("/change/breakouts/list/0/id").context("no group")?;
    let name = json!({ "kind": "rename", "breakout": first, "name": marks.of("group")? });
    teacher.get(act(name)).await?;
    teacher.get(act(json!({ "kind": "tell", "text": marks.of("told")? }))).await
}

/// Answers the room's wish for an upload.
async fn asked(member: &mut Member, key: u32) -> anyhow::Result<PublishedTrack> {
    let asked = member.client.asked_for(&format!("upload/{key}")).await?;
    asked.accept(u64::from(key) + 100, TrackProperties::default().with_priority(240)).await
}

/// Sends a piece of an upload: what it is, and its bytes.
async fn send(
    upload: &PublishedTrack,
    group: u64,
    (head, bytes): (&Value, &[u8]),
) -> anyhow::Result<()> {
    let mut piece = upload.subgroup(&upload.header(group, 0)).await?;
    piece.object(0, head.to_string().as_bytes()).await?;
    if !bytes.is_empty() {
        piece.object(1, bytes).await?;
    }
    // The room may have stopped the stream by now.
    let _ = piece.finish();
    Ok(())
}
