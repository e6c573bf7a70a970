//! What the server asks of the system in a lesson, from its first instruction to its last: strace writes it down.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use mosaik_tests::{PATIENCE, Process, eventually, has_ended, traced, writings};

use super::{empty_directory, lesson};

#[tokio::test]
async fn a_lesson_asks_for_no_file_to_be_made_opened_for_writing_or_written() -> anyhow::Result<()>
{
    let directory = empty_directory("asked")?;
    let (home, file) = (directory.join("home"), directory.join("trace.txt"));
    fs::create_dir(&home)?;
    let binary = Process::build()?;
    let server = Process::start_behind(&traced(&file)?, &binary, &home, &[], Stdio::null())?;
    let id = server.id();
    Box::pin(lesson(&server, || Ok(()))).await?;
    server.stop().await?;
    let trace = whole(&file, id).await?;
    // It was looked at, and closely: this it does write, and it is no file.
    assert!(trace.contains("/coredump_filter>, \"0\", 1) = 1"), "not seen from the start");
    assert!(trace.lines().count() > 100, "{trace}");
    assert_eq!(writings(&trace), [""; 0]);
    assert_eq!(fs::read_dir(&home)?.count(), 0);
    fs::remove_dir_all(&directory)?;
    Ok(())
}

/// The same look at a program that does all of it.
#[tokio::test]
async fn a_program_that_makes_opens_and_writes_files_is_noticed() -> anyhow::Result<()> {
    const ACTS: &str = "echo x >kept; mkdir made; mv kept made/moved; echo y >>made/moved; ln made/moved other; \
        cat <made/moved >/dev/null; echo z >&3";
    let directory = empty_directory("asking")?;
    let file = directory.join("trace.txt");
    let words = traced(&file)?;
    let (strace, words) = words.split_first().ok_or_else(|| anyhow::anyhow!("no command"))?;
    let inherited = fs::File::create(directory.join("inherited"))?;
    let mut command = Command::new(strace);
    command.args(words).args(["sh", "-c", &format!("exec 3>&0; {ACTS}")]);
    let mut child = command.current_dir(&directory).stdin(inherited).spawn()?;
    let id = child.id();
    assert!(child.wait()?.success());
    let trace = whole(&file, id).await?;
    let noticed = writings(&trace);
    let is_noticed = |call: &str, about: &str| {
        noticed.iter().any(|line| line.contains(call) && line.contains(about))
    };
    for (call, about) in [
        ("openat(", "\"kept\", O_WRONLY"),
        ("write(", "\"x\\n\""),
        ("mkdir", "\"made\""),
        ("rename", "\"made/moved\""),
        ("openat(", "\"made/moved\", O_WRONLY"),
        ("write(", "\"y\\n\""),
        ("link", "\"other\""),
        ("write(", "/inherited>, \"z\\n\""),
    ] {
        assert!(is_noticed(call, about), "{call}…{about} in {noticed:#?}");
    }
    assert_eq!(noticed.len(), 8, "{noticed:#?}");
    fs::remove_dir_all(&directory)?;
    Ok(())
}

/// The trace of a process that has ended, once strace has seen it end.
async fn whole(file: &Path, process: u32) -> anyhow::Result<String> {
    let mut trace = String::new();
    let is_whole = || {
        trace = fs::read_to_string(file).unwrap_or_default();
        has_ended(&trace, process)
    };
    eventually("the end of the trace", PATIENCE, is_whole).await?;
    Ok(trace)
}
