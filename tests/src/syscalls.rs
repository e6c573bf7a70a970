//! What a process asked of files, read from what strace wrote down of it.

use std::path::Path as FilePath;
use std::process::Command;

use anyhow::{Context, ensure};

/// Every system call that takes a path, and those that write to what is open. Shared memory and `io_uring` cannot reach
/// a file that was not opened for writing before; the second is seen all the same, so that nothing is hidden by it.
const TRACED: &str = "trace=%file,write,writev,pwrite64,pwritev,pwritev2,sendfile,splice,tee,vmsplice,copy_file_range,\
     ftruncate,fallocate,io_uring_setup";

/// System calls with a path that only look, or run a program.
const LOOKING: [&str; 20] = [
    "access",
    "faccessat",
    "faccessat2",
    "stat",
    "lstat",
    "newfstatat",
    "statx",
    "statfs",
    "readlink",
    "readlinkat",
    "getcwd",
    "chdir",
    "fchdir",
    "execve",
    "execveat",
    "inotify_add_watch",
    "name_to_handle_at",
    "getxattr",
    "lgetxattr",
    "listxattr",
];

/// Those that open, for reading too.
const OPENING: [&str; 3] = ["open", "openat", "openat2"];

/// Flags of those that do more than read.
const WRITING_FLAGS: [&str; 6] =
    ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"];

/// Those that write to a descriptor, and which of their arguments it is.
const TO_DESCRIPTOR: [(&str, usize); 9] = [
    ("write", 0),
    ("writev", 0),
    ("pwrite64", 0),
    ("pwritev", 0),
    ("pwritev2", 0),
    ("sendfile", 0),
    ("splice", 2),
    ("copy_file_range", 2),
    ("ftruncate", 0),
];

/// No files: what goes to the first is gone, and the second keeps an image of a crash from being written.
const NO_FILES: [&str; 2] = ["/dev/null", "/proc/self/coredump_filter"];

/// The command before a program's own that writes to `trace` what it asks of the system. The program keeps its process ID.
///
/// # Errors
/// When there is no strace, or it may not look at a process here.
pub fn traced(trace: &FilePath) -> anyhow::Result<Vec<String>> {
    const WHAT_TO_DO: &str = "please run tests/gate/tools.sh strace; in a container, allow it to trace (--cap-add=SYS_PTRACE)";
    let tried = Command::new("strace").args(["-qq", "-e", "trace=none", "true"]).output();
    let tried = tried.with_context(|| format!("strace cannot be started: {WHAT_TO_DO}"))?;
    let told = String::from_utf8_lossy(&tried.stderr);
    ensure!(tried.status.success(), "strace cannot trace: {}; {WHAT_TO_DO}", told.trim());
    let to = trace.to_str().context("a path that is no text")?;
    let words = ["strace", "-D", "-f", "-q", "-y", "-s", "64", "-e", TRACED, "-o", to];
    Ok(words.map(str::to_owned).to_vec())
}

/// Whether strace has seen the end of this process.
pub fn has_ended(trace: &str, process: u32) -> bool {
    let process = process.to_string();
    let mut lines = trace.lines().filter_map(|line| line.split_once(' '));
    lines.any(|(id, rest)| id == process && rest.trim_start().starts_with("+++ "))
}

/// Each system call in a trace that made, changed or wrote to a file, or tried to.
pub fn writings(trace: &str) -> Vec<&str> {
    trace.lines().filter(|line| is_writing(line)).collect()
}

/// Calls that were interrupted by another thread's stand in two lines; the first one has their arguments.
fn is_writing(line: &str) -> bool {
    let call = line.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == ' ');
    let Some((name, arguments)) = call.split_once('(') else {
        return false;
    };
    if call.starts_with(['<', '+', '-']) {
        return false;
    }
    if LOOKING.contains(&name) {
        return false;
    }
    if OPENING.contains(&name) {
        let path = arguments.split('"').nth(1).unwrap_or_default();
        let given = arguments.split(") = ").next().unwrap_or_default();
        let flags = given.rsplit('"').next().unwrap_or_default();
        return !NO_FILES.contains(&path) && WRITING_FLAGS.iter().any(|flag| flags.contains(flag));
    }
    let Some((_, at)) = TO_DESCRIPTOR.iter().find(|(known, _)| *known == name) else {
        // All that is left changes names or what is kept of a file, or is none that we know.
        return true;
    };
    let descriptor = arguments.split(", ").nth(*at).unwrap_or_default();
    let target = descriptor.split_once('<').map_or(descriptor, |(_, target)| target);
    let target = target.split('>').next().unwrap_or_default();
    // Sockets, pipes and events have no path: `socket:[7]`.
    let is_path = target.starts_with('/') || descriptor == target;
    let is_none = target.ends_with("/coredump_filter") && target.starts_with("/proc/");
    is_path && !is_none && !NO_FILES.contains(&target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_writes_is_seen_and_what_reads_is_not() {
        for line in [
            r#"7 openat(AT_FDCWD</tmp>, "file", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</tmp/file>"#,
            r#"7 openat(AT_FDCWD</tmp>, "file", O_RDWR|O_CLOEXEC <unfinished ...>"#,
            r#"7 openat(AT_FDCWD</tmp>, "new", O_RDONLY|O_CREAT, 0666) = -1 EACCES (Permission denied)"#,
            r#"7 openat2(AT_FDCWD</tmp>, "file", {flags=O_WRONLY, resolve=0}, 24) = 3</tmp/file>"#,
            r#"7 mkdir("d", 0777) = 0"#,
            r#"7 renameat2(AT_FDCWD</tmp>, "a", AT_FDCWD</tmp>, "b", RENAME_NOREPLACE) = 0"#,
            r#"7 write(1</tmp/file>, "x\n", 2) = 2"#,
            r#"7 write(1, "x\n", 2) = 2"#,
            "7 copy_file_range(3</a>, NULL, 4</tmp/file>, NULL, 9, 0) = 9",
            "7 sendfile(4</tmp/file>, 3</a>, NULL, 9) = 9",
            "7 ftruncate(4</tmp/file>, 9) = 0",
            "7 io_uring_setup(8, {flags=0}) = 3",
        ] {
            assert!(is_writing(line), "{line}");
        }
        for line in [
            r#"7 openat(AT_FDCWD</tmp>, "O_WRONLY", O_RDONLY|O_CLOEXEC) = 3</tmp/O_WRONLY>"#,
            r#"7 openat(AT_FDCWD</tmp>, "/dev/null", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</dev/null>"#,
            r#"7 openat(AT_FDCWD</>, "/proc/self/coredump_filter", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</proc/7/coredump_filter>"#,
            r#"7 write(3</proc/7/coredump_filter>, "0", 1) = 1"#,
            r#"7 write(9<anon_inode:[eventfd]>, "\1\0\0\0\0\0\0\0", 8) = 8"#,
            r#"7 write(1<pipe:[812]>, "</tmp/file>", 11 <unfinished ...>"#,
            "7 sendfile(4<socket:[9]>, 3</a>, NULL, 9) = 9",
            "7 <... openat resumed>) = 3</tmp/file>",
            r#"7 newfstatat(1</tmp>, "", {st_mode=S_IFREG|0644, st_size=1, ...}, AT_EMPTY_PATH) = 0"#,
            "7 +++ exited with 0 +++",
            "7 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=1, si_uid=0} ---",
        ] {
            assert!(!is_writing(line), "{line}");
        }
        assert!(has_ended("7 x() = 0\n7 +++ exited with 0 +++", 7));
        assert!(!has_ended("71 +++ exited with 0 +++\n7 x() = 0", 7));
    }
}
