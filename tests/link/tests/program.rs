//! The program, as a person starts it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::UdpSocket;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn link() -> Command {
    Command::new(env!("CARGO_BIN_EXE_link"))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_tells_its_address_carries_packets_obeys_and_writes_its_log() -> Outcome {
    let server = UdpSocket::bind("127.0.0.1:0")?;
    server.set_read_timeout(Some(Duration::from_secs(15)))?;
    let log = std::env::temp_dir().join(format!("mosaik-link-{}.csv", std::process::id()));
    let mut child = link();
    child.args(["--profile", "satellite", "--seed", "3", "--log"]).arg(&log);
    child.args(["--to", &server.local_addr()?.to_string()]);
    let child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut running = Running(child);
    let mut output = BufReader::new(running.0.stdout.take().ok_or("no output")?).lines();
    let address = output.next().ok_or("no address")??;
    assert!(output.next().ok_or("no profile")??.starts_with("satellite: "));

    let client = UdpSocket::bind("127.0.0.1:0")?;
    client.send_to(b"hello", &address)?;
    let mut buffer = [0; 16];
    let length = server.recv(&mut buffer)?;
    assert_eq!(&buffer[..length], b"hello");

    let input = running.0.stdin.as_mut().ok_or("no input")?;
    input.write_all(b"outage tomorrow\noutage 0.1\nrebind\nmake tea\nstats\n")?;
    assert_eq!(output.next().ok_or("no answer")??, "outage takes seconds, 3600 at most");
    assert_eq!(
        output.next().ok_or("no answer")??,
        "there is: outage SECONDS | rebind | stats | quit"
    );
    assert_eq!(output.next().ok_or("no answer")??, "LinkStats {");
    running.0.stdin.as_mut().ok_or("no input")?.write_all(b"quit\n")?;
    assert!(running.0.wait()?.success());
    let rows = std::fs::read_to_string(&log)?;
    std::fs::remove_file(&log)?;
    assert!(rows.starts_with("direction,at_ms,"), "{rows}");
    assert!(rows.lines().any(|row| row.starts_with("up,")), "{rows}");
    Ok(())
}

#[test]
fn it_says_what_is_wrong_with_what_it_is_told() -> Outcome {
    let cases: [(&[&str], &str); 6] = [
        (&["--profile", "isdn"], "there is no profile \"isdn\"; there are school-100, "),
        (&["--profile", "dsl-1m"], "--to is missing"),
        (&["--to", "127.0.0.1:1"], "--profile is missing"),
        (&["--to", "nowhere"], "\"nowhere\" is no HOST:PORT"),
        (&["--seed", "dice"], "--seed takes a number, not \"dice\""),
        (&["--trace", "missing.trace"], "missing.trace: No such file"),
    ];
    for (arguments, expected) in cases {
        let output = link().args(arguments).output()?;
        assert!(!output.status.success());
        assert!(said(&output).starts_with(&format!("link: {expected}")), "{}", said(&output));
    }
    Ok(())
}

#[test]
fn it_names_its_profiles() -> Outcome {
    let output = link().arg("--profiles").output()?;
    let text = String::from_utf8(output.stdout)?;
    assert_eq!(text.lines().count(), 11);
    assert!(text.contains("dsl-1m            A long telephone line"), "{text}");
    Ok(())
}
