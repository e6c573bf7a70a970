//! `mosaik serve` writes no file: what is said and shown in a lesson leaves nothing behind.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;

use anyhow::Context;
use mosaik_proto::moqt::{FullTrackName, Namespace, Parameters, TrackProperties};
use mosaik_tests::{Client, Process, within};

/// O_WRONLY and O_RDWR among the flags of an open file (Linux, octal).
const WRITABLE: u32 = 0o3;

#[tokio::test]
async fn a_lesson_leaves_no_file_and_writes_no_byte_to_one() -> anyhow::Result<()> {
    let directory = empty_directory("lesson")?;
    let server = Process::start(&Process::build()?, &directory, &["--log", "debug"])?;
    let before = bytes_written(server.id())?;
    let mut seen = open_for_writing(server.id())?;
    lesson(&server, &mut seen).await?;
    seen.extend(open_for_writing(server.id())?);
    assert_eq!(seen, BTreeSet::new(), "files were open for writing");
    assert_eq!(bytes_written(server.id())?, before, "bytes went to a disk");
    server.stop().await?;
    assert_eq!(fs::read_dir(&directory)?.count(), 0, "{} is not empty", directory.display());
    fs::remove_dir(&directory)?;
    Ok(())
}

#[tokio::test]
async fn a_crash_leaves_no_image_of_the_memory() -> anyhow::Result<()> {
    let directory = empty_directory("crash")?;
    let server = Process::start(&Process::build()?, &directory, &[])?;
    lesson(&server, &mut BTreeSet::new()).await?;
    let of = |what: &str| fs::read_to_string(format!("/proc/{}/{what}", server.id()));
    let limits = of("limits")?;
    let size = limits.lines().find_map(|line| line.strip_prefix("Max core file size"));
    let size: Vec<_> = size.context("no limit")?.split_whitespace().take(2).collect();
    assert_eq!(size, ["0", "0"]);
    // The limit alone does not hold where images are handed to a program.
    assert_eq!(u32::from_str_radix(of("coredump_filter")?.trim(), 16)?, 0);
    let status = server.end_by("ABRT").await?;
    assert!(!status.success() && !status.core_dumped(), "{status}");
    assert_eq!(fs::read_dir(&directory)?.count(), 0, "{} is not empty", directory.display());
    fs::remove_dir(&directory)?;
    Ok(())
}

/// The watch above sees a file when there is one: this process has it open.
#[test]
fn a_file_that_is_written_is_noticed() -> anyhow::Result<()> {
    let directory = empty_directory("control")?;
    let path = directory.join("kept.txt");
    let file = fs::File::create(&path)?;
    assert_eq!(open_for_writing(std::process::id())?, BTreeSet::from([path]));
    assert_eq!(fs::read_dir(&directory)?.count(), 1);
    drop(file);
    assert_eq!(open_for_writing(std::process::id())?, BTreeSet::new());
    fs::remove_dir_all(&directory)?;
    Ok(())
}

/// A teacher shows something, a student sees it; both join as the page does.
async fn lesson(server: &Process, seen: &mut BTreeSet<PathBuf>) -> anyhow::Result<()> {
    let joined = server.join(server.teacher(), "Lehrkraft").await?;
    let dialer = server.dialer(&joined);
    let mut teacher =
        Client::join(dialer.dial(mosaik_tests::Path::WebTransport).await?, &joined.token).await?;
    let namespace = Namespace::of(&["demo", &joined.participant]);
    teacher.announce(&namespace).await?;

    let visitor = server.join(server.students(), "Klasse").await?;
    let student =
        Client::join(dialer.dial(mosaik_tests::Path::Quic).await?, &visitor.token).await?;
    let name = FullTrackName::new(namespace, &b"cam/mid"[..]);
    let request = student.ask_for(&name, Parameters::default()).await?;
    let track = teacher.asked_for("cam/mid").await?.accept(1, TrackProperties::default()).await?;
    let mut subscription = student.established(request).await?;
    for group in 1..=20 {
        track.single(group, &vec![0x5A; 50_000]).await?;
        assert_eq!(subscription.first_object().await?.payload.len(), 50_000);
        seen.extend(open_for_writing(server.id())?);
    }
    let state = FullTrackName::new(Namespace::of(&["demo"]), &b"state"[..]);
    let mut state = student.subscribe(&state, Parameters::default()).await?;
    within("the room's state", state.first_object()).await??;
    teacher.leave();
    student.leave();
    Ok(())
}

fn empty_directory(name: &str) -> anyhow::Result<PathBuf> {
    let name = format!("mosaik-files-{name}-{}", std::process::id());
    let directory = fs::canonicalize(std::env::temp_dir())?.join(name);
    fs::create_dir(&directory)?;
    Ok(directory)
}

/// Regular files that a process has open for writing.
fn open_for_writing(process: u32) -> anyhow::Result<BTreeSet<PathBuf>> {
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(format!("/proc/{process}/fd"))? {
        let fd = entry?;
        // One may be closed between the listing and the look.
        let (Ok(target), Ok(is_file)) =
            (fs::read_link(fd.path()), fs::metadata(fd.path()).map(|found| found.is_file()))
        else {
            continue;
        };
        let number = fd.file_name();
        let about = format!("/proc/{process}/fdinfo/{}", number.display());
        let about = fs::read_to_string(about).unwrap_or_default();
        let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
        let flags = u32::from_str_radix(flags.unwrap_or("0").trim(), 8)?;
        if is_file && flags & WRITABLE != 0 {
            paths.insert(target);
        }
    }
    Ok(paths)
}

/// Bytes that a process has caused to be sent to a storage layer.
fn bytes_written(process: u32) -> anyhow::Result<u64> {
    let io = fs::read_to_string(format!("/proc/{process}/io"))?;
    let bytes = io.lines().find_map(|line| line.strip_prefix("write_bytes: "));
    Ok(bytes.context("no write_bytes")?.trim().parse()?)
}
