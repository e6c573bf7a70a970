//! A lesson where nothing can be written: the server sees every file system of this machine read-only.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::ensure;
use mosaik_tests::Process;

use super::{empty_directory, lesson};

/// Makes everything that is mounted read-only, for what follows alone, and becomes the rest of the words.
const READ_ONLY: &str = r#"
while read -r _ _ _ _ point _; do
    mount -o remount,bind,ro "$(printf '%b' "$point")" || exit 1
done </proc/self/mountinfo
exec "$@"
"#;

/// Tries to make a file in each place where programs leave some.
const TRIES: &str = r#"
for place; do
    if [ -d "$place" ] && true >"$place/mosaik-kept"; then echo "$place can be written"; fi
done 2>&1
"#;

fn words() -> Vec<String> {
    let is_root =
        fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("\nUid:\t0\t"));
    let space: &[&str] =
        if is_root { &["unshare", "--mount"] } else { &["unshare", "--mount", "--map-root-user"] };
    let rest = ["sh", "-c", READ_ONLY, "sh"];
    space.iter().chain(&rest).map(|word| (*word).to_owned()).collect()
}

#[tokio::test]
async fn a_lesson_is_held_where_no_file_system_can_be_written() -> anyhow::Result<()> {
    let home = empty_directory("read-only")?;
    let before = words();
    let [command, rest @ ..] = &before[..] else { anyhow::bail!("no command") };
    let tried = Command::new(command)
        .args(rest)
        .args(["sh", "-c", TRIES, "sh", "/tmp", "/var/tmp", "/dev/shm", "/run", "/root"])
        .arg(&home)
        .output()?;
    let told = String::from_utf8_lossy(&tried.stdout);
    let error = String::from_utf8_lossy(&tried.stderr);
    ensure!(tried.status.success(), "please run as root, or allow user namespaces: {error}");
    assert!(!told.contains("can be written"), "{told}");
    // The places are there, and it is for this alone that nothing could be made in them.
    let refused = told.lines().filter(|line| line.contains("Read-only file system")).count();
    assert!(refused >= 3 && refused == told.lines().count(), "{told}");
    let control = Command::new("sh").args(["-c", TRIES, "sh"]).arg(&home).output()?;
    assert!(String::from_utf8_lossy(&control.stdout).contains("can be written"));
    fs::remove_file(home.join("mosaik-kept"))?;

    let server = Process::start_behind(&before, &Process::build()?, &home, &[], Stdio::null())?;
    Box::pin(lesson(&server, || Ok(()))).await?;
    server.stop().await?;
    assert_eq!(fs::read_dir(&home)?.count(), 0);
    fs::remove_dir(&home)?;
    Ok(())
}
