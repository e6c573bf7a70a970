//! One UDP socket for both: ALPN `moqt-18` is a session, ALPN `h3` is a WebTransport handshake.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mosaik_proto::moqt::PROTOCOL;
use quinn::crypto::rustls::{HandshakeData, NoInitialCipherSuite, QuicServerConfig};
use quinn::{EndpointConfig, VarInt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wtransport::endpoint::{IncomingSessionFuture, SessionRequest};

use crate::error::TransportError;
use crate::qlog::{self, Recorder};
use crate::quic::QuicSession;
use crate::settings::{SessionBounds, relay_transport, traced_transport};
use crate::webtransport::WebTransportSession;

/// ALPN of HTTP/3.
const HTTP3: &[u8] = b"h3";

/// How long a peer has for its TLS handshake and its CONNECT request.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Open handshakes from which on a peer must prove its address with a Retry first.
const HANDSHAKES_UNPROVEN_MAX: usize = 64;

/// Open handshakes beyond which new ones are refused.
const HANDSHAKES_MAX: usize = 1024;

/// Why the socket could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The socket is not to be had.
    #[error("UDP port: {0}")]
    Socket(#[from] io::Error),
    /// The TLS settings do not allow QUIC.
    #[error("TLS settings: {0}")]
    Tls(#[from] NoInitialCipherSuite),
}

/// Why a handshake came to nothing. None of it is the relay's fault.
#[derive(Debug, thiserror::Error)]
pub enum HandshakeError {
    /// It took too long.
    #[error("the handshake took too long")]
    TooSlow,
    /// QUIC, TLS or HTTP/3 failed.
    #[error("the handshake failed: {0}")]
    Failed(String),
    /// There is nothing at that path.
    #[error("no WebTransport at this path")]
    NotFound,
    /// The page is not one of ours.
    #[error("the page's origin may not connect")]
    Forbidden,
}

/// A session whose transport is ready; MoQT's SETUP comes next.
pub enum Accepted {
    /// Native QUIC.
    Quic(QuicSession),
    /// WebTransport.
    WebTransport(WebTransportSession),
}

/// Who may come in by WebTransport, and where.
pub trait Door: Send + Sync + 'static {
    /// Whether a page of this origin may connect; `None` comes from clients that are no browser.
    fn admits(&self, origin: Option<&str>) -> bool;
    /// Whether there is anything at this path.
    fn knows(&self, path: &str) -> bool;
}

/// The socket and everything that comes in over it.
pub struct Endpoint {
    quic: quinn::Endpoint,
    /// What a session is accepted with, unless it is traced.
    config: quinn::ServerConfig,
    bounds: SessionBounds,
    /// One permit for each handshake under way.
    handshakes: Arc<Semaphore>,
}

impl Endpoint {
    /// Listens on `socket`. `tls` names the certificates; its ALPN list and early data are set
    /// here: 0-RTT is off, since a join must not be replayed. Each session has
    /// `bounds`.
    ///
    /// # Errors
    /// [`BindError`].
    pub fn new(
        socket: UdpSocket,
        mut tls: rustls::ServerConfig,
        bounds: SessionBounds,
    ) -> Result<Self, BindError> {
        tls.alpn_protocols = vec![HTTP3.to_vec(), PROTOCOL.as_bytes().to_vec()];
        tls.max_early_data_size = 0;
        let crypto = QuicServerConfig::try_from(tls)?;
        let mut config = quinn::ServerConfig::with_crypto(Arc::new(crypto));
        config.transport_config(relay_transport(bounds));
        config.max_incoming(HANDSHAKES_MAX);
        let runtime = Arc::new(quinn::TokioRuntime);
        let accepting = Some(config.clone());
        let quic = quinn::Endpoint::new(EndpointConfig::default(), accepting, socket, runtime)?;
        let handshakes = Arc::new(Semaphore::new(HANDSHAKES_MAX));
        Ok(Self { quic, config, bounds, handshakes })
    }

    /// Where the socket is.
    ///
    /// # Errors
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.quic.local_addr()
    }

    /// The next handshake, or `None` when the endpoint is closed. While many are open, addresses
    /// that are not proven are asked to prove themselves.
    pub async fn accept(&self) -> Option<Handshake> {
        loop {
            let incoming = self.quic.accept().await?;
            let Ok(permit) = Arc::clone(&self.handshakes).try_acquire_owned() else {
                incoming.refuse();
                continue;
            };
            let under_way = HANDSHAKES_MAX - self.handshakes.available_permits();
            if under_way > HANDSHAKES_UNPROVEN_MAX && !incoming.remote_address_validated() {
                // It fails only for addresses that are proven.
                let _ = incoming.retry();
                continue;
            }
            return Some(Handshake { incoming, traced: None, _permit: permit });
        }
    }

    /// The same handshake, with `recorder` told what QUIC does from now on until nothing is left of
    /// the connection: packets, losses, round-trip times and windows; no addresses and no contents.
    /// Times count from `begun`, and `title` stands at the head.
    pub fn trace(
        &self,
        handshake: Handshake,
        begun: Instant,
        title: &str,
        recorder: impl Recorder,
    ) -> Handshake {
        let mut config = self.config.clone();
        let stream = qlog::stream(begun, title, recorder);
        config.transport_config(traced_transport(self.bounds, stream));
        Handshake { traced: Some(Arc::new(config)), ..handshake }
    }

    /// Takes nothing new and closes what is open.
    pub fn close(&self, code: u32, reason: &str) {
        self.quic.close(VarInt::from_u32(code), reason.as_bytes());
    }

    /// Waits until the peers have learnt of the close.
    pub async fn wait_idle(&self) {
        self.quic.wait_idle().await;
    }
}

/// A peer that began to connect.
pub struct Handshake {
    incoming: quinn::Incoming,
    /// What a traced session is accepted with.
    traced: Option<Arc<quinn::ServerConfig>>,
    _permit: OwnedSemaphorePermit,
}

impl Handshake {
    /// The peer's address, which is personal data: not for logs.
    pub fn remote_address(&self) -> SocketAddr {
        self.incoming.remote_address()
    }

    /// Turns the peer away without an answer that costs much.
    pub fn refuse(self) {
        self.incoming.refuse();
    }

    /// Completes the handshake, whichever of the two it is.
    ///
    /// # Errors
    /// [`HandshakeError`], within ten seconds.
    pub async fn complete(self, door: &impl Door) -> Result<Accepted, HandshakeError> {
        tokio::time::timeout(HANDSHAKE_MAX, self.run(door))
            .await
            .map_err(|_| HandshakeError::TooSlow)?
    }

    async fn run(self, door: &impl Door) -> Result<Accepted, HandshakeError> {
        let failed = |error: quinn::ConnectionError| {
            HandshakeError::Failed(TransportError::from(error).to_string())
        };
        let connecting = match self.traced {
            Some(config) => self.incoming.accept_with(config),
            None => self.incoming.accept(),
        };
        let mut connecting = connecting.map_err(failed)?;
        let handshake = connecting.handshake_data().await.map_err(failed)?;
        let alpn = handshake.downcast::<HandshakeData>().ok().and_then(|data| data.protocol);
        if alpn.as_deref() == Some(PROTOCOL.as_bytes()) {
            return Ok(Accepted::Quic(QuicSession::new(connecting.await.map_err(failed)?)));
        }
        let request = IncomingSessionFuture::with_quic_connecting(connecting)
            .await
            .map_err(|error| HandshakeError::Failed(error.to_string()))?;
        accept_webtransport(request, door).await
    }
}

async fn accept_webtransport(
    request: SessionRequest,
    door: &impl Door,
) -> Result<Accepted, HandshakeError> {
    if !door.knows(request.path()) {
        request.not_found().await;
        return Err(HandshakeError::NotFound);
    }
    if !door.admits(request.origin()) {
        request.forbidden().await;
        return Err(HandshakeError::Forbidden);
    }
    // A browser that cannot send the list is taken as speaking our version.
    let offered = request.headers().get("wt-available-protocols").cloned();
    let is_offered = offered.as_deref().is_some_and(|list| offers(list, PROTOCOL));
    let reply = is_offered.then(|| ("wt-protocol", format!("\"{PROTOCOL}\"")));
    let connection = request
        .accept_with_headers(reply)
        .await
        .map_err(|error| HandshakeError::Failed(error.to_string()))?;
    let protocol = is_offered.then_some(PROTOCOL);
    Ok(Accepted::WebTransport(WebTransportSession::new(connection, protocol)))
}

/// Whether a structured-field list of strings (RFC 9651) has `protocol` in it.
fn offers(list: &str, protocol: &str) -> bool {
    list.split(',').any(|item| {
        let item = item.split(';').next().unwrap_or_default().trim();
        item.strip_prefix('"').and_then(|item| item.strip_suffix('"')) == Some(protocol)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_protocol_is_found_among_what_a_browser_offers() {
        assert!(offers(r#""moqt-22", "moqt-18""#, "moqt-18"));
        assert!(offers(r#""moqt-18";q=1"#, "moqt-18"));
        assert!(!offers(r#""moqt-180""#, "moqt-18"));
        assert!(!offers("moqt-18", "moqt-18"));
    }
}
