//! The `mosaik` program as a process of its own, used as people use it: by its links.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path as FilePath, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::dial::Dialer;
use crate::wait::{PATIENCE, within};

/// Where the program listens: any free port.
const LISTEN: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// A running server. It is killed when it is dropped.
pub struct Process {
    child: Running,
    address: SocketAddr,
    /// The teacher's link, then the students'.
    links: [Link; 2],
}

/// What a link is made of.
#[derive(Debug, Clone)]
pub struct Link {
    room: String,
    secret: String,
}

impl Link {
    /// What opens the room.
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

/// What joining gives.
#[derive(Debug, Clone)]
pub struct Joined {
    /// Who one is in the room.
    pub participant: String,
    /// Opens a session, once.
    pub token: String,
    /// Opens the room again.
    pub resume: String,
    /// How the relay's certificate is known.
    pub hashes: Vec<[u8; 32]>,
}

impl Process {
    /// Starts `binary` in `directory`, which is also its home and its place for temporary files,
    /// and waits until it has printed its links.
    ///
    /// # Errors
    /// When it does not start in time.
    pub fn start(binary: &FilePath, directory: &FilePath, flags: &[&str]) -> anyhow::Result<Self> {
        Self::start_behind(&[], binary, directory, flags, Stdio::null())
    }

    /// The same, and what it logs goes to `log`.
    ///
    /// # Errors
    /// As [`Process::start`].
    pub fn start_logging(
        binary: &FilePath,
        directory: &FilePath,
        flags: &[&str],
        log: Stdio,
    ) -> anyhow::Result<Self> {
        Self::start_behind(&[], binary, directory, flags, log)
    }

    /// The same behind the words of another command, which must become the program: it keeps the process ID.
    ///
    /// # Errors
    /// As [`Process::start`].
    pub fn start_behind(
        before: &[String],
        binary: &FilePath,
        directory: &FilePath,
        flags: &[&str],
        log: Stdio,
    ) -> anyhow::Result<Self> {
        let words: Vec<&OsStr> =
            before.iter().map(OsStr::new).chain([binary.as_os_str()]).collect();
        let (program, words) = words.split_first().context("no program")?;
        let child = Command::new(program)
            .args(words)
            .args(LISTEN)
            .args(flags)
            .current_dir(directory)
            .env_clear()
            .env("HOME", directory)
            .env("TMPDIR", directory)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let mut child = Running(child);
        let stdout = child.0.stdout.take().context("no output")?;
        let (lines_in, lines) = mpsc::channel();
        // It ends with the program, whose output it must take as long as there is some.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Nobody listens any more once the links are there.
                let _ = lines_in.send(line);
            }
        });
        let mut links = Vec::new();
        while links.len() < 2 {
            let line = lines.recv_timeout(PATIENCE).context("the links were not printed")?;
            links.extend(link(&line));
        }
        let [(port, teacher), (_, students)] =
            links.try_into().map_err(|_| anyhow::anyhow!("more links than roles"))?;
        let address = (Ipv4Addr::LOCALHOST, port).into();
        Ok(Self { child, address, links: [teacher, students] })
    }

    /// The program, built as these tests are.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn build() -> anyhow::Result<PathBuf> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--package", "mosaik-server", "--bin", "mosaik"])
            .status()?;
        anyhow::ensure!(built.success(), "the program cannot be built");
        let test = std::env::current_exe()?;
        let directory = test.parent().and_then(FilePath::parent).context("no target directory")?;
        Ok(directory.join("mosaik"))
    }

    /// Its process ID.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The teacher's link.
    pub const fn teacher(&self) -> &Link {
        let [teacher, _] = &self.links;
        teacher
    }

    /// The students' link.
    pub const fn students(&self) -> &Link {
        let [_, students] = &self.links;
        students
    }

    /// A dialer that knows the certificate by what joining told.
    pub fn dialer(&self, joined: &Joined) -> Dialer {
        Dialer::new(self.address, joined.hashes.clone())
    }

    /// Joins by a link; when too many join at once, again as soon as the server says.
    ///
    /// # Errors
    /// When the link does not open the room.
    pub async fn join(&self, link: &Link, name: &str) -> anyhow::Result<Joined> {
        let agreed = json!({ "seen": true, "heard": true, "read": true });
        let request = json!({
            "room": link.room, "secret": link.secret, "name": name, "agreed": agreed,
        });
        loop {
            let answer = within("an answer", self.post("/api/join", &request)).await??;
            if let Some(wait) = answer.get("retryAfterMs").and_then(Value::as_u64) {
                let again = tokio::time::Instant::now() + Duration::from_millis(wait.max(1));
                tokio::time::sleep_until(again).await;
                continue;
            }
            let text = |key: &str| {
                answer.get(key).and_then(Value::as_str).with_context(|| format!("no {key}"))
            };
            let hashes = answer.pointer("/relay/certificateHashes").and_then(Value::as_array);
            let hashes = hashes.context("no hashes")?.iter().filter_map(Value::as_str);
            return Ok(Joined {
                participant: text("participant")?.to_owned(),
                token: text("token")?.to_owned(),
                resume: text("resume")?.to_owned(),
                hashes: hashes
                    .map(|hash| Ok(STANDARD.decode(hash)?.as_slice().try_into()?))
                    .collect::<anyhow::Result<_>>()?,
            });
        }
    }

    /// Asks its HTTP interface; the answer's JSON, whatever its status.
    ///
    /// # Errors
    /// When no JSON comes.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address.port(),
            body.len(),
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let answer = String::from_utf8(answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("no body")?;
        Ok(serde_json::from_str(body)?)
    }

    /// Asks it to end, as a service supervisor does, and waits until it has.
    ///
    /// # Errors
    /// When it does not in time, or with an error.
    pub async fn stop(self) -> anyhow::Result<()> {
        let status = self.end_by("TERM").await?;
        if !status.success() {
            bail!("it ended with {status}");
        }
        Ok(())
    }

    /// Sends it a signal (`TERM`, `ABRT`) and waits for its end.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn end_by(mut self, signal: &str) -> anyhow::Result<ExitStatus> {
        Command::new("kill").args(["-s", signal, &self.id().to_string()]).status()?;
        let mut look = tokio::time::interval(Duration::from_millis(20));
        let ended = async {
            loop {
                look.tick().await;
                if let Some(status) = self.child.0.try_wait()? {
                    return anyhow::Ok(status);
                }
            }
        };
        within("the program's end", ended).await?
    }
}

/// A process that does not outlive its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It fails when the process is gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The port and the link in a line of output: `…http://<host>:<port>/#<room>/<secret>`.
fn link(line: &str) -> Option<(u16, Link)> {
    let (base, rest) = line.trim().split_once("/#")?;
    let (_, port) = base.rsplit_once(':')?;
    let (room, secret) = rest.split_once('/')?;
    Some((port.parse().ok()?, Link { room: room.to_owned(), secret: secret.to_owned() }))
}
