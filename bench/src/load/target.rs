//! The relays that are measured: each a process of its own, on a core of its own.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::{Path as FilePath, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use mosaik_proto::moqt::Setup;
use mosaik_tests::{Client, Dialer, Path, within};

use super::{Flow, NAMESPACE};
use crate::certificate::Certificate;
use crate::{Variant, usage};

/// How long a relay has to answer after its start.
const START_MAX: Duration = Duration::from_secs(10);

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Ours.
    Mosaik,
    /// The relay of that name from crates.io, with a pinned worker and its own allocator, which is
    /// the setting that its authors measure best.
    MoqRelay,
    /// No relay: a loop that writes one buffer to quinn connections. What QUIC alone costs, with
    /// the relay's settings or with one of them changed.
    Floor(Variant),
}

impl Kind {
    /// For people and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mosaik => "mosaik",
            Self::MoqRelay => "moq-relay",
            Self::Floor(Variant::Relay) => "quinn",
            Self::Floor(variant) => variant.name(),
        }
    }
}

/// Where the programs are, and what they prove themselves with.
#[derive(Debug)]
pub struct Programs {
    /// Our binary.
    pub mosaik: PathBuf,
    /// moq-relay's binary.
    pub moq_relay: PathBuf,
    /// The bare loop.
    pub floor: PathBuf,
    /// The certificate of all of them.
    pub certificate: Certificate,
    /// Where their standard error output goes.
    pub logs: PathBuf,
    /// The core that they run on.
    pub core: usize,
    /// Further settings of ours, as flags.
    pub settings: Vec<String>,
}

impl Programs {
    /// Those beside this program, to be measured on `core`.
    ///
    /// # Errors
    /// When the certificate cannot be written.
    pub fn find(core: usize) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let target = program.parent().and_then(FilePath::parent).context("no target")?;
        Ok(Self {
            mosaik: program.with_file_name("mosaik"),
            moq_relay: std::env::var_os("MOQ_RELAY")
                .map_or_else(|| target.join("peers/bin/moq-relay"), PathBuf::from),
            floor: program.with_file_name("floor"),
            certificate: Certificate::write(&target.join("bench/certificate"))?,
            logs: target.join("bench"),
            core,
            settings: Vec::new(),
        })
    }

    /// Where a relay's complaints go: not beside the certificate, which some relays watch.
    fn log(&self, kind: Kind) -> anyhow::Result<File> {
        Ok(File::create(self.logs.join(format!("{}.log", kind.name())))?)
    }
}

/// A running relay. It is killed when it is dropped.
pub struct Target {
    kind: Kind,
    child: Running,
    dialer: Dialer,
    resident_at_start: u64,
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Target {
    /// Starts a relay and waits until it takes sessions. `flow` is what the floor sends.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(kind: Kind, programs: &Programs, flow: Flow) -> anyhow::Result<Self> {
        let address = free_address()?;
        let child = Command::new("taskset")
            .args(["-c", &cores(kind, programs.core)])
            .args(command(kind, programs, address, flow))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(programs.log(kind)?)
            .spawn()
            .context("`taskset` (Debian: util-linux) cannot be started")?;
        let mut child = Running(child);
        let dialer = Dialer::new(address, vec![programs.certificate.hash()]);
        let deadline = tokio::time::Instant::now() + START_MAX;
        while dialer.apart().dial(Path::Quic).await.is_err() {
            if let Some(status) = child.0.try_wait()? {
                bail!("{} ended at its start: {status}", kind.name());
            }
            if tokio::time::Instant::now() > deadline {
                bail!("{} takes no sessions", kind.name());
            }
        }
        let resident_at_start = usage(child.0.id())?.resident_bytes;
        Ok(Self { kind, child, dialer, resident_at_start })
    }

    /// What it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.0.id()
    }

    /// Bytes of memory that it had before there were sessions.
    pub const fn resident_at_start(&self) -> u64 {
        self.resident_at_start
    }

    /// How to get to it.
    pub const fn dialer(&self) -> &Dialer {
        &self.dialer
    }

    /// A session without a token.
    ///
    /// # Errors
    /// When the relay does not answer SETUP.
    pub async fn session(&self, dialer: &Dialer, path: Path) -> anyhow::Result<Client> {
        let wire = dialer.dial(path).await.context("connecting")?;
        let client = Client::begin(wire, Setup::default()).await?;
        let mut going = client.going();
        within("SETUP", going.wait_for(|going| going.setup.is_some())).await??;
        Ok(client)
    }
}

fn command(kind: Kind, programs: &Programs, address: SocketAddr, flow: Flow) -> Vec<String> {
    let (chain, key) = programs.certificate.files();
    let (chain, key) = (chain.display().to_string(), key.display().to_string());
    let address = address.to_string();
    let program = match kind {
        Kind::Mosaik => &programs.mosaik,
        Kind::MoqRelay => &programs.moq_relay,
        Kind::Floor(_) => &programs.floor,
    };
    let mut command = vec![program.display().to_string()];
    let arguments: Vec<String> = match kind {
        Kind::Mosaik => [
            ["serve", "--listen", &address].as_slice(),
            &["--certificate", &chain, "--key", &key],
            &["--public-namespace", NAMESPACE, "--sessions", "10000", "--log", "error"],
        ]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .chain(programs.settings.iter().cloned())
        .collect(),
        Kind::MoqRelay => [
            ["--listen", &address, "--listen-tls-cert", &chain, "--listen-tls-key", &key],
            ["--runtime-workers", "1", "--auth-public", "**", "--log-level", "error"],
        ]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect(),
        Kind::Floor(variant) => vec![
            address,
            chain,
            key,
            flow.objects_per_second.to_string(),
            flow.object_bytes.to_string(),
            flow.objects_per_group.to_string(),
            variant.name().to_owned(),
        ],
    };
    command.extend(arguments);
    command
}

/// The core of a target, or one for each of its threads.
fn cores(kind: Kind, core: usize) -> String {
    match kind {
        Kind::Floor(variant) if variant.threads() > 1 => {
            format!("{core}-{}", core + variant.threads() - 1)
        }
        Kind::Mosaik | Kind::MoqRelay | Kind::Floor(_) => core.to_string(),
    }
}

/// An address that nobody listens at; between here and the relay's start nobody else takes it.
fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
