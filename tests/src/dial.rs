//! Connecting to a relay whose certificate is known by its hash, as browsers do it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, ensure};
use mosaik_proto::moqt::PROTOCOL;
use mosaik_transport::{QuicSession, SUBPROTOCOL, WebTransportSession, udp_socket};
use quinn::crypto::rustls::QuicClientConfig;
use quinn::{TransportConfig, VarInt};
use rustls::SupportedCipherSuite;
use rustls::crypto::aws_lc_rs::{self, cipher_suite};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::SEC_WEBSOCKET_PROTOCOL;
use wtransport::tls::Sha256Digest;
use wtransport::tls::client::ServerHashVerification;

use crate::wait::within;
use crate::wire::{Path, Wire};

/// In the order of browsers on processors that have AES; a server takes the first that it can.
const CIPHERS_OF_BROWSERS: [SupportedCipherSuite; 3] = [
    cipher_suite::TLS13_AES_128_GCM_SHA256,
    cipher_suite::TLS13_AES_256_GCM_SHA384,
    cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
];

/// How long a silent session is kept by these clients.
const IDLE: Duration = Duration::from_secs(30);

/// Where a relay is and how its certificate is known.
///
/// All sessions of a dialer share a socket for each transport: a socket costs megabytes of receive
/// buffers, which would hide what sessions cost.
pub struct Dialer {
    address: SocketAddr,
    hashes: Vec<[u8; 32]>,
    receive_window: Option<u32>,
    requests_max: Option<u32>,
    subprotocol: &'static str,
    quic: OnceLock<quinn::Endpoint>,
    webtransport: OnceLock<wtransport::Endpoint<wtransport::endpoint::endpoint_side::Client>>,
}

impl Dialer {
    /// For the relay at `address` that has a certificate with one of these SHA-256 hashes.
    pub const fn new(address: SocketAddr, hashes: Vec<[u8; 32]>) -> Self {
        Self {
            address,
            hashes,
            receive_window: None,
            requests_max: None,
            subprotocol: SUBPROTOCOL,
            quic: OnceLock::new(),
            webtransport: OnceLock::new(),
        }
    }

    /// Where the relay is.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same on sockets of its own, for another runtime.
    #[must_use]
    pub fn apart(&self) -> Self {
        let Self { receive_window, requests_max, subprotocol, .. } = *self;
        let fresh = Self::new(self.address, self.hashes.clone());
        Self { receive_window, requests_max, subprotocol, ..fresh }
    }

    /// The same on sockets of its own, for sessions that take at most `bytes` before they are read.
    #[must_use]
    pub fn with_receive_window(&self, bytes: u32) -> Self {
        Self { receive_window: Some(bytes), ..self.apart() }
    }

    /// The same on sockets of its own, for sessions in which the relay may have `count` requests
    /// open at a time.
    #[must_use]
    pub fn with_requests_max(&self, count: u32) -> Self {
        Self { requests_max: Some(count), ..self.apart() }
    }

    /// The same on sockets of its own, for WebSockets that speak another version of QMux.
    #[must_use]
    pub fn with_subprotocol(&self, subprotocol: &'static str) -> Self {
        Self { subprotocol, ..self.apart() }
    }

    /// A session.
    ///
    /// # Errors
    /// When the handshake fails or takes too long.
    pub async fn dial(&self, path: Path) -> anyhow::Result<Wire> {
        match path {
            Path::Quic => self.dial_quic().await,
            Path::WebTransport => self.dial_webtransport().await,
            Path::WebSocket => within("the handshake", Box::pin(self.dial_websocket())).await?,
        }
    }

    async fn dial_quic(&self) -> anyhow::Result<Wire> {
        if self.quic.get().is_none() {
            let (config, runtime) =
                (quinn::EndpointConfig::default(), Arc::new(quinn::TokioRuntime));
            let socket = udp_socket((Ipv4Addr::LOCALHOST, 0).into())?;
            let mut endpoint = quinn::Endpoint::new(config, None, socket, runtime)?;
            endpoint.set_default_client_config(self.config(PROTOCOL)?);
            // Another dial may have been faster, which is as good.
            let _ = self.quic.set(endpoint);
        }
        let endpoint = self.quic.get().context("no socket")?;
        let connecting = endpoint.connect(self.address, "localhost")?;
        let connection = within("the handshake", connecting).await??;
        Ok(Wire::Quic(QuicSession::new(connection)))
    }

    async fn dial_webtransport(&self) -> anyhow::Result<Wire> {
        if self.webtransport.get().is_none() {
            let config = wtransport::ClientConfig::builder()
                .with_bind_socket(udp_socket((Ipv4Addr::LOCALHOST, 0).into())?)
                .build_with_quic_config(self.config("h3")?);
            let _ = self.webtransport.set(wtransport::Endpoint::client(config)?);
        }
        let endpoint = self.webtransport.get().context("no socket")?;
        let url = format!("https://{}/moqt", self.address);
        let options = wtransport::endpoint::ConnectOptions::builder(url)
            .add_header("wt-available-protocols", format!("\"{PROTOCOL}\""))
            .build();
        let connection = within("the handshake", endpoint.connect(options)).await??;
        Ok(Wire::WebTransport(WebTransportSession::new(connection, Some(PROTOCOL))))
    }

    async fn dial_websocket(&self) -> anyhow::Result<Wire> {
        let socket = self.open_websocket().await?;
        let mut config = qmux::Config::default();
        if let Some(bytes) = self.receive_window.map(u64::from) {
            // The session's is larger: it gives nothing back for what a reset dropped.
            config.max_data = 256 * bytes;
            config.max_stream_data_uni = bytes;
        }
        if let Some(count) = self.requests_max.map(u64::from) {
            config.max_streams_bidi = count;
        }
        let upgraded = qmux::ws::Upgraded::new(socket).with_alpn(self.subprotocol);
        Ok(Wire::WebSocket(Box::new(upgraded.with_session_config(config).connect())))
    }

    /// A WebSocket on which both sides agreed to speak QMux, and nobody does yet.
    ///
    /// # Errors
    /// When a handshake fails, or the relay chose another subprotocol.
    pub async fn open_websocket(&self) -> anyhow::Result<WebSocketStream<TlsStream<TcpStream>>> {
        let stream = self.open_tls().await?;
        let mut request = format!("wss://{}/moqt", self.address).into_client_request()?;
        let protocol = HeaderValue::from_static(self.subprotocol);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, protocol.clone());
        let (socket, answer) = tokio_tungstenite::client_async(request, stream).await?;
        let chosen = answer.headers().get(SEC_WEBSOCKET_PROTOCOL);
        ensure!(chosen == Some(&protocol), "the relay chose {chosen:?}");
        Ok(socket)
    }

    async fn open_tls(&self) -> anyhow::Result<TlsStream<TcpStream>> {
        let tcp = TcpStream::connect(self.address).await?;
        tcp.set_nodelay(true)?;
        let tls = TlsConnector::from(Arc::new(self.tls("http/1.1")?));
        Ok(tls.connect(ServerName::try_from("localhost")?, tcp).await?)
    }

    /// What native QUIC is dialled with, for tests that look at the handshake itself.
    ///
    /// # Errors
    /// When TLS has not what QUIC needs.
    pub fn quic_config(&self) -> anyhow::Result<quinn::ClientConfig> {
        self.config(PROTOCOL)
    }

    /// Its TLS settings.
    ///
    /// # Errors
    /// When TLS 1.3 is not to be had.
    pub fn quic_tls(&self) -> anyhow::Result<rustls::ClientConfig> {
        self.tls(PROTOCOL)
    }

    fn tls(&self, alpn: &str) -> anyhow::Result<rustls::ClientConfig> {
        let hashes = self.hashes.iter().map(|hash| Sha256Digest::new(*hash));
        let mut provider = aws_lc_rs::default_provider();
        provider.cipher_suites = CIPHERS_OF_BROWSERS.to_vec();
        let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(ServerHashVerification::new(hashes)))
            .with_no_client_auth();
        tls.alpn_protocols = vec![alpn.as_bytes().to_vec()];
        Ok(tls)
    }

    fn config(&self, alpn: &str) -> anyhow::Result<quinn::ClientConfig> {
        let tls = self.tls(alpn)?;
        let crypto = QuicClientConfig::try_from(tls).context("TLS without QUIC's cipher")?;
        let mut config = quinn::ClientConfig::new(Arc::new(crypto));
        config.transport_config(match (self.receive_window, self.requests_max) {
            (None, None) => mosaik_transport::transport(IDLE),
            (window, requests) => {
                let mut transport = TransportConfig::default();
                if let Some(bytes) = window {
                    transport.stream_receive_window(VarInt::from_u32(bytes));
                    transport.receive_window(VarInt::from_u32(bytes));
                }
                if let Some(count) = requests {
                    transport.max_concurrent_bidi_streams(VarInt::from_u32(count));
                }
                Arc::new(transport)
            }
        });
        Ok(config)
    }
}
