//! One client session over either transport: the same streams, another way in.

use bytes::Bytes;
use mosaik_transport::{
    Padding, QuicLane, QuicSession, RecvStream, SendStream, TransportError, WebTransportSession,
};
use web_transport_trait::Session;

/// The way a client takes to the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Path {
    /// Native QUIC, ALPN `moqt-18`.
    Quic,
    /// WebTransport over HTTP/3.
    WebTransport,
}

impl Path {
    /// Both ways.
    pub const BOTH: [Self; 2] = [Self::Quic, Self::WebTransport];

    /// For people and figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Quic => "QUIC",
            Self::WebTransport => "WebTransport",
        }
    }
}

/// A session's transport.
#[derive(Debug, Clone)]
pub enum Wire {
    /// Native QUIC.
    Quic(QuicSession),
    /// WebTransport.
    WebTransport(WebTransportSession),
}

macro_rules! each {
    ($wire:expr, $session:ident => $call:expr) => {
        match $wire {
            Wire::Quic($session) => $call,
            Wire::WebTransport($session) => $call,
        }
    };
}

impl Wire {
    /// The next unidirectional stream that the relay opened.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept_uni(&self) -> Result<RecvStream, TransportError> {
        each!(self, session => session.accept_uni().await)
    }

    /// The next bidirectional stream that the relay opened.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn accept_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        each!(self, session => session.accept_bi().await)
    }

    /// Opens a padding stream for `bytes`, if the relay allows one now.
    pub fn pad(&self, bytes: u64) -> Option<Padding<QuicLane>> {
        each!(self, session => Padding::open(session, bytes))
    }

    /// Opens a unidirectional stream.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn open_uni(&self) -> Result<SendStream, TransportError> {
        each!(self, session => session.open_uni().await)
    }

    /// Opens a bidirectional stream.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn open_bi(&self) -> Result<(SendStream, RecvStream), TransportError> {
        each!(self, session => session.open_bi().await)
    }

    /// Sends a datagram, if it fits.
    ///
    /// # Errors
    /// When it does not, or the session is over.
    pub fn send_datagram(&self, payload: Bytes) -> Result<(), TransportError> {
        each!(self, session => session.send_datagram(payload))
    }

    /// The next datagram.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn recv_datagram(&self) -> Result<Bytes, TransportError> {
        each!(self, session => session.recv_datagram().await)
    }

    /// Ends the session.
    pub fn close(&self, code: u32, reason: &str) {
        each!(self, session => session.close(code, reason));
    }

    /// Waits for the end of the session and tells why.
    pub async fn closed(&self) -> TransportError {
        each!(self, session => session.closed().await)
    }

    /// The QUIC connection below.
    pub fn connection(&self) -> &quinn::Connection {
        match self {
            Self::Quic(session) => session.connection(),
            Self::WebTransport(session) => session.connection(),
        }
    }
}
