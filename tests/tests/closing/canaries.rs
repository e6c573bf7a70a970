//! Marks in everything that people write: they are there while the room is open, which shows that
//! the search finds them, and nowhere afterwards.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path as FilePath, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use mosaik_proto::moqt::TrackProperties;
use mosaik_tests::{
    Client, Feed, Mark, Member, Path, Process, eventually, marks_in_memory, paragraph,
};
use serde_json::{Value, json};

/// How long connections that were closed may still be known, and a search of the memory takes.
const GONE_MAX: Duration = Duration::from_secs(45);

/// Every kind of text that a lesson has.
const KINDS: [&str; 13] = [
    "teacher", "student", "waiting", "public", "edited", "private", "question", "answer", "notice",
    "board", "notes", "file", "bytes",
];

#[tokio::test]
async fn a_room_that_closed_is_in_no_memory_no_file_and_no_log() -> anyhow::Result<()> {
    Box::pin(leaves(&[], &[])).await
}

#[tokio::test]
async fn where_attendance_is_kept_for_a_day_nothing_else_is() -> anyhow::Result<()> {
    Box::pin(leaves(&["--retention", "1"], &["teacher", "student"])).await
}

/// Holds a lesson on a server with these flags. Of what was written in it the kinds in `kept` are in
/// the server's memory afterwards, and nothing is anywhere else.
async fn leaves(flags: &[&str], kept: &[&str]) -> anyhow::Result<()> {
    let marks = KINDS.map(Mark::new).into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    let all: Vec<&Mark> = marks.iter().collect();
    let texts: BTreeSet<String> = marks.iter().map(|mark| mark.as_str().to_owned()).collect();
    let named = KINDS.iter().zip(&marks).filter(|(kind, _)| kept.contains(kind));
    let kept: BTreeSet<String> = named.map(|(_, mark)| mark.as_str().to_owned()).collect();
    let scratch = Scratch::new(kept.len())?;
    let log = File::create(scratch.0.join("log.txt"))?;
    let server = Process::start_logging(
        &Process::build()?,
        &scratch.0.join("home"),
        &[flags, &["--log", "debug"]].concat(),
        Stdio::from(log),
    )?;
    let mut lesson = Lesson::hold(&server, &marks).await?;
    assert_eq!(marks_in_memory(server.id(), &all)?, texts, "the search misses what is there");
    lesson.end().await?;
    drop(lesson);

    let mut left = texts.clone();
    let is_gone = || {
        left = marks_in_memory(server.id(), &all).unwrap_or_else(|_| texts.clone());
        left == kept
    };
    let gone = eventually("the lesson to be gone", GONE_MAX, is_gone).await;
    gone.with_context(|| format!("in memory: {left:?}, where {kept:?} should be"))?;
    for path in open_files(server.id())?.into_iter().chain(files_in(&scratch.0)?) {
        let bytes = fs::read(&path).unwrap_or_default();
        let left: Vec<_> = marks.iter().filter(|mark| mark.is_in(&bytes)).collect();
        assert!(left.is_empty(), "{} has a mark", path.display());
    }
    let logged = fs::read_to_string(scratch.0.join("log.txt"))?;
    assert!(logged.contains("a room closed"), "the log was not looked at: {logged}");
    server.stop().await
}

/// A lesson in which each mark stands once where people write.
struct Lesson {
    teacher: Member,
    _others: [Member; 2],
    _waiting: Client,
}

impl Lesson {
    async fn hold(server: &Process, marks: &[Mark]) -> anyhow::Result<Self> {
        let mark = |kind: &str| {
            let at = KINDS.iter().position(|known| *known == kind);
            at.and_then(|at| marks.get(at))
                .map(|mark| mark.as_str().to_owned())
                .context("no such mark")
        };
        let mut teacher = enter(server, true, &mark("teacher")?, Path::WebTransport).await?;
        let mut student = enter(server, false, &mark("student")?, Path::Quic).await?;
        let mut other = enter(server, false, "Lou", Path::WebSocket).await?;
        teacher.get(json!({ "kind": "say", "text": mark("public")? })).await?;
        student.get(json!({ "kind": "say", "text": "before" })).await?;
        let edit = json!({ "kind": "edit", "id": 2, "private": false, "text": mark("edited")? });
        student.get(json!({ "kind": "chat", "act": edit })).await?;
        let to = json!({ "kind": "moderators" });
        student.get(json!({ "kind": "say", "text": mark("private")?, "to": to })).await?;
        let poll = json!({ "question": mark("question")?, "anonymous": false, "form": { "kind": "text" } });
        teacher.get(json!({ "kind": "poll", "act": { "kind": "open", "poll": poll } })).await?;
        let ballot = json!({ "kind": "text", "text": mark("answer")? });
        let vote = json!({ "kind": "vote", "id": 1, "ballot": ballot });
        student.get(json!({ "kind": "poll", "act": vote })).await?;
        let status = json!({ "kind": "status", "status": "needHelp" });
        other.get(json!({ "kind": "sign", "act": status })).await?;
        draw(&mut teacher, &mark("board")?).await?;
        note(&mut teacher, &mark("notes")?).await?;
        share(&mut teacher, &mark("file")?, mark("bytes")?.as_bytes()).await?;
        teacher
            .get(json!({ "kind": "door", "act": { "kind": "setEntry", "entry": "ask" } }))
            .await?;
        let notice = json!({ "kind": "tellWaiting", "text": mark("notice")? });
        teacher.get(json!({ "kind": "door", "act": notice })).await?;
        let waiting = wait(server, &mark("waiting")?).await?;
        Ok(Self { teacher, _others: [student, other], _waiting: waiting })
    }

    async fn end(&mut self) -> anyhow::Result<()> {
        self.teacher.put(json!({ "kind": "endRoom" })).await?;
        let is_last = |object: &Value| object.get("kind") == Some(&json!("closed"));
        self.teacher.inbox.hear("the room's last word", is_last).await?;
        Ok(())
    }
}

/// A text on a whiteboard.
async fn draw(teacher: &mut Member, text: &str) -> anyhow::Result<()> {
    let act = |act: Value| json!({ "kind": "board", "act": act });
    teacher.get(act(json!({ "kind": "addPage" }))).await?;
    let put =
        json!({ "kind": "put", "id": "0000000000000001.1", "shape": format!("t00CC {text}") });
    teacher.get(act(json!({ "kind": "draw", "board": "page/1", "ops": [put] }))).await?;
    Ok(())
}

/// A paragraph of the notes.
async fn note(teacher: &mut Member, text: &str) -> anyhow::Result<()> {
    let mut feed = Feed::of_room(&teacher.client, "demo", "notes").await?;
    let document = feed.next().await?;
    let edition = document.get("edition").context("no edition")?;
    teacher.get(paragraph(edition, 1, text)).await?;
    Ok(())
}

/// A small text file.
async fn share(teacher: &mut Member, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let act =
        json!({ "kind": "offer", "key": 1, "name": format!("{name}.txt"), "size": bytes.len() });
    teacher.get(json!({ "kind": "file", "act": act })).await?;
    let asked = teacher.client.asked_for("upload/1").await?;
    let upload = asked.accept(101, TrackProperties::default().with_priority(240)).await?;
    let mut piece = upload.subgroup(&upload.header(0, 0)).await?;
    let head = json!({ "kind": "part", "size": bytes.len() }).to_string();
    piece.object(0, head.as_bytes()).await?;
    piece.object(1, bytes).await?;
    let added = teacher.event("file").await?;
    anyhow::ensure!(added.pointer("/change/file/size") == Some(&json!(bytes.len())), "{added}");
    // The room may have stopped the stream by now.
    let _ = piece.finish();
    Ok(())
}

async fn enter(server: &Process, leads: bool, name: &str, path: Path) -> anyhow::Result<Member> {
    let link = if leads { server.teacher() } else { server.students() };
    let joined = server.join(link, name).await?;
    let client = Client::join(server.dialer(&joined).dial(path).await?, &joined.token).await?;
    Member::enter(client, "demo", &joined.participant).await
}

async fn wait(server: &Process, name: &str) -> anyhow::Result<Client> {
    let joined = server.join(server.students(), name).await?;
    let dialer = server.dialer(&joined);
    Client::join(dialer.dial(Path::Quic).await?, &joined.token).await
}

/// Regular files that a process has open.
fn open_files(process: u32) -> anyhow::Result<Vec<PathBuf>> {
    let all = fs::read_dir(format!("/proc/{process}/fd"))?;
    let is_file = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| found.is_file());
    Ok(all.filter_map(|fd| Some(fd.ok()?.path())).filter(is_file).collect())
}

fn files_in(directory: &FilePath) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(files_in(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

/// A directory of this test's own, with the server's home and its log; removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(kept: usize) -> anyhow::Result<Self> {
        let name = format!("mosaik-canaries-{}-{kept}", std::process::id());
        let directory = fs::canonicalize(std::env::temp_dir())?.join(name);
        fs::create_dir_all(directory.join("home"))?;
        Ok(Self(directory))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody misses it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
