//! One client session over any transport: the same streams, another way in.

use bytes::Bytes;
use mosaik_transport::{Padding, QuicLane, QuicSession, TransportError, WebTransportSession};
use web_transport_trait::Session;

use crate::socket::{RecvStream, SendStream, error};

/// The way a client takes to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Native QUIC, ALPN `moqt-18`.
    Quic,
    /// WebTransport over HTTP/3.
    WebTransport,
    /// A WebSocket over TLS, with QMux in it.
    WebSocket,
}

impl Path {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Quic, Self::WebTransport, Self::WebSocket];

    /// For people and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quic => "QUIC",
            Self::WebTransport => "WebTransport",
            Self::WebSocket => "WebSocket",
        }
    }
}

/// A session's transport.
#[derive(Clone)]
pub enum Wire {
    /// Native QUIC.
    Quic(QuicSession),
    /// WebTransport.
    WebTransport(WebTransportSession),
    /// A WebSocket.
    WebSocket(Box<qmux::Session>),
}

impl Wire {
    /// The next unidirectional stream that the relay opened.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept_uni(&self) -> Result<RecvStream, TransportError> {
        Ok(match self {
            Self::Quic(session) => RecvStream::Quic(session.accept_uni().await?),
            Self::WebTransport(session) => RecvStream::Quic(session.accept_uni().await?),
            Self::WebSocket(session) => {
                RecvStream::WebSocket(session.accept_uni().await.map_err(|fault| error(&fault))?)
            }
        })
    }

    /// The next bidirectional stream that the relay opened.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        Ok(match self {
            Self::Quic(session) => on_quic(session.accept_bi().await?),
            Self::WebTransport(session) => on_quic(session.accept_bi().await?),
            Self::WebSocket(session) => {
                on_socket(session.accept_bi().await.map_err(|fault| error(&fault))?)
            }
        })
    }

    /// Opens a padding stream for `bytes`, if the relay allows one now. The other implementation
    /// has none to open.
    pub fn pad(&self, bytes: u64) -> Option<Padding<QuicLane>> {
        match self {
            Self::Quic(session) => Padding::open(session, bytes),
            Self::WebTransport(session) => Padding::open(session, bytes),
            Self::WebSocket(_) => None,
        }
    }

    /// Opens a unidirectional stream.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn open_uni(&self) -> Result<SendStream, TransportError> {
        Ok(match self {
            Self::Quic(session) => SendStream::Quic(session.open_uni().await?),
            Self::WebTransport(session) => SendStream::Quic(session.open_uni().await?),
            Self::WebSocket(session) => {
                SendStream::WebSocket(session.open_uni().await.map_err(|fault| error(&fault))?)
            }
        })
    }

    /// Opens a bidirectional stream.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn open_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        Ok(match self {
            Self::Quic(session) => on_quic(session.open_bi().await?),
            Self::WebTransport(session) => on_quic(session.open_bi().await?),
            Self::WebSocket(session) => {
                on_socket(session.open_bi().await.map_err(|fault| error(&fault))?)
            }
        })
    }

    /// Sends a datagram, if it fits.
    ///
    /// # Errors
    /// When it does not, or the session is over.
    pub fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        match self {
            Self::Quic(session) => session.send_datagram(payload),
            Self::WebTransport(session) => session.send_datagram(payload),
            Self::WebSocket(session) => {
                session.send_datagram(payload).map_err(|fault| error(&fault))
            }
        }
    }

    /// The next datagram.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        match self {
            Self::Quic(session) => session.recv_datagram().await,
            Self::WebTransport(session) => session.recv_datagram().await,
            Self::WebSocket(session) => {
                session.recv_datagram().await.map_err(|fault| error(&fault))
            }
        }
    }

    /// Ends the session.
    pub fn close(&self, code: u32, reason: &str) {
        match self {
            Self::Quic(session) => session.close(code, reason),
            Self::WebTransport(session) => session.close(code, reason),
            Self::WebSocket(session) => session.close(code, reason),
        }
    }

    /// Waits for the end of the session and tells why.
    pub async fn closed(&self) -> TransportError {
        match self {
            Self::Quic(session) => session.closed().await,
            Self::WebTransport(session) => session.closed().await,
            Self::WebSocket(session) => error(&session.closed().await),
        }
    }

    /// The QUIC connection below, if there is one.
    pub fn connection(&self) -> Option<&quinn::Connection> {
        match self {
            Self::Quic(session) => Some(session.connection()),
            Self::WebTransport(session) => Some(session.connection()),
            Self::WebSocket(_) => None,
        }
    }
}

fn on_quic(
    (send, recv): (mosaik_transport::SendStream, mosaik_transport::RecvStream),
) -> (SendStream, RecvStream) {
    (SendStream::Quic(send), RecvStream::Quic(recv))
}

fn on_socket((send, recv): (qmux::SendStream, qmux::RecvStream)) -> (SendStream, RecvStream) {
    (SendStream::WebSocket(send), RecvStream::WebSocket(recv))
}
