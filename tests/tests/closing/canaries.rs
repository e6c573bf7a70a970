//! Marks in everything that people write: they are there while the room is open, which shows that
//! the search finds them, and nowhere afterwards.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path as FilePath, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use mosaik_tests::{KINDS, Lesson, Mark, Process, eventually, marks_in_memory, telltales};

/// How long connections that were closed may still be known, and a search of the memory takes.
const GONE_MAX: Duration = Duration::from_secs(75);

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
    let marks = Lesson::marks()?;
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
    let found = marks_in_memory(server.id(), &all)?;
    let missed: Vec<_> = texts.difference(&found).collect();
    assert_eq!(missed, [""; 0], "the search misses what is there");
    lesson.end().await?;
    let joined = std::mem::take(&mut lesson.joined);
    drop(lesson);

    let mut left = texts.clone();
    let is_gone = || {
        left = marks_in_memory(server.id(), &all).unwrap_or_else(|_| texts.clone());
        left == kept
    };
    let gone = eventually("the lesson to be gone", GONE_MAX, is_gone).await;
    gone.with_context(|| format!("in memory: {left:?}, where {kept:?} should be"))?;
    // A file with a mark, planted where the server could have left one, is found and nothing else.
    let planted = scratch.0.join("home/planted.txt");
    fs::write(&planted, format!("{}\n", texts.iter().next().context("no mark")?))?;
    let with_mark = marked_files(server.id(), &scratch.0, &marks)?;
    assert_eq!(with_mark, std::slice::from_ref(&planted), "files with a mark");
    fs::remove_file(planted)?;
    assert_eq!(marked_files(server.id(), &scratch.0, &marks)?, Vec::<PathBuf>::new());

    let logged = fs::read_to_string(scratch.0.join("log.txt"))?;
    assert!(logged.contains("a room closed"), "the log was not looked at: {logged}");
    let links = [server.teacher().secret(), server.students().secret()];
    let tokens = joined.iter().flat_map(|one| [one.token.as_str(), one.resume.as_str()]);
    let secrets: Vec<&str> = links.into_iter().chain(tokens).collect();
    assert_eq!(telltales(&logged, &marks, &secrets), [""; 0], "in the log: {logged}");
    server.stop().await
}

/// Files that the server has open, or that are below `directory`, and have a mark.
fn marked_files(server: u32, directory: &FilePath, marks: &[Mark]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in open_files(server)?.into_iter().chain(files_in(directory)?) {
        let bytes = fs::read(&path).unwrap_or_default();
        if marks.iter().any(|mark| mark.is_in(&bytes)) {
            found.push(path);
        }
    }
    Ok(found)
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
