//! A line with sockets: in front of a server, on a thread of its own.

mod engine;
mod poller;
mod tcp;
mod udp;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender, SyncSender};
use std::thread::JoinHandle;
use std::time::Duration;

use serde::Serialize;
use socket2::{Domain, Protocol, Socket, Type};

use crate::log::Summary;
use crate::profile::Profile;
use engine::Engine;
use poller::Waker;

/// How long the thread may take for an answer: it never does anything for that long.
const ANSWER: Duration = Duration::from_secs(5);

/// Bytes that may wait for the thread at the UDP socket; the system may give less.
const SOCKET_BYTES: usize = 4 << 20;

/// Bytes that may wait for the thread at a TCP socket: a few segments, so that what the line does
/// not take stays with who sends it.
const TCP_BYTES: usize = 16 << 10;

/// Attempts to find a port that is free for both UDP and TCP.
const PORTS: usize = 16;

/// Where a line is and what it is like.
#[derive(Debug, Clone)]
pub struct LinkSettings {
    /// What it is like.
    pub profile: Profile,
    /// The server behind it.
    pub to: SocketAddr,
    /// Where clients come to, for UDP and TCP; port 0 takes any.
    pub listen: SocketAddr,
    /// What its chance is made from.
    pub seed: u64,
    /// Whether UDP passes; a firewall lets it vanish.
    pub carries_udp: bool,
}

impl LinkSettings {
    /// On a port of 127.0.0.1, with seed 1.
    pub fn new(profile: Profile, to: SocketAddr) -> Self {
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        Self { profile, to, listen, seed: 1, carries_udp: true }
    }
}

/// Why there is no line.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Its address cannot be had.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system does not give what it needs.
    #[error("the line cannot begin: {0}")]
    Start(#[from] io::Error),
    /// Its thread has ended, by a mistake of its own.
    #[error("the line has broken")]
    Broken,
}

/// What a line did so far.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkStats {
    /// Since when, in seconds.
    pub seconds: f64,
    /// Towards the server, everything on it.
    pub up: Summary,
    /// From the server, everything on it: competitors too.
    pub down: Summary,
    /// Payload of UDP that clients have sent into it, whatever became of it.
    pub udp_up_bytes: u64,
    /// Payload of UDP that the server has sent into it, whatever became of it.
    pub udp_down_bytes: u64,
    /// Payload that competitors have got.
    pub competitor_bytes: u64,
    /// Clients with an address of their own for UDP.
    pub udp_clients: usize,
    /// Connections of TCP.
    pub tcp_connections: usize,
    /// Packets and connections for which there was no room, or no socket.
    pub refused: u64,
    /// Packets that had arrived and that the system did not take.
    pub undelivered: u64,
    /// CPU time that it has used.
    pub cpu_seconds: f64,
    /// How much later than by schedule packets left, half of them at most.
    pub late_p50_ms: f64,
    /// The same for 99 %.
    pub late_p99_ms: f64,
    /// The longest.
    pub late_max_ms: f64,
}

/// Some time of what the queues did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPart {
    /// Rows as comma-separated values, [`Log::CSV_HEAD`](crate::Log::CSV_HEAD) tells of what.
    pub csv: String,
    /// When the next part begins.
    pub until: Duration,
}

/// What the thread is asked to do.
pub(crate) enum Command {
    Rebind,
    Outage(Duration),
    Stats(SyncSender<LinkStats>),
    Csv(Duration, SyncSender<LogPart>),
    Stop,
}

/// A line in front of a server. Dropping it cuts it.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    commands: Sender<Command>,
    waker: Arc<Waker>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// A line to `to` on a port of 127.0.0.1, with seed 1.
    ///
    /// # Errors
    /// When the system gives no socket or thread for it.
    pub fn start(profile: Profile, to: SocketAddr) -> Result<Self, LinkError> {
        Self::start_with(&LinkSettings::new(profile, to))
    }

    /// A line as these settings say.
    ///
    /// # Errors
    /// When its address is taken, or the system gives no socket or thread for it.
    pub fn start_with(settings: &LinkSettings) -> Result<Self, LinkError> {
        let (udp, tcp) = listen(settings.listen)
            .map_err(|source| LinkError::Listen { address: settings.listen, source })?;
        let address = tcp.local_addr()?;
        let (commands, asked) = mpsc::channel();
        let waker = Arc::new(Waker::new()?);
        let engine = Engine::new(settings, (udp, tcp), (asked, Arc::clone(&waker)))?;
        let thread = std::thread::Builder::new().name("link".to_owned());
        let thread = Some(thread.spawn(|| engine.run())?);
        Ok(Self { address, commands, waker, thread })
    }

    /// Where clients come to, over UDP and over TCP.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every client comes to the server from another address from now on, as after a NAT has
    /// forgotten them. Connections of TCP break.
    ///
    /// # Errors
    /// When the line has broken.
    pub fn rebind(&self) -> Result<(), LinkError> {
        self.tell(Command::Rebind)
    }

    /// There is no line for this time, from now on.
    ///
    /// # Errors
    /// When the line has broken.
    pub fn outage(&self, time: Duration) -> Result<(), LinkError> {
        self.tell(Command::Outage(time))
    }

    /// What it did so far.
    ///
    /// # Errors
    /// When the line has broken.
    pub fn stats(&self) -> Result<LinkStats, LinkError> {
        self.ask(Command::Stats)
    }

    /// What the queues did every 10 ms since this time of the line, an hour at most.
    ///
    /// # Errors
    /// When the line has broken.
    pub fn log(&self, since: Duration) -> Result<LogPart, LinkError> {
        self.ask(|answer| Command::Csv(since, answer))
    }

    /// Cuts it.
    ///
    /// # Errors
    /// When it had broken before.
    pub fn stop(mut self) -> Result<(), LinkError> {
        let _ = self.tell(Command::Stop);
        self.thread.take().map_or(Ok(()), JoinHandle::join).map_err(|_| LinkError::Broken)
    }

    fn ask<T>(&self, question: impl FnOnce(SyncSender<T>) -> Command) -> Result<T, LinkError> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.tell(question(answer))?;
        answered.recv_timeout(ANSWER).map_err(|_| LinkError::Broken)
    }

    fn tell(&self, command: Command) -> Result<(), LinkError> {
        self.commands.send(command).map_err(|_| LinkError::Broken)?;
        Ok(self.waker.wake()?)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = self.tell(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The same port for UDP and TCP.
fn listen(address: SocketAddr) -> io::Result<(UdpSocket, TcpListener)> {
    let mut attempts = PORTS;
    loop {
        let tcp = tcp_socket(address)?;
        tcp.set_reuse_address(true)?;
        tcp.bind(&address.into())?;
        tcp.listen(128)?;
        let tcp = TcpListener::from(tcp);
        attempts -= 1;
        match udp_socket(tcp.local_addr()?) {
            Ok(udp) => return Ok((udp, tcp)),
            Err(error) if address.port() != 0 || attempts == 0 => return Err(error),
            Err(_) => {}
        }
    }
}

/// A socket for UDP at `address`.
pub(crate) fn udp_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    // The system may give less; what does not fit is lost without being counted.
    let _ = socket.set_recv_buffer_size(SOCKET_BYTES);
    let _ = socket.set_send_buffer_size(SOCKET_BYTES);
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// A socket for TCP with an address like this one, through which the line is felt: it takes
/// segments of an Ethernet's size and only a few of them.
pub(crate) fn tcp_socket(like: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(like), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_recv_buffer_size(TCP_BYTES)?;
    socket.set_tcp_mss(1_460)?;
    Ok(socket)
}
