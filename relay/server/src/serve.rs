//! The composition root: builds everything, prints the links, waits, drains.
//!
//! Two threads: one owns the tracks, the sessions and the rooms (see [`crate::shard`]); the other
//! answers HTTP, which is rare and may block on nothing that media waits for.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context;
use mosaik_certs::{Certificates, Change};
use mosaik_proto::moqt::SessionCode;
use mosaik_proto::token::{Claims, Grants, Kind};
use mosaik_transport::{
    Accepted, Door, Endpoint, Handshake, Outgoing, WebSocketSession, udp_socket,
};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::LocalSet;
use web_transport_trait::Session;

use crate::access::{Access, Denied};
use crate::config::Config;
use crate::gate::{Bearer, Gate, Refusal};
use crate::http::{self, HttpState, RELAY_PATH, Sockets};
use crate::limits::Limits;
use crate::metrics::{Snapshot, Snapshots, thread_cpu};
use crate::relay::{Relay, Way};
use crate::rooms::Rooms;
use crate::trace::{Candidate, Traces, Wish};

/// WebSockets beside the sessions: they are open before the thread of the media lets them in or sends
/// them away.
const SOCKETS_WAITING: u32 = 64;

/// How long sessions have to leave after GOAWAY when the process ends.
const DRAIN_MAX: Duration = Duration::from_secs(4);

/// How often the system may choose a port.
const PORT_CHOICES: u32 = 16;

/// How often certificates are looked after.
const CERTIFICATE_CHECK: Duration = Duration::from_mins(1);

/// TCP and UDP of one port. Which one the system chooses for TCP may be taken for UDP: then it is to
/// choose again.
fn bind(listen: SocketAddr) -> anyhow::Result<(TcpListener, UdpSocket)> {
    let mut choices = if listen.port() == 0 { PORT_CHOICES } else { 1 };
    loop {
        let listener =
            http::bind(listen).with_context(|| format!("TCP {listen} cannot be used"))?;
        let address = listener.local_addr()?;
        choices -= 1;
        match udp_socket(address) {
            Ok(socket) => return Ok((listener, socket)),
            Err(error) if choices > 0 && error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                return Err(error).with_context(|| format!("UDP {address} cannot be used"));
            }
        }
    }
}

/// A running server.
pub struct Server {
    address: SocketAddr,
    rooms: Arc<Rooms>,
    certificates: Arc<Certificates>,
    access: Arc<Access>,
    stop: watch::Sender<bool>,
    threads: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl Server {
    /// Listens and serves until [`Server::stop`].
    ///
    /// # Errors
    /// When the port is taken, a certificate is broken, or the system gives no randomness.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        let certificates = certificates(config)?;
        let access = Arc::new(Access::new()?);
        let rooms = Arc::new(Rooms::new(config, Instant::now()));
        let http_runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (listener, socket) = {
            let _guard = http_runtime.enter();
            bind(config.settings.listen.0)?
        };
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let most = u32::try_from(config.settings.sessions.get())?;
        let limits = Limits::of(&config.settings);
        let sockets_max = most.saturating_add(SOCKETS_WAITING);
        let (sockets, websockets) = Sockets::new(sockets_max, limits.transport);
        let (snapshots, asked) = Snapshots::new();
        let (traces, wishes) = Traces::new();
        let state = Arc::new(HttpState {
            rooms: Arc::clone(&rooms),
            access: Arc::clone(&access),
            certificates: Arc::clone(&certificates),
            consent: config.consent.clone(),
            public_url: config.settings.public_url.clone(),
            port: address.port(),
            connections_max: config.settings.connections.get(),
            sockets,
            snapshots,
            traces,
        });
        let media = Media {
            socket,
            websockets,
            asked,
            wishes,
            certificates: Arc::clone(&certificates),
            gate: Arc::new(Entrance {
                access: Arc::clone(&access),
                public: config.settings.public_namespace.0.clone(),
            }),
            rooms: Arc::clone(&rooms),
            sessions_max: config.settings.sessions.get(),
            limits,
        };
        let media_stopping = stopping.clone();
        let threads = vec![
            std::thread::Builder::new()
                .name("media".into())
                .spawn(move || media.run(media_stopping))?,
            std::thread::Builder::new()
                .name("http".into())
                .spawn(move || serve_http(&http_runtime, listener, state, stopping))?,
        ];
        Ok(Self { address, rooms, certificates, access, stop, threads })
    }

    /// Where it listens, UDP and TCP.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The rooms and their links' secrets.
    pub fn rooms(&self) -> &Rooms {
        &self.rooms
    }

    /// The certificate that sessions are answered with.
    pub const fn certificates(&self) -> &Arc<Certificates> {
        &self.certificates
    }

    /// Signs and checks the tokens.
    pub const fn access(&self) -> &Arc<Access> {
        &self.access
    }

    /// Asks every session to leave, and waits until all is closed.
    ///
    /// # Errors
    /// What a thread failed with.
    pub fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        for thread in self.threads {
            thread.join().map_err(|_| anyhow::anyhow!("a thread panicked"))??;
        }
        Ok(())
    }
}

/// What the media thread needs to begin.
struct Media {
    socket: UdpSocket,
    websockets: mpsc::Receiver<WebSocketSession>,
    asked: mpsc::Receiver<oneshot::Sender<Snapshot>>,
    wishes: mpsc::Receiver<Wish>,
    certificates: Arc<Certificates>,
    gate: Arc<dyn Gate>,
    rooms: Arc<Rooms>,
    sessions_max: usize,
    limits: Limits,
}

impl Media {
    fn run(self, stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let local = LocalSet::new();
        local.block_on(&runtime, self.serve(stopping))
    }

    async fn serve(mut self, mut stopping: watch::Receiver<bool>) -> anyhow::Result<()> {
        let tls = self.certificates.server_config(&[])?;
        let endpoint = Endpoint::new(self.socket, tls, self.limits.transport)?;
        let relay = Relay::new(self.rooms, self.gate, self.limits);
        let ticking = relay.clone();
        let tick = tokio::task::spawn_local(async move { ticking.tick(thread_cpu).await });
        let mut wish = None;
        loop {
            let knock = tokio::select! {
                handshake = endpoint.accept() => {
                    handshake.map(|handshake| Knock::of(&endpoint, handshake, wish.as_ref()))
                }
                Some(session) = self.websockets.recv() => Some(Knock::WebSocket(session)),
                Some(answer) = self.asked.recv() => {
                    // Who asked may have gone.
                    let _ = answer.send(relay.snapshot());
                    continue;
                }
                Some(wished) = self.wishes.recv() => {
                    wish = Some(wished);
                    continue;
                }
                _ = stopping.wait_for(|stop| *stop) => None,
            };
            let Some(knock) = knock else {
                break;
            };
            if relay.session_count() >= self.sessions_max && !relay.make_room() {
                knock.refuse();
                continue;
            }
            // The session ends itself; the runtime ends what is left of it at shutdown.
            tokio::task::spawn_local(knock.run(relay.clone()));
        }
        // A trace that waits for a session waits no longer.
        drop(wish);
        relay.drain();
        let drained = async {
            let mut poll = tokio::time::interval(Duration::from_millis(20));
            while relay.session_count() > 0 {
                poll.tick().await;
            }
        };
        // Who is still there after it is closed below.
        let _ = tokio::time::timeout(DRAIN_MAX, drained).await;
        endpoint.close(SessionCode::NoError.get(), "the relay ends");
        let _ = tokio::time::timeout(DRAIN_MAX, endpoint.wait_idle()).await;
        tick.abort();
        Ok(())
    }
}

/// Somebody who wants in.
enum Knock {
    Handshake(Box<Handshake>, Option<Candidate>),
    WebSocket(WebSocketSession),
}

impl Knock {
    /// A handshake, which is recorded if a trace waits for a session.
    fn of(endpoint: &Endpoint, handshake: Handshake, wish: Option<&Wish>) -> Self {
        let (handshake, candidate) = match wish {
            Some(wish) => wish.watch(endpoint, handshake),
            None => (handshake, None),
        };
        Self::Handshake(Box::new(handshake), candidate)
    }

    fn refuse(self) {
        match self {
            Self::Handshake(handshake, _) => handshake.refuse(),
            Self::WebSocket(session) => {
                session.close(SessionCode::InternalError.get(), "too many sessions");
            }
        }
    }

    async fn run(self, relay: Relay) {
        match self {
            // Boxed, so that a session does not keep the memory of its handshake.
            Self::Handshake(handshake, candidate) => {
                match Box::pin(handshake.complete(&Entry)).await {
                    Ok(Accepted::Quic(session)) => {
                        serve_traced(&relay, session, Way::Quic, candidate).await;
                    }
                    Ok(Accepted::WebTransport(session)) => {
                        serve_traced(&relay, session, Way::WebTransport, candidate).await;
                    }
                    Err(error) => tracing::debug!(%error, "a handshake came to nothing"),
                }
            }
            Self::WebSocket(session) => relay.serve(session, Way::WebSocket).await,
        }
    }
}

/// Runs a session whose handshake may have been recorded.
async fn serve_traced<S: Outgoing>(
    relay: &Relay,
    session: S,
    way: Way,
    candidate: Option<Candidate>,
) {
    if let Some(candidate) = &candidate {
        candidate.complete(way);
    }
    let ending = relay.run(session, way).await;
    if let Some(candidate) = &candidate {
        candidate.session_ended(&ending.to_string());
    }
}

/// WebTransport from any page, as the token decides; only at one path.
struct Entry;

impl Door for Entry {
    fn admits(&self, _origin: Option<&str>) -> bool {
        true
    }

    fn knows(&self, path: &str) -> bool {
        path == RELAY_PATH
    }
}

/// Sessions come in with a connect token, or as visitors where there is something for them.
struct Entrance {
    access: Arc<Access>,
    /// The prefixes of the namespaces that need no token.
    public: Vec<Vec<String>>,
}

impl Gate for Entrance {
    fn admit(&self, token: &[u8], bearer: Bearer) -> Result<Claims, Refusal> {
        let token = std::str::from_utf8(token).map_err(|_| Refusal::Invalid)?;
        self.access.verify_for(token, Kind::Connect, SystemTime::now(), bearer).map_err(|denied| {
            match denied {
                Denied::Expired => Refusal::Expired,
                Denied::Invalid => Refusal::Invalid,
                Denied::AlreadyUsed => Refusal::Taken,
            }
        })
    }

    fn visitor(&self) -> Option<Grants> {
        (!self.public.is_empty()).then(|| Grants::for_visitor(&self.public))
    }
}

fn serve_http(
    runtime: &tokio::runtime::Runtime,
    listener: TcpListener,
    state: Arc<HttpState>,
    mut stopping: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    runtime.block_on(async {
        let certificates = Arc::clone(&state.certificates);
        let care = tokio::spawn(care_for(certificates));
        let stopped = async move {
            // The sender lives until the server is stopped or dropped.
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        let served = http::serve(listener, state, stopped).await;
        care.abort();
        Ok(served?)
    })
}

/// Renews the development certificate before it ends, and follows changed files.
async fn care_for(certificates: Arc<Certificates>) {
    let mut interval = tokio::time::interval(CERTIFICATE_CHECK);
    loop {
        interval.tick().await;
        let certificates = Arc::clone(&certificates);
        let checked =
            tokio::task::spawn_blocking(move || certificates.check(SystemTime::now())).await;
        match checked {
            Ok(Ok(Change::None)) | Err(_) => {}
            Ok(Ok(Change::Announced)) => tracing::info!("a new certificate is announced"),
            Ok(Ok(Change::Exchanged)) => tracing::info!("the certificate was exchanged"),
            Ok(Err(fault)) => tracing::warn!(%fault, "the old certificate stays in use"),
        }
    }
}

fn certificates(config: &Config) -> anyhow::Result<Arc<Certificates>> {
    let settings = &config.settings;
    if let Some((chain, key)) = settings.certificate.as_ref().zip(settings.key.as_ref()) {
        return Ok(Certificates::from_files(chain, key)?);
    }
    let mut names = settings.host_names.0.clone();
    names.extend(settings.public_url.as_ref().map(|url| url.host().to_owned()));
    Ok(Certificates::development(&names, SystemTime::now())?)
}
