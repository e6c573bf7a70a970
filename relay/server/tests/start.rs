//! What a person at the terminal meets who starts `mosaik` wrongly.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

fn mosaik(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mosaik"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_wrong_start_ends_with_64_and_one_line_that_says_why() {
    let file = std::env::temp_dir().join(format!("mosaik-start-{}.toml", std::process::id()));
    std::fs::write(&file, "# rooms\n\nlisen = \"[::]:1\"\n").unwrap();
    let path = file.to_str().unwrap();
    for (arguments, environment, told) in [
        (&["sreve"][..], &[][..], "There is no command \"sreve\""),
        (&["serve", "--lisen", "x"], &[], "Did you mean --listen?"),
        (&["serve", "--listen", "x"], &[], "--listen: listen cannot be \"x\". Allowed: "),
        (&["serve"], &[("MOSAIK_LOG", "loud")], "MOSAIK_LOG: log cannot be \"loud\". Allowed: "),
        (&["serve", "--config", path], &[], ":3: there is no setting \"lisen\". Did you mean"),
        (&["serve", "--config", "/nowhere.toml"], &[], "/nowhere.toml cannot be read"),
        (&["serve", "--retention", "8"], &[], "--retention: retention cannot be \"8\". Allowed: "),
        (&["serve", "--key", "key.pem"], &[], "certificate and key belong together"),
    ] {
        let output = mosaik(arguments, environment);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(64), "{arguments:?}: {error}");
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    std::fs::remove_file(file).unwrap();
}

#[test]
fn help_and_version_are_for_the_standard_output() {
    let help = mosaik(&["help"], &[]);
    assert!(help.status.success() && help.stderr.is_empty());
    assert!(String::from_utf8(help.stdout).unwrap().contains("--public-url URL"));
    let version = mosaik(&["version"], &[]);
    assert_eq!(version.stdout, format!("mosaik {}\n", env!("CARGO_PKG_VERSION")).into_bytes());
}

/// A server that ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    /// A server on a free port. Its output must be kept: a server whose output nobody takes ends.
    fn start() -> (Self, String, Lines<BufReader<ChildStdout>>) {
        let started = Command::new(env!("CARGO_BIN_EXE_mosaik"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut serving = Self(started.unwrap());
        let mut links = BufReader::new(serving.0.stdout.take().unwrap()).lines();
        let port = links
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let after = line.split("http://127.0.0.1:").nth(1)?;
                after.split(|sign: char| !sign.is_ascii_digit()).next().map(str::to_owned)
            })
            .unwrap();
        (serving, port, links)
    }
}

#[test]
fn a_running_server_is_seen_from_its_own_machine() {
    let (serving, port, _links) = Serving::start();
    let seen = mosaik(&["top", "--once", "--port", &port], &[]);
    let text = String::from_utf8(seen.stdout).unwrap();
    assert!(seen.status.success(), "{}", String::from_utf8_lossy(&seen.stderr));
    assert!(text.contains("Sessions  0   quic 0   webtransport 0   websocket 0"), "{text}");
    let memory: u64 =
        text.rsplit("memory ").next().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(memory > 1, "{text}");
    drop(serving);

    let alone = mosaik(&["top", "--once", "--port", &port], &[]);
    assert!(!alone.status.success());
    assert!(String::from_utf8(alone.stderr).unwrap().contains("no server answers"));
}

#[test]
fn who_asks_for_a_trace_is_told_what_it_waits_for_and_what_is_in_the_way() {
    let (serving, port, _links) = Serving::start();
    let first = Command::new(env!("CARGO_BIN_EXE_mosaik"))
        .args(["qlog", "--port", &port])
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut first = Serving(first.unwrap());
    let mut notes = BufReader::new(first.0.stderr.take().unwrap()).lines();
    let waiting = notes.next().unwrap().unwrap();
    assert!(waiting.starts_with("Waiting for the next session, 10 minutes at most"), "{waiting}");

    let second = mosaik(&["qlog", "--port", &port], &[]);
    let told = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && second.stdout.is_empty());
    assert!(told.contains("another trace is under way on this server. Wait until"), "{told}");

    drop(serving);
    let told = notes.map_while(Result::ok).last().unwrap();
    assert!(told.contains("no session came"), "{told}");
    let alone = mosaik(&["qlog", "--port", &port], &[]);
    assert!(!alone.status.success() && alone.stdout.is_empty());
    assert!(String::from_utf8(alone.stderr).unwrap().contains("no server answers"));
}
