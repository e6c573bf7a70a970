//! `mosaik serve` writes no file: what is said and shown in a lesson leaves nothing behind.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use mosaik_tests::{Lesson, Process};

mod asked;
mod read_only;
mod sealed;

/// O_WRONLY and O_RDWR among the flags of an open file (Linux, octal).
const WRITABLE: u32 = 0o3;

#[tokio::test]
async fn a_lesson_leaves_no_file_and_writes_no_byte_to_one() -> anyhow::Result<()> {
    let directory = empty_directory("lesson")?;
    let server = Process::start(&Process::build()?, &directory, &["--log", "debug"])?;
    let before = bytes_written(server.id())?;
    let mut seen = open_for_writing(server.id())?;
    let look = || {
        seen.extend(open_for_writing(server.id())?);
        Ok(())
    };
    Box::pin(lesson(&server, look)).await?;
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
    Box::pin(lesson(&server, || Ok(()))).await?;
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

/// The count above rises when a program writes to a disk.
#[test]
fn a_program_that_writes_to_a_disk_is_counted() -> anyhow::Result<()> {
    const MEBIBYTE: u64 = 1 << 20;
    // Where these tests were built: what is in memory, as places for temporary files may be, is not counted.
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("mosaik-counted-{}.bin", std::process::id()));
    let program =
        "dd if=/dev/zero bs=1048576 count=1 conv=fsync of=\"$0\" 2>/dev/null; echo; read -r _";
    let mut child = Command::new("sh")
        .args(["-c", program])
        .arg(&path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut word = [0; 1];
    child.stdout.take().context("no output")?.read_exact(&mut word)?;
    // It has waited for `dd`, whose bytes are its own from then on.
    let bytes = bytes_written(child.id());
    drop(child.stdin.take());
    child.wait()?;
    fs::remove_file(&path)?;
    let bytes = bytes?;
    assert!(bytes >= MEBIBYTE, "{bytes} counted: {} is no disk", path.display());
    Ok(())
}

/// Everything that a lesson has, with a camera, to its end; after each picture comes a `look`.
async fn lesson(server: &Process, look: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut lesson = Lesson::hold(server, &Lesson::marks()?).await?;
    let _camera = lesson.film(look).await?;
    lesson.end().await
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
