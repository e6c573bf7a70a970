//! The running server tries to make a file from within: a library that is put before its C library does so each time
//! that it writes anything, in whatever thread that is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use mosaik_tests::Process;

use super::{empty_directory, lesson};

/// Stands before `write`: makes a file named after the thread and its try in the directory `TRIES`, and says on the
/// standard error output how that went. Without the C library, which would come back here.
const TRIES: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int tries;

ssize_t write(int fd, const void *bytes, size_t length) {
    const char *directory = getenv("TRIES");
    int try = __atomic_add_fetch(&tries, 1, __ATOMIC_RELAXED), thread = syscall(SYS_gettid);
    if (directory && try <= 10000) {
        char text[4096];
        snprintf(text, sizeof text, "%s/%d-%d", directory, thread, try);
        long made = syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT, 0600);
        int told = snprintf(text, sizeof text, "try %d %d\n", thread, made < 0 ? errno : 0);
        syscall(SYS_write, 2, text, told);
        if (made >= 0) syscall(SYS_close, made);
    }
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    return next(fd, bytes, length);
}
"#;

/// EACCES.
const REFUSED: i32 = 13;

#[tokio::test]
async fn the_running_server_cannot_make_a_file_in_any_of_its_threads() -> anyhow::Result<()> {
    let directory = empty_directory("sealed")?;
    let [home, tried] = ["home", "tried"].map(|name| directory.join(name));
    fs::create_dir(&home)?;
    fs::create_dir(&tried)?;
    let library = library(&directory)?;
    let before =
        ["env".to_owned(), format!("LD_PRELOAD={library}"), format!("TRIES={}", tried.display())];
    let log = directory.join("log.txt");
    let to = Stdio::from(fs::File::create(&log)?);
    let server = Process::start_behind(&before, &Process::build()?, &home, &[], to)?;
    Box::pin(lesson(&server, || Ok(()))).await?;
    for (thread, status) in statuses(server.id())? {
        assert!(status.contains("NoNewPrivs:\t1\n"), "thread {thread} could gain rights");
    }
    server.stop().await?;
    let log = fs::read_to_string(&log)?;
    let tries: Vec<(u32, i32)> = log.lines().filter_map(read).collect();
    // Before it gave up to write files it could: the tries are real.
    let sealed = tries.iter().position(|(_, error)| *error == REFUSED).context(
        "nothing was refused: does this kernel have Landlock (/sys/kernel/security/lsm)?",
    )?;
    let (free, refused) = tries.split_at(sealed);
    ensure!(!free.is_empty() && free.iter().all(|(_, error)| *error == 0), "{free:?}");
    assert_eq!(fs::read_dir(&tried)?.count(), free.len());
    let threads: BTreeSet<u32> = refused.iter().map(|(thread, _)| *thread).collect();
    assert!(threads.len() > 1, "only one thread tried: {refused:?}");
    assert!(refused.iter().all(|(_, error)| *error == REFUSED), "{refused:?}");
    fs::remove_dir_all(&directory)?;
    Ok(())
}

/// What became of a try: `try <thread> <error>`.
fn read(line: &str) -> Option<(u32, i32)> {
    let (thread, error) = line.strip_prefix("try ")?.split_once(' ')?;
    Some((thread.parse().ok()?, error.parse().ok()?))
}

/// Builds the library in a directory; gives its path.
fn library(directory: &Path) -> anyhow::Result<String> {
    let [source, library] = ["tries.c", "tries.so"].map(|name| directory.join(name));
    fs::write(&source, TRIES)?;
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl");
    let built = compiler.status().context("cc is missing: tests/gate/tools.sh cargo")?;
    ensure!(built.success(), "the library cannot be built");
    Ok(library.display().to_string())
}

/// What the system says of each thread of a process.
fn statuses(process: u32) -> anyhow::Result<Vec<(String, String)>> {
    let threads = fs::read_dir(format!("/proc/{process}/task"))?;
    let status = |thread: std::io::Result<fs::DirEntry>| {
        let thread = thread?;
        let name = thread.file_name().display().to_string();
        anyhow::Ok((name, fs::read_to_string(thread.path().join("status"))?))
    };
    threads.map(status).collect()
}
